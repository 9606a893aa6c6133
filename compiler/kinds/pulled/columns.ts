import type { Fact, FactId } from "../../facts.ts";
import {
  type Code,
  integerCode,
  list,
  literalCode,
  object,
  optionsCode,
  type Property,
  plain,
  text,
} from "../../pull/code.ts";
import type { Pulling } from "../../pull/pulling.ts";
import { withoutParentheses } from "../../quote.ts";
import type { Column, Identity } from "../columns.ts";
import { splitPath } from "../declaring.ts";
import type { Default } from "../defaults.ts";
import type { IdentitySequence } from "../identitySequences.ts";
import { ofKind } from "../kind.ts";
import { commentOf, docOrOption, grantsOn } from "./attached.ts";
import { foreignOptionsCode, nameAsSql } from "./names.ts";
import { soleName, soleText } from "./scan.ts";
import { typeCode } from "./types.ts";

/** What a table's keys and foreign keys add to a column's own options. */
export interface ColumnPart {
  /** First among its options: `primaryKey`, `unique`. */
  readonly keys: readonly Property[];
  /** Instead of its type: the foreign key that it is. */
  readonly reference?: (options: readonly Property[]) => Code;
}

export function columnProperty(fact: Fact<Column>, part: ColumnPart, pulling: Pulling): Property {
  const { attributes: a } = fact;
  pulling.say(fact.id);
  const comment = docOrOption(commentOf(fact.id, pulling));
  const isKey = part.keys.some(({ key }) => key === "primaryKey");
  const options: readonly Property[] = [
    ...part.keys,
    ...(a.notNull || isKey ? [] : [{ key: "nullable", value: plain(true) }]),
    ...defaultOption(fact, pulling),
    ...(a.identity === null ? [] : [{ key: "identity", value: identityCode(fact, a.identity, pulling) }]),
    ...(a.generated === null
      ? []
      : [
          { key: "generated", value: pulling.sql(withoutParentheses(a.generated.expression), fact) },
          ...(a.generated.isStored ? [] : [{ key: "virtual", value: plain(true) }]),
        ]),
    ...(a.collation === null ? [] : [{ key: "collate", value: collationCode(a.collation, fact, pulling) }]),
    ...(a.storage === null ? [] : [{ key: "storage", value: text(a.storage.toLowerCase()) }]),
    ...(a.compression === null ? [] : [{ key: "compression", value: text(a.compression) }]),
    ...(a.statisticsTarget === null ? [] : [{ key: "statistics", value: plain(a.statisticsTarget) }]),
    ...(a.options.length === 0 ? [] : [{ key: "with", value: optionsCode(a.options) }]),
    ...(a.foreignOptions.length === 0
      ? []
      : [{ key: "foreignOptions", value: foreignOptionsCode(a.foreignOptions) ?? object({}) }]),
    ...(a.notNullName === null ? [] : [{ key: "notNullName", value: text(a.notNullName) }]),
    ...(a.notNullIsValidated ? [] : [{ key: "notNullNotValid", value: plain(true) }]),
    ...(a.notNullIsInheritable ? [] : [{ key: "notNullNoInherit", value: plain(true) }]),
    ...comment.entries,
  ];
  const value = part.reference?.(options) ?? typeCode(a.type, options, fact, pulling);
  return { key: a.name, value, doc: comment.doc };
}

/** A collation by its name, or as SQL where it has a schema. */
export function collationCode(collation: string, of: Fact<object>, pulling: Pulling): Code {
  const name = soleName(collation);
  return name === null ? nameAsSql(collation, of, pulling) : text(name);
}

function defaultOption(fact: Fact<Column>, pulling: Pulling): readonly Property[] {
  const [found] = ofKind<Default>(pulling.children(fact.id), "default");
  if (found === undefined) return [];
  pulling.say(found.id);
  const { expression } = found.attributes;
  const value = literalOf(expression, fact.attributes.type);
  return [{ key: "default", value: value ?? pulling.sql(withoutParentheses(expression), found) }];
}

/** Types whose constants are texts to TypeScript too. */
const TEXTS =
  /^(?:text|uuid|date|bigint|numeric|money|inet|cidr|macaddr8?|xml|tsvector|tsquery)$|^(?:character|time|numeric|bit)\b/;

/** A constant as PostgreSQL prints it, as a value of TypeScript that compiles to the same one; null for any other expression. */
export function literalOf(expression: string, type: string): Code | null {
  if (expression === "true" || expression === "false") return type === "boolean" ? plain(expression) : null;
  if (/^\d+(?:\.\d+)?$/.test(expression)) return number(expression);
  const [, constant, cast] = /^((?:[eE])?'(?:[^'\\]|''|\\.)*')::(.+)$/s.exec(expression) ?? [];
  const value = constant === undefined ? null : soleText(constant);
  if (value === null || cast === undefined) return null;
  if (/^(?:integer|numeric)$/.test(cast) && /^-\d+(?:\.\d+)?$/.test(value)) return number(value);
  if (unsized(cast) !== unsized(type)) return null;
  if (type === "jsonb" || type === "json") return jsonOf(value, type);
  if (type.endsWith("[]")) return arrayOf(value, type.slice(0, -2));
  return TEXTS.test(type) || isDeclared(type) ? text(value) : null;
}

/** Enums and domains, whose constants are texts. */
const isDeclared = (type: string): boolean => type.includes(".") && !type.includes("(");

const unsized = (type: string): string => type.replace(/\(\d+(?:,\d+)?\)/, "");

const number = (digits: string): Code | null => (String(Number(digits)) === digits ? plain(digits) : null);

function jsonOf(value: string, type: string): Code | null {
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== "object" || parsed === null) return null;
    return (type === "jsonb" ? printedJson(parsed) : JSON.stringify(parsed)) === value ? literalCode(parsed) : null;
  } catch {
    return null;
  }
}

/** As PostgreSQL prints jsonb. */
function printedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printedJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inside]) => `${JSON.stringify(key)}: ${printedJson(inside)}`)
    .join(", ")}}`;
}

function arrayOf(value: string, element: string): Code | null {
  if (value === "{}") return list([]);
  const items = /^\{([A-Za-z0-9_.:+-]+(?:,[A-Za-z0-9_.:+-]+)*)\}$/.exec(value)?.[1]?.split(",");
  if (items === undefined || items.some((item) => item.toUpperCase() === "NULL")) return null;
  if (TEXTS.test(element) || isDeclared(element)) return list(items.map(text));
  const numbers = /^(?:smallint|integer|real|double precision)$/.test(element) ? items.map(number) : [null];
  return numbers.includes(null) ? null : list(numbers as readonly Code[]);
}

const LIMITS: Readonly<Record<string, string>> = { smallint: "32767", integer: "2147483647" };

function identityCode({ id, attributes: a }: Fact<Column>, identity: Identity, pulling: Pulling): Code {
  const generated = identity.always ? "always" : "by default";
  const limit = LIMITS[a.type] ?? "9223372036854775807";
  const options = {
    ...sequenceOptions(identity, limit),
    sequence: identity.sequence === null ? undefined : text(splitPath(identity.sequence).at(-1) ?? ""),
    ...sequenceAttachments(id, pulling),
  };
  return Object.values(options).every((one) => one === undefined)
    ? text(generated)
    : object({ generated: text(generated), ...options });
}

/** What hangs on the sequence behind an identity column. */
function sequenceAttachments(column: FactId, pulling: Pulling): Readonly<Record<string, Code | undefined>> {
  const [sequence] = ofKind<IdentitySequence>(pulling.children(column), "identity sequence");
  if (sequence === undefined) return {};
  pulling.say(sequence.id);
  const comment = commentOf(sequence.id, pulling);
  const grants = grantsOn(sequence, [], pulling);
  return {
    grants: grants.length === 0 ? undefined : list(grants),
    sequenceComment: comment === undefined ? undefined : text(comment),
  };
}

interface Numbers {
  readonly start: string;
  readonly increment: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly cache: string;
  readonly cycle: boolean;
}

/** What differs from a sequence of which nothing is said. */
export function sequenceOptions(a: Numbers, limit: string): Readonly<Record<string, Code | undefined>> {
  const isDescending = a.increment.startsWith("-");
  const minimum = isDescending ? `-${BigInt(limit) + 1n}` : "1";
  const maximum = isDescending ? "-1" : limit;
  const start = isDescending ? a.maximum : a.minimum;
  const unless = (value: string, usual: string) => (value === usual ? undefined : integerCode(value));
  return {
    start: unless(a.start, start),
    increment: unless(a.increment, "1"),
    minimum: unless(a.minimum, minimum),
    maximum: unless(a.maximum, maximum),
    cache: unless(a.cache, "1"),
    cycle: a.cycle ? plain(true) : undefined,
  };
}
