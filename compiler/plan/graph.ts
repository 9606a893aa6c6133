import type { Fact, FactId, FactIndex } from "../facts.ts";

/** A state's facts with the dependencies readable from both ends. */
export interface Graph {
  readonly facts: FactIndex;
  dependents(id: FactId): readonly Fact[];
  children(id: FactId): readonly Fact[];
  kind(id: FactId): string;
}

const NONE: readonly Fact[] = [];

export function graphOf(facts: FactIndex): Graph {
  const dependents = new Map<FactId, Fact[]>();
  const children = new Map<FactId, Fact[]>();
  for (const fact of facts.values()) {
    for (const id of fact.dependsOn) append(dependents, id, fact);
    if (fact.parent !== null) append(children, fact.parent, fact);
  }
  return {
    facts,
    dependents: (id) => dependents.get(id) ?? NONE,
    children: (id) => children.get(id) ?? NONE,
    kind: (id) => facts.get(id)?.kind ?? "",
  };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
