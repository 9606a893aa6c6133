import { createHash } from "node:crypto";

/** Names of statements that are prepared once for a connection, by their text; null where one goes without again. */
const names = new Map<string, string | null>();
// Those of generated files are fewer; what is put together at run time may be of any number.
const NAMES_AT_MOST = 2000;
const PREPARED = /^\s*(?:select|insert|update|delete|with|merge|values)\b/i;

/** The name under which a statement is prepared, or null. */
export function preparedName(text: string): string | null {
  const known = names.get(text);
  if (known !== undefined) return known;
  // What carries tags is seldom the same again.
  if (names.size >= NAMES_AT_MOST || !PREPARED.test(text) || text.endsWith("*/")) return null;
  // The same in every process: on a connection that a pooler gives to several, no other statement answers to it.
  const name = `verso_${createHash("sha256").update(text).digest("base64url")}`;
  names.set(text, name);
  return name;
}

/**
 * Whether a statement failed for being prepared: its result has other types since a migration, or a pooler that does not
 * know prepared statements gave it a connection on which it is not prepared, or was by another. It goes unprepared then.
 */
export function failedAsPrepared(error: unknown, text: string): boolean {
  if (!names.has(text) || !(error instanceof Error)) return false;
  const isOutdated = error.message.includes("cached plan must not change result type");
  const isMixedUp = /^prepared statement "verso_[^"]+" (?:does not exist|already exists)$/.test(error.message);
  if (isOutdated || isMixedUp) names.set(text, null);
  return isOutdated || isMixedUp;
}
