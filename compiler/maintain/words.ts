import type { Session } from "../session/session.ts";

/** What is worth doing at a chosen hour, before autovacuum comes for all of it at one of its own. */
export const SHARE_OF_AUTOVACUUM = 0.5;

/** `1 row`, `12,345 rows`; a number alone where there is no word. */
export function plural(count: number, word: string): string {
  const number = Math.round(count).toLocaleString("en-US");
  return word === "" ? number : `${number} ${word}${Math.round(count) === 1 ? "" : "s"}`;
}

export const notAllowed = (path: string, { version }: Pick<Session, "version">): string =>
  version >= 170_000
    ? `not yours: GRANT MAINTAIN ON ${path} TO … lets others`
    : "not yours: its owner may, and members of that role";
