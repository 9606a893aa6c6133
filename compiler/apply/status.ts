import { Diagnostic } from "../diagnostic.ts";
import { type Migration, requireProved } from "../migrations/migration.ts";
import type { Session } from "../session/session.ts";
import { entryProblem } from "./gate.ts";
import {
  type EntryState,
  type HistoryEvent,
  type LedgerEntry,
  ledgerVersion,
  readEntries,
  readHistory,
} from "./ledger.ts";
import { type LeaseHolder, leaseHolder } from "./lock.ts";

/** One migration, known from the ledger, from its files, or both. */
export interface Standing {
  readonly name: string;
  readonly state: EntryState | "pending";
  readonly isAdopted: boolean;
  readonly appliedBy: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly durationMs: number | null;
  /** Steps done of all, of the direction in which it is going. */
  readonly stepsDone: number;
  readonly steps: number;
  /** Why the next `apply` would refuse. */
  readonly problem: { readonly code: string; readonly what: string; readonly next: string } | null;
}

export interface Status {
  readonly target: string;
  /** server_version_num. */
  readonly version: number;
  readonly hasLedger: boolean;
  readonly migrations: readonly Standing[];
  /** Who is migrating it now. */
  readonly lockedBy: LeaseHolder | null;
}

/** Where a target stands. Reads only, and takes no lock. */
export async function status(session: Session, migrations: readonly Migration[]): Promise<Status> {
  const entries = await readEntries(session);
  const applied = entries.map((entry, i) => standing(entry, entryProblem(entry, i, migrations)));
  const names = new Set(entries.map(({ name }) => name));
  const pending = migrations
    .filter(({ name }) => !names.has(name))
    .map(
      (migration): Standing => ({
        name: migration.name,
        state: "pending",
        isAdopted: false,
        appliedBy: null,
        startedAt: null,
        finishedAt: null,
        durationMs: null,
        stepsDone: 0,
        steps: migration.forward.steps.length,
        problem: problemOf(() => requireProved(migration)),
      }),
    );
  return {
    target: session.name,
    version: session.version,
    hasLedger: (await ledgerVersion(session)) > 0,
    migrations: [...applied, ...pending],
    lockedBy: await leaseHolder(session),
  };
}

/** What happened to a target through Verso, the oldest first. */
export async function history(session: Session): Promise<readonly HistoryEvent[]> {
  return readHistory(session);
}

function standing(entry: LedgerEntry, problem: Diagnostic | null): Standing {
  const isBack = entry.state === "rolling back";
  return {
    name: entry.name,
    state: entry.state,
    isAdopted: entry.isAdopted,
    appliedBy: entry.appliedBy,
    startedAt: entry.startedAt,
    finishedAt: entry.finishedAt,
    durationMs: entry.durationMs,
    stepsDone: isBack ? entry.undoDone : entry.stepsDone,
    steps: isBack ? entry.undoTotal : entry.stepsTotal,
    problem: problem === null ? null : shortOf(problem),
  };
}

function problemOf(check: () => void): Standing["problem"] {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof Diagnostic) return shortOf(error);
    throw error;
  }
}

const shortOf = ({ code, what, next }: Diagnostic): NonNullable<Standing["problem"]> => ({ code, what, next });
