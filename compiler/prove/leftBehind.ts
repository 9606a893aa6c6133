import type { Fact, FactId, FactIndex, Hint } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";

/**
 * What forward brings and the definitions ask to keep when it is rolled back: an extension, with the schema it lies in and
 * what is attached to it.
 */
export function leftBehind(
  current: FactIndex,
  desired: FactIndex,
  hints: ReadonlyMap<FactId, Hint>,
): ReadonlyMap<FactId, Fact> {
  const left = new Map<FactId, Fact>();
  const keep = (id: FactId): void => {
    const fact = desired.get(id);
    if (fact === undefined || current.has(id) || left.has(id)) return;
    left.set(id, fact);
    for (const need of fact.dependsOn) keep(need);
  };
  for (const [id, hint] of hints) if (hint.keep) keep(id);
  if (left.size > 0) {
    for (const fact of desired.values()) {
      if (kindOf(fact).attaches && fact.parent !== null && left.has(fact.parent)) keep(fact.id);
    }
  }
  return left;
}

/** Facts without those that an earlier rollback may have left behind, and that were not there before it either. */
export function withoutLeft(facts: FactIndex, left: readonly FactId[] = []): FactIndex {
  if (left.length === 0) return facts;
  const gone = new Set(left);
  return new Map([...facts].filter(([id]) => !gone.has(id)));
}
