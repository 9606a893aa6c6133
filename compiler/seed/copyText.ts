import type { Value } from "../rows/judge.ts";

const PIECE = 256 * 1024;

/** Rows as COPY reads them, in pieces. @see PostgreSQL manual, "COPY", text format */
export function* copyText(rows: Iterable<readonly Value[]>): Generator<string> {
  let piece = "";
  for (const row of rows) {
    for (const [i, value] of row.entries()) piece += i === 0 ? field(value) : `\t${field(value)}`;
    piece += "\n";
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

const SPECIAL = /[\\\n\r\t]/g;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const field = (value: Value): string =>
  value === null ? "\\N" : value.replace(SPECIAL, (character) => ESCAPES[character] ?? character);
