import type { Element } from "../kinds/pulled/indexes.ts";
import { printedType } from "../kinds/typeNames.ts";
import { quoteName, quotePath } from "../quote.ts";
import type { ClientModel, ColumnModel, IndexModel, TableModel } from "./model.ts";
import { camel, nameScope, pascal } from "./names.ts";
import { sridOf } from "./valueTypes.ts";

/** A way to rows that a key or an index serves: one generated function. */
export interface AccessPath {
  readonly name: string;
  /** The key or index that it goes by. */
  readonly servedBy: string;
  /** What it gives, for the comment above it. */
  readonly says: string;
  readonly parameters: readonly PathParameter[];
  readonly query: Query;
}

export interface PathParameter {
  readonly name: string;
  /** As TypeScript. */
  readonly type: string;
  readonly isJson?: true;
  /** Where something is, in the reference system of this number where it says none. */
  readonly isPlace?: number;
}

/** `rows` and `list` end with a limit, whose parameter comes after the others; a place in a list comes last. */
export type Query =
  | { readonly gives: "one" | "rows" | "all" | "count" | "exists"; readonly text: string }
  | {
      readonly gives: "list";
      readonly order: readonly string[];
      readonly first: string;
      readonly after: string;
      readonly before: string;
    };

/** All columns, as SELECT and RETURNING list them. */
export const columnList = ({ columns }: TableModel): string => columns.map(({ name }) => quoteName(name)).join(", ");

/** Every way that a table's keys and indexes serve, and no other. */
export function accessPaths(table: TableModel, model: ClientModel): readonly AccessPath[] {
  const paths = new Map<string, AccessPath>();
  const served = new Set<string>();
  const add = (path: AccessPath | null, other: string | null = null): void => {
    if (path === null) return;
    // Two indexes may serve the same way; the later one then adds nothing.
    const meaning = JSON.stringify([path.query, path.parameters.map(({ type }) => type)]);
    const name = paths.has(path.name) ? other : path.name;
    if (served.has(meaning) || name === null || paths.has(name)) return;
    served.add(meaning);
    paths.set(name, { ...path, name });
  };
  const sources = orderedSources(table);
  for (const source of sources) for (const [path, other] of byKey(source, table)) add(path, other);
  for (const index of table.indexes) for (const path of byOtherIndex(index, table, model)) add(path);
  return [...paths.values()];
}

/** A key or B-tree index. */
interface Source {
  readonly name: string;
  readonly isPrimary: boolean;
  readonly isUnique: boolean;
  readonly elements: readonly Part[];
  readonly where: string | null;
}

/** A column, or an expression, as an index has it. */
interface Part {
  readonly sql: string;
  readonly words: string;
  readonly column: ColumnModel | null;
  readonly isDescending: boolean;
  readonly nullsFirst: boolean;
}

function orderedSources(table: TableModel): readonly Source[] {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const keys = table.keys.map(
    (key): Source => ({
      name: key.name,
      isPrimary: key.isPrimary,
      isUnique: true,
      where: null,
      elements: key.columns.map((name) => partOf({ column: name, expression: null }, columns)),
    }),
  );
  const indexes = table.indexes
    .filter(({ method }) => method === "btree" || method === "hash")
    .map(
      (index): Source => ({
        name: index.name,
        isPrimary: false,
        isUnique: index.isUnique,
        where: index.where,
        elements: index.elements.map((element) => partOf(element, columns)),
      }),
    );
  const rank = ({ isPrimary, isUnique, where }: Source): number =>
    (isPrimary ? 0 : isUnique ? 1 : 2) + (where === null ? 0 : 3);
  // Shorter ones first: they have the plain name.
  return [...keys, ...indexes].sort(
    (a, b) => rank(a) - rank(b) || a.elements.length - b.elements.length || (a.name < b.name ? -1 : 1),
  );
}

function partOf(
  element: Pick<Element, "column" | "expression"> & Partial<Element>,
  columns: ReadonlyMap<string, ColumnModel>,
): Part {
  const { column: name, expression, isDescending = false, nulls = null } = element;
  return {
    sql: name === null ? `(${expression})` : quoteName(name),
    words: pascal(name ?? expression ?? ""),
    column: name === null ? null : (columns.get(name) ?? null),
    isDescending,
    nullsFirst: nulls === null ? isDescending : nulls === "first",
  };
}

function* byKey(source: Source, table: TableModel): Generator<readonly [AccessPath | null, string | null]> {
  const { name: servedBy, elements, isUnique, isPrimary } = source;
  const isHash = table.indexes.some(({ name, method }) => name === servedBy && method === "hash");
  const [leading] = elements;
  const foreign = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  for (let n = isHash ? elements.length : 0; n <= elements.length; n++) {
    const equal = elements.slice(0, n);
    const rest = elements.slice(n);
    const moment = equal.at(-1);
    // Nobody asks for one microsecond, but for those from one to another.
    if (moment !== undefined && isMoment(moment)) {
      yield [duringList(source, elements.slice(0, n - 1), elements.slice(n - 1), table), null];
      break;
    }
    const isOneRow = table.keys.some(({ columns }) =>
      columns.every((name) => equal.some(({ column }) => column?.name === name)),
    );
    if (isOneRow && !(isUnique && n === elements.length)) break;
    const parameters = parametersOf(equal, table);
    const where = conditions(source, equal);
    const by = `${equal.map(({ words }) => words).join("And")}${whereWords(source, equal)}`;
    const from = (what: string, more = ""): string =>
      `select ${what} from ${table.path}${where === "" ? "" : ` where ${where}`}${more}`;
    const all = columnList(table);
    const words = equal.map(({ sql }) => sql).join(", ");
    const common = { servedBy, parameters };
    if (isUnique && n === elements.length) {
      const says = `The row with this ${words}, or null.`;
      yield [{ ...common, name: `findBy${by}`, says, query: { gives: "one", text: from(all) } }, null];
      yield [existing(common, by, from), null];
      const [only] = elements;
      if (isPrimary && elements.length === 1 && only !== undefined) {
        const query: Query = { gives: "all", text: `select ${all} from ${table.path} where ${only.sql} = any($1)` };
        const [parameter] = parameters;
        const many = { name: `${parameter?.name}s`, type: `readonly ${parameter?.type}[]` };
        const found = {
          servedBy,
          parameters: [many],
          query,
          says: `The rows with one of these ${words}, in no order.`,
        };
        yield [{ ...found, name: `findManyBy${by}` }, null];
      }
      continue;
    }
    const query = listQuery(source, equal, rest, table);
    const isOrderOfNothing = n === 0 && !isPrimary && leading !== undefined && !hasOrder(leading, foreign);
    if (query !== null && !isOrderOfNothing) {
      const ordered = rest.map((part) => `${part.words}${part.isDescending ? "Descending" : ""}`).join("And");
      const plainName =
        n === 0 && isPrimary ? "list" : n === 0 ? `listInOrderOf${ordered}${whereWords(source, equal)}` : `listBy${by}`;
      const says = `${n === 0 ? "Rows" : `Rows with this ${words}`}, ${orderWords(query)}.`;
      yield [{ ...common, name: plainName, says, query }, ordered === "" ? null : `${plainName}InOrderOf${ordered}`];
    }
    if (n === 0) continue;
    const says = `How many rows have this ${words}.`;
    yield [{ ...common, name: `countBy${by}`, says, query: { gives: "count", text: from("count(*)::integer") } }, null];
  }
}

/** All rows in the order of keys of other tables, or of a few words, are in no order that anybody looks for. */
const hasOrder = ({ column }: Part, foreign: ReadonlySet<string>): boolean =>
  column !== null && !foreign.has(column.name) && !column.isUserType && column.sqlType !== "boolean";

const isMoment = ({ column }: Part): boolean => column !== null && printedType(column.sqlType).startsWith("timestamp");

/** Rows of a time, in its order. */
function duringList(
  source: Source,
  equal: readonly Part[],
  rest: readonly Part[],
  table: TableModel,
): AccessPath | null {
  const [moment] = rest;
  const query = moment === undefined ? null : listQuery(source, equal, rest, table, moment);
  if (moment === undefined || query === null) return null;
  const by = [...equal, moment].map(({ words }) => words).join("And");
  const [type] = parametersOf([moment], table).map((parameter) => parameter.type);
  const bounds = ["from", "to"].map((name) => ({ name, type: type ?? "string" }));
  const which = equal.length === 0 ? "Rows" : `Rows with this ${equal.map(({ sql }) => sql).join(", ")}`;
  return {
    name: `listBy${by}Between${whereWords(source, [...equal, moment])}`,
    servedBy: source.name,
    says: `${which} whose ${moment.sql} is from one moment, included, to another, ${orderWords(query)}.`,
    parameters: [...parametersOf(equal, table), ...bounds],
    query,
  };
}

const existing = (
  common: Pick<AccessPath, "servedBy" | "parameters">,
  by: string,
  from: (what: string, more?: string) => string,
): AccessPath => ({
  ...common,
  name: `existsBy${by}`,
  says: "Whether there is such a row.",
  query: { gives: "exists", text: `select exists (${from("1").replace("select 1 ", "select ")})` },
});

/** Parameters that a row's columns are compared with. */
function parametersOf(parts: readonly Part[], { typeName }: TableModel): readonly PathParameter[] {
  const choose = nameScope();
  return parts.map(({ column, words }) => ({
    name: choose(camel(column?.name ?? words)),
    type: column === null ? "string | number | bigint | boolean" : columnType(column, typeName),
  }));
}

const columnType = ({ name, isNullable }: ColumnModel, typeName: string): string => {
  const type = `${typeName}[${JSON.stringify(name)}]`;
  return isNullable ? `NonNullable<${type}>` : type;
};

function conditions({ where }: Pick<Source, "where">, equal: readonly Part[], during?: Part): string {
  const same = equal.map(({ sql }, i) => `${sql} = $${i + 1}`);
  const bounds =
    during === undefined ? [] : [`${during.sql} >= $${equal.length + 1}`, `${during.sql} < $${equal.length + 2}`];
  const known = during === undefined ? equal : [...equal, during];
  return [...same, ...bounds, ...(where === null || isImplied(where, known) ? [] : [`(${where})`])].join(" and ");
}

/** `a is not null`, of an index on a: what is equal to something is not null. */
function isImplied(where: string, equal: readonly Part[]): boolean {
  const [, name] = /^(\S+) is not null$/i.exec(where) ?? [];
  return name !== undefined && equal.some(({ sql }) => sql === name);
}

/** `revoked_at is null` → `WhereRevokedAtIsNull`. */
function whereWords({ where, name }: Source, equal: readonly Part[]): string {
  if (where === null || isImplied(where, equal)) return "";
  const spoken = where
    .replaceAll(/<>|!=/g, " is not ")
    .replaceAll(/>=/g, " from ")
    .replaceAll(/<=/g, " up to ")
    .replaceAll(/=/g, " is ")
    .replaceAll(/>/g, " above ")
    .replaceAll(/</g, " below ");
  const words = pascal(spoken);
  return `Where${words.length <= 50 ? words : pascal(name)}`;
}

interface Ordered {
  readonly sql: string;
  readonly column: ColumnModel;
  readonly isDescending: boolean;
  readonly nullsFirst: boolean;
}

/** A list in the order of an index, and then of the primary key where the index leaves rows equal. */
function listQuery(
  source: Source,
  equal: readonly Part[],
  rest: readonly Part[],
  table: TableModel,
  during?: Part,
): Extract<Query, { gives: "list" }> | null {
  const key = table.keys.find(({ isPrimary }) => isPrimary);
  // What the index leaves out, or is between two values, is not null.
  const isKnown = (part: Part) => part === during || (source.where !== null && isImplied(source.where, [part]));
  const named = rest.flatMap(({ column, ...more }, i): Ordered[] => {
    const part = rest[i];
    if (column === null || part === undefined) return [];
    return [{ ...more, column: isKnown(part) ? { ...column, isNullable: false } : column }];
  });
  if (named.length < rest.length || key === undefined) return null;
  const last = named.at(-1);
  const isDescending = last?.isDescending ?? false;
  const isUnique = source.isUnique && [...equal, ...rest].every(({ column }) => column?.isNullable === false);
  const seen = new Set([...equal, ...rest].map(({ column }) => column?.name));
  const tail = isUnique ? [] : table.columns.filter(({ name }) => key.columns.includes(name) && !seen.has(name));
  const order = [
    ...named,
    ...tail.map((column): Ordered => ({ sql: quoteName(column.name), column, isDescending, nullsFirst: isDescending })),
  ];
  if (order.length === 0) return null;
  const same = conditions(source, equal, during);
  const given = equal.length + (during === undefined ? 0 : 2);
  const rowsIn = (direction: readonly Ordered[], place: readonly string[]): string => {
    const where = [...(same === "" ? [] : [same]), ...place].join(" and ");
    const sorted = direction.map(sortText).join(", ");
    return `select ${columnList(table)} from ${table.path}${where === "" ? "" : ` where ${where}`} order by ${sorted} limit $${given + 1}`;
  };
  /** An index finds the rows beyond a place where they are one range of it: several ranges are looked up one by one. */
  const rowsBeyond = (direction: readonly Ordered[]): string => {
    const ranges = rangesBeyond(direction, given + 2).map((range) => rowsIn(direction, range));
    if (ranges.length === 1) return ranges.join("");
    const sorted = direction.map(sortText).join(", ");
    return `${ranges.map((range) => `(${range})`).join(" union all ")} order by ${sorted} limit $${given + 1}`;
  };
  const reversed = order.map((one) => ({ ...one, isDescending: !one.isDescending, nullsFirst: !one.nullsFirst }));
  return {
    gives: "list",
    order: order.map(({ column }) => column.name),
    first: rowsIn(order, []),
    after: rowsBeyond(order),
    before: rowsBeyond(reversed),
  };
}

const sortText = ({ sql, column, isDescending, nullsFirst }: Ordered): string => {
  const nulls = column.isNullable && nullsFirst !== isDescending ? ` nulls ${nullsFirst ? "first" : "last"}` : "";
  return `${sql}${isDescending ? " desc" : ""}${nulls}`;
};

const orderWords = ({ order }: Extract<Query, { gives: "list" }>): string => `ordered by ${order.join(", ")}`;

/**
 * The ranges of an index, each as its conditions, in which rows come after the place that the parameters from this number on
 * say. A place may be where a column is null, which is known only with it: a range that it rules out is empty at once.
 */
function rangesBeyond(order: readonly Ordered[], from: number): readonly (readonly string[])[] {
  const [first, ...rest] = order;
  if (first === undefined) return [];
  const isUniform = order.every(
    ({ column, isDescending }) => !column.isNullable && isDescending === first.isDescending,
  );
  const operator = first.isDescending ? "<" : ">";
  if (isUniform) {
    const row = (items: readonly string[]) => (items.length === 1 ? items[0] : `(${items.join(", ")})`);
    const place = row(order.map((_, i) => `$${from + i}`));
    return [[`${row(order.map(({ sql }) => sql))} ${operator} ${place}`]];
  }
  // A parameter that stands alone has no type of its own.
  const { sql, column, nullsFirst } = first;
  const value = `$${from}::${column.sqlType}`;
  const [isThere, isMissing] = [`${value} is not null`, `${value} is null`];
  const further = rangesBeyond(rest, from + 1);
  const tied = (...conditions: readonly string[]) => further.map((range) => [...conditions, ...range]);
  if (!column.isNullable) return [[`${sql} ${operator} ${value}`], ...tied(`${sql} = ${value}`)];
  return [
    [`${sql} ${operator} ${value}`],
    nullsFirst ? [`${sql} is not null`, isMissing] : [`${sql} is null`, isThere],
    ...tied(`${sql} = ${value}`),
    ...tied(`${sql} is null`, isMissing),
  ];
}

/** What GIN, GiST, SP-GiST and BRIN serve, by the operators of their classes. */
function* byOtherIndex(index: IndexModel, table: TableModel, model: ClientModel): Generator<AccessPath> {
  if (index.method === "btree" || index.method === "hash") return;
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const suffix = whereWords({ ...index, isPrimary: false, elements: [] }, []);
  for (const element of index.elements) {
    const part = partOf(element, columns);
    const opclass = element.opclass?.split(".").at(-1) ?? null;
    const type = part.column === null ? "" : printedType(part.column.sqlType);
    for (const way of waysOf({ index, part, opclass, type, model })) {
      const where = [way.condition, ...(index.where === null ? [] : [`(${index.where})`])].filter((one) => one !== "");
      const text = `select ${columnList(table)} from ${table.path}${where.length === 0 ? "" : ` where ${where.join(" and ")}`}${way.order === undefined ? "" : ` order by ${way.order}`} limit $${way.parameters.length + 1}`;
      const parameters = way.parameters.map(({ type: given, ...more }) => ({
        ...more,
        type: given === "column" && part.column !== null ? columnType(part.column, table.typeName) : given,
      }));
      const { name, says } = way;
      yield { name: `${name}${suffix}`, says, servedBy: index.name, parameters, query: { gives: "rows", text } };
    }
  }
}

interface Way {
  readonly name: string;
  readonly says: string;
  readonly parameters: readonly PathParameter[];
  readonly condition: string;
  readonly order?: string;
}

interface Searched {
  readonly index: IndexModel;
  readonly part: Part;
  readonly opclass: string | null;
  /** Printed type of the column; empty for an expression. */
  readonly type: string;
  readonly model: ClientModel;
}

function waysOf(searched: Searched): readonly Way[] {
  const { index, part, opclass, type } = searched;
  if (index.method === "brin") return part.column === null ? [] : between(part);
  if (opclass === "gin_trgm_ops" || opclass === "gist_trgm_ops") return similar(searched);
  if (index.method === "gin") {
    if (type === "jsonb") return inJson(part, opclass);
    if (type.endsWith("[]")) return inArray(part);
    if (type === "tsvector") return inDocument(part, "");
    const [, configuration = ""] = /^\(to_tsvector\(('[^']*'(?:::regconfig)?),/.exec(part.sql) ?? [];
    return configuration === "" ? [] : inDocument(part, `${configuration}, `);
  }
  if (type === "geometry" || type === "geography") return inSpace(searched);
  if (/(?:multi)?range$/.test(type)) return inRange(part);
  return [];
}

const column = (name: string): PathParameter => ({ name, type: "column" });
const text = (name: string): PathParameter => ({ name, type: "string" });

const between = ({ sql, words }: Part): readonly Way[] => [
  {
    name: `listBy${words}Between`,
    says: `Rows whose ${sql} lies between two values, both included, in no order.`,
    parameters: [column("from"), column("to")],
    condition: `${sql} between $1 and $2`,
  },
];

const inArray = ({ sql, words }: Part): readonly Way[] => [
  {
    name: `listBy${words}Containing`,
    says: `Rows whose ${sql} has all of these, in no order.`,
    parameters: [column("elements")],
    condition: `${sql} @> $1`,
  },
  {
    name: `listBy${words}Overlapping`,
    says: `Rows whose ${sql} has one of these, in no order.`,
    parameters: [column("elements")],
    condition: `${sql} && $1`,
  },
];

function inJson({ sql, words }: Part, opclass: string | null): readonly Way[] {
  const containing: Way = {
    name: `listBy${words}Containing`,
    says: `Rows whose ${sql} has this in it, in no order.`,
    parameters: [{ name: "part", type: "unknown", isJson: true }],
    condition: `${sql} @> $1`,
  };
  if (opclass === "jsonb_path_ops") return [containing];
  return [
    containing,
    {
      name: `listBy${words}HavingKey`,
      says: `Rows whose ${sql} has this key, in no order.`,
      parameters: [text("key")],
      condition: `${sql} ? $1`,
    },
    {
      name: `listBy${words}HavingAnyKey`,
      says: `Rows whose ${sql} has one of these keys, in no order.`,
      parameters: [{ name: "keys", type: "readonly string[]" }],
      condition: `${sql} ?| $1`,
    },
  ];
}

const inDocument = ({ sql, words }: Part, configuration: string): readonly Way[] => [
  {
    name: `searchBy${words}`,
    says: `Rows whose ${sql} matches what somebody typed into a search box, the best first.`,
    parameters: [text("query")],
    condition: `${sql} @@ websearch_to_tsquery(${configuration}$1)`,
    order: `ts_rank(${sql}, websearch_to_tsquery(${configuration}$1)) desc`,
  },
];

function similar({ part: { sql, words }, model }: Searched): readonly Way[] {
  const in_ = schemaOf("pg_trgm", model);
  return [
    {
      name: `listBy${words}SimilarTo`,
      says: `Rows whose ${sql} resembles a text (pg_trgm.similarity_threshold), the most similar first.`,
      parameters: [text("text")],
      condition: `${sql} ${in_.operator("%")} $1`,
      order: `${in_.function("similarity")}(${sql}, $1) desc`,
    },
    {
      name: `listBy${words}Like`,
      says: `Rows whose ${sql} fits a pattern of LIKE, upper and lower case alike, in no order.`,
      parameters: [text("pattern")],
      condition: `${sql} ilike $1`,
    },
  ];
}

function inSpace({ part: { sql, words, column: of }, type, model, index }: Searched): readonly Way[] {
  if (index.method !== "gist" && index.method !== "spgist") return [];
  const in_ = schemaOf("postgis", model);
  const sqlType = of?.sqlType ?? "";
  const place = `$1::${in_.function(type)}`;
  const given: PathParameter = { name: "place", type: "GeoJSON.Geometry | string", isPlace: sridOf(sqlType) };
  const unit = type === "geography" ? "metres" : "units of its reference system, degrees for 4326";
  return [
    {
      name: `nearestBy${words}`,
      says: "Rows in the order of their distance from a place, GeoJSON or WKT.",
      parameters: [given],
      condition: "",
      order: `${sql} ${in_.operator("<->")} ${place}`,
    },
    {
      name: `withinDistanceOf${words}`,
      says: `Rows at most so far from a place, GeoJSON or WKT; the distance is in ${unit}. In no order.`,
      parameters: [given, { name: "distance", type: "number" }],
      condition: `${in_.function("st_dwithin")}(${sql}, ${place}, $2)`,
    },
  ];
}

const inRange = ({ sql, words }: Part): readonly Way[] => [
  {
    name: `listBy${words}Overlapping`,
    says: `Rows whose ${sql} has something in common with a range, in no order.`,
    parameters: [column("range")],
    condition: `${sql} && $1`,
  },
  {
    name: `listBy${words}ContainingRange`,
    says: `Rows whose ${sql} has all of a range, in no order.`,
    parameters: [column("range")],
    condition: `${sql} @> $1`,
  },
];

/** How to name what an extension brought, whatever the search_path is. */
function schemaOf(extension: string, { extensions }: ClientModel) {
  const schema = extensions.get(extension);
  return {
    operator: (name: string) => (schema === undefined ? name : `operator(${quotePath(schema)}.${name})`),
    function: (name: string) => (schema === undefined ? name : quotePath(schema, name)),
  };
}
