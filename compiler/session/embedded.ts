import path from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import { Diagnostic } from "../diagnostic.ts";
import { DECODERS, encodeParameter } from "./codecs.ts";
import { startInFolder, startInMemory } from "./engine.ts";
import { embeddedExtensions, loadExtension, mentionedExtensions, USE_ANOTHER_SHADOW } from "./extensions.ts";
import { lockFolder } from "./lock.ts";
import { takePicture } from "./rewind.ts";
import { databaseError, SESSION_SETTINGS } from "./server.ts";
import { DatabaseError, type Notice, type Session } from "./session.ts";
import { type Milestone, startTrail } from "./trail.ts";

export interface EmbeddedOptions {
  /** A folder for a database that stays; in memory when not given. */
  readonly dataDir?: string;
  /** Extensions that CREATE EXTENSION will be asked for. One that is not listed is loaded when a script mentions it. */
  readonly extensions?: readonly string[];
  /** For a database in memory: queries that its sessions will ask, prepared under these names before any of them begins. */
  readonly prepare?: (version: number) => ReadonlyMap<string, string>;
}

/**
 * A PostgreSQL inside this process. The first one on a machine runs initdb (4 s); its data directory is then kept in the
 * user's cache, and later ones start from that. An engine in memory whose session is closed is kept for the next session,
 * which finds it as new; one that begins with the same costly scripts as a session before goes straight to where they led.
 * @throws Diagnostic `extension-missing-on-shadow` when the embedded engine has no such extension
 * @throws Diagnostic `database-in-use` when another process, or session, has the folder open
 */
export async function openEmbeddedSession(options: EmbeddedOptions = {}): Promise<Session> {
  const extensions = embeddedExtensions(options.extensions ?? []);
  if (options.dataDir === undefined) {
    const engine = await takeEngine(extensions, options.prepare);
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
  /** Its beginning has the plans that shadows ask for. */
  isPrepared: boolean;
  /** Back to its beginning; undefined where there is no way back. */
  rewind?: () => void;
  readonly milestones: Milestone[];
}

// Each holds some 150 MB.
const PARKED_AT_MOST = 2;
const parked: Engine[] = [];
/** Further libraries that sessions with these extensions came to load, such as a text search dictionary. */
const habits = new Map<string, Set<string>>();

const LIBRARIES = `select coalesce(string_agg(file_name, ',' order by file_name), '') as libraries
  from pg_catalog.pg_get_loaded_modules()`;

async function takeEngine(extensions: readonly string[], prepare?: EmbeddedOptions["prepare"]): Promise<Engine> {
  const key = extensions.join();
  for (;;) {
    const at = parked.findIndex(
      (engine) => [...engine.extensions].join() === key && (engine.isPrepared || prepare === undefined),
    );
    const [engine] = at < 0 ? [] : parked.splice(at, 1);
    if (engine === undefined) break;
    if (await renewEngine(engine)) return engine;
    await engine.lite.close().catch(() => undefined);
  }
  const engine = await startEngine(startInMemory, extensions);
  await planAhead(engine, prepare);
  engine.isPrepared = prepare !== undefined;
  engine.rewind = takePicture(engine.lite);
  return engine;
}

async function planAhead({ lite, version }: Engine, prepare: EmbeddedOptions["prepare"]): Promise<void> {
  // The first table ever made makes PostgreSQL plan again, once.
  await lite.exec("begin; create table verso_first (); rollback");
  for (const [name, sql] of prepare?.(version) ?? []) {
    // It is planned when it is first executed, for the search_path of that moment.
    await lite.exec(`begin; set local search_path = ''; prepare ${name} as ${sql}; execute ${name}; commit`);
  }
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
  return { lite, version, libraries, extensions: new Set(needed), isBroken: false, isPrepared: false, milestones: [] };
}

async function librariesOf(engine: Engine): Promise<string> {
  const { rows } = await engine.lite.query<{ libraries: string }>(LIBRARIES);
  return rows[0]?.libraries ?? "";
}

/** False when the engine cannot be brought back to its beginning. */
async function renewEngine(engine: Engine): Promise<boolean> {
  if (engine.isBroken || engine.rewind === undefined) return false;
  try {
    await engine.lite.exec("rollback");
    await engine.lite.exec("reset session authorization; reset role");
    const libraries = await librariesOf(engine);
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
  const onNotice = (notice: Notice): void => {
    for (const listener of listeners) listener(notice);
  };
  const trail = startTrail(
    {
      execute: async (script, onNotice) => {
        await lite.exec(script, { onNotice: (raw) => onNotice(noticeOf(raw)) });
      },
      picture: async () => {
        const isAtRest = engine.rewind !== undefined && !lite.isInTransaction();
        return isAtRest && (await librariesOf(engine)) === engine.libraries ? takePicture(lite) : null;
      },
    },
    engine.milestones,
  );
  let closed: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const send = <T>(text: string, work: () => Promise<T>): Promise<T> => {
    if (closed !== undefined) throw closedDiagnostic(name);
    const answer = last.then(async () => {
      try {
        await loadMentioned(engine, text, () => trail.arrive());
        return await work();
      } catch (error) {
        const known = embeddedError(error);
        const isFatal = !(known instanceof DatabaseError) || known.fields.severity !== "ERROR";
        if (isFatal) engine.isBroken = true;
        throw known;
      }
    });
    last = answer.catch(() => undefined);
    return answer;
  };
  return {
    engine: "embedded",
    version: engine.version,
    name,
    query: async (sql, parameters = []) =>
      send(sql, async () => {
        await trail.arrive();
        const answer = await lite.query<never>(sql, parameters.map(encodeParameter), {
          onNotice: (raw) => onNotice(noticeOf(raw)),
        });
        return answer.rows;
      }),
    run: async (script) => send(script, () => trail.run(script, onNotice)),
    copy: async (into, pieces) =>
      send(into, async () => {
        await trail.arrive();
        await lite.query(`COPY ${into} FROM '/dev/blob'`, [], { blob: new Blob([...pieces]) });
      }),
    onNotice(listener) {
      listeners.push(listener);
    },
    close() {
      closed ??= last.then(release);
      return closed;
    },
  };
}

/** Loads extensions that a script mentions and nobody announced. The engine is then no longer the one of its pictures. */
async function loadMentioned(engine: Engine, text: string, arrive: () => Promise<void>): Promise<void> {
  const unknown = embeddedExtensions(mentionedExtensions(text)).filter((name) => !engine.extensions.has(name));
  if (unknown.length === 0) return;
  await arrive();
  for (const extension of unknown) {
    await loadExtension(engine.lite, extension);
    engine.extensions.add(extension);
  }
  delete engine.rewind;
}

interface RawNotice {
  readonly severity?: string | undefined;
  readonly message?: string | undefined;
}

function noticeOf({ severity = "NOTICE", message = "" }: RawNotice): Notice {
  return { severity, message };
}

function closedDiagnostic(name: string): Diagnostic {
  return new Diagnostic({
    code: "session-closed",
    what: `a statement was sent to ${name} after its session was closed`,
    next: "report this: it is a mistake in Verso",
  });
}

/** What PGlite throws, as every session throws it. */
export function embeddedError(error: unknown): Error {
  const cause = error instanceof Error ? error : new Error(String(error));
  if ("code" in cause && "severity" in cause) {
    // PostgreSQL's own hint, to install a package on the system, leads nowhere here.
    const isMissing = cause.code === "0A000" && /^extension ".*" is not available$/.test(cause.message);
    return databaseError(isMissing ? Object.assign(cause, { hint: USE_ANOTHER_SHADOW }) : cause);
  }
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
