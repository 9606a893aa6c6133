import { stat } from "node:fs/promises";
import { Diagnostic } from "../diagnostic.ts";
import { openEmbeddedSession } from "./embedded.ts";
import { openServerSession, redactUrl, type ServerOptions } from "./server.ts";
import type { Session } from "./session.ts";

export interface OpenOptions extends ServerOptions {
  /** For the embedded engine: what CREATE EXTENSION may be asked for. A server has what it has. */
  readonly extensions?: readonly string[];
  /** For the embedded engine: a folder that is not there is an error, not an empty database to be made. */
  readonly mustExist?: boolean;
}

/** True for what `openSession` takes for a database: postgres://…, postgresql://…, pglite:… */
export function isDatabaseUrl(text: string): boolean {
  return /^(postgres|postgresql|pglite):/.test(text);
}

/**
 * A connection by URL: `postgres://…`, `postgresql://…`, `pglite:memory`, `pglite:./folder`.
 * @throws Diagnostic `url-scheme-unknown`, `database-missing`, and what the engines throw
 */
export async function openSession(url: string, options: OpenOptions = {}): Promise<Session> {
  if (/^postgres(ql)?:\/\//.test(url)) return openServerSession(url, options);
  if (url.startsWith("pglite:")) {
    const place = url.slice("pglite:".length);
    const extensions = options.extensions ?? [];
    if (place === "memory" || place === "") return openEmbeddedSession({ extensions });
    if (options.mustExist) await requireFolder(place);
    return openEmbeddedSession({ extensions, dataDir: place });
  }
  throw unknownScheme(url);
}

function unknownScheme(url: string): Diagnostic {
  const told = (next: string, what = "is no database URL that Verso knows", why?: string): Diagnostic =>
    new Diagnostic({ code: "url-scheme-unknown", what: `${redactUrl(url)} ${what}`, why, next });
  const [, file] = /^sqlite(?:\+\w+)?:\/\/(?:\/(.*))?$/.exec(url) ?? [];
  if (url.startsWith("sqlite")) {
    const folder = file === undefined || file === "" || file === ":memory:" ? "memory" : file.replace(/\.\w+$/, "");
    return told(
      `for development without a server write pglite:${folder}, a PostgreSQL of its own in that place`,
      "is a SQLite database",
      "Verso is for PostgreSQL, whose types, policies and functions SQLite does not have",
    );
  }
  const [, scheme = "", driver] = /^(postgres(?:ql)?)\+(\w+):\/\//.exec(url) ?? [];
  if (driver !== undefined) return told(`write ${scheme}:// without +${driver}, which is a driver of SQLAlchemy's`);
  return told("write postgres://user:password@host:5432/database, pglite:memory or pglite:./folder");
}

async function requireFolder(place: string): Promise<void> {
  const found = await stat(place).catch(() => null);
  if (found?.isDirectory()) return;
  throw new Diagnostic({
    code: "database-missing",
    what: `there is no embedded database in ${place}`,
    next: `correct the path; \`verso apply --target pglite:${place}\` makes a new one`,
  });
}
