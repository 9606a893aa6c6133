// What generated validators are made of: Zod schemas that take what PostgreSQL takes, for values in the form in which
// generated clients read and write them. `import { text } from "verso/validators"`.
import { z } from "zod";
import { compareDecimals, decimalFrom, rounded } from "./decimals.ts";

export * from "./conditions.ts";
export { geometry } from "./places.ts";

export interface TextRules {
  /** Of varchar(n): further characters may only be spaces, which PostgreSQL cuts off. */
  readonly limit?: number;
  /** In characters, as PostgreSQL counts them. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
  /** Something other than spaces. */
  readonly notBlank?: true;
}

/** Text, and whatever else travels as text. */
export function text<T extends string = string>(rules: TextRules = {}): z.ZodType<T> {
  const { limit, min, max, pattern, oneOf, notBlank } = rules;
  return checked<T>("string", (given) => {
    if (given.includes("\0")) return "holds a zero character";
    const characters = limit === undefined && min === undefined && max === undefined ? [] : [...given];
    if (limit !== undefined && characters.slice(limit).some((one) => one !== " "))
      return `is longer than ${limit} characters`;
    const length = limit === undefined ? characters.length : Math.min(characters.length, limit);
    const kept = limit === undefined ? given : characters.slice(0, limit).join("");
    if (min !== undefined && length < min) return min === 1 ? "is empty" : `is shorter than ${min} characters`;
    if (max !== undefined && length > max) return `is longer than ${max} characters`;
    if (notBlank === true && !/[^ ]/.test(kept)) return "is blank";
    if (pattern !== undefined && !pattern.test(kept)) return `does not match ${pattern.source}`;
    if (oneOf !== undefined && !oneOf.includes(kept)) return `is none of ${oneOf.join(", ")}`;
    return null;
  });
}

/** A limit of numbers, as decimal text, so that no digit is lost. */
export interface Range {
  readonly min?: string;
  readonly above?: string;
  readonly max?: string;
  readonly below?: string;
}

const INTEGERS = {
  smallint: [-(2 ** 15), 2 ** 15 - 1],
  integer: [-(2 ** 31), 2 ** 31 - 1],
  oid: [0, 2 ** 32 - 1],
} as const;

export function integer(type: keyof typeof INTEGERS, range: Range = {}): z.ZodType<number> {
  const [lowest, highest] = INTEGERS[type];
  return checked<number>("number", (given) => {
    if (!Number.isInteger(given)) return "is no whole number";
    if (given < lowest || given > highest) return `is out of range for ${type}`;
    return outside(range, (limit) => given - Number(limit));
  });
}

export function bigint(range: Range = {}): z.ZodType<bigint> {
  return checked<bigint>("bigint", (given) => {
    if (BigInt.asIntN(64, given) !== given) return "is out of range for bigint";
    return outside(range, (limit) => compareDecimals(decimalFrom(String(given)), decimalFrom(limit)));
  });
}

export function float(type: "real" | "double precision", range: Range = {}): z.ZodType<number> {
  return checked<number>("number", (given) => {
    const kept = type === "real" ? Math.fround(given) : given;
    const isLost = Number.isFinite(given) && (!Number.isFinite(kept) || (kept === 0 && given !== 0));
    if (isLost) return "is out of range for real";
    // PostgreSQL has NaN above every other number.
    return outside(range, (limit) => (Number.isNaN(kept) ? 1 : kept - Number(limit)));
  });
}

/** numeric, as decimal text. With a scale the value is rounded before anything is asked of it, as PostgreSQL does. */
export function decimal(
  rules: Range & { readonly precision?: number; readonly scale?: number } = {},
): z.ZodType<string> {
  const { precision, scale = 0 } = rules;
  return checked<string>("string", (given) => {
    if (given === "NaN") return outside(rules, () => 1);
    if (given === "Infinity" || given === "-Infinity") {
      if (precision !== undefined) return `is out of range for numeric(${precision},${scale})`;
      return outside(rules, () => (given === "Infinity" ? 1 : -1));
    }
    if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(given)) return "is no decimal number";
    const exact = decimalFrom(given);
    const kept = precision === undefined ? exact : rounded(exact, scale);
    if (precision !== undefined) {
      const size = kept.digits < 0n ? -kept.digits : kept.digits;
      if (size >= 10n ** BigInt(precision)) return `is out of range for numeric(${precision},${scale})`;
    }
    return outside(rules, (limit) => compareDecimals(kept, decimalFrom(limit)));
  });
}

function outside({ min, above, max, below }: Range, compare: (limit: string) => number): string | null {
  if (min !== undefined && compare(min) < 0) return `is below ${min}`;
  if (above !== undefined && compare(above) <= 0) return `is not above ${above}`;
  if (max !== undefined && compare(max) > 0) return `is above ${max}`;
  if (below !== undefined && compare(below) >= 0) return `is not below ${below}`;
  return null;
}

export const boolean = (): z.ZodType<boolean> => z.boolean();

export const bytes = (): z.ZodType<Uint8Array> => z.instanceof(Uint8Array);

/** In its usual form; PostgreSQL also takes it without hyphens or in braces. */
export const uuid = (): z.ZodType<string> =>
  matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, "is no UUID");

const DATE = String.raw`(?<year>\d{4,7})-(?<month>\d\d)-(?<day>\d\d)`;
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d)(?::(?<second>\d\d)(?:\.\d{1,6})?)?`;
const ZONE = String.raw`(?:Z|[+-](?:0\d|1[0-5])(?::?[0-5]\d(?::?[0-5]\d)?)?)`;
const ERA = "(?<era> BC)?";

/** ISO 8601, as PostgreSQL writes it. */
export const date = (): z.ZodType<string> => inCalendar(new RegExp(`^(?:${DATE}${ERA}|-?infinity)$`), 5_874_897);
export const timestamp = (): z.ZodType<string> =>
  inCalendar(new RegExp(`^(?:${DATE}[T ]${TIME}${ERA}|-?infinity)$`), 294_275);
export const timestamptz = (): z.ZodType<string> =>
  inCalendar(new RegExp(`^(?:${DATE}[T ]${TIME}${ZONE}?${ERA}|-?infinity)$`), 294_275);
export const time = (): z.ZodType<string> => inCalendar(new RegExp(`^${TIME}$`), 0);
export const timetz = (): z.ZodType<string> => inCalendar(new RegExp(`^${TIME}${ZONE}$`), 0);

function inCalendar(form: RegExp, lastYear: number): z.ZodType<string> {
  return checked<string>("string", (given) => {
    const found = form.exec(given);
    if (found === null) return "is not in the form of ISO 8601";
    const { year, month, day, hour = "0", minute = "0", second = "0", era } = found.groups ?? {};
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return "is no time of day";
    if (year === undefined) return null;
    // The year 1 BC is 0, which has a leap day.
    const counted = era === undefined ? Number(year) : 1 - Number(year);
    if (Number(year) === 0 || counted > lastYear || counted < -4712) return "is out of range";
    const isLeap = counted % 4 === 0 && (counted % 100 !== 0 || counted % 400 === 0);
    const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1];
    return days === undefined || Number(day) < 1 || Number(day) > days ? "is not in the calendar" : null;
  });
}

const matching = (form: RegExp, otherwise: string): z.ZodType<string> =>
  checked<string>("string", (given) => (form.test(given) ? null : otherwise));

type JsonType = "object" | "array" | "string" | "number" | "boolean" | "null";

/** Any JSON value but null, which is SQL's; of the type declared for the column that it is one, which is not looked into. */
export function json<T = unknown>(type?: JsonType): z.ZodType<T> {
  return z.custom<T>().superRefine((given, context) => {
    const problem =
      given === null
        ? "is null"
        : (jsonProblem(given) ?? (type === undefined || jsonType(given) === type ? null : `is no JSON ${type}`));
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });
}

const jsonType = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

function jsonProblem(value: unknown): string | null {
  switch (jsonType(value)) {
    case "null":
    case "boolean":
      return null;
    case "number":
      return Number.isFinite(value) ? null : "holds a number that JSON does not have";
    case "string":
      return (value as string).includes("\0") ? "holds a zero character" : null;
    case "array":
      return firstProblem(value as readonly unknown[]);
    case "object": {
      const given = value as object;
      if ("toJSON" in given) return null;
      return firstProblem([...Object.keys(given), ...Object.values(given).filter((one) => one !== undefined)]);
    }
    default:
      return "is no JSON value";
  }
}

const firstProblem = (values: readonly unknown[]): string | null => {
  for (const value of values) {
    const problem = jsonProblem(value);
    if (problem !== null) return problem;
  }
  return null;
};

/** A value of a composite type, whose attributes are not looked into. */
export const composite = <T>(): z.ZodType<T> =>
  z.custom<T>((given) => typeof given === "object" && given !== null, { message: "is no object" });

/** A value of a JavaScript type, with what else is wrong with it. */
function checked<T extends string | number | bigint>(
  type: "string" | "number" | "bigint",
  problemOf: (given: T) => string | null,
): z.ZodType<T> {
  return z
    .custom<T>((given) => typeof given === type, { message: `is no ${type}`, abort: true })
    .superRefine((given, context) => {
      const problem = problemOf(given);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    });
}
