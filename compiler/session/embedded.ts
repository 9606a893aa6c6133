import path from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { Diagnostic } from "../diagnostic.ts";
import { DECODERS, encodeParameter } from "./codecs.ts";
import { startInFolder, startInMemory } from "./engine.ts";
import { embeddedExtensions, loadExtension, mentionedExtensions } from "./extensions.ts";
import { lockFolder } from "./lock.ts";
import { takePicture } from "./rewind.ts";
import { databaseError, SESSION_SETTINGS } from "./server.ts";
import { DatabaseError, type Notice, type Session } from "./session.ts";

export interface EmbeddedOptions {
  /** A folder for a database that stays; in memory when not given. */
  readonly dataDir?: string;
  /** Extensions that CREATE EXTENSION will be asked for. One that is not listed is loaded when a script mentions it. */
  readonly extensions?: readonly string[];
}

/**
 * A PostgreSQL inside this process. The first one on a machine runs initdb (4 s); its data directory is then kept in the
 * user's cache, and later ones start from that. An engine in memory whose session is closed is kept for the next session,
 * which finds it as new.
 * @throws Diagnostic `extension-missing-on-shadow` when the embedded engine has no such extension
 * @throws Diagnostic `database-in-use` when another process, or session, has the folder open
 */
export async function openEmbeddedSession(options: EmbeddedOptions = {}): Promise<Session> {
  const extensions = embeddedExtensions(options.extensions ?? []);
  if (options.dataDir === undefined) {
    const engine = await takeEngine(extensions);
    return openSessionOn(engine, "embedded", () => parkEngine(engine));
  }
  const folder = path.resolve(options.dataDir);
  const unlock = await lockFolder(folder);
  try {
    const engine = await startEngine(() => startInFolder(folder), extensions);
    return openSessionOn(engine, `pglite:${options.dataDir}`, async () => {
      await engine.lite.close();
      await unlock();
    });
  } catch (error) {
    await unlock();
    throw error;
  }
}

interface Engine {
  readonly lite: PGlite;
  readonly version: number;
  readonly extensions: Set<string>;
  /** Libraries that it had loaded when it was new. */
  readonly libraries: string;
  isBroken: boolean;
  rewind?: () => void;
}

// Each holds some 150 MB.
const PARKED_AT_MOST = 2;
const parked: Engine[] = [];
/** Further libraries that sessions with these extensions came to load, such as a text search dictionary. */
const habits = new Map<string, Set<string>>();

const LIBRARIES = `select coalesce(string_agg(file_name, ',' order by file_name), '') as libraries
  from pg_catalog.pg_get_loaded_modules()`;

async function takeEngine(extensions: readonly string[]): Promise<Engine> {
  const key = extensions.join();
  for (;;) {
    const at = parked.findIndex((engine) => [...engine.extensions].join() === key);
    const [engine] = at < 0 ? [] : parked.splice(at, 1);
    if (engine === undefined) break;
    if (await renewEngine(engine)) return engine;
    await engine.lite.close().catch(() => undefined);
  }
  const engine = await startEngine(startInMemory, extensions);
  engine.rewind = takePicture(engine.lite);
  return engine;
}

async function startEngine(start: () => Promise<PGlite>, extensions: readonly string[]): Promise<Engine> {
  const lite = await start();
  // Array parsers that PGlite made up from the catalog are dropped: an array of a user-defined type is text, as on a server.
  lite.parsers = Object.fromEntries(DECODERS);
  // Parameters are encoded before PGlite sees them.
  lite.serializers = {};
  const installed = await lite.query<{ extname: string }>("select extname from pg_catalog.pg_extension");
  const needed = embeddedExtensions([...extensions, ...installed.rows.map((row) => row.extname)]);
  const preloads = ["plpgsql"].concat(...(await Promise.all(needed.map((name) => loadExtension(lite, name)))));
  await lite.exec(SESSION_SETTINGS);
  // Loaded beforehand, so that the engine can be rewound after a session used them, see rewind.ts.
  for (const library of [...preloads, ...(habits.get(extensions.join()) ?? [])]) {
    await lite.exec(`load '${library}'`).catch(() => undefined);
  }
  const { rows } = await lite.query<{ version: number; libraries: string }>(
    `select pg_catalog.current_setting('server_version_num')::int as version, l.libraries from (${LIBRARIES}) l`,
  );
  const { version = 0, libraries = "" } = rows[0] ?? {};
  return { lite, version, libraries, extensions: new Set(needed), isBroken: false };
}

/** False when the engine cannot be brought back to its beginning. */
async function renewEngine(engine: Engine): Promise<boolean> {
  if (engine.isBroken || engine.rewind === undefined) return false;
  try {
    await engine.lite.exec("rollback");
    await engine.lite.exec("reset session authorization; reset role");
    const { rows } = await engine.lite.query<{ libraries: string }>(LIBRARIES);
    const libraries = rows[0]?.libraries ?? "";
    if (libraries === engine.libraries) {
      engine.rewind();
      return true;
    }
    const key = [...engine.extensions].join();
    habits.set(
      key,
      new Set([...(habits.get(key) ?? []), ...libraries.split(",").map((file) => file.replace(/\.so$/, ""))]),
    );
  } catch {
    // Left in a state that answers nothing: a new one is started.
  }
  return false;
}

async function parkEngine(engine: Engine): Promise<void> {
  if (engine.isBroken) {
    await engine.lite.close().catch(() => undefined);
    return;
  }
  parked.push(engine);
  if (parked.length > PARKED_AT_MOST) await parked.shift()?.lite.close();
}

function openSessionOn(engine: Engine, name: string, release: () => Promise<void>): Session {
  const { lite } = engine;
  const listeners: ((notice: Notice) => void)[] = [];
  const onNotice = (raw: { readonly severity?: string | undefined; readonly message?: string | undefined }): void => {
    for (const listener of listeners) listener({ severity: raw.severity ?? "NOTICE", message: raw.message ?? "" });
  };
  let closed: Promise<void> | undefined;
  const running = new Set<Promise<unknown>>();
  const send = async <T>(text: string, work: () => Promise<T>): Promise<T> => {
    if (closed !== undefined) throw closedDiagnostic(name);
    for (const extension of embeddedExtensions(mentionedExtensions(text))) {
      if (engine.extensions.has(extension)) continue;
      await loadExtension(lite, extension);
      // No longer the engine that its picture shows.
      delete engine.rewind;
      engine.extensions.add(extension);
    }
    const answer = work();
    running.add(answer);
    try {
      return await answer;
    } catch (error) {
      const known = embeddedError(error);
      const isFatal = !(known instanceof DatabaseError) || known.fields.severity !== "ERROR";
      if (isFatal) engine.isBroken = true;
      throw known;
    } finally {
      running.delete(answer);
    }
  };
  return {
    engine: "embedded",
    version: engine.version,
    name,
    query: (sql, parameters = []) =>
      send(sql, async () => (await lite.query<never>(sql, parameters.map(encodeParameter), { onNotice })).rows),
    run: (script) =>
      send(script, async () => {
        await lite.exec(script, { onNotice });
      }),
    onNotice(listener) {
      listeners.push(listener);
    },
    close() {
      closed ??= Promise.allSettled(running).then(release);
      return closed;
    },
  };
}

function closedDiagnostic(name: string): Diagnostic {
  return new Diagnostic({
    code: "session-closed",
    what: `a statement was sent to ${name} after its session was closed`,
    next: "report this: it is a mistake in Verso",
  });
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
