import { type Hand, ofKind, pathOf, quote, room, type Thing, thingAt, type World } from "../world.ts";
import { conditionOn } from "./columns.ts";
import { columnsOf, keyOf, type Table, tablesOf } from "./tables.ts";

interface Policy {
  readonly table: number;
  readonly column: number;
  readonly form: number;
  readonly command: string;
  readonly role: number | null;
  readonly isRestrictive: boolean;
}

function drawPolicy(hand: Hand, world: World, table: Thing<Table>): Policy {
  return {
    table: table.uid,
    column: hand.pick(columnsOf(table, world))?.uid ?? keyOf(table, world).uid,
    form: hand.below(4),
    command: hand.pick(["all", "select", "update", "delete"]) ?? "all",
    role: hand.pick([null, ...ofKind(world, "role").map(({ uid }) => uid)]) ?? null,
    isRestrictive: hand.chance(4),
  };
}

const onTable = ({ attributes: { table } }: Thing<{ readonly table: number }>, world: World): string =>
  pathOf(thingAt(world, table), world);

export const policies = room<Policy>({
  kind: "policy",
  weight: 5,
  make: (hand, world) => {
    const table = hand.pick(tablesOf(world));
    return table === undefined ? null : drawPolicy(hand, world, table);
  },
  vary: ({ attributes }, hand, world) => drawPolicy(hand, world, thingAt(world, attributes.table) as Thing<Table>),
  needs: ({ table, column, role }) => [table, column, ...(role === null ? [] : [role])],
  holds: ({ attributes: { table, column } }, world) =>
    columnsOf(thingAt(world, table), world).some(({ uid }) => uid === column),
  scope: ({ attributes: { table } }) => `policy ${table}`,
  designate: (thing, world) => `policy ${quote(thing.name)} on ${onTable(thing, world)}`,
  print: (thing, world) => {
    const { table, column, form, command, role, isRestrictive } = thing.attributes;
    const on = columnsOf(thingAt(world, table), world).find(({ uid }) => uid === column);
    if (on === undefined) return [];
    const condition = conditionOn(on, form, world);
    const to = role === null ? "public" : quote(thingAt(world, role).name);
    const check = command === "select" || command === "delete" || form === 0 ? "" : ` with check (${condition})`;
    return [
      `create policy ${quote(thing.name)} on ${onTable(thing, world)} as ${isRestrictive ? "restrictive" : "permissive"} for ${command} to ${to} using (${condition})${check}`,
    ];
  },
});

interface Rule {
  readonly table: number;
  readonly event: string;
  readonly column: number | null;
}

export const rules = room<Rule>({
  kind: "rule",
  weight: 3,
  make: (hand, world) => {
    const table = hand.pick(tablesOf(world));
    return table === undefined ? null : drawRule(hand, world, table);
  },
  vary: ({ attributes }, hand, world) => drawRule(hand, world, thingAt(world, attributes.table) as Thing<Table>),
  needs: ({ table, column }) => [table, ...(column === null ? [] : [column])],
  scope: ({ attributes: { table } }) => `rule ${table}`,
  designate: (thing, world) => `rule ${quote(thing.name)} on ${onTable(thing, world)}`,
  print: (thing, world) => {
    const { table, event, column } = thing.attributes;
    const on = columnsOf(thingAt(world, table), world).find(({ uid }) => uid === column);
    const where = on === undefined || event === "insert" ? "" : ` where old.${quote(on.name)} is null`;
    return [
      `create rule ${quote(thing.name)} as on ${event} to ${onTable(thing, world)}${where} do also ${where === "" ? 'notify "x"' : "nothing"}`,
    ];
  },
});

const drawRule = (hand: Hand, world: World, table: Thing<Table>): Rule => ({
  table: table.uid,
  event: hand.pick(["insert", "update", "delete"]) ?? "insert",
  column: hand.chance(2) ? (hand.pick(columnsOf(table, world))?.uid ?? null) : null,
});

interface Statistics {
  readonly table: number;
  readonly columns: readonly number[];
  readonly kinds: string;
  readonly target: number | null;
}

export const statistics = room<Statistics>({
  kind: "statistics",
  weight: 3,
  isInSchema: true,
  make: (hand, world) => {
    const table = hand.pick(tablesOf(world));
    const columns =
      table === undefined
        ? []
        : columnsOf(table, world).filter(({ type }) => type === "integer" || type === "text" || type === "bigint");
    if (table === undefined || columns.length < 2) return null;
    return { table: table.uid, columns: columns.slice(0, 3).map(({ uid }) => uid), kinds: "", target: null };
  },
  vary: ({ attributes }, hand) => ({
    ...attributes,
    kinds: hand.pick(["", " (dependencies)", " (ndistinct, mcv)"]) ?? "",
    target: hand.pick([null, 0, 300]) ?? null,
  }),
  needs: ({ table, columns }) => [table, ...columns],
  scope: ({ home }) => `statistics ${home}`,
  isOwned: true,
  designate: (thing, world) => `statistics ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const { table, columns, kinds, target } = thing.attributes;
    const list = columnsOf(thingAt(world, table), world)
      .filter(({ uid }) => columns.includes(uid))
      .map(({ name }) => quote(name));
    const path = pathOf(thing, world);
    return [
      `create statistics ${path}${kinds} on ${list.join(", ")} from ${onTable(thing, world)}`,
      ...(target === null ? [] : [`alter statistics ${path} set statistics ${target}`]),
    ];
  },
});

interface Publication {
  readonly tables: readonly number[];
  readonly actions: string;
}

export const publications = room<Publication>({
  kind: "publication",
  weight: 3,
  make: (hand, world) => ({ tables: publishable(hand, world), actions: PUBLISHES[0] }),
  vary: ({ attributes }, hand, world) => ({
    tables: hand.chance(2) ? publishable(hand, world) : attributes.tables,
    actions: hand.pick(PUBLISHES) ?? "",
  }),
  needs: () => [],
  scope: () => "publication",
  isOwned: true,
  phase: 1,
  designate: (thing) => `publication ${quote(thing.name)}`,
  print: (thing, world) => {
    const { tables, actions } = thing.attributes;
    const list = tablesOf(world).filter(({ uid, attributes }) => tables.includes(uid) && !attributes.isUnlogged);
    const of = list.length === 0 ? "" : ` for table ${list.map((table) => pathOf(table, world)).join(", ")}`;
    return [`create publication ${quote(thing.name)}${of}${actions}`];
  },
});

// Updates would ask every table for a replica identity.
const PUBLISHES = [
  " with (publish = 'insert')",
  " with (publish = 'insert, truncate')",
  " with (publish = 'insert', publish_via_partition_root)",
] as const;

const publishable = (hand: Hand, world: World): readonly number[] =>
  hand
    .some(
      tablesOf(world).filter(({ attributes: { parent } }) => parent === null),
      3,
    )
    .map(({ uid }) => uid);
