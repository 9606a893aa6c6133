import type { CompiledDomain } from "../compile/compileDomain.ts";
import { Diagnostic } from "../diagnostic.ts";
import { userSchema } from "../kinds/kind.ts";
import { nearest } from "../nearest.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import type { Around, Check, Examined } from "./check.ts";
import { CHECKS } from "./checks.ts";
import { driftOf } from "./drift.ts";
import { type Advice, type Finding, type Gap, type Outcome, type Report, SEVERITIES } from "./finding.ts";
import { THRESHOLDS, type Thresholds } from "./thresholds.ts";

export interface ExamineOptions {
  /** What is declared of this database: findings then say where to mend it. */
  readonly definitions?: Pick<CompiledDomain, "name" | "domain" | "facts" | "hints" | "positions">;
  readonly thresholds?: Partial<Thresholds>;
  readonly onProgress?: (check: string, done: number, total: number) => void;
}

/** A check that takes longer is broken off, and told as skipped. */
const CHECK_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 2_000;

/**
 * Looks a database over. Reads only, in one transaction, in which each check is undone if it fails, and takes no lock that
 * anybody waits for.
 * @throws Diagnostic `accepts-unknown`
 */
export async function examine(session: Session, options: ExamineOptions = {}): Promise<Report> {
  const { definitions } = options;
  refuseUnknown(definitions);
  const total = CHECKS.length + 1;
  const done: { readonly check: Pick<Check, "name" | "looksFor">; readonly looked: Looked }[] = [];
  const around = await inTransaction(session, { readOnly: true }, async () => {
    const around = await lookAround(session, options);
    for (const check of CHECKS) {
      options.onProgress?.(check.looksFor, done.length, total);
      done.push({ check, looked: await lookApart(session, check, around) });
    }
    return around;
  });
  // It reads the whole catalog, in a transaction of its own.
  const drift = driftOf(definitions?.name);
  options.onProgress?.(drift.looksFor, done.length, total);
  done.push({
    check: drift,
    looked: await look(() => withinLimits(session, () => drift.examine(session, around)), around),
  });

  const found = done.flatMap(({ check, looked }) =>
    looked.advice.map((one) => findingOf(check.name, one, definitions)),
  );
  const accepts = definitions?.domain.options.accepts ?? {};
  const worstFirst = found.toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  return {
    target: session.name,
    version: session.version,
    isReplica: around.isReplica,
    statisticsSeconds: around.statisticsSeconds,
    outcomes: done.map(({ check, looked }) => outcomeOf(check, looked)),
    findings: worstFirst.filter(({ id }) => accepts[id] === undefined),
    accepted: worstFirst.flatMap((finding) => {
      const reason = accepts[finding.id];
      return reason === undefined ? [] : [{ ...finding, reason }];
    }),
  };
}

/** A slip in an id would accept nothing, and say nothing. */
function refuseUnknown(definitions: ExamineOptions["definitions"]): void {
  const names = [...CHECKS.map(({ name }) => name), driftOf(undefined).name];
  for (const id of Object.keys(definitions?.domain.options.accepts ?? {})) {
    const [name = ""] = id.split(" ");
    if (names.includes(name)) continue;
    const meant = nearest(name, names);
    throw new Diagnostic({
      code: "accepts-unknown",
      what: `domain ${definitions?.name} accepts ${JSON.stringify(id)}, and there is no check ${JSON.stringify(name)}`,
      next: `${meant === null ? "" : `did you mean ${meant}? `}\`verso doctor --json\` tells the id of each finding`,
    });
  }
}

interface Looked extends Examined {
  readonly hasFailed?: true;
}

/** Runs work in a transaction that leaves nothing. */
export async function inTransaction<T>(
  session: Session,
  { readOnly = false, timeoutMs = CHECK_TIMEOUT_MS }: { readonly readOnly?: boolean; readonly timeoutMs?: number },
  work: () => Promise<T>,
): Promise<T> {
  await session.run(`BEGIN${readOnly ? " READ ONLY" : ""};
    SET LOCAL search_path = '';
    SET LOCAL statement_timeout = ${timeoutMs};
    SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
    SET LOCAL jit = off;`);
  try {
    return await work();
  } finally {
    await session.run("ROLLBACK");
  }
}

/** The time limits of a check, for work that begins transactions of its own. */
async function withinLimits<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const [before] = await session.query<{ statement: string; lock: string }>(
    "select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock",
  );
  const limit = (statement: string, lock: string) =>
    session.query("select set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false)", [
      statement,
      lock,
    ]);
  await limit(String(CHECK_TIMEOUT_MS), String(LOCK_TIMEOUT_MS));
  try {
    return await work();
  } finally {
    await limit(before?.statement ?? "0", before?.lock ?? "0");
  }
}

interface AroundRow {
  readonly database: string;
  readonly role: string;
  readonly isReplica: boolean;
  readonly seesActivity: boolean;
  readonly hasHiddenTables: boolean;
  readonly statisticsSeconds: number;
  readonly extensions: Readonly<Record<string, { readonly schema: string; readonly version: string }>>;
}

export async function lookAround(session: Session, { thresholds, definitions }: ExamineOptions): Promise<Around> {
  const [row] = await session.query<AroundRow>(`
    select current_database() as database, quote_ident(current_user) as role, pg_is_in_recovery() as "isReplica",
      pg_has_role(current_user, 'pg_read_all_stats', 'usage') as "seesActivity",
      exists (select from pg_class t join pg_namespace n on n.oid = t.relnamespace
        where t.relkind in ('r', 'm') and ${userSchema("n.nspname")} and not has_table_privilege(t.oid, 'select'))
        as "hasHiddenTables",
      extract(epoch from clock_timestamp() - coalesce(
        (select stats_reset from pg_stat_database where datname = current_database()), pg_postmaster_start_time()))::float8
        as "statisticsSeconds",
      (select coalesce(jsonb_object_agg(e.extname, jsonb_build_object('schema', n.nspname, 'version', e.extversion)), '{}')
        from pg_extension e join pg_namespace n on n.oid = e.extnamespace) as extensions`);
  if (row === undefined) throw new Error("the database says nothing of itself");
  return {
    ...row,
    version: session.version,
    engine: session.engine,
    extensions: new Map(Object.entries(row.extensions)),
    thresholds: { ...THRESHOLDS, ...thresholds },
    declared: definitions?.facts ?? new Map(),
    hints: definitions?.hints ?? new Map(),
  };
}

async function lookApart(session: Session, check: Check, around: Around): Promise<Looked> {
  await session.run("SAVEPOINT verso_check");
  const looked = await look(() => check.examine(session, around), around);
  await session.run("ROLLBACK TO verso_check; RELEASE verso_check");
  return looked;
}

async function look(examine: () => Promise<Examined>, around: Around): Promise<Looked> {
  try {
    return await examine();
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    const gap = gapOf(error, around);
    if (gap !== null) return { advice: [], unseen: gap };
    const why = `PostgreSQL said: ${error.message} (SQLSTATE ${error.code})`;
    return { advice: [], unseen: { why, next: "see the server's log; the other checks went on" }, hasFailed: true };
  }
}

/** What keeps a check from looking without anything being wrong. */
function gapOf({ code, message }: DatabaseError, { role }: Around): Gap | null {
  switch (code) {
    case "42501":
      return { why: message, next: `GRANT pg_monitor TO ${role}, or connect as a role that may look` };
    case "57014":
      return {
        why: `it took longer than ${CHECK_TIMEOUT_MS / 1000} s`,
        next: "run it again when the server is less busy",
      };
    case "55P03":
      return { why: "another session holds a lock on what it reads", next: "run it again when that session is done" };
    default:
      return null;
  }
}

function findingOf(check: string, { mend, ...advice }: Advice, definitions: ExamineOptions["definitions"]): Finding {
  const [at] = (mend?.at ?? []).flatMap((id) => definitions?.positions.get(id) ?? []);
  return {
    id: `${check} ${advice.object}`,
    check,
    ...advice,
    definition: mend === undefined || at === undefined ? null : { at, how: mend.how },
  };
}

function outcomeOf({ name, looksFor }: Pick<Check, "name" | "looksFor">, looked: Looked): Outcome {
  const { advice, unseen, hasFailed } = looked;
  const status = hasFailed ? "failed" : advice.length > 0 ? "found" : unseen === null ? "ok" : "skipped";
  return { check: name, looksFor, status, gap: unseen };
}
