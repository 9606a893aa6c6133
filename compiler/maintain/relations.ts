import type { Session } from "../session/session.ts";

/** A table, partitioned table or materialized view, with what PostgreSQL counts of it. */
export interface Relation {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  /** `public.users`, quoted as it must be. */
  readonly path: string;
  /** Paths of the tables that it is a partition of, at any depth. */
  readonly ancestors: readonly string[];
  /** It holds no rows itself. */
  readonly isPartitioned: boolean;
  /** With TOAST, without indexes. */
  readonly bytes: number;
  /** Estimate of the planner; -1 where it was never analysed. */
  readonly rowEstimate: number;
  readonly liveRows: number;
  readonly deadRows: number;
  /** Since it was last analysed. */
  readonly changedRows: number;
  /** Since it was last vacuumed. */
  readonly insertedRows: number;
  readonly age: number;
  /** From how many rows on autovacuum would come, for dead, inserted and changed ones. */
  readonly vacuumAt: number;
  readonly insertVacuumAt: number;
  readonly analyzeAt: number;
  /** From which age on a VACUUM freezes the whole table. */
  readonly freezeAt: number;
  /** How often it was vacuumed and analysed on request. */
  readonly vacuums: number;
  readonly analyses: number;
  readonly isAnalyzed: boolean;
  readonly mayVacuum: boolean;
  /** Rebuild its indexes, refresh it. */
  readonly mayChange: boolean;
}

/** Sizes are asked without waiting for whoever has a table to himself; then it is what VACUUM found last. */
export const bytesOf = (size: string, relation: string, ...parts: readonly string[]): string => `
  (case when array[${[`${relation}.oid`, ...parts].join(", ")}] && array(select l.relation from pg_locks l
      where l.mode = 'AccessExclusiveLock' and l.pid <> pg_backend_pid() and l.relation is not null
        and l.database = (select d.oid from pg_database d where d.datname = current_database()))
    then ${relation}.relpages::float8 * current_setting('block_size')::float8 else ${size}(${relation}.oid)::float8 end)`;

/** Of user schemas, by oid; others' temporary tables are theirs. */
export async function readRelations(session: Session, oid?: number): Promise<ReadonlyMap<number, Relation>> {
  const mayMaintain =
    session.version >= 170_000
      ? "(pg_has_role(c.relowner, 'USAGE') or has_table_privilege(c.oid, 'MAINTAIN'))"
      : "pg_has_role(c.relowner, 'USAGE')";
  const setting = (name: string): string =>
    `coalesce((select option_value::float8 from pg_options_to_table(c.reloptions) where option_name = '${name}'),
      current_setting('${name}')::float8)`;
  const most = session.version >= 180_000 ? setting("autovacuum_vacuum_max_threshold") : "-1";
  const rows = await session.query<Relation>(
    `with relation as (
      select c.*, n.nspname, greatest(c.reltuples, 0)::float8 as estimate
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't'
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and c.oid = coalesce($1, c.oid)
    )
    select c.oid::int8::float8 as oid, c.nspname as schema, c.relname as name,
      format('%I.%I', c.nspname, c.relname) as path,
      array(select format('%I.%I', an.nspname, a.relname) from pg_partition_ancestors(c.oid) p
        join pg_class a on a.oid = p.relid join pg_namespace an on an.oid = a.relnamespace where a.oid <> c.oid) as ancestors,
      c.relkind = 'p' as "isPartitioned",
      case when c.relkind = 'p' then 0 else ${bytesOf("pg_table_size", "c", "c.reltoastrelid")} end as bytes,
      c.reltuples::float8 as "rowEstimate", coalesce(s.n_live_tup, 0)::float8 as "liveRows",
      coalesce(s.n_dead_tup, 0)::float8 as "deadRows", coalesce(s.n_mod_since_analyze, 0)::float8 as "changedRows",
      coalesce(s.n_ins_since_vacuum, 0)::float8 as "insertedRows",
      case when c.relkind = 'p' then 0 else age(c.relfrozenxid) end as age,
      case when ${most} >= 0 then least(${most}, ${setting("autovacuum_vacuum_threshold")}
          + ${setting("autovacuum_vacuum_scale_factor")} * c.estimate)
        else ${setting("autovacuum_vacuum_threshold")} + ${setting("autovacuum_vacuum_scale_factor")} * c.estimate
        end as "vacuumAt",
      ${setting("autovacuum_vacuum_insert_threshold")}
        + ${setting("autovacuum_vacuum_insert_scale_factor")} * c.estimate as "insertVacuumAt",
      ${setting("autovacuum_analyze_threshold")} + ${setting("autovacuum_analyze_scale_factor")} * c.estimate as "analyzeAt",
      current_setting('vacuum_freeze_table_age')::int as "freezeAt",
      coalesce(s.vacuum_count, 0)::float8 as vacuums, coalesce(s.analyze_count, 0)::float8 as analyses,
      c.reltuples >= 0 or coalesce(s.analyze_count + s.autoanalyze_count, 0) > 0 as "isAnalyzed",
      ${mayMaintain} or pg_has_role(d.datdba, 'USAGE') as "mayVacuum", ${mayMaintain} as "mayChange"
    from relation c join pg_database d on d.datname = current_database()
    left join pg_stat_all_tables s on s.relid = c.oid
    order by c.nspname, c.relname`,
    [oid ?? null],
  );
  return new Map(rows.map((row) => [row.oid, row]));
}

/**
 * A relation after a VACUUM or an ANALYZE, once it is counted, which takes PostgreSQL 14 half a second.
 * @returns undefined where it is gone
 */
export async function readCounted(
  session: Session,
  oid: number,
  isCounted: (relation: Relation) => boolean,
): Promise<Relation | undefined> {
  for (let left = session.version < 150_000 ? 20 : 0; ; left--) {
    const relation = (await readRelations(session, oid)).get(oid);
    if (relation === undefined || left === 0 || isCounted(relation)) return relation;
    await session.query("select pg_sleep(0.1)");
  }
}
