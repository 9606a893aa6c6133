import type { IndexDefinition, IndexElement } from "../declare/indexes.ts";
import { isSql, REFERENCE, type Sql } from "../declare/sql.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { FactId } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quotePath } from "../quote.ts";
import { columnNotFound } from "./columns.ts";
import { type RelationScope, recordKey } from "./constraints.ts";
import { checkOptions, type FactDetails, renamedFrom, storageParameters } from "./declaring.ts";
import { nameText } from "./given.ts";
import { isTaken } from "./keyIndexes.ts";
import {
  type Alter,
  defineKind,
  factId,
  notOfExtension,
  type Statement,
  type Surroundings,
  statement,
  userSchema,
} from "./kind.ts";
import { columnsInName } from "./naming.ts";
import {
  isMadeApart,
  isPartElsewhere,
  type PartitionIndex,
  partitionIndexes,
  partsToBring,
  partsToRename,
  tablesOfParts,
} from "./partitionIndexes.ts";
import { unquoted } from "./since.ts";

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
const relationId = (a: Index) => factId(a.relation, quotePath(a.schema, a.table));

/** On a partitioned table pg_get_indexdef always says ONLY; an index that is valid there has one on each partition. */
const target = (a: Index, around: Surroundings): string =>
  a.isValid && !isMadeApart(named(a), around) ? a.on.replace(/^ONLY /, "") : a.on;

/** Built CONCURRENTLY, after all else. PostgreSQL refuses that on a partitioned table. */
const isBuiltAside = (id: FactId, a: Index, around: Surroundings): boolean =>
  around.inUse(relationId(a)) && !around.refused(id);

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

/** What stands before WITH, the parameters, and what follows; the parameters hold no parenthesis. */
const PARAMETERS = /^(.*?\))(?: WITH \(([^()]*)\))?( WHERE .*)?$/s;

/** Storage parameters are altered in place where nothing else differs. */
const alterParameters: Alter<Index> = ({ from, to }) => {
  const [before, after] = [PARAMETERS.exec(from.attributes.on), PARAMETERS.exec(to.attributes.on)];
  if (before === null || after === null || before[1] !== after[1] || before[3] !== after[3]) return "replace";
  const parametersIn = (text = ""): readonly string[] => (text === "" ? [] : text.split(", "));
  const [was, is] = [parametersIn(before[2]), parametersIn(after[2])];
  const named = (one: string) => one.slice(0, one.indexOf("="));
  const gone = was.map(named).filter((name) => !is.some((one) => named(one) === name));
  const set = is.filter((one) => !was.includes(one));
  return [
    ...(gone.length > 0 ? [alterIndex(to.attributes, `RESET (${gone.join(", ")})`)] : []),
    ...(set.length > 0 ? [alterIndex(to.attributes, `SET (${set.join(", ")})`)] : []),
  ];
};

const PRINTED = `substr(pg_get_indexdef(c.oid), length(
  format('CREATE %sINDEX %I ON ', case when i.indisunique then 'UNIQUE ' else '' end, c.relname)) + 1)`;

/**
 * What the print of a plain index is made from; printing takes three times as long. Ids of less than five digits are
 * PostgreSQL's own, and the same in every database of a version.
 */
const toldApart = (version: number): string => `
  case when i.indexprs is null and i.indpred is null and concat(c.relam, ' ', i.indclass, ' ', i.indcollation) !~ '\\d{5}'
    and c.oid not in (select a.attrelid from pg_attribute a where a.attoptions is not null)
  then concat(
    array(select (select a.attname from pg_attribute a where a.attrelid = i.indrelid and a.attnum = k) from unnest(i.indkey) k),
    ' of ', i.indnkeyatts, ' by ', c.relam, ' ', i.indclass, ' ', i.indcollation, ' ', i.indoption, ' ', c.relkind, ' ',
    c.reloptions${version >= 150000 ? ", ' ', i.indnullsnotdistinct" : ""})
  else ${PRINTED} end`;

export const indexes = defineKind<Index>({
  kind: "index",
  script: "indexes",
  query: (version, purpose) => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as name, t.relname as table,
      case t.relkind when 'm' then 'materialized view' else 'table' end as relation,
      i.indisunique as "isUnique",
      ${purpose === undefined ? PRINTED : toldApart(version)} as on,
      (select ts.spcname from pg_tablespace ts where ts.oid = c.reltablespace) as tablespace,
      i.indisvalid as "isValid", i.indisreplident as "isReplicaIdentity", i.indisclustered as "isClusteredOn",
      case when i.indexprs is null then '{}' else coalesce((
        select jsonb_object_agg(a.attnum::text, a.attstattarget) from pg_attribute a
        where a.attrelid = c.oid and a.attstattarget >= 0), '{}') end as statistics
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_class t on t.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
    where t.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and not c.relispartition
      and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))
      and ${notOfExtension("pg_class", "t.oid")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => named(a),
  parent: relationId,
  designate: (a) => `INDEX ${named(a)}`,
  create: ({ id, attributes: a }, around) => {
    // It stays when its table leaves the parent.
    if (isPartElsewhere(a.schema, a.table, a.name, around.others) && !around.isNew(relationId(a))) return [];
    const concurrently = isBuiltAside(id, a, around);
    const tablespace = a.tablespace === null ? "" : ` TABLESPACE ${quoteName(a.tablespace)}`;
    const head = `CREATE ${a.isUnique ? "UNIQUE " : ""}INDEX ${concurrently ? "CONCURRENTLY " : ""}`;
    return [
      ...partsToBring(named(a), around),
      statement(
        `${head}${quoteName(a.name)} ON ${target(a, around)}${tablespace}`,
        concurrently ? { transactional: false, late: "apart" } : {},
      ),
    ];
  },
  follows: ({ attributes: a }, around) => [...tablesOfParts(named(a), around), ...partsToRename(relationId(a), around)],
  complete: ({ id, attributes: a }, around) =>
    [...marks(a), ...statistics(a)].map((one) => (isBuiltAside(id, a, around) ? { ...one, late: "apart" } : one)),
  // It is taken in when its table becomes a partition.
  drop: ({ id, attributes: a }, around) =>
    isPartElsewhere(a.schema, a.table, a.name, around.others) || isTaken(id, around)
      ? []
      : [statement(`DROP INDEX ${named(a)}`)],
  prints: ["on"],
  alter: {
    schema: "identity",
    name: "identity",
    table: "replace",
    relation: "replace",
    isUnique: "replace",
    on: alterParameters,
    tablespace: ({ to: { attributes: a } }) => [
      alterIndex(a, `SET TABLESPACE ${quoteName(a.tablespace ?? "pg_default")}`),
    ],
    // An invalid index is the carcass of a failed CREATE INDEX CONCURRENTLY; building it again is the only repair.
    isValid: "replace",
    isReplicaIdentity: ({ to }) => marks(to.attributes),
    isClusteredOn: ({ to: { attributes: a } }) => (a.isClusteredOn ? marks(a) : [alterTable(a, "SET WITHOUT CLUSTER")]),
    statistics: ({ from, to: { attributes: a } }) => [
      ...Object.keys(from.attributes.statistics)
        .filter((column) => a.statistics[column] === undefined)
        .map((column) => alterIndex(a, `ALTER COLUMN ${column} SET STATISTICS -1`)),
      ...statistics(a),
    ],
  },
  rename: (from, to) => [statement(`ALTER INDEX ${named(from)} RENAME TO ${quoteName(to.name)}`)],
  renamesFreely: true,
  since: (a) =>
    unquoted(a.on).includes(") NULLS NOT DISTINCT")
      ? { version: 150000, feature: "unique indexes with NULLS NOT DISTINCT" }
      : null,
});

const OPTIONS = {
  on: true,
  name: true,
  unique: true,
  using: true,
  where: true,
  include: true,
  nullsNotDistinct: true,
  with: true,
  tablespace: true,
  comment: true,
  renamedFrom: true,
  partOf: true,
  droppedWith: true,
  statistics: true,
  only: true,
} satisfies Record<keyof IndexDefinition, true>;

/** An index of a declared table or materialized view. */
export function declareIndex(
  scope: RelationScope,
  given: IndexDefinition,
  relation: Index["relation"],
  at?: Place,
): void {
  const { declaring, declaration, schema, name: table, self } = scope;
  const place = at ?? scope.source.element("indexes", given.on.map(elementKey));
  checkOptions(given, OPTIONS, `an index of ${table}`, place);
  const needs = new Set<FactId>();
  const text = (sql: Sql | string): string => declaring.text(sql, needs, place, self);
  const elements = given.on.map((element) => elementText(element, text));
  const isAllHere =
    declaration !== undefined && declaration.options.inherits === undefined && declaration.options.ofType === undefined;
  for (const column of [...elements.map((one) => one.column), ...(given.include ?? [])]) {
    if (column !== undefined && isAllHere && declaration.columns[column] === undefined) {
      throw columnNotFound(declaration, column, place);
    }
  }
  const using = given.using ?? "btree";
  const parameters = storageParameters(given.with);
  const on = [
    `${given.only === true ? "ONLY " : ""}${quotePath(schema, table)}`,
    using === "btree" ? "" : `USING ${quoteName(using)}`,
    `(${elements.map((one) => one.text).join(", ")})`,
    given.include === undefined ? "" : `INCLUDE (${given.include.map(quoteName).join(", ")})`,
    given.nullsNotDistinct === true ? "NULLS NOT DISTINCT" : "",
    parameters.length > 0 ? `WITH (${parameters.join(", ")})` : "",
    given.where === undefined ? "" : `WHERE ${text(given.where)}`,
  ].filter((part) => part !== "");
  const columns = elements.flatMap((one) => (one.column === undefined ? [] : [one.column]));
  const { partOf } = given;
  const add = (name: string): void => {
    if (partOf !== undefined) {
      const part = { schema, table, name, isUnique: given.unique ?? false, on: on.join(" ") };
      declarePart(scope, part, partOf, { place, needs, comment: given.comment });
      return;
    }
    const { replicaIdentity, clusterOn = scope.clusterOn } = declaration?.options ?? {};
    const attributes: Index = {
      schema,
      name,
      table,
      relation,
      isUnique: given.unique ?? false,
      on: on.join(" "),
      tablespace: given.tablespace ?? null,
      // Until each partition has its part.
      isValid: given.only !== true,
      isReplicaIdentity: typeof replicaIdentity === "object" && replicaIdentity.index === name,
      isClusteredOn: clusterOn === name,
      statistics: given.statistics ?? {},
    };
    const id = declaring.add(indexes, attributes, {
      place,
      needs,
      comment: given.comment,
      droppedWith: given.droppedWith,
      hint: renamedFrom(given.renamedFrom, schema, indexId),
    });
    declaring.claim(schema, name, id, place);
    const isWhole = given.where === undefined && columns.length === elements.length;
    recordKey(scope, {
      id,
      columns: leading(elements),
      isUnique: attributes.isUnique && isWhole,
      isSearchable: given.where === undefined && (using === "btree" || (using === "hash" && columns.length === 1)),
    });
  };
  const names = [...uniqueNames(elements.map(({ name }) => name)), ...(given.include ?? [])];
  const choose = (): void => add(declaring.choose(schema, table, columnsInName(names), "idx"));
  // Foreign keys ask for theirs when all others have their names.
  if (given.name !== undefined) add(given.name);
  else if (at === undefined) declaring.later("chosen names", choose);
  else choose();
}

/** An index of a partition as part of its parent's. @throws Diagnostic `index-not-in-partition` */
function declarePart(
  { declaring, declaration, schema, name: table }: RelationScope,
  part: Omit<PartitionIndex, "attachedTo">,
  partOf: string,
  more: FactDetails,
): void {
  const parent = declaration?.partitionOf?.parent;
  if (parent === undefined) {
    throw new Diagnostic({
      code: "index-not-in-partition",
      what: `an index of ${table} is part of ${partOf}, and ${table} is no partition`,
      at: more.place.position,
      next: "take `partOf` out",
    });
  }
  const above = declaring.get(parent[REFERENCE], more.place).schema ?? "";
  const needs = [...(more.needs ?? []), indexId(above, partOf)];
  const attributes: PartitionIndex = { ...part, attachedTo: quotePath(above, partOf) };
  const id = declaring.add(partitionIndexes, attributes, { ...more, needs });
  declaring.claim(schema, part.name, id, more.place);
}

/** Columns before the first expression. */
function leading(elements: readonly ElementText[]): readonly string[] {
  const columns: string[] = [];
  for (const { column } of elements) {
    if (column === undefined) break;
    columns.push(column);
  }
  return columns;
}

const elementKey = (element: IndexDefinition["on"][number]): string =>
  typeof element === "string" ? element : isSql(element) ? "…" : (element.column ?? "…");

interface ElementText {
  readonly text: string;
  /** What it contributes to the index's name. */
  readonly name: string;
  readonly column?: string;
}

/** One element of an index or exclusion constraint. */
export function elementText(element: string | Sql | IndexElement, text: (sql: Sql | string) => string): ElementText {
  if (typeof element === "string") return { text: quoteName(element), name: element, column: element };
  if (isSql(element)) {
    const expression = text(element);
    return { text: `(${expression})`, name: nameOfExpression(expression) };
  }
  const { column, expression, collate, opclass, opclassOptions, order, nulls } = element;
  const base =
    column !== undefined
      ? { text: quoteName(column), name: column, column }
      : elementText({ declares: "sql", parts: [text(expression ?? "")] }, text);
  const parameters = Object.entries(opclassOptions ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    ...base,
    text: [
      base.text,
      collate === undefined ? "" : `COLLATE ${nameText(collate, text)}`,
      opclass === undefined ? "" : nameText(opclass, text),
      parameters.length > 0 ? `(${parameters.join(", ")})` : "",
      order === "desc" ? "DESC" : "",
      nulls === undefined ? "" : `NULLS ${nulls.toUpperCase()}`,
    ]
      .filter((part) => part !== "")
      .join(" "),
  };
}

/** A call is named by its function, all else is `expr`. */
const nameOfExpression = (expression: string): string =>
  /^(?:[a-z_][a-z0-9_]*\.)?([a-z_][a-z0-9_]*)\s*\([^()]*\)$/i.exec(expression)?.[1]?.toLowerCase() ?? "expr";

/** As PostgreSQL tells columns of one name apart: `lower`, `lower1`. */
function uniqueNames(names: readonly string[]): readonly string[] {
  const used: string[] = [];
  for (const name of names) {
    let candidate = name;
    for (let n = 1; used.includes(candidate); n++) candidate = `${name}${n}`;
    used.push(candidate);
  }
  return used;
}
