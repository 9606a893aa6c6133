import { encodeParameter } from "../session/codecs.ts";
import type { Parameter } from "../session/session.ts";
import { type Observation, observer } from "./observe.ts";
import { failedAsPrepared, preparedName } from "./prepare.ts";
import { type DomainConstraints, violationOf } from "./violations.ts";

export type Row = Readonly<Record<string, unknown>>;

/**
 * What generated functions run on: a pool, connection or transaction of `@databases/pg` that has Verso's codecs
 * (`openPool`), or PGlite through `embedded`.
 */
export interface Database {
  readonly sql: { __dangerous__rawValue(text: string): unknown };
  /** "transaction", where it is one. */
  readonly type?: string;
  query(query: never): Promise<readonly unknown[]>;
  tx<T>(body: (transaction: Database) => Promise<T>): Promise<T>;
  task<T>(body: (connection: Database) => Promise<T>): Promise<T>;
  /** Takes a statement as it is, where nothing is gained by `sql`. */
  readonly run?: (text: string, values: readonly (string | null)[]) => Promise<readonly Row[]>;
  /** There is but one connection: what is asked beside a transaction waits for its end. */
  readonly isAlone?: true;
}

/** An AbortSignal, as far as it is needed; not every project knows that type. */
export interface Signal {
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What can be said with every call. */
export interface CallOptions {
  /** Breaks the statement off on the server, unless it runs in a transaction whose pool is not at hand. */
  readonly signal?: Signal;
  /** With this, or a signal, a statement runs in a transaction: a procedure that commits by itself takes neither. */
  readonly timeoutMs?: number;
  /** Written behind the statement as a comment, where logs and pg_stat_activity show them: { route: "/goals" }. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A value as generated code hands it over: `json(…)` where the column holds JSON. */
export type Value = Parameter | undefined;

/** Runs one statement. @throws ConstraintViolation where a row broke a constraint */
export async function execute<R = Row>(
  db: Database,
  text: string,
  values: readonly Value[],
  options: CallOptions = {},
  constraints: DomainConstraints = {},
): Promise<readonly R[]> {
  const { signal, tags } = options;
  signal?.throwIfAborted();
  const encoded = values.map((value) => (value === undefined ? null : encodeParameter(value)));
  const statement = tags === undefined ? text : `${text} ${commentOf(tags)}`;
  try {
    return (await observed(db, statement, text, encoded, options)) as readonly R[];
  } catch (error) {
    // A transaction is lost; its next run goes well.
    const isWorthAnother = failedAsPrepared(error, statement) && db.type !== "transaction";
    if (!isWorthAnother) throw violationOf(error, constraints) ?? error;
  }
  try {
    return (await observed(db, statement, text, encoded, options)) as readonly R[];
  } catch (error) {
    throw violationOf(error, constraints) ?? error;
  }
}

async function observed(
  db: Database,
  statement: string,
  text: string,
  values: readonly (string | null)[],
  { signal, timeoutMs, tags = {} }: CallOptions,
): Promise<readonly unknown[]> {
  const { observe } = observer;
  const startedAt = observe === undefined ? 0 : performance.now();
  const told = (more: Pick<Observation, "rows" | "error">): void =>
    observe?.({ text, tags, durationMs: performance.now() - startedAt, ...more });
  try {
    const isPlain = signal === undefined && timeoutMs === undefined;
    const rows = await (isPlain ? send(db, statement, values) : limited(db, statement, values, signal, timeoutMs));
    told({ rows: rows.length, error: null });
    return rows;
  } catch (error) {
    told({ rows: 0, error });
    throw error;
  }
}

function send(db: Database, text: string, values: readonly (string | null)[]): Promise<readonly unknown[]> {
  return db.run === undefined ? db.query(statementFor(db, text, values) as never) : db.run(text, values);
}

/** Has a statement of ours be prepared under a name; any other query is left as it is. */
export function prepareByName(query: object): void {
  if (!(STATEMENT in query)) return;
  const formatted = query[STATEMENT] as Formatted;
  const name = preparedName(formatted.text);
  if (name !== null) formatted.name = name;
}

const STATEMENT = Symbol("statement");

interface Formatted {
  readonly text: string;
  readonly values: readonly (string | null)[];
  name?: string;
}

type Made = (text: string, values: readonly (string | null)[]) => object;

/** What makes statements, by the `sql` of each copy of `@databases/sql` that a service may have. */
const makers = new WeakMap<object, Made>();

function statementFor({ sql }: Database, text: string, values: readonly (string | null)[]): object {
  const make = makers.get(sql) ?? makerFor(sql);
  makers.set(sql, make);
  return make(text, values);
}

/**
 * A statement as `@databases/pg` takes it, which knows its text and values from the start. The package's own form is pieces
 * of text between values, for which the text would have to be read as PostgreSQL reads it, comments and quotes and all.
 */
function makerFor(sql: Database["sql"]): Made {
  class Statement {
    readonly [STATEMENT]: Formatted;
    constructor(text: string, values: readonly (string | null)[]) {
      this[STATEMENT] = { text, values };
    }
    // A function would look for several statements in the pieces: there is one.
    format(format: object): unknown {
      return typeof format === "function" ? format([]) : this[STATEMENT];
    }
  }
  Object.setPrototypeOf(Statement.prototype, Object.getPrototypeOf(sql.__dangerous__rawValue("")));
  return (text, values) => new Statement(text, values);
}

/** @see https://google.github.io/sqlcommenter/spec/ */
function commentOf(tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(([key, value]) => `${encoded(key)}='${encoded(value)}'`);
  return `/*${pairs.sort().join(",")}*/`;
}

// Also what encodeURIComponent leaves as it is; the asterisk would let a comment end too soon.
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/['*!()]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

async function limited(
  db: Database,
  text: string,
  values: readonly (string | null)[],
  signal: Signal | undefined,
  timeoutMs: number | undefined,
): Promise<readonly unknown[]> {
  const timed = (on: Database) =>
    timeoutMs === undefined ? send(on, text, values) : withTimeout(on, timeoutMs, () => send(on, text, values));
  const run = (on: Database) => (signal === undefined ? timed(on) : withSignal(db, on, signal, () => timed(on)));
  // By a pooler, what is no transaction may go by another of the server's connections at each statement.
  return timeoutMs === undefined && !isPool(db) ? run(db) : db.tx(run);
}

/** Runs a body in a transaction each of whose statements may take so long. */
export async function withTimeout<T>(transaction: Database, timeoutMs: number, body: () => Promise<T>): Promise<T> {
  const set = "select pg_catalog.set_config('statement_timeout', $1, true)";
  const [before] = await send(transaction, "select pg_catalog.current_setting('statement_timeout') as value", []);
  await send(transaction, set, [String(timeoutMs)]);
  const result = await body();
  // The transaction may be part of another, which goes on.
  const { value } = before as { readonly value: string };
  await send(transaction, set, [value]);
  return result;
}

/** Runs a body on a connection, whose statement is broken off on the server when the signal says so. */
export async function withSignal<T>(
  db: Database,
  connection: Database,
  signal: Signal,
  body: () => Promise<T>,
): Promise<T> {
  const [backend] = await send(connection, "select pg_catalog.pg_backend_pid()::text as pid", []);
  const { pid } = backend as { readonly pid: string };
  let isOver = false;
  let canceling: Promise<unknown> | null = null;
  // A transaction's own connection would wait for the very statement that is to be broken off.
  const cancel = () => {
    if (!isPool(db)) return;
    db.task(async (other) => {
      if (isOver) return;
      canceling = send(other, "select pg_catalog.pg_cancel_backend($1)", [pid]).catch(() => undefined);
      await canceling;
    }).catch(() => undefined);
  };
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    return await body();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", cancel);
    isOver = true;
    // It must not reach whoever has the connection next.
    await canceling;
  }
}

const isPool = (db: Database): boolean => "registerTypeParser" in db;
