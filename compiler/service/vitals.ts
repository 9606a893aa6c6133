import { DatabaseError, type Session } from "../session/session.ts";

/** What a look at a database tells within milliseconds. */
export interface Vitals {
  readonly responseMs: number;
  /** server_version_num. */
  readonly version: number;
  readonly connections: number;
  /** How many there can be, without those that are kept for certain roles. */
  readonly connectionLimit: number;
  /** It takes no writes. */
  readonly isReplica: boolean;
  /** Migrations that the ledger has, in their order; null where this role may not read it. */
  readonly ledger: readonly { readonly name: string; readonly isWhole: boolean }[] | null;
}

type Row = Omit<Vitals, "responseMs" | "version" | "ledger"> & { readonly hasLedger: boolean };

/** How many connections anybody may take; from PostgreSQL 16 on some can be kept for certain roles. */
export const CONNECTION_LIMIT = `(current_setting('max_connections')::int
  - current_setting('superuser_reserved_connections')::int
  - coalesce(current_setting('reserved_connections', true), '0')::int)`;

// What kind a session is of, is hidden from other roles; which database it is in, is not.
const VITALS = `
  select (select count(datid)::int from pg_catalog.pg_stat_get_activity(null)) as connections,
    ${CONNECTION_LIMIT} as "connectionLimit",
    pg_catalog.pg_is_in_recovery() as "isReplica",
    exists (select from pg_catalog.pg_namespace where nspname = 'verso') as "hasLedger"`;

const LEDGER = `select name, state = 'applied' as "isWhole" from verso.migrations where state <> 'rolled back' order by id`;

export async function readVitals(session: Session): Promise<Vitals> {
  const started = performance.now();
  const [row] = await session.query<Row>(VITALS);
  const responseMs = performance.now() - started;
  if (row === undefined) throw new Error("the database gave no vitals");
  const { hasLedger, ...vitals } = row;
  return { ...vitals, responseMs, version: session.version, ledger: hasLedger ? await readLedger(session) : [] };
}

async function readLedger(session: Session): Promise<Vitals["ledger"]> {
  try {
    return await session.query<{ name: string; isWhole: boolean }>(LEDGER);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === "42501") return null;
    throw error;
  }
}

const CROWDED = 0.9;

/** More connections than that, and the next ones are refused soon. */
export const isCrowded = ({ connections, connectionLimit }: Vitals): boolean =>
  connections >= connectionLimit * CROWDED;

/** What the ledger says of the migrations that this release of a service has. */
export interface LedgerStanding {
  /** Not applied, or not to the end. */
  readonly pending: readonly string[];
  /** Applied, and not among those of this release: a later one has migrated the database. */
  readonly later: readonly string[];
}

export function compareLedger(ledger: NonNullable<Vitals["ledger"]>, names: readonly string[]): LedgerStanding {
  const whole = new Set(ledger.filter(({ isWhole }) => isWhole).map(({ name }) => name));
  const own = new Set(names);
  return {
    pending: names.filter((name) => !whole.has(name)),
    later: ledger.map(({ name }) => name).filter((name) => !own.has(name)),
  };
}
