import type { Session } from "../session/session.ts";

/** What is worth doing at a chosen hour, before autovacuum comes for all of it at one of its own. */
export const SHARE_OF_AUTOVACUUM = 0.5;

export const notAllowed = (path: string, { version }: Pick<Session, "version">): string =>
  version >= 170_000
    ? `not yours: GRANT MAINTAIN ON ${path} TO … lets others`
    : "not yours: its owner may, and members of that role";
