import { type Statement, statement } from "./kind.ts";

const nameOf = (option: string): string => option.slice(0, option.indexOf("="));

/** ALTER … RESET for the `name=value` options that are gone, ALTER … SET for those that are new or differ. */
export function alterOptions(alter: string, from: readonly string[], to: readonly string[]): readonly Statement[] {
  const kept = new Set(to.map(nameOf));
  const gone = from.map(nameOf).filter((name) => !kept.has(name));
  const set = to.filter((option) => !from.includes(option));
  return [
    ...(gone.length > 0 ? [statement(`${alter} RESET (${gone.join(", ")})`)] : []),
    ...(set.length > 0 ? [statement(`${alter} SET (${set.join(", ")})`)] : []),
  ];
}
