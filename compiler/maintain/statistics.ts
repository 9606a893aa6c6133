import { quotePath } from "../quote.ts";
import type { Session } from "../session/session.ts";
import type { Job, Task } from "./task.ts";

interface Found {
  readonly database: string;
  readonly since: string | null;
  readonly mayReset: boolean;
  readonly extension: string | null;
}

/** What PostgreSQL counts of tables, indexes and statements, from nought again. */
export const statistics: Task = {
  does: "reset of PostgreSQL's counters of tables and statements",
  isOnRequest: true,
  find: async ({ session }) => {
    const [found] = await session.query<Found>(`
      select current_database() as database, s.stats_reset as since,
        has_function_privilege('pg_catalog.pg_stat_reset()', 'execute') as "mayReset",
        (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace
          where e.extname = 'pg_stat_statements') as extension
      from pg_stat_database s where s.datname = current_database()`);
    if (found === undefined) return [];
    const { since, extension } = found;
    const common = { relation: null, bytes: 0, need: 1, before: {} };
    const reason = since === null ? "counted since the beginning" : `counted since ${since}`;
    const tables: Job = {
      ...common,
      object: "tables and indexes",
      reason,
      obstacle: found.mayReset ? undefined : "EXECUTE on pg_stat_reset() is not granted",
      // Autovacuum decides by them: without an ANALYZE it would not know of a table until it changes again.
      sql: ["SELECT pg_stat_reset()", "ANALYZE (SKIP_LOCKED)"],
    };
    return extension === null
      ? [tables]
      : [
          tables,
          {
            ...common,
            object: "pg_stat_statements",
            reason: "statements of this database",
            sql: [
              `SELECT ${quotePath(extension, "pg_stat_statements_reset")}(0, oid, 0) FROM pg_database WHERE datname = current_database()`,
            ],
          },
        ];
  },
};

/** Has this session's counts shown to those who ask for them next. */
export async function flushStatistics({ version, query }: Pick<Session, "version" | "query">): Promise<void> {
  // Before PostgreSQL 15 they are sent at the end of a statement, at most twice a second.
  await query(version >= 150_000 ? "select pg_stat_force_next_flush()" : "select pg_sleep(0.6)");
}
