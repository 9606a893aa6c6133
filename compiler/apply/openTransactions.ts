import type { Session } from "../session/session.ts";

/** The three oldest transactions, one of which may hold a lock that is wanted, to be put behind a message; empty for none. */
export async function openTransactions(session: Session): Promise<string> {
  const rows = await session.query<{ text: string }>(`
    select format('backend %s%s, %s, open since %s', pid, coalesce(' (' || nullif(application_name, '') || ')', ''),
      coalesce(state, 'state unknown'), xact_start) as text
    from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
    order by xact_start limit 3`);
  return rows.length === 0 ? "" : `; open transactions: ${rows.map(({ text }) => text).join("; ")}`;
}
