import { isDeepStrictEqual } from "node:util";
import { Diagnostic } from "../diagnostic.ts";
import { describeDelta, diffFacts } from "../diff/diffFacts.ts";
import type { FactId, FactIndex, Hint } from "../facts.ts";
import { findUnmodelled } from "../observe/findUnmodelled.ts";
import { compareWalks, walkCatalog } from "../observe/walkCatalog.ts";
import { type Refusals, wasRefused, withRefusal } from "../plan/changes.ts";
import { type Action, planActions } from "../plan/planActions.ts";
import { describeSuspect, findRenames, makeWay, type Rename, type Suspect, suspectRenames } from "../plan/renames.ts";
import { type PlannedStatement, type Step, statementsOf, stepsOf } from "../plan/steps.ts";
import { refuseWhatIsTooNew, versionText } from "../plan/tooNew.ts";
import { quoteName } from "../quote.ts";
import { readCatalog } from "../read/readCatalog.ts";
import { asRecordedBy } from "../resolve/asRecordedBy.ts";
import type { Source, StandIns } from "../resolve/source.ts";
import { isEmbedded } from "../session/extensions.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { leftBehind, withoutLeft } from "./leftBehind.ts";
import { emptyTables, refusalOverLostRows } from "./lostRows.ts";
import { type Observation, observeStatements } from "./observe.ts";
import { judgeReleases, type Releases, type ReleasesAsked } from "./releases.ts";
import { compareCensus, plantRows, type RowChanges, takeCensus } from "./rows.ts";
import { runSteps, StatementRefused } from "./runSteps.ts";
import { settledAside, settleTexts } from "./settleTexts.ts";
import { withinReach } from "./withinReach.ts";

/** A migration that was run forward and back on the shadow and led to where it should, both times. */
export interface ProvedMigration {
  readonly forward: readonly Step[];
  readonly rollback: readonly Step[];
  readonly current: FactIndex;
  readonly desired: FactIndex;
  /** The same two as a database prints them that took its texts from elsewhere: what a live one can be recognised by. */
  readonly starts: FactIndex;
  readonly ends: FactIndex;
  /** What it prints after rollback: texts that rollback made again may print otherwise than they did at the start. */
  readonly returns: FactIndex;
  readonly hints: ReadonlyMap<FactId, Hint>;
  /** Facts that the way back leaves in place, as the definitions ask. */
  readonly leaves: FactIndex;
  /** Facts that stay as they are, or as they become, because PostgreSQL knows no way there, or back. */
  readonly short: { readonly forward: readonly FactId[]; readonly rollback: readonly FactId[] };
  /** Done before all else, and what `current` is called by then. */
  readonly renames: readonly Rename[];
  readonly renamed: FactIndex;
  readonly suspects: readonly Suspect[];
  /** What forward leads to: the facts of `desired`, some in other places. */
  readonly reached: FactIndex;
  /** The observer judged too, and agrees. */
  readonly isObserved: boolean;
  /** Objects of the two states that no fact stands for, where `withInventory` asked. */
  readonly unmodelled: { readonly from: readonly string[]; readonly to: readonly string[] };
  readonly proof: Proof;
}

export interface Proof {
  /** `PostgreSQL 18.3, embedded`. */
  readonly shadow: string;
  readonly version: number;
  /** Rows planted before, and the tables that none could be made for. */
  readonly rows: Readonly<Record<string, number>>;
  readonly withoutRows: readonly string[];
  /** What each statement locked, rewrote and read on the shadow. */
  readonly forward: readonly Observation[];
  readonly rollback: readonly Observation[];
  /** Columns whose values forward followed by rollback does not bring back. */
  readonly valuesLost: readonly string[];
  /**
   * Why the rollback was proved on empty tables: what forward destroys leaves rows that what it makes again does not accept.
   * Null where it was proved over the rows that there were.
   */
  readonly refusedOverRows: string | null;
  /** How services fare while it is applied, where that was asked. */
  readonly releases?: Releases;
}

/** What a proof is at. */
export type Phase =
  | "building the states"
  | "planting rows"
  | "going forward"
  | "going back"
  | "running services' statements after each step";

export interface ProveOptions {
  /** server_version_num of the target; the shadow's where there is none. */
  readonly version?: number;
  /** Plant rows before going forward, so that the proof runs over data. */
  readonly withRows: boolean;
  /** Keep locks on tables in use short, at the price of several steps. */
  readonly online?: boolean;
  /** The database that the scripts are for: what it is too old for is refused. */
  readonly target?: { readonly version: number; readonly name: string };
  /** Let the observer, which shares no code with the reader, judge equality too. */
  readonly withObserver?: boolean;
  /** Look for objects of kinds that are not modelled. */
  readonly withInventory?: boolean;
  /** Run the statements of services too, after each step. */
  readonly releases?: ReleasesAsked;
  readonly onPhase?: (phase: Phase) => void;
}

/**
 * Plans the way from one state to another and back, and runs both on the shadow: forward must give the desired catalog,
 * rollback the current one, fact for fact, and rows must be where they were. What PostgreSQL refuses in its plain form is
 * planned again in its other form; what a plan left over is added to it.
 * @throws Diagnostic `proof-failed` or `statement-refused` when no plan holds; nothing has been written then
 */
export async function proveMigration(
  from: Source,
  to: Source,
  shadow: Shadow,
  options: ProveOptions,
): Promise<ProvedMigration> {
  for (const { name, positions, recorded } of [to, from]) {
    if (recorded === undefined) continue;
    const lowest = Math.min(options.target?.version ?? recorded.version, shadow.version);
    refuseBeyond({ name, positions }, asRecordedBy(lowest, recorded.facts), options.target, shadow);
  }
  const versions = [options.target, from.recorded, to.recorded].map((one) => one?.version ?? shadow.version);
  const oldest = Math.min(shadow.version, ...versions);
  const isLowered = Math.floor(oldest / 10_000) < Math.floor(shadow.version / 10_000);
  const lower = (facts: FactIndex) => (isLowered ? asRecordedBy(oldest, facts) : facts);
  // What an older server does not record, the observer would miss.
  const isObserved = options.withObserver === true && !isLowered;
  const standIns: StandIns = new Set();
  const seen: Seen = { before: [], after: [] };
  const view = (session: Session, where?: "caller's transaction") =>
    isObserved ? walkCatalog(session, where) : Promise.resolve([]);
  const unmodelled = { from: from.recorded?.unmodelled ?? [], to: to.recorded?.unmodelled ?? [] };
  const takeInventory = async (session: Session, side: "from" | "to"): Promise<FactIndex> => {
    const known = new Set<string>();
    const facts = await readCatalog(session, "own transaction", known);
    const isWritten = (side === "from" ? from : to).recorded === undefined;
    if (options.withInventory && isWritten) unmodelled[side] = await findUnmodelled(session, known);
    return facts;
  };
  const lookAt = async (session: Session): Promise<FactIndex> => {
    const settled = await settleTexts(session, await takeInventory(session, "to"));
    seen.after = await view(session);
    return lower(settled);
  };
  options.onPhase?.("building the states");
  let desired = await resolve(to, shadow, standIns, lookAt);
  const assumed = standIns.size;
  const scratch = () => openScratch(shadow, [from, to], standIns);
  let session = await scratch();
  const rebuild = async (): Promise<void> => {
    await session.close();
    session = await scratch();
    await from.build(session, standIns);
  };
  try {
    await from.build(session, standIns);
    if (standIns.size > assumed) desired = await resolve(to, shadow, standIns, lookAt);
    const starts = await takeInventory(session, "from");
    refuseBeyond(to, desired, options.target);
    refuseBeyond(from, lower(starts), options.target);
    const settled = async (facts: FactIndex) =>
      settledAside(session, facts, async (current) => ({
        current: lower(current),
        seen: await view(session, "caller's transaction"),
      }));
    const { current, seen: seenBefore } = await settled(starts);
    seen.before = seenBefore;
    const ahead = withinReach(current, desired, [to.hints, from.hints]);
    const isSeen = isObserved && ahead.goal === desired;
    desired = ahead.goal;
    const behind = withinReach(desired, current);
    const isSettled = diffFacts(lower(starts), current).length === 0;
    const reached = async (): Promise<FactIndex> => {
      const facts = await readCatalog(session);
      return isSettled ? lower(facts) : (await settled(facts)).current;
    };
    const look = async () => (isSettled ? view(session) : (await settled(await readCatalog(session))).seen);
    const version = options.version ?? shadow.version;
    const { renames, renamed } = await tryRenames(session, current, desired, to.hints, lower);
    const plan = (a: FactIndex, b: FactIndex, hints: Source["hints"], refused: Refusals) =>
      planActions(a, b, { hints, version, refused, online: options.online === true });
    const suspects = suspectRenames(renamed, desired, to.hints);
    const back = reverseHints(to.hints, renamed);
    const leaves = new Map([...leftBehind(current, desired, to.hints), ...behind.short]);
    const goalBack = new Map([...current, ...leaves]);
    if (isObserved && leaves.size > 0) {
      const beside = await scratch();
      try {
        await from.build(beside, standIns);
        await runSteps(beside, stepsOf(plan(current, goalBack, back, new Map())));
        seen.before = await view(beside);
      } finally {
        await beside.close();
      }
    }

    const isEmpty = renames.length === 0 && diffFacts(current, desired).length === 0;
    const planForward = (refused: Refusals) => [
      ...renameActions(renames, "forward"),
      ...plan(renamed, desired, to.hints, refused),
    ];
    const coming = {
      plan: (refused: Refusals) => statementsOf(stepsOf(planForward(refused))),
      hints: to.hints,
    };
    const plant = () => plantRows(session, current, coming);
    if (options.withRows) options.onPhase?.("planting rows");
    const planted = options.withRows && !isEmpty ? await plant() : { rows: {}, withoutRows: [] };
    const before = await takeCensus(session, current);

    const replant = async (): Promise<void> => {
      await rebuild();
      if (options.withRows) await plant();
    };
    options.onPhase?.("going forward");
    const forward = await settle({
      session: () => session,
      read: reached,
      plan: planForward,
      remainder: (reached) => plan(reached, desired, to.hints, new Map()),
      goal: desired,
      restore: replant,
      what: `forward from ${from.name} to ${to.name}`,
      source: to,
      suspects,
    });
    if (isSeen) judge(seen.after, await look(), `forward from ${from.name} to ${to.name}`);
    const between = await takeCensus(session, desired);
    const ends = isSettled ? desired : lower(await readCatalog(session));
    const leg: Leg = {
      session: () => session,
      read: reached,
      plan: (refused) => [
        ...plan(desired, new Map([...renamed, ...leaves]), back, refused),
        ...renameActions(renames.toReversed(), "rollback"),
      ],
      remainder: (reached) => plan(reached, goalBack, back, new Map()),
      goal: goalBack,
      restore: async () => {
        await replant();
        await runSteps(session, forward.steps);
      },
      what: `rollback from ${to.name} to ${from.name}`,
      source: from,
      suspects: [],
    };
    const empty = async () => {
      await leg.restore();
      await emptyTables(session);
    };
    let refusedOverRows: string | null = null;
    options.onPhase?.("going back");
    const rollback = await settle(leg).catch(async (error) => {
      refusedOverRows = refusalOverLostRows(error, forward.steps);
      if (refusedOverRows === null) throw error;
      await empty();
      return settle({ ...leg, restore: empty });
    });
    judge(seen.before, await look(), `rollback from ${to.name} to ${from.name}`);
    const returns = isSettled ? current : withoutLeft(lower(await readCatalog(session)), [...leaves.keys()]);
    const statements = statementsOf([...forward.steps, ...rollback.steps]);
    const journey = { current, desired, hints: to.hints, renames, statements };
    const after = refusedOverRows === null ? await takeCensus(session, current) : before;
    const changes = compareCensus(before, between, after, journey);
    if (changes.unannounced.length > 0) throw rowsChanged(changes, `between ${from.name} and ${to.name}`);
    const isAsBefore = changes.lost.length === 0 && refusedOverRows === null;
    if (options.releases !== undefined) options.onPhase?.("running services' statements after each step");
    const releases =
      options.releases === undefined || isEmpty
        ? undefined
        : await judgeReleases(
            {
              atStart: async () => {
                if (!isAsBefore) await replant();
                return session;
              },
              forward: forward.steps,
              rollback: rollback.steps,
              current,
              desired,
              beforeRollback: async (at) => {
                if (refusedOverRows !== null) await emptyTables(at);
              },
            },
            options.releases,
          );
    return {
      forward: forward.steps,
      rollback: rollback.steps,
      current,
      desired,
      starts: lower(starts),
      ends,
      returns,
      hints: to.hints,
      leaves,
      short: { forward: [...ahead.short.keys()], rollback: [...behind.short.keys()] },
      renames,
      renamed,
      suspects,
      reached: forward.reached,
      isObserved: isSeen,
      unmodelled,
      proof: {
        shadow: shadow.label,
        version: shadow.version,
        ...planted,
        forward: forward.observations,
        rollback: rollback.observations,
        valuesLost: changes.lost,
        refusedOverRows,
        ...(releases === undefined ? {} : { releases }),
      },
    };
  } finally {
    await session.close();
  }
}

/** @throws Diagnostic `feature-too-new` where the target, or the shadow that is to build a state, lacks what the state uses */
function refuseBeyond(
  { name, positions }: Pick<Source, "name" | "positions">,
  facts: FactIndex,
  target: ProveOptions["target"],
  shadow?: Shadow,
): void {
  if (target !== undefined) {
    refuseWhatIsTooNew(facts, {
      version: target.version,
      because: `${target.name} is ${versionText(target.version)}`,
      positions,
      next: (major) => `do without it in ${name}, or upgrade that server to PostgreSQL ${major}`,
    });
  }
  if (shadow === undefined) return;
  refuseWhatIsTooNew(facts, {
    version: shadow.version,
    because: `${name} has it, and the shadow is ${shadow.label}`,
    positions,
    next: (major) => `take another shadow: --shadow binary:${major}, or leave the option out`,
  });
}

/** Builds a state in a scratch database of the shadow and reads what PostgreSQL made of it. */
export async function resolve(
  source: Source,
  shadow: Shadow,
  standIns: StandIns = new Set(),
  look: (session: Session) => Promise<FactIndex> = async (session) => settleTexts(session, await readCatalog(session)),
): Promise<FactIndex> {
  const session = await openScratch(shadow, [source], standIns);
  try {
    await source.build(session, standIns);
    return await look(session);
  } finally {
    await session.close();
  }
}

/** @throws Diagnostic `extension-missing-on-shadow`, where a definition asks for one */
async function openScratch(shadow: Shadow, sources: readonly Source[], standIns: StandIns): Promise<Session> {
  const extensions = [...new Set(sources.flatMap((source) => source.extensions))];
  const session = await shadow.scratch({ extensions }).catch((error) => {
    const missing = extensions.find((name) => !isEmbedded(name)) ?? "";
    const at = sources.map(({ extensionAt }) => extensionAt?.(missing)).find((position) => position !== undefined);
    const isPlaced = error instanceof Diagnostic && error.code === "extension-missing-on-shadow" && at !== undefined;
    throw isPlaced ? new Diagnostic({ ...error, at }, error) : error;
  });
  for (const role of standIns) await session.run(`CREATE ROLE ${quoteName(role)}`);
  return session;
}

/** Runs the renames in a transaction that is rolled back, so that PostgreSQL itself says what everything is then called. */
export async function tryRenames(
  session: Session,
  current: FactIndex,
  desired: FactIndex,
  hints: Source["hints"],
  lower: (facts: FactIndex) => FactIndex = (facts) => facts,
): Promise<Pick<ProvedMigration, "renames" | "renamed">> {
  const renames: Rename[] = [];
  const refused = new Set<FactId>();
  let renamed = current;
  const find = () => findRenames(renamed, desired, hints).filter(({ to }) => !refused.has(to.id));
  let found: readonly Rename[] = find();
  if (found.length === 0) return { renames, renamed };
  await session.run("BEGIN");
  try {
    while (found.length > 0) {
      for (const rename of found) {
        // What nobody asked for and PostgreSQL refuses is no rename.
        const isAskedFor = hints.get(rename.to.id)?.renamedFrom !== undefined;
        const refusal = await tryRename(session, rename);
        if (refusal === null) renames.push(rename);
        else if (!isAskedFor) refused.add(rename.to.id);
        else renames.push(...(await renameWithin(session, rename, makeWay(rename, renamed, desired), refusal)));
      }
      renamed = lower(await readCatalog(session, "caller's transaction"));
      found = find();
    }
  } finally {
    await session.run("ROLLBACK");
  }
  return { renames, renamed };
}

/** @returns what PostgreSQL says against it, and nothing has changed then */
async function tryRename(session: Session, { forward }: Rename): Promise<DatabaseError | null> {
  await session.run("SAVEPOINT verso_rename");
  try {
    for (const { sql } of forward) await session.run(sql);
    return null;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await session.run("ROLLBACK TO SAVEPOINT verso_rename");
    return error;
  } finally {
    await session.run("RELEASE SAVEPOINT verso_rename");
  }
}

/** Tries again once others have made way. @throws DatabaseError when it is refused still */
async function renameWithin(
  session: Session,
  rename: Rename,
  others: readonly Rename[],
  refusal: DatabaseError,
): Promise<readonly Rename[]> {
  if (others.length === 0) throw refusal;
  for (const one of [...others, rename]) {
    const error = await tryRename(session, one);
    if (error !== null) throw error;
  }
  return [...others, rename];
}

const renameActions = (renames: readonly Rename[], side: "forward" | "rollback"): readonly Action[] =>
  renames.map((rename) => ({
    verb: "rename",
    id: side === "forward" ? rename.to.id : rename.from.id,
    statements: rename[side],
  }));

/** On the way back a backfill has nothing to fill, and rows that were set aside return. */
function reverseHints(hints: Source["hints"], goal: FactIndex): Source["hints"] {
  const back = new Map<FactId, Hint>();
  for (const id of goal.keys()) back.set(id, { wasThere: true });
  for (const [id, { orphans, relabel }] of hints) {
    if (orphans === "set aside") back.set(id, { ...back.get(id), orphans: "bring back" });
    if (relabel !== undefined) {
      const reversed = Object.fromEntries(Object.entries(relabel).map(([old, now]) => [now, old]));
      back.set(id, { ...back.get(id), relabel: reversed });
    }
  }
  return back;
}

/** What the observer saw of both ends. */
interface Seen {
  before: readonly string[];
  after: readonly string[];
}

function judge(wanted: readonly string[], reached: readonly string[], what: string): void {
  const differences = compareWalks(reached, wanted);
  if (differences.length === 0) return;
  throw new Diagnostic({
    code: "observer-disagrees",
    what: `${what} leads to the facts that were read, but pg_catalog still differs`,
    why: differences.slice(0, 6).join("\n       "),
    next: "nothing was written; please report this with both states, it is a defect of Verso",
  });
}

interface Leg {
  readonly session: () => Session;
  /** Where it stands. */
  readonly read: () => Promise<FactIndex>;
  readonly plan: (refused: Refusals) => readonly Action[];
  readonly remainder: (reached: FactIndex) => readonly Action[];
  readonly goal: FactIndex;
  /** Brings the scratch database back to where the leg starts. */
  readonly restore: () => Promise<void>;
  readonly what: string;
  readonly source: Source;
  readonly suspects: readonly Suspect[];
}

interface Settled {
  readonly steps: readonly Step[];
  readonly observations: readonly Observation[];
  readonly reached: FactIndex;
}

const ROUNDS = 3;

/** Plans, runs, and plans again with what PostgreSQL refused, until the goal is reached exactly. */
async function settle(leg: Leg): Promise<Settled> {
  let refused: Refusals = new Map();
  let apart: "apart" | undefined;
  for (;;) {
    const steps = stepsOf(leg.plan(refused), apart);
    const observer = observeStatements();
    try {
      await runSteps(leg.session(), steps, observer);
    } catch (error) {
      if (!(error instanceof StatementRefused)) throw error;
      const { id, parts } = error.statement as PlannedStatement;
      // One of those that it says together: which one, they tell by themselves.
      if (parts !== undefined) {
        apart = "apart";
        if (error.isHalfDone) await leg.restore();
        continue;
      }
      if (wasRefused(refused, id, error.refusal.code)) throw refusal(error, leg);
      refused = withRefusal(refused, id, error.refusal.code);
      const next = stepsOf(leg.plan(refused), apart);
      if (isDeepStrictEqual(next, steps)) throw refusal(error, leg);
      apart = undefined;
      if (error.isHalfDone) await leg.restore();
      continue;
    }
    return await finish(leg, steps, observer);
  }
}

async function finish(
  leg: Leg,
  steps: readonly Step[],
  observer: ReturnType<typeof observeStatements>,
): Promise<Settled> {
  let all = steps;
  for (let round = 0; ; round++) {
    const reached = await leg.read();
    const deltas = diffFacts(reached, leg.goal);
    if (deltas.length === 0) return { steps: all, observations: observer.observations(), reached };
    const rest = stepsOf(leg.remainder(reached));
    if (round === ROUNDS || rest.length === 0) {
      throw new Diagnostic({
        code: "proof-failed",
        what: `${leg.what} does not lead there`,
        why: `still different: ${deltas.slice(0, 5).map(describeDelta).join("; ")}${deltas.length > 5 ? ` and ${deltas.length - 5} more` : ""}`,
        next: "nothing was written; please report this with both states, it is a defect of Verso",
      });
    }
    try {
      await runSteps(leg.session(), rest, observer);
    } catch (error) {
      throw error instanceof StatementRefused ? refusal(error, leg) : error;
    }
    all = joinSteps(all, rest);
  }
}

function joinSteps(first: readonly Step[], then: readonly Step[]): readonly Step[] {
  const [last, next] = [first.at(-1), then[0]];
  if (last === undefined || next === undefined || !last.transactional || !next.transactional)
    return [...first, ...then];
  return [
    ...first.slice(0, -1),
    { transactional: true, statements: [...last.statements, ...next.statements] },
    ...then.slice(1),
  ];
}

function refusal(error: StatementRefused, leg: Leg): Diagnostic {
  const statement = error.statement as PlannedStatement;
  const refused = error.refusal;
  const { detail } = refused.fields;
  const suspect = leg.suspects.find(({ to }) => to.id === statement.id);
  const advice = (refused.code.startsWith("2") ? statement.ifRefused : undefined) ?? adviceFor(refused.code);
  return new Diagnostic(
    {
      code: "statement-refused",
      what: `PostgreSQL refuses the ${leg.what}, at ${statement.id}: ${statement.sql}`,
      at: leg.source.positions.get(statement.id),
      why: `${refused.message}${detail === undefined ? "" : ` (${detail})`} (SQLSTATE ${refused.code})`,
      next: suspect === undefined ? advice : `${describeSuspect(suspect, leg.source.positions)}; else ${advice}`,
    },
    error,
  );
}

function adviceFor(sqlstate: string): string {
  switch (sqlstate) {
    case "23502":
      return "say what existing rows get: add `backfill: sql`…`` to the column, or a default";
    case "42804":
    case "22P02":
      return "say how values convert: add `using: sql`…`` to the column";
    case "23503":
      return 'existing rows have no parent: mend them, or add `orphans: "set aside"` to the reference';
    default:
      return "nothing was written; change the definition so that PostgreSQL accepts it, and plan again";
  }
}

function rowsChanged({ lost, unannounced }: RowChanges, way: string): Diagnostic {
  const fateOf = (id: FactId) =>
    lost.includes(id) ? "not brought back by the rollback" : "changed on the way forward";
  return new Diagnostic({
    code: "rows-changed",
    what: `the migration ${way} changes rows that it should leave alone`,
    why: unannounced.map((id) => `${id}: ${fateOf(id)}`).join("; "),
    next: "nothing was written; please report this with both states, it is a defect of Verso",
  });
}
