import type { FactId } from "../facts.ts";
import type { PlannedStatement } from "../plan/steps.ts";
import type { Session } from "../session/session.ts";
import type { Observer } from "./runSteps.ts";

/** What one statement did on the shadow, as PostgreSQL's own views told it inside the transaction. */
export interface Observation {
  readonly id: FactId;
  readonly sql: string;
  /** Strongest lock mode on each relation that existed before the plan, as pg_locks names it. */
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  /** Relations whose file was written anew. */
  readonly rewrites: readonly string[];
  /** Relations that were read from end to end. */
  readonly scans: readonly string[];
}

interface Measure {
  readonly locks: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, string>;
  readonly reads: ReadonlyMap<string, number>;
}

const MEASURE = `
  select 'lock' as what, c.oid::regclass::text as relation, l.mode as value
  from pg_locks l join pg_class c on c.oid = l.relation join pg_namespace n on n.oid = c.relnamespace
  where l.pid = pg_backend_pid() and l.granted and c.oid >= 16384 and n.nspname !~ '^pg_'
    and l.mode not in ('AccessShareLock', 'RowShareLock')
  union all
  select 'file', c.oid::regclass::text, c.relfilenode::text
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'm') and c.oid >= 16384 and n.nspname !~ '^pg_'
  union all
  select 'read', s.relid::regclass::text, s.seq_tup_read::text from pg_stat_xact_user_tables s where s.seq_tup_read > 0`;

/**
 * Measures each transactional statement by what changed in pg_locks, pg_class.relfilenode and pg_stat_xact_user_tables
 * around it. Relations that the plan itself created are left out: nobody waits for them.
 */
export function observeStatements(): Observer<PlannedStatement> & {
  readonly observations: () => readonly Observation[];
} {
  const observations: Observation[] = [];
  let known: ReadonlySet<string> | null = null;
  let last: Measure | null = null;
  return {
    observations: () => observations,
    // Anew for each transaction: PostgreSQL goes on counting reads from one to the next until it has flushed them.
    begun: async (session) => {
      last = await measure(session);
      known ??= new Set(last.files.keys());
    },
    after: async (session, { id, sql }) => {
      // Nobody can be waiting in a database that held nothing.
      if (known?.size === 0) return;
      const previous = last;
      const now = await measure(session);
      last = now;
      if (previous === null) return;
      const isKnown = (relation: string) => known?.has(relation) === true;
      observations.push({
        id,
        sql,
        locks: [...now.locks]
          .filter((lock) => !previous.locks.has(lock))
          .map((lock) => JSON.parse(lock) as { relation: string; mode: string })
          .filter(({ relation }) => isKnown(relation)),
        rewrites: [...now.files]
          .filter(([relation, file]) => isKnown(relation) && previous.files.get(relation) !== file)
          .map(([relation]) => relation),
        scans: [...now.reads]
          .filter(([relation, count]) => isKnown(relation) && count > (previous.reads.get(relation) ?? 0))
          .map(([relation]) => relation),
      });
    },
  };
}

async function measure(session: Session): Promise<Measure> {
  const rows = await session.query<{ what: string; relation: string; value: string }>(MEASURE);
  const locks = new Set<string>();
  const files = new Map<string, string>();
  const reads = new Map<string, number>();
  for (const { what, relation, value } of rows) {
    if (what === "lock") locks.add(JSON.stringify({ relation, mode: value }));
    else if (what === "file") files.set(relation, value);
    else reads.set(relation, Number(value));
  }
  return { locks, files, reads };
}
