import { isDeepStrictEqual } from "node:util";
import type { Attributes, Fact, FactId, FactIndex, Hint } from "../facts.ts";
import type { Statement } from "../kinds/kind.ts";
import { kindOf, rankOf } from "../kinds/registry.ts";
import { graphOf } from "./graph.ts";

export interface Rename {
  readonly from: Fact;
  readonly to: Fact;
  readonly forward: readonly Statement[];
  readonly rollback: readonly Statement[];
}

/**
 * The next renames that lead from `current` towards `desired`: those that definitions declare, else those of facts that
 * differ in nothing but their name. Renaming changes what everything else is called, so the caller runs these, reads the
 * catalog again and asks again until none is left.
 */
export function findRenames(
  current: FactIndex,
  desired: FactIndex,
  hints: ReadonlyMap<FactId, Hint>,
): readonly Rename[] {
  const declared = declaredRenames(current, desired, hints);
  return declared.length > 0 ? declared : freeRenames(current, desired);
}

function declaredRenames(current: FactIndex, desired: FactIndex, hints: ReadonlyMap<FactId, Hint>): readonly Rename[] {
  const renames: Rename[] = [];
  // A name that stays is no rename's old one, unless what will bear it is itself something else renamed, as in a -> b -> c.
  const becomesFree = (id: FactId, seen: readonly FactId[] = []): boolean => {
    if (!desired.has(id)) return true;
    const heir = hints.get(id)?.renamedFrom;
    return heir !== undefined && !seen.includes(heir) && current.has(heir) && becomesFree(heir, [...seen, heir]);
  };
  for (const [id, { renamedFrom }] of hints) {
    if (renamedFrom === undefined || current.has(id)) continue;
    const from = current.get(renamedFrom);
    const to = desired.get(id);
    if (from === undefined || to === undefined || !becomesFree(renamedFrom)) continue;
    const rename = renameOf(from, to);
    if (rename !== null) renames.push(rename);
  }
  // Outer things first: a column's old identity names the table as it is called by then.
  const rank = Math.min(...renames.map(({ from }) => rankOf(from)));
  return renames.filter(({ from }) => rankOf(from) === rank);
}

function freeRenames(current: FactIndex, desired: FactIndex): readonly Rename[] {
  const gone = new Map<string, Fact[]>();
  for (const fact of current.values()) {
    if (desired.has(fact.id) || !kindOf(fact).renamesFreely) continue;
    const key = `${fact.kind} ${fact.parent}`;
    gone.set(key, [...(gone.get(key) ?? []), fact]);
  }
  if (gone.size === 0) return [];
  const renames: Rename[] = [];
  for (const to of desired.values()) {
    if (current.has(to.id)) continue;
    const candidates = gone.get(`${to.kind} ${to.parent}`) ?? [];
    const at = candidates.findIndex((from) => isDeepStrictEqual(nameless(from), nameless(to)));
    const from = candidates[at];
    const rename = from === undefined ? null : renameOf(from, to);
    if (rename === null) continue;
    candidates.splice(at, 1);
    renames.push(rename);
  }
  return renames;
}

function nameless(fact: Fact): Attributes {
  const fates = kindOf(fact).alter;
  return Object.fromEntries(
    Object.entries(fact.attributes).filter(([key]) => key !== "name" && fates[key] !== "no difference"),
  );
}

function renameOf(from: Fact, to: Fact): Rename | null {
  const { rename } = kindOf(to);
  if (rename === undefined || from.kind !== to.kind) return null;
  return {
    from,
    to,
    forward: rename(from.attributes, to.attributes),
    rollback: rename(to.attributes, from.attributes).toReversed(),
  };
}

/** A removed and an added fact that hold data and look alike: perhaps a rename that nobody declared. */
export function suspectRenames(
  current: FactIndex,
  desired: FactIndex,
): readonly { readonly from: Fact; readonly to: Fact }[] {
  const currentGraph = graphOf(current);
  const desiredGraph = graphOf(desired);
  const suspects: { from: Fact; to: Fact }[] = [];
  const taken = new Set<FactId>();
  for (const to of desired.values()) {
    if (!kindOf(to).holdsData || current.has(to.id) || (to.parent !== null && !current.has(to.parent))) continue;
    const shape = shapeOf(to, desiredGraph.children(to.id));
    for (const from of current.values()) {
      if (from.kind !== to.kind || from.parent !== to.parent || desired.has(from.id) || taken.has(from.id)) continue;
      if (shapeOf(from, currentGraph.children(from.id)) !== shape) continue;
      taken.add(from.id);
      suspects.push({ from, to });
      break;
    }
  }
  return suspects;
}

function shapeOf(fact: Fact, children: readonly Fact[]): string {
  const { position: _, ...attributes } = nameless(fact);
  const held = children
    .filter((child) => kindOf(child).holdsData)
    .map((child) => `${child.attributes.name} ${child.attributes.type}`);
  return JSON.stringify([attributes, held.sort()]);
}
