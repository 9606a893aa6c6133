import type { PoolSettings } from "../declare/schemas.ts";
import { DECODERS } from "../session/codecs.ts";
import { isSet, poolInUse } from "../session/environment.ts";
import { tlsSettings } from "../session/tls.ts";
import type { Database } from "./statement.ts";
import { execute, prepareByName } from "./statement.ts";
import { USER_TYPES, type UserType, userDecoders } from "./userTypes.ts";

// A project on PGlite does without the package; what is declared here must still be read there, where these are then any.
// biome-ignore lint/suspicious/noTsIgnore: here there is no error to expect
/** @ts-ignore */
type ConnectionPool = import("@databases/pg").ConnectionPool;
// biome-ignore lint/suspicious/noTsIgnore: here there is no error to expect
/** @ts-ignore */
type ConnectionPoolConfig = import("@databases/pg").ConnectionPoolConfig;

export interface PoolOptions {
  /**
   * Whether generated functions prepare their statements once for each connection, under a name: the server then neither
   * parses nor plans them again. Not behind a pooler in transaction mode that does not know prepared statements, as
   * PgBouncer does from 1.21 on where max_prepared_statements is not 0: statements in transactions fail there.
   */
  readonly prepared?: boolean;
  /** What holds where DATABASE_POOL_SIZE and DATABASE_MAX_OVERFLOW say nothing: `poolSettings` of a generated client. */
  readonly pool?: PoolSettings;
}

/**
 * A pool of `@databases/pg` whose values are of the types that generated files say, encrypted as the URL and PGSSLMODE say.
 * The environment says how many connections it has, unless `poolSize` does; with DATABASE_ECHO=true every statement is
 * written to standard error with its duration, without its values.
 * @throws Diagnostic `environment-invalid`, `tls-setting`, `tls-file-unreadable`
 */
export async function openPool(
  config: string | ConnectionPoolConfig,
  { prepared = false, pool: declared }: PoolOptions = {},
): Promise<ConnectionPool> {
  const { default: pg } = await import("@databases/pg");
  const given = typeof config === "string" ? { connectionString: config } : config;
  const named: ConnectionPoolConfig = {
    // Said only so that it does not warn: the codecs decide.
    bigIntMode: "bigint",
    poolSize: poolInUse(declared).most,
    ...(isSet("DATABASE_ECHO") ? echoOf(given) : {}),
    ...given,
    ...encryption(given),
  };
  const pool = pg.default(prepared ? { ...named, prepareQuery: preparing(given) } : named);
  try {
    await installCodecs(pool);
    return pool;
  } catch (error) {
    await pool.dispose();
    throw error;
  }
}

type PrepareQuery = NonNullable<ConnectionPoolConfig["prepareQuery"]>;

function preparing({ prepareQuery = (query) => query }: ConnectionPoolConfig): PrepareQuery {
  return (query) => {
    const own = prepareQuery(query);
    prepareByName(own);
    return own;
  };
}

/**
 * What the URL says in libpq's sense, which is `@databases/pg`'s as well where encryption is a matter of preference; only that
 * it then sends no certificate of the client's: who logs in by one says `require` or more.
 */
function encryption({ connectionString, ssl }: ConnectionPoolConfig): ConnectionPoolConfig {
  if (typeof connectionString !== "string" || ssl !== undefined) return {};
  const { mode, attempts, url } = tlsSettings(connectionString);
  if (mode === "prefer" || mode === "allow") return { connectionString: url, ssl: "prefer" };
  return { connectionString: url, ssl: attempts[0] ?? false };
}

/** A statement that fails is told as well; its error is thrown to who asked. */
function echoOf({ onQueryStart, onQueryResults, onQueryError }: ConnectionPoolConfig): ConnectionPoolConfig {
  const startedAt = new WeakMap<object, number>();
  const tell = (query: { readonly text: string }, outcome: string): void => {
    const durationMs = performance.now() - (startedAt.get(query) ?? performance.now());
    process.stderr.write(`${query.text.trim()} -- ${durationMs.toFixed(1)} ms, ${outcome}\n`);
  };
  return {
    onQueryStart: (asked, query) => {
      startedAt.set(query, performance.now());
      onQueryStart?.(asked, query);
    },
    onQueryResults: (asked, query, rows) => {
      tell(query, rows.length === 1 ? "1 row" : `${rows.length} rows`);
      onQueryResults?.(asked, query, rows);
    },
    onQueryError: (asked, query, error) => {
      tell(query, "failed");
      onQueryError?.(asked, query, error);
    },
  };
}

/**
 * Installs Verso's codecs on a pool that was opened elsewhere: for PostgreSQL's own types, and for those that the database
 * has by now. To be called again when a migration brings new types while the service runs.
 */
export async function installCodecs(pool: ConnectionPool): Promise<void> {
  const register = (decoders: ReadonlyMap<number, (text: string) => unknown>) =>
    Promise.all([...decoders].map(([oid, decode]) => pool.registerTypeParser(oid, decode)));
  await register(DECODERS);
  await register(userDecoders(await execute<UserType>(pool satisfies Database, USER_TYPES, [])));
}
