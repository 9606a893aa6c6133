import { Diagnostic } from "./diagnostic.ts";
import { DatabaseError } from "./session/session.ts";

// Privileges, what the server is at, resources, locks, limits that an operator set.
const NOT_OUR_DEFECT = /^(?:42501|25006|53|55|57|58)/;

/**
 * Whatever was thrown, in words. What no stage has put into some is trouble with a file, or a defect, which the stack helps
 * to find.
 */
export function explain(error: unknown): Diagnostic {
  if (error instanceof Diagnostic) return error;
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof Error && "syscall" in error && "path" in error) {
    return new Diagnostic({
      code: "file-system",
      what: message,
      next: "check the path, and who may read and write it",
    });
  }
  if (error instanceof DatabaseError && NOT_OUR_DEFECT.test(error.code)) {
    const { detail, hint } = error.fields;
    return new Diagnostic({
      code: "database-refused",
      what: `PostgreSQL refuses: ${message}`,
      why: `SQLSTATE ${error.code}${detail === undefined ? "" : `; ${detail}`}`,
      next: hint ?? "see what the role may do, and the server's log; then run the command again",
    });
  }
  return new Diagnostic({
    code: "unexpected",
    what: message,
    why: stack?.slice(stack.indexOf("\n") + 1).trim(),
    next: "this is a defect of Verso: please report it with these lines and what you were doing",
  });
}
