import { apply } from "../apply/apply.ts";
import type { Judge } from "../apply/judge.ts";
import type { OnProgress } from "../apply/progress.ts";
import { status } from "../apply/status.ts";
import type { CompiledDomain } from "../compile/compileDomain.ts";
import { Diagnostic } from "../diagnostic.ts";
import { explain } from "../explain.ts";
import type { Migration } from "../migrations/migration.ts";
import { versionText } from "../plan/tooNew.ts";
import { plural } from "../quantities.ts";
import { createDatabase } from "../service/connect.ts";
import { verify } from "../service/verify.ts";
import { readVitals } from "../service/vitals.ts";
import { poolInUse } from "../session/environment.ts";
import { openSession } from "../session/open.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { readEncryption } from "./encryption.ts";
import { findLacks, type Lack } from "./permits.ts";
import type { RoundTrip } from "./roundTrip.ts";
import { type Tried, trialsOf, tryOut } from "./tryOut.ts";

export interface SetUp {
  readonly domain: CompiledDomain;
  readonly migrations: readonly Migration[];
  readonly url: string;
  /** `test` and `dry run` change nothing; the former tries out what is there, the latter says what would be done. */
  readonly mode: "set up" | "dry run" | "test";
  readonly judge?: Judge;
  /** Brings rows in; null where the domain has none. @returns what it did, in words; none where all is as declared */
  readonly seed: ((session: Session, isDryRun: boolean) => Promise<readonly string[]>) | null;
  /** All migrations on a scratch database, up, down one, and up again: asked in a test. */
  readonly roundTrip: () => Promise<RoundTrip>;
  /** Runs work with a session, and closes it whatever happens. */
  readonly withSession: (session: Session, work: (session: Session) => Promise<void>) => Promise<void>;
  readonly onProgress?: OnProgress;
  /** Told of each step when it begins. */
  readonly onBegin?: (step: StepName) => void;
  /** Told of each step when it is over. */
  readonly onStep?: (report: StepReport) => void;
}

export type StepName =
  | "database"
  | "connection"
  | "pool"
  | "migrations"
  | "extensions"
  | "roles and grants"
  | "database settings"
  | "seeds"
  | "schema"
  | "round trip";

export interface StepReport {
  readonly step: StepName;
  /** `there`: it was as it should be; `left out`: an earlier step failed. */
  readonly outcome: "done" | "there" | "would be done" | "failed" | "left out";
  /** What there is to say, a line each. */
  readonly told: readonly string[];
  readonly warnings: readonly string[];
  /** Where it failed. */
  readonly problem: Diagnostic | null;
  readonly durationMs: number;
}

interface Answer extends Pick<StepReport, "outcome" | "told"> {
  readonly warnings?: readonly string[];
}

const there = (...told: readonly string[]): Answer => ({ outcome: "there", told });

/**
 * Sets a domain's database up, or tests it: makes it where it is missing, brings it to its latest migration, tries its
 * extensions, roles, grants and settings out, seeds and verifies it. What is done already is left as it is, so that it can be
 * run any number of times. A step that fails is reported with its reason, and ends what builds on it.
 */
export async function setUp(request: SetUp): Promise<readonly StepReport[]> {
  const { domain, migrations, mode, onStep } = request;
  const reports: StepReport[] = [];
  const report = (one: StepReport): void => {
    reports.push(one);
    onStep?.(one);
  };
  const step = async <A extends Answer>(name: StepName, work: () => Promise<A>): Promise<A | null> => {
    const started = performance.now();
    request.onBegin?.(name);
    const over = (more: Omit<StepReport, "step" | "durationMs">): void =>
      report({ step: name, ...more, durationMs: Math.round(performance.now() - started) });
    try {
      const answer = await work();
      over({ outcome: answer.outcome, told: answer.told, warnings: answer.warnings ?? [], problem: null });
      return answer;
    } catch (error) {
      over({ outcome: "failed", told: [], warnings: [], problem: explain(error) });
      return null;
    }
  };
  const leaveOut = (...names: readonly StepName[]): void => {
    for (const name of names) {
      report({ step: name, outcome: "left out", told: [], warnings: [], problem: null, durationMs: 0 });
    }
  };

  const reached = await step("database", () => reach(request));
  const first = reached?.opened ?? null;
  let isReady = false;
  if (first !== null) {
    await request.withSession(first, async () => {
      await step("connection", () => lookAtConnection(first));
      await step("pool", () => lookAtPool(first, domain));
      const migrated = mode === "test" ? null : await step("migrations", () => migrate(first, request));
      isReady = mode === "test" || migrated?.outcome === "done" || migrated?.outcome === "there";
    });
  } else if (reached !== null) {
    leaveOut("connection", "pool");
    await step("migrations", async () => ({ outcome: "would be done", told: migrations.map(({ name }) => name) }));
  } else leaveOut("connection", "pool", "migrations");
  // What a database sets holds for sessions that begin after it was set.
  const second = isReady ? await reopen(request) : null;
  if (second instanceof Diagnostic) {
    await step("connection", () => Promise.reject(second));
    leaveOut(...TRIED, ...seeding(request), "schema");
  } else if (second !== null) {
    await request.withSession(second, async () => {
      const trials = trialsOf(domain.facts, second.version);
      for (const name of TRIED) {
        const own = trials.filter(({ of }) => of === name);
        // In single-user mode, which is how it runs, PostgreSQL starts every session without them.
        const isIgnored = name === "database settings" && second.engine === "embedded";
        if (own.length === 0) continue;
        await step(name, async () =>
          isIgnored
            ? there("recorded; an embedded database starts its sessions without them")
            : judge(await tryOut(second, own)),
        );
      }
      if (request.seed !== null && mode !== "test") await step("seeds", () => seed(second, request));
      await step("schema", () => compare(second, domain.name, migrations));
    });
  } else leaveOut(...TRIED, ...seeding(request), "schema");
  if (mode === "test") {
    await step("round trip", async () => {
      const { on, up, down, upAgain, history } = await request.roundTrip();
      return there(
        `on ${on}`,
        `${plural(up.length, "migration")} up, ${down.length} down, ${upAgain.length} up again; its ledger has`,
        ...history,
      );
    });
  }
  return reports;
}

const TRIED = ["extensions", "roles and grants", "database settings"] as const;

const seeding = ({ seed, mode }: SetUp): readonly StepName[] => (seed === null || mode === "test" ? [] : ["seeds"]);

const isApplied = ({ state }: { readonly state: string }): boolean => state === "applied";

interface Reached extends Answer {
  /** Null where it would have to be made first. */
  readonly opened: Session | null;
}

const open = ({ url, domain: { extensions } }: SetUp, mustExist: boolean): Promise<Session> =>
  openSession(url, { applicationName: "verso setup", mustExist, extensions });

async function reopen(request: SetUp): Promise<Session | Diagnostic> {
  try {
    return await open(request, true);
  } catch (error) {
    return explain(error);
  }
}

async function reach(request: SetUp): Promise<Reached> {
  const { url, mode } = request;
  if (/^pglite:(memory)?$/.test(url)) {
    throw new Diagnostic({
      code: "database-in-memory",
      what: "a database in memory is gone when this command ends",
      next: "name a folder for it: pglite:./folder",
    });
  }
  const told = ({ name, version }: Session): readonly string[] => [name, versionText(version)];
  try {
    const opened = await open(request, true);
    return { ...there(...told(opened)), opened };
  } catch (error) {
    const isMissing = error instanceof Diagnostic && error.code === "database-missing";
    if (!isMissing || mode === "test") throw error;
    if (mode === "dry run") return { outcome: "would be done", told: [error.what], opened: null };
    if (!url.startsWith("pglite:")) await createDatabase(url);
    const opened = await open(request, false);
    return { outcome: "done", told: told(opened), opened };
  }
}

async function lookAtConnection(session: Session): Promise<Answer> {
  const { role, encryption, isExposed } = await readEncryption(session);
  const { responseMs } = await readVitals(session);
  return {
    ...there(`${encryption}, as ${role}`, `answers in ${responseMs.toFixed(1)} ms`),
    warnings: isExposed
      ? ["what is sent can be read on the way: write sslmode=verify-full into the URL, or sslmode=require at least"]
      : [],
  };
}

async function lookAtPool(session: Session, { domain }: CompiledDomain): Promise<Answer> {
  const { size, overflow, most, saidBy } = poolInUse(domain.options.pool);
  const told = [`${size} connections, ${saidBy.size}`, `and ${overflow} more while all are busy, ${saidBy.overflow}`];
  if (session.engine === "embedded") return there(...told, "an embedded database has one connection, for all");
  const { connectionLimit } = await readVitals(session);
  const room = Math.floor(connectionLimit / most);
  return {
    ...there(
      ...told,
      `${most} in all; the server takes ${connectionLimit}: room for ${room} such ${room === 1 ? "process" : "processes"}`,
    ),
    warnings: room > 0 ? [] : ["the server takes fewer: lower DATABASE_POOL_SIZE, or raise its max_connections"],
  };
}

async function migrate(session: Session, { domain, migrations, mode, judge, onProgress }: SetUp): Promise<Answer> {
  if (migrations.length === 0) {
    throw new Diagnostic({
      code: "migrations-not-found",
      what: `there are no migrations of ${domain.name}`,
      next: `write the first with \`verso plan initial --domain ${domain.name}\`, then run this again`,
    });
  }
  const standing = await status(session, migrations);
  const isCurrent = standing.migrations.every((one) => isApplied(one) && one.problem === null);
  if (isCurrent) return there(`at ${migrations.at(-1)?.name}`);
  const lacks = await findLacks(session, domain.facts);
  refuse(lacks.filter(({ isCertain }) => isCertain));
  try {
    const { moves, notes } = await apply(session, migrations, {
      dryRun: mode === "dry run",
      ...(judge === undefined ? {} : { judge }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const told = moves.map(({ name }) => name);
    return { outcome: mode === "dry run" ? "would be done" : "done", told, warnings: notes };
  } catch (error) {
    // It may have been one of these.
    if (isOverRights(error)) refuse(lacks, error);
    throw error;
  }
}

function isOverRights(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return (error instanceof DatabaseError && error.code === "42501") || (cause !== undefined && isOverRights(cause));
}

/** @throws Diagnostic `server-lacks` for what is not there at all, `rights-missing` */
function refuse(lacks: readonly Lack[], cause?: unknown): void {
  if (lacks.length === 0) return;
  const certain = lacks.filter(({ isCertain }) => isCertain);
  const missing = certain.length > 0 ? certain : lacks;
  const statements = missing.map(({ statement }) => statement).join(" ");
  const before = [...new Set(certain.map(({ before }) => before).filter((one) => one !== null))];
  throw new Diagnostic(
    {
      code: certain.length > 0 ? "server-lacks" : "rights-missing",
      what: missing.map(({ what }) => what).join("; "),
      why: cause instanceof Diagnostic ? cause.why : undefined,
      next:
        certain.length > 0
          ? `${before.join("; ")}, then run this again`
          : `run this once as a superuser; or have one run in this database: ${statements} (an extension that is there beforehand wants { keep: true } in its definition)`,
    },
    cause,
  );
}

function judge(tried: readonly Tried[]): Answer {
  const known = tried.filter(({ isOutOfReach }) => !isOutOfReach);
  const broken = known.filter(({ works }) => !works);
  const lines = (some: readonly Tried[]) => some.map(({ what, found }) => `${what}: ${found}`);
  if (broken.length > 0) {
    throw new Diagnostic({
      code: "trial-failed",
      what: `${broken.length} of ${plural(tried.length, "trial")} failed`,
      why: lines(broken).join("; "),
      next: "the schema's own comparison below says what differs; `verso plan` takes over what the definitions say since",
    });
  }
  return {
    ...there(...(known.length > LISTED ? [`${known.length} tried, all hold`] : lines(known))),
    warnings: lines(tried.filter(({ isOutOfReach }) => isOutOfReach)),
  };
}

const LISTED = 8;

async function seed(session: Session, { seed, mode }: SetUp): Promise<Answer> {
  const told = (await seed?.(session, mode === "dry run")) ?? [];
  if (told.length === 0) return there("all rows are as declared");
  return { outcome: mode === "dry run" ? "would be done" : "done", told };
}

async function compare(session: Session, domain: string, migrations: readonly Migration[]): Promise<Answer> {
  const { applied, problems, notes } = await verify(session, domain, migrations);
  const [first] = problems;
  if (first !== undefined) {
    if (problems.length === 1) throw first;
    throw new Diagnostic({ ...first, why: problems.map(({ what, why }) => `${what}: ${why ?? ""}`).join("; ") });
  }
  if (applied.length === 0) return { ...there("nothing was applied here yet"), warnings: notes };
  return { ...there(`is what ${applied.at(-1)} leads to`), warnings: notes };
}
