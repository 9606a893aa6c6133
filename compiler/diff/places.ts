import type { Fact, FactId, FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";

/** A table whose columns stand in another order than they are to. */
export interface Misplaced {
  readonly parent: FactId;
  readonly actual: readonly string[];
  readonly wanted: readonly string[];
}

/** Facts with the same siblings on both sides, in another order. */
export function findMisplaced(actual: FactIndex, wanted: FactIndex): readonly Misplaced[] {
  const goal = placesIn(wanted);
  return [...placesIn(actual)].flatMap(([parent, there]) => {
    const here = goal.get(parent) ?? [];
    const both = new Set(here.map(({ id }) => id));
    const [now, then] = [there.filter(({ id }) => both.has(id)), here.filter(({ id }) => actual.has(id))];
    return now.every(({ id }, at) => id === then[at]?.id)
      ? []
      : [{ parent, actual: now.map(nameOf), wanted: then.map(nameOf) }];
  });
}

/** Facts that have a place, in their order, by what they live in. */
function placesIn(facts: FactIndex): ReadonlyMap<FactId, readonly Fact[]> {
  const placed = new Map<FactId, Fact[]>();
  for (const fact of facts.values()) {
    if (fact.parent === null || kindOf(fact).place === undefined) continue;
    const siblings = placed.get(fact.parent);
    if (siblings === undefined) placed.set(fact.parent, [fact]);
    else siblings.push(fact);
  }
  for (const siblings of placed.values()) siblings.sort((a, b) => placeOf(a) - placeOf(b));
  return placed;
}

const placeOf = (fact: Fact): number => kindOf(fact).place?.(fact.attributes) ?? 0;
const nameOf = ({ attributes, id }: Fact): string => String(attributes.name ?? id);
