/** One object of a generated schema. What it is made of is its room's own. */
export interface Thing<A extends object = object> {
  readonly uid: number;
  readonly kind: string;
  /** The uid of its schema; null for what lives in none, or where its table lives. */
  readonly home: number | null;
  readonly name: string;
  readonly attributes: A;
}

/** A schema as plain data. An evolution is another world in which what stayed has kept its uid. */
export interface World {
  readonly things: readonly Thing[];
  readonly nextUid: number;
  /** Of the PostgreSQL that it lives on: nothing is drawn that this one does not have. */
  readonly major: number;
}

/** Draws numbers, the same ones from the same seed, and hands out uids. */
export interface Hand {
  below(limit: number): number;
  chance(outOf: number): boolean;
  pick<T>(list: readonly T[]): T | undefined;
  some<T>(list: readonly T[], most: number): readonly T[];
  uid(): number;
}

/** All that is particular to one kind of generated object. */
export interface Room<A extends object> {
  readonly kind: string;
  /** How many of a hundred or so new things are of this kind. */
  readonly weight: number;
  readonly isInSchema?: true;
  /** Null where the world has not what it takes. */
  readonly make: (hand: Hand, world: World) => A | null;
  readonly vary?: (thing: Thing<A>, hand: Hand, world: World) => A;
  /** Uids, of columns too, without which it is not. */
  readonly needs: (attributes: A) => readonly number[];
  /** Whether what it needs is still fit for it. */
  readonly holds?: (thing: Thing<A>, world: World) => boolean;
  /** Where there may be only one thing of its name; in several places, where there are several. */
  readonly scope: (thing: Thing<A>, world: World) => string | readonly string[];
  /** Objects without a name of their own have none to be given. */
  readonly isNameless?: true;
  readonly print: (thing: Thing<A>, world: World) => readonly string[];
  /** How SQL designates it after COMMENT ON and ALTER; null for what takes no comment. */
  readonly designate?: (thing: Thing<A>, world: World) => string | null;
  readonly isOwned?: true;
  /** After GRANT … ON, and what can be granted. */
  readonly grantable?: { readonly as: string; readonly privileges: readonly string[] };
  /** What comes after all of a lower phase. */
  readonly phase?: number;
}

/** Closes a room over its attributes, so that a list can hold all of them. */
export function room<A extends object>(spec: Room<A>): Room<object> {
  return spec as unknown as Room<object>;
}

export const emptyWorld = (major: number): World => ({ things: [], nextUid: 1, major });

export function thingAt(world: World, uid: number): Thing {
  const found = world.things.find((thing) => thing.uid === uid);
  if (found === undefined) throw new Error(`nothing has the uid ${uid}`);
  return found;
}

export const ofKind = <A extends object>(world: World, ...kinds: readonly string[]): readonly Thing<A>[] =>
  world.things.filter(({ kind }) => kinds.includes(kind)) as unknown as readonly Thing<A>[];

export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** `"schema"."name"`. */
export function pathOf(thing: Pick<Thing, "home" | "name">, world: World): string {
  if (thing.home === null) return quote(thing.name);
  return `${schemaName(thing.home, world)}.${quote(thing.name)}`;
}

export const PUBLIC = 0;
export const schemaName = (uid: number, world: World): string =>
  uid === PUBLIC ? "public" : quote(thingAt(world, uid).name);

/** Names that a printer gets wrong: quotes, blanks, reserved words, long ones. */
export const NAMES = [
  "a",
  "b",
  "item",
  "order",
  "select",
  "Upper",
  'we"ird Näme',
  "it's",
  "🐘",
  "x.y",
  "$1",
  "table",
  "user",
  "a b",
  "%s",
  "back\\slash",
  "/* no */",
  "-- no",
  "two\nlines",
  "n".repeat(40),
  "_",
  "1st",
  "(x)",
  "Zeit",
] as const;

export function handOf(seed: number, nextUid: number): Hand & { readonly next: () => number } {
  let state = (seed ^ 0x5bd1e995) >>> 0;
  let uid = nextUid;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let i = 0; i < 3; i++) below(2);
  return {
    below,
    chance: (outOf) => below(outOf) === 0,
    pick: (list) => list[below(list.length)],
    some: (list, most) => {
      const wanted = Math.min(list.length, 1 + below(most));
      const left = [...list];
      return Array.from({ length: wanted }, () => left.splice(below(left.length), 1)).flat();
    },
    uid: () => uid++,
    next: () => uid,
  };
}
