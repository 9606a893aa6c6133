import type { Room } from "../world.ts";
import {
  type Hand,
  ofKind,
  PUBLIC,
  pathOf,
  quote,
  room,
  schemaName,
  type Thing,
  text,
  thingAt,
  type World,
} from "../world.ts";
import type { Column } from "./columns.ts";
import { columnsOf, type Table } from "./tables.ts";

interface Role {
  readonly options: readonly string[];
}
interface Owner {
  readonly on: number;
  readonly role: number;
}
interface Grant {
  readonly on: number;
  readonly role: number | null;
  readonly privileges: readonly string[];
  readonly column: number | null;
  readonly isPassedOn: boolean;
}
interface Comment {
  readonly on: number;
  readonly column: number | null;
  readonly said: string;
}
interface DefaultPrivilege {
  readonly inSchema: number | null;
  readonly role: number | null;
  readonly what: string;
}

const ROLE_OPTIONS = ["login", "createdb", "connection limit 3", "noinherit", "replication"];

export const roles = room<Role>({
  kind: "role",
  weight: 4,
  make: (hand) => ({ options: hand.chance(2) ? [] : hand.some(ROLE_OPTIONS, 2) }),
  vary: (_, hand) => ({ options: hand.some(ROLE_OPTIONS, 3) }),
  needs: () => [],
  scope: () => "role",
  designate: (thing) => `role ${quote(thing.name)}`,
  print: (thing) => [`create role ${quote(thing.name)} ${thing.attributes.options.join(" ")}`],
});

/** Asked late, since the list of rooms holds this one too. */
export function accessRooms(roomOf: (thing: Thing) => Room<object>): readonly Room<object>[] {
  const designate = (uid: number, world: World): string | null => {
    const thing = thingAt(world, uid);
    return roomOf(thing).designate?.(thing, world) ?? null;
  };
  const grantable = (world: World): readonly Thing[] =>
    world.things.filter((thing) => roomOf(thing).grantable !== undefined);

  function drawGrant(hand: Hand, world: World, on: Thing): Grant {
    const role = hand.pick([null, ...ofKind(world, "role").map(({ uid }) => uid)]) ?? null;
    const column = on.kind === "table" && hand.chance(3) ? hand.pick(columnsOf(on, world)) : undefined;
    const all = roomOf(on).grantable?.privileges ?? [];
    const privileges = column === undefined ? hand.some(all, 3) : hand.some(["select", "update"], 2);
    return { on: on.uid, role, privileges, column: column?.uid ?? null, isPassedOn: role !== null && hand.chance(4) };
  }

  const owners = room<Owner>({
    kind: "owner",
    weight: 5,
    isNameless: true,
    phase: 2,
    make: (hand, world) => {
      const on = hand.pick(world.things.filter((thing) => roomOf(thing).isOwned));
      const role = hand.pick(ofKind(world, "role"));
      return on === undefined || role === undefined ? null : { on: on.uid, role: role.uid };
    },
    vary: ({ attributes }, hand, world) => ({
      ...attributes,
      role: hand.pick(ofKind(world, "role"))?.uid ?? attributes.role,
    }),
    needs: ({ on, role }) => [on, role],
    scope: ({ attributes: { on } }) => `owner ${on}`,
    print: ({ attributes: { on, role } }, world) => [
      `alter ${designate(on, world)} owner to ${quote(thingAt(world, role).name)}`,
    ],
  });

  const grants = room<Grant>({
    kind: "grant",
    weight: 7,
    isNameless: true,
    phase: 3,
    make: (hand, world) => {
      const on = hand.pick(grantable(world));
      return on === undefined ? null : drawGrant(hand, world, on);
    },
    vary: ({ attributes }, hand, world) => ({
      ...drawGrant(hand, world, thingAt(world, attributes.on)),
      role: attributes.role,
      column: attributes.column,
      privileges:
        attributes.column === null
          ? hand.some(roomOf(thingAt(world, attributes.on)).grantable?.privileges ?? [], 2)
          : ["update"],
      isPassedOn: false,
    }),
    needs: ({ on, role, column }) => [on, ...(role === null ? [] : [role]), ...(column === null ? [] : [column])],
    scope: ({ attributes: { on, role, column } }) => `grant ${on} ${role} ${column}`,
    print: ({ attributes: { on, role, privileges, column, isPassedOn } }, world) => {
      const thing = thingAt(world, on);
      const of = columnNamed(thing, column, world);
      const list = privileges.map((one) => (of === undefined ? one : `${one} (${quote(of.name)})`)).join(", ");
      const as = roomOf(thing).grantable?.as ?? "table";
      const path = as === "function" ? `${pathOf(thing, world)}(integer)` : pathOf(thing, world);
      const to = role === null ? "public" : quote(thingAt(world, role).name);
      return [`grant ${list} on ${as} ${path} to ${to}${isPassedOn ? " with grant option" : ""}`];
    },
  });

  const SAID = ["it's a comment", "", "two\nlines", "🐘 \\ $$ /* */"];
  const comments = room<Comment>({
    kind: "comment",
    weight: 8,
    isNameless: true,
    phase: 2,
    make: (hand, world) => {
      const on = hand.pick(world.things.filter((thing) => designate(thing.uid, world) !== null));
      if (on === undefined) return null;
      const column =
        on.kind === "table" && hand.chance(2) ? hand.pick((on as Thing<Table>).attributes.columns) : undefined;
      return { on: on.uid, column: column?.uid ?? null, said: hand.pick(SAID.filter((one) => one !== "")) ?? "said" };
    },
    vary: ({ attributes }, hand) => ({ ...attributes, said: hand.pick(SAID.filter((one) => one !== "")) ?? "said" }),
    needs: ({ on, column }) => [on, ...(column === null ? [] : [column])],
    scope: ({ attributes: { on, column } }) => `comment ${on} ${column}`,
    print: ({ attributes: { on, column, said } }, world) => {
      const thing = thingAt(world, on);
      const of = columnNamed(thing, column, world);
      const what = of === undefined ? designate(on, world) : `column ${pathOf(thing, world)}.${quote(of.name)}`;
      return [`comment on ${what} is ${text(said)}`];
    },
  });

  const columnNamed = (thing: Thing, uid: number | null, world: World): Column | undefined =>
    uid === null ? undefined : columnsOf(thing, world).find((column) => column.uid === uid);

  const WHAT = ["select on tables", "all on sequences", "execute on functions", "usage on types"];
  const defaults = room<DefaultPrivilege>({
    kind: "default privilege",
    weight: 2,
    isNameless: true,
    phase: 4,
    make: (hand, world) => ({
      inSchema: hand.pick([null, PUBLIC, ...ofKind(world, "schema").map(({ uid }) => uid)]) ?? null,
      role: hand.pick([null, ...ofKind(world, "role").map(({ uid }) => uid)]) ?? null,
      what: hand.pick(WHAT) ?? "select on tables",
    }),
    // A range type brings functions of its own, on which nobody grants anything.
    holds: ({ attributes: { what } }, world) => what !== "execute on functions" || ofKind(world, "range").length === 0,
    needs: ({ inSchema, role }) => [inSchema, role].filter((uid) => uid !== null),
    scope: ({ attributes: { inSchema, role, what } }) => `default ${inSchema} ${role} ${what}`,
    print: ({ attributes: { inSchema, role, what } }, world) => {
      const where = inSchema === null ? "" : ` in schema ${schemaName(inSchema, world)}`;
      return [
        `alter default privileges${where} grant ${what} to ${role === null ? "public" : quote(thingAt(world, role).name)}`,
      ];
    },
  });
  return [owners, grants, comments, defaults];
}
