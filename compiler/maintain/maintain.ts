import { setTimeout as sleep } from "node:timers/promises";
import { requireConsentTo } from "../apply/attic.ts";
import { withoutMigrations } from "../apply/lock.ts";
import { openTransactions } from "../apply/openTransactions.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { CleanUp } from "../kinds/functions.ts";
import { nearest } from "../nearest.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { type Stage, watch } from "../session/watch.ts";
import { analyze } from "./analyze.ts";
import { attic } from "./attic.ts";
import { cleanUp } from "./cleanUp.ts";
import { whoHasLocked } from "./inTheWay.ts";
import { refresh } from "./refresh.ts";
import { reindex } from "./reindex.ts";
import { type Relation, readRelations } from "./relations.ts";
import { statistics } from "./statistics.ts";
import type { Job, Measures, Surroundings, Task } from "./task.ts";
import { vacuum } from "./vacuum.ts";

/** In the order in which they run: what leaves dead rows before what clears them away, counters last. */
export const TASKS = {
  attic,
  "clean-up": cleanUp,
  refresh,
  vacuum,
  analyze,
  reindex,
  statistics,
} satisfies Readonly<Record<string, Task>>;

export type TaskName = keyof typeof TASKS;

const taskNames = Object.keys(TASKS) as readonly TaskName[];

export interface MaintainOptions {
  /** All but those that want to be named, when none is. */
  readonly tasks?: readonly TaskName[];
  /** Names of tables and materialized views, with or without their schema; partitions come along. */
  readonly only?: readonly string[];
  /** Objects that are smaller are left alone. */
  readonly minBytes?: number;
  /** Also what does not need it. */
  readonly all?: boolean;
  /** Nothing is begun after this time, and what runs then is broken off. */
  readonly budgetMs?: number;
  /** Tell the statements, run none. */
  readonly dryRun?: boolean;
  readonly cleanUps?: readonly CleanUp[];
  /** Consent to what a purge of the attic destroys. */
  readonly acceptDataLoss?: boolean;
  /** A second connection, which asks the server how far a statement is. */
  readonly watcher?: Session;
  readonly onProgress?: (progress: MaintainProgress) => void;
  /** How long a statement may wait for a lock while others queue behind it; 3 s when not given. */
  readonly lockTimeoutMs?: number;
  /** Attempts at an object that somebody has locked; 3 when not given. */
  readonly lockAttempts?: number;
  /** Wait between two attempts; 2 s when not given. */
  readonly retryWaitMs?: number;
  /** What waits for all transactions is not begun while one is open longer; a minute when not given. */
  readonly longTransactionMs?: number;
}

export type MaintainProgress =
  | { readonly event: "started"; readonly task: TaskName; readonly object: string }
  | ({ readonly event: "working"; readonly task: TaskName; readonly object: string } & Stage)
  | {
      readonly event: "waiting";
      readonly task: TaskName;
      readonly object: string;
      readonly why: string;
      readonly waitMs: number;
    }
  | { readonly event: "finished"; readonly done: Done };

/** What became of one object. */
export interface Done {
  readonly task: TaskName;
  readonly object: string;
  readonly outcome: "done" | "planned" | "skipped" | "failed" | "broken off" | "not started";
  /** What asked for it. */
  readonly reason: string;
  readonly sql: readonly string[];
  /** Why it was not done. */
  readonly why: string | null;
  readonly before: Measures;
  readonly after: Measures | null;
  readonly durationMs: number;
  /** What was put right afterwards. */
  readonly notes: readonly string[];
}

export interface MaintainReport {
  readonly target: string;
  readonly isDryRun: boolean;
  readonly done: readonly Done[];
  /** Over all that was done; negative where it grew. */
  readonly gained: { readonly bytes: number; readonly deadRows: number; readonly removedRows: number };
  readonly durationMs: number;
}

/**
 * Looks after a database: what needs it, the most needed first, one statement after the other. What fails or is locked is told,
 * and the rest goes on. Meanwhile nobody migrates the target.
 * @throws Diagnostic `target-locked`, `target-takes-no-writes`, `table-not-found`, `data-loss` before anything is done
 */
export async function maintain(session: Session, options: MaintainOptions = {}): Promise<MaintainReport> {
  await requirePrimary(session);
  if (options.dryRun) return maintainAlone(session, options);
  return withoutMigrations(session, () => maintainAlone(session, options));
}

async function maintainAlone(session: Session, options: MaintainOptions): Promise<MaintainReport> {
  const started = performance.now();
  const deadline = started + (options.budgetMs ?? Number.POSITIVE_INFINITY);
  const run: Run = { session, options, deadline, warnings: [], isOver: null, pid: 0 };
  session.onNotice(({ message }) => run.warnings.push(message));
  const [backend] = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
  run.pid = backend?.pid ?? 0;
  // What remains then are warnings: tables that VACUUM passes over.
  await session.run("SET client_min_messages = warning");
  await setLockTimeout(run);
  const done: Done[] = [];
  try {
    await doAll(run, done);
  } finally {
    await session.run("RESET client_min_messages; RESET lock_timeout");
  }
  const gained = (measure: Gain): number =>
    done.reduce((sum, { before, after }) => sum + gainOf(measure, before, after), 0);
  return {
    target: session.name,
    isDryRun: options.dryRun === true,
    done,
    gained: { bytes: gained("bytes"), deadRows: gained("deadRows"), removedRows: gained("removedRows") },
    durationMs: Math.round(performance.now() - started),
  };
}

async function doAll(run: Run, done: Done[]): Promise<void> {
  const { session, options } = run;
  const vacuumed = new Set<number>();
  for (const name of taskNames) {
    if (!isChosen(name, options)) continue;
    const relations = await readRelations(session);
    const jobs = await TASKS[name].find(surroundings(session, relations, vacuumed, options));
    const wanted = chosen(jobs, relations, options);
    const { dryRun, acceptDataLoss = false } = options;
    const destroyed = wanted.flatMap(({ destroys }) => destroys ?? []);
    if (!dryRun) requireConsentTo(destroyed, session, { acceptDataLoss });
    for (const job of wanted) {
      const one = await doOrTell(run, name, job);
      options.onProgress?.({ event: "finished", done: one });
      done.push(one);
      if (name === "vacuum" && job.relation !== null && one.outcome !== "not started") vacuumed.add(job.relation.oid);
    }
  }
}

type Gain = keyof MaintainReport["gained"];

/** What is less afterwards; of removed rows, how many they were. */
function gainOf(measure: Gain, before: Measures, after: Measures | null): number {
  if (after === null) return 0;
  return measure === "removedRows" ? (after.removedRows ?? 0) : (before[measure] ?? 0) - (after[measure] ?? 0);
}

function surroundings(
  session: Session,
  relations: ReadonlyMap<number, Relation>,
  vacuumed: ReadonlySet<number>,
  { cleanUps = [], longTransactionMs = 60_000 }: MaintainOptions,
): Surroundings {
  return { session, relations, vacuumed, cleanUps, longTransactionMs };
}

const isChosen = (name: TaskName, { tasks = [] }: MaintainOptions): boolean => {
  const task: Task = TASKS[name];
  return tasks.length === 0 ? task.isOnRequest !== true : tasks.includes(name);
};

/** @throws Diagnostic `table-not-found` */
function chosen(
  jobs: readonly Job[],
  relations: ReadonlyMap<number, Relation>,
  { only, minBytes = 0, all = false }: MaintainOptions,
): readonly Job[] {
  const paths = only?.map((name) => pathOf(name, [...relations.values()]));
  return jobs.filter(
    ({ need, bytes, relation }) =>
      (all || need >= 1) &&
      bytes >= minBytes &&
      (paths === undefined ||
        (relation !== null && [relation.path, ...relation.ancestors].some((path) => paths.includes(path)))),
  );
}

function pathOf(name: string, relations: readonly Relation[]): string {
  const found = relations.filter((one) => [one.path, `${one.schema}.${one.name}`, one.name].includes(name));
  const [first] = found.toSorted((one, other) => Number(other.schema === "public") - Number(one.schema === "public"));
  if (first !== undefined) return first.path;
  const meant = nearest(
    name,
    relations.flatMap((one) => [one.name, one.path]),
  );
  throw new Diagnostic({
    code: "table-not-found",
    what: `there is no table or materialized view ${name}`,
    next: meant === null ? "write its name, with its schema where that is not public" : `did you mean ${meant}?`,
  });
}

/** @throws Diagnostic `target-takes-no-writes` */
async function requirePrimary(session: Session): Promise<void> {
  const [found] = await session.query<{ isReplica: boolean }>('select pg_is_in_recovery() as "isReplica"');
  if (found?.isReplica !== true) return;
  throw new Diagnostic({
    code: "target-takes-no-writes",
    what: `${session.name} is a replica, which cannot be maintained by itself`,
    next: "run it on the primary server: what it does there comes to its replicas",
  });
}

interface Run {
  readonly session: Session;
  readonly options: MaintainOptions;
  /** By performance.now(). */
  readonly deadline: number;
  /** Of the statement that runs. */
  readonly warnings: string[];
  /** Why nothing else is begun. */
  isOver: string | null;
  pid: number;
}

const BUDGET = "the time is up";

async function doOrTell(run: Run, task: TaskName, job: Job): Promise<Done> {
  const { object, reason, sql, before, obstacle } = job;
  const known = {
    task,
    object,
    outcome: "planned",
    reason,
    sql,
    why: null,
    before,
    after: null,
    durationMs: 0,
    notes: [],
  } as const;
  if (obstacle !== undefined) return { ...known, outcome: "skipped", why: obstacle };
  if (run.options.dryRun) return known;
  if (performance.now() >= run.deadline) run.isOver ??= BUDGET;
  if (run.isOver !== null) return { ...known, outcome: "not started", why: run.isOver };
  run.options.onProgress?.({ event: "started", task, object });
  const started = performance.now();
  const ended = await attempt(run, task, job);
  return { ...known, ...ended, durationMs: Math.round(performance.now() - started) };
}

type Ended = Pick<Done, "outcome" | "why" | "after" | "notes">;

const skipped = (why: string): Ended => ({ outcome: "skipped", why, after: null, notes: [] });

/** Lock not available, deadlock. */
const LOCKED = new Set(["55P03", "40P01"]);

async function attempt(run: Run, task: TaskName, job: Job): Promise<Ended> {
  const { options, session } = run;
  const attempts = options.lockAttempts ?? 3;
  for (let number = 1; ; number++) {
    const blocker = (await job.inTheWay?.()) ?? null;
    const ended = blocker === null ? await perform(run, task, job) : skipped(blocker);
    const waitMs = options.retryWaitMs ?? 2_000;
    const isLast = number >= attempts || session.engine === "embedded" || performance.now() + waitMs >= run.deadline;
    if (ended.outcome !== "skipped" || isLast) return ended;
    options.onProgress?.({ event: "waiting", task, object: job.object, why: ended.why ?? "", waitMs });
    await sleep(waitMs);
  }
}

async function perform(run: Run, task: TaskName, job: Job): Promise<Ended> {
  const { session, options, warnings } = run;
  const { object } = job;
  warnings.length = 0;
  if (job.isPatient) await session.run("SET lock_timeout = 0");
  const stopWatching =
    options.watcher === undefined
      ? async () => {}
      : watch(options.watcher, run.pid, (stage) => options.onProgress?.({ event: "working", task, object, ...stage }));
  const clock = breakOffAt(run.deadline, session);
  try {
    const performed = await performing(session, job);
    await clock.stop();
    await setLockTimeout(run);
    const hasWarned = warnings.length > 0;
    const after = performed ?? (job.measure === undefined ? {} : await job.measure(hasWarned));
    if (after === null) return skipped(await whySkipped(run, job));
    return { outcome: "done", why: null, after, notes: (await job.remarks?.(after)) ?? [] };
  } catch (error) {
    await clock.stop();
    if (!(error instanceof DatabaseError)) throw error;
    await setLockTimeout(run);
    const notes = (await job.recover?.()) ?? [];
    if (LOCKED.has(error.code)) return { ...skipped(`${error.message}${await openTransactions(session)}`), notes };
    const isCancelled = error.code === "57014";
    if (isCancelled) run.isOver = clock.hasStruck() ? BUDGET : "the run was cancelled";
    if (isCancelled && clock.hasStruck()) return { outcome: "broken off", why: BUDGET, after: null, notes };
    return { outcome: "failed", why: `${error.message} (SQLSTATE ${error.code})`, after: null, notes };
  } finally {
    await stopWatching();
  }
}

const setLockTimeout = ({ session, options }: Run): Promise<void> =>
  session.run(`SET lock_timeout = ${Math.round(options.lockTimeoutMs ?? 3_000)}`);

async function whySkipped({ session, warnings }: Run, { object, relation }: Job): Promise<string> {
  const holder = relation === null ? null : await whoHasLocked(session, relation.oid);
  return [warnings.at(-1) ?? `${object} is gone`, ...(holder === null ? [] : [holder])].join("; ");
}

async function performing(session: Session, { perform, sql }: Job): Promise<Measures | null> {
  if (perform !== undefined) return perform();
  for (const statement of sql) await session.run(statement);
  return null;
}

/** Has the server break a statement off when the time is up. What cannot be broken off runs to its end. */
function breakOffAt(deadline: number, session: Session): { stop(): Promise<void>; hasStruck(): boolean } {
  const cancel = session.cancel?.bind(session);
  let cancelling: Promise<void> | null = null;
  const strike = (): void => {
    cancelling = cancel?.().catch(() => undefined) ?? null;
  };
  const isSet = cancel !== undefined && Number.isFinite(deadline);
  const timer = isSet ? setTimeout(strike, Math.min(deadline - performance.now(), LONGEST_TIMER_MS)) : undefined;
  return {
    stop: async () => {
      clearTimeout(timer);
      await cancelling;
    },
    hasStruck: () => cancelling !== null,
  };
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
