import { Diagnostic } from "../compiler/diagnostic.ts";
import { findMisplaced, type Misplaced } from "../compiler/diff/places.ts";
import { kindOf } from "../compiler/kinds/registry.ts";
import { type Judgement, judgeCopy } from "../compiler/prove/judgeCopy.ts";
import type { ProvedMigration } from "../compiler/prove/proveMigration.ts";
import type { Source } from "../compiler/resolve/source.ts";
import { isDatabaseUrl, openSession } from "../compiler/session/open.ts";
import type { Shadow } from "../compiler/shadow/shadow.ts";
import { paint, tell } from "./terminal.ts";

/** Options of `verso diff` that say what else is to be looked at. */
export interface Judges {
  readonly observer?: boolean;
  readonly strict?: boolean;
  readonly columnOrder?: boolean;
}

type Pair<T> = readonly [from: T, to: T];

/** What there is to say of two states beside their difference. */
interface Findings {
  readonly names: Pair<string>;
  /** Objects that no fact stands for. */
  readonly unmodelled: Pair<readonly string[]>;
  readonly unread: readonly string[];
  readonly columnOrder: readonly Misplaced[];
  readonly judgements: readonly Judgement[];
}

/** @param judgements of the observer, where it was asked */
export function findBeside(
  [from, to]: Pair<Source>,
  migration: ProvedMigration,
  judgements: readonly Judgement[],
): Findings {
  return {
    names: [from.name, to.name],
    unmodelled: [
      from.recorded?.unmodelled ?? migration.unmodelled.from,
      to.recorded?.unmodelled ?? migration.unmodelled.to,
    ],
    unread: whatIsUnread([from, to]),
    columnOrder: misplacedIn(from, to, migration),
    judgements,
  };
}

function whatIsUnread(sources: readonly Source[]): readonly string[] {
  const all = sources.flatMap(({ name, recorded }) =>
    [...(recorded?.facts.values() ?? [])].flatMap((fact) => {
      const unread = kindOf(fact).unread?.(fact.attributes) ?? null;
      return unread === null ? [] : [`${name}: ${unread}`];
    }),
  );
  return [...new Set(all)].sort();
}

/** Tables whose columns stand otherwise than they are to, after forward or, where forward leaves them alone, at the start. */
function misplacedIn(from: Source, to: Source, { current, desired, reached }: ProvedMigration): readonly Misplaced[] {
  const [start, goal] = [from.recorded?.facts ?? current, to.recorded?.facts ?? desired];
  const touched = findMisplaced(reached, goal);
  const untouched = findMisplaced(start, goal).filter(({ parent }) => !reached.has(parent));
  return [...touched, ...untouched];
}

/**
 * Lets the observer compare live databases with what is built of what was read of them.
 * @param states as the command line names them
 */
export async function judgeCopies(
  states: readonly string[],
  sources: readonly Source[],
  shadow: Shadow,
): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  for (const [at, source] of sources.entries()) {
    const state = states[at] ?? "";
    if (!isDatabaseUrl(state)) continue;
    const original = await openSession(state, { mustExist: true });
    try {
      judgements.push(await judgeCopy(original, source, shadow));
    } finally {
      await original.close();
    }
  }
  return judgements;
}

/** What the observer had a look at, and agrees with. */
export function observed({ isObserved }: ProvedMigration, judgements: readonly Judgement[], shadow: string): string {
  const agreed = judgements
    .filter(({ verdict }) => verdict === "agrees")
    .map(({ state }) => `what was read of ${state}`);
  const all = [...(isObserved ? [`forward and rollback on ${shadow}`] : []), ...agreed];
  return all.length > 0
    ? `the observer agrees with ${all.join(", ")}`
    : "the observer was not asked: the versions differ";
}

const disagreement = ({ state, differences }: Judgement): string =>
  `the observer sees in ${state} what was not read, or not so:\n  ${differences.slice(0, 20).join("\n  ")}${
    differences.length > 20 ? `\n  and ${differences.length - 20} more` : ""
  }`;

/** @throws Diagnostic `not-modelled`, `observer-disagrees`, `column-order` */
export function refuseFindings(
  { names, unmodelled, columnOrder, judgements }: Findings,
  { strict, columnOrder: isOrderWanted }: Judges,
): void {
  const found = unmodelled.flatMap((objects, at) => objects.map((object) => `${names[at]}: ${object}`));
  if (strict && found.length > 0) {
    throw new Diagnostic({
      code: "not-modelled",
      what: "there are objects of kinds that Verso does not model",
      why: found.join("; "),
      next: "without --strict they are left as they are, and named in a warning",
    });
  }
  const disagreeing = judgements.find(({ verdict }) => verdict === "disagrees");
  if (strict && disagreeing !== undefined) {
    throw new Diagnostic({
      code: "observer-disagrees",
      what: disagreement(disagreeing),
      next: "please report this, it is a defect of Verso; without --strict it is a warning",
    });
  }
  if (isOrderWanted && columnOrder.length > 0) {
    throw new Diagnostic({
      code: "column-order",
      what: `columns would stand in another order than in ${names[1]}`,
      why: columnOrder.map(describeMisplaced).join("; "),
      next: "PostgreSQL keeps columns in the order in which they came: make the table anew, or leave --column-order out",
    });
  }
}

const describeMisplaced = ({ parent, actual, wanted }: Misplaced): string =>
  `${parent} has (${actual.join(", ")}) and is to have (${wanted.join(", ")})`;

export function reportFindings({ names, unmodelled, unread, columnOrder, judgements }: Findings): void {
  const mark = (word: string) => paint("yellow", word, process.stderr);
  for (const [at, objects] of unmodelled.entries()) {
    for (const object of objects) {
      tell(`${mark("warning")}: ${object} in ${names[at]} is of a kind that is not modelled, and is left as it is`);
    }
  }
  for (const { state, verdict, why, ...judgement } of judgements) {
    if (verdict === "disagrees") tell(`${mark("warning")}: ${disagreement({ state, verdict, ...judgement })}`);
    if (verdict === "not asked") tell(`${mark("warning")}: the observer was not asked about ${state}: ${why}`);
    if (judgement.unseen.length > 0)
      tell(`${mark("note")}: ${state} does not show ${judgement.unseen.join(", ")} to this user`);
  }
  for (const what of unread) tell(`${mark("note")}: not read from ${what}`);
  for (const misplaced of columnOrder) {
    tell(`${mark("note")}: ${describeMisplaced(misplaced)}; only --column-order calls that a difference`);
  }
}
