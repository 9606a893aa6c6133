import { isDeepStrictEqual } from "node:util";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";

/**
 * What migrations decide of a live database: without the roles of other databases, without what servers decide, and without
 * secrets, which are set where secrets are kept and stand in no migration.
 */
export const governed = (facts: FactIndex): FactIndex =>
  without("withoutServers", withoutSecrets(withoutIdleRoles(facts)));

/** Facts that hold a secret, without it; all others as they are. */
export const withoutSecrets = (facts: FactIndex): FactIndex => without("withoutSecrets", facts);

function without(what: "withoutSecrets" | "withoutServers", facts: FactIndex): FactIndex {
  const shown = new Map(facts);
  for (const [id, fact] of facts) {
    const attributes = kindOf(fact)[what]?.(fact.attributes);
    if (attributes !== undefined && !isDeepStrictEqual(attributes, fact.attributes)) {
      shown.set(id, { ...fact, attributes });
    }
  }
  return shown;
}

/**
 * Leaves out what belongs to the whole server and is not needed by anything here, with what is attached to it.
 * @param elsewhere what else is needed, by facts of this database that are not among these
 */
export function withoutIdleRoles(facts: FactIndex, elsewhere: Iterable<FactId> = []): FactIndex {
  const needed = new Set(elsewhere);
  for (const fact of facts.values()) {
    if (!isOfServer(fact, facts)) for (const id of fact.dependsOn) needed.add(id);
  }
  // A membership stays when both of its roles do.
  const isKept = (fact: Fact): boolean =>
    !isOfServer(fact, facts) ||
    needed.has(fact.id) ||
    (fact.dependsOn.length > 0 && fact.dependsOn.every((id) => needed.has(id)));
  return new Map([...facts].filter(([, fact]) => isKept(fact)));
}

/** Belongs to the whole server, or is attached to what does. */
export function isOfServer(fact: Fact, facts: FactIndex): boolean {
  const parent = fact.parent === null ? undefined : facts.get(fact.parent);
  return kindOf(fact).clusterWide === true || (parent !== undefined && isOfServer(parent, facts));
}
