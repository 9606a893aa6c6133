import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ConnectionOptions } from "node:tls";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { Diagnostic } from "../diagnostic.ts";
import { DECODERS, encodeParameter } from "./codecs.ts";
import { DatabaseError, type DatabaseErrorFields, type Notice, type Parameter, type Session } from "./session.ts";
import { isOverTls, tlsDiagnostic, tlsSettings } from "./tls.ts";

export interface ServerOptions {
  /** Shown in pg_stat_activity; `verso` when not given. */
  readonly applicationName?: string;
  readonly connectTimeoutMs?: number;
}

/**
 * What makes a value's text form differ from one server to the next. Time zone UTC, so that a timestamptz constant in a
 * script means the same on the shadow and on the server. Time limits that a role or a database sets for its applications do
 * not hold here: reading a catalog or a long step would break off at them.
 */
export const SESSION_SETTINGS = `
  set datestyle = 'ISO, MDY';
  set intervalstyle = 'postgres';
  set timezone = 'UTC';
  set bytea_output = 'hex';
  set extra_float_digits = 1;
  set standard_conforming_strings = on;
  set statement_timeout = 0;
  set idle_in_transaction_session_timeout = 0;
`;

/**
 * One connection to a server, encrypted as the URL says.
 * @throws Diagnostic `server-unreachable`, `login-refused`, `database-missing`, `connection-failed`, `url-malformed`,
 *   `tls-setting`, `tls-file-unreadable`, `tls-not-offered`, `certificate-refused`, `tls-failed`
 */
export async function openServerSession(url: string, options: ServerOptions = {}): Promise<Session> {
  const name = redactUrl(url);
  let lost: Error | undefined;
  const { client, reconnect } = await connect(url, options, (error) => {
    lost ??= error;
  });

  const listeners: ((notice: Notice) => void)[] = [];
  client.on("notice", (notice) => {
    const { severity = "NOTICE", message = "" } = notice;
    for (const listener of listeners) listener({ severity, message });
  });

  const send = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw sessionError(error, name, lost);
    }
  };

  let backend = 0;
  let closed: Promise<void> | undefined;
  const session = {
    engine: "server",
    name,
    async query<Row extends object>(sql: string, parameters: readonly Parameter[] = []): Promise<Row[]> {
      // The extended protocol even without parameters, so that a second statement in the text is refused as it is by PGlite.
      const config = { text: sql, values: parameters.map(encodeParameter), queryMode: "extended" };
      const result = await send(() => client.query<Row>(config));
      return result.rows;
    },
    async run(script: string): Promise<void> {
      await send(() => client.query(script));
    },
    async copy(into: string, pieces: Iterable<string>): Promise<void> {
      await send(() => pipeline(Readable.from(pieces), client.query(copyFrom(`COPY ${into} FROM STDIN`))));
    },
    async cancel(): Promise<void> {
      const other = reconnect();
      await other.connect();
      await other.query("select pg_cancel_backend($1)", [backend]);
      await other.end();
    },
    onNotice(listener: (notice: Notice) => void): void {
      listeners.push(listener);
    },
    close(): Promise<void> {
      closed ??= client.end();
      return closed;
    },
  } as const;

  try {
    await session.run(SESSION_SETTINGS);
    const [row] = await session.query<{ version: number; backend: number }>(
      "select current_setting('server_version_num')::int as version, pg_backend_pid() as backend",
    );
    backend = row?.backend ?? 0;
    const version = row?.version ?? 0;
    if (version >= 170_000) await session.run("set transaction_timeout = 0");
    return { ...session, version };
  } catch (error) {
    await session.close().catch(() => undefined);
    throw error;
  }
}

/**
 * The URL as it may be shown: without its password, whether that stands before the host or among the parameters, and also
 * where the text is none but was meant to be. A password that should have been percent-encoded reaches up to the last `@`;
 * rather too much is hidden than a piece shown.
 */
export function redactUrl(url: string): string {
  return url
    .replace(/^([a-z]+:\/\/[^:/@]*|(?![a-z]+:\/\/)[^:/@]*):.*@/is, "$1@")
    .replace(/((?:^|[?&\s])(?:ssl)?password=)[^&#\s]*/gi, "$1…");
}

interface Connection {
  readonly client: pg.Client;
  /** Another client for the same server, encrypted or not as the first one is. */
  readonly reconnect: () => pg.Client;
}

async function connect(url: string, options: ServerOptions, onLoss: (error: Error) => void): Promise<Connection> {
  const { attempts, url: rest } = tlsSettings(url);
  let refusal: unknown;
  for (const ssl of attempts) {
    const client = createClient(rest, ssl, options);
    // Without a listener a connection that breaks between two queries would end the process.
    client.on("error", onLoss);
    try {
      await client.connect();
      return { client, reconnect: () => createClient(rest, ssl, options) };
    } catch (error) {
      await client.end().catch(() => undefined);
      // What the server itself said tells more than what came of the other way.
      refusal = refusal instanceof pg.DatabaseError ? refusal : error;
      if (!isOverTls(error)) break;
    }
  }
  throw connectDiagnostic(refusal, redactUrl(url));
}

function createClient(url: string, ssl: false | ConnectionOptions, options: ServerOptions): pg.Client {
  try {
    return new pg.Client({
      connectionString: url,
      ssl,
      application_name: options.applicationName ?? "verso",
      connectionTimeoutMillis: options.connectTimeoutMs ?? 10_000,
      keepAlive: true,
      types: { getTypeParser: (oid: number) => DECODERS.get(oid) ?? String } as pg.CustomTypesConfig,
    });
  } catch {
    // The parser's own message quotes the URL, password and all.
    throw new Diagnostic({
      code: "url-malformed",
      what: `${redactUrl(url)} cannot be read as a database URL`,
      next: "write postgres://user:password@host:5432/database; percent-encode special characters in the password",
    });
  }
}

function sessionError(error: unknown, name: string, lost: Error | undefined): Error {
  if (error instanceof pg.DatabaseError) return databaseError(error);
  const cause = error instanceof Error ? error : new Error(String(error));
  return new Diagnostic(
    {
      code: "connection-lost",
      what: `the connection to ${name} broke`,
      why: (lost ?? cause).message,
      next: "see the server's log, then run the command again",
    },
    cause,
  );
}

/** From the fields of a protocol error message, which both drivers name alike. */
export function databaseError(raw: Error): DatabaseError {
  const fields = raw as { readonly [K in keyof DatabaseErrorFields]?: string | undefined };
  const { code = "XX000", severity, detail, hint, schema, table, column, constraint, where } = fields;
  const position = fields.position === undefined ? undefined : Number(fields.position);
  const named = { code, severity, detail, hint, schema, table, column, constraint, position, where };
  return new DatabaseError(raw.message, named, raw);
}

function connectDiagnostic(error: unknown, name: string): Diagnostic {
  const cause = error instanceof Error ? error : new Error(String(error));
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  const sqlstate = error instanceof pg.DatabaseError ? ` (SQLSTATE ${code})` : "";
  const why = `${reason(cause)}${sqlstate}`;
  const overTls = tlsDiagnostic(cause, name);
  if (overTls !== null) return overTls;
  const unreachable = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ENOENT"];
  if (unreachable.includes(code) || /timeout/i.test(cause.message)) {
    return new Diagnostic(
      {
        code: "server-unreachable",
        what: `no PostgreSQL server answers at ${name}`,
        why,
        next: "check host and port in the URL, and that the server is running and accepts connections from here",
      },
      cause,
    );
  }
  if (["28P01", "28000", "42501"].includes(code) || /password must be a string|no password/i.test(cause.message)) {
    return new Diagnostic(
      {
        code: "login-refused",
        what: `the server refuses the login of ${name}`,
        why,
        next: "check user and password in the URL (percent-encode special characters), pg_hba.conf on the server, and that the role may connect to the database",
      },
      cause,
    );
  }
  if (code === "3D000") {
    return new Diagnostic(
      {
        code: "database-missing",
        what: `the database of ${name} does not exist`,
        why,
        next: "create it with `createdb`, or correct the last part of the URL",
      },
      cause,
    );
  }
  return new Diagnostic(
    {
      code: "connection-failed",
      what: `no connection to ${name}`,
      why,
      next: "see the reason above and the server's log",
    },
    cause,
  );
}

/** An AggregateError (localhost tried on IPv6 and IPv4) has an empty message of its own. */
function reason(error: Error): string {
  if (error.message !== "") return error.message;
  if (error instanceof AggregateError) return error.errors.map((one) => (one as Error).message).join("; ");
  return error.name;
}
