import { Diagnostic } from "../diagnostic.ts";

/**
 * The URL of a domain's database: the one given, else `<DOMAIN>_DATABASE_URL`, else `DATABASE_URL`.
 * @throws Diagnostic `no-target` when none is named
 */
export function databaseUrl(domain: string, given?: string): string {
  const own = `${domain.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_DATABASE_URL`;
  // A variable that is set to nothing is as good as none.
  const url = given ?? (process.env[own] || process.env.DATABASE_URL || undefined);
  if (url !== undefined) return url;
  throw new Diagnostic({
    code: "no-target",
    what: `no database is named for ${domain}`,
    next: "give --target postgres://user@host/database, or set DATABASE_URL; `pglite:./folder` is an embedded one",
  });
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  const parts = new URL(url.replace(/^(postgres(?:ql)?):\/\/([^/]*@)?\//, "$1://$2verso-socket/"));
  parts.pathname = `/${encodeURIComponent(database)}`;
  return parts.toString().replace("verso-socket", "");
}
