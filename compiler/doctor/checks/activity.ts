import { durationText } from "../../quantities.ts";
import { quoteText } from "../../quote.ts";
import { CONNECTION_LIMIT } from "../../service/vitals.ts";
import { defineCheck, EFFECTS, needsActivity } from "../check.ts";
import type { Remedy } from "../finding.ts";

/** What a session does is looked at before it is ended. */
const ending = (pid: number, isIdle: boolean): readonly Remedy[] => [
  { sql: `SELECT state, query FROM pg_stat_activity WHERE pid = ${pid}`, effect: EFFECTS.none },
  // A session that runs no statement has nothing to cancel.
  { sql: `SELECT ${isIdle ? "pg_terminate_backend" : "pg_cancel_backend"}(${pid})`, effect: EFFECTS.endsOther },
];

interface TransactionRow {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string;
  readonly state: string;
  readonly openSeconds: number;
  readonly idleSeconds: number | null;
}

export const longTransaction = defineCheck<TransactionRow>({
  name: "long-transaction",
  looksFor: "transactions that are open for long",
  gap: needsActivity,
  query: ({ thresholds }) => `
    select pid, usename as user, application_name as application, state,
      extract(epoch from clock_timestamp() - xact_start)::float8 as "openSeconds",
      case when state like 'idle in transaction%' then extract(epoch from clock_timestamp() - state_change)::float8 end as "idleSeconds"
    from pg_stat_activity
    where backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start is not null
      and (extract(epoch from clock_timestamp() - xact_start) >= ${thresholds.longTransactionSeconds}
        or state like 'idle in transaction%'
          and extract(epoch from clock_timestamp() - state_change) >= ${thresholds.idleInTransactionSeconds})
    order by xact_start`,
  judge: ({ pid, state, ...evidence }) => {
    const isIdle = state.startsWith("idle");
    return {
      severity: "warning",
      object: `backend ${pid}`,
      title: `${evidence.application === "" ? `backend ${pid}` : `${evidence.application} (backend ${pid})`} has a transaction open since ${duration(evidence.openSeconds)}${isIdle ? ", and does nothing" : ""}`,
      why: "VACUUM cannot remove what died since it began, CREATE INDEX CONCURRENTLY waits for it, and its locks are held",
      evidence: { state, ...evidence },
      remedies: ending(pid, isIdle),
    };
  },
});

interface BlockerRow {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string;
  readonly state: string | null;
  readonly waiting: readonly number[];
  readonly waitedSeconds: number;
  readonly waitsFor: string | null;
}

/** By who blocks and is not blocked itself: that is the one to look at. */
export const blockedSession = defineCheck<BlockerRow>({
  name: "blocked-session",
  looksFor: "sessions that wait for a lock",
  gap: needsActivity,
  query: ({ thresholds }) => `
    with recursive waiting as materialized (
      select a.pid, pg_blocking_pids(a.pid) as blockers, extract(epoch from clock_timestamp() - coalesce(
          (select min(l.waitstart) from pg_locks l where l.pid = a.pid and not l.granted), a.query_start))::float8 as seconds
      from pg_stat_activity a where a.wait_event_type = 'Lock'
    ), chain as (
      select w.pid as waiter, b as blocker from waiting w, unnest(w.blockers) b
      union
      select c.waiter, b from chain c join waiting w on w.pid = c.blocker, unnest(w.blockers) b
    )
    select c.blocker as pid, a.usename as user, coalesce(a.application_name, '') as application, a.state,
      array_agg(c.waiter order by w.seconds desc) as waiting, max(w.seconds) as "waitedSeconds",
      (select min(l.relation::regclass::text) from pg_locks l
        where l.pid = any (array_agg(c.waiter)) and not l.granted and l.database = (select oid from pg_database where datname = current_database()))
        as "waitsFor"
    from chain c join waiting w on w.pid = c.waiter left join pg_stat_activity a on a.pid = c.blocker
    where c.blocker not in (select pid from waiting)
    group by c.blocker, a.usename, a.application_name, a.state
    having max(w.seconds) >= ${thresholds.blockedWarningSeconds}
    order by max(w.seconds) desc`,
  judge: ({ pid, state, waiting, waitsFor, ...evidence }, { thresholds }) => ({
    severity: evidence.waitedSeconds >= thresholds.blockedErrorSeconds ? "error" : "warning",
    object: `backend ${pid}`,
    title: `${waiting.length === 1 ? "one session waits" : `${waiting.length} sessions wait`} for backend ${pid}${
      evidence.application === "" ? "" : ` (${evidence.application})`
    }${waitsFor === null ? "" : `, for ${waitsFor}`}, up to ${duration(evidence.waitedSeconds)}`,
    why: "they hold their own connections and locks meanwhile, so that others come to wait for them",
    evidence: { state, ...evidence, waiting: waiting.join(", "), waitsFor },
    remedies:
      // A prepared transaction has no backend, and is told by its own check.
      pid === 0 ? [] : ending(pid, state === null || state.startsWith("idle")),
  }),
});

interface PreparedRow {
  readonly gid: string;
  readonly owner: string;
  readonly database: string;
  readonly openSeconds: number;
  readonly isHere: boolean;
}

export const preparedTransaction = defineCheck<PreparedRow>({
  name: "prepared-transaction",
  looksFor: "prepared transactions that nobody ends",
  query: ({ thresholds }) => `
    select gid, owner, database, extract(epoch from clock_timestamp() - prepared)::float8 as "openSeconds",
      database = current_database() as "isHere"
    from pg_prepared_xacts where extract(epoch from clock_timestamp() - prepared) >= ${thresholds.preparedSeconds}
    order by prepared`,
  judge: ({ gid, isHere, ...evidence }) => ({
    severity: "warning",
    object: `transaction ${gid}`,
    title: `transaction ${gid} was prepared ${duration(evidence.openSeconds)} ago and is neither committed nor rolled back`,
    why: "it holds its locks and keeps VACUUM from removing anything, also after a restart",
    evidence,
    remedies: [`COMMIT PREPARED ${quoteText(gid)}`, `ROLLBACK PREPARED ${quoteText(gid)}`].map((sql) => ({
      sql,
      effect: `the one or the other, as its coordinator says${isHere ? "" : `; in database ${evidence.database}`}`,
    })),
  }),
});

interface ConnectionsRow {
  readonly connections: number;
  readonly limit: number;
  readonly idle: number | null;
  readonly usedRatio: number;
}

export const crowdedConnections = defineCheck<ConnectionsRow>({
  name: "crowded-connections",
  looksFor: "a server that runs out of connections",
  query: ({ thresholds }) => `
    with counted as (
      -- Parallel and autovacuum workers have places of their own; what kind a session is of, is hidden from other roles.
      select count(datid) filter (where backend_type is null or backend_type = 'client backend')::float8 as connections, count(*) filter (where state = 'idle')::float8 as idle,
        ${CONNECTION_LIMIT}::float8 as "limit"
      from pg_stat_activity
    )
    select *, connections / "limit" as "usedRatio" from counted
    where connections / "limit" >= ${thresholds.connectionsWarningRatio}`,
  judge: ({ usedRatio, ...evidence }, { thresholds, seesActivity }) => ({
    severity: usedRatio >= thresholds.connectionsErrorRatio ? "error" : "warning",
    object: "server",
    title: `${evidence.connections} of ${evidence.limit} connections are taken`,
    why: "the next ones are refused; a pooler such as PgBouncer serves many clients by few connections",
    evidence: { ...evidence, idle: seesActivity ? evidence.idle : null, usedRatio },
    remedies: [
      {
        sql: "SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3 ORDER BY 4 DESC",
        effect: EFFECTS.none,
      },
    ],
  }),
});

interface SlotRow {
  readonly slot: string;
  readonly type: string;
  readonly status: string | null;
  readonly keptBytes: number | null;
  readonly inactiveSince: string | null;
}

export const inactiveSlot = defineCheck<SlotRow>({
  name: "inactive-replication-slot",
  looksFor: "replication slots that nobody reads",
  query: () => `
    select slot_name as slot, slot_type as type, wal_status as status,
      pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end,
        restart_lsn)::float8 as "keptBytes",
      to_jsonb(s) ->> 'inactive_since' as "inactiveSince"
    from pg_replication_slots s
    -- Those that a standby copies from its primary, as it can from 17 on, nobody reads here; one without a place keeps nothing.
    where not active and not temporary and (restart_lsn is not null or wal_status = 'lost')
      and not coalesce((to_jsonb(s) ->> 'synced')::bool, false)
    order by 1`,
  judge: ({ slot, type, status, ...evidence }) => ({
    severity: status === "unreserved" || status === "lost" ? "error" : "warning",
    object: `slot ${slot}`,
    title: `nobody reads replication slot ${slot}`,
    why:
      status === "lost"
        ? "the log that it needs is gone: whoever reads it must begin anew"
        : "the server keeps all of its log for it until the disk is full, and a logical one keeps VACUUM from cleaning catalogs",
    evidence: { type, status, ...evidence },
    remedies: [
      {
        sql: `SELECT pg_drop_replication_slot(${quoteText(slot)})`,
        effect: "the replica or subscriber that it is for must then begin anew",
      },
    ],
  }),
});

const duration = (seconds: number): string => durationText(seconds * 1000);
