import { columnId } from "../../kinds/columns.ts";
import { constraintId } from "../../kinds/constraints.ts";
import { notOfExtension, userSchema } from "../../kinds/kind.ts";
import { tableId } from "../../kinds/tables.ts";
import { bytesOf } from "../../maintain/relations.ts";
import { quoteName, quotePath } from "../../quote.ts";
import { defineCheck, EFFECTS } from "../check.ts";

interface KeyRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly rowEstimate: number;
  readonly sizeBytes: number;
  readonly deletedFromTarget: number;
  readonly isPartitioned: boolean;
}

/** A partial index serves too where all that it leaves out is null. */
export const foreignKeyWithoutIndex = defineCheck<KeyRow>({
  name: "foreign-key-without-index",
  looksFor: "foreign keys without an index",
  query: () => `
    with keys as materialized (
      select k.oid, k.conrelid, k.confrelid, k.conname, k.conkey,
        array(select a.attname from unnest(k.conkey) with ordinality u(num, n)
          join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.n) as columns,
        array(select u::text from unnest(k.conkey) u order by 1) as sorted
      from pg_constraint k where k.contype = 'f' and k.conparentid = 0
    ), served as materialized (
      select k.oid from keys k join pg_index i on i.indrelid = k.conrelid
      join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam
      where i.indisvalid and i.indnkeyatts >= cardinality(k.conkey) and m.amname in ('btree', 'hash')
        and array(select u from unnest((string_to_array(i.indkey::text, ' '))[1:cardinality(k.conkey)]) u order by 1) = k.sorted
        and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = any (
          select format('(%I IS NOT NULL)', c) from unnest(k.columns) c))
    )
    select n.nspname as schema, t.relname as table, k.conname as name, k.columns, k.confrelid::regclass::text as target,
      greatest(t.reltuples, 0)::float8 as "rowEstimate", ${bytesOf("pg_table_size", "t", "t.reltoastrelid")} as "sizeBytes",
      coalesce(s.n_tup_del, 0)::float8 as "deletedFromTarget", t.relkind = 'p' as "isPartitioned"
    from keys k join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
    left join pg_stat_user_tables s on s.relid = k.confrelid
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")} and k.oid not in (select oid from served)
    order by "sizeBytes" desc, 1, 2, 3`,
  judge: ({ schema, table, name, columns, target, isPartitioned, ...evidence }, { thresholds, hints, declared }) => {
    const list = columns.map(quoteName).join(", ");
    const key = constraintId(schema, table, name);
    const reason = hints.get(key)?.unindexed;
    return {
      severity: reason !== undefined || evidence.rowEstimate < thresholds.smallTableRows ? "info" : "warning",
      object: quotePath(schema, table, name),
      title: `${quotePath(schema, table)} (${list}) refers to ${target}, and no index begins with it`,
      why: `each row that is deleted from ${target}, or changes its key, reads all of ${quotePath(schema, table)}; so do joins${
        reason === undefined ? "" : `. The definition says why: ${reason}`
      }`,
      evidence,
      remedies: [
        isPartitioned
          ? { sql: `CREATE INDEX ON ${quotePath(schema, table)} (${list})`, effect: EFFECTS.blocksWrites }
          : { sql: `CREATE INDEX CONCURRENTLY ON ${quotePath(schema, table)} (${list})`, effect: EFFECTS.concurrent },
      ],
      mend: { at: [key, tableId(schema, table)], how: mendingOf(table, columns, reason, declared.has(key)) },
    };
  },
});

/** A foreign key that is declared has an index without being told. */
function mendingOf(table: string, columns: readonly string[], reason: string | undefined, isDeclared: boolean): string {
  if (reason !== undefined) return "take `index: { none: … }` out, where the reason no longer holds";
  if (isDeclared) return "nothing: its index is declared with it, and `verso plan` brings it";
  return `add { on: [${columns.map((one) => JSON.stringify(one)).join(", ")}] } to the \`indexes\` of ${table}`;
}

interface MismatchRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly column: string;
  readonly type: string;
  readonly target: string;
  readonly targetType: string;
  /** It cannot hold all that it is to refer to. */
  readonly isNarrower: boolean;
}

export const referenceOfOtherType = defineCheck<MismatchRow>({
  name: "reference-of-other-type",
  looksFor: "columns that differ in type from what they reference",
  query: () => `
    select n.nspname as schema, t.relname as table, k.conname as name, a.attname as column,
      format_type(a.atttypid, a.atttypmod) as type, format('%s.%I', k.confrelid::regclass, b.attname) as target,
      format_type(b.atttypid, b.atttypmod) as "targetType",
      a.atttypid in ('int2'::regtype, 'int4'::regtype) and b.atttypid in ('int4'::regtype, 'int8'::regtype)
        and ta.typlen < tb.typlen as "isNarrower"
    from pg_constraint k
    cross join unnest(k.conkey, k.confkey) u(own, other)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.own
    join pg_attribute b on b.attrelid = k.confrelid and b.attnum = u.other
    join pg_type ta on ta.oid = a.atttypid join pg_type tb on tb.oid = b.atttypid
    join pg_class t on t.oid = k.conrelid join pg_namespace n on n.oid = t.relnamespace
    where k.contype = 'f' and k.conparentid = 0 and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
      and (a.atttypid, a.atttypmod, a.attcollation) <> (b.atttypid, b.atttypmod, b.attcollation)
    order by 1, 2, 3, 4`,
  judge: ({ schema, table, column, type, target, targetType, isNarrower }) => ({
    severity: isNarrower ? "warning" : "info",
    object: quotePath(schema, table, column),
    title: `${quotePath(schema, table, column)} is ${type}, and ${target}, which it references, is ${targetType}`,
    why: isNarrower
      ? "keys above its range cannot be referred to: such rows are refused"
      : "comparisons convert one of the two, and what one can hold the other may refuse",
    evidence: { type, targetType },
    remedies: [
      {
        sql: `ALTER TABLE ${quotePath(schema, table)} ALTER COLUMN ${quoteName(column)} TYPE ${targetType}`,
        effect: EFFECTS.rewrites,
      },
    ],
    mend: {
      at: [columnId(schema, table, column), tableId(schema, table)],
      how: `declare it \`references(() => …)\`, which takes the type of its target, or ${targetType}`,
    },
  }),
});
