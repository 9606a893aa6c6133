import { Diagnostic } from "../diagnostic.ts";
import { openEmbeddedSession } from "./embedded.ts";
import { openServerSession, redactUrl, type ServerOptions } from "./server.ts";
import type { Session } from "./session.ts";

export interface OpenOptions extends ServerOptions {
  /** For the embedded engine: what CREATE EXTENSION may be asked for. A server has what it has. */
  readonly extensions?: readonly string[];
}

/** True for what `openSession` takes for a database: postgres://…, postgresql://…, pglite:… */
export function isDatabaseUrl(text: string): boolean {
  return /^(postgres|postgresql|pglite):/.test(text);
}

/**
 * A connection by URL: `postgres://…`, `postgresql://…`, `pglite:memory`, `pglite:./folder`.
 * @throws Diagnostic `url-scheme-unknown`, and what the engines throw
 */
export async function openSession(url: string, options: OpenOptions = {}): Promise<Session> {
  if (/^postgres(ql)?:\/\//.test(url)) return openServerSession(url, options);
  if (url.startsWith("pglite:")) {
    const place = url.slice("pglite:".length);
    const extensions = options.extensions ?? [];
    return openEmbeddedSession(place === "memory" || place === "" ? { extensions } : { extensions, dataDir: place });
  }
  throw new Diagnostic({
    code: "url-scheme-unknown",
    what: `${redactUrl(url)} is no database URL that Verso knows`,
    next: "write postgres://user:password@host:5432/database, pglite:memory or pglite:./folder",
  });
}
