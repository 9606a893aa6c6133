import { isSql, type Sql, sql } from "../declare/sql.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactId, FactIndex, Json } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import {
  defineKind,
  factId,
  notOfExtension,
  type Statement,
  type Surroundings,
  statement,
  userSchema,
} from "./kind.ts";
import { serialType } from "./serial.ts";

/** The default of a column of a table, foreign table or view. @see PostgreSQL manual, "pg_attrdef" */
export type Default = {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly relation: "table" | "foreign table" | "view";
  readonly expression: string;
};

const relationOf = (a: Default): string => quotePath(a.schema, a.table);

const alterColumn = (a: Default, action: string, only = "") =>
  statement(`ALTER TABLE ${only}${relationOf(a)} ALTER COLUMN ${quoteName(a.column)} ${action}`);

/** A table's parents, of INHERITS or as their partition. */
function parentsOf(relation: FactId, facts: FactIndex): readonly FactId[] {
  const { inherits = [], partitionOf = null } = facts.get(relation)?.attributes ?? {};
  const paths = [...(Array.isArray(inherits) ? inherits : []), partitionOf];
  return paths.filter((path) => typeof path === "string").map((path) => factId("table", path));
}

/** The two ends of a change, and what stands on what: of the end at which the change is written. */
interface Ends {
  readonly before: FactIndex;
  readonly after: FactIndex;
  readonly dependents: (id: FactId) => readonly Fact[];
}

function expressionIn(facts: FactIndex, relation: FactId, column: string): Json | undefined {
  const path = relation.slice(relation.indexOf(" ") + 1);
  return facts.get(factId("default", `${path}.${quoteName(column)}`))?.attributes.expression;
}

const descendantsOf = (relation: FactId, ends: Ends): readonly FactId[] =>
  ends
    .dependents(relation)
    .filter(({ id }) => parentsOf(id, ends.after).includes(relation))
    .flatMap(({ id }) => [id, ...descendantsOf(id, ends)]);

/** Whether all tables beneath are to have the same default, so that one statement says it for all. */
const isForAll = (relation: FactId, column: string, ends: Ends): boolean =>
  descendantsOf(relation, ends).every(
    (id) => expressionIn(ends.after, id, column) === expressionIn(ends.after, relation, column),
  );

/** Whether a table above says it for this one too. */
function isSaidAbove(relation: FactId, column: string, ends: Ends): boolean {
  const { before, after } = ends;
  const was = parentsOf(relation, before);
  return parentsOf(relation, after).some((parent) => {
    if (!was.includes(parent)) return false;
    const expression = expressionIn(after, parent, column);
    if (expression !== expressionIn(after, relation, column)) return false;
    const isChanged = expressionIn(before, parent, column) !== expression;
    return (isChanged && isForAll(parent, column, ends)) || isSaidAbove(parent, column, ends);
  });
}

/** On a table with children that are to have another default it is said of the table ONLY. */
function change(a: Default, action: string, ends: Ends): readonly Statement[] {
  if (a.relation === "view") return [alterColumn(a, action)];
  const relation = factId(a.relation, relationOf(a));
  if (isSaidAbove(relation, a.column, ends)) return [];
  return [alterColumn(a, action, isForAll(relation, a.column, ends) ? "" : "ONLY ")];
}

/** Whether a column that comes with a parent has a default that does not. */
function isApart({ attributes: a, parent }: Fact<Default>, { facts }: Surroundings): boolean {
  if (parent === null || facts.get(parent)?.attributes.isInherited !== true) return false;
  const above = parentsOf(factId(a.relation, relationOf(a)), facts);
  return above.every((one) => expressionIn(facts, one, a.column) !== a.expression);
}

const setDefault = ({ attributes: a }: Fact<Default>, { facts, others, dependents }: Surroundings) =>
  change(a, `SET DEFAULT ${a.expression}`, { before: others, after: facts, dependents });

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
  clause: (fact, around) => {
    const { attributes: a, parent } = fact;
    const hasClause = a.relation !== "view" && (parent === null || serialType(parent, around) === null);
    return hasClause && !isApart(fact, around) ? `DEFAULT ${a.expression}` : null;
  },
  comesWith: ({ parent }, around) => (parent !== null && serialType(parent, around) !== null ? parent : null),
  create: setDefault,
  drop: ({ attributes: a }, { facts, others, dependents }) =>
    change(a, "DROP DEFAULT", { before: facts, after: others, dependents }),
  prints: ["expression"],
  alter: {
    schema: "identity",
    table: "identity",
    column: "identity",
    relation: "identity",
    expression: ({ to }, around) => setDefault(to, around),
  },
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
    next: "write it as SQL: sql`…`",
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
