import type { Field, LogRows, MarkdownLog, Section } from "verso";
import { users } from "../users.ts";
import { dayIn } from "./measures.ts";

/** Whose log it is, by the line `user: ann` between two `---` at its top. */
export async function userOf(log: MarkdownLog, into: LogRows) {
  const user = log.about.get("user");
  if (user !== undefined) return into.find(users, { username: user.value }, user.at);
  into.problem(log.at, "the log does not say whose it is", "begin it with the lines `---`, `user: ann`, `---`");
  return null;
}

/** The day in an entry's heading. */
export function dayOf({ title }: Section, into: LogRows) {
  const found = dayIn(title.text);
  if (found === null) into.problem(title.at, `"${title.text}" names no day`, "write it as `## 2026-01-05`");
  return found;
}

/** How one field is read: null where it cannot be; `like` shows how it is written. */
export interface Reading<Values> {
  readonly read: (text: string) => Values | null;
  readonly like: string;
}

/** The values of an entry's fields together. Fields that nobody knows, or that are given twice, are told of. */
export function valuesOf<Values extends object>(
  fields: readonly Field[],
  known: Readonly<Record<string, Reading<Values>>>,
  into: LogRows,
): Values {
  const given = new Set<string>();
  const found = fields.map(({ name, value, at }): Values | null => {
    const reading = Object.hasOwn(known, name) ? known[name] : undefined;
    if (reading === undefined) {
      into.problem(
        at,
        `nobody knows what "${name}" is`,
        `known are ${Object.keys(known).join(", ")}; or write it as a sentence`,
      );
      return null;
    }
    if (given.has(name)) into.problem(at, `"${name}" is given twice in one entry`, "leave one of them");
    given.add(name);
    const read = reading.read(value);
    if (read === null) into.problem(at, `"${value}" is no value for "${name}"`, `write it as \`${reading.like}\``);
    return read;
  });
  return Object.assign({}, ...found.filter((one) => one !== null));
}

/** What an entry says in sentences, where it does: what it leaves out stays as it is in the database. */
export function notesOf({ prose, bullets }: Section): { readonly notes?: string } {
  const notes = [...(prose === "" ? [] : [prose]), ...bullets.map(({ text }) => `- ${text}`)].join("\n\n");
  return notes === "" ? {} : { notes };
}

/** Reads a value into one column. */
export const column = <Column extends string, Value>(
  column: Column,
  like: string,
  read: (text: string) => Value | null,
): Reading<{ readonly [C in Column]?: Value }> => ({
  like,
  read: (text) => {
    const value = read(text);
    return value === null ? null : ({ [column]: value } as { readonly [C in Column]?: Value });
  },
});
