/** One or more columns that get their values together, with the choices there are. */
export interface Variable {
  readonly columns: readonly number[];
  readonly choices: readonly (readonly (string | null)[])[];
  /** The choice that row `r` has unless something speaks against it. */
  readonly natural: (r: number) => number;
}

export interface Clause {
  /** `must` holds in every solution, `wish` if that is possible, `mark` only tells solutions apart. */
  readonly weight: "must" | "wish" | "mark";
  /** Indexes of the variables that it reads. */
  readonly variables: readonly number[];
}

/** An index into the choices of each variable. */
export type Choice = readonly number[];

export interface Solution {
  readonly choice: Choice;
  /** Indexes of the `mark` clauses that hold. */
  readonly marks: readonly number[];
}

interface Judged extends Solution {
  readonly broken: readonly number[];
  readonly score: number;
}

export type Verdicts = (choices: readonly Choice[]) => Promise<readonly (readonly boolean[])[]>;

const BATCH = 400;
const ROUNDS = 8;
const BEAM = 6;
const ENOUGH = 8;

/**
 * Looks for choices under which all clauses hold: every combination where there are few, else outwards from the natural
 * ones, changing one or two variables of a broken clause at a time. Bounded by a few batches; deterministic.
 * @returns natural choices first where they hold; empty when nothing was found
 */
export async function solve(
  variables: readonly Variable[],
  clauses: readonly Clause[],
  naturals: readonly Choice[],
  verdicts: Verdicts,
): Promise<readonly Solution[]> {
  if (variables.some(({ choices }) => choices.length === 0)) return [];
  const seen = new Map<string, Judged>();
  const judge = async (choices: readonly Choice[]): Promise<void> => {
    const fresh = new Map<string, Choice>();
    for (const choice of choices) {
      const key = choice.join();
      if (!seen.has(key) && fresh.size < BATCH) fresh.set(key, choice);
    }
    const answers = await verdicts([...fresh.values()]);
    for (const [i, [key, choice]] of [...fresh].entries()) {
      const answer = answers[i] ?? [];
      const broken = clauses.flatMap(({ weight }, at) => (weight !== "mark" && answer[at] !== true ? [at] : []));
      const marks = clauses.flatMap(({ weight }, at) => (weight === "mark" && answer[at] === true ? [at] : []));
      const score = broken.reduce((sum, at) => sum + (clauses[at]?.weight === "must" ? 100 : 1), 0);
      seen.set(key, { choice, marks, broken, score });
    }
  };

  const size = variables.reduce((product, { choices }) => product * choices.length, 1);
  const rank = (): readonly Judged[] => [...seen.values()].sort((a, b) => a.score - b.score);
  /** Marks that no solution has yet, or nothing when there is enough for the rows to come. */
  const wanting = (): readonly number[] | null => {
    const solved = [...seen.values()].filter(({ score }) => score === 0);
    const marked = new Set(solved.flatMap(({ marks }) => marks));
    const unmarked = clauses.flatMap(({ weight }, at) => (weight === "mark" && !marked.has(at) ? [at] : []));
    return solved.length >= Math.min(size, ENOUGH) && unmarked.length === 0 ? null : unmarked;
  };
  const groupsOf = (numbers: readonly number[]) => numbers.map((at) => clauses[at]?.variables ?? []);

  await judge(naturals);
  if (wanting() !== null) await judge(size <= BATCH ? allChoices(variables) : scattered(variables));
  for (let round = 0; round < ROUNDS && size > BATCH; round++) {
    const unmarked = wanting();
    if (unmarked === null) break;
    const ranked = rank();
    const solved = ranked.filter(({ score }) => score === 0).slice(0, 2);
    const unsolved = ranked.filter(({ score }) => score > 0).slice(0, BEAM);
    const around = [variables.map((_, i) => i)];
    const before = seen.size;
    await judge(
      interleave([
        ...solved.map(({ choice }) => [
          ...changesOf(choice, variables, unmarked.length > 0 ? groupsOf(unmarked) : around, round),
        ]),
        ...unsolved.map(({ choice, broken }) => [...changesOf(choice, variables, groupsOf(broken), round)]),
      ]),
    );
    if (seen.size === before) break;
  }
  const best = Math.min(...[...seen.values()].map(({ score }) => score));
  return best >= 100 ? [] : [...seen.values()].filter(({ score }) => score === best);
}

function allChoices(variables: readonly Variable[]): readonly Choice[] {
  return variables.reduce<readonly Choice[]>(
    (found, { choices }) => found.flatMap((choice) => choices.map((_, i) => [...choice, i])),
    [[]],
  );
}

/** Choices from all over, each variable stepping at its own pace. */
function scattered(variables: readonly Variable[]): readonly Choice[] {
  return Array.from({ length: BATCH / 4 }, (_, t) =>
    variables.map(({ choices }, k) => (t * (2 * k + 1) + Math.floor(t / 7) * (k + 3)) % choices.length),
  );
}

/** Neighbours that differ in one variable of a group, then such as differ in two; later rounds see other pairs. */
function* changesOf(
  choice: Choice,
  variables: readonly Variable[],
  groups: readonly (readonly number[])[],
  round = 0,
): Generator<Choice> {
  const change = (at: number, to: number, from: Choice = choice): Choice => from.map((old, i) => (i === at ? to : old));
  const size = (at: number): number => variables[at]?.choices.length ?? 0;
  for (const group of groups) {
    for (const at of group) for (let to = 0; to < size(at); to++) if (to !== choice[at]) yield change(at, to);
  }
  for (const group of groups) {
    for (const [i, a] of group.entries()) {
      for (const b of group.slice(i + 1)) {
        const pairs = size(a) * size(b);
        const step = Math.max(1, Math.floor(pairs / 150));
        for (let p = round % step; p < pairs; p += step) {
          yield change(b, Math.floor(p / size(a)), change(a, p % size(a)));
        }
      }
    }
  }
}

/** The first of each list, then the second of each, so that a bound on their number cuts all lists alike. */
function interleave(lists: readonly (readonly Choice[])[]): readonly Choice[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}
