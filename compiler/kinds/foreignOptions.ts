import type { ForeignOptions } from "../declare/foreign.ts";
import { quoteName, quoteText } from "../quote.ts";
/** SQL for an option array of pg_foreign_… catalogs: `host 'db1'`, sorted. */
export const foreignOptionsOf = (column: string): string =>
  `array(select format('%I %L', o.option_name, o.option_value) from pg_options_to_table(${column}) o order by 1)`;

const nameOf = (option: string): string => /^("(?:[^"]|"")*"|\S+)/.exec(option)?.[0] ?? option;

/** ` OPTIONS (…)` of a CREATE statement, nothing for none. */
export const createOptions = (options: readonly string[]): string =>
  options.length === 0 ? "" : ` OPTIONS (${options.join(", ")})`;

/** `OPTIONS (DROP …, SET …, ADD …)` between two lists. */
export function alterOptions(from: readonly string[], to: readonly string[]): string {
  const before = new Set(from.map(nameOf));
  const after = new Set(to.map(nameOf));
  const changes = [
    ...[...before].filter((name) => !after.has(name)).map((name) => `DROP ${name}`),
    ...to
      .filter((option) => !from.includes(option))
      .map((option) => `${before.has(nameOf(option)) ? "SET" : "ADD"} ${option}`),
  ];
  return `OPTIONS (${changes.join(", ")})`;
}

/** `password 'x'`, `"api_key" 'y'`. */
export const isSecret = (option: string): boolean => /password|passcode|secret|token|api_?key/i.test(nameOf(option));

/** Declared options as the catalog's are printed: `host 'db1'`, sorted. */
export const optionTexts = (given: ForeignOptions | undefined): readonly string[] =>
  Object.entries(given ?? {})
    .map(([name, value]) => `${quoteName(name)} ${quoteText(value)}`)
    .sort();
