import type { Chance } from "../declare/seeds.ts";
import type { ColumnShape, Typed, TypeShape } from "../rows/tableShapes.ts";
import { hashOf, mixed } from "./chance.ts";

/** A way to write ever new values: another one for each number. */
export type Numbered = (n: number) => string;
/** A way to write values at random. `momentMs`: when the row came about. */
export type Spread = (chance: Chance, momentMs: number) => string;

/** Ways to write values of a column, likely ones first; PostgreSQL says which of them do. */
export interface Forms {
  readonly numbered: readonly Numbered[];
  readonly spread: readonly Spread[];
}

/** A column as forms see it: what its type comes down to, beneath domains. */
interface Written {
  readonly label: string;
  readonly type: string;
  /** Characters. */
  readonly most: number;
  /** Digits after the point. */
  readonly scale: number;
  /** The largest number. */
  readonly limit: number;
  readonly labels: readonly string[];
  readonly subtype: string | null;
}

const WORDS =
  "amber birch cedar delta ember fjord grove harbor island jasper kernel lagoon meadow north ocean prairie quartz river summit tundra umber valley willow yarrow zephyr".split(
    " ",
  );

export const DAY_MS = 86_400_000;
/** Rows come about in the year before. */
export const LAST_MOMENT_MS = Date.UTC(2026, 0, 1);

/**
 * Ways to write a column's values.
 * @param examples values that its conditions accept; none where it has no conditions
 */
export function formsOf(
  column: ColumnShape,
  types: ReadonlyMap<number, TypeShape>,
  label: string,
  examples: readonly string[],
): Forms {
  const written = writtenAs(column, types, `${label}.${column.name}`);
  const isFree = examples.length === 0;
  const texts = examples.slice(0, 8);
  switch (written.type) {
    case "enum":
      return { numbered: [], spread: isFree ? [(chance) => chance.pick(written.labels)] : [] };
    case "bool":
      return { numbered: [], spread: isFree ? [(chance) => chance.pick(["true", "false"])] : [] };
    case "int2":
    case "int4":
    case "int8":
    case "float4":
    case "float8":
    case "numeric":
      return numbers(written, examples.map(Number).filter(Number.isFinite));
    case "text":
    case "varchar":
    case "bpchar":
    case "citext":
    case "name":
      return isFree ? freeTexts(written) : { numbered: texts.flatMap((text) => textForms(text)), spread: [] };
    case "uuid": {
      const uuid = uuids(written.label);
      return { numbered: [uuid], spread: [(chance) => uuid(chance.whole(0, 2 ** 31))] };
    }
    case "date":
      return { numbered: days(texts), spread: [(_, momentMs) => dayText(momentMs)] };
    case "timestamp":
    case "timestamptz":
      return {
        numbered: moments(texts),
        spread: [(_, momentMs) => momentText(momentMs), (_, momentMs) => momentText(momentMs + 30 * DAY_MS)],
      };
    case "time":
      return {
        numbered: [],
        spread: isFree ? [(chance) => new Date(chance.whole(0, 86_399) * 1000).toISOString().slice(11, 19)] : [],
      };
    case "interval":
      return {
        numbered: [(n) => `${n} minutes`],
        spread: isFree ? [(chance) => `${chance.whole(1, 600)} minutes`] : [],
      };
    case "inet":
      return { numbered: [address], spread: isFree ? [(chance) => address(chance.whole(0, 2 ** 24 - 1))] : [] };
    case "macaddr":
      return { numbered: [(n) => `08:00:${hexPairs(n, 4)}`], spread: [] };
    case "bytea":
      return { numbered: [(n) => `\\x${hex(n, 8)}`, (n) => `\\x${hex(n, 64)}`, (n) => `\\x${hex(n, 32)}`], spread: [] };
    case "jsonb":
      return { numbered: isFree ? [(n) => `{"n": ${n}}`] : [], spread: [] };
    case "geometry":
    case "geography":
      return {
        numbered: [(n) => place(((n % 36_000) - 18_000) / 100, (Math.floor(n / 36_000) % 17_000) / 100 - 85)],
        spread: [
          (chance) => place(chance.whole(-1_790_000, 1_790_000) / 10_000, chance.whole(-850_000, 850_000) / 10_000),
        ],
      };
    case "range":
      return { numbered: ranges(written.subtype), spread: [] };
    default:
      return { numbered: [], spread: [] };
  }
}

function writtenAs(given: Typed, types: ReadonlyMap<number, TypeShape>, label: string): Written {
  const type = types.get(given.type);
  if (type?.kind === "d" && type.inner !== null) return writtenAs(type.inner, types, label);
  const { typmod } = given;
  const name = type?.kind === "e" ? "enum" : type?.kind === "r" ? "range" : (type?.name ?? "");
  const isSized = ["varchar", "bpchar"].includes(name) && typmod >= 4;
  const precision = name === "numeric" && typmod >= 4 ? ((typmod - 4) >> 16) & 0xffff : null;
  const scale = precision === null ? (name.startsWith("int") ? 0 : 2) : (((typmod - 4) & 0x7ff) ^ 1024) - 1024;
  return {
    label,
    type: name,
    most: isSized ? typmod - 4 : name === "name" ? 63 : 200,
    scale: Math.max(0, scale),
    limit: precision === null ? (name === "int2" ? 32_767 : 2_147_483_647) : 10 ** (precision - scale) - 10 ** -scale,
    labels: type?.labels ?? [],
    subtype: type?.inner == null ? null : (types.get(type.inner.type)?.name ?? null),
  };
}

function numbers({ scale, limit }: Written, examples: readonly number[]): Forms {
  const write = (n: number) => n.toFixed(scale);
  const step = 10 ** -Math.min(scale, 2);
  const top = Math.min(limit, 1000);
  if (examples.length === 0) {
    return {
      numbered: [(n) => write(n + 1), (n) => write((n + 1) * step)],
      spread: [(chance) => write(chance.whole(0, Math.floor(top / step)) * step)],
    };
  }
  const least = examples.reduce((a, b) => Math.min(a, b));
  const most = examples.reduce((a, b) => Math.max(a, b));
  const between =
    (from: number, to: number): Spread =>
    (chance) =>
      write(Math.min(to, from + chance.whole(0, Math.round((to - from) / step)) * step));
  const middle = examples.toSorted((a, b) => a - b)[Math.floor(examples.length / 2)] ?? least;
  return {
    numbered: [
      (n) => write(least + n),
      (n) => write(least + n * step),
      (n) => write(most - n),
      (n) => write(most - n * step),
    ],
    spread: [between(least, most), between(least, middle), between(middle, most)],
  };
}

function freeTexts({ most, label }: Written): Forms {
  const cut = (text: string) => text.slice(0, most).trimEnd();
  const word = (n: number) => WORDS[(mixed(n ^ hashOf(label)) >>> 0) % WORDS.length] ?? "";
  const isShort = most < 16;
  return {
    numbered: [(n) => (isShort ? base36(n) : `${word(n)}-${base36(n)}`), (n) => base36(n).padStart(most, "0")],
    spread: [(chance) => cut(isShort ? chance.pick(WORDS) : `${chance.pick(WORDS)} ${chance.pick(WORDS)}`)],
  };
}

/** An accepted text with a number in it, wherever it may be. */
function textForms(text: string): readonly Numbered[] {
  const at = text.indexOf("@");
  const { length } = text;
  return [
    ...(at > 0 ? [(n: number) => `${text.slice(0, at)}${base36(n)}${text.slice(at)}`] : []),
    (n) => `${text}${base36(n)}`,
    (n) => `${text}-${base36(n)}`,
    (n) => `${text}_${base36(n)}`,
    (n) => `${text}/${base36(n)}`,
    (n) => `${text}${n}`,
    (n) => `${text}${letters(n, 1)}`,
    (n) => `${text.slice(0, 1)}${base36(n)}${text.slice(1)}`,
    (n) => hex(n, length),
    (n) => String(n).padStart(length, "0"),
    (n) => letters(n, length),
    (n) => letters(n, length).toUpperCase(),
    (n) => text.replace(/\d+(?=\D*$)/, (digits) => String(n).padStart(digits.length, "0")),
  ];
}

const base36 = (n: number): string => n.toString(36);
const hex = (n: number, length: number): string => n.toString(16).padStart(length, "0");

function letters(n: number, length: number): string {
  let [text, left] = ["", n];
  do {
    text = String.fromCharCode(97 + (left % 26)) + text;
    left = Math.floor(left / 26);
  } while (left > 0);
  return text.padStart(length, "a");
}

/** Version 4 as far as anybody can see; the first 32 bits are another number for each row. */
function uuids(label: string): Numbered {
  const start = hashOf(label);
  const word = (n: number, salt: number): string =>
    (mixed(n ^ mixed(start ^ salt)) >>> 0).toString(16).padStart(8, "0");
  return (n) => {
    const [a, b, c, d] = [word(n, 0), word(n, 1), word(n, 2), word(n, 3)];
    const variant = ((Number.parseInt(c[0] ?? "0", 16) & 3) | 8).toString(16);
    return `${a}-${b.slice(0, 4)}-4${b.slice(4, 7)}-${variant}${c.slice(1, 4)}-${c.slice(4)}${d}`;
  };
}

const dayText = (ms: number): string => {
  const text = new Date(ms).toISOString();
  // Years beyond 9999 have a sign and six digits.
  return text.startsWith("+") ? text.slice(2, 13).replace(/^0/, "") : text.slice(0, 10);
};
const momentText = (ms: number): string => {
  const text = new Date(ms).toISOString();
  return text.length === 24
    ? `${text.slice(0, 10)} ${text.slice(11, 23)}+00`
    : `${dayText(ms)} ${text.slice(-13, -1)}+00`;
};

/** Days forward from an early one, and back from a late one, so that an index of either runs on. */
function days(examples: readonly string[]): readonly Numbered[] {
  const starts = [Date.UTC(2000, 0, 1), ...examples.map((text) => Date.parse(text)).filter(Number.isFinite)];
  return starts.flatMap((start): Numbered[] => [
    (n) => dayText(start + n * DAY_MS),
    (n) => dayText(start - n * DAY_MS),
  ]);
}

function moments(examples: readonly string[]): readonly Numbered[] {
  const starts = [LAST_MOMENT_MS, ...examples.map((text) => Date.parse(text)).filter(Number.isFinite)];
  return starts.flatMap((start): Numbered[] => [
    (n) => momentText(start - n * 1000),
    (n) => momentText(start + n * 1000),
  ]);
}

const address = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
const hexPairs = (n: number, pairs: number): string => hex(n, pairs * 2).replace(/(..)(?=.)/g, "$1:");
const place = (longitude: number, latitude: number): string => `POINT(${longitude} ${latitude})`;

/** Ranges one after the other: no two overlap. */
function ranges(subtype: string | null): readonly Numbered[] {
  switch (subtype) {
    case "int4":
    case "int8":
    case "numeric":
      return [(n) => `[${n},${n + 1})`];
    case "date":
      return [
        (n) => `[${dayText(Date.UTC(2000, 0, 1) + n * DAY_MS)},${dayText(Date.UTC(2000, 0, 1) + (n + 1) * DAY_MS)})`,
      ];
    case "timestamp":
    case "timestamptz":
      return [
        (n) =>
          `["${momentText(LAST_MOMENT_MS + n * 3_600_000)}","${momentText(LAST_MOMENT_MS + (n + 1) * 3_600_000)}")`,
      ];
    default:
      return [];
  }
}
