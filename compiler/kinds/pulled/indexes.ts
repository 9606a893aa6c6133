import type { Fact } from "../../facts.ts";
import {
  type Code,
  entriesOf,
  list,
  object,
  optionsCode,
  type Property,
  plain,
  text,
  texts,
  unlessEmpty,
  when,
} from "../../pull/code.ts";
import type { Pulling } from "../../pull/pulling.ts";
import { withoutParentheses } from "../../quote.ts";
import { splitPath } from "../declaring.ts";
import type { Index } from "../indexes.ts";
import { ofKind } from "../kind.ts";
import { columnsInName, freeName } from "../naming.ts";
import type { PartitionIndex } from "../partitionIndexes.ts";
import { commentEntries, extensionEntries } from "./attached.ts";
import { collationCode } from "./columns.ts";
import { nameCode } from "./names.ts";
import { afterWord, nameList, soleName, splitOutside, takeGroup, takePath } from "./scan.ts";

/** An index or exclusion element as printed, in its parts. */
export interface Element {
  readonly column: string | null;
  readonly expression: string | null;
  readonly collation: string | null;
  readonly opclass: string | null;
  readonly opclassOptions: string | null;
  readonly isDescending: boolean;
  readonly nulls: "first" | "last" | null;
}

/** What pg_get_indexdef prints after ON; definitions leave USING out where it is btree. */
export interface Shape {
  readonly isOnly: boolean;
  readonly method: string;
  readonly elements: readonly Element[];
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  readonly options: readonly string[];
  readonly where: string | null;
}

export function shapeOf(on: string): Shape | null {
  const afterOnly = afterWord(on, "ONLY");
  const relation = takePath(afterOnly ?? on);
  if (relation === null) return null;
  const method = takePath(afterWord(relation.rest, "USING") ?? `btree ${relation.rest}`);
  const group = method === null ? null : takeGroup(method.rest);
  if (group === null || method === null) return null;
  const elements = splitOutside(group.inside, ",").map(elementOf);
  const tail = tailOf(group.rest);
  if (tail === null || elements.includes(null)) return null;
  return { isOnly: afterOnly !== null, method: method.path, elements: elements as readonly Element[], ...tail };
}

function tailOf(given: string): Omit<Shape, "isOnly" | "method" | "elements"> | null {
  let rest = given;
  const group = (word: string): string | null => {
    const after = afterWord(rest, word);
    const found = after === null ? null : takeGroup(after);
    if (found !== null) rest = found.rest;
    return found?.inside ?? null;
  };
  const included = group("INCLUDE");
  const include = included === null ? [] : nameList(included);
  const distinct = afterWord(rest, "NULLS NOT DISTINCT");
  if (distinct !== null) rest = distinct;
  const options = group("WITH");
  const where = afterWord(rest, "WHERE");
  if (include === null || (where === null && rest !== "")) return null;
  return {
    include,
    nullsNotDistinct: distinct !== null,
    options: options === null ? [] : optionsOf(options),
    where: where === null ? null : withoutParentheses(where),
  };
}

/** `fillfactor='70'` as PostgreSQL prints it, without the quotes. */
export const optionsOf = (list: string): readonly string[] =>
  splitOutside(list, ",").map((option) => option.replace(/='(.*)'$/s, "=$1"));

export function elementOf(given: string): Element | null {
  let rest = given;
  let column: string | null = null;
  let expression: string | null = null;
  const group = takeGroup(rest);
  if (group !== null) {
    expression = withoutParentheses(group.inside);
    rest = group.rest;
  } else {
    const path = takePath(rest);
    if (path === null) return null;
    const call = takeGroup(path.rest);
    if (call !== null && given[path.path.length] === "(") {
      expression = `${path.path}(${call.inside})`;
      rest = call.rest;
    } else {
      column = soleName(path.path);
      if (column === null) return null;
      rest = path.rest;
    }
  }
  const collate = afterWord(rest, "COLLATE");
  const collation = collate === null ? null : takePath(collate);
  if (collation !== null) rest = collation.rest;
  const isWord = (text: string) => /^(?:ASC|DESC|NULLS)\b/.test(text) || text === "";
  let opclass: string | null = null;
  let opclassOptions: string | null = null;
  if (!isWord(rest)) {
    const path = takePath(rest);
    if (path === null) return null;
    opclass = path.path;
    rest = path.rest;
    const options = takeGroup(rest);
    if (options !== null) {
      opclassOptions = options.inside;
      rest = options.rest;
    }
  }
  const descending = afterWord(rest, "DESC");
  if (descending !== null) rest = descending;
  const nulls = /^NULLS (FIRST|LAST)$/.exec(rest)?.[1]?.toLowerCase() as Element["nulls"] | undefined;
  if (nulls === undefined && rest !== "") return null;
  return {
    column,
    expression,
    collation: collation?.path ?? null,
    opclass,
    opclassOptions,
    isDescending: descending !== null,
    nulls: nulls ?? null,
  };
}

export function elementCode(element: Element, of: Fact<object>, pulling: Pulling): Code {
  const { column, expression, collation, opclass, opclassOptions, isDescending, nulls } = element;
  const options = {
    opclass: opclass === null ? undefined : nameCode(opclass, of, pulling),
    opclassOptions: opclassOptions === null ? undefined : optionsCode(optionsOf(opclassOptions)),
    order: when(isDescending, text("desc")),
    nulls: nulls === null ? undefined : text(nulls),
    collate: collation === null ? undefined : collationCode(collation, of, pulling),
  };
  const isBare = Object.values(options).every((one) => one === undefined);
  if (column !== null) return isBare ? text(column) : object({ column: text(column), ...options });
  const code = pulling.sql(expression ?? "", of);
  return isBare ? code : object({ expression: code, ...options });
}

/** Columns that a foreign key can be found by: those before the first expression. */
export function leadingColumns(fact: Fact<Index>): readonly string[] {
  const shape = shapeOf(fact.attributes.on);
  if (shape === null || shape.where !== null) return [];
  const columns = shape.elements.map(({ column }) => column);
  const isWhole = shape.method === "btree" || (shape.method === "hash" && columns.length === 1);
  const end = columns.indexOf(null);
  return isWhole ? ((end < 0 ? columns : columns.slice(0, end)) as readonly string[]) : [];
}

/** True for the index that a foreign key on these columns brings along unasked. */
export function isForeignKeysOwn(fact: Fact<Index>, columns: readonly string[], pulling: Pulling): boolean {
  const { attributes: a } = fact;
  const shape = shapeOf(a.on);
  if (shape === null || a.isUnique || a.tablespace !== null || !a.isValid || pulling.children(fact.id).length > 0)
    return false;
  const isPlain =
    shape.method === "btree" &&
    shape.where === null &&
    shape.include.length === 0 &&
    shape.options.length === 0 &&
    shape.elements.length === columns.length &&
    shape.elements.every((one, i) => one.column === columns[i] && elementIsBare(one));
  return (
    isPlain &&
    !a.isClusteredOn &&
    !a.isReplicaIdentity &&
    Object.keys(a.statistics).length === 0 &&
    a.name === freeName(a.table, columnsInName(columns), "idx", () => false)
  );
}

const elementIsBare = (one: Element): boolean =>
  one.collation === null && one.opclass === null && !one.isDescending && one.nulls === null;

/** An index of a table or materialized view; null when it cannot be said. */
export function indexCode(fact: Fact<Index>, pulling: Pulling): Code | null {
  const { attributes: a } = fact;
  const shape = shapeOf(a.on);
  if (shape === null || (!a.isValid && !shape.isOnly)) return null;
  pulling.say(fact.id);
  const columns = shape.elements.map(({ column }) => column);
  const isUsual =
    !columns.includes(null) &&
    a.name === freeName(a.table, columnsInName([...(columns as string[]), ...shape.include]), "idx", () => false);
  const statistics = Object.entries(a.statistics).map(([number, target]) => ({ key: number, value: plain(target) }));
  const entries: readonly (Property | undefined)[] = [
    { key: "on", value: list(shape.elements.map((element) => elementCode(element, fact, pulling))) },
    isUsual ? undefined : { key: "name", value: text(a.name) },
    a.isUnique ? { key: "unique", value: plain(true) } : undefined,
    shape.method === "btree" ? undefined : { key: "using", value: text(shape.method) },
    shape.where === null ? undefined : { key: "where", value: pulling.sql(shape.where, fact) },
    shape.include.length === 0 ? undefined : { key: "include", value: texts(shape.include) },
    shape.nullsNotDistinct ? { key: "nullsNotDistinct", value: plain(true) } : undefined,
    shape.options.length === 0 ? undefined : { key: "with", value: optionsCode(shape.options) },
    a.tablespace === null ? undefined : { key: "tablespace", value: text(a.tablespace) },
    statistics.length === 0 ? undefined : { key: "statistics", value: { code: "object", entries: statistics } },
    a.isValid ? undefined : { key: "only", value: plain(true) },
    ...extensionEntries(fact.id, pulling),
    ...commentEntries(fact.id, pulling),
  ];
  return { code: "object", entries: entries.filter((entry) => entry !== undefined) };
}

export const indexList = (facts: readonly Fact<Index>[], parts: readonly Code[], pulling: Pulling): Code | undefined =>
  unlessEmpty(list([...facts.map((fact) => indexCode(fact, pulling)).filter((code) => code !== null), ...parts]));

/** The parts that a partition has of its parent's indexes, where they have names or comments of their own. */
export function partitionIndexList(children: readonly Fact[], pulling: Pulling): readonly Code[] {
  return ofKind<PartitionIndex>(children, "partition index").flatMap((fact) => {
    const { attributes: a } = fact;
    const shape = shapeOf(a.on);
    const [, index = ""] = splitPath(a.attachedTo);
    if (shape === null) return [];
    pulling.say(fact.id);
    const comment = commentEntries(fact.id, pulling);
    // Names that PostgreSQL would choose are left to it.
    if (a.name.startsWith(`${a.table}_`) && /_idx\d*$/.test(a.name) && comment.length === 0) return [];
    const given = entriesOf({
      on: list(shape.elements.map((element) => elementCode(element, fact, pulling))),
      name: text(a.name),
      partOf: text(index),
      unique: when(a.isUnique, plain(true)),
      using: when(shape.method !== "btree", text(shape.method)),
      where: shape.where === null ? undefined : pulling.sql(shape.where, fact),
      include: shape.include.length === 0 ? undefined : texts(shape.include),
      nullsNotDistinct: when(shape.nullsNotDistinct, plain(true)),
      with: shape.options.length === 0 ? undefined : optionsCode(shape.options),
    });
    return [{ code: "object", entries: [...given, ...comment] } as const];
  });
}
