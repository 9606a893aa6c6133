import type { Fact, FactId } from "../../facts.ts";
import {
  type Code,
  call,
  list,
  object,
  optionsCode,
  type Property,
  plain,
  text,
  texts,
  when,
} from "../../pull/code.ts";
import type { Pulling } from "../../pull/pulling.ts";
import { quotePath, withoutParentheses } from "../../quote.ts";
import { type Column, columnId } from "../columns.ts";
import type { Constraint } from "../constraints.ts";
import { splitPath } from "../declaring.ts";
import { factId, ofKind } from "../kind.ts";
import { columnsInName, freeName } from "../naming.ts";
import { commentOf } from "./attached.ts";
import { elementCode, elementOf, optionsOf } from "./indexes.ts";
import { afterWord, nameList, splitOutside, takeGroup, takePath } from "./scan.ts";
import { valueType } from "./types.ts";

const usualName = (a: Constraint, columns: readonly string[], label: string): boolean =>
  a.name === freeName(a.table, columnsInName(columns), label, () => false);

const timing = (a: Constraint): Code | undefined =>
  a.deferrable ? (a.initiallyDeferred ? text("initially deferred") : plain(true)) : undefined;

const commentCode = (id: FactId, pulling: Pulling): Code | undefined => {
  const comment = commentOf(id, pulling);
  return comment === undefined ? undefined : text(comment);
};

export interface KeyShape {
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly withoutOverlaps: boolean;
}

/** `PRIMARY KEY (a, b WITHOUT OVERLAPS) INCLUDE (c)`, `UNIQUE NULLS NOT DISTINCT (a)`. */
export function keyShape({ definition }: Constraint): KeyShape | null {
  const rest = afterWord(definition, "PRIMARY KEY") ?? afterWord(definition, "UNIQUE") ?? "";
  const distinct = afterWord(rest, "NULLS NOT DISTINCT");
  const group = takeGroup(distinct ?? rest);
  const overlaps = group?.inside.endsWith(" WITHOUT OVERLAPS") === true;
  const columns = group === null ? null : nameList(group.inside.replace(/ WITHOUT OVERLAPS$/, ""));
  if (group === null || columns === null) return null;
  const included = afterWord(group.rest, "INCLUDE");
  const includes = included === null ? null : takeGroup(included);
  const include = includes === null ? [] : nameList(includes.inside);
  if (include === null || (group.rest !== "" && includes?.rest !== "")) return null;
  return { columns, include, nullsNotDistinct: distinct !== null, withoutOverlaps: overlaps };
}

/** What a key says besides its columns; empty for one of which nothing is said. */
function keyOptions(fact: Fact<Constraint>, shape: KeyShape, isUsual: boolean, pulling: Pulling) {
  const { attributes: a } = fact;
  return {
    name: isUsual ? undefined : text(a.name),
    withoutOverlaps: when(shape.withoutOverlaps, plain(true)),
    nullsNotDistinct: when(shape.nullsNotDistinct, plain(true)),
    include: shape.include.length > 0 ? texts(shape.include) : undefined,
    deferrable: timing(a),
    with: a.indexOptions.length > 0 ? optionsCode(a.indexOptions) : undefined,
    tablespace: a.indexTablespace === null ? undefined : text(a.indexTablespace),
    comment: commentCode(fact.id, pulling),
  } satisfies Record<string, Code | undefined>;
}

const isNothing = (options: Readonly<Record<string, Code | undefined>>): boolean =>
  Object.values(options).every((one) => one === undefined);

/** Keys as options of a column, or of the table. */
export interface KeyCode {
  readonly column: string | null;
  readonly property: Property;
}

export function primaryKeyCode(fact: Fact<Constraint>, pulling: Pulling): KeyCode | null {
  const shape = keyShape(fact.attributes);
  if (shape === null) return null;
  pulling.say(fact.id);
  const options = keyOptions(fact, shape, usualName(fact.attributes, [], "pkey"), pulling);
  const [column, ...others] = shape.columns;
  if (isNothing(options) && column !== undefined && others.length === 0)
    return { column, property: { key: "primaryKey", value: plain(true) } };
  const columns = texts(shape.columns);
  const value = isNothing(options) ? columns : object({ columns, ...options });
  return { column: null, property: { key: "primaryKey", value } };
}

/** A column's `unique` where it is of one column, an element of the table's list where it is of several. */
export function uniqueCode(fact: Fact<Constraint>, pulling: Pulling): { column: string | null; value: Code } | null {
  const shape = keyShape(fact.attributes);
  if (shape === null) return null;
  pulling.say(fact.id);
  const isUsual = usualName(fact.attributes, [...shape.columns, ...shape.include], "key");
  const options = keyOptions(fact, shape, isUsual, pulling);
  const { name, ...others } = options;
  const [column, second] = shape.columns;
  if (column !== undefined && second === undefined) {
    const value = isNothing(options) ? plain(true) : isNothing(others) && name !== undefined ? name : object(options);
    return { column, value };
  }
  const columns = texts(shape.columns);
  return { column: null, value: isNothing(options) ? columns : object({ columns, ...options }) };
}

/** `name: sql`…`` of the table's checks. */
export function checkProperty(fact: Fact<Constraint>, pulling: Pulling): Property | null {
  const { attributes: a } = fact;
  const group = takeGroup(afterWord(a.definition, "CHECK") ?? "");
  if (group === null || (group.rest !== "" && group.rest !== "NO INHERIT")) return null;
  pulling.say(fact.id);
  const expression = pulling.sql(withoutParentheses(group.inside), fact);
  const options = {
    noInherit: when(group.rest !== "", plain(true)),
    notValid: when(!a.isValidated && a.isEnforced, plain(true)),
    notEnforced: when(!a.isEnforced, plain(true)),
    comment: commentCode(fact.id, pulling),
  };
  return { key: a.name, value: isNothing(options) ? expression : object({ expression, ...options }) };
}

/** An element of the table's exclusions. */
export function exclusionCode(fact: Fact<Constraint>, pulling: Pulling): Code | null {
  const { attributes: a } = fact;
  const method = takePath(afterWord(a.definition, "EXCLUDE USING") ?? "");
  const group = method === null ? null : takeGroup(method.rest);
  if (method === null || group === null) return null;
  let rest = group.rest;
  const take = (word: string): string | null => {
    const found = takeGroup(afterWord(rest, word) ?? "");
    if (found !== null) rest = found.rest;
    return found?.inside ?? null;
  };
  const included = take("INCLUDE");
  const include = included === null ? [] : nameList(included);
  const parameters = take("WITH");
  const where = take("WHERE");
  const elements = splitOutside(group.inside, ",").map((one) => {
    const [, element = "", operator] = /^([\s\S]*) WITH (\S+)$/.exec(one) ?? [];
    const shape = elementOf(element);
    return shape === null || operator === undefined ? null : { shape, operator };
  });
  if (rest !== "" || include === null || elements.includes(null)) return null;
  const known = elements.filter((one) => one !== null);
  const columns = known.map(({ shape }) => shape.column);
  const isUsual = !columns.includes(null) && usualName(a, columns as string[], "excl");
  pulling.say(fact.id);
  return object({
    elements: list(known.map(({ shape, operator }) => list([elementCode(shape, fact, pulling), text(operator)]))),
    using: method.path === "gist" ? undefined : text(method.path),
    where: where === null ? undefined : pulling.sql(withoutParentheses(where), fact),
    include: include.length > 0 ? texts(include) : undefined,
    name: isUsual ? undefined : text(a.name),
    deferrable: timing(a),
    with: parameters === null ? undefined : optionsCode(optionsOf(parameters)),
    tablespace: a.indexTablespace === null ? undefined : text(a.indexTablespace),
    comment: commentCode(fact.id, pulling),
  });
}

/** A foreign key as printed. */
export interface ForeignKeyShape {
  readonly columns: readonly string[];
  readonly target: { readonly schema: string; readonly table: string; readonly columns: readonly string[] };
  readonly isFull: boolean;
  /** The last column of both is a range. */
  readonly isPeriod: boolean;
  readonly onUpdate: string | null;
  readonly onDelete: string | null;
  /** Columns of SET NULL (…). */
  readonly deleted: readonly string[];
}

const ACTIONS =
  /^(?:MATCH (FULL))?(?: ?ON UPDATE (CASCADE|RESTRICT|SET NULL|SET DEFAULT))?(?: ?ON DELETE (CASCADE|RESTRICT|SET NULL|SET DEFAULT)(?: \((.*)\))?)?$/;

export function foreignKeyShape({ definition }: Constraint): ForeignKeyShape | null {
  const own = takeGroup(afterWord(definition, "FOREIGN KEY") ?? "");
  const target = own === null ? null : takePath(afterWord(own.rest, "REFERENCES") ?? "");
  const group = target === null ? null : takeGroup(target.rest);
  if (own === null || target === null || group === null) return null;
  const names = (inside: string) => nameList(inside.replace(/, PERIOD (?=[^,]*$)/, ", "));
  const [columns, targets] = [names(own.inside), names(group.inside)];
  const [schema, table] = splitPath(target.path);
  const [, full, onUpdate, onDelete, some] = ACTIONS.exec(group.rest) ?? [];
  const deleted = some === undefined ? [] : nameList(some);
  if (!ACTIONS.test(group.rest) || columns === null || targets === null || deleted === null) return null;
  if (schema === undefined || table === undefined) return null;
  return {
    columns,
    target: { schema, table, columns: targets },
    isFull: full !== undefined,
    isPeriod: /, PERIOD [^,]*$/.test(own.inside),
    onUpdate: onUpdate ?? null,
    onDelete: onDelete ?? null,
    deleted,
  };
}

/** How the index of a foreign key comes about: it needs none, brings its own, or has none. */
export type ForeignKeyIndex = "served" | "own" | "none";

const NO_INDEX = object({ none: text("the database has none") });

function foreignKeyOptions(fact: Fact<Constraint>, shape: ForeignKeyShape, index: ForeignKeyIndex) {
  const { attributes: a } = fact;
  const action = text((shape.onDelete ?? "NO ACTION").toLowerCase());
  return {
    onDelete: shape.deleted.length === 0 ? action : object({ action, columns: texts(shape.deleted) }),
    onUpdate: shape.onUpdate === null ? undefined : text(shape.onUpdate.toLowerCase()),
    match: when(shape.isFull, text("full")),
    period: when(shape.isPeriod, plain(true)),
    deferrable: timing(a),
    notValid: when(!a.isValidated && a.isEnforced, plain(true)),
    notEnforced: when(!a.isEnforced, plain(true)),
    name: usualName(a, shape.columns, "fkey") ? undefined : text(a.name),
    index: when(index === "none", NO_INDEX),
  };
}

const tableOf = (shape: ForeignKeyShape): FactId => factId("table", quotePath(shape.target.schema, shape.target.table));

/** The sole column of the table's primary key. */
function soleKey(table: FactId, pulling: Pulling): string | null {
  const key = ofKind<Constraint>(pulling.children(table), "constraint").find(
    ({ attributes }) => attributes.type === "primary key",
  );
  const columns = key === undefined ? undefined : keyShape(key.attributes)?.columns;
  return columns?.length === 1 ? (columns[0] ?? null) : null;
}

/** Whether a column can be declared as this foreign key, with the type of its target. */
export function isReference(column: Fact<Column>, fact: Fact<Constraint>, pulling: Pulling): boolean {
  const shape = foreignKeyShape(fact.attributes);
  const { attributes: a } = column;
  if (shape === null || shape.columns.length !== 1) return false;
  const isSelf = tableOf(shape) === column.parent;
  if (!isSelf && pulling.constant(tableOf(shape)) === undefined) return false;
  const [target = ""] = shape.target.columns;
  const found = pulling.facts.get(columnId(shape.target.schema, shape.target.table, target)) as
    | Fact<Column>
    | undefined;
  if (found === undefined || found.id === column.id || found.attributes.type !== a.type) return false;
  if (a.identity !== null || a.generated !== null || a.collation !== null || found.attributes.collation !== null)
    return false;
  // What names its target by text has fewer forms.
  if (isSelf) return soleKey(tableOf(shape), pulling) === target;
  return (
    pulling.isThunk(fact.id, tableOf(shape)) ||
    !(a.notNull && pulling.children(column.id).some(({ kind }) => kind === "default"))
  );
}

/** The column as a foreign key: `references(() => users, { onDelete: "cascade" })`. */
export function referenceCode(
  fact: Fact<Constraint>,
  table: Fact<object>,
  index: ForeignKeyIndex,
  pulling: Pulling,
): (options: readonly Property[]) => Code {
  const shape = foreignKeyShape(fact.attributes);
  if (shape === null) throw new Error(`${fact.id} is no reference`);
  pulling.say(fact.id);
  const id = tableOf(shape);
  const [target = ""] = shape.target.columns;
  const isKey = soleKey(id, pulling) === target;
  const comment = commentCode(fact.id, pulling);
  return (options) => {
    const own = object({ ...foreignKeyOptions(fact, shape, index), constraintComment: comment });
    const all = { ...own, entries: [...own.entries, ...options] };
    if (id === table.id) return call("references", plain("self"), all);
    const constant = pulling.constant(id, isKey ? undefined : target);
    if (constant !== undefined && pulling.isThunk(fact.id, id))
      return call("references", { code: "thunk", of: constant }, all);
    const type = pulling.facts.get(columnId(shape.target.schema, shape.target.table, target))?.attributes.type;
    const value = typeof type === "string" ? valueType(type) : null;
    return {
      ...call("references", text(pathText(shape, pulling, target)), all),
      ...(value === null ? {} : { typeArgument: value }),
    };
  };
}

function pathText(shape: ForeignKeyShape, pulling: Pulling, ...columns: readonly string[]): string {
  const { schema, table } = shape.target;
  return quotePath(...(schema === pulling.schema ? [] : [schema]), table, ...columns);
}

/** An element of the table's foreignKeys; null when it cannot be said. */
export function foreignKeyCode(
  fact: Fact<Constraint>,
  table: Fact<object>,
  index: ForeignKeyIndex,
  pulling: Pulling,
): Code | null {
  const shape = foreignKeyShape(fact.attributes);
  if (shape === null) return null;
  const id = tableOf(shape);
  const constant = pulling.constant(id);
  if (constant === undefined && id !== table.id) return null;
  pulling.say(fact.id);
  const target: Code =
    constant === undefined
      ? plain("self")
      : pulling.isThunk(fact.id, id)
        ? { code: "thunk", of: constant }
        : text(pathText(shape, pulling));
  return object({
    columns: texts(shape.columns),
    references: target,
    target: texts(shape.target.columns),
    ...foreignKeyOptions(fact, shape, index),
    comment: commentCode(fact.id, pulling),
  });
}
