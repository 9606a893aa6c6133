import { isDeepStrictEqual } from "node:util";
import { formatPosition, type Position } from "../diagnostic.ts";
import type { Attributes, Fact, FactId, FactIndex, Hint } from "../facts.ts";
import { renamedFromText } from "../kinds/declaring.ts";
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

/** For people: `~ column public.users.mail, renamed to public.users.email`. */
export const describeRename = ({ from, to }: Pick<Rename, "from" | "to">): string =>
  `~ ${from.id}, renamed to ${kindOf(to).path(to.attributes)}`;

/** A fact that goes and one that comes, perhaps the same thing under another name. */
export interface Suspect {
  readonly from: Fact;
  readonly to: Fact;
  /** What its definition says already, and what is not there. */
  readonly mistaken: FactId | null;
}

/** The option that makes a rename of it. */
export const renameOption = ({ from }: Suspect): string => renamedFromText(String(from.attributes.name));

/** In words, with the line to add and where. */
export function describeSuspect(suspect: Suspect, positions: ReadonlyMap<FactId, Position>): string {
  const { from, to, mistaken } = suspect;
  const at = positions.get(to.id);
  const why = mistaken === null ? "alike but for the name" : `whose renamedFrom means ${mistaken}, which is not there`;
  const where = at === undefined ? "to its definition" : `at ${formatPosition(at)}`;
  const verb = mistaken === null ? "add" : "put";
  return `${from.id} goes and ${to.id} comes, ${why}; if it is a rename, ${verb} \`${renameOption(suspect)}\` ${where}`;
}

/**
 * Removed and added facts that hold data and look alike, perhaps a rename that nobody declared; or of which one declares to
 * be renamed from what is not there, perhaps misspelt.
 */
export function suspectRenames(
  current: FactIndex,
  desired: FactIndex,
  hints: ReadonlyMap<FactId, Hint>,
): readonly Suspect[] {
  const currentGraph = graphOf(current);
  const desiredGraph = graphOf(desired);
  const suspects: Suspect[] = [];
  const taken = new Set<FactId>();
  for (const to of desired.values()) {
    if (!kindOf(to).holdsData || current.has(to.id) || (to.parent !== null && !current.has(to.parent))) continue;
    const isFree = (from: Fact): boolean =>
      from.kind === to.kind && from.parent === to.parent && !desired.has(from.id) && !taken.has(from.id);
    const free = [...current.values()].filter(isFree);
    const shape = shapeOf(to, desiredGraph.children(to.id));
    const alike = free.find((from) => shapeOf(from, currentGraph.children(from.id)) === shape);
    const declared = hints.get(to.id)?.renamedFrom;
    const mistaken = declared === undefined || current.has(declared) ? null : declared;
    const from = alike ?? (mistaken === null ? undefined : free[0]);
    if (from === undefined) continue;
    taken.add(from.id);
    suspects.push({ from, to, mistaken });
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
