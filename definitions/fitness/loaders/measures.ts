/** Units of each measure, in the unit of its columns. */
export const KILOGRAMS = { kg: 1, lb: 0.45359237, lbs: 0.45359237 };
export const CENTIMETRES = { cm: 1, in: 2.54, inch: 2.54, inches: 2.54 };
export const METRES = { m: 1, km: 1000, mi: 1609.344, mile: 1609.344, miles: 1609.344 };
export const PERCENT = { "%": 1, "": 1 };
export const HOURS = { h: 1, hours: 1, min: 1 / 60 };
export const MINUTES = { min: 1, minutes: 1, h: 60, hours: 60 };
export const SECONDS = { s: 1, sec: 1, min: 60, h: 3600 };
export const BEATS = { bpm: 1, "": 1 };
export const ENERGY = { kcal: 1, "": 1, kj: 1 / 4.184 };

/** `82.4 kg`, `181 lb`: in the columns' unit with so many decimals; null where it is no such measure. */
export function measure(text: string, units: Readonly<Record<string, number>>, decimals: number): string | null {
  // Whether 1,500 is one and a half or thousands, nobody can tell.
  const [, amount, unit = ""] = /^([+-]?\d+(?:\.\d+|,\d{1,2})?)\s*([a-z%]*)$/i.exec(text) ?? [];
  const factor = units[unit.toLowerCase()];
  if (amount === undefined || factor === undefined) return null;
  return (Number(amount.replace(",", ".")) * factor).toFixed(decimals);
}

/** The same without decimals. */
export function wholeMeasure(text: string, units: Readonly<Record<string, number>>): number | null {
  const found = measure(text, units, 0);
  return found === null ? null : Number(found);
}

/** `7`, `7/10`: null for any other scale. */
export function score(text: string, most: number): number | null {
  const [, value, scale] = /^(\d+)(?:\s*\/\s*(\d+))?$/.exec(text) ?? [];
  return value === undefined || (scale !== undefined && Number(scale) !== most) ? null : Number(value);
}

/** `27:30`, `1:02:03`, `45 min`: in seconds. */
export function duration(text: string): number | null {
  const [, hours = "0", minutes, seconds] = /^(?:(\d+):(?=[0-5]?\d:))?(\d{1,2}):([0-5]\d)$/.exec(text) ?? [];
  if (minutes === undefined || seconds === undefined) return wholeMeasure(text, SECONDS);
  return (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
}

const MONTHS = ["january", "february", "march", "april", "may", "june"].concat([
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
]);

const NAMED =
  /\b(?:(\d{1,2})(?:st|nd|rd|th)?\.? ([a-z]{3,9})\.?|([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?),? (\d{4})\b/i;

/** A day in a heading, `2026-01-05`, `5 January 2026`, `January 5, 2026`, and what stands behind it; null where there is none. */
export function dayIn(text: string): { readonly day: string; readonly rest: string } | null {
  const iso = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text);
  const named = iso === null ? NAMED.exec(text) : null;
  const found = iso ?? named;
  if (found === null) return null;
  const [year, month, date] =
    named === null
      ? found.slice(1).map(Number)
      : [Number(named[5]), monthOf(named[2] ?? named[3] ?? ""), Number(named[1] ?? named[4])];
  const moment = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, date));
  // The thirty-first of a month of thirty days is another day.
  if (moment.getUTCMonth() + 1 !== month || moment.getUTCDate() !== date) return null;
  const rest = text.slice(found.index + found[0].length).replace(/^\s*[:,–—-]?\s*/, "");
  return { day: moment.toISOString().slice(0, 10), rest: rest.trim() };
}

const monthOf = (name: string): number =>
  MONTHS.findIndex((month) => month === name.toLowerCase() || month.slice(0, 3) === name.toLowerCase()) + 1;
