import { isSql, type Sql, sql } from "../declare/sql.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { serialType } from "./serial.ts";

/** The default of a column of a table, foreign table or view. @see PostgreSQL manual, "pg_attrdef" */
export type Default = {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly relation: "table" | "foreign table" | "view";
  readonly expression: string;
};

const alterColumn = (a: Default, action: string) =>
  statement(`ALTER TABLE ${quotePath(a.schema, a.table)} ALTER COLUMN ${quoteName(a.column)} ${action}`);

const setDefault: Alter<Default> = ({ to: { attributes: a } }) => [alterColumn(a, `SET DEFAULT ${a.expression}`)];

export const defaults = defineKind<Default>({
  kind: "default",
  script: "tables",
  foundIn: "pg_attrdef",
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
  clause: ({ attributes: a, parent }, around) =>
    a.relation === "view" || (parent !== null && serialType(parent, around) !== null)
      ? null
      : `DEFAULT ${a.expression}`,
  comesWith: ({ parent }, around) => (parent !== null && serialType(parent, around) !== null ? parent : null),
  create: ({ attributes: a }) => [alterColumn(a, `SET DEFAULT ${a.expression}`)],
  drop: ({ attributes: a }) => [alterColumn(a, "DROP DEFAULT")],
  prints: ["expression"],
  alter: { schema: "identity", table: "identity", column: "identity", relation: "identity", expression: setDefault },
});

/** A JavaScript value as a constant of a column's type. @throws Diagnostic `default-not-understood` */
export function literal(value: unknown, type: string, place: Place): Sql {
  if (isSql(value)) return value;
  const text = constant(value, type);
  if (text !== undefined) return sql.raw(text);
  throw new Diagnostic({
    code: "default-not-understood",
    what: `${String(JSON.stringify(value))} cannot be written as a constant of type ${type}`,
    at: place.position,
    next: "write the default as SQL: default: sql`…`",
  });
}

const isJson = (type: string): boolean => /^(?:pg_catalog\.)?jsonb?$/.test(type);

function constant(value: unknown, type: string): string | undefined {
  if (isJson(type)) {
    const json = JSON.stringify(value);
    return json === undefined ? undefined : quoteText(json);
  }
  if (value === null) return "NULL";
  if (Array.isArray(value) && type.endsWith("[]")) {
    const inside = arrayText(value, type.replace(/(\[\])+$/, ""));
    return inside === undefined ? undefined : quoteText(inside);
  }
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'`;
  if (typeof value === "string") return quoteText(value);
  if (typeof value === "number" && !Number.isFinite(value)) return quoteText(String(value));
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  return undefined;
}

/** `{a,"b c",NULL}`. */
function arrayText(values: readonly unknown[], type: string): string | undefined {
  const elements = values.map((value) => {
    if (value === null) return "NULL";
    if (isJson(type)) return quoted(JSON.stringify(value));
    if (Array.isArray(value)) return arrayText(value, type);
    if (typeof value === "string") return quoted(value);
    return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
      ? String(value)
      : undefined;
  });
  return elements.includes(undefined) ? undefined : `{${elements.join(",")}}`;
}

const quoted = (text: string): string =>
  /^[A-Za-z0-9_.:+-]+$/.test(text) && text.toUpperCase() !== "NULL" ? text : `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
