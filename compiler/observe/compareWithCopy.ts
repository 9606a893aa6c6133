import type { Session } from "../session/session.ts";
import { compareWalks, unreadable, walkCatalog } from "./walkCatalog.ts";

export interface Comparison {
  /** What the observer sees in the database and not in the copy of it that was made from what was read (`-`), or only there (`+`). */
  readonly differences: readonly string[];
  /** Catalogs and columns that the database does not show to this user, so that they were not compared. */
  readonly unseen: readonly string[];
}

/** Has the observer compare a database with the copy that was made of the facts which were read from it. */
export async function compareWithCopy(original: Session, copy: Session): Promise<Comparison> {
  const unseen = await unreadable(original);
  const there = await walkCatalog(original, "own transaction", unseen);
  const here = await walkCatalog(copy, "own transaction", unseen);
  return {
    differences: compareWalks(withoutIdleRoles(there, here), withoutIdleRoles(here, there)),
    unseen: [...unseen].sort(),
  };
}

/** Roles belong to the whole server: those that the other side has no use for say nothing about this database. */
function withoutIdleRoles(lines: readonly string[], others: readonly string[]): readonly string[] {
  const both = new Set(lines.flatMap(roleOf).filter(inBoth(others)));
  return lines.filter((line) => {
    const roles = rolesIn(line);
    return roles === null || roles.every((role) => both.has(role));
  });
}

const inBoth = (others: readonly string[]) => {
  const there = new Set(others.flatMap(roleOf));
  return (role: string): boolean => there.has(role);
};

const roleOf = (line: string): readonly string[] =>
  line.startsWith("pg_authid ")
    ? [rowOf(line).rolname].flatMap((name) => (typeof name === "string" ? [name] : []))
    : [];

/** The roles that a line is about, null where it is about something else. */
function rolesIn(line: string): readonly string[] | null {
  const [, catalog = ""] = /^(\w+) /.exec(line) ?? [];
  const columns = ROLE_COLUMNS[catalog];
  if (columns === undefined) return null;
  const row = rowOf(line);
  if (catalog.startsWith("pg_sh") && row.classoid !== "pg_authid") return null;
  return columns.flatMap((column) => (typeof row[column] === "string" ? [unquoted(row[column])] : []));
}

/** Catalogs whose rows are about roles, and the columns that name them. */
const ROLE_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  pg_authid: ["rolname"],
  pg_auth_members: ["roleid", "member"],
  pg_db_role_setting: ["setrole"],
  pg_shdescription: ["objoid"],
  pg_shseclabel: ["objoid"],
};

const unquoted = (name: string): string => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name);

const rowOf = (line: string): Readonly<Record<string, unknown>> =>
  JSON.parse(line.slice(line.indexOf(" ") + 1)) as Readonly<Record<string, unknown>>;
