import { isDeepStrictEqual } from "node:util";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import type { Issued } from "../generate/issued.ts";
import { userSchema } from "../kinds/kind.ts";
import { quoteName } from "../quote.ts";
import type { Session } from "../session/session.ts";
import { type Failure, type Home, isAnalysis, runIssued, settleHome } from "./runIssued.ts";
import { type RunnableStep, runSteps } from "./runSteps.ts";

/*
 * While a migration is applied, services of two releases run: the previous one, written for the schema that the migration
 * starts from, and the next one, written for the schema that it leads to. Both are run on the shadow after every step,
 * forward and back; a statement breaks where it fails and, on the same rows, does not fail at home.
 */

/** `previous` is written for the start of the migration, `next` for its end. */
export type Release = "previous" | "next";

/** Which comes first, of the change to the schema and the change of release. */
export type Order = "schema first" | "code first" | "either" | "in phases";

/** Statements of one release that fail for one reason, from one step of a script to another. */
export interface Breakage {
  readonly release: Release;
  /** Steps that have been done when it begins, and when it is seen last: 0 is before the first. */
  readonly from: number;
  readonly to: number;
  /** What services call them by. */
  readonly statements: readonly string[];
  /** What they read, write or call; null for one written by hand. */
  readonly of: FactId | null;
  /** Where a statement written by hand stands. */
  readonly at?: string;
  /** What PostgreSQL says of the first of them. */
  readonly why: string;
  readonly code: string;
  /** The statement of the script that breaks them or, where they work after it, mends them. */
  readonly by?: { readonly id: FactId; readonly sql: string };
}

/** What services read otherwise than they were written for, though no statement fails. */
export interface Felt {
  readonly release: Release;
  /** As in a breakage, of the forward script. */
  readonly from: number;
  readonly to: number;
  /** `column public.users.age is bigint, not integer`. */
  readonly what: string;
}

export interface OneWay {
  readonly order: Order;
  readonly breakages: readonly Breakage[];
}

export interface Releases {
  /** How many statements of each were run. */
  readonly statements: Readonly<Record<Release, number>>;
  readonly forward: OneWay;
  readonly rollback: OneWay;
  readonly felt: readonly Felt[];
  /** Statements that fail in the very state that they were written for, so that nothing can be said of them. */
  readonly unjudged: readonly string[];
  /** False where nobody wrote down what was written by hand for the start. */
  readonly knowsPreviousQueries: boolean;
}

/** What a proof is told of the releases on either side of a migration. */
export interface ReleasesAsked {
  /** What the generated client of a state issues. */
  readonly issuedByClient: (
    facts: FactIndex,
    columnsOf: ReadonlyMap<string, readonly string[]>,
  ) => Promise<readonly Issued[]>;
  /** What is written by hand; null where that is not known. */
  readonly byHand: Readonly<Record<Release, readonly Issued[] | null>>;
  readonly searchPath: readonly string[];
}

type Statement = { readonly sql: string; readonly id: FactId };

interface Judged {
  /** A database that stands at the start of the migration, with rows. */
  readonly atStart: () => Promise<Session>;
  readonly forward: readonly RunnableStep<Statement>[];
  readonly rollback: readonly RunnableStep<Statement>[];
  readonly current: FactIndex;
  readonly desired: FactIndex;
  /** What has to be done before it can be rolled back: rows may be in the way. */
  readonly beforeRollback: (session: Session) => Promise<void>;
}

const RELEASES = ["previous", "next"] as const;
const OTHER: Readonly<Record<Release, Release>> = { previous: "next", next: "previous" };

/** What is wrong in one state, by statement; what is no statement's has a name of its own. */
type Symptoms = ReadonlyMap<string, Failure>;

interface Ready {
  readonly statements: ReadonlyMap<string, Issued>;
  readonly home: Home;
  readonly shape: Shape;
}

/** After so many steps, of either release; the first is before any. */
type Course = Readonly<Record<Release, Symptoms[]>>;

/** Runs both releases at every step of both scripts. */
export async function judgeReleases(judged: Judged, asked: ReleasesAsked): Promise<Releases> {
  const { forward, rollback, current, desired } = judged;
  let session = await judged.atStart();
  const concerned = concernedBy(current, desired);
  const count: Record<Release, number> = { previous: 0, next: 0 };
  const ready = async (release: Release): Promise<Ready> => {
    const facts = release === "previous" ? current : desired;
    const shape = await readShape(session);
    const issued = await asked.issuedByClient(facts, columnsByRelation(shape));
    const all = [...issued, ...(asked.byHand[release] ?? [])];
    count[release] = all.length;
    const isRun = ({ of }: Issued) => of === null || concerned.has(of);
    const statements = new Map(all.filter(isRun).map((one, i) => [String(i), one]));
    return { statements, shape, home: await settleHome(session, statements, asked.searchPath) };
  };
  const look = async (of: Ready, where?: "caller's transaction", only?: ReadonlySet<string>): Promise<Symptoms> => {
    const chosen = only === undefined ? of.statements : new Map([...of.statements].filter(([key]) => only.has(key)));
    const failures = await runIssued(session, chosen, of.home, where);
    return new Map([...failures, ...labelsMissing(of.shape, await readShape(session))]);
  };
  const shapes: Shape[] = [];
  const go = async (
    steps: readonly RunnableStep<Statement>[],
    course: Course,
    releases: Partial<Readonly<Record<Release, Ready>>>,
  ): Promise<void> => {
    for (const step of steps) {
      await runSteps(session, [step]);
      if (steps === forward && shapes.length <= forward.length) shapes.push(await readShape(session));
      for (const release of RELEASES) {
        const one = releases[release];
        if (one !== undefined) course[release].push(await look(one));
      }
    }
  };

  const courses = { forward: newCourse(), rollback: newCourse() };
  const previous = await ready("previous");
  shapes.push(previous.shape);
  courses.forward.previous.push(new Map());
  await go(forward, courses.forward, { previous });
  const next = await ready("next");
  courses.rollback.previous.push(courses.forward.previous.at(-1) ?? new Map());
  courses.rollback.next.push(new Map());
  await judged.beforeRollback(session);
  await go(rollback, courses.rollback, { previous, next });
  courses.forward.next.push(courses.rollback.next.at(-1) ?? new Map());

  // The second time round: what the next release does between the steps, and which statement of a step it was.
  const both = { previous, next };
  const causes = { forward: new Map<string, Statement>(), rollback: new Map<string, Statement>() };
  const again = async (side: "forward" | "rollback"): Promise<void> => {
    const course = courses[side];
    for (const [i, step] of judged[side].entries()) {
      const [only, ...others] = step.statements;
      const watch = RELEASES.map((release) => {
        const [before, after] = [course[release][i], course[release][i + 1]];
        return { release, before, after, keys: changedKeys(both[release], before, after) };
      });
      const tell = (release: Release, key: string, statement: Statement) =>
        causes[side].set(causeKey(release, i + 1, key), statement);
      if (only !== undefined && others.length === 0) {
        for (const { release, keys } of watch) for (const key of keys) tell(release, key, only);
        await runSteps(session, [step]);
      } else {
        await runSteps(session, [step], {
          begun: async () => {},
          after: async (_, statement) => {
            for (const { release, before, keys } of watch) {
              if (keys.size === 0) continue;
              const now = await look(both[release], "caller's transaction", keys);
              for (const key of keys) {
                if (now.has(key) === before?.has(key)) continue;
                keys.delete(key);
                tell(release, key, statement);
              }
            }
          },
        });
      }
      if (side === "forward" && course.next.length === i + 1) {
        course.next.push(i + 1 === forward.length ? new Map() : await look(next));
      }
    }
  };
  const isBroken = (course: Course) => RELEASES.some((release) => course[release].some(({ size }) => size > 0));
  if (forward.length > 1 || isBroken(courses.forward) || isBroken(courses.rollback)) {
    session = await judged.atStart();
    await again("forward");
    if (isBroken(courses.rollback)) {
      await judged.beforeRollback(session);
      await again("rollback");
    }
  } else {
    courses.forward.next.push(new Map());
  }
  const wayOf = (side: "forward" | "rollback"): OneWay => ({
    order: orderOf(courses[side], side),
    breakages: RELEASES.flatMap((release) => breakagesOf(release, both[release], courses[side], causes[side])),
  });
  return {
    statements: count,
    forward: wayOf("forward"),
    rollback: wayOf("rollback"),
    felt: [...feltBy("previous", previous.shape, shapes), ...feltBy("next", next.shape, shapes)],
    unjudged: [...new Set(RELEASES.flatMap((release) => unjudgedOf(both[release])))],
    knowsPreviousQueries: asked.byHand.previous !== null,
  };
}

function unjudgedOf({ statements, home }: Ready): readonly string[] {
  const failures = [...home.failures].filter(([, { code }]) => isAnalysis(code));
  return failures.map(([key, { message }]) => `${statements.get(key)?.name}: ${message}`);
}

const newCourse = (): Course => ({ previous: [], next: [] });

const causeKey = (release: Release, step: number, key: string): string => `${release} ${step} ${key}`;

/** One of the statements that fail, or work again, for the same reason: the others have the same cause. */
function changedKeys({ statements }: Ready, before: Symptoms = new Map(), after: Symptoms = new Map()): Set<string> {
  const chosen = new Map<string, string>();
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    if (before.has(key) === after.has(key)) continue;
    const group = groupOf(key, statements.get(key), before.get(key) ?? after.get(key));
    if (!chosen.has(group)) chosen.set(group, key);
  }
  return new Set(chosen.values());
}

const groupOf = (key: string, issued: Issued | undefined, failure: Failure | undefined): string =>
  issued === undefined || issued.of === null ? key : `${issued.of} ${failure?.code}`;

function breakagesOf(
  release: Release,
  { statements }: Ready,
  course: Course,
  causes: ReadonlyMap<string, Statement>,
): readonly Breakage[] {
  const found = new Map<string, Breakage & { readonly statements: string[] }>();
  for (const key of new Set(course[release].flatMap((symptoms) => [...symptoms.keys()]))) {
    const at = course[release].flatMap((symptoms, i) => (symptoms.has(key) ? [i] : []));
    const [from, to] = [at.at(0) ?? 0, at.at(-1) ?? 0];
    const failure = course[release][from]?.get(key);
    if (failure === undefined) continue;
    const issued = statements.get(key);
    const group = `${from} ${to} ${groupOf(key, issued, failure)}`;
    const known = found.get(group);
    if (known !== undefined) {
      if (issued !== undefined && !known.statements.includes(issued.name)) known.statements.push(issued.name);
      continue;
    }
    const by = causes.get(causeKey(release, from === 0 ? to + 1 : from, key));
    found.set(group, {
      release,
      from,
      to,
      statements: issued === undefined ? [] : [issued.name],
      of: issued?.of ?? null,
      ...(issued?.at === undefined ? {} : { at: issued.at }),
      why: failure.message,
      code: failure.code,
      ...(by === undefined ? {} : { by: { id: by.id, sql: by.sql } }),
    });
  }
  return [...found.values()];
}

/** The release that goes must work in every state, or the one that comes. */
function orderOf(course: Course, side: "forward" | "rollback"): Order {
  const going: Release = side === "forward" ? "previous" : "next";
  const works = (release: Release) => course[release].every(({ size }) => size === 0);
  const [old, young] = [works(going), works(OTHER[going])];
  if (old && young) return "either";
  if (old) return "schema first";
  return young ? "code first" : "in phases";
}

/** What rows look like to those who read them. */
interface Shape {
  readonly columns: ReadonlyMap<string, ColumnSeen>;
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

interface ColumnSeen {
  readonly relation: string;
  readonly name: string;
  readonly type: string;
  readonly isNotNull: boolean;
}

const COLUMNS = `
  select format('%I.%I', n.nspname, c.relname) as relation, a.attname as name, a.attnotnull as "isNotNull",
    format_type(a.atttypid, a.atttypmod) as type
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f', 'v', 'm') and not c.relispartition
    and c.relpersistence <> 't' and ${userSchema("n.nspname")} order by 1, a.attnum`;

const LABELS = `
  select format('%I.%I', n.nspname, t.typname) as type, array_agg(e.enumlabel::text order by e.enumsortorder) as labels
  from pg_catalog.pg_enum e
  join pg_catalog.pg_type t on t.oid = e.enumtypid join pg_catalog.pg_namespace n on n.oid = t.typnamespace
  group by 1 order by 1`;

async function readShape(session: Session): Promise<Shape> {
  const columns = await session.query<ColumnSeen>(COLUMNS);
  const labels = await session.query<{ type: string; labels: readonly string[] }>(LABELS);
  return {
    columns: new Map(columns.map((one) => [`${one.relation}.${quoteName(one.name)}`, one])),
    labels: new Map(labels.map((one) => [one.type, one.labels])),
  };
}

function columnsByRelation({ columns }: Shape): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { relation, name } of columns.values()) found.set(relation, [...(found.get(relation) ?? []), name]);
  return found;
}

/** Labels that a release may write and a state does not take. */
function labelsMissing(home: Shape, now: Shape): Symptoms {
  const missing = [...home.labels].flatMap(([type, labels]) => {
    const taken = now.labels.get(type);
    return taken === undefined
      ? []
      : labels.filter((label) => !taken.includes(label)).map((label) => ({ type, label }));
  });
  return new Map(
    missing.map(({ type, label }) => [
      `${type} '${label}'`,
      { code: "22P02", message: `${type} does not take the label '${label}', which the release may write` },
    ]),
  );
}

function feltBy(release: Release, home: Shape, shapes: readonly Shape[]): readonly Felt[] {
  const found = new Map<string, { from: number; to: number }>();
  for (const [i, shape] of shapes.entries()) {
    for (const what of differences(home, shape)) {
      const known = found.get(what);
      if (known === undefined) found.set(what, { from: i, to: i });
      else known.to = i;
    }
  }
  return [...found].map(([what, steps]) => ({ release, ...steps, what }));
}

function* differences(home: Shape, now: Shape): Generator<string> {
  for (const [name, { type, isNotNull }] of home.columns) {
    const then = now.columns.get(name);
    if (then === undefined) continue;
    if (then.type !== type) yield `column ${name} is ${then.type}, not ${type}`;
    if (isNotNull && !then.isNotNull) yield `column ${name} may be null`;
    if (!isNotNull && then.isNotNull) yield `column ${name} takes no null`;
  }
  for (const [type, labels] of home.labels) {
    const more = (now.labels.get(type) ?? []).filter((label) => !labels.includes(label));
    for (const label of more) yield `${type} may be '${label}'`;
  }
}

/**
 * What may behave otherwise in one state than in the other: what differs, what depends on that, what mentions it in a text
 * that PostgreSQL reads only when it runs, and all that these live in.
 */
function concernedBy(current: FactIndex, desired: FactIndex): ReadonlySet<FactId> {
  const reached = new Set<FactId>();
  const changed = new Set<string>();
  for (const [facts, others] of [
    [current, desired],
    [desired, current],
  ] as const) {
    for (const fact of facts.values()) {
      const other = others.get(fact.id);
      if (other !== undefined && isDeepStrictEqual(fact.attributes, other.attributes)) continue;
      reached.add(fact.id);
      changed.add(nameOf(outermost(fact, facts)));
    }
  }
  const dependents = new Map<FactId, FactId[]>();
  for (const facts of [current, desired]) {
    for (const fact of facts.values()) {
      for (const id of fact.dependsOn) dependents.set(id, [...(dependents.get(id) ?? []), fact.id]);
    }
  }
  const unread = [current, desired].flatMap((facts) => [...facts.values()].filter(({ parent }) => parent === null));
  for (let names: ReadonlySet<string> = changed; names.size > 0; ) {
    const found = unread.filter((fact) => !reached.has(fact.id) && mentions(fact, names));
    for (const { id } of found) reached.add(id);
    names = new Set(found.map(nameOf));
  }
  const queue = [...reached];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const dependent of dependents.get(id) ?? []) {
      if (reached.has(dependent)) continue;
      reached.add(dependent);
      queue.push(dependent);
    }
  }
  const around = [current, desired].flatMap((facts) =>
    [...reached].flatMap((id) => {
      const fact = facts.get(id);
      return fact === undefined ? [] : [outermost(fact, facts).id];
    }),
  );
  return new Set([...reached, ...around]);
}

const nameOf = ({ attributes }: Fact): string => String(attributes.name ?? "");

const outermost = (fact: Fact, facts: FactIndex): Fact => {
  const parent = fact.parent === null ? undefined : facts.get(fact.parent);
  return parent === undefined ? fact : outermost(parent, facts);
};

const mentions = ({ attributes }: Fact, names: ReadonlySet<string>): boolean =>
  Object.values(attributes).some(
    (value) =>
      typeof value === "string" && (value.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []).some((one) => names.has(one)),
  );
