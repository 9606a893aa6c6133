// What checks on rows are made of in generated validators. Null is SQL's: what is compared with it is neither true nor false,
// and a check that is not false holds. `undefined` is a value that nobody knows before PostgreSQL does: a default, say.
import type { z } from "zod";
import { compareDecimals, type Decimal, decimalFrom, rounded } from "./decimals.ts";

type Unknown = null | undefined;
type Truth = boolean | Unknown;
type Comparable = number | bigint | string | boolean | Decimal;
type Operand = Comparable | Unknown;

const isUnknown = (value: unknown): value is Unknown => value === null || value === undefined;

export const isNull = (value: unknown): Truth => (value === undefined ? null : value === null);
export const isGiven = (value: unknown): Truth => not(isNull(value));

export function countGiven(...values: readonly unknown[]): number | null {
  return values.includes(undefined) ? null : values.filter((value) => value !== null).length;
}

export const not = (truth: Truth): Truth => (isUnknown(truth) ? null : !truth);
export const both = (...truths: readonly Truth[]): Truth =>
  truths.includes(false) ? false : truths.some(isUnknown) ? null : true;
export const either = (...truths: readonly Truth[]): Truth =>
  truths.includes(true) ? true : truths.some(isUnknown) ? null : false;

export const equals = (one: Operand, other: Operand): Truth => compared(one, other, (order) => order === 0);
export const differs = (one: Operand, other: Operand): Truth => compared(one, other, (order) => order !== 0);
export const lessThan = (one: Operand, other: Operand): Truth => compared(one, other, (order) => order < 0);
export const atMost = (one: Operand, other: Operand): Truth => compared(one, other, (order) => order <= 0);
export const greaterThan = (one: Operand, other: Operand): Truth => compared(one, other, (order) => order > 0);
export const atLeast = (one: Operand, other: Operand): Truth => compared(one, other, (order) => order >= 0);
export const oneOf = (value: Operand, values: readonly Comparable[]): Truth =>
  either(...values.map((one) => equals(value, one)));
export const matchesPattern = (value: string | Unknown, pattern: RegExp): Truth =>
  isUnknown(value) ? null : pattern.test(value);

function compared(one: Operand, other: Operand, test: (order: number) => boolean): Truth {
  return isUnknown(one) || isUnknown(other) ? null : test(orderOf(one, other));
}

/** PostgreSQL has NaN above every other number, and equal to itself. */
function orderOf(one: Comparable, other: Comparable): number {
  const [first, second] = [one, other].map((value) => Number(Number.isNaN(value)));
  if (first !== 0 || second !== 0) return Number(first) - Number(second);
  if (typeof one === "object" || typeof other === "object") return compareExact(one, other);
  return one < other ? -1 : Number(one > other);
}

function compareExact(one: Comparable, other: Comparable): number {
  for (const [value, sign] of [
    [one, 1],
    [other, -1],
  ] as const) {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return Math.sign(value) * sign;
  }
  return compareDecimals(asDecimal(one), asDecimal(other));
}

const asDecimal = (value: Comparable): Decimal => (typeof value === "object" ? value : decimalFrom(String(value)));

const LAST: Readonly<Record<string, readonly [bigint, bigint]>> = {
  smallint: [-(2n ** 15n), 2n ** 15n - 1n],
  integer: [-(2n ** 31n), 2n ** 31n - 1n],
  bigint: [-(2n ** 63n), 2n ** 63n - 1n],
};

type Addend = number | bigint | Unknown;

/** In a type of PostgreSQL's. @throws RangeError where it does not hold the sum */
export const plus = (type: string, one: Addend, other: Addend): number | bigint | null => added(type, one, other, 1);
export const minus = (type: string, one: Addend, other: Addend): number | bigint | null => added(type, one, other, -1);

function added(type: string, one: Addend, other: Addend, sign: 1 | -1): number | bigint | null {
  if (isUnknown(one) || isUnknown(other)) return null;
  const range = LAST[type];
  if (range !== undefined) {
    const sum = BigInt(one) + BigInt(sign) * BigInt(other);
    if (sum < range[0] || sum > range[1]) throw new RangeError(`${type} out of range`);
    return sum;
  }
  const [left, right] = [Number(one), sign * Number(other)];
  const sum = type === "real" ? Math.fround(left + right) : left + right;
  if (Number.isFinite(left) && Number.isFinite(right) && !Number.isFinite(sum)) {
    throw new RangeError(`${type} out of range`);
  }
  return sum;
}

/** numeric, rounded to a scale as the column has one. */
export function decimalOf(written: string | Unknown, scale?: number): Decimal | number | Unknown {
  if (isUnknown(written)) return written;
  if (/^(?:NaN|-?Infinity)$/.test(written)) return Number(written);
  const exact = decimalFrom(written);
  return scale === undefined ? exact : rounded(exact, scale);
}

/** As `real` keeps it. */
export const single = (value: number | Unknown): number | Unknown => (isUnknown(value) ? value : Math.fround(value));

export const uuidOf = (value: string | Unknown): string | Unknown => (isUnknown(value) ? value : value.toLowerCase());

/** As varchar(n) keeps it: what is too much may only be spaces. */
export const cut = (value: string | Unknown, limit: number): string | Unknown =>
  isUnknown(value) || value.length <= limit ? value : [...value].slice(0, limit).join("");

export const sizeOf = (value: readonly unknown[] | Unknown): number | Unknown =>
  isUnknown(value) ? value : value.length;

const MICROSECONDS_OF_DAY = 86_400_000_000n;
const MOMENT =
  /^(\d{4,7})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?(Z|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)?)?( BC)?$/;

/** A date as a number that grows with it. */
export const dayOf = (written: string | Unknown): number | bigint | Unknown => timeOf(written, "day");
/** timestamp, in microseconds. */
export const momentOf = (written: string | Unknown): number | bigint | Unknown => timeOf(written, "moment");
/** timestamptz, in microseconds; unknown without an offset, where the session decides. */
export const instantOf = (written: string | Unknown): number | bigint | Unknown => timeOf(written, "instant");

function timeOf(written: string | Unknown, grain: "day" | "moment" | "instant"): number | bigint | Unknown {
  if (isUnknown(written)) return written;
  if (/^-?infinity$/.test(written))
    return written.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const [found, year, month, day, hour, minute, second, fraction = "", zone, sign, ...rest] =
    MOMENT.exec(written) ?? [];
  const [zoneHour, zoneMinute, zoneSecond, era] = rest;
  if (found === undefined || (grain === "instant" && zone === undefined)) return undefined;
  const days = daysFrom(era === undefined ? Number(year) : 1 - Number(year), Number(month), Number(day));
  if (grain === "day") return days;
  const seconds = (h = "0", m = "0", s = "0"): bigint => BigInt(Number(h) * 3600 + Number(m) * 60 + Number(s));
  const offset = seconds(zoneHour, zoneMinute, zoneSecond) * (sign === "-" ? 1n : -1n);
  return (
    BigInt(days) * MICROSECONDS_OF_DAY +
    (seconds(hour, minute, second) + offset) * 1_000_000n +
    BigInt(fraction.padEnd(6, "0"))
  );
}

/** Days since 1 March of the year 0, so that the leap day is a year's last. */
function daysFrom(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
}

/**
 * For `superRefine`: refuses a row of which a check is false.
 * @param absent what columns that are left out will hold, where that is known
 */
export function judge<R extends object>(
  checks: Readonly<Record<string, (row: Partial<R>) => Truth>>,
  absent: Partial<R> = {},
): (row: Partial<R>, context: z.RefinementCtx) => void {
  return (row, context) => {
    const whole = { ...absent, ...row };
    for (const [constraint, holds] of Object.entries(checks)) {
      const problem = problemOf(() => holds(whole));
      if (problem !== null)
        context.addIssue({ code: "custom", message: `${problem} ${constraint}`, params: { constraint } });
    }
  };
}

function problemOf(holds: () => Truth): string | null {
  try {
    return holds() === false ? "breaks" : null;
  } catch (error) {
    if (error instanceof RangeError) return `${error.message} in`;
    throw error;
  }
}
