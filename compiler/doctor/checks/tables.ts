import { columnId } from "../../kinds/columns.ts";
import { notOfExtension, userSchema } from "../../kinds/kind.ts";
import { tableId } from "../../kinds/tables.ts";
import { bytesOf } from "../../maintain/relations.ts";
import { quoteName, quotePath } from "../../quote.ts";
import { defineCheck, EFFECTS, unseenStatistics } from "../check.ts";
import type { Remedy } from "../finding.ts";

interface KeylessRow {
  readonly schema: string;
  readonly table: string;
  readonly rowEstimate: number;
  readonly sizeBytes: number;
  /** A unique index that could be the key's. */
  readonly candidate: string | null;
  readonly candidateColumns: readonly string[];
  /** It has a column of the name that a key would be given. */
  readonly hasId: boolean;
  /** A publication of updates or deletes that it is in, without anything that tells its rows apart. */
  readonly publication: string | null;
}

export const tableWithoutPrimaryKey = defineCheck<KeylessRow>({
  name: "table-without-primary-key",
  looksFor: "tables without a primary key",
  query: () => `
    select n.nspname as schema, t.relname as table, greatest(t.reltuples, 0)::float8 as "rowEstimate",
      ${bytesOf("pg_table_size", "t", "t.reltoastrelid")} as "sizeBytes", u.relname as candidate, coalesce(u.columns, '{}') as "candidateColumns",
      exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'id') as "hasId",
      (select min(p.pubname) from pg_publication_tables pt join pg_publication p using (pubname)
        where pt.schemaname = n.nspname and pt.tablename = t.relname and (p.pubupdate or p.pubdelete)
          and t.relreplident in ('d', 'n')) as publication
    from pg_class t join pg_namespace n on n.oid = t.relnamespace
    left join lateral (
      select c.relname, array(select a.attname from unnest(string_to_array(i.indkey::text, ' ')) with ordinality k(num, o)
          join pg_attribute a on a.attrelid = t.oid and a.attnum = k.num::int order by k.o) as columns
      from pg_index i join pg_class c on c.oid = i.indexrelid
      where i.indrelid = t.oid and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null
        and i.indexprs is null and i.indnatts = i.indnkeyatts and 0 = all (i.indoption::int2[])
        and not coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::bool, false)
        and not exists (select from pg_constraint k where k.conindid = c.oid)
        and not exists (select from pg_attribute a where a.attrelid = t.oid and not a.attnotnull
          and a.attnum::text = any (string_to_array(i.indkey::text, ' ')))
      order by i.indnatts, c.relname limit 1) u on t.relkind = 'r'
    where t.relkind in ('r', 'p') and not t.relispartition and t.relpersistence <> 't'
      and not exists (select from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
    order by 1, 2`,
  judge: ({ schema, table, candidate, candidateColumns, hasId, publication, ...evidence }) => {
    const name = quotePath(schema, table);
    const asKey = candidateColumns.map((one) => JSON.stringify(one)).join(", ");
    return {
      severity: publication === null ? "warning" : "error",
      object: name,
      title: `${name} has no primary key`,
      why:
        publication === null
          ? "nothing tells two equal rows apart: one alone cannot be corrected or deleted, and logical replication cannot follow it"
          : `publication ${publication} has it, so that every UPDATE and DELETE of it fails: nothing tells its rows apart`,
      evidence,
      remedies: [keyOf(name, candidate, hasId)],
      mend: {
        at: [tableId(schema, table)],
        how: candidate === null ? "declare a column with `primaryKey: true`" : `declare \`primaryKey: [${asKey}]\``,
      },
    };
  },
});

function keyOf(table: string, candidate: string | null, hasId: boolean): Remedy {
  if (candidate !== null) {
    return { sql: `ALTER TABLE ${table} ADD PRIMARY KEY USING INDEX ${quoteName(candidate)}`, effect: EFFECTS.brief };
  }
  return hasId
    ? {
        sql: `ALTER TABLE ${table} ADD PRIMARY KEY (id)`,
        effect: "blocks reads and writes while it builds the index; refused where an id is null or there twice",
      }
    : {
        sql: `ALTER TABLE ${table} ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`,
        effect: EFFECTS.rewrites,
      };
}

interface UnloggedRow {
  readonly schema: string;
  readonly table: string;
  readonly rowEstimate: number;
  readonly sizeBytes: number;
}

export const unloggedTable = defineCheck<UnloggedRow>({
  name: "unlogged-table",
  looksFor: "unlogged tables",
  query: () => `
    select n.nspname as schema, t.relname as table, greatest(t.reltuples, 0)::float8 as "rowEstimate",
      ${bytesOf("pg_table_size", "t", "t.reltoastrelid")} as "sizeBytes"
    from pg_class t join pg_namespace n on n.oid = t.relnamespace
    where t.relkind in ('r', 'p') and t.relpersistence = 'u' and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_class", "t.oid")}
    order by 1, 2`,
  judge: ({ schema, table, ...evidence }, { declared }) => {
    const name = quotePath(schema, table);
    const isMeant = declared.get(tableId(schema, table))?.attributes.isUnlogged === true;
    return {
      severity: isMeant ? "info" : "warning",
      object: name,
      title: `${name} is unlogged${isMeant ? ", as it is declared" : ""}`,
      why: "a crash empties it, and replicas and backups of the log do not have its rows",
      evidence,
      remedies: [{ sql: `ALTER TABLE ${name} SET LOGGED`, effect: EFFECTS.rewrites }],
      mend: {
        at: [tableId(schema, table)],
        how: isMeant ? "take `unlogged: true` out" : "the declaration says it is logged",
      },
    };
  },
});

interface SequenceRow {
  readonly schema: string;
  readonly name: string;
  readonly lastValue: number;
  readonly limit: number;
  readonly isRising: boolean;
  readonly usedRatio: number;
  /** Of the column that it feeds. */
  readonly columnSchema: string | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly columnType: string | null;
  readonly sequenceType: string;
  /** Statements that widen what refers to the column. */
  readonly referring: readonly string[];
  readonly insertedRows: number | null;
  readonly isReadable: boolean;
}

/** A sequence ends at its own limit or at that of the column it feeds, whichever comes first. */
export const sequenceNearEnd = defineCheck<SequenceRow>({
  name: "sequence-near-end",
  looksFor: "sequences near their end",
  query: ({ thresholds }) => `
    with own as (
      select q.*, s.seqrelid, s.seqincrement > 0 as "isRising", d.refobjid, d.refobjsubid, a.atttypid,
        has_sequence_privilege(s.seqrelid, 'usage, select') as "isReadable",
        case when s.seqincrement < 0 then s.seqmin::float8 else least(s.seqmax::float8, case a.atttypid
          when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 end) end as "limit"
      from pg_sequences q
      join pg_namespace n on n.nspname = q.schemaname
      join pg_class c on c.relnamespace = n.oid and c.relname = q.sequencename
      join pg_sequence s on s.seqrelid = c.oid
      left join lateral (
        select d.refobjid, d.refobjsubid from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid
          and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and d.deptype in ('a', 'i')
        union
        select ad.adrelid, ad.adnum from pg_depend d join pg_attrdef ad on ad.oid = d.objid
          where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
        order by 1, 2 limit 1) d on true
      left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where not q.cycle and ${userSchema("q.schemaname")} and ${notOfExtension("pg_class", "c.oid")}
    )
    select o.schemaname as schema, o.sequencename as name, coalesce(o.last_value, 0)::float8 as "lastValue", o."limit", o."isRising",
      coalesce(o.last_value / nullif(o."limit", 0), 0)::float8 as "usedRatio", n.nspname as "columnSchema", t.relname as table,
      a.attname as column, format_type(a.atttypid, a.atttypmod) as "columnType", format_type(o.data_type, null) as "sequenceType",
      array(select format('ALTER TABLE %s ALTER COLUMN %I TYPE bigint', k.conrelid::regclass, f.attname)
        from pg_constraint k join pg_attribute f on f.attrelid = k.conrelid
          and f.attnum = k.conkey[array_position(k.confkey, o.refobjsubid::int2)]
        where k.contype = 'f' and k.confrelid = o.refobjid and f.atttypid <> 'int8'::regtype order by 1) as referring,
      s.n_tup_ins::float8 as "insertedRows", o."isReadable"
    from own o left join pg_class t on t.oid = o.refobjid left join pg_namespace n on n.oid = t.relnamespace
    left join pg_attribute a on a.attrelid = o.refobjid and a.attnum = o.refobjsubid
    left join pg_stat_user_tables s on s.relid = o.refobjid
    where not o."isReadable" or o.last_value / nullif(o."limit", 0) >= ${thresholds.exhaustionWarningRatio}
    order by "usedRatio" desc, 1, 2`,
  judge: (row, { thresholds, statisticsSeconds }) => {
    if (!row.isReadable) return null;
    const sequence = quotePath(row.schema, row.name);
    const { columnSchema, table, column, columnType, sequenceType, referring, lastValue, limit, isRising, usedRatio } =
      row;
    const perDay = (row.insertedRows ?? 0) / (statisticsSeconds / 86_400);
    const hasColumn = columnSchema !== null && table !== null && column !== null;
    const isNarrow = hasColumn && columnType !== "bigint";
    return {
      severity: usedRatio >= thresholds.exhaustionErrorRatio ? "error" : "warning",
      object: sequence,
      title: `${sequence} has given ${Math.floor(usedRatio * 100)} % of its numbers${hasColumn ? ` to ${quotePath(columnSchema, table, column)}` : ""}`,
      why: "after the last one every INSERT that takes a number fails",
      evidence: {
        lastValue,
        limit,
        usedRatio,
        daysLeftAtThisRate:
          perDay > 0 && statisticsSeconds >= 3600 ? Math.floor(Math.abs(limit - lastValue) / perDay) : null,
      },
      remedies: [
        ...(isNarrow
          ? [
              {
                sql: `ALTER TABLE ${quotePath(columnSchema, table)} ALTER COLUMN ${quoteName(column)} TYPE bigint`,
                effect: EFFECTS.rewrites,
              },
              ...referring.map((sql) => ({ sql, effect: EFFECTS.rewrites })),
            ]
          : []),
        sequenceType === "bigint"
          ? { sql: `ALTER SEQUENCE ${sequence} NO ${isRising ? "MAX" : "MIN"}VALUE`, effect: EFFECTS.goesOn }
          : { sql: `ALTER SEQUENCE ${sequence} AS bigint`, effect: EFFECTS.goesOn },
      ],
      ...(isNarrow
        ? {
            mend: {
              at: [columnId(columnSchema, table, column), tableId(columnSchema, table)],
              how: "declare it `bigint`",
            },
          }
        : {}),
    };
  },
  unseen: (rows, { role }) => {
    const hidden = rows.filter(({ isReadable }) => !isReadable).map(({ schema, name }) => quotePath(schema, name));
    return hidden.length === 0
      ? null
      : {
          why: `${role} may not read ${hidden.slice(0, 5).join(", ")}${hidden.length > 5 ? ` and ${hidden.length - 5} more` : ""}`,
          next: `GRANT pg_read_all_data TO ${role}`,
        };
  },
});

interface KeyRow {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly highest: number;
  readonly limit: number;
  readonly usedRatio: number;
}

/** Keys that no sequence feeds, by the highest value that ANALYZE met. */
export const keyNearEnd = defineCheck<KeyRow>({
  name: "integer-key-near-end",
  looksFor: "integer keys near their end",
  query: ({ thresholds }) => `
    with keys as (
      select s.schemaname, s.tablename, s.attname, a.atttypid, a.attrelid, a.attnum,
        (select max(v::float8) from unnest(coalesce(s.histogram_bounds::text::text[], '{}')
          || coalesce(s.most_common_vals::text::text[], '{}')) v) as highest,
        case a.atttypid when 'int2'::regtype then 32767 else 2147483647 end::float8 as "limit"
      from pg_constraint k
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
        and a.atttypid in ('int2'::regtype, 'int4'::regtype)
      join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
      join pg_stats s on s.schemaname = n.nspname and s.tablename = t.relname and s.attname = a.attname
      where k.contype = 'p' and a.attidentity = '' and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
        and not exists (select from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum
          and pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')
        and not exists (select from pg_constraint f where f.contype = 'f' and f.conrelid = k.conrelid and a.attnum = any (f.conkey))
    )
    select k.schemaname as schema, k.tablename as table, k.attname as column, format_type(k.atttypid, null) as type,
      max(k.highest) as highest, k."limit", max(k.highest) / k."limit" as "usedRatio"
    from keys k where k.highest / k."limit" >= ${thresholds.exhaustionWarningRatio}
    group by 1, 2, 3, 4, 6 order by 7 desc, 1, 2, 3`,
  judge: ({ schema, table, column, type, ...evidence }, { thresholds }) => ({
    severity: evidence.usedRatio >= thresholds.exhaustionErrorRatio ? "error" : "warning",
    object: quotePath(schema, table, column),
    title: `${quotePath(schema, table, column)} is ${type}, and ${Math.floor(evidence.usedRatio * 100)} % of what that holds is reached`,
    why: "a key above its range is refused",
    evidence,
    remedies: [
      {
        sql: `ALTER TABLE ${quotePath(schema, table)} ALTER COLUMN ${quoteName(column)} TYPE ${type === "smallint" ? "integer" : "bigint"}`,
        effect: EFFECTS.rewrites,
      },
    ],
    mend: {
      at: [columnId(schema, table, column), tableId(schema, table)],
      how: `declare it \`${type === "smallint" ? "integer" : "bigint"}\``,
    },
  }),
  unseen: (_rows, around) => unseenStatistics(around),
});
