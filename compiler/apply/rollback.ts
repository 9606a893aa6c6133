import { Diagnostic } from "../diagnostic.ts";
import type { FactIndex } from "../facts.ts";
import { fingerprint, readerFormat } from "../migrations/fingerprint.ts";
import { parseScript } from "../migrations/parseScript.ts";
import { withoutLeft } from "../prove/leftBehind.ts";
import { readCatalog } from "../read/readCatalog.ts";
import type { Session } from "../session/session.ts";
import { type Move, type Outcome, ofName } from "./apply.ts";
import { purgedSince, requireAttic } from "./attic.ts";
import { isComparable, major, requireNoDrift } from "./gate.ts";
import {
  isHollow,
  type LedgerEntry,
  readEntries,
  readRecorded,
  readScripts,
  recordState,
  writeHistory,
} from "./ledger.ts";
import { type Lease, withLock } from "./lock.ts";
import { countLosses, type Loss, requireConsent } from "./losses.ts";
import type { RunOptions } from "./progress.ts";
import { runScript } from "./runScript.ts";

export interface RollbackOptions extends RunOptions {
  /** Name of the migration that shall be the last one applied; `empty` for none. */
  readonly to?: string;
  /** How many migrations to take back; one when neither this nor `to` is given. */
  readonly steps?: number;
  readonly dryRun?: boolean;
}

/**
 * Takes migrations back, the last first, by the scripts that the ledger kept: their files are not needed. A migration that
 * was applied in part is taken back as far as it had come, and must leave the catalog that it started from.
 * @throws Diagnostic `target-locked`, `target-drifted`, `data-loss`, `step-failed`, `lock-not-available`,
 *   `result-differs`, `baseline-stays`, `migration-not-found`, `rows-purged`, `attic-missing`
 */
export async function rollback(session: Session, options: RollbackOptions = {}): Promise<Outcome> {
  if (options.dryRun) return rollbackUnderLock(session, options, null);
  return withLock(session, (lease) => rollbackUnderLock(session, options, lease));
}

async function rollbackUnderLock(session: Session, options: RollbackOptions, lease: Lease | null): Promise<Outcome> {
  const todo = chosen(await readEntries(session), options);
  const adopted = todo.find(({ isAdopted }) => isAdopted);
  if (adopted !== undefined) {
    throw new Diagnostic({
      code: "baseline-stays",
      what: `${adopted.name} was adopted: what it describes was in ${session.name} before Verso`,
      next: `take back what came after it with \`verso rollback --to ${adopted.name}\``,
    });
  }
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    options.onProgress?.({ event: "note", text });
  };
  const losses = new Map<number, readonly Loss[]>();
  for (const entry of todo) {
    losses.set(entry.id, await countLosses(session, entry.name, entry.proof.rollback.destroys));
  }
  const first = todo[0];
  if (first !== undefined) {
    if (first.state === "applied") await requireRecorded(session);
    const certain = todo.flatMap(({ id }) =>
      (losses.get(id) ?? []).filter(({ rows }) => rows !== null || id === first.id),
    );
    for (const entry of todo) await requireAttic(session, entry);
    const purged = await purgedSince(session, todo);
    if (lease !== null) requireConsent(certain, session, options.acceptDataLoss === true, purged);
    for (const one of purged) note(`does not come back: ${one}`);
  }
  const moves: Move[] = [];
  for (const entry of todo) {
    const { name } = entry;
    const text = (await readScripts(session, entry.id)).rollback;
    const steps = parseScript(text, `${name}/rollback.sql`);
    const started = Date.now();
    if (lease !== null) {
      await rollbackOne(session, lease, entry, { file: `${name}/rollback.sql`, text, steps }, note, options);
    }
    moves.push({
      name,
      steps: steps.length,
      done: entry.undoDone,
      sql: text,
      losses: losses.get(entry.id) ?? [],
      durationMs: lease === null ? 0 : Date.now() - started,
    });
  }
  return { isDryRun: lease === null, moves, notes };
}

async function rollbackOne(
  session: Session,
  lease: Lease,
  entry: LedgerEntry,
  script: { readonly file: string; readonly text: string; readonly steps: ReturnType<typeof parseScript> },
  note: (text: string) => void,
  options: RollbackOptions,
): Promise<void> {
  const { id, name, proof } = entry;
  if (entry.state === "applied") await requireRecorded(session);
  const losses = await countLosses(session, name, proof.rollback.destroys);
  requireConsent(losses, session, options.acceptDataLoss === true);
  const isPartial = entry.finishedAt === null;
  if (entry.state === "rolling back") {
    await writeHistory(session, { event: "resumed", migration: name, by: lease.holder, step: entry.undoDone + 1 });
  } else {
    await session.query("update verso.migrations set state = 'rolling back', undo_done = 0 where id = $1", [id]);
  }
  const goals = goalsOf(entry, session);
  if (goals.length === 0)
    note(`${name} was applied on another version of PostgreSQL or Verso: the catalog before it is unknown`);
  await runScript({
    session,
    lease,
    id,
    name,
    side: "rollback",
    script,
    done: isHollow(entry) ? script.steps.length : entry.undoDone,
    begun: entry.stepBegun,
    invalidIndexes: entry.invalidIndexes,
    isTolerant: isPartial,
    verify: (live) => requireGoal(session, name, goals, withoutLeft(live, proof.leaves)),
    conclude: async (live, durationMs) => {
      await session.query(
        `update verso.migrations set state = 'rolled back', rolled_back_at = clock_timestamp(), rolled_back_by = $2
        where id = $1`,
        [id, lease.holder],
      );
      await recordState(session, live);
      await writeHistory(session, { event: "rolled back", migration: name, by: lease.holder, durationMs });
    },
    abandon: async () => {
      await session.query("update verso.migrations set state = $2, step_begun = null where id = $1", [
        id,
        isPartial ? "applying" : "applied",
      ]);
    },
    options,
  });
}

/** The live catalog must be what Verso left. */
async function requireRecorded(session: Session): Promise<void> {
  const recorded = await readRecorded(session);
  if (recorded !== null) requireNoDrift(session, await readCatalog(session), recorded);
}

/**
 * Fingerprints of the catalog that the migration started from: as read here, or as proved. None where neither compares, or
 * where rollback makes texts again that this version may print otherwise.
 */
function goalsOf({ proof, ...entry }: LedgerEntry, session: Session): readonly string[] {
  const returns = proof.returns === undefined ? [] : [proof.returns];
  if (isComparable(proof, session)) return [entry.liveBefore ?? proof.before, proof.before, ...returns];
  const isReadAlike = entry.reader === readerFormat() && major(entry.serverVersion) === major(session.version);
  return isReadAlike && entry.liveBefore !== null && returns.length === 0 ? [entry.liveBefore] : [];
}

function requireGoal(session: Session, name: string, goals: readonly string[], live: FactIndex): void {
  if (goals.length === 0 || goals.includes(fingerprint(live))) return;
  throw new Diagnostic({
    code: "result-differs",
    what: `the rollback of ${name} does not lead back to the catalog that ${session.name} had before it`,
    why: "something in the target acts on its statements, such as an event trigger, or the migration was only applied in part",
    next: "its last step was undone where it could be; see `verso status` and `verso history`, mend it, and roll back again",
  });
}

/** The last first. */
function chosen(entries: readonly LedgerEntry[], { to, steps }: RollbackOptions): readonly LedgerEntry[] {
  const backwards = entries.toReversed();
  if (to === "empty") return backwards.slice(0, steps);
  if (to === undefined) return backwards.slice(0, steps ?? 1);
  return backwards.slice(0, backwards.indexOf(ofName(backwards, to))).slice(0, steps);
}
