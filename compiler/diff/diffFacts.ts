import { isDeepStrictEqual } from "node:util";
import type { Fact, FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";

/** One difference between two sets of facts. */
export type Delta =
  | { readonly verb: "add"; readonly fact: Fact }
  | { readonly verb: "remove"; readonly fact: Fact }
  | { readonly verb: "change"; readonly from: Fact; readonly to: Fact; readonly attributes: readonly string[] };

/**
 * What turns `current` into `desired`, fact by fact; in the order of desired, removals last. Linear in the number of facts.
 * Both must have been printed by the same PostgreSQL major version.
 */
export function diffFacts(current: FactIndex, desired: FactIndex): readonly Delta[] {
  const deltas: Delta[] = [];
  for (const to of desired.values()) {
    const from = current.get(to.id);
    if (from === undefined) {
      deltas.push({ verb: "add", fact: to });
      continue;
    }
    const attributes = differingAttributes(from, to);
    if (attributes.length > 0) deltas.push({ verb: "change", from, to, attributes });
  }
  for (const fact of current.values()) if (!desired.has(fact.id)) deltas.push({ verb: "remove", fact });
  return deltas;
}

function differingAttributes(from: Fact, to: Fact): readonly string[] {
  const fates = kindOf(to).alter;
  const differing: string[] = [];
  for (const name in to.attributes) {
    if (isSame(from.attributes[name], to.attributes[name])) continue;
    if (fates[name] !== "identity" && fates[name] !== "no difference") differing.push(name);
  }
  return differing;
}

// Most values are equal and plain, which the thorough comparison takes its time to find.
const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (typeof a === "object" && typeof b === "object" && isDeepStrictEqual(a, b));

/** A delta in one line, for people: `~ column public.users.email (type, notNull)`. */
export function describeDelta(delta: Delta): string {
  switch (delta.verb) {
    case "add":
      return `+ ${delta.fact.id}`;
    case "remove":
      return `- ${delta.fact.id}`;
    case "change":
      return `~ ${delta.to.id} (${delta.attributes.join(", ")})`;
  }
}

const SHOWN = 40;

/** Deltas in lines for a terminal: each by itself, or counted by kind where that would fill more than a screen. */
export function summarizeDeltas(deltas: readonly Delta[]): readonly string[] {
  if (deltas.length <= SHOWN) return deltas.map(describeDelta);
  const counts = new Map<string, number>();
  for (const delta of deltas) {
    const sign = { add: "+", remove: "-", change: "~" }[delta.verb];
    const { kind } = delta.verb === "change" ? delta.to : delta.fact;
    counts.set(`${sign} ${kind}`, (counts.get(`${sign} ${kind}`) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${what} (${count})`);
}
