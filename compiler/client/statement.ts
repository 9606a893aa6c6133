import { encodeParameter } from "../session/codecs.ts";
import type { Parameter } from "../session/session.ts";
import { type Observation, observer } from "./observe.ts";
import { type DomainConstraints, violationOf } from "./violations.ts";

export type Row = Readonly<Record<string, unknown>>;

/**
 * What generated functions run on: a pool, connection or transaction of `@databases/pg` that has Verso's codecs
 * (`openPool`), or PGlite through `embedded`.
 */
export interface Database {
  readonly sql: (strings: TemplateStringsArray, ...values: readonly unknown[]) => unknown;
  query(query: never): Promise<readonly unknown[]>;
  tx<T>(body: (transaction: Database) => Promise<T>): Promise<T>;
  task<T>(body: (connection: Database) => Promise<T>): Promise<T>;
  /** Takes a statement as it is, where nothing is gained by `sql`. */
  readonly run?: (text: string, values: readonly (string | null)[]) => Promise<readonly Row[]>;
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
  const { signal, timeoutMs, tags } = options;
  signal?.throwIfAborted();
  const encoded = values.map((value) => (value === undefined ? null : encodeParameter(value)));
  const statement = tags === undefined ? text : `${text} ${commentOf(tags)}`;
  const { observe } = observer;
  const startedAt = observe === undefined ? 0 : performance.now();
  const told = (more: Pick<Observation, "rows" | "error">): void =>
    observe?.({ text, tags: tags ?? {}, durationMs: performance.now() - startedAt, ...more });
  try {
    const rows =
      signal === undefined && timeoutMs === undefined
        ? await send(db, statement, encoded)
        : await limited(db, statement, encoded, signal, timeoutMs);
    told({ rows: rows.length, error: null });
    return rows as readonly unknown[] as readonly R[];
  } catch (error) {
    told({ rows: 0, error });
    throw violationOf(error, constraints) ?? error;
  }
}

function send(db: Database, text: string, values: readonly (string | null)[]): Promise<readonly unknown[]> {
  if (db.run !== undefined) return db.run(text, values);
  const { strings, order } = piecesOf(text);
  return db.query(db.sql(strings, ...order.map((i) => values[i] ?? null)) as never);
}

interface Pieces {
  readonly strings: TemplateStringsArray;
  /** Which value stands after each of them. */
  readonly order: readonly number[];
}

const pieces = new Map<string, Pieces>();
// Statements are constants of the generated files; those composed at run time are few, tags aside.
const PIECES_AT_MOST = 5000;

/** A statement cut at its `$1`, `$2` …, as a template would have it. */
function piecesOf(text: string): Pieces {
  const known = pieces.get(text);
  if (known !== undefined) return known;
  const strings: string[] = [];
  const order: number[] = [];
  let from = 0;
  for (const { 0: token, 1: number, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g)) {
    if (number === undefined) continue;
    strings.push(text.slice(from, index));
    order.push(Number(number) - 1);
    from = index + token.length;
  }
  strings.push(text.slice(from));
  const made: Pieces = { strings: Object.assign(strings, { raw: strings }), order };
  if (pieces.size >= PIECES_AT_MOST) pieces.clear();
  pieces.set(text, made);
  return made;
}

/** @see https://google.github.io/sqlcommenter/spec/ */
function commentOf(tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(([key, value]) => `${encoded(key)}='${encoded(value)}'`);
  return `/*${pairs.sort().join(",")}*/`;
}

// Also what encodeURIComponent leaves as it is; the asterisk would let a comment end too soon.
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/['*!()]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);

/** Under a time limit, or a signal that breaks it off; both need a connection to themselves. */
async function limited(
  db: Database,
  text: string,
  values: readonly (string | null)[],
  signal: Signal | undefined,
  timeoutMs: number | undefined,
): Promise<readonly unknown[]> {
  if (timeoutMs !== undefined) {
    return db.tx(async (transaction) => {
      const [before] = await send(transaction, "select pg_catalog.current_setting('statement_timeout') as value", []);
      await send(transaction, "select pg_catalog.set_config('statement_timeout', $1, true)", [String(timeoutMs)]);
      const rows = await limited(transaction, text, values, signal, undefined);
      // The transaction may be part of another, which goes on.
      const { value } = before as { readonly value: string };
      await send(transaction, "select pg_catalog.set_config('statement_timeout', $1, true)", [value]);
      return rows;
    });
  }
  if (signal === undefined) return send(db, text, values);
  return db.task(async (connection) => {
    const [backend] = await send(connection, "select pg_catalog.pg_backend_pid()::text as pid", []);
    const { pid } = backend as { readonly pid: string };
    // A transaction's own connection would wait for the very statement that is to be broken off.
    const cancel = () => {
      if (isPool(db)) send(db, "select pg_catalog.pg_cancel_backend($1)", [pid]).catch(() => undefined);
    };
    signal.addEventListener("abort", cancel, { once: true });
    try {
      signal.throwIfAborted();
      return await send(connection, text, values);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  });
}

const isPool = (db: Database): boolean => "registerTypeParser" in db;
