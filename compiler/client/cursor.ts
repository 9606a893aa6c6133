/** A cursor that is none, or belongs to another list: it comes from outside, and is no fault of the program. */
export class CursorError extends Error {
  override readonly name = "CursorError";
}

const VERSION = 1;

/** The place of a row in a list: opaque text that can be part of a URL. */
export function writeCursor(list: string, row: Readonly<Record<string, unknown>>, order: readonly string[]): string {
  const values = order.map((column) => (row[column] === null ? null : String(row[column])));
  return Buffer.from(JSON.stringify([VERSION, list, ...values])).toString("base64url");
}

/** Values of the ordered columns at a place. @throws CursorError */
export function readCursor(list: string, cursor: string, order: readonly string[]): readonly (string | null)[] {
  const [version, of, ...values] = parts(cursor);
  if (version !== VERSION || of !== list || values.length !== order.length) {
    throw new CursorError("this cursor belongs to another list, or to another release");
  }
  if (!values.every((value) => value === null || typeof value === "string")) throw new CursorError("no cursor");
  return values;
}

function parts(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(parsed)) return parsed;
  } catch {}
  throw new CursorError("no cursor");
}
