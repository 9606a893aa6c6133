import { ledgerVersion } from "../apply/ledger.ts";
import { withLock } from "../apply/lock.ts";
import { Diagnostic } from "../diagnostic.ts";
import { quotePath } from "../quote.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { inTransaction } from "../session/transaction.ts";
import { type KeptRow, readMemory, remember, removeForgotten } from "./memory.ts";
import type { SeedFile } from "./seedFile.ts";
import { readTables, type SeedTables } from "./seedTables.ts";
import { advanceSequences } from "./sequences.ts";
import { upsertRows } from "./upsert.ts";
import { writeAs } from "./writeAs.ts";

export interface SeedRequest {
  readonly domain: string;
  /** Of all environments, so that a row that moved from one to another is not taken for one that is gone. */
  readonly files: readonly SeedFile[];
}

export interface SeedOptions {
  /** Besides `reference`, which every run seeds. */
  readonly environments?: readonly string[];
  /** Consent to removing rows that a seed made and that are no longer declared. */
  readonly acceptDataLoss?: boolean;
  /** Everything is done and taken back. */
  readonly dryRun?: boolean;
  readonly onProgress?: (table: string, done: number, total: number) => void;
}

export interface SeededTable {
  readonly table: string;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
}

export interface SeedOutcome {
  readonly environments: readonly string[];
  readonly tables: readonly SeededTable[];
  /** Rows that are no longer declared and are there still, each with the reason. */
  readonly kept: readonly KeptRow[];
  readonly isDryRun: boolean;
  readonly durationMs: number;
}

/** Seeded in every run. */
export const REFERENCE_ROWS = "reference";

/**
 * Brings the declared rows of some environments into a database that has the domain's tables: in one transaction, under the
 * lock that migrations take. Rows are found again by their keys; what is as declared is not written. Rows that seeds made and
 * that no environment declares any more are removed with consent, unless others refer to them.
 * @throws Diagnostic `seed-table-missing`, `seed-refused`, `seed-key-ambiguous`, `seed-circle`, `target-locked`
 */
export async function seedDatabase(
  session: Session,
  request: SeedRequest,
  options: SeedOptions = {},
): Promise<SeedOutcome> {
  if (options.dryRun !== true) {
    return withLock(session, () => inTransaction(session, () => seedWithin(session, request, options, true)));
  }
  const remembers = await hasMemory(session);
  return inTransaction(session, () => seedWithin(session, request, options, remembers), { isTrial: true });
}

/** Whether the database has where to remember what was seeded. */
export const hasMemory = async (session: Session): Promise<boolean> => (await ledgerVersion(session)) >= 2;

/** What `seedDatabase` does, in a transaction that is open. */
export async function seedWithin(
  session: Session,
  { domain, files }: SeedRequest,
  options: SeedOptions,
  remembers: boolean,
): Promise<SeedOutcome> {
  const started = performance.now();
  const environments = [...new Set([REFERENCE_ROWS, ...(options.environments ?? [])])];
  const wanted = environments.flatMap((name) => files.filter(({ environment }) => environment === name));
  const counts = new Map<string, { -readonly [K in keyof SeededTable]: SeededTable[K] }>();
  const countOf = (schema: string, name: string) => {
    const table = quotePath(schema, name);
    const found = counts.get(table) ?? { table, inserted: 0, updated: 0, unchanged: 0, removed: 0 };
    counts.set(table, found);
    return found;
  };
  await writeAs(session, files[0]?.searchPath ?? []);
  await session.run("SET CONSTRAINTS ALL DEFERRED");
  const memory = remembers ? await readMemory(session, domain) : [];
  const tables: SeedTables = await readTables(session, wanted, memory);
  const rows = await upsertRows(session, tables, { wanted, memory, onProgress: options.onProgress });
  for (const { target, outcome } of rows) countOf(target.schema, target.name)[outcome] += 1;
  if (remembers) await remember(session, domain, rows, memory);
  const { removed, kept } = await removeForgotten(session, domain, {
    tables,
    memory,
    declared: files,
    rows,
    acceptDataLoss: options.acceptDataLoss === true,
  });
  for (const { schema, table } of removed) countOf(schema, table).removed += 1;
  await checkDeferred(session);
  // What a sequence has gone on to, no ROLLBACK takes back.
  if (options.dryRun !== true) await advanceSequences(session, rows);
  return {
    environments,
    tables: [...counts.values()],
    kept,
    isDryRun: options.dryRun === true,
    durationMs: Math.round(performance.now() - started),
  };
}

/** Constraints that may be checked at the end are, before the end, where there is still somebody to tell. */
async function checkDeferred(session: Session): Promise<void> {
  try {
    await session.run("SET CONSTRAINTS ALL IMMEDIATE");
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const { detail, table } = error.fields;
    throw new Diagnostic(
      {
        code: "seed-refused",
        what: `PostgreSQL refuses the seeded rows${table === undefined ? "" : ` of ${table}`}`,
        why: `${error.message}${detail === undefined ? "" : `: ${detail}`} (SQLSTATE ${error.code})`,
        next: "correct the row that it names",
      },
      error,
    );
  }
}
