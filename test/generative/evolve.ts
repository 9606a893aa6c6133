import type { Table } from "./rooms/tables.ts";
import { ROOMS, roomOf } from "./rooms.ts";
import { type Hand, handOf, NAMES, ofKind, PUBLIC, type Room, type Thing, type World } from "./world.ts";

/** One deed and the seed of all that is drawn for it. */
export interface Command {
  readonly deed: number;
  readonly seed: number;
}

export const DEEDS = 100;

/** The world after one more command; the same where the command makes no sense in it. */
export function evolve(world: World, { deed, seed }: Command): World {
  const hand = handOf(seed, world.nextUid);
  const changed = carryOut(world, deed % DEEDS, hand);
  if (changed === null) return world;
  const pruned = prune(changed);
  return hasCollision(pruned) ? world : { ...pruned, nextUid: hand.next() };
}

function carryOut(world: World, deed: number, hand: Hand): World | null {
  if (deed < 50) return add(world, hand);
  const thing = hand.pick(world.things);
  if (thing === undefined) return null;
  const replaceWith = (next: Thing): World => ({
    ...world,
    things: world.things.map((one) => (one === thing ? next : one)),
  });
  if (deed < 78) {
    const { vary } = roomOf(thing);
    return vary === undefined ? null : replaceWith({ ...thing, attributes: vary(thing, hand, world) });
  }
  if (deed < 88) return { ...world, things: world.things.filter((one) => one !== thing) };
  if (deed < 95) return roomOf(thing).isNameless ? null : replaceWith({ ...thing, name: freeName(thing, world, hand) });
  if (thing.home === null) return null;
  return replaceWith({ ...thing, home: drawHome(world, hand) });
}

function add(world: World, hand: Hand): World | null {
  const room = drawRoom(hand);
  const attributes = room.make(hand, world);
  if (attributes === null) return null;
  const home = room.isInSchema ? drawHome(world, hand) : null;
  const bare: Thing = { uid: hand.uid(), kind: room.kind, home, name: "", attributes };
  const name = room.isNameless ? "" : freeName(bare, world, hand);
  return { ...world, things: [...world.things, { ...bare, name }] };
}

function drawRoom(hand: Hand): Room<object> {
  const total = ROOMS.reduce((sum, { weight }) => sum + weight, 0);
  let at = hand.below(total);
  for (const room of ROOMS) {
    at -= room.weight;
    if (at < 0) return room;
  }
  throw new Error("no room is left");
}

const drawHome = (world: World, hand: Hand): number =>
  hand.chance(2) ? PUBLIC : (hand.pick([PUBLIC, ...ofKind(world, "schema").map(({ uid }) => uid)]) ?? PUBLIC);

const scopesOf = (thing: Thing, world: World): readonly string[] =>
  [roomOf(thing).scope(thing, world)].flat().map((scope) => `${scope} ${thing.name}`);

function freeName(thing: Thing, world: World, hand: Hand): string {
  const taken = new Set(world.things.flatMap((one) => scopesOf(one, world)));
  const first = hand.pick(NAMES) ?? "a";
  for (let n = 0; ; n++) {
    const name = n === 0 ? first : `${first}${n}`;
    if (!scopesOf({ ...thing, name }, world).some((scope) => taken.has(scope))) return name;
  }
}

function hasCollision(world: World): boolean {
  const scopes = world.things.flatMap((thing) => scopesOf(thing, world));
  return new Set(scopes).size < scopes.length;
}

/** Takes away what has lost something it needs, or does not hold any more, again and again. */
function prune(world: World): World {
  for (let at = world; ; ) {
    const things = at.things.filter(isSupplied(at));
    // Only where nothing is missing can be asked whether it holds.
    const held =
      things.length < at.things.length ? things : things.filter((thing) => roomOf(thing).holds?.(thing, at) !== false);
    if (held.length === at.things.length) return at;
    at = { ...at, things: held };
  }
}

function isSupplied(world: World): (thing: Thing) => boolean {
  const uids = new Set([PUBLIC, ...world.things.flatMap((thing) => [thing.uid, ...partsOf(thing)])]);
  return (thing) =>
    (thing.home === null || uids.has(thing.home)) &&
    roomOf(thing)
      .needs(thing.attributes)
      .every((uid) => uids.has(uid));
}

/** Uids of columns, which others may need. */
const partsOf = ({ attributes }: Thing): readonly number[] =>
  "columns" in attributes && Array.isArray(attributes.columns)
    ? attributes.columns.flatMap((column: unknown) =>
        typeof column === "object" && column !== null && "uid" in column ? [Number(column.uid)] : [],
      )
    : [];

/** The world as a script: what is needed comes before what needs it. */
export function printWorld(world: World): string {
  const printed = new Set<number>();
  const lines: string[] = [];
  const owners = new Map(world.things.flatMap((thing) => partsOf(thing).map((part) => [part, thing.uid] as const)));
  const visit = (thing: Thing): void => {
    if (printed.has(thing.uid)) return;
    printed.add(thing.uid);
    const needed = [...roomOf(thing).needs(thing.attributes), ...(thing.home === null ? [] : [thing.home])];
    for (const uid of needed) {
      const other = world.things.find((one) => one.uid === (owners.get(uid) ?? uid));
      if (other !== undefined) visit(other);
    }
    lines.push(
      ...roomOf(thing)
        .print(thing, world)
        .map((line) => `${line};`),
    );
  };
  const phase = (thing: Thing): number => roomOf(thing).phase ?? 0;
  for (const thing of world.things.toSorted((a, b) => phase(a) - phase(b))) visit(thing);
  return lines.join("\n");
}

/** After this, rows have values in all columns. */
export const settle = (world: World): World => ({
  ...world,
  things: world.things.map((thing) => {
    const { attributes } = thing;
    if (!("columns" in attributes) || thing.kind !== "table") return thing;
    const columns = (attributes as Table).columns.map((column) => ({ ...column, isFresh: false }));
    return { ...thing, attributes: { ...attributes, columns, isFresh: false } };
  }),
});
