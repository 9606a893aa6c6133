import { type CallOptions, type Database, execute, type Value } from "./statement.ts";
import type { DomainConstraints } from "./violations.ts";

/** The one row of a query that always has one. @throws NotOneRow */
export async function onlyRow<R>(
  db: Database,
  text: string,
  values: readonly Value[],
  options?: CallOptions,
  constraints?: DomainConstraints,
): Promise<R> {
  const rows = await execute<R>(db, text, values, options, constraints);
  const [row] = rows;
  if (rows.length !== 1 || row === undefined) throw new NotOneRow(text, rows.length);
  return row;
}

/** A query that is declared to give one row gave another number. */
export class NotOneRow extends Error {
  override readonly name = "NotOneRow";
  readonly rows: number;
  constructor(text: string, rows: number) {
    super(`expected one row, not ${rows}: ${text.trim().split("\n")[0]}`);
    this.rows = rows;
  }
}
