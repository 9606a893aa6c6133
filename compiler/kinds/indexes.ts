import { quoteName, quotePath } from "../quote.ts";
import { defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";

/** An index that is not a constraint's. @see PostgreSQL manual, "pg_index" */
export type Index = {
  readonly schema: string;
  readonly name: string;
  readonly table: string;
  readonly relation: "table" | "materialized view";
  readonly isUnique: boolean;
  /** What follows CREATE [UNIQUE] INDEX name ON in pg_get_indexdef: `ONLY public.t USING btree (a) WHERE …`. */
  readonly on: string;
  readonly tablespace: string | null;
  readonly isValid: boolean;
  readonly isReplicaIdentity: boolean;
  readonly isClusteredOn: boolean;
  /** Statistics targets of its expression columns, by number. */
  readonly statistics: Readonly<Record<string, number>>;
};

export const indexId = (schema: string, name: string) => factId("index", quotePath(schema, name));

const named = (a: Index): string => quotePath(a.schema, a.name);
const alterIndex = (a: Index, action: string): Statement => statement(`ALTER INDEX ${named(a)} ${action}`);
const alterTable = (a: Index, action: string): Statement =>
  statement(`ALTER TABLE ${quotePath(a.schema, a.table)} ${action}`);

const marks = (a: Index): readonly Statement[] => [
  ...(a.isReplicaIdentity ? [alterTable(a, `REPLICA IDENTITY USING INDEX ${quoteName(a.name)}`)] : []),
  ...(a.isClusteredOn ? [alterTable(a, `CLUSTER ON ${quoteName(a.name)}`)] : []),
];

const statistics = (a: Index): readonly Statement[] =>
  Object.entries(a.statistics).map(([column, target]) =>
    alterIndex(a, `ALTER COLUMN ${column} SET STATISTICS ${target}`),
  );

export const indexes = defineKind<Index>({
  kind: "index",
  script: "indexes",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as name, t.relname as table,
      case t.relkind when 'm' then 'materialized view' else 'table' end as relation,
      i.indisunique as "isUnique",
      substr(pg_get_indexdef(c.oid), length(
        format('CREATE %sINDEX %I ON ', case when i.indisunique then 'UNIQUE ' else '' end, c.relname)) + 1) as on,
      (select ts.spcname from pg_tablespace ts where ts.oid = c.reltablespace) as tablespace,
      i.indisvalid as "isValid", i.indisreplident as "isReplicaIdentity", i.indisclustered as "isClusteredOn",
      coalesce((select jsonb_object_agg(a.attnum::text, a.attstattarget) from pg_attribute a
        where a.attrelid = c.oid and a.attstattarget >= 0), '{}') as statistics
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
    where t.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and not c.relispartition
      and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
      and ${notOfExtension("pg_class", "t.oid")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => named(a),
  parent: (a) => factId(a.relation, quotePath(a.schema, a.table)),
  designate: (a) => `INDEX ${named(a)}`,
  create: ({ attributes: a }) => [
    statement(
      `CREATE ${a.isUnique ? "UNIQUE " : ""}INDEX ${quoteName(a.name)} ON ${a.on}${
        a.tablespace === null ? "" : ` TABLESPACE ${quoteName(a.tablespace)}`
      }`,
    ),
  ],
  complete: ({ attributes: a }) => [...marks(a), ...statistics(a)],
  drop: ({ attributes: a }) => [statement(`DROP INDEX ${named(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    table: "replace",
    relation: "replace",
    isUnique: "replace",
    on: "replace",
    tablespace: ({ to: { attributes: a } }) => [
      alterIndex(a, `SET TABLESPACE ${quoteName(a.tablespace ?? "pg_default")}`),
    ],
    // An invalid index is the carcass of a failed CREATE INDEX CONCURRENTLY; building it again is the only repair.
    isValid: "replace",
    isReplicaIdentity: ({ to }) => marks(to.attributes),
    isClusteredOn: ({ to: { attributes: a } }) => (a.isClusteredOn ? marks(a) : [alterTable(a, "SET WITHOUT CLUSTER")]),
    statistics: ({ to: { attributes: a } }) => statistics(a),
  },
  rename: (from, to) => [statement(`ALTER INDEX ${named(from)} RENAME TO ${quoteName(to.name)}`)],
  renamesFreely: true,
});
