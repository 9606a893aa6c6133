import { quoteName, quotePath } from "../quote.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";

/** A constraint of a table; those of domains live in domains.ts. @see PostgreSQL manual, "pg_constraint" */
export type Constraint = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly relation: "table" | "foreign table";
  readonly type: "primary key" | "unique" | "check" | "foreign key" | "exclusion";
  /** As pg_get_constraintdef prints it, without the attributes below. */
  readonly definition: string;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly isValidated: boolean;
  readonly isEnforced: boolean;
  /** Storage parameters and tablespace of the index behind it. */
  readonly indexOptions: readonly string[];
  readonly indexTablespace: string | null;
  /** The table's REPLICA IDENTITY USING INDEX and CLUSTER ON, where they name the index behind it. */
  readonly isReplicaIdentity: boolean;
  readonly isClusteredOn: boolean;
  /** It came with a parent table's constraint. */
  readonly isInherited: boolean;
};

export const constraintId = (schema: string, table: string, name: string) =>
  factId("constraint", quotePath(schema, table, name));

const table = (a: Constraint): string => quotePath(a.schema, a.table);

function timing(a: Constraint): string {
  if (!a.deferrable) return "";
  return a.initiallyDeferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

function withIndexOptions(a: Constraint): string {
  const options = a.indexOptions.length > 0 ? ` WITH (${a.indexOptions.join(", ")})` : "";
  const tablespace = a.indexTablespace === null ? "" : ` USING INDEX TABLESPACE ${quoteName(a.indexTablespace)}`;
  return `${a.definition}${options}${tablespace}${timing(a)}`;
}

const body = (a: Constraint): string =>
  `CONSTRAINT ${quoteName(a.name)} ${withIndexOptions(a)}${a.isEnforced ? "" : " NOT ENFORCED"}`;

const alterTable = (a: Constraint, action: string): Statement => statement(`ALTER TABLE ${table(a)} ${action}`);

const marks = (a: Constraint): readonly Statement[] => [
  ...(a.isReplicaIdentity ? [alterTable(a, `REPLICA IDENTITY USING INDEX ${quoteName(a.name)}`)] : []),
  ...(a.isClusteredOn ? [alterTable(a, `CLUSTER ON ${quoteName(a.name)}`)] : []),
];

const alterTiming: Alter<Constraint> = ({ to: { attributes: a } }) =>
  a.type === "foreign key"
    ? [alterTable(a, `ALTER CONSTRAINT ${quoteName(a.name)}${timing(a) || " NOT DEFERRABLE"}`)]
    : "replace";

const alterValidity: Alter<Constraint> = ({ to: { attributes: a } }) =>
  a.isValidated && a.isEnforced ? [alterTable(a, `VALIDATE CONSTRAINT ${quoteName(a.name)}`)] : "replace";

export const constraints = defineKind<Constraint>({
  kind: "constraint",
  script: "constraints",
  query: (version) => `
    select 'pg_constraint'::regclass::oid::int8 as classid, k.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, k.conname as name,
      case c.relkind when 'f' then 'foreign table' else 'table' end as relation,
      case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'c' then 'check'
        when 'f' then 'foreign key' when 'x' then 'exclusion' end as type,
      regexp_replace(pg_get_constraintdef(k.oid),
        '( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT VALID| NOT ENFORCED)?$', '') as definition,
      k.condeferrable as deferrable, k.condeferred as "initiallyDeferred",
      k.convalidated as "isValidated", ${version >= 180000 ? "k.conenforced" : "true"} as "isEnforced",
      array(select o from unnest(i.reloptions) o order by 1) as "indexOptions",
      (select ts.spcname from pg_tablespace ts where ts.oid = i.reltablespace) as "indexTablespace",
      coalesce(x.indisreplident, false) as "isReplicaIdentity",
      coalesce(x.indisclustered, false) as "isClusteredOn",
      not k.conislocal or k.conparentid <> 0 as "isInherited"
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_class i on i.oid = k.conindid and k.contype in ('p', 'u', 'x')
    left join pg_index x on x.indexrelid = i.oid
    where k.contype in ('p', 'u', 'c', 'f', 'x') and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.name),
  parent: (a) => factId(a.relation, table(a)),
  designate: (a) => `CONSTRAINT ${quoteName(a.name)} ON ${table(a)}`,
  clause: ({ attributes: a }) =>
    (a.type === "primary key" || a.type === "check") && a.isValidated && !a.isInherited ? body(a) : null,
  create: ({ attributes: a }) =>
    a.isInherited ? [] : [alterTable(a, `ADD ${body(a)}${a.isValidated || !a.isEnforced ? "" : " NOT VALID"}`)],
  complete: ({ attributes: a }) => marks(a),
  drop: ({ attributes: a }) => (a.isInherited ? [] : [alterTable(a, `DROP CONSTRAINT ${quoteName(a.name)}`)]),
  alter: {
    schema: "identity",
    table: "identity",
    name: "identity",
    relation: "identity",
    type: "replace",
    definition: "replace",
    deferrable: alterTiming,
    initiallyDeferred: alterTiming,
    isValidated: alterValidity,
    isEnforced: alterValidity,
    indexOptions: "replace",
    indexTablespace: ({ to: { attributes: a } }) => [
      statement(
        `ALTER INDEX ${quotePath(a.schema, a.name)} SET TABLESPACE ${quoteName(a.indexTablespace ?? "pg_default")}`,
      ),
    ],
    isReplicaIdentity: ({ to }) => marks(to.attributes),
    isClusteredOn: ({ to: { attributes: a } }) => (a.isClusteredOn ? marks(a) : [alterTable(a, "SET WITHOUT CLUSTER")]),
    isInherited: "no difference",
  },
  rename: (from, to) => [alterTable(to, `RENAME CONSTRAINT ${quoteName(from.name)} TO ${quoteName(to.name)}`)],
  renamesFreely: true,
  order: (a) => ["primary key", "unique", "check", "exclusion", "foreign key"].indexOf(a.type),
});
