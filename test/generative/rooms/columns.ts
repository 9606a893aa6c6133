import { type Hand, ofKind, pathOf, quote, type Thing, thingAt, type World } from "../world.ts";
import type { Composite, Domain } from "./types.ts";

/** Types whose values convert into one another, so that a column may change between them over rows. */
export type Family = "number" | "word" | "label" | "time" | "truth" | "list" | "json" | "span" | "pair" | "plain";

/** A built-in type by name, or the uid of one of the world's. */
export type TypeName = string | number;

export interface Column {
  readonly uid: number;
  readonly name: string;
  readonly family: Family;
  readonly type: TypeName;
  readonly isNotNull: boolean;
  /** A literal, an expression, or the uid of a sequence or function that gives it. */
  readonly fallback: "literal" | "expression" | number | null;
  readonly collation: string | number | null;
  readonly identity: "always" | "by default" | null;
  /** Uid of the column that it is generated from. */
  readonly generatedFrom: number | null;
  readonly storage: string | null;
  readonly statistics: number | null;
  /** Its table was there before it, and has rows that it has no value in yet. */
  readonly isFresh: boolean;
}

const BUILT_IN: Readonly<Record<Family, readonly string[]>> = {
  number: ["integer", "bigint", "smallint", "numeric(12)", "text", "varchar(20)"],
  word: ["text", "varchar(30)", "varchar"],
  label: ["text", "varchar(20)"],
  time: ["date", "timestamp", "timestamptz", "text"],
  truth: ["boolean", "text"],
  list: ["integer[]", "bigint[]", "text[]"],
  json: ["jsonb", "json", "text"],
  span: ["int4range", "text"],
  pair: [],
  plain: [],
};

const PLAIN: Readonly<Record<string, string>> = {
  uuid: "00000000-0000-0000-0000-00000000000",
  inet: "10.0.0.",
  bytea: "\\x0",
  interval: "1 day 0",
  "numeric(10,2)": "0.5",
  "double precision": "0.1",
  tsvector: "w",
  point: "(1,1)",
  "bit(4)": "0101",
  oid: "1",
  name: "n",
};

export const isText = (type: string): boolean => /^(text|varchar(\(\d+\))?)$/.test(type);
export const isNumber = (type: string): boolean => /^(integer|bigint|smallint|numeric\(12\))$/.test(type);

/** The type that a column's values are of beneath a domain. */
export function baseOf(type: TypeName, world: World): string {
  if (typeof type === "string") return type;
  const thing = thingAt(world, type);
  return thing.kind === "domain" ? (thing.attributes as Domain).base : pathOf(thing, world);
}

export const typeText = (type: TypeName, world: World): string =>
  typeof type === "string" ? type : pathOf(thingAt(world, type), world);

export const isTypeThere = (type: TypeName, world: World): boolean =>
  typeof type === "string" || world.things.some(({ uid }) => uid === type);

export function typesOf(family: Family, world: World): readonly TypeName[] {
  const domains = ofKind<Domain>(world, "domain");
  switch (family) {
    case "number":
      return [...BUILT_IN.number, ...domains.filter(({ attributes }) => attributes.base === "integer").map(uidOf)];
    case "word":
      return [...BUILT_IN.word, ...domains.filter(({ attributes }) => attributes.base === "text").map(uidOf)];
    case "label":
      return [...BUILT_IN.label, ...ofKind(world, "enum").map(uidOf)];
    case "span":
      return [...BUILT_IN.span, ...ofKind(world, "range").map(uidOf)];
    case "pair":
      return ofKind(world, "composite").map(uidOf);
    case "plain":
      return Object.keys(PLAIN);
    default:
      return BUILT_IN[family];
  }
}

const uidOf = ({ uid }: Thing): number => uid;

const FAMILIES: readonly Family[] = [
  "number",
  "number",
  "number",
  "word",
  "word",
  "label",
  "label",
  "time",
  "truth",
  "list",
  "json",
  "span",
  "pair",
  "plain",
];

/** The literal that row `r` of a table holds: another in every row where the family has as many. */
export function literalOf({ family, type }: Pick<Column, "family" | "type">, r: number, world: World): string {
  switch (family) {
    case "number":
      return `'${r}'`;
    case "word":
      return `'w${r}'`;
    case "label":
      return "'ok'";
    case "time":
      return `'2020-01-0${r}'`;
    case "truth":
      return "'true'";
    case "list":
      return `'{${r}}'`;
    case "json":
      return `'${r}'`;
    case "span":
      return `'[${10 * r},${10 * r + 5})'`;
    case "pair": {
      const { attributes } = thingAt(world, Number(type)).attributes as Composite;
      return `'(${attributes.map(() => r).join(",")})'`;
    }
    case "plain":
      return plainValue(String(type), r);
  }
}

function plainValue(type: string, r: number): string {
  const stem = PLAIN[type] ?? "";
  return /[\d)]$/.test(stem) && !/^(uuid|inet|bytea|interval)$/.test(type) ? `'${stem}'` : `'${stem}${r}'`;
}

/** Whether three rows hold three values, that btree can order. */
export const isDistinct = ({ family, type, generatedFrom }: Column): boolean =>
  generatedFrom === null &&
  (["number", "word", "time", "list", "span"].includes(family) || type === "uuid" || type === "inet");

export function makeColumn(
  hand: Hand,
  world: World,
  name: string,
  siblings: readonly Column[],
  isFresh: boolean,
): Column | null {
  const family = hand.pick(FAMILIES) ?? "word";
  const type = hand.pick(typesOf(family, world));
  if (type === undefined) return null;
  const base = siblings.filter(isPlainValue);
  const from = hand.chance(8) ? hand.pick(base.filter((one) => isGenerable(one, world))) : undefined;
  const plain: Column = {
    uid: hand.uid(),
    name,
    family,
    type,
    isNotNull: !isFresh && hand.chance(3),
    fallback: null,
    collation: null,
    identity: null,
    generatedFrom: null,
    storage: null,
    statistics: null,
    isFresh,
  };
  if (from !== undefined)
    return { ...plain, family: "number", type: "bigint", isNotNull: false, generatedFrom: from.uid };
  if (type === "integer" && hand.chance(6))
    return { ...plain, isNotNull: true, identity: hand.chance(2) ? "always" : "by default" };
  const varied = hand.chance(2) ? varyColumn(plain, hand, world) : plain;
  return isFresh && hand.chance(3) && varied.fallback !== null ? { ...varied, isNotNull: true } : varied;
}

const isPlainValue = ({ generatedFrom }: Column): boolean => generatedFrom === null;

const isGenerable = ({ type, family }: Column, world: World): boolean => {
  const base = baseOf(type, world);
  return (family === "number" || family === "word") && (isText(base) || isNumber(base));
};

/** A column with one thing about it changed. */
export function varyColumn(column: Column, hand: Hand, world: World): Column {
  if (column.generatedFrom !== null) return { ...column, statistics: hand.pick([null, 0, 200]) ?? null };
  switch (hand.below(8)) {
    case 0:
    case 1: {
      const type = column.family === "plain" ? column.type : hand.pick(typesOf(column.family, world));
      if (type === undefined || column.identity !== null) return column;
      return tidy({ ...column, type }, world);
    }
    case 2:
      return column.identity !== null || column.isFresh ? column : { ...column, isNotNull: !column.isNotNull };
    case 3:
      return column.identity !== null ? column : { ...column, fallback: drawFallback(column, hand, world) };
    case 4: {
      const collations = [null, "C", "POSIX", ...ofKind(world, "collation").map(uidOf)];
      return isText(baseOf(column.type, world)) ? { ...column, collation: hand.pick(collations) ?? null } : column;
    }
    case 5: {
      const identity = hand.pick(["always", "by default", null] as const) ?? null;
      if (!/^(integer|bigint|smallint)$/.test(String(column.type)) || column.isFresh) return column;
      return { ...column, identity, isNotNull: true, fallback: null };
    }
    case 6:
      return { ...column, statistics: hand.pick([null, 0, 500]) ?? null };
    default:
      return isText(baseOf(column.type, world))
        ? { ...column, storage: hand.pick([null, "main", "external", "plain"]) ?? null }
        : column;
  }
}

/** Takes from a column what its type cannot have. */
function tidy(column: Column, world: World): Column {
  const isTextual = isText(baseOf(column.type, world));
  return {
    ...column,
    collation: isTextual ? column.collation : null,
    storage: isTextual ? column.storage : null,
    fallback: typeof column.fallback === "number" && !hasNumbers(column, world) ? null : column.fallback,
  };
}

const hasNumbers = ({ type, family }: Column, world: World): boolean => {
  const base = baseOf(type, world);
  return family === "number" && (isNumber(base) || isText(base));
};

function drawFallback(column: Column, hand: Hand, world: World): Column["fallback"] {
  const givers = hasNumbers(column, world) ? ofKind(world, "sequence", "arithmetic").map(uidOf) : [];
  return hand.pick([null, "literal", "expression", ...givers]) ?? null;
}

function fallbackText(column: Column, world: World): string {
  const type = typeText(column.type, world);
  if (column.fallback === "literal") return literalOf(column, 1, world);
  if (column.fallback === "expression") {
    if (column.family === "time") return `now()::${type}`;
    if (hasNumbers(column, world)) return `(2 + 2)::${type}`;
    if (isText(baseOf(column.type, world))) return `lower(${literalOf(column, 1, world)})::${type}`;
    return `${literalOf(column, 2, world)}::${type}`;
  }
  const giver = thingAt(world, Number(column.fallback));
  const path = pathOf(giver, world);
  return giver.kind === "sequence" ? `nextval('${path.replaceAll("'", "''")}')::${type}` : `${path}(3)::${type}`;
}

/** What it is made of but its name: uids that it needs. */
export const columnNeeds = ({ type, fallback, collation }: Column): readonly number[] =>
  [type, fallback, collation].filter((one) => typeof one === "number");

export function columnText(column: Column, siblings: readonly Column[], world: World): string {
  const { name, type, collation, identity, generatedFrom, isNotNull, fallback } = column;
  const words = [quote(name), typeText(type, world)];
  if (collation !== null)
    words.push(`collate ${typeof collation === "string" ? quote(collation) : typeText(collation, world)}`);
  const from = siblings.find(({ uid }) => uid === generatedFrom);
  if (from !== undefined) words.push(`generated always as (${generatedText(from, world)}) stored`);
  if (identity !== null) words.push(`generated ${identity} as identity`);
  if (fallback !== null) words.push(`default ${fallbackText(column, world)}`);
  if (isNotNull) words.push("not null");
  return words.join(" ");
}

export const generatedText = (from: Column, world: World): string =>
  isText(baseOf(from.type, world)) ? `length(${quote(from.name)})` : `${quote(from.name)} * 2`;

/** A condition that all the rows meet, in one of several forms. */
export function conditionOn(
  { name, type, family }: Pick<Column, "name" | "type" | "family">,
  form: number,
  world: World,
): string {
  const column = quote(name);
  const base = baseOf(type, world);
  const forms = isNumber(base)
    ? [
        `${column} > 0`,
        `${column} between -5 and 1000`,
        `${column} in (1, 2, 3, 4, 5, 6, 7)`,
        `${column} <> 99 and (${column} > 0 or ${column} < -3)`,
      ]
    : isText(base)
      ? [
          `${column} <> ''`,
          `length(${column}) < 99`,
          `${column} ~ '^[^%]' or ${column} = 'x'`,
          `${column} not in ('it''s', '\\')`,
        ]
      : family === "label"
        ? [`${column} = 'ok'`, `${column} in ('ok')`]
        : [`${column} is not null or true`, `${column}::text <> 'nothing'`];
  return forms[form % forms.length] ?? "true";
}
