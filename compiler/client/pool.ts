import { DECODERS } from "../session/codecs.ts";
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
}

/** A pool of `@databases/pg` whose values are of the types that generated files say. */
export async function openPool(
  config: string | ConnectionPoolConfig,
  { prepared = false }: PoolOptions = {},
): Promise<ConnectionPool> {
  const { default: pg } = await import("@databases/pg");
  // Said only so that it does not warn: the codecs decide.
  const given = typeof config === "string" ? { connectionString: config } : config;
  const { prepareQuery = (query) => query } = given;
  const named: ConnectionPoolConfig = {
    ...given,
    prepareQuery: (query) => {
      const own = prepareQuery(query);
      prepareByName(own);
      return own;
    },
  };
  const pool = pg.default({ bigIntMode: "bigint", ...(prepared ? named : given) });
  try {
    await installCodecs(pool);
    return pool;
  } catch (error) {
    await pool.dispose();
    throw error;
  }
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
