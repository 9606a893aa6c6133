import { Diagnostic } from "../diagnostic.ts";
import { userSchema } from "../kinds/kind.ts";
import { type Step, statementsOf } from "../plan/steps.ts";
import type { Session } from "../session/session.ts";
import { StatementRefused } from "./runSteps.ts";

/*
 * What forward destroys, rollback makes again without its rows and values; what it makes again may then refuse the rows that
 * are left. The script is right nevertheless, and can be proved on tables without rows.
 */

/** What a rollback was refused for where rows lack what forward destroyed of them; null where that is not why. */
export function refusalOverLostRows(error: unknown, forward: readonly Step[]): string | null {
  if (!(error instanceof Diagnostic) || !(error.cause instanceof StatementRefused)) return null;
  const { refusal, statement } = error.cause;
  const isDestroyed = statementsOf(forward).some(({ destroys }) => destroys !== undefined);
  // Class 23: rows that do not fulfil a constraint.
  if (!isDestroyed || !refusal.code.startsWith("23")) return null;
  const { detail } = refusal.fields;
  return `${statement.sql.replaceAll(/\s+/g, " ")}: ${refusal.message}${detail === undefined ? "" : ` (${detail})`}`;
}

/** For people. */
export const describeRefusalOverLostRows = (refusal: string): string =>
  `forward destroys what rows would need on the way back, so rollback was proved on empty tables; over rows like those it fails, and changes nothing, at ${refusal}`;

export async function emptyTables(session: Session): Promise<void> {
  await session.run(EMPTY);
}

const EMPTY = `
do $$
declare
  tables text := (
    select string_agg(c.oid::regclass::text, ', ') from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relpersistence <> 't' and ${userSchema("n.nspname")});
begin
  set local session_replication_role = replica;
  if tables is not null then
    execute 'truncate ' || tables || ' cascade';
  end if;
end $$`;
