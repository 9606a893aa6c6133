import { styleText } from "node:util";
import { Diagnostic, formatPosition } from "../compiler/diagnostic.ts";
import { DatabaseError } from "../compiler/session/session.ts";

type Style = Parameters<typeof styleText>[0];

/** Text in a style where the stream shows colours (NO_COLOR, FORCE_COLOR and pipes are honoured), else plain. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** A result, on standard output. */
export function print(text = ""): void {
  process.stdout.write(`${text}\n`);
}

/** Talk about the work, on standard error. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** SQL as it is shown on a terminal: comments dimmed. */
export function paintSql(sql: string): string {
  return sql.replace(/^--.*$/gm, (comment) => paint("dim", comment));
}

export function reportFailure(error: unknown, isJson: boolean): void {
  const { code, what, at, why, next } = error instanceof Diagnostic ? error : explain(error);
  if (isJson) {
    printJson({ error: { code, what, at, why, next } });
    return;
  }
  const line = (label: string, text: string) => tell(`  ${paint("dim", label.padEnd(4), process.stderr)} ${text}`);
  tell(`${paint("red", `error[${code}]`, process.stderr)}: ${what}`);
  if (at !== undefined) line("at", formatPosition(at));
  if (why !== undefined) line("why", why);
  line("next", next);
}

// Privileges, what the server is at, resources, locks, limits that an operator set.
const NOT_OUR_DEFECT = /^(?:42501|25006|53|55|57|58)/;

/** What no stage has put into words: trouble with a file, or a defect, which the stack helps to find. */
function explain(error: unknown): Diagnostic {
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

/** A table with aligned columns, for results on a terminal. */
export function columnsOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
