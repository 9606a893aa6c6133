import { Diagnostic } from "../diagnostic.ts";
import { quoteName } from "../quote.ts";
import { withDatabase } from "../session/databaseUrl.ts";
import { borrowEmbedded, type EmbeddedDatabase } from "../session/lent.ts";
import { openSession } from "../session/open.ts";
import { openServerSession, redactUrl } from "../session/server.ts";
import { DatabaseError, type Session } from "../session/session.ts";

/** How a service names its database: by URL, or by the PGlite that it works with itself. */
export type ServiceDatabase = string | EmbeddedDatabase;

export interface Connector {
  /**
   * A session of one's own, to be closed. An embedded engine has but one: it is lent to one after the other.
   * @throws Diagnostic what `openSession` throws
   */
  readonly connect: (timeoutMs: number) => Promise<Session>;
  readonly engine: Session["engine"];
  readonly close: () => Promise<void>;
}

/** @param mustExist a folder without an embedded database is an error, not one to be made */
export function connectorFor(database: ServiceDatabase, applicationName: string, mustExist: boolean): Connector {
  if (typeof database !== "string") {
    return { connect: () => borrowEmbedded(database), engine: "embedded", close: async () => {} };
  }
  if (database.startsWith("pglite:")) return lendInTurn(() => openSession(database, { mustExist }));
  return {
    connect: (connectTimeoutMs) => openSession(database, { applicationName, connectTimeoutMs }),
    engine: "server",
    close: async () => {},
  };
}

function lendInTurn(open: () => Promise<Session>): Connector {
  let opened: Promise<Session> | undefined;
  let last: Promise<void> = Promise.resolve();
  const connect = async (): Promise<Session> => {
    const before = last;
    let giveBack = () => {};
    last = new Promise((resolve) => {
      giveBack = resolve;
    });
    await before;
    try {
      opened ??= open();
      return { ...(await opened), close: async () => giveBack() };
    } catch (error) {
      opened = undefined;
      giveBack();
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    await last;
    await (await opened?.catch(() => undefined))?.close();
  };
  return { connect, engine: "embedded", close };
}

/** A server that starts, has no connection free, or is not reached just now. */
export const UNREACHED: ReadonlySet<string> = new Set(["server-unreachable", "connection-failed"]);

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * Tries again, at growing intervals, until the time is over.
 * @param passing codes of what passes by itself
 */
export async function withPatience<T>(
  until: number,
  passing: ReadonlySet<string>,
  work: (leftMs: number) => Promise<T>,
): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await work(Math.max(1, until - Date.now()));
    } catch (error) {
      // Instances that were started together do not come back together.
      const pauseMs = waitMs * (0.5 + Math.random() / 2);
      const isPassing = error instanceof Diagnostic && passing.has(error.code);
      if (!isPassing || Date.now() + pauseMs >= until) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

/**
 * Makes the database of a URL, on the server where it is missing.
 * @throws Diagnostic `database-not-created` with what an administrator can run; `database-not-named`
 */
export async function createDatabase(url: string): Promise<void> {
  const [, encoded = ""] = /^\w+:\/\/[^/]*\/([^?]*)/.exec(url) ?? [];
  if (encoded === "") {
    throw new Diagnostic({
      code: "database-not-named",
      what: `${redactUrl(url)} names no database, and the one that is called as its user is missing`,
      next: "write the name of the database that is to be made into the URL: postgres://user@host/database",
    });
  }
  const name = quoteName(decodeURIComponent(encoded));
  const notCreated = (error: unknown, why: string, owner: string): Diagnostic =>
    new Diagnostic(
      {
        code: "database-not-created",
        what: `the database of ${redactUrl(url)} is missing, and cannot be made`,
        why,
        next: `have a superuser run: CREATE DATABASE ${name} OWNER ${owner} TEMPLATE template0 ENCODING 'UTF8'; or ALTER ROLE ${owner} CREATEDB;`,
      },
      error,
    );
  const admin = await openMaintenance(url, (error) => notCreated(error, error.why ?? error.what, "…"));
  let role = "…";
  try {
    const [who] = await admin.query<{ role: string }>("select quote_ident(current_user) as role");
    role = who?.role ?? role;
    await admin.run(`create database ${name} template template0 encoding 'UTF8'`);
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    // Another instance was faster: it is there, or its name is taken already.
    if (error.code === "42P04" || error.code === "23505") return;
    throw notCreated(error, `${error.message} (SQLSTATE ${error.code})`, role);
  } finally {
    await admin.close();
  }
}

/** A connection to one of the databases that a server is made with: they may have been dropped, or be closed to this role. */
async function openMaintenance(url: string, refusal: (error: Diagnostic) => Diagnostic): Promise<Session> {
  let first: Diagnostic | undefined;
  for (const name of ["postgres", "template1"]) {
    try {
      return await openServerSession(withDatabase(url, name));
    } catch (error) {
      if (!(error instanceof Diagnostic)) throw error;
      first ??= error;
      if (error.code !== "database-missing" && error.code !== "login-refused") throw error;
    }
  }
  throw first === undefined ? new Error("no database was asked") : refusal(first);
}
