import { quoteName, quotePath } from "../quote.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";

/** The default of a column of a table, foreign table or view. @see PostgreSQL manual, "pg_attrdef" */
export type Default = {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly relation: "table" | "foreign table" | "view";
  readonly expression: string;
};

export const defaultId = (schema: string, table: string, column: string) =>
  factId("default", quotePath(schema, table, column));

const alterColumn = (a: Default, action: string) =>
  statement(`ALTER TABLE ${quotePath(a.schema, a.table)} ALTER COLUMN ${quoteName(a.column)} ${action}`);

const setDefault: Alter<Default> = ({ to: { attributes: a } }) => [alterColumn(a, `SET DEFAULT ${a.expression}`)];

export const defaults = defineKind<Default>({
  kind: "default",
  script: "tables",
  query: () => `
    select 'pg_attrdef'::regclass::oid::int8 as classid, d.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, a.attname as column,
      case c.relkind when 'f' then 'foreign table' when 'v' then 'view' else 'table' end as relation,
      pg_get_expr(d.adbin, d.adrelid) as expression
    from pg_attrdef d
    join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
    join pg_class c on c.oid = d.adrelid
    join pg_namespace n on n.oid = c.relnamespace
    where a.attgenerated = '' and not a.attisdropped and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.column),
  parent: (a) =>
    a.relation === "view"
      ? factId("view", quotePath(a.schema, a.table))
      : factId("column", quotePath(a.schema, a.table, a.column)),
  clause: ({ attributes: a }) => (a.relation === "view" ? null : `DEFAULT ${a.expression}`),
  create: ({ attributes: a }) => [alterColumn(a, `SET DEFAULT ${a.expression}`)],
  drop: ({ attributes: a }) => [alterColumn(a, "DROP DEFAULT")],
  alter: { schema: "identity", table: "identity", column: "identity", relation: "identity", expression: setDefault },
});
