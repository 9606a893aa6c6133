import { quotePath } from "../../quote.ts";
import { type Around, defineCheck, EFFECTS, needsServer } from "../check.ts";
import type { Gap } from "../finding.ts";

/** Whether the server counts queries, and this role may read what it counts. */
export function needsCountedQueries(around: Around): Gap | null {
  const { version } = around.extensions.get("pg_stat_statements") ?? {};
  // What it was called by the version of PostgreSQL 12, which an upgrade of the server leaves as it was.
  if (version !== undefined && /^1\.[0-7]$/.test(version)) {
    return {
      why: `pg_stat_statements is still ${version}, from before the server was upgraded`,
      next: "ALTER EXTENSION pg_stat_statements UPDATE",
    };
  }
  if (version !== undefined) return null;
  return (
    needsServer("pg_stat_statements")(around) ?? {
      why: "the extension pg_stat_statements is not installed, so nobody counts queries",
      next: "put pg_stat_statements into shared_preload_libraries, restart the server, and CREATE EXTENSION pg_stat_statements",
    }
  );
}

/** Statements of this database, without what is not planned: its query text, null where it is hidden. */
export const countedQueries = ({ extensions }: Around): string => `
  select s.queryid::text as "queryId", s.userid, case when s.query <> '<insufficient privilege>' then s.query end as query,
    s.calls::float8 as calls, s.mean_exec_time as "meanMs", s.total_exec_time as "totalMs", s.rows::float8 as rows,
    s.total_exec_time / nullif(sum(s.total_exec_time) over (), 0) as "shareRatio",
    s.shared_blks_hit / nullif((s.shared_blks_hit + s.shared_blks_read)::float8, 0) as "cacheHitRatio"
  from ${quotePath(extensions.get("pg_stat_statements")?.schema ?? "", "pg_stat_statements")} s
  where s.dbid = (select oid from pg_database where datname = current_database()) and coalesce((to_jsonb(s) ->> 'toplevel')::bool, true)
    and s.query !~* '^\\s*(begin|commit|rollback|savepoint|release|set|reset|show|vacuum|analyze|create|alter|drop|copy|explain|declare|fetch|close|prepare|execute|deallocate|refresh|reindex|truncate|lock|grant|revoke|comment|listen|notify|do|call|discard)\\M'`;

/** Not of those who look at catalogs, as this does. */
export const OF_SERVICES = "query is not null and query !~ 'pg_catalog|pg_stat_|pg_class|verso\\.'";

export interface CountedQuery {
  readonly queryId: string;
  readonly userid: number;
  readonly query: string | null;
  readonly calls: number;
  readonly meanMs: number;
  readonly totalMs: number;
  readonly rows: number;
  readonly shareRatio: number | null;
  readonly cacheHitRatio: number | null;
}

export const slowQuery = defineCheck<CountedQuery>({
  name: "slow-query",
  looksFor: "slow queries",
  gap: needsCountedQueries,
  query: (around) => `select * from (${countedQueries(around)}) q
    where calls >= ${around.thresholds.slowQueryCalls} and ${OF_SERVICES}
      and ("meanMs" >= ${around.thresholds.slowQueryMs} or "shareRatio" >= ${around.thresholds.hotQueryRatio} and "totalMs" >= 1000)
    order by "totalMs" desc limit 20`,
  judge: ({ queryId, query, userid: _, ...evidence }, { version, thresholds }) => ({
    severity: evidence.meanMs >= thresholds.slowQueryMs ? "warning" : "info",
    object: `query ${queryId}`,
    title: `${headlineOf(query ?? "")} takes ${evidence.meanMs.toFixed(evidence.meanMs < 10 ? 1 : 0)} ms, ${Math.round(evidence.calls).toLocaleString("en")} times so far`,
    why: "`verso doctor --explain` tells whether an index would make it faster",
    evidence,
    remedies: explaining(query ?? "", version).map((sql) => ({ sql, effect: EFFECTS.none })),
  }),
  unseen: (_rows, around) =>
    around.seesActivity
      ? null
      : { why: `${around.role} does not see other roles' queries`, next: `GRANT pg_read_all_stats TO ${around.role}` },
});

/** A plan for whatever its parameters are. */
function explaining(query: string, version: number): readonly string[] {
  if (version >= 160_000) return [`EXPLAIN (GENERIC_PLAN, VERBOSE) ${query}`];
  const count = Math.max(0, ...[...query.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const nulls = Array.from({ length: count }, () => "null").join(", ");
  return [
    "SET plan_cache_mode = force_generic_plan",
    `PREPARE slow AS ${query}`,
    `EXPLAIN (VERBOSE) EXECUTE slow${nulls === "" ? "" : `(${nulls})`}`,
  ];
}

/** A query in few words. */
function headlineOf(query: string): string {
  const line = query.replace(/\s+/g, " ").trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

interface CacheRow {
  readonly hitRatio: number;
  readonly blocksRead: number;
  readonly sharedBuffers: string;
  /** Tables that were read most from outside of the cache. */
  readonly readMost: string | null;
}

export const lowCacheHitRate = defineCheck<CacheRow>({
  name: "low-cache-hit-rate",
  looksFor: "a cache that is too small",
  query: ({ thresholds }) => `
    select blks_hit / (blks_hit + blks_read)::float8 as "hitRatio", blks_read::float8 as "blocksRead",
      current_setting('shared_buffers') as "sharedBuffers",
      (select string_agg(name, ', ') from (
        select format('%I.%I', schemaname, relname) as name from pg_statio_user_tables
        where heap_blks_read > 0 order by heap_blks_read + coalesce(idx_blks_read, 0) desc, 1 limit 3) t) as "readMost"
    from pg_stat_database
    where datname = current_database() and blks_hit + blks_read >= ${thresholds.cacheBlocks}
      and blks_hit < (blks_hit + blks_read) * ${thresholds.cacheHitRatio}`,
  judge: (evidence, { statisticsSeconds }) => ({
    severity: "info",
    object: "cache",
    title: `${(evidence.hitRatio * 100).toFixed(1)} % of the blocks that were asked for were in the server's cache`,
    why: "the rest came from the operating system or the disk; that is slow where it is the disk, and a scan that an index would save shows here too",
    evidence: { ...evidence, statisticsSeconds },
    remedies: [
      {
        sql: "ALTER SYSTEM SET shared_buffers = '…'",
        effect: "a quarter of the machine's memory is a usual beginning; it holds from the next restart on",
      },
    ],
  }),
});
