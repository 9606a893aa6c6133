import { textsLike, textsMatching } from "./patterns.ts";
import type { Typed, TypeShape } from "./tableShapes.ts";

/** Values of one type, in its text form. */
export interface Values {
  /** Different from one another and plain, in ascending order where the type has one. */
  readonly series: readonly string[];
  /** Further ones, for conditions that refuse the plain ones. */
  readonly others: readonly string[];
  /** False when only PostgreSQL can say which of them the type takes. */
  readonly isSure: boolean;
}

/** Constants that occur in conditions, from which values are made that may satisfy them. */
export interface Constants {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

export const NO_CONSTANTS: Constants = { texts: [], numbers: [] };
const NONE: Values = { series: [], others: [], isSure: true };
const LENGTH = 20;
const DEPTH = 5;
/** Of values that PostgreSQL is asked about one by one. */
const MOST = 80;

const WORDS =
  "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo sierra tango".split(
    " ",
  );

/** Texts that checks often ask for by a function or a pattern that cannot be read. */
const COMMON_TEXTS = [
  ...["anna@example.org", "ben@example.org", "https://example.org/a", "http://example.org/b", "+15551234567"],
  ...["a-slug", "b-slug", "#a1b2c3", "US", "DE", "USD", "EUR", "en", "en-US", "UTC", "Europe/Berlin", "1.0.0", "1.2.3"],
  ...["12345", "123456789", "1", "0", "A", "AB", "ABC", "a", "Alpha", "10.0.0.1", "2024-01-01", "{}", "[]", "true"],
  ...["00000000-0000-4000-8000-000000000001", "image/png", "/a/b", "a.b", "a_b", "978-3-16-148410-0", "", " "],
  ...["d41d8cd98f00b204e9800998ecf8427e", "aGVsbG8=", "example.org", "GB82WEST12345698765432", "$1", "12:30", "0a1b"],
];

const COMMON_JSON = [
  "{}",
  "[]",
  '"a"',
  "1",
  "true",
  "null",
  '{"a": 1}',
  "[1]",
  '["a"]',
  '[{"a": 1}]',
  '{"a": {"b": "c"}}',
];

/** Forms in which types of extensions are often written; PostgreSQL keeps those that the type takes. */
const PROBES = [
  ...["1", "2", "3", "4", "a", "b", "c", "d", "0", "1.5", "a=>1", "b=>2", "a.b", "b.c", "(1,2)", "(2,3)", "(1,2,3)"],
  ...["[1,2]", "[2,3]", "[1,2,3]", "{}", "{1}", "{1,2}", "1 .. 2", "2 .. 3", "1:1", "2024-01-01", "t", "f", "-", "1 2"],
  ...["00000000-0000-4000-8000-000000000001", "10.0.0.1", "https://example.org", "anna@example.org", "0/1", "(0,1)"],
  ...[
    "978-3-16-148410-0",
    "9780306406157",
    "0-306-40615-2",
    "12-45",
    "CCO",
    "pg_class",
    "integer",
    "english",
    "simple",
  ],
  ...["POINT(1 2)", "POINT(2 3)", "{1:1}/3", "101"],
];

type Series = (i: number, typed: Typed) => string;

const pad = (n: number): string => String(n).padStart(2, "0");
const day = (i: number): string => `2024-01-${pad(i + 1)}`;
const clock = (i: number): string => `${pad(i + 1)}:${pad((i * 7) % 60)}:${pad((i * 11) % 60)}.25`;
const hex = (i: number): string => (i + 1).toString(16).padStart(2, "0");

/** Built-in types that are neither text nor number. */
const SERIES: Readonly<Record<string, Series>> = {
  bool: (i) => (i % 2 === 0 ? "true" : "false"),
  oid: (i) => String(i + 1),
  xid: (i) => String(i + 1),
  xid8: (i) => String(i + 1),
  cid: (i) => String(i + 1),
  tid: (i) => `(0,${i + 1})`,
  money: (i) => `${i + 1}.25`,
  bytea: (i) => `\\x${hex(i)}`,
  json: (i) => `{"n": ${i + 1}}`,
  jsonb: (i) => `{"n": ${i + 1}}`,
  jsonpath: (i) => `$."n${i + 1}"`,
  uuid: (i) => `00000000-0000-4000-8000-0000000000${hex(i)}`,
  date: day,
  timestamp: (i) => `${day(i)} ${clock(i)}`,
  timestamptz: (i) => `${day(i)} ${clock(i)}+00`,
  time: clock,
  timetz: (i) => `${clock(i)}+00`,
  // Every field is there, whatever the column keeps of it.
  interval: (i) => `${i + 1} years ${i + 1} mons ${i + 1} days ${pad(i + 1)}:${pad(i + 1)}:${pad(i + 1)}`,
  inet: (i) => `10.0.0.${i + 1}`,
  cidr: (i) => `10.0.${i + 1}.0/24`,
  macaddr: (i) => `08:00:2b:01:02:${hex(i)}`,
  macaddr8: (i) => `08:00:2b:01:02:03:04:${hex(i)}`,
  bit: (i, { typmod }) => bits(i + 1, typmod > 0 ? typmod : 1, typmod > 0 ? typmod : 1),
  varbit: (i, { typmod }) => bits(i + 1, 1, typmod > 0 ? typmod : 8),
  point: (i) => `(${i + 1},${i + 2})`,
  line: (i) => `{1,2,${i + 1}}`,
  lseg: (i) => `[(0,0),(${i + 1},1)]`,
  box: (i) => `(${i + 2},${i + 2}),(${i + 1},${i + 1})`,
  path: (i) => `((0,0),(${i + 1},1),(2,2))`,
  polygon: (i) => `((0,0),(${i + 1},0),(1,1))`,
  circle: (i) => `<(0,0),${i + 1}>`,
  tsvector: (i) => `'${WORDS[i]}':1`,
  tsquery: (i) => `'${WORDS[i]}'`,
  pg_lsn: (i) => `0/${hex(i)}`,
  txid_snapshot: (i) => `${i + 1}:${i + 9}:`,
  pg_snapshot: (i) => `${i + 1}:${i + 9}:`,
  xml: (i) => `<a>${i + 1}</a>`,
  refcursor: (i) => WORDS[i] ?? "",
  int2vector: (i) => `1 ${i + 1}`,
  oidvector: (i) => `1 ${i + 1}`,
};

/** Not in every build, or written as the locale has it. */
const DOUBTFUL = new Set(["xml", "money"]);

const OTHERS: Readonly<Record<string, readonly string[]>> = {
  bytea: ["\\x", "\\x00010203", `\\x${"ab".repeat(16)}`, `\\x${"ab".repeat(20)}`, `\\x${"ab".repeat(32)}`],
  json: COMMON_JSON,
  jsonb: COMMON_JSON,
  date: ["2999-12-31", "1980-06-15", "1900-01-01", "2024-12-31", "2024-02-29"],
  timestamp: ["2999-12-31 00:00:00", "1980-06-15 00:00:00", "1900-01-01 00:00:00", "2024-01-01 00:00:00"],
  timestamptz: ["2999-12-31 00:00:00+00", "1980-06-15 00:00:00+00", "1900-01-01 00:00:00+00", "2024-01-01 00:00:00+00"],
  time: ["00:00:00", "12:00:00", "23:59:59"],
  timetz: ["00:00:00+00", "12:00:00+00"],
  interval: ["0", "1 second", "15 minutes", "1 hour", "1 day", "7 days", "1 mon", "1 year", "100 years", "-1 day"],
  inet: ["10.0.0.0/24", "::1", "2001:db8::1", "192.168.0.1"],
  cidr: ["::/0", "2001:db8::/32", "10.0.0.1/32"],
  point: ["(0,0)", "(0.5,0.5)", "(-1,-1)"],
  money: ["0", "-1", "100"],
};

function bits(n: number, least: number, most: number): string {
  return n.toString(2).padStart(least, "0").slice(-most);
}

const range = <T>(value: (i: number) => T): readonly T[] => Array.from({ length: LENGTH }, (_, i) => value(i));
const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Values for a type, its parts taken from `types`. */
export function valuesOf(
  typed: Typed,
  types: ReadonlyMap<number, TypeShape>,
  constants: Constants = NO_CONSTANTS,
  depth = 0,
): Values {
  const type = types.get(typed.type);
  if (type === undefined || depth > DEPTH) return NONE;
  const inner = (one: Typed): Values => valuesOf(one, types, constants, depth + 1);
  switch (type.kind) {
    case "e":
      return { series: type.labels.slice(0, LENGTH), others: type.labels.slice(LENGTH), isSure: true };
    case "d":
      return domainValues(type, types, constants, depth);
    case "c":
      return compositeValues(type, inner);
    case "r":
      return type.inner === null ? NONE : rangeValues(type.inner, types, constants, inner(type.inner));
    case "m":
      return type.inner === null ? NONE : multirangeValues(inner(type.inner));
    default:
      return type.category === "A" && type.inner !== null && SERIES[type.name] === undefined
        ? arrayValues(type, inner(elementOf(typed, type.inner)), constants)
        : baseValues(typed, type, constants);
  }
}

function baseValues(typed: Typed, type: TypeShape, constants: Constants): Values {
  const isBuiltIn = type.schema === "pg_catalog";
  if (isBuiltIn && NUMBERS[type.name] !== undefined) return numberValues(typed, type.name, constants);
  if ((isBuiltIn && TEXTS.has(type.name)) || type.name === "citext") return textValues(typed, type.name, constants);
  const series = isBuiltIn ? SERIES[type.name] : undefined;
  if (series !== undefined) {
    const plain = distinct(range((i) => series(i, typed)));
    const extra = constantForms(type.name, constants);
    const others = [...(OTHERS[type.name] ?? []), ...extra];
    return {
      series: plain,
      others: constants === NO_CONSTANTS ? [] : distinct(others),
      isSure: extra.length === 0 && !DOUBTFUL.has(type.name),
    };
  }
  return { series: extensionSeries(typed, type.name), others: [...constants.texts, ...PROBES], isSure: false };
}

/** Texts of conditions as they may serve a type that is neither text nor number. */
function constantForms(name: string, { texts }: Constants): readonly string[] {
  if (name === "json" || name === "jsonb") {
    const keys = texts.filter((text) => /^[\w-]+$/.test(text)).slice(0, 8);
    const object = (value: (key: string) => unknown) =>
      JSON.stringify(Object.fromEntries(keys.map((k) => [k, value(k)])));
    const pairs = keys.flatMap((key) =>
      keys.filter((other) => other !== key).map((other) => JSON.stringify({ [key]: other })),
    );
    const each = keys.flatMap((key) => [
      JSON.stringify({ [key]: 1 }),
      JSON.stringify({ [key]: "a" }),
      JSON.stringify([key]),
    ]);
    return keys.length === 0
      ? texts
      : [...texts, object(() => 1), object(() => "a"), object(() => []), ...each, ...pairs];
  }
  const dates = texts.flatMap((text) => {
    const [, date, rest = ""] = /^(\d{4}-\d{2}-\d{2})(.*)$/s.exec(text) ?? [];
    return date === undefined ? [] : [`${shiftDay(date, -1)}${rest}`, `${shiftDay(date, 1)}${rest}`];
  });
  return [...texts, ...dates];
}

function shiftDay(date: string, days: number): string {
  const shifted = new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000);
  return Number.isNaN(shifted.getTime()) ? date : shifted.toISOString().slice(0, 10);
}

const NUMBERS: Readonly<Record<string, { readonly most: number } | undefined>> = {
  int2: { most: 32_767 },
  int4: { most: 2_147_483_647 },
  int8: { most: Number.MAX_SAFE_INTEGER },
  float4: { most: 1e30 },
  float8: { most: 1e30 },
  numeric: { most: 1e30 },
};

function numberValues({ typmod }: Typed, name: string, { numbers }: Constants): Values {
  const isWhole = name.startsWith("int");
  // numeric(p,s): see numeric_typmod_precision and _scale in PostgreSQL's sources.
  const precision = name === "numeric" && typmod >= 4 ? ((typmod - 4) >> 16) & 0xffff : null;
  const scale = precision === null ? (isWhole ? 0 : 2) : (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
  const most = precision === null ? (NUMBERS[name]?.most ?? 0) : 10 ** (precision - scale) - 10 ** -scale;
  const step = 10 ** -scale;
  const fits = (n: number) => Number.isFinite(n) && Math.abs(n) <= most + step / 1e6;
  // 1.25, 2.25 …, so that a conversion that loses the fraction shows; the smallest steps where there is no room.
  const fraction = scale >= 2 ? 0.25 : scale === 1 ? 0.5 : 0;
  const plain = (i: number) => (fits(LENGTH + fraction) && scale >= 0 ? i + 1 + fraction : (i + 1) * step);
  const write = (n: number) => (scale > 0 ? String(Number(n.toFixed(Math.min(scale, 20)))) : String(Math.round(n)));
  const middles = numbers.flatMap((n, i) => (i > 0 ? [(n + (numbers[i - 1] ?? 0)) / 2] : []));
  const around = numbers.flatMap((n) => [n, n + 1, n - 1, -n, n / 2, n + step, n - step]);
  const others = [0, 0.5, 1, 2, -1, 10, 100, 1000, ...around, ...middles].filter(fits);
  return {
    series: distinct(range(plain).filter(fits).map(write)),
    others: distinct(others.map(write).map((text) => (text === "-0" ? "0" : text))),
    isSure: true,
  };
}

const TEXTS = new Set(["text", "varchar", "bpchar", "name", "char"]);

function textValues({ typmod }: Typed, name: string, { texts, numbers }: Constants): Values {
  const most = name === "char" ? 1 : name === "name" ? 63 : typmod >= 4 ? typmod - 4 : 10_000;
  const letters = (i: number) =>
    most > 1 ? `${String.fromCharCode(97 + (i % 26))}${(i * 7) % 10}` : String.fromCharCode(97 + i);
  const series = range((i) => (most >= 8 ? (WORDS[i] ?? "") : letters(i)));
  // One with what scripts get wrong: quote, backslash, letters beyond ASCII.
  const plain = most >= 24 ? series.map((text, i) => (i % 4 === 2 ? `${text} "ü" o'\\ñ` : text)) : series;
  const ofLength = numbers
    .filter((n) => Number.isInteger(n) && n > 0 && n <= 2000)
    .flatMap((n) => [n, n - 1, n + 1])
    .flatMap((n) => ["a", "1"].map((letter) => letter.repeat(n)));
  const patterns = texts.filter((text) => /[\\^$.*+?()[\]{}|]/.test(text));
  const sampled = patterns.flatMap((text) => textsMatching(text, 6));
  const matching = [...sampled, ...texts.flatMap((text) => textsLike(text, sampled.slice(0, 12)))];
  const listed = texts.flatMap((text) => (/^\{.*\}$/s.test(text) ? text.slice(1, -1).split(",") : []));
  const others = [...texts, ...listed, ...matching, ...COMMON_TEXTS, ...numbers.map(String), ...ofLength];
  return { series: plain, others: distinct(others.filter((text) => [...text].length <= most)), isSure: true };
}

function domainValues(
  type: TypeShape,
  types: ReadonlyMap<number, TypeShape>,
  constants: Constants,
  depth: number,
): Values {
  if (type.inner === null) return NONE;
  const own = constantsOf(type.checks);
  const all = {
    texts: distinct([...own.texts, ...constants.texts]),
    numbers: [...new Set([...own.numbers, ...constants.numbers])],
  };
  const base = valuesOf(type.inner, types, type.checks.length > 0 ? all : constants, depth + 1);
  return type.checks.length === 0 ? base : { ...base, others: base.others.slice(0, MOST), isSure: false };
}

function compositeValues(type: TypeShape, inner: (one: Typed) => Values): Values {
  const fields = type.fields.map(inner);
  return {
    series: distinct(range((i) => `(${fields.map(({ series }) => fieldText(series, i)).join(",")})`)),
    others: [],
    isSure: fields.every((field) => field.isSure),
  };
}

const fieldText = (series: readonly string[], i: number): string =>
  series.length === 0 ? "" : quoted(series[i % series.length] ?? "");

const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&")}"`;

/** The modifier of an array is that of its elements. */
const elementOf = (array: Typed, inner: Typed): Typed => ({
  ...inner,
  typmod: array.typmod,
  text: array.text.replace(/\[\]$/, ""),
});

function arrayValues({ delimiter }: TypeShape, element: Values, { numbers }: Constants): Values {
  const { series } = element;
  if (series.length === 0) return { series: ["{}"], others: [], isSure: element.isSure };
  const of = (...items: readonly string[]) => `{${items.map(quoted).join(delimiter)}}`;
  const at = (i: number) => series[i % series.length] ?? "";
  const sizes = numbers.filter((n) => Number.isInteger(n) && n >= 0 && n <= 64);
  const sized = sizes.flatMap((n) => [n - 1, n, n + 1]).filter((n) => n >= 0);
  return {
    series: distinct(range((i) => (i % 2 === 0 ? of(at(i), at(i + 1)) : of(at(i))))),
    others: distinct([
      "{}",
      ...sized.map((n) => of(...Array.from({ length: n }, (_, i) => at(i)))),
      ...element.others.slice(0, 40).map((text) => of(text)),
      of(...element.others.slice(0, 3)),
    ]),
    isSure: element.isSure,
  };
}

const ORDERED = new Set(["int4", "int8", "numeric", "date", "timestamp", "timestamptz"]);

function rangeValues(
  subtype: Typed,
  types: ReadonlyMap<number, TypeShape>,
  constants: Constants,
  { series, others }: Values,
): Values {
  const span = (low: string, high: string) => `[${quoted(low)},${quoted(high)})`;
  const pairs = series.flatMap((low, i) => (i + 1 < series.length ? [span(low, series[i + 1] ?? "")] : []));
  const bounds = constants === NO_CONSTANTS ? [] : [...others.slice(0, 12), ...series.slice(0, 3)];
  const wide = bounds.flatMap((low) => bounds.filter((high) => high !== low).map((high) => span(low, high)));
  const open = series.slice(0, 2).flatMap((low) => [`[${quoted(low)},)`, `(,${quoted(low)}]`]);
  const type = types.get(subtype.type);
  const isSure = wide.length === 0 && type !== undefined && type.schema === "pg_catalog" && ORDERED.has(type.name);
  return { series: pairs, others: distinct(["empty", ...open, ...wide]), isSure };
}

function multirangeValues({ series, isSure }: Values): Values {
  return { series: series.map((one) => `{${one}}`), others: ["{}", `{${series[0] ?? ""},${series[2] ?? ""}}`], isSure };
}

/** Types of extensions that are met often, by name. */
function extensionSeries({ text, typmod }: Typed, name: string): readonly string[] {
  switch (name) {
    case "geometry":
    case "geography":
      return range((i) => shapeText(text, i));
    case "hstore":
      return range((i) => `"n"=>"${i + 1}"`);
    case "ltree":
    case "lquery":
    case "ltxtquery":
      return range((i) => `top.${WORDS[i]}`);
    case "cube":
      return range((i) => `(${i + 1})`);
    case "seg":
      return range((i) => String(i + 1));
    case "vector":
    case "halfvec":
      return range((i) => `[${Array.from({ length: Math.max(typmod, 1) }, (_, d) => (d + i) % 7).join(",")}]`);
    case "sparsevec":
      return range((i) => `{1:${i + 1}}/${Math.max(typmod, 1)}`);
    default:
      return [];
  }
}

/** A geometry of the kind, dimensions and reference system that its type names: `public.geometry(PointZ,4326)`. */
function shapeText(type: string, i: number): string {
  const [, word = "point", srid] = /\((\w+)(?:,(\d+))?\)/.exec(type) ?? [];
  const [, kind = "POINT", dimensions = ""] = /^(.*?)(ZM|Z|M)?$/.exec(word.toUpperCase()) ?? [];
  const extra = " 1".repeat(dimensions.length);
  const at = (x: number, y: number) => `${x} ${y}${extra}`;
  const point = at(i + 1, i + 2);
  const line = `${at(i, i)},${at(i + 1, i + 2)}`;
  const ring = `(${at(i, i)},${at(i + 1, i)},${at(i + 1, i + 1)},${at(i, i)})`;
  const bodies: Readonly<Record<string, string>> = {
    LINESTRING: `(${line})`,
    POLYGON: `(${ring})`,
    MULTIPOINT: `((${point}))`,
    MULTILINESTRING: `((${line}))`,
    MULTIPOLYGON: `((${ring}))`,
    TRIANGLE: `(${ring})`,
    GEOMETRYCOLLECTION: `(POINT ${dimensions} (${point}))`,
  };
  const known = bodies[kind];
  const prefix = srid === undefined ? "" : `SRID=${srid};`;
  return known === undefined ? `${prefix}POINT ${dimensions} (${point})` : `${prefix}${kind} ${dimensions} ${known}`;
}

/** Constants in printed expressions: quoted texts, and numbers, those in quotes included. */
export function constantsOf(expressions: readonly string[]): Constants {
  const texts = new Set<string>();
  const numbers = new Set<number>();
  for (const expression of expressions) {
    const bare = expression.replace(/(E?)'((?:[^']|'')*)'/g, (_, escaped: string, body: string) => {
      const plain = body.replaceAll("''", "'");
      texts.add(escaped === "" ? plain : plain.replace(/\\(.)/gs, "$1"));
      return " ";
    });
    for (const [number] of bare.matchAll(/(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?/g)) numbers.add(Number(number));
  }
  for (const text of texts) if (/^-?\d+(\.\d+)?$/.test(text)) numbers.add(Number(text));
  return { texts: [...texts], numbers: [...numbers].filter(Number.isFinite).sort((a, b) => a - b) };
}
