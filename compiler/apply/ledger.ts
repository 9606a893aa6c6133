import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactIndex } from "../facts.ts";
import { KINDS } from "../kinds/registry.ts";
import { fingerprint, readerFormat } from "../migrations/fingerprint.ts";
import type { Side } from "../migrations/migration.ts";
import type { ProofFile } from "../migrations/proofFile.ts";
import { governed } from "../resolve/governed.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { inTransaction } from "../session/transaction.ts";

/**
 * The ledger's own schema, as one script for each version of it: a ledger of version n has had the first n. `target` has
 * one row: the catalog as Verso left it last, and the lease of whoever migrates it now.
 */
const LEDGER_SCHEMA: readonly string[] = [
  `
  create schema verso;
  comment on schema verso is 'Ledger of the migrations that Verso applied to this database.';
  create table verso.target (
    is_here boolean primary key default true check (is_here),
    ledger_version int not null,
    fingerprint text,
    facts json,
    server_version int,
    reader text,
    recorded_at timestamptz,
    lease text,
    lease_holder text,
    lease_pid int,
    lease_backend_start timestamptz,
    lease_since timestamptz,
    lease_renewed timestamptz,
    lease_work text
  );
  comment on table verso.target is 'One row: the catalog as Verso left it, and who is migrating it now.';
  insert into verso.target (ledger_version) values (0);
  create table verso.migrations (
    id bigint generated always as identity primary key,
    domain text not null,
    name text not null,
    state text not null check (state in ('applying', 'applied', 'rolling back', 'rolled back')),
    is_adopted boolean not null default false,
    forward_sql text not null,
    rollback_sql text not null,
    proof json not null,
    live_before text,
    live_after text,
    server_version int not null,
    reader text not null,
    applied_by text not null,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    duration_ms bigint,
    steps_done int not null default 0,
    steps_total int not null,
    undo_done int not null default 0,
    undo_total int not null,
    step_begun int,
    invalid_indexes oid[] not null default '{}',
    rolled_back_by text,
    rolled_back_at timestamptz
  );
  comment on table verso.migrations is 'Migrations with both scripts, so that they can be taken back without their files.';
  create unique index on verso.migrations (name) where state <> 'rolled back';
  create table verso.history (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    event text not null,
    migration text,
    by_whom text not null,
    step int,
    duration_ms bigint,
    detail text
  );
  comment on table verso.history is 'What happened to this database through Verso, in order.';`,
  `
  create table verso.seeds (
    domain text not null,
    table_schema text not null,
    table_name text not null,
    row_name text not null,
    key json not null,
    is_made boolean not null,
    seeded_at timestamptz not null default clock_timestamp(),
    primary key (domain, table_schema, table_name, row_name)
  );
  comment on table verso.seeds is 'Rows that seeds declare, by their keys; those that a seed made may be removed with its declaration.';`,
];

export type EntryState = "applying" | "applied" | "rolling back" | "rolled back";

/** One row of verso.migrations, its scripts apart. */
export interface LedgerEntry {
  readonly id: number;
  readonly domain: string;
  readonly name: string;
  readonly state: EntryState;
  readonly isAdopted: boolean;
  readonly proof: ProofFile;
  /** Fingerprints as read on the target itself, by the server version and reader named here. */
  readonly liveBefore: string | null;
  readonly serverVersion: number;
  readonly reader: string;
  readonly appliedBy: string;
  readonly startedAt: string;
  /** Null until all steps have been done: what is rolled back before that was applied in part. */
  readonly finishedAt: string | null;
  readonly durationMs: number | null;
  readonly stepsDone: number;
  readonly stepsTotal: number;
  readonly undoDone: number;
  readonly undoTotal: number;
  /** Index of a step outside a transaction that was begun and not seen to end, and the invalid indexes before it. */
  readonly stepBegun: number | null;
  readonly invalidIndexes: readonly number[];
}

/** The catalog as Verso left it. */
export interface RecordedState {
  readonly fingerprint: string;
  readonly facts: FactIndex;
  /** Kinds that the reader of that time knew. */
  readonly kinds: ReadonlySet<string>;
  readonly serverVersion: number;
  readonly reader: string;
  readonly at: string;
  /** The role that read it, and the one that asks now: what a role owns itself is not told. */
  readonly role: string;
  readonly currentRole: string;
}

export interface HistoryEvent {
  readonly at: string;
  readonly event: "applied" | "adopted" | "rolled back" | "failed" | "resumed" | "lease taken over" | "purged";
  readonly migration: string | null;
  readonly by: string;
  readonly step: number | null;
  readonly durationMs: number | null;
  readonly detail: string | null;
}

/**
 * Creates the ledger, or brings an older one up to date. To be called under the target's lock.
 * @throws Diagnostic `ledger-too-new`, `ledger-refused`
 */
export async function openLedger(session: Session): Promise<void> {
  const version = await ledgerVersion(session);
  if (version > LEDGER_SCHEMA.length) {
    throw new Diagnostic({
      code: "ledger-too-new",
      what: `the ledger in ${session.name} is of version ${version}; this Verso knows versions up to ${LEDGER_SCHEMA.length}`,
      next: "update Verso to the version that last migrated this database",
    });
  }
  if (version === LEDGER_SCHEMA.length) return;
  try {
    await inTransaction(session, async () => {
      for (const script of LEDGER_SCHEMA.slice(version)) await session.run(script);
      await session.query("update verso.target set ledger_version = $1", [LEDGER_SCHEMA.length]);
    });
  } catch (error) {
    throw ledgerRefusal(session, error);
  }
}

/** What PostgreSQL says when the ledger is not for this role, or this server takes no writes. */
export function ledgerRefusal(session: Session, error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error;
  return new Diagnostic(
    {
      code: "ledger-refused",
      what: `the ledger (schema verso) in ${session.name} is refused`,
      why: `${error.message} (SQLSTATE ${error.code})`,
      next:
        error.code === "25006"
          ? "connect to the primary server: this one takes no writes"
          : "connect as the role that applied the first migration, or for a first one as the database's owner: ALTER DATABASE … OWNER TO …",
    },
    error,
  );
}

/** 0 where there is no ledger. */
export async function ledgerVersion(session: Session): Promise<number> {
  try {
    const [found] = await session.query<{ exists: boolean }>(
      "select exists (select from pg_namespace where nspname = 'verso') as exists",
    );
    if (found?.exists !== true) return 0;
    const [row] = await session.query<{ version: number }>("select ledger_version as version from verso.target");
    return row?.version ?? 0;
  } catch (error) {
    throw ledgerRefusal(session, error);
  }
}

/** Migrations that are applied, in whole or in part, in their order; none where there is no ledger. */
export async function readEntries(session: Session): Promise<readonly LedgerEntry[]> {
  if ((await ledgerVersion(session)) === 0) return [];
  return session.query<LedgerEntry>(`
    select id::int, domain, name, state, is_adopted as "isAdopted", proof, live_before as "liveBefore",
      server_version as "serverVersion", reader, applied_by as "appliedBy", started_at as "startedAt",
      finished_at as "finishedAt", duration_ms::int as "durationMs", steps_done as "stepsDone",
      steps_total as "stepsTotal", undo_done as "undoDone", undo_total as "undoTotal", step_begun as "stepBegun",
      invalid_indexes as "invalidIndexes"
    from verso.migrations where state <> 'rolled back' order by verso.migrations.id`);
}

/** True for a migration that was entered but whose first step was neither done nor begun. */
export const isHollow = ({ state, stepsDone, stepBegun }: LedgerEntry): boolean =>
  state === "applying" && stepsDone === 0 && stepBegun === null;

/** Both scripts as they were when the migration was applied. */
export async function readScripts(session: Session, id: number): Promise<Readonly<Record<Side, string>>> {
  const [row] = await session.query<Record<Side, string>>(
    `select forward_sql as forward, rollback_sql as rollback from verso.migrations where id = $1`,
    [id],
  );
  if (row === undefined) throw new Error(`no migration ${id} in the ledger`);
  return row;
}

export async function readRecorded(session: Session): Promise<RecordedState | null> {
  if ((await ledgerVersion(session)) === 0) return null;
  const [row] = await session.query<{
    fingerprint: string | null;
    facts: { readonly role: string; readonly kinds: readonly string[]; readonly facts: readonly Fact[] };
    currentRole: string;
    serverVersion: number;
    reader: string;
    at: string;
  }>(`select fingerprint, facts, server_version as "serverVersion", reader, recorded_at as at,
      current_user as "currentRole"
    from verso.target`);
  if (row === undefined || row.fingerprint === null) return null;
  return {
    fingerprint: row.fingerprint,
    facts: new Map(row.facts.facts.map((fact) => [fact.id, fact])),
    kinds: new Set(row.facts.kinds),
    serverVersion: row.serverVersion,
    reader: row.reader,
    at: row.at,
    role: row.facts.role,
    currentRole: row.currentRole,
  };
}

/** Remembers the catalog as it is now, so that drift can be named. */
export async function recordState(session: Session, live: FactIndex): Promise<void> {
  const [whoReads] = await session.query<{ role: string }>("select current_user as role");
  const facts = {
    role: whoReads?.role,
    kinds: KINDS.map(({ kind }) => kind),
    facts: [...governed(live).values()],
  };
  await session.query(
    `update verso.target set fingerprint = $1, facts = $2, server_version = $3, reader = $4,
      recorded_at = clock_timestamp()`,
    [fingerprint(live), JSON.stringify(facts), session.version, readerFormat()],
  );
}

export async function readHistory(session: Session): Promise<readonly HistoryEvent[]> {
  if ((await ledgerVersion(session)) === 0) return [];
  return session.query<HistoryEvent>(`
    select at, event, migration, by_whom as by, step, duration_ms::int as "durationMs", detail
    from verso.history order by id`);
}

export async function writeHistory(
  session: Session,
  {
    event,
    migration = null,
    by,
    step = null,
    durationMs = null,
    detail = null,
  }: Partial<HistoryEvent> & Pick<HistoryEvent, "event" | "by">,
): Promise<void> {
  await session.query(
    "insert into verso.history (event, migration, by_whom, step, duration_ms, detail) values ($1, $2, $3, $4, $5, $6)",
    [event, migration, by, step, durationMs, detail],
  );
}
