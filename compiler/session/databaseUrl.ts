import { Diagnostic } from "../diagnostic.ts";

/** What the URL of a domain's database is called in the environment, where others have theirs, or of the only one. */
export const urlVariable = (domain: string, hasOthers: boolean): string =>
  hasOthers ? `${domain.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_DATABASE_URL` : "DATABASE_URL";

/**
 * The URL of a domain's database: the one given, else `<DOMAIN>_DATABASE_URL`, else `DATABASE_URL`; null where none is.
 * @param domain null for a database that is looked at without a project
 */
export function namedUrl(domain: string | null, given?: string): string | null {
  const own = domain === null ? undefined : process.env[urlVariable(domain, true)];
  // A variable that is set to nothing is as good as none.
  return given ?? (own || process.env.DATABASE_URL || null);
}

/** @throws Diagnostic `no-target` when none is named */
export function databaseUrl(domain: string | null, given?: string): string {
  const url = namedUrl(domain, given);
  if (url !== null) return url;
  throw new Diagnostic({
    code: "no-target",
    what: `no database is named${domain === null ? "" : ` for ${domain}`}`,
    next: "give --target postgres://user@host/database, or set DATABASE_URL; `pglite:./folder` is an embedded one",
  });
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const parts = new URL(url.replace(/^(postgres(?:ql)?):\/\/([^/]*@)?\//, "$1://$2verso-socket/"));
  parts.pathname = `/${encodeURIComponent(database)}`;
  return parts.toString().replace("verso-socket", "");
}
