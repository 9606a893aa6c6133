import { Diagnostic } from "./diagnostic.ts";

/** `1 row`, `12,345 rows`, `2 policies`; a number alone where there is no word. */
export function plural(count: number, word: string): string {
  const number = Math.round(count).toLocaleString("en-US");
  if (word === "") return number;
  return `${number} ${Math.round(count) === 1 ? word : many(word)}`;
}

function many(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|ch)$/.test(word) ? `${word}es` : `${word}s`;
}

const BYTE_UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** `8.1 MB`, in units of 1024 as PostgreSQL counts them. */
export function bytesText(bytes: number): string {
  let [value, unit] = [Math.abs(bytes), 0];
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${bytes < 0 ? "-" : ""}${value.toFixed(digits).replace(/\.0$/, "")} ${BYTE_UNITS[unit]}`;
}

/**
 * `1.2 s`, `3 min 20 s`.
 * @param finest `s` for time that still runs, whose tenths only flicker: `1 s`
 */
export function durationText(ms: number, finest: "ms" | "s" = "ms"): string {
  if (finest === "s" && ms < 60_000) return `${Math.floor(ms / 1_000)} s`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.floor(ms / 60_000);
  return minutes < 60
    ? `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `100MB`, `8 kB`, `1GB` in bytes. @throws Diagnostic `usage` */
export function parseBytes(option: string, text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?) ?([kMGT]?B)$/i.exec(text.trim()) ?? [];
  const power = BYTE_UNITS.findIndex((one) => one.toLowerCase() === unit.toLowerCase());
  if (power < 0) throw unreadable(option, "a size", text, "100MB");
  return Number(number) * 1024 ** power;
}

const MS_OF_UNIT: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `30m`, `2h`, `30d` in milliseconds. @throws Diagnostic `usage` */
export function parseDuration(option: string, text: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?) ?(s|m|min|h|d)$/.exec(text.trim()) ?? [];
  const ms = MS_OF_UNIT[unit];
  if (ms === undefined) throw unreadable(option, "a length of time", text, "30m");
  return Number(number) * ms;
}

const unreadable = (option: string, wanted: string, text: string, example: string): Diagnostic =>
  new Diagnostic({
    code: "usage",
    what: `${option} takes ${wanted}, not ${JSON.stringify(text)}`,
    next: `write it like ${option} ${example}`,
  });
