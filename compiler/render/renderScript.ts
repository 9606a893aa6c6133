import { createHash } from "node:crypto";

/** What a script is rendered from: a plan's steps, or steps read back from a script. */
export interface RenderedStep {
  readonly transactional: boolean;
  readonly statements: readonly { readonly sql: string }[];
}

export interface ScriptHeading {
  /** First line of the header comment. */
  readonly title: string;
  /** Further lines of it. */
  readonly header?: readonly string[];
}

/** Where a step begins. The token is in the header too, so that a function's body cannot pass for a marker. */
export const STEP_MARKER = /^-- step (\d+) of (\d+) \[([0-9a-f]{8})\]: (in one transaction|outside a transaction)$/;
export const TOKEN_LINE = /^-- \d+ steps?, marked \[([0-9a-f]{8})\]$/;

/**
 * A complete psql script: each step in a transaction of its own, or alone where PostgreSQL wants that. The same steps give
 * the same text; no steps give an empty text.
 */
export function renderScript(steps: readonly RenderedStep[], { title, header = [] }: ScriptHeading): string {
  if (steps.length === 0) return "";
  const token = tokenFor(steps);
  const lines = [
    ...[title, ...header].flatMap(commentLines),
    `-- ${steps.length} ${steps.length === 1 ? "step" : "steps"}, marked [${token}]`,
    "",
    // One transaction undoes itself whoever runs it; several must not go on after one that failed. Left out where it is not
    // needed, because only psql understands it.
    ...(steps.length > 1 ? ["\\set ON_ERROR_STOP on"] : []),
    "SET check_function_bodies = off;",
  ];
  for (const [i, { transactional, statements }] of steps.entries()) {
    const how = transactional ? "in one transaction" : "outside a transaction";
    lines.push("", `-- step ${i + 1} of ${steps.length} [${token}]: ${how}`);
    const texts = statements.map(({ sql }) => terminated(sql));
    lines.push((transactional ? ["BEGIN;", ...texts, "COMMIT;"] : texts).join("\n\n"));
  }
  return `${lines.join("\n")}\n`;
}

/** A statement with its closing semicolon, which must not end up inside a comment. */
function terminated(sql: string): string {
  const text = sql.trimEnd();
  const lastLine = text.slice(text.lastIndexOf("\n") + 1);
  return lastLine.includes("--") ? `${text}\n;` : `${text};`;
}

function tokenFor(steps: readonly RenderedStep[]): string {
  const text = steps.map((step) => step.statements.map(({ sql }) => sql).join("\n")).join("\n");
  for (let salt = 0; ; salt++) {
    const token = createHash("sha256").update(`${salt}\n${text}`).digest("hex").slice(0, 8);
    if (!text.includes(`[${token}]`)) return token;
  }
}

function commentLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => `-- ${line}`.trimEnd());
}
