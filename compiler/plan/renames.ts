import { isDeepStrictEqual } from "node:util";
import { formatPosition, type Position } from "../diagnostic.ts";
import type { Attributes, Fact, FactId, FactIndex, Hint } from "../facts.ts";
import { renamedFromText } from "../kinds/declaring.ts";
import { factId, type Statement } from "../kinds/kind.ts";
import { kindOf, rankOf } from "../kinds/registry.ts";
import { surroundings } from "./changes.ts";
import { type Graph, graphOf } from "./graph.ts";

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
  if (declared.length > 0) return declared;
  const free = freeRenames(current, desired);
  return free.length > 0 ? free : renamesOfParts(current, desired);
}

/** Facts that stay, and that other things are called by: an extension that moves, with all that is in it. */
function renamesOfParts(current: FactIndex, desired: FactIndex): readonly Rename[] {
  const renames: Rename[] = [];
  for (const to of desired.values()) {
    const { names = [] } = kindOf(to);
    const from = names.length === 0 ? undefined : current.get(to.id);
    if (from === undefined || names.every((name) => from.attributes[name] === to.attributes[name])) continue;
    const named = Object.fromEntries(names.map((name) => [name, to.attributes[name] ?? null]));
    const rename = renameOf(from, { ...from, attributes: { ...from.attributes, ...named } });
    const home = homeOf(to, desired);
    if (home !== undefined && !current.has(home.id)) return [makeHome(home, current, desired)];
    if (rename !== null) renames.push(rename);
  }
  return renames;
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
    const rename = renameOf(from, to, isTakenIn([current, desired]));
    if (rename !== null) renames.push(rename);
  }
  // Outer things first: a column's old identity names the table as it is called by then.
  const rank = Math.min(...renames.map(({ from }) => rankOf(from)));
  const next = renames.filter(({ from }) => rankOf(from) === rank);
  const homes = next.map(({ to }) => homeOf(to, desired)).filter((home) => home !== undefined);
  const missing = new Set(homes.filter(({ id }) => !current.has(id)));
  return missing.size > 0 ? [...missing].map((home) => makeHome(home, current, desired)) : next;
}

/**
 * Renames of things that go anyway, an index for one, and whose name the given one is to bear: PostgreSQL has one name space
 * for several kinds.
 */
export function makeWay({ to }: Rename, current: FactIndex, desired: FactIndex): readonly Rename[] {
  const { schema, name } = to.attributes;
  return [...current.values()].flatMap((from) => {
    const { attributes, parent, id } = from;
    const isPart = parent !== null && kindOf(from).holdsData === true;
    if (attributes.schema !== schema || attributes.name !== name || desired.has(id) || isPart) return [];
    const passing = { ...attributes, name: `${name}__replaced` };
    const { rename, path } = kindOf(from);
    if (rename === undefined) return [];
    return renameOf(from, { ...from, id: factId(from.kind, path(passing)), attributes: passing }) ?? [];
  });
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
  const homes = new Map<FactId, Rename>();
  const found = new Set<FactId>();
  // What is the same but for its name has the first choice.
  for (const isSame of [likeness(current, desired), movedOnly(current, desired)]) {
    for (const to of desired.values()) {
      if (current.has(to.id) || found.has(to.id)) continue;
      const candidates = gone.get(`${to.kind} ${to.parent}`) ?? [];
      const at = candidates.findIndex((from) => isSame(from, to));
      const from = candidates[at];
      const rename = from === undefined ? null : renameOf(from, to);
      if (rename === null) continue;
      candidates.splice(at, 1);
      found.add(to.id);
      const home = homeOf(to, desired);
      if (home !== undefined && !current.has(home.id) && from !== undefined) {
        const known = homes.get(home.id);
        if (known === undefined || known.from === home)
          homes.set(home.id, newHome(from, home, current, desired, homes));
      } else renames.push(rename);
    }
  }
  // What moves to a new schema does so once that is there.
  if (homes.size > 0) return [...homes.values()];
  // What others are made of first: it changes what those are called.
  const rank = Math.min(...renames.map(({ to }) => rankOf(to)));
  return renames.filter(({ to }) => rankOf(to) === rank);
}

/** The old home under its new name where it goes, else a new one. */
function newHome(
  fact: Fact,
  home: Fact,
  current: FactIndex,
  desired: FactIndex,
  homes: ReadonlyMap<FactId, Rename>,
): Rename {
  const old = homeOf(fact, current);
  const isFree = old !== undefined && !desired.has(old.id) && ![...homes.values()].some(({ from }) => from === old);
  return (isFree ? renameOf(old, home) : null) ?? makeHome(home, current, desired);
}

type Likeness = (from: Fact, to: Fact) => boolean;

/** Whether one fact may be the other under another name, or in another schema. */
function likeness(current: FactIndex, desired: FactIndex): Likeness {
  const [before, after] = [graphOf(current), graphOf(desired)];
  return (from, to) => {
    const { renamesFreely, holdsData } = kindOf(to);
    const [a, b] = [from.attributes, to.attributes];
    const moves = a.schema !== b.schema;
    if (moves && (a.name !== b.name || to.parent !== null)) return false;
    // What its owner has but one of is the same thing, whatever its name.
    if (!moves && renamesFreely === "to another schema" && from.ownedBy.length === 0) return false;
    if (holdsData) return shapeOf(from, before.children(from.id)) === shapeOf(to, after.children(to.id));
    return isDeepStrictEqual(nameless(from), nameless(to));
  };
}

/** The same name in another schema, though it is changed on the way; of what holds rows, most parts stay. */
function movedOnly(current: FactIndex, desired: FactIndex): Likeness {
  const [before, after] = [graphOf(current), graphOf(desired)];
  const parts = (graph: Graph, id: FactId) =>
    graph.children(id).flatMap((child) => (kindOf(child).holdsData ? [child.attributes.name] : []));
  return (from, to) => {
    const [a, b] = [from.attributes, to.attributes];
    // What is owned goes along with its owner.
    if (to.parent !== null || from.ownedBy.length > 0) return false;
    if (a.name !== b.name || a.schema === b.schema) return false;
    if (!kindOf(to).holdsData) return true;
    const [old, fresh] = [parts(before, from.id), parts(after, to.id)];
    const shared = old.filter((name) => fresh.includes(name)).length;
    return shared * 2 >= Math.max(old.length, fresh.length) && shared > 0;
  };
}

/** The schema that a fact lives in. */
const homeOf = (fact: Fact, facts: FactIndex): Fact | undefined =>
  fact.dependsOn
    .map((id) => facts.get(id))
    .find((one) => one?.attributes.schema === undefined && one?.attributes.name === fact.attributes.schema);

function makeHome(home: Fact, current: FactIndex, desired: FactIndex): Rename {
  const around = surroundings(graphOf(desired), current, new Set(), () => [], {
    hints: new Map(),
    version: 0,
    refused: new Map(),
  });
  return {
    from: home,
    to: home,
    forward: kindOf(home).create(home, around),
    rollback: kindOf(home).drop(home, around),
  };
}

function nameless(fact: Fact): Attributes {
  const { alter: fates, names = [] } = kindOf(fact);
  return Object.fromEntries(
    Object.entries(fact.attributes).filter(
      ([key]) =>
        key !== "name" &&
        !names.includes(key) &&
        (key !== "schema" || fact.parent !== null) &&
        fates[key] !== "no difference",
    ),
  );
}

function renameOf(from: Fact, to: Fact, isTaken: (a: Attributes) => boolean = () => false): Rename | null {
  const { rename } = kindOf(to);
  if (rename === undefined || from.kind !== to.kind) return null;
  const [a, b] = [from.attributes, to.attributes];
  const stops = a.schema === b.schema || a.name === b.name ? [a, b] : [a, ...stopsBetween(a, b, isTaken), b];
  const pairs = stops.slice(1).map((stop, i) => [stops[i] ?? a, stop] as const);
  return {
    from,
    to,
    forward: pairs.flatMap(([one, next]) => rename(one, next)),
    rollback: pairs.toReversed().flatMap(([one, next]) => rename(next, one)),
  };
}

/** What moves and is renamed goes one step at a time, and by a way on which nothing is in its place. */
function stopsBetween(from: Attributes, to: Attributes, isTaken: (a: Attributes) => boolean): readonly Attributes[] {
  const { schema = null, name = null } = to;
  const [moved, renamed] = [
    { ...from, schema },
    { ...from, name },
  ];
  if (!isTaken(moved)) return [moved];
  if (!isTaken(renamed)) return [renamed];
  const passing = `${name}__moving`;
  return [
    { ...from, name: passing },
    { ...moved, name: passing },
  ];
}

const isTakenIn =
  (states: readonly FactIndex[]) =>
  ({ schema, name }: Attributes): boolean =>
    states.some((facts) =>
      [...facts.values()].some(({ attributes }) => attributes.schema === schema && attributes.name === name),
    );

/** For people: `~ column public.users.mail, renamed to public.users.email`. */
export function describeRename({ from, to }: Pick<Rename, "from" | "to">): string {
  if (from.id !== to.id) return `~ ${from.id}, renamed to ${kindOf(to).path(to.attributes)}`;
  return from === to ? `+ ${to.id}` : `~ ${to.id} (${(kindOf(to).names ?? []).join(", ")})`;
}

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
