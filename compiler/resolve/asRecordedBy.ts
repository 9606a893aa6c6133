import type { FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";

/** Facts as a server of this version would record them, in what comes by itself and only a later one can tell apart. */
export function asRecordedBy(version: number, facts: FactIndex): FactIndex {
  const lowered = new Map(facts);
  for (const [id, fact] of facts) {
    const attributes = kindOf(fact).asRecordedBy?.(fact.attributes, version) ?? fact.attributes;
    if (attributes !== fact.attributes) lowered.set(id, { ...fact, attributes });
  }
  return lowered;
}
