import type { Fact } from "../../facts.ts";
import { type Code, call, type Property, plain, text } from "../../pull/code.ts";
import type { Pulling } from "../../pull/pulling.ts";

/** Types of PostgreSQL's own that have a constructor, by the name that format_type prints; with the value's type in TypeScript. */
const PLAIN: Readonly<Record<string, readonly [constructor: string, value: string]>> = {
  "double precision": ["double", "number"],
  ...Object.fromEntries(["smallint", "integer", "real", "oid"].map((name) => [name, [name, "number"] as const])),
  ...Object.fromEntries(
    `uuid text money date inet cidr macaddr macaddr8 tsvector tsquery xml point line lseg box path polygon circle numeric
    int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange
    tstzmultirange datemultirange interval`
      .split(/\s+/)
      .map((name) => [name, [name, "string"] as const]),
  ),
  bigint: ["bigint", "bigint"],
  boolean: ["boolean", "boolean"],
  json: ["json", "unknown"],
  jsonb: ["jsonb", "unknown"],
  bytea: ["bytea", "Uint8Array"],
  "character varying": ["varchar", "string"],
  "bit varying": ["varbit", "string"],
};

/** Types with something in parentheses. */
const SIZED: Readonly<Record<string, string>> = {
  "character varying": "varchar",
  character: "char",
  numeric: "numeric",
  bit: "bit",
  "bit varying": "varbit",
};

const TIMES: Readonly<Record<string, string>> = {
  "time without time zone": "time",
  "time with time zone": "timetz",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
};

/** Types that extensions bring, found by their bare name. */
const EXTENSIONS = new Set(["citext", "hstore", "ltree", "vector", "geometry", "geography"]);

/** A type without the array's brackets, its modifier, and the parts in between. */
interface Shape {
  readonly base: string;
  readonly sizes: readonly string[];
}

function shapeOf(type: string): Shape {
  const [, before = type, sizes, after = ""] = /^([^("]*)\(([^)]*)\)(.*)$/.exec(type) ?? [];
  return { base: `${before.trim()}${after}`, sizes: sizes === undefined ? [] : sizes.split(",") };
}

/** The constructor of a column, argument or attribute of this type. */
export function typeCode(type: string, options: readonly Property[], of: Fact<object>, pulling: Pulling): Code {
  const given: readonly Code[] = options.length === 0 ? [] : [{ code: "object", entries: options }];
  if (type.endsWith("[]")) return call("array", typeCode(type.slice(0, -2), [], of, pulling), ...given);
  const declared = pulling.typeConstant(type);
  if (declared !== undefined) return call(declared, ...given);
  const { base, sizes } = shapeOf(type);
  const known = PLAIN[type];
  if (known !== undefined) return call(known[0], ...given);
  const sized = SIZED[base];
  if (sized !== undefined && sizes.length > 0) return call(sized, ...sizes.map(plain), ...given);
  const time = TIMES[base];
  if (time !== undefined) {
    const entries = [...(sizes[0] === undefined ? [] : [{ key: "precision", value: plain(sizes[0]) }]), ...options];
    return entries.length === 0 ? call(time) : call(time, { code: "object", entries });
  }
  if (base === "interval" && sizes[0] !== undefined) {
    return call("interval", { code: "object", entries: [{ key: "precision", value: plain(sizes[0]) }, ...options] });
  }
  const bare = extensionType(base, pulling);
  if (bare !== null)
    return call(bare, ...sizes.map((size) => (/^-?\d+$/.test(size) ? plain(size) : text(size))), ...given);
  const named = pulling.sql(type, of);
  const isNamed = named.code === "sql" && named.parts.some((part) => typeof part !== "string");
  return call("column", isNamed ? named : text(type), ...given);
}

function extensionType(base: string, { searchPath }: Pulling): string | null {
  const [schema = "", name, more] = base.split(".");
  if (name === undefined || more !== undefined || !searchPath.includes(schema)) return null;
  return EXTENSIONS.has(name) ? name : null;
}

/** The TypeScript type of a column's values, where its constructor has one. */
export function valueType(type: string): string | null {
  const { base } = shapeOf(type);
  if (TIMES[base] !== undefined || SIZED[base] !== undefined) return "string";
  const value = PLAIN[base]?.[1];
  return value === undefined || value === "unknown" ? null : value;
}

/** A type where TypeScript wants one by itself: an argument of a function, what it returns. */
export const bareType = (type: string, of: Fact<object>, pulling: Pulling): Code => typeCode(type, [], of, pulling);
