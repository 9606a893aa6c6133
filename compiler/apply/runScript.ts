import { setTimeout as sleep } from "node:timers/promises";
import { Diagnostic, type Position } from "../diagnostic.ts";
import type { FactIndex } from "../facts.ts";
import { PASSING_CHECK } from "../kinds/notNullInUse.ts";
import type { Script, Side } from "../migrations/migration.ts";
import type { ScriptStep } from "../migrations/parseScript.ts";
import type { ScriptStatement } from "../migrations/splitStatements.ts";
import { readCatalog } from "../read/readCatalog.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { inTransaction } from "../session/transaction.ts";
import { writeHistory } from "./ledger.ts";
import { type Lease, renewLease } from "./lock.ts";
import { openTransactions } from "./openTransactions.ts";
import type { RunOptions } from "./progress.ts";

/** One side of one migration, about to be run on a target, from the step that was reached. */
export interface ScriptRun {
  readonly session: Session;
  readonly lease: Lease;
  /** Row of verso.migrations. */
  readonly id: number;
  readonly name: string;
  readonly side: Side;
  readonly script: Script;
  /** Steps done by an earlier run. */
  readonly done: number;
  /** A step outside a transaction that an earlier run began, in either direction, and may or may not have finished. */
  readonly begun: number | null;
  /** Invalid indexes that were there before that step began. */
  readonly invalidIndexes: readonly number[];
  /** Skips what is gone already, or there already: the way back from a migration that was applied in part. */
  readonly isTolerant: boolean;
  /** Looks at the catalog after the last step, before its transaction ends where it has one; throws when it is wrong. */
  readonly verify: (live: FactIndex) => void;
  /** Writes the outcome to the ledger, in the transaction of the last step where it has one. */
  readonly conclude: (live: FactIndex, durationMs: number) => Promise<void>;
  /** Puts the ledger back when the first step failed and left nothing behind. */
  readonly abandon: () => Promise<void>;
  readonly options: RunOptions;
}

/** Runs the steps that are left, each recorded as it is done. @throws Diagnostic `step-failed`, or what `verify` throws */
export async function runScript(run: ScriptRun): Promise<void> {
  const { session, script, options, name, side } = run;
  const { steps } = script;
  const started = Date.now();
  options.onProgress?.({ event: "migration started", name, side, steps: steps.length, done: run.done });
  const restore = await prepareSession(session);
  try {
    if (run.begun !== null) await dropCarcasses(run, run.invalidIndexes);
    if (run.isTolerant) await dropPassingChecks(run);
    for (const [i, step] of steps.entries()) {
      if (i < run.done) continue;
      await runStep(run, step, i, started);
    }
    const isConcluded = steps.at(-1)?.transactional === true && run.done < steps.length;
    if (!isConcluded) await concludeApart(run, started);
  } finally {
    await restore().catch(() => undefined);
  }
  options.onProgress?.({ event: "migration finished", name, side, durationMs: Date.now() - started });
}

/** After a last step outside a transaction, or when no step is left. */
async function concludeApart(run: ScriptRun, started: number): Promise<void> {
  const { session } = run;
  const live = await readCatalog(session);
  try {
    run.verify(live);
  } catch (error) {
    await recordFailure(run, run.script.steps.length, error);
    throw error;
  }
  await inTransaction(session, () => run.conclude(live, Date.now() - started));
}

async function runStep(run: ScriptRun, step: ScriptStep, i: number, started: number): Promise<void> {
  const { name, options, script } = run;
  const of = script.steps.length;
  const { transactional } = step;
  const stepStarted = Date.now();
  options.onProgress?.({
    event: "step started",
    name,
    step: i + 1,
    of,
    transactional,
    statements: step.statements.length,
  });
  try {
    if (transactional) await runTogether(run, step, i, started);
    else await runAlone(run, step, i);
  } catch (error) {
    await recordFailure(run, i, error);
    throw error instanceof StatementFailed ? await failure(run, i, error) : error;
  }
  options.onProgress?.({ event: "step finished", name, step: i + 1, of, durationMs: Date.now() - stepStarted });
}

/** A statement that PostgreSQL refused; null where it was the COMMIT, when a deferred constraint speaks up. */
class StatementFailed extends Error {
  override readonly name = "StatementFailed";
  readonly statement: ScriptStatement | null;
  readonly refusal: DatabaseError;

  constructor(statement: ScriptStatement | null, refusal: DatabaseError) {
    super(refusal.message, { cause: refusal });
    this.statement = statement;
    this.refusal = refusal;
  }
}

/** Lock not available, deadlock, serialization failure: nothing is wrong with the statement. */
const WORTH_RETRYING = new Set(["55P03", "40P01", "40001"]);
const LONGEST_WAIT_MS = 30_000;

/** A step and its record in one transaction. */
const runTogether = (run: ScriptRun, step: ScriptStep, i: number, started: number): Promise<void> =>
  patiently(
    run,
    i,
    () => attemptStep(run, step, i, started),
    () => run.session.run("ROLLBACK").catch(() => undefined),
  );

/** Tries again, each time after a longer pause, while it does not get its locks. */
async function patiently(
  { name, options }: ScriptRun,
  i: number,
  attempt: () => Promise<void>,
  undo: () => Promise<void>,
): Promise<void> {
  const attempts = options.lockAttempts ?? 10;
  let waitMs = options.retryWaitMs ?? 500;
  for (let number = 1; ; number++) {
    try {
      return await attempt();
    } catch (error) {
      await undo();
      if (!(error instanceof StatementFailed) || !WORTH_RETRYING.has(error.refusal.code) || number >= attempts) {
        throw error;
      }
      const why = error.refusal.message;
      options.onProgress?.({ event: "step retried", name, step: i + 1, attempt: number, waitMs, why });
      await sleep(waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  }
}

async function attemptStep(run: ScriptRun, step: ScriptStep, i: number, started: number): Promise<void> {
  const { session, script, options } = run;
  const isLast = i === script.steps.length - 1;
  await session.run(`BEGIN; SET LOCAL lock_timeout = ${Math.round(options.lockTimeoutMs ?? 3_000)}`);
  for (const statement of step.statements) await runStatement(run, statement);
  if (isLast) {
    const live = await readCatalog(session, "caller's transaction");
    run.verify(live);
    await recordStep(run, i);
    await run.conclude(live, Date.now() - started);
  } else {
    await recordStep(run, i);
  }
  await refusing(null, () => session.run("COMMIT"));
}

async function runStatement({ session, isTolerant }: ScriptRun, statement: ScriptStatement): Promise<void> {
  if (!isTolerant) return refusing(statement, () => session.run(statement.sql));
  await session.run("SAVEPOINT verso_statement");
  try {
    await refusing(statement, () => session.run(statement.sql));
    await session.run("RELEASE SAVEPOINT verso_statement");
  } catch (error) {
    if (!isAlreadySo(error)) throw error;
    await session.run("ROLLBACK TO SAVEPOINT verso_statement; RELEASE SAVEPOINT verso_statement");
  }
}

/** There already, or gone already: duplicate and undefined table, object, column, schema, function. */
const ALREADY_SO = new Set(["42P07", "42710", "42701", "42P06", "42723", "42P01", "42704", "42703", "3F000", "42883"]);

const isAlreadySo = (error: unknown): boolean => error instanceof StatementFailed && ALREADY_SO.has(error.refusal.code);

/** A step that PostgreSQL wants outside of a transaction: recorded before and after, so that an interrupted run resumes. */
async function runAlone(run: ScriptRun, step: ScriptStep, i: number): Promise<void> {
  const { session } = run;
  const isResumed = run.begun === i;
  const known = isResumed ? run.invalidIndexes : (await invalidIndexes(session)).map(({ oid }) => oid);
  await session.query("update verso.migrations set step_begun = $2, invalid_indexes = $3 where id = $1", [
    run.id,
    i,
    known,
  ]);
  await renewLease(session, run.lease, `step ${i + 1} of ${run.script.steps.length} of ${run.name}`);
  for (const statement of step.statements) {
    try {
      await patiently(
        run,
        i,
        () => refusing(statement, () => session.run(statement.sql)),
        () => dropCarcasses(run, known).catch(() => undefined),
      );
    } catch (error) {
      // What the interrupted run had finished needs no second time; the check after the last step vouches for it.
      if ((isResumed || run.isTolerant) && isAlreadySo(error)) continue;
      throw error;
    }
  }
  await recordStep(run, i);
}

interface InvalidIndex {
  readonly oid: number;
  readonly index: string;
}

/** Indexes that are neither valid nor being built by someone else. */
async function invalidIndexes(session: Session): Promise<readonly InvalidIndex[]> {
  return session.query<InvalidIndex>(`
    select i.indexrelid as oid, format('%I.%I', n.nspname, c.relname) as index
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where not i.indisvalid and c.relkind = 'i' and n.nspname not in ('verso', 'verso_attic')
      and not exists (select from pg_stat_progress_create_index p where p.index_relid = i.indexrelid)
    order by i.indexrelid`);
}

/** A CREATE INDEX CONCURRENTLY that failed leaves an invalid index, which would pass for the one that is wanted. */
async function dropCarcasses({ session, options }: ScriptRun, known: readonly number[]): Promise<void> {
  for (const { oid, index } of await invalidIndexes(session)) {
    if (known.includes(oid)) continue;
    await session.run(`DROP INDEX CONCURRENTLY ${index}`);
    options.onProgress?.({ event: "note", text: `dropped ${index}, the invalid index of an interrupted build` });
  }
}

/** A check that was only to last until its column is NOT NULL. */
async function dropPassingChecks({ session, options }: ScriptRun): Promise<void> {
  const checks = await session.query<{ relation: string; name: string }>(
    `select conrelid::regclass::text as relation, quote_ident(conname) as name from pg_constraint
     where contype = 'c' and starts_with(conname, $1) and conislocal order by 1, 2`,
    [PASSING_CHECK],
  );
  for (const { relation, name } of checks) {
    await session.run(`ALTER TABLE ${relation} DROP CONSTRAINT ${name}`);
    options.onProgress?.({
      event: "note",
      text: `dropped ${name} of ${relation}, which was to last until its column is NOT NULL`,
    });
  }
}

async function recordStep(run: ScriptRun, i: number): Promise<void> {
  const done = run.side === "forward" ? "steps_done" : "undo_done";
  await renewLease(run.session, run.lease, `step ${i + 1} of ${run.script.steps.length} of ${run.name}`);
  await run.session.query(
    `update verso.migrations set ${done} = $2, step_begun = null, invalid_indexes = '{}' where id = $1`,
    [run.id, i + 1],
  );
}

/** Failures that cannot be recorded, because the connection is gone, are seen by the next run in the ledger as it stands. */
async function recordFailure(run: ScriptRun, i: number, error: unknown): Promise<void> {
  const { session, lease, name } = run;
  const detail = error instanceof Error ? error.message : String(error);
  try {
    await writeHistory(session, { event: "failed", migration: name, by: lease.holder, step: i + 1, detail });
    const step = run.script.steps[i];
    const leavesNothing = step === undefined || step.transactional || step.statements.length === 1;
    if (i === 0 && leavesNothing && error instanceof Error && !isConnectionLost(error)) await run.abandon();
  } catch {}
}

const isConnectionLost = (error: Error): boolean => error instanceof Diagnostic && error.code === "connection-lost";

async function refusing(statement: ScriptStatement | null, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof DatabaseError ? new StatementFailed(statement, error) : error;
  }
}

async function failure(run: ScriptRun, i: number, error: StatementFailed): Promise<Diagnostic> {
  const { session, script, name, side } = run;
  const { statement, refusal } = error;
  const { detail, hint } = refusal.fields;
  const command = side === "forward" ? "verso apply" : "verso rollback";
  const isLockMissing = refusal.code === "55P03";
  const blockers = isLockMissing ? await openTransactions(session).catch(() => "") : "";
  const stayed =
    i === 0
      ? "nothing was changed"
      : `steps 1 to ${i} stay; \`${command}\` goes on from step ${i + 1}${
          side === "forward" ? ", `verso rollback` takes them back" : ""
        }`;
  const advice = isLockMissing
    ? `run \`${command}\` again when those transactions have ended, or with a longer --lock-timeout`
    : `${hint === undefined ? "" : `${hint}; `}mend what stands in the way and run \`${command}\` again`;
  return new Diagnostic(
    {
      code: isLockMissing ? "lock-not-available" : "step-failed",
      what: `${name} stopped at step ${i + 1} of ${script.steps.length}: PostgreSQL refuses ${
        statement === null ? "to commit it" : headline(statement.sql)
      }`,
      at: statement === null ? script.file : positionOf(script, statement, refusal.fields.position),
      why: `${refusal.message}${detail === undefined ? "" : ` (${detail})`} (SQLSTATE ${refusal.code})${blockers}`,
      next: `${stayed}; ${advice}`,
    },
    refusal,
  );
}

function positionOf({ file }: Script, { sql, line }: ScriptStatement, position: number | undefined): Position {
  const before = [...sql].slice(0, (position ?? 1) - 1).join("");
  const lines = before.split("\n");
  return { file, line: line + lines.length - 1, column: [...(lines.at(-1) ?? "")].length + 1 };
}

function headline(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** Time limits that a role may have been given are for queries, not for migrations. */
async function prepareSession(session: Session): Promise<() => Promise<void>> {
  const settings: readonly (readonly [string, string])[] = [
    ["check_function_bodies", "off"],
    // It would also count the waits inside CREATE INDEX CONCURRENTLY; steps in a transaction set their own.
    ["lock_timeout", "0"],
    ["statement_timeout", "0"],
    ["idle_in_transaction_session_timeout", "0"],
    ...(session.version >= 170_000 ? [["transaction_timeout", "0"] as const] : []),
  ];
  const names = settings.map(([name]) => name);
  const former = await session.query<{ name: string; value: string }>(
    "select name, current_setting(name) as value from unnest($1::text[]) name",
    [names],
  );
  const set = async (values: readonly (readonly [string, string])[]): Promise<void> => {
    for (const [name, value] of values) await session.query("select set_config($1, $2, false)", [name, value]);
  };
  await set(settings);
  return () => set(former.map(({ name, value }) => [name, value]));
}
