import { Diagnostic } from "../diagnostic.ts";
import { STEP_MARKER, TOKEN_LINE } from "../render/renderScript.ts";
import { type ScriptStatement, ScriptUnreadable, splitStatements } from "./splitStatements.ts";

/** A step as it stands in a script: what the applier runs. */
export interface ScriptStep {
  readonly transactional: boolean;
  readonly statements: readonly ScriptStatement[];
}

/**
 * The steps of a script that `renderScript` wrote, edits by hand inside its steps included. BEGIN and COMMIT are not among
 * a step's statements.
 * @throws Diagnostic `migration-unreadable` at the line that cannot be read back
 */
export function parseScript(text: string, file: string): readonly ScriptStep[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  if (lines.every((line) => line.trim() === "")) return [];
  const unreadable = (what: string, line: number): Diagnostic =>
    new Diagnostic({
      code: "migration-unreadable",
      what: `${file} cannot be read back as steps: ${what}`,
      at: { file, line, column: 1 },
      next: "mend that line, or take the file from version control, or plan the migration again",
    });

  const token = lines.map((line) => TOKEN_LINE.exec(line)?.[1]).find((found) => found !== undefined);
  if (token === undefined) throw unreadable("its header has no line such as `-- 2 steps, marked [0123abcd]`", 1);
  const markers = lines.flatMap((line, i) => {
    const [, number, total, mark, how] = STEP_MARKER.exec(line) ?? [];
    if (mark !== token) return [];
    return [{ line: i + 1, number: Number(number), total: Number(total), transactional: how === "in one transaction" }];
  });
  const firstMarker = markers[0]?.line ?? lines.length + 1;
  const stray = lines.slice(0, firstMarker - 1).findIndex((line) => !HEADER_LINE.test(line));
  if (stray >= 0) throw unreadable("a statement stands before the first step", stray + 1);
  if (markers.length === 0) throw unreadable(`no line marks a step with [${token}]`, 1);

  return markers.map((marker, i) => {
    if (marker.number !== i + 1 || marker.total !== markers.length) {
      throw unreadable(
        `step ${i + 1} of ${markers.length} is marked as ${marker.number} of ${marker.total}`,
        marker.line,
      );
    }
    const end = (markers[i + 1]?.line ?? lines.length + 1) - 1;
    const statements = statementsAt(lines.slice(marker.line, end).join("\n"), marker.line + 1, unreadable);
    if (!marker.transactional) return { transactional: false, statements };
    const [first, last] = [statements[0], statements.at(-1)];
    if (!isCommand(first, /^begin$/i))
      throw unreadable("the step does not begin with BEGIN;", first?.line ?? marker.line);
    if (!isCommand(last, /^commit$/i))
      throw unreadable("the step does not end with COMMIT;", last?.line ?? marker.line);
    const inner = statements.slice(1, -1);
    const boundary = inner.find(({ sql }) => TRANSACTION_COMMAND.test(sql));
    if (boundary !== undefined) throw unreadable("the step's transaction must not end inside it", boundary.line);
    return { transactional: true, statements: inner };
  });
}

/** What the applier does by itself, so that it need not send the header. */
const HEADER_LINE = /^\s*(--.*|\\set ON_ERROR_STOP on|SET check_function_bodies = off;)?\s*$/;

const TRANSACTION_COMMAND = /^(begin|commit|end|abort|start\s+transaction|prepare\s+transaction|rollback(?!\s+to))\b/i;

function statementsAt(
  text: string,
  line: number,
  unreadable: (what: string, line: number) => Diagnostic,
): readonly ScriptStatement[] {
  try {
    return splitStatements(text, line);
  } catch (error) {
    if (error instanceof ScriptUnreadable) throw unreadable(error.message, error.line);
    throw error;
  }
}

const isCommand = (statement: ScriptStatement | undefined, pattern: RegExp): boolean =>
  statement !== undefined && pattern.test(statement.sql.trim());
