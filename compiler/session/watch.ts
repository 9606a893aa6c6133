import { setTimeout as sleep } from "node:timers/promises";
import type { Session } from "./session.ts";

/** How far a statement is, as the server sees it. */
export interface Stage {
  /** PostgreSQL's word for it: `scanning heap`, `building index: loading tuples in tree`. */
  readonly phase: string;
  /** In blocks, rows, indexes or transactions, as the phase goes; `total` is 0 where there is none. */
  readonly done: number;
  readonly total: number;
}

const POLL_MS = 250;

/**
 * Asks again and again how far the statement of another connection is.
 * @returns what ends it, once the last answer is there
 */
export function watch(watcher: Session, pid: number, onStage: (stage: Stage) => void): () => Promise<void> {
  const over = new AbortController();
  const ask = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const [stage] = await watcher.query<Stage>(STAGE, [pid]);
      if (stage !== undefined && !over.signal.aborted) onStage(stage);
      await sleep(POLL_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };
  // A connection that breaks leaves the work untold, not undone.
  const asking = ask().catch(() => undefined);
  return () => {
    over.abort();
    return asking;
  };
}

// PostgreSQL 17 began to count the indexes that VACUUM goes through.
const STAGE = `
  select phase, coalesce(done, 0)::float8 as done, coalesce(total, 0)::float8 as total
  from (
    select v.phase,
      case when v.phase = 'vacuuming heap' then v.heap_blks_vacuumed
        when v.phase ~ 'indexes' then (to_jsonb(v) ->> 'indexes_processed')::bigint else v.heap_blks_scanned end as done,
      case when v.phase ~ 'indexes' then (to_jsonb(v) ->> 'indexes_total')::bigint else v.heap_blks_total end as total
    from pg_stat_progress_vacuum v where v.pid = $1
    union all
    select i.phase || coalesce(' (backend ' || nullif(i.current_locker_pid, 0) || ')', ''),
      case when i.phase ~ '^waiting' then i.lockers_done when i.phase ~ 'tuples' then i.tuples_done else i.blocks_done end,
      case when i.phase ~ '^waiting' then i.lockers_total when i.phase ~ 'tuples' then i.tuples_total else i.blocks_total end
    from pg_stat_progress_create_index i where i.pid = $1
    union all
    select a.phase, a.sample_blks_scanned, a.sample_blks_total from pg_stat_progress_analyze a where a.pid = $1
  ) stage`;
