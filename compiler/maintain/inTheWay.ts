import type { Session } from "../session/session.ts";

const WHO = "format('backend %s%s', a.pid, coalesce(' (' || nullif(a.application_name, '') || ')', ''))";
const SINCE = "to_char(a.xact_start, 'HH24:MI:SS TZ')";

/** Who has a table locked against VACUUM, ANALYZE and REINDEX CONCURRENTLY; null for nobody, or for autovacuum, which yields. */
export function whoHasLocked(session: Session, table: number): Promise<string | null> {
  return first(
    session,
    `select format('%s has it locked, open since %s', ${WHO}, ${SINCE}) as text
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where l.relation = $1 and l.granted and l.pid <> pg_backend_pid() and a.backend_type <> 'autovacuum worker'
      and l.database = (select oid from pg_database where datname = current_database())
      and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    order by a.xact_start limit 1`,
    table,
  );
}

/** A transaction so old that whoever waits for all of them might wait for long. */
export function longTransaction(session: Session, longMs: number): Promise<string | null> {
  return first(
    session,
    `select format('%s has a long transaction, which it would wait for, open since %s', ${WHO}, ${SINCE}) as text
    from pg_stat_activity a
    where datname = current_database() and backend_xmin is not null and pid <> pg_backend_pid()
      and backend_type = 'client backend' and xact_start < clock_timestamp() - $1 * interval '1 millisecond'
    order by xact_start limit 1`,
    longMs,
  );
}

async function first(session: Session, query: string, parameter: number): Promise<string | null> {
  const [row] = await session.query<{ text: string }>(query, [parameter]);
  return row?.text ?? null;
}
