import { Diagnostic } from "../diagnostic.ts";
import type { FactIndex } from "../facts.ts";
import { fingerprint, readerFormat } from "../migrations/fingerprint.ts";
import type { Migration } from "../migrations/migration.ts";
import { describeObstacle, findObstacles } from "../plan/obstacles.ts";
import { withoutLeft } from "../prove/leftBehind.ts";
import { readCatalog } from "../read/readCatalog.ts";
import type { Session } from "../session/session.ts";
import { incomparable, isComparable, listDeltas, pendingMigrations, requireStart } from "./gate.ts";
import type { Judge } from "./judge.ts";
import { isHollow, type LedgerEntry, readEntries, readRecorded, recordState, writeHistory } from "./ledger.ts";
import { type Lease, withLock } from "./lock.ts";
import { countLosses, type Loss, requireConsent } from "./losses.ts";
import type { RunOptions } from "./progress.ts";
import { runScript } from "./runScript.ts";

export interface ApplyOptions extends RunOptions {
  /** Name of the last migration to apply. */
  readonly to?: string;
  /** How many migrations to apply at most. */
  readonly steps?: number;
  /** Check everything, say what would run, change nothing. */
  readonly dryRun?: boolean;
  /** Asked where the target prints its catalog otherwise than the shadow of the proof, or to say what differs. */
  readonly judge?: Judge;
}

/** One migration that was run, or would be. */
export interface Move {
  readonly name: string;
  readonly steps: number;
  /** Steps that an earlier, interrupted run had done. */
  readonly done: number;
  readonly sql: string;
  readonly losses: readonly Loss[];
  readonly durationMs: number;
}

export interface Outcome {
  readonly isDryRun: boolean;
  /** In the order in which they ran. */
  readonly moves: readonly Move[];
  /** What could not be checked. */
  readonly notes: readonly string[];
}

/**
 * Brings a target along its migrations, one after the other, each recorded in the ledger with its steps. What an earlier
 * run left unfinished is resumed. A migration that fails leaves the steps before the failing one, and says so.
 * @throws Diagnostic `target-locked`, `target-drifted`, `data-loss`, `step-failed`, `lock-not-available`,
 *   `result-differs`, `rollback-unfinished`, `migration-not-found`, and what `pendingMigrations` throws
 */
export async function apply(
  session: Session,
  migrations: readonly Migration[],
  options: ApplyOptions = {},
): Promise<Outcome> {
  if (options.dryRun) return applyUnderLock(session, migrations, options, null);
  return withLock(session, (lease) => applyUnderLock(session, migrations, options, lease));
}

async function applyUnderLock(
  session: Session,
  migrations: readonly Migration[],
  options: ApplyOptions,
  lease: Lease | null,
): Promise<Outcome> {
  const entries = await startedEntries(session, lease);
  const unfinished = requireNoRollback(entries);
  const pending = pendingMigrations(entries, migrations);
  const resumable = unfinished === null ? [] : [ofName(migrations, unfinished.name)];
  const todo = [...resumable, ...upTo(options.to, pending, migrations)].slice(0, options.steps);
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    options.onProgress?.({ event: "note", text });
  };
  const losses = new Map<string, readonly Loss[]>();
  const first = todo[0];
  let start: FactIndex | null = null;
  if (first !== undefined) {
    if (unfinished === null) start = await requireStartOf(session, migrations, first, note, options);
    for (const migration of todo) {
      losses.set(migration.name, await countLosses(session, migration.name, migration.proof.forward.destroys));
    }
    if (unfinished === null && lease === null) await lookAtRows(session, first, note, true);
    // What a later migration destroys may not be there yet; it is counted again when its turn comes.
    const certain = [...losses].flatMap(([name, own]) =>
      own.filter(({ rows }) => rows !== null || (name === first.name && unfinished === null)),
    );
    if (lease !== null) requireConsent(certain, session, options.acceptDataLoss === true);
  }
  const moves: Move[] = [];
  for (const migration of todo) {
    const resumed = migration.name === unfinished?.name ? unfinished : null;
    const started = Date.now();
    if (lease !== null) {
      const from = migration === first ? start : null;
      await applyOne(session, lease, migrations, migration, { resumed, start: from, note }, options);
    }
    moves.push({
      name: migration.name,
      steps: migration.forward.steps.length,
      done: resumed?.stepsDone ?? 0,
      sql: migration.forward.text,
      losses: losses.get(migration.name) ?? [],
      durationMs: lease === null ? 0 : Date.now() - started,
    });
  }
  const last = todo.at(-1);
  if (lease !== null && last !== undefined) await judgeResult(session, migrations, last, note, options);
  return { isDryRun: lease === null, moves, notes };
}

/** Rows of the ledger without those that were entered by a run that ended before its first step. */
async function startedEntries(session: Session, lease: Lease | null): Promise<readonly LedgerEntry[]> {
  const entries = await readEntries(session);
  for (const { id } of lease === null ? [] : entries.filter(isHollow)) {
    await session.query("delete from verso.migrations where id = $1", [id]);
  }
  return entries.filter((entry) => !isHollow(entry));
}

/** @returns the catalog as it is @throws Diagnostic `target-drifted` */
async function requireStartOf(
  session: Session,
  migrations: readonly Migration[],
  migration: Migration,
  note: (text: string) => void,
  { judge }: ApplyOptions,
): Promise<FactIndex> {
  const live = await readCatalog(session);
  const count = migrations.indexOf(migration);
  const doubt = await requireStart(session, live, await readRecorded(session), migration, judge, count);
  if (doubt !== null) note(doubt);
  return live;
}

/** Tells which rows the migration sets aside. @throws Diagnostic `rows-in-the-way` for those that it cannot have */
async function lookAtRows(
  session: Session,
  { name, proof }: Migration,
  note: (text: string) => void,
  isDryRun: boolean,
): Promise<void> {
  const found = await findObstacles(session, proof.obstacles ?? []);
  const refused = found.filter(({ fate, rows }) => fate === "refused" && rows !== null);
  for (const one of found) if (isDryRun || !refused.includes(one)) note(`${name}: ${describeObstacle(one)}`);
  if (isDryRun || refused.length === 0) return;
  throw new Diagnostic({
    code: "rows-in-the-way",
    what: `${name} cannot be applied to ${session.name} over the rows that are there`,
    why: refused.map(describeObstacle).join("; "),
    next: `mend these rows, or let the definition do it (backfill, orphans: "set aside") and plan again; nothing was changed. They are found by: ${refused.map(({ query }) => query.replaceAll(/\s+/g, " ")).join("; ")}`,
  });
}

interface Turn {
  /** The ledger's row where an earlier run stopped in the middle. */
  readonly resumed: LedgerEntry | null;
  /** The catalog that it starts from, where it has been checked already. */
  readonly start: FactIndex | null;
  readonly note: (text: string) => void;
}

async function applyOne(
  session: Session,
  lease: Lease,
  migrations: readonly Migration[],
  migration: Migration,
  { resumed, start, note }: Turn,
  options: ApplyOptions,
): Promise<void> {
  const { name, forward, proof } = migration;
  const losses = await countLosses(session, name, proof.forward.destroys);
  // What cannot be found when a migration is resumed is gone already, with the consent given then.
  const left = resumed === null ? losses : losses.filter(({ rows }) => rows !== null);
  requireConsent(left, session, options.acceptDataLoss === true);
  let id = resumed?.id;
  if (id === undefined) {
    const from = start ?? (await requireStartOf(session, migrations, migration, note, options));
    await lookAtRows(session, migration, note, false);
    id = await enter(session, lease, migration, from);
  } else {
    await writeHistory(session, {
      event: "resumed",
      migration: name,
      by: lease.holder,
      step: (resumed?.stepsDone ?? 0) + 1,
    });
  }
  let reached: FactIndex | undefined;
  const running = runScript({
    session,
    lease,
    id,
    name,
    side: "forward",
    script: forward,
    done: resumed?.stepsDone ?? 0,
    begun: resumed?.stepBegun ?? null,
    invalidIndexes: resumed?.invalidIndexes ?? [],
    isTolerant: false,
    verify: (live) => {
      reached = live;
      requireResult(session, migration, live);
    },
    conclude: async (live, durationMs) => {
      await session.query(
        `update verso.migrations set state = 'applied', finished_at = clock_timestamp(), duration_ms = $2, live_after = $3
        where id = $1`,
        [id, durationMs, fingerprint(live)],
      );
      await recordState(session, live);
      await writeHistory(session, { event: "applied", migration: name, by: lease.holder, durationMs });
    },
    abandon: async () => {
      await session.query("delete from verso.migrations where id = $1", [id]);
    },
    options,
  });
  try {
    await running;
  } catch (error) {
    const isOtherResult = error instanceof Diagnostic && error.code === "result-differs";
    if (!isOtherResult || reached === undefined) throw error;
    const judged = await options.judge?.differences(session, reached, migrations.indexOf(migration) + 1);
    if (judged === undefined || typeof judged === "string" || judged.length === 0) throw error;
    throw new Diagnostic({ ...error, why: `${listDeltas(judged)}; ${error.why}` }, error);
  }
}

/** Where the proof was made on another version, the judge compares what the run led to. @throws Diagnostic `result-differs` */
async function judgeResult(
  session: Session,
  migrations: readonly Migration[],
  last: Migration,
  note: (text: string) => void,
  { judge, onProgress }: ApplyOptions,
): Promise<void> {
  if (isComparable(last.proof, session)) return;
  if (judge !== undefined) onProgress?.({ event: "comparing", name: last.name });
  const judged = await judge?.differences(session, await readCatalog(session), migrations.indexOf(last) + 1);
  if (judged === undefined || typeof judged === "string")
    return note(incomparable(last, session, "its result", judged));
  if (judged.length === 0) return;
  throw new Diagnostic({
    code: "result-differs",
    what: `${session.name} is not what ${last.name} leads to on the shadow`,
    why: listDeltas(judged),
    next: `it is recorded as applied; mend the difference, or take it back with \`verso rollback\``,
  });
}

/** Writes the migration into the ledger, before its first step. @returns its row */
async function enter(session: Session, lease: Lease, migration: Migration, live: FactIndex): Promise<number> {
  const { domain, name, forward, rollback, proof } = migration;
  const [row] = await session.query<{ id: number }>(
    `insert into verso.migrations (domain, name, state, forward_sql, rollback_sql, proof, live_before, server_version,
      reader, applied_by, steps_total, undo_total)
    values ($1, $2, 'applying', $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id::int`,
    [
      domain,
      name,
      forward.text,
      rollback.text,
      JSON.stringify(proof),
      fingerprint(withoutLeft(live, proof.leaves)),
      session.version,
      readerFormat(),
      lease.holder,
      forward.steps.length,
      rollback.steps.length,
    ],
  );
  if (row === undefined) throw new Error("the ledger took no row");
  return row.id;
}

/** @throws Diagnostic `result-differs` */
function requireResult(session: Session, { name, proof, forward }: Migration, live: FactIndex): void {
  if (!isComparable(proof, session) || fingerprint(live) === proof.after) return;
  const isUndone = forward.steps.length === 1 && forward.steps[0]?.transactional === true;
  throw new Diagnostic({
    code: "result-differs",
    what: `${name} leads to another catalog in ${session.name} than it did on ${proof.shadow}`,
    why: "something in the target acts on its statements: an event trigger, default privileges, another version of an extension",
    next: isUndone
      ? "nothing was changed; compare with `verso diff --from URL --to definitions/…` after applying it to a copy"
      : "its last step was undone where it could be; see `verso status`, then `verso rollback` or `verso apply` to go on",
  });
}

/** The migration that an earlier run left in the middle, or null. @throws Diagnostic `rollback-unfinished` */
function requireNoRollback(entries: readonly LedgerEntry[]): LedgerEntry | null {
  const back = entries.find(({ state }) => state === "rolling back");
  if (back !== undefined) {
    throw new Diagnostic({
      code: "rollback-unfinished",
      what: `the rollback of ${back.name} stopped after step ${back.undoDone} of ${back.undoTotal}`,
      next: "finish it with `verso rollback`, then apply again",
    });
  }
  return entries.find(({ state }) => state === "applying") ?? null;
}

function upTo(
  to: string | undefined,
  pending: readonly Migration[],
  migrations: readonly Migration[],
): readonly Migration[] {
  return to === undefined ? pending : pending.slice(0, pending.indexOf(ofName(migrations, to)) + 1);
}

/** A migration by its name, or by its number alone. @throws Diagnostic `migration-not-found` */
export function ofName<T extends { readonly name: string }>(migrations: readonly T[], name: string): T {
  const found = migrations.find(
    (migration) =>
      migration.name === name || (/^\d+$/.test(name) && Number.parseInt(migration.name, 10) === Number(name)),
  );
  if (found !== undefined) return found;
  throw new Diagnostic({
    code: "migration-not-found",
    what: `there is no migration ${name}`,
    why: `there are ${migrations.map((migration) => migration.name).join(", ") || "none"}`,
    next: "name one of them, in full or by its number",
  });
}
