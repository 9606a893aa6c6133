import type { FactId, FactIndex } from "../facts.ts";
import type { Issued } from "../generate/issued.ts";
import { userSchema } from "../kinds/kind.ts";
import { quoteName } from "../quote.ts";
import type { Session } from "../session/session.ts";
import { type Failure, type Home, isAnalysis, runIssued, settleHome } from "./runIssued.ts";
import { type RunnableStep, runSteps } from "./runSteps.ts";
import { reachIn, readMarks, type Touched } from "./touched.ts";

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

type Side = "forward" | "rollback";

const OTHER: Readonly<Record<Release, Release>> = { previous: "next", next: "previous" };

/** What is wrong in one state, by statement; what is no statement's has a name of its own. */
type Symptoms = ReadonlyMap<string, Failure>;

const NONE: Symptoms = new Map();

interface Ready {
  readonly release: Release;
  /** How many there are; those that the migration cannot touch are not among `statements`. */
  readonly count: number;
  readonly statements: ReadonlyMap<string, Ran>;
  readonly home: Home;
  readonly shape: Shape;
}

/** A statement that several functions may issue. */
interface Ran extends Issued {
  readonly names: readonly string[];
}

/** Symptoms after so many steps, of either release; the first are those before any. */
type Course = Readonly<Record<Release, Symptoms[]>>;

/** Runs both releases at every step of both scripts. */
export async function judgeReleases(judged: Judged, asked: ReleasesAsked): Promise<Releases> {
  const { forward, rollback, current, desired } = judged;
  const reach = reachIn(current, desired);
  let session = await judged.atStart();
  let marks = await readMarks(session);
  const courses = { forward: newCourse(), rollback: newCourse() };
  const causes = { forward: new Map<string, Statement>(), rollback: new Map<string, Statement>() };

  const ready = async (release: Release): Promise<Ready> => {
    const shape = await readShape(session);
    const issued = await asked.issuedByClient(release === "previous" ? current : desired, columnsByRelation(shape));
    const all = [...issued, ...(asked.byHand[release] ?? [])];
    const concerned = all.filter((one) => isTouched(one, reach.ofAll));
    const statements = new Map<string, Ran>();
    for (const one of concerned) {
      const names = statements.get(one.sql)?.names ?? [];
      statements.set(one.sql, { ...one, names: [...names, one.name] });
    }
    const home = await settleHome(session, statements, asked.searchPath);
    return { release, count: all.length, statements, home, shape };
  };
  /** What is wrong now, where it was `before` until what is touched was touched. */
  const look = async (of: Ready, before: Symptoms, touched: Touched, shape: Shape): Promise<Symptoms> => {
    const again = new Map([...of.statements].filter(([, issued]) => isTouched(issued, touched)));
    const kept = [...before].filter(([key]) => of.statements.has(key) && !again.has(key));
    return new Map([...kept, ...(await runIssued(session, again, of.home)), ...labelsMissing(of.shape, shape)]);
  };
  const lookAfterStep = async (side: Side, releases: readonly Ready[]): Promise<Shape> => {
    const now = await readMarks(session);
    const touched = reach.between(marks, now);
    marks = now;
    const shape = await readShape(session);
    for (const one of releases) {
      const course = courses[side][one.release];
      course.push(await look(one, course.at(-1) ?? NONE, touched, shape));
    }
    return shape;
  };

  const previous = await ready("previous");
  const shapes = [previous.shape];
  courses.forward.previous.push(NONE);
  for (const step of forward) {
    await runSteps(session, [step]);
    shapes.push(await lookAfterStep("forward", [previous]));
  }
  const next = await ready("next");
  courses.rollback.previous.push(courses.forward.previous.at(-1) ?? NONE);
  courses.rollback.next.push(NONE);
  await judged.beforeRollback(session);
  for (const step of rollback) {
    await runSteps(session, [step]);
    await lookAfterStep("rollback", [previous, next]);
  }
  courses.forward.next.push(courses.rollback.next.at(-1) ?? NONE);

  // The second time round: what the next release does between the steps, and which statement of a step it was.
  const again = async (side: Side): Promise<void> => {
    marks = await readMarks(session);
    const steps = judged[side];
    for (const [i, step] of steps.entries()) {
      const [only, ...others] = step.statements;
      const isLast = i + 1 === steps.length;
      if (side === "forward" && isLast) courses.forward.next.push(NONE);
      const watches = [previous, next].map((one) => watchFor(one, courses[side][one.release], i));
      const tell = ({ of, before }: Watch, key: string, statement: Statement) => {
        const failure = before.get(key) ?? courses[side][of.release][i + 1]?.get(key);
        causes[side].set(causeKey(of.release, i + 1, groupOf(key, of.statements.get(key), failure)), statement);
      };
      const isByItself = only !== undefined && others.length === 0;
      if (isByItself) for (const watch of watches) for (const key of watch.keys) tell(watch, key, only);
      if (isByItself || watches.every(({ keys }) => keys.size === 0)) await runSteps(session, [step]);
      else {
        let inside = marks;
        await runSteps(session, [step], {
          begun: async () => {},
          after: async (_, statement) => {
            const now = await readMarks(session);
            const touched = reach.between(inside, now);
            inside = now;
            for (const watch of watches) {
              for (const key of await flipped(session, watch, touched)) {
                watch.keys.delete(key);
                tell(watch, key, statement);
              }
            }
          },
        });
      }
      if (side === "forward" && !isLast) await lookAfterStep("forward", [next]);
    }
  };
  const isBroken = (side: Side) =>
    [courses[side].previous, courses[side].next].some((course) => course.some(({ size }) => size > 0));
  if (forward.length > 1 || isBroken("forward") || isBroken("rollback")) {
    session = await judged.atStart();
    await again("forward");
    if (isBroken("rollback")) {
      await judged.beforeRollback(session);
      await again("rollback");
    }
  }
  const wayOf = (side: Side): OneWay => ({
    order: orderOf(courses[side], side),
    breakages: [previous, next].flatMap((one) => breakagesOf(one, courses[side][one.release], causes[side])),
  });
  return {
    statements: { previous: previous.count, next: next.count },
    forward: wayOf("forward"),
    rollback: wayOf("rollback"),
    felt: [...feltBy("previous", previous.shape, shapes), ...feltBy("next", next.shape, shapes)],
    unjudged: [...new Set([...unjudgedOf(previous), ...unjudgedOf(next)])],
    knowsPreviousQueries: asked.byHand.previous !== null,
  };
}

const newCourse = (): Course => ({ previous: [], next: [] });

const causeKey = (release: Release, step: number, group: string): string => `${release} ${step} ${group}`;

const isTouched = ({ of, with: other }: Issued, touched: Touched): boolean =>
  touched === "all" || of === null || touched.has(of) || (other !== undefined && touched.has(other));

/** What to look for in a step that makes a release fail or mends it. */
interface Watch {
  readonly of: Ready;
  readonly before: Symptoms;
  readonly keys: Set<string>;
}

/** One of the statements that fail, or work again, for the same reason: the others have the same cause. */
function watchFor(of: Ready, course: readonly Symptoms[], step: number): Watch {
  const [before, after] = [course[step] ?? NONE, course[step + 1]];
  const chosen = new Map<string, string>();
  // Where it is not known yet how the step ends, whatever fails may be mended.
  for (const key of new Set([...before.keys(), ...(after?.keys() ?? [])])) {
    if (before.has(key) === after?.has(key)) continue;
    const group = groupOf(key, of.statements.get(key), before.get(key) ?? after?.get(key));
    if (!chosen.has(group)) chosen.set(group, key);
  }
  return { of, before, keys: new Set(chosen.values()) };
}

/** Those of the keys that are no longer what they were before, inside the transaction of a step. */
async function flipped(
  session: Session,
  { of: { statements, home, shape }, before, keys }: Watch,
  touched: Touched,
): Promise<readonly string[]> {
  const watched = [...keys];
  const some = watched.flatMap((key) => {
    const issued = statements.get(key);
    return issued !== undefined && isTouched(issued, touched) ? [[key, issued] as const] : [];
  });
  const failures = await runIssued(session, new Map(some), home, "caller's transaction");
  const missing = watched.some((key) => !statements.has(key)) ? labelsMissing(shape, await readShape(session)) : NONE;
  const ran = new Set(some.map(([key]) => key));
  return watched.filter((key) =>
    statements.has(key) ? ran.has(key) && failures.has(key) !== before.has(key) : missing.has(key) !== before.has(key),
  );
}

// A function that asks who calls it may say so by itself.
const REFUSED_BY_RIGHT = "42501";

function unjudgedOf({ statements, home }: Ready): readonly string[] {
  const failures = [...home.failures].filter(([, { code }]) => isAnalysis(code) && code !== REFUSED_BY_RIGHT);
  return failures.map(([key, { message }]) => `${statements.get(key)?.name}: ${message}`);
}

const groupOf = (key: string, issued: Issued | undefined, failure: Failure | undefined): string =>
  issued === undefined || issued.of === null ? key : `${issued.of} ${failure?.code}`;

function breakagesOf(
  { release, statements }: Ready,
  course: readonly Symptoms[],
  causes: ReadonlyMap<string, Statement>,
): readonly Breakage[] {
  const found = new Map<string, Breakage & { readonly statements: string[] }>();
  for (const key of new Set(course.flatMap((symptoms) => [...symptoms.keys()]))) {
    const at = course.flatMap((symptoms, i) => (symptoms.has(key) ? [i] : []));
    const [from, to] = [at.at(0) ?? 0, at.at(-1) ?? 0];
    const failure = course[from]?.get(key);
    if (failure === undefined) continue;
    const issued = statements.get(key);
    const group = `${from} ${to} ${groupOf(key, issued, failure)}`;
    const known = found.get(group);
    if (known !== undefined) {
      known.statements.push(...(issued?.names ?? []).filter((name) => !known.statements.includes(name)));
      continue;
    }
    const by = causes.get(causeKey(release, from === 0 ? to + 1 : from, groupOf(key, issued, failure)));
    found.set(group, {
      release,
      from,
      to,
      statements: [...new Set(issued?.names)],
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
function orderOf(course: Course, side: Side): Order {
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
