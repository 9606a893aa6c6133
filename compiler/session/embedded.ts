import path from "node:path";
import { Diagnostic } from "../diagnostic.ts";
import { DECODERS, encodeParameter } from "./codecs.ts";
import { startInFolder, startInMemory } from "./engine.ts";
import { embeddedExtensions } from "./extensions.ts";
import { databaseError, SESSION_SETTINGS } from "./server.ts";
import type { Notice, Parameter, Session } from "./session.ts";

export interface EmbeddedOptions {
  /** A folder for a database that stays; in memory when not given. */
  readonly dataDir?: string;
  /** Extensions that CREATE EXTENSION may be asked for; what they require comes along. */
  readonly extensions?: readonly string[];
}

/**
 * A PostgreSQL inside this process. The first one on a machine runs initdb (4 s); its data directory is then kept in the
 * user's cache, and later ones start from that.
 * @throws Diagnostic `extension-missing-on-shadow` when the embedded engine has no such extension
 */
export async function openEmbeddedSession(options: EmbeddedOptions = {}): Promise<Session> {
  const extensions = await embeddedExtensions(options.extensions ?? []);
  const lite =
    options.dataDir === undefined
      ? await startInMemory(extensions)
      : await startInFolder(path.resolve(options.dataDir), extensions);
  // Array parsers that PGlite made up from the catalog are dropped: an array of a user-defined type is text, as on a server.
  lite.parsers = Object.fromEntries(DECODERS);
  // Parameters are encoded before PGlite sees them.
  lite.serializers = {};

  const listeners: ((notice: Notice) => void)[] = [];
  const onNotice = (raw: { readonly severity?: string | undefined; readonly message?: string | undefined }): void => {
    for (const listener of listeners) listener({ severity: raw.severity ?? "NOTICE", message: raw.message ?? "" });
  };

  let closed: Promise<void> | undefined;
  const session = {
    engine: "embedded",
    name: options.dataDir === undefined ? "embedded" : `pglite:${options.dataDir}`,
    async query<Row extends object>(sql: string, parameters: readonly Parameter[] = []): Promise<Row[]> {
      try {
        const result = await lite.query<Row>(sql, parameters.map(encodeParameter), { onNotice });
        return result.rows;
      } catch (error) {
        throw embeddedError(error);
      }
    },
    async run(script: string): Promise<void> {
      try {
        await lite.exec(script, { onNotice });
      } catch (error) {
        throw embeddedError(error);
      }
    },
    onNotice(listener: (notice: Notice) => void): void {
      listeners.push(listener);
    },
    close(): Promise<void> {
      closed ??= lite.close();
      return closed;
    },
  } as const;

  await session.run(SESSION_SETTINGS);
  const [row] = await session.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  );
  return { ...session, version: row?.version ?? 0 };
}

function embeddedError(error: unknown): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  if ("code" in cause && "severity" in cause) return databaseError(cause);
  return new Diagnostic(
    {
      code: "embedded-engine-failed",
      what: "the embedded PostgreSQL stopped working",
      why: cause.message,
      next: "try again with `--shadow postgres://…`, and report the statement that was running",
    },
    cause,
  );
}
