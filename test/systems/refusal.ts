import { DatabaseError, type Session } from "../../compiler/session/session.ts";

/** What PostgreSQL says to a statement that it must refuse. */
export async function refusal(session: Session, sql: string): Promise<DatabaseError> {
  const error = await session.run(sql).then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DatabaseError)) throw new Error(`not refused by PostgreSQL: ${sql}`, { cause: error });
  return error;
}

/** Runs each statement, which breaks the constraint it stands under. @returns those that another one stopped, or none */
export async function holding(session: Session, broken: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [constraint, sql] of Object.entries(broken)) {
    const { fields } = await refusal(session, sql);
    if (fields.constraint !== constraint) wrong.push(`${constraint}: ${fields.constraint ?? fields.code}`);
  }
  return wrong;
}

export async function countRows(session: Session, from: string): Promise<number> {
  const [row] = await session.query<{ n: number }>(`select count(*)::int as n from ${from}`);
  return row?.n ?? -1;
}

/** Rows in each table. */
export async function sizesOf(session: Session, tables: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const sizes: Record<string, number> = {};
  for (const table of tables) sizes[table] = await countRows(session, table);
  return sizes;
}
