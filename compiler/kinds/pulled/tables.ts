import type { Fact, FactId } from "../../facts.ts";
import {
  type Code,
  call,
  type Entry,
  list,
  object,
  optionsCode,
  type Property,
  plain,
  scalar,
  text,
  unlessEmpty,
  when,
} from "../../pull/code.ts";
import { type Pulled, type Pulling, puller } from "../../pull/pulling.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import type { Column } from "../columns.ts";
import type { Constraint } from "../constraints.ts";
import type { Default } from "../defaults.ts";
import type { ForeignTable } from "../foreignTables.ts";
import type { Index } from "../indexes.ts";
import { factId, ofKind } from "../kind.ts";
import { objectName } from "../naming.ts";
import type { Policy } from "../policies.ts";
import type { Statistics } from "../statistics.ts";
import type { Table } from "../tables.ts";
import type { PartitionTrigger, Trigger } from "../triggers.ts";
import { attachedTo, commentOf, schemaEntries } from "./attached.ts";
import { type ColumnPart, columnProperty, literalOf } from "./columns.ts";
import {
  checkProperty,
  exclusionCode,
  type ForeignKeyIndex,
  foreignKeyCode,
  foreignKeyShape,
  isReference,
  keyShape,
  primaryKeyCode,
  referenceCode,
  uniqueCode,
} from "./constraints.ts";
import { elementCode, elementOf, indexList, isForeignKeysOwn, leadingColumns, partitionIndexList } from "./indexes.ts";
import { policyProperty } from "./policies.ts";
import { splitOutside, takeGroup, takePath } from "./scan.ts";
import { statisticsProperty } from "./statistics.ts";
import { enabledCode, triggerProperty } from "./triggers.ts";

const named = (a: Table): string => quotePath(a.schema, a.name);

/** A fact's children of one kind, by name or position. */
function parts<A extends object>(facts: readonly Fact[], kind: string): readonly Fact<A>[] {
  return ofKind<A & { readonly position?: number }>(facts, kind).toSorted(
    (a, b) => (a.attributes.position ?? 0) - (b.attributes.position ?? 0),
  );
}

export const tablePuller = puller<Table>({
  file: (a) => (a.partitionOf === null ? a.name : { with: factId("table", a.partitionOf) }),
  hasOwnFile: true,
  identifier: (a) => a.name,
  mention: named,
  pull: (fact, pulling) => pullTable(fact, pulling),
});

function pullTable(fact: Fact<Table>, pulling: Pulling): Pulled {
  const { attributes: a } = fact;
  const children = pulling.children(fact.id);
  const all = parts<Column>(children, "column");
  const constraints = parts<Constraint>(children, "constraint");
  const parents = [...a.inherits, ...(a.partitionOf === null ? [] : [a.partitionOf])];
  const isPartition = a.partitionOf !== null;
  const inherited = all
    .filter((column) => isPartition || column.attributes.isInherited)
    .map((column) => inheritedProperty(column, parents, pulling));
  for (const { id, attributes } of constraints) if (attributes.isInherited) pulling.say(id);
  const own = isPartition ? [] : all.filter(({ attributes }) => !attributes.isInherited);
  const keys = keysOf(
    fact,
    own,
    constraints.filter(({ attributes }) => !attributes.isInherited),
    children,
    pulling,
  );
  const columns: readonly Property[] = own.map((column) =>
    columnProperty(column, keys.columns.get(column.attributes.name) ?? { keys: [] }, pulling),
  );
  const policies = parts<Policy>(children, "policy").map((one) => policyProperty(one, pulling));
  const triggers = parts<Trigger>(children, "trigger").map((one) => triggerProperty(one, pulling));
  const attached = attachedTo(fact, pulling, all);
  const marked = [...constraints, ...parts<Index>(children, "index")];
  const clustered = marked.find(({ attributes }) => attributes.isClusteredOn);
  const replica = marked.find(({ attributes }) => attributes.isReplicaIdentity);
  const entries: readonly Entry[] = [
    ...schemaEntries(a.schema, pulling),
    ...(isPartition
      ? partitionEntries(a, pulling)
      : [{ key: "columns", value: { code: "object", entries: columns, isOnLines: true } as const }]),
    ...object({
      ofType: a.ofType === null ? undefined : pulling.typeConstant(a.ofType),
      inherits: a.inherits.length === 0 ? undefined : list(a.inherits.flatMap((one) => constantOf(one, pulling) ?? [])),
      inherited: record(inherited),
      partitionBy: a.partitionKey === null ? undefined : partitionKeyCode(a.partitionKey, fact, pulling),
      primaryKey: keys.primaryKey,
      unique: unlessEmpty(list(keys.unique)),
      checks: record(keys.checks),
      foreignKeys: unlessEmpty(list(keys.foreignKeys)),
      exclusions: unlessEmpty(list(keys.exclusions)),
      indexes: indexList(keys.indexes, partitionIndexList(children, pulling), pulling),
      statistics: record(statisticsOf(fact, all, pulling)),
      triggers: record(triggers),
      inheritedTriggers: record(inheritedTriggers(children, pulling)),
      policies: record(policies),
      rowSecurity: when(a.rowSecurity !== policies.length > 0, plain(a.rowSecurity)),
      forceRowSecurity: when(a.forceRowSecurity, plain(true)),
      unlogged: when(a.isUnlogged, plain(true)),
      with: a.options.length === 0 ? undefined : optionsCode(a.options),
      tablespace: a.tablespace === null ? undefined : text(a.tablespace),
      using: a.accessMethod === null ? undefined : text(a.accessMethod),
      replicaIdentity:
        replica !== undefined
          ? object({ index: text(replica.attributes.name) })
          : a.replicaIdentity === "DEFAULT"
            ? undefined
            : text(a.replicaIdentity.toLowerCase()),
      clusterOn: clustered === undefined ? undefined : text(clustered.attributes.name),
    }).entries,
    ...attached.entries,
  ];
  const value = call(isPartition ? "partition" : "table", text(a.name), { code: "object", entries });
  return { value, doc: attached.doc };
}

/** How the copies that a partition has of its parent's triggers fire. */
const inheritedTriggers = (children: readonly Fact[], pulling: Pulling): readonly Property[] =>
  ofKind<PartitionTrigger>(children, "partition trigger").map(({ id, attributes: a }) => {
    pulling.say(id);
    return { key: a.name, value: enabledCode(a.fires) ?? plain(true) };
  });

const record = (properties: readonly (Property | null)[]): Code | undefined =>
  unlessEmpty({ code: "object", entries: properties.filter((one) => one !== null) });

const constantOf = (path: string, pulling: Pulling): Code | undefined => pulling.constant(factId("table", path));

/** What a table says of a column that comes with a parent table, or with its type; null for nothing. */
export function inheritedProperty(column: Fact<Column>, parents: readonly string[], pulling: Pulling): Property | null {
  const { attributes: a } = column;
  pulling.say(column.id);
  const name = quotePath(a.name);
  const among = (kind: string): readonly Fact[] =>
    parents.flatMap((parent) => pulling.facts.get(factId(kind, `${parent}.${name}`)) ?? []);
  const above = ofKind<Column>(among("column"), "column").map(({ attributes }) => attributes);
  const isInheritedNotNull = above.some((one) => one.notNull && one.notNullIsInheritable);
  const isOwn = a.notNull && (a.notNullIsOwn || a.notNullName !== null || !isInheritedNotNull);
  // Where the parents have it, only CREATE can give it a name, the usual one too.
  const usualName = a.notNullIsOwn && isInheritedNotNull ? objectName(a.table, a.name, "not_null") : null;
  const ownName = a.notNullName ?? usualName;
  const isStoredAlike = above.length === 0 ? a.storage === null : above.some(({ storage }) => storage === a.storage);
  const comment = commentOf(column.id, pulling);
  const { entries } = object({
    default: inheritedDefault(column, ofKind<Default>(among("default"), "default"), pulling),
    generated:
      a.generated === null || above.every(({ generated }) => generated?.expression === a.generated?.expression)
        ? undefined
        : pulling.sql(withoutParentheses(a.generated.expression), column),
    notNull: isOwn ? (ownName === null ? plain(true) : text(ownName)) : undefined,
    storage: isStoredAlike || a.storage === null ? undefined : text(a.storage.toLowerCase()),
    statistics: a.statisticsTarget === null ? undefined : plain(a.statisticsTarget),
    with: a.options.length === 0 ? undefined : optionsCode(a.options),
    comment: comment === undefined ? undefined : text(comment),
  });
  return entries.length === 0 ? null : { key: a.name, value: { code: "object", entries } };
}

/** A default other than the parents', which comes with the column; null for none where they have one. */
function inheritedDefault(column: Fact<Column>, above: readonly Fact<Default>[], pulling: Pulling): Code | undefined {
  const [own] = ofKind<Default>(pulling.children(column.id), "default");
  if (own === undefined) return when(above.length > 0 && column.attributes.generated === null, plain("null"));
  pulling.say(own.id);
  const { expression } = own.attributes;
  if (above.some(({ attributes }) => attributes.expression === expression)) return undefined;
  return literalOf(expression, column.attributes.type) ?? pulling.sql(withoutParentheses(expression), own);
}

export function statisticsOf(
  table: Fact<Table | ForeignTable>,
  columns: readonly { readonly id: FactId }[],
  pulling: Pulling,
) {
  const found = new Set([table, ...columns].flatMap(({ id }) => pulling.dependents(id)));
  return ofKind<Statistics>(found, "statistics")
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((fact) => statisticsProperty(fact, table, pulling));
}

interface Keys {
  readonly columns: ReadonlyMap<string, ColumnPart>;
  readonly primaryKey: Code | undefined;
  readonly unique: readonly Code[];
  readonly checks: readonly (Property | null)[];
  readonly foreignKeys: readonly Code[];
  readonly exclusions: readonly Code[];
  /** Those that no foreign key brings along. */
  readonly indexes: readonly Fact<Index>[];
}

function keysOf(
  fact: Fact<Table>,
  own: readonly Fact<Column>[],
  constraints: readonly Fact<Constraint>[],
  children: readonly Fact[],
  pulling: Pulling,
): Keys {
  const columns = new Map<string, { keys: Property[]; reference?: NonNullable<ColumnPart["reference"]> }>();
  const partOf = (name: string) => {
    const known = columns.get(name) ?? { keys: [] };
    columns.set(name, known);
    return known;
  };
  const isOwn = (name: string): boolean => own.some(({ attributes }) => attributes.name === name);
  const ofType = (type: Constraint["type"]) => constraints.filter(({ attributes }) => attributes.type === type);
  let primaryKey: Code | undefined;
  for (const one of ofType("primary key")) {
    const key = primaryKeyCode(one, pulling);
    if (key === null) continue;
    if (key.column !== null && isOwn(key.column)) partOf(key.column).keys.push(key.property);
    else primaryKey = key.column === null ? key.property.value : list([text(key.column)]);
  }
  const unique: Code[] = [];
  for (const one of ofType("unique")) {
    const key = uniqueCode(one, pulling);
    if (key === null) continue;
    const { column, value } = key;
    const isFirst = column !== null && isOwn(column) && !partOf(column).keys.some(({ key }) => key === "unique");
    if (column !== null && isFirst) partOf(column).keys.push({ key: "unique", value });
    else unique.push(column === null ? value : tableUnique(column, value));
  }
  const indexes = parts<Index>(children, "index").filter(
    ({ attributes }) => attributes.isValid || attributes.on.startsWith("ONLY "),
  );
  const foreignKeys = ofType("foreign key").toSorted((a, b) => placeOf(a, own) - placeOf(b, own));
  const references = new Set<FactId>();
  for (const column of own) {
    const first = foreignKeys.find(
      ({ attributes }) => foreignKeyShape(attributes)?.columns.join() === column.attributes.name,
    );
    if (first !== undefined && isReference(column, first, pulling)) references.add(first.id);
  }
  const inOrder = [
    ...foreignKeys.filter(({ id }) => references.has(id)),
    ...foreignKeys.filter(({ id }) => !references.has(id)),
  ];
  const served = servedBy(fact, inOrder, constraints, indexes, pulling);
  const others: Code[] = [];
  for (const key of inOrder) {
    const index = served.indexOf(key.id);
    if (references.has(key.id)) {
      const [column = ""] = foreignKeyShape(key.attributes)?.columns ?? [];
      partOf(column).reference = referenceCode(key, fact, index, pulling);
    } else {
      const code = foreignKeyCode(key, fact, index, pulling);
      if (code !== null) others.push(code);
    }
  }
  return {
    columns,
    primaryKey,
    unique,
    checks: ofType("check").map((one) => checkProperty(one, pulling)),
    foreignKeys: others,
    exclusions: ofType("exclusion").flatMap((one) => exclusionCode(one, pulling) ?? []),
    indexes: indexes.filter(({ id }) => !served.brought.has(id)),
  };
}

/** A second unique constraint on a column is the table's to say. */
function tableUnique(column: string, value: Code): Code {
  const columns = { key: "columns", value: list([text(column)]) };
  if (value.code === "object") return { code: "object", entries: [columns, ...value.entries] };
  return { code: "object", entries: [columns, ...(value.code === "text" ? [{ key: "name", value }] : [])] };
}

const placeOf = ({ attributes }: Fact<Constraint>, own: readonly Fact<Column>[]): number =>
  own.findIndex((column) => column.attributes.name === foreignKeyShape(attributes)?.columns[0]);

/** Which index each foreign key is found by, as compiling will have it. */
function servedBy(
  fact: Fact<Table>,
  foreignKeys: readonly Fact<Constraint>[],
  constraints: readonly Fact<Constraint>[],
  indexes: readonly Fact<Index>[],
  pulling: Pulling,
) {
  const sameColumns = (a: readonly string[], b: readonly string[]) =>
    a.length === b.length && a.every((column) => b.includes(column));
  const keys = constraints
    .filter(({ attributes: { type } }) => type === "primary key" || type === "unique")
    .map(({ attributes }) => keyShape(attributes)?.columns ?? []);
  const brought = new Map<FactId, FactId>();
  const columnsOf = (one: Fact<Constraint>) => foreignKeyShape(one.attributes)?.columns ?? [];
  // An index that some foreign key could bring along counts only when no other one, said by itself, begins with its columns.
  for (const one of foreignKeys) {
    const columns = columnsOf(one);
    const own = indexes.find((index) => !brought.has(index.id) && isForeignKeysOwn(index, columns, pulling));
    const isServed =
      keys.some((key) => sameColumns(key.slice(0, columns.length), columns)) ||
      indexes.some((index) => index !== own && sameColumns(leadingColumns(index).slice(0, columns.length), columns));
    if (own !== undefined && !isServed && fact.attributes.partitionOf === null) {
      brought.set(own.id, one.id);
      pulling.say(own.id);
    }
  }
  const bringers = new Set(brought.values());
  return {
    brought,
    indexOf: (id: FactId): ForeignKeyIndex => {
      const one = foreignKeys.find((key) => key.id === id);
      const columns = one === undefined ? [] : columnsOf(one);
      if (bringers.has(id)) return "own";
      const isServed =
        fact.attributes.partitionOf !== null ||
        keys.some((key) => sameColumns(key.slice(0, columns.length), columns)) ||
        indexes.some((index) => sameColumns(leadingColumns(index).slice(0, columns.length), columns));
      return isServed ? "served" : "none";
    },
  };
}

function partitionEntries(a: Table, pulling: Pulling): readonly Property[] {
  return [
    { key: "of", value: constantOf(a.partitionOf ?? "", pulling) ?? text(a.partitionOf ?? "") },
    { key: "rows", value: boundCode(a.partitionBound ?? "DEFAULT") },
  ];
}

export function boundCode(bound: string): Code {
  if (bound === "DEFAULT") return text("default");
  const values = (inside: string): Code => list(splitOutside(inside, ",").map(boundValue));
  const [, modulus, remainder] = /modulus (\d+), remainder (\d+)/i.exec(bound) ?? [];
  if (modulus !== undefined && remainder !== undefined && bound.includes(" WITH ")) {
    return object({ modulus: plain(modulus), remainder: plain(remainder) });
  }
  const list_ = takeGroup(bound.replace(/^FOR VALUES IN /, ""));
  if (bound.startsWith("FOR VALUES IN ") && list_ !== null) return object({ in: values(list_.inside) });
  const from = takeGroup(bound.replace(/^FOR VALUES FROM /, ""));
  const to = takeGroup(from?.rest.replace(/^TO /, "") ?? "");
  return object({ from: values(from?.inside ?? ""), to: values(to?.inside ?? "") });
}

function boundValue(value: string): Code {
  const constant = /^'((?:[^']|'')*)'$/s.exec(value)?.[1];
  if (constant !== undefined) return text(constant.replaceAll("''", "'"));
  if (value === "NULL") return plain("null");
  const code = scalar(value);
  return code.code === "plain" ? code : { code: "sql", parts: [value] };
}

function partitionKeyCode(key: string, of: Fact<object>, pulling: Pulling): Code {
  const method = takePath(key);
  const group = takeGroup(method?.rest ?? "");
  return object({
    by: text(method?.path.toLowerCase() ?? ""),
    on: list(
      splitOutside(group?.inside ?? "", ",").map((given) => {
        const element = elementOf(given);
        return element === null ? { code: "sql", parts: [given] } : elementCode(element, of, pulling);
      }),
    ),
  });
}
