import { indexId } from "../../kinds/indexes.ts";
import { notOfExtension, userSchema } from "../../kinds/kind.ts";
import { bytesOf } from "../../maintain/relations.ts";
import { quotePath } from "../../quote.ts";
import { defineCheck, EFFECTS, unseenStatistics } from "../check.ts";
import { INDEX_PAGES } from "../indexPages.ts";
import { daysOf } from "../thresholds.ts";

const TAKE_OUT = "take it out of the `indexes` there, then `verso plan`";

interface DuplicateRow {
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  readonly otherSchema: string;
  readonly other: string;
  readonly isSame: boolean;
  /** The other one could go as well. */
  readonly isEitherFree: boolean;
  readonly isPartitioned: boolean;
  readonly sizeBytes: number;
  readonly scans: number;
}

/** Of two alike the younger one, unless it is a constraint's; an index that another one begins with, unless it is unique. */
export const duplicateIndex = defineCheck<DuplicateRow>({
  name: "duplicate-index",
  looksFor: "duplicate indexes",
  query: () => `
    with own as (
      select i.*, c.relname, c.relam, c.relnamespace, m.amname,
        string_to_array(i.indkey::text, ' ') as keys, string_to_array(i.indclass::text, ' ') as classes,
        string_to_array(i.indcollation::text, ' ') as collations, string_to_array(i.indoption::text, ' ') as options,
        coalesce(pg_get_expr(i.indexprs, i.indrelid), '') as expressions,
        coalesce(pg_get_expr(i.indpred, i.indrelid), '') as predicate,
        coalesce(to_jsonb(i) ->> 'indnullsnotdistinct', '') as nulls,
        exists (select from pg_constraint k where k.conindid = i.indexrelid) as "hasConstraint"
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am m on m.oid = c.relam
      join pg_namespace n on n.oid = c.relnamespace
      where i.indisvalid and not c.relispartition and ${userSchema("n.nspname")}
        and ${notOfExtension("pg_class", "i.indrelid")}
    ), pairs as (
      select distinct on (a.indexrelid) a.*, b.indexrelid as other, b.relname as "otherName",
        not (b."hasConstraint" or b.indisreplident or b.indisclustered or b.indisunique <> a.indisunique) as "isEitherFree",
        a.keys = b.keys and a.indnkeyatts = b.indnkeyatts and a.relam = b.relam as "isSame"
      from own a join own b on b.indrelid = a.indrelid and b.indexrelid <> a.indexrelid
        and b.relam = a.relam and b.predicate = a.predicate
      where not a."hasConstraint" and not a.indisreplident and not a.indisclustered
        and case
          when a.keys = b.keys and a.indnkeyatts = b.indnkeyatts then
            a.classes = b.classes and a.collations = b.collations and a.options = b.options
            and a.expressions = b.expressions and (not a.indisunique or b.indisunique and b.indimmediate and a.nulls = b.nulls)
            and (b."hasConstraint" or b.indisunique and not a.indisunique or b.indisreplident or b.indisclustered
              or b.indexrelid < a.indexrelid)
          else a.amname = 'btree' and not a.indisunique and a.expressions = '' and a.indnatts = a.indnkeyatts
            and b.indnkeyatts > a.indnkeyatts and b.keys[1:a.indnkeyatts] = a.keys
            and b.classes[1:a.indnkeyatts] = a.classes and b.collations[1:a.indnkeyatts] = a.collations
            and b.options[1:a.indnkeyatts] = a.options
        end
      order by a.indexrelid, a.keys = b.keys desc, b.indexrelid
    )
    select n.nspname as schema, p.relname as name, p.indrelid::regclass::text as table, n.nspname as "otherSchema",
      p."otherName" as other, p."isSame", p."isSame" and p."isEitherFree" as "isEitherFree", c.relkind = 'I' as "isPartitioned",
      ${bytesOf("pg_relation_size", "c")} as "sizeBytes",
      coalesce(s.idx_scan, 0)::float8 as scans
    from pairs p join pg_namespace n on n.oid = p.relnamespace join pg_class c on c.oid = p.indexrelid
    left join pg_stat_user_indexes s on s.indexrelid = p.indexrelid
    order by 1, 2`,
  judge: ({ table, isSame, isEitherFree, isPartitioned, sizeBytes, scans, ...row }, { declared }) => {
    const [own, other] = [indexId(row.schema, row.name), indexId(row.otherSchema, row.other)];
    // Of two alike the one goes that nobody declared.
    const isOtherToGo = isEitherFree && declared.has(own) && !declared.has(other);
    const names = [quotePath(row.schema, row.name), quotePath(row.otherSchema, row.other)];
    const [name = "", kept] = isOtherToGo ? names.toReversed() : names;
    return {
      severity: isSame ? "warning" : "info",
      object: name,
      title: isSame ? `${name} on ${table} is the same as ${kept}` : `${name} on ${table} is the beginning of ${kept}`,
      why: isSame
        ? "every write keeps both, and no query is faster for it"
        : "the longer one serves the same look-ups; two cost more to write, and are worth it only where the short one is much smaller",
      evidence: { sizeBytes, scans },
      remedies: [
        isPartitioned
          ? { sql: `DROP INDEX ${name}`, effect: EFFECTS.brief }
          : { sql: `DROP INDEX CONCURRENTLY ${name}`, effect: EFFECTS.concurrent },
      ],
      mend: { at: [isOtherToGo ? other : own], how: TAKE_OUT },
    };
  },
});

interface UnusedRow {
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  readonly sizeBytes: number;
  readonly writes: number;
}

/** Not of constraints, nor unique, nor what keeps deletes of another table from reading this one. */
export const unusedIndex = defineCheck<UnusedRow>({
  name: "unused-index",
  looksFor: "indexes that no query uses",
  gap: ({ statisticsSeconds, thresholds }) =>
    daysOf(statisticsSeconds) >= thresholds.unusedAfterDays
      ? null
      : {
          why: `statistics reach back ${daysOf(statisticsSeconds).toFixed(1)} days; what was not used in less than ${thresholds.unusedAfterDays} may be tomorrow`,
          next: "run it again later",
        },
  query: () => `
    select n.nspname as schema, c.relname as name, s.relid::regclass::text as table,
      ${bytesOf("pg_relation_size", "c")} as "sizeBytes",
      (t.n_tup_ins + t.n_tup_upd - t.n_tup_hot_upd + t.n_tup_del)::float8 as writes
    from pg_stat_user_indexes s join pg_index i on i.indexrelid = s.indexrelid join pg_class c on c.oid = i.indexrelid
    join pg_namespace n on n.oid = c.relnamespace join pg_stat_user_tables t on t.relid = s.relid
    where s.idx_scan = 0 and i.indisvalid and not i.indisunique and not i.indisreplident and not c.relispartition
      and not exists (select from pg_constraint k where k.conindid = c.oid)
      and not exists (select from pg_constraint k where k.contype = 'f' and k.conrelid = i.indrelid
        and (select array_agg(u order by u) from unnest((string_to_array(i.indkey::text, ' '))[1:cardinality(k.conkey)]) u)
          = (select array_agg(u::text order by u::text) from unnest(k.conkey) u))
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "s.relid")}
    order by "sizeBytes" desc, 1, 2`,
  judge: ({ schema, name, table, ...evidence }, { thresholds, statisticsSeconds, isReplica }) => ({
    severity: evidence.sizeBytes < thresholds.unusedIndexBytes ? "info" : "warning",
    object: quotePath(schema, name),
    title: `no query has used ${quotePath(schema, name)} on ${table} since statistics begin`,
    why: `every write keeps it; an index made since then has had less time, and ${
      isReplica ? "the primary counts its own scans" : "replicas count their own scans"
    }`,
    evidence: { ...evidence, statisticsSeconds },
    remedies: [{ sql: `DROP INDEX CONCURRENTLY ${quotePath(schema, name)}`, effect: EFFECTS.concurrent }],
    mend: { at: [indexId(schema, name)], how: TAKE_OUT },
  }),
});

interface InvalidRow {
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  readonly isUnique: boolean;
  readonly isWritten: boolean;
  readonly sizeBytes: number;
}

/** Not one that is being built now. */
export const invalidIndex = defineCheck<InvalidRow>({
  name: "invalid-index",
  looksFor: "invalid indexes",
  query: () => `
    select n.nspname as schema, c.relname as name, i.indrelid::regclass::text as table, i.indisunique as "isUnique",
      i.indisready as "isWritten", ${bytesOf("pg_relation_size", "c")} as "sizeBytes"
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'i' and not (i.indisvalid and i.indisready) and n.nspname not in ('verso', 'information_schema')
      and not exists (select from pg_stat_progress_create_index p where p.index_relid = c.oid)
    order by 1, 2`,
  judge: ({ schema, name, table, isUnique, isWritten, sizeBytes }) => {
    const index = quotePath(schema, name);
    const isCopy = /_cc(?:new|old)\d*$/.test(name);
    return {
      severity: isUnique && !isCopy ? "error" : "warning",
      object: index,
      title: isCopy
        ? `${index} on ${table} was left by a REINDEX CONCURRENTLY that did not end`
        : `${index} on ${table} is invalid: building it did not end`,
      why: [
        "no query uses it",
        ...(isWritten ? ["every write keeps it all the same"] : []),
        ...(isUnique && !isCopy ? ["rows that it is to keep apart may be there twice"] : []),
        ...(isCopy ? [] : ["CREATE INDEX IF NOT EXISTS takes it for done"]),
      ].join("; "),
      evidence: { sizeBytes },
      remedies: isCopy
        ? [{ sql: `DROP INDEX CONCURRENTLY ${index}`, effect: EFFECTS.concurrent }]
        : [{ sql: `REINDEX INDEX CONCURRENTLY ${index}`, effect: EFFECTS.concurrent }],
    };
  },
});

interface BloatRow {
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  readonly sizeBytes: number;
  readonly emptyBytes: number;
  readonly emptyRatio: number;
  readonly estimatedFrom: string | null;
}

export const bloatedIndex = defineCheck<BloatRow>({
  name: "bloated-index",
  looksFor: "bloated indexes",
  query: ({ thresholds }) => `
    select n.nspname as schema, c.relname as name, i.indrelid::regclass::text as table,
      (c.relpages * b.block)::float8 as "sizeBytes", ((c.relpages - p.pages) * b.block)::float8 as "emptyBytes",
      ((c.relpages - p.pages) / c.relpages)::float8 as "emptyRatio",
      date_trunc('second', greatest(s.last_analyze, s.last_autoanalyze))::text as "estimatedFrom"
    from (${INDEX_PAGES}) p join pg_index i on i.indexrelid = p.indexrelid
    join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    cross join (select current_setting('block_size')::float8 as block) b
    left join pg_stat_user_tables s on s.relid = i.indrelid
    where c.relpages > 0 and (c.relpages - p.pages) * b.block >= ${thresholds.bloatBytes}
      and (c.relpages - p.pages) / c.relpages >= ${thresholds.bloatRatio}
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "i.indrelid")}
    order by "emptyBytes" desc`,
  judge: ({ schema, name, table, ...evidence }, { extensions }) => {
    const index = quotePath(schema, name);
    const measuring = extensions.get("pgstattuple");
    return {
      severity: "warning",
      object: index,
      title: `about ${Math.round(evidence.emptyRatio * 100)} % of ${index} on ${table} holds nothing (an estimate)`,
      why: "what holds nothing is read into memory, and kept by backups, all the same",
      evidence,
      remedies: [
        ...(measuring === undefined
          ? []
          : [
              {
                sql: `SELECT * FROM ${quotePath(measuring.schema, "pgstatindex")}('${index}')`,
                effect: "reads all of the index",
              },
            ]),
        { sql: `REINDEX INDEX CONCURRENTLY ${index}`, effect: EFFECTS.concurrent },
      ],
    };
  },
  unseen: (_rows, around) => unseenStatistics(around),
});
