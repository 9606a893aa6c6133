import { KINDS } from "../kinds/registry.ts";
import { COLUMNS_LEFT_OUT, DERIVED, LEFT_OUT, UNREAD } from "./leftOut.ts";

/** What becomes of a column of pg_catalog: read by the rooms of kinds, seen in another form, or left out with a reason. */
export type Fate =
  | { readonly fate: "modelled"; readonly kinds: readonly string[] }
  | { readonly fate: "derived" | "left out"; readonly why: string };

/** Server versions whose queries are searched: a room may ask a later one for more. */
const VERSIONS = [140000, 150000, 160000, 170000, 180000];

/** Views through which rooms read tables that not everybody may read. */
const READ_THROUGH: Readonly<Record<string, readonly string[]>> = {
  pg_authid: ["pg_roles"],
  pg_user_mapping: ["pg_user_mappings"],
};

let words: ReadonlyMap<string, ReadonlySet<string>> | undefined;

/** The words of each kind's queries: the query is what declares the columns that a room models. */
function wordsOfKinds(): ReadonlyMap<string, ReadonlySet<string>> {
  words ??= new Map(
    KINDS.map(({ kind, query }) => [kind, new Set(VERSIONS.flatMap((version) => query(version).match(/\w+/g) ?? []))]),
  );
  return words;
}

/** Null for a column that nobody has thought of. */
export function fateOf(catalog: string, column: string): Fate | null {
  const name = `${catalog}.${column}`;
  const whole = LEFT_OUT[catalog];
  if (whole !== undefined) return { fate: "left out", why: whole };
  const derived = DERIVED[name] ?? (column === "oid" ? "resolved to a name" : undefined);
  if (derived !== undefined) return { fate: "derived", why: derived };
  const names = [catalog, ...(READ_THROUGH[catalog] ?? [])];
  const kinds = [...wordsOfKinds()]
    .filter(([, found]) => found.has(column) && names.some((one) => found.has(one)))
    .map(([kind]) => kind);
  if (kinds.length > 0) return { fate: "modelled", kinds };
  const why = UNREAD[name] ?? COLUMNS_LEFT_OUT[name];
  if (why === undefined) return null;
  return { fate: why.startsWith("printed by ") ? "derived" : "left out", why };
}

/** Why the observer passes a column over; null where it compares it. */
export const unobserved = (catalog: string, column: string): string | null =>
  LEFT_OUT[catalog] ?? COLUMNS_LEFT_OUT[`${catalog}.${column}`] ?? (column === "oid" ? "resolved to a name" : null);

/** Names in the written lists that no catalog has: `pg_class.relfoo`. */
export function unknownNames(columns: ReadonlySet<string>): readonly string[] {
  const catalogs = new Set([...columns].map((name) => name.slice(0, name.indexOf("."))));
  const listed = [DERIVED, UNREAD, COLUMNS_LEFT_OUT].flatMap(Object.keys);
  return [
    ...Object.keys(LEFT_OUT).filter((name) => !catalogs.has(name)),
    ...listed.filter((name) => !columns.has(name)),
  ].sort();
}
