import { isDeepStrictEqual } from "node:util";
import type { Attributes, Fact, FactId, FactIndex, Hint } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";

/** A state that a database can come to, the wanted one itself where it can, and its facts that fall short of that. */
export interface Reach {
  readonly goal: FactIndex;
  readonly short: ReadonlyMap<FactId, Fact>;
}

/**
 * What of `wanted` a database can come to that stands at `start`.
 * @param hints of both states: what definitions leave as it is in the database stays, and counts as wanted
 */
export function withinReach(
  start: FactIndex,
  wanted: FactIndex,
  hints: readonly ReadonlyMap<FactId, Hint>[] = [],
): Reach {
  const others = new Map<FactId, Fact>();
  const short = new Map<FactId, Fact>();
  for (const [id, fact] of wanted) {
    const from = start.get(id);
    const { within } = kindOf(fact);
    if (from === undefined || within === undefined) continue;
    const left = hints.flatMap((some) => some.get(id)?.leaves ?? []);
    const asked = { ...fact.attributes, ...picked(from.attributes, left) };
    const attributes = within(asked, from.attributes);
    if (isDeepStrictEqual(attributes, fact.attributes)) continue;
    const reached = { ...fact, attributes };
    others.set(id, reached);
    if (!isDeepStrictEqual(attributes, asked)) short.set(id, reached);
  }
  return { goal: others.size === 0 ? wanted : new Map([...wanted, ...others]), short };
}

/** For people, a line each. */
export const describeShort = (short: {
  readonly forward: readonly FactId[];
  readonly rollback: readonly FactId[];
}): readonly string[] => [
  ...short.forward.map((id) => `${id} stays as it is: PostgreSQL knows no way from there to what is asked`),
  ...short.rollback.map((id) => `${id} stays as it becomes when the rest is rolled back: PostgreSQL knows no way back`),
];

const picked = (attributes: Attributes, names: readonly string[]): Attributes =>
  Object.fromEntries(names.map((name) => [name, attributes[name] ?? null]));
