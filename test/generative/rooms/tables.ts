import { type Hand, NAMES, ofKind, pathOf, quote, room, type Thing, thingAt, type World } from "../world.ts";
import { type Column, columnNeeds, columnText, isTypeThere, makeColumn, varyColumn } from "./columns.ts";
import { inSchema } from "./types.ts";

export interface Table {
  /** Its own; the first is its key, a number that every row has another of. */
  readonly columns: readonly Column[];
  readonly isUnlogged: boolean;
  readonly fillfactor: number | null;
  readonly security: "off" | "on" | "forced";
  readonly replicaIdentity: "default" | "full" | "nothing";
  /** The table that it inherits from. */
  readonly parent: number | null;
  readonly partitionBy: "range" | "list" | "hash" | null;
  /** It comes with this evolution, and has no rows before. */
  readonly isFresh: boolean;
}

export interface Partition {
  readonly of: number;
  /** Which hundred of keys, or all others. The first hundred has all rows. */
  readonly part: number | "default";
}

interface ForeignTable {
  readonly server: number;
  readonly columns: readonly Column[];
  readonly options: readonly string[];
}

const hasTable = (thing: Thing): thing is Thing<Table> => thing.kind === "table";

/** All columns of a table, view or whatever else can be read, those that it inherits first. */
export function columnsOf(thing: Thing, world: World): readonly Column[] {
  if (hasTable(thing)) {
    const { parent, columns } = thing.attributes;
    return parent === null ? columns : [...columnsOf(thingAt(world, parent), world), ...columns];
  }
  if ("source" in thing.attributes) return given(thing.attributes as Shows, world);
  if (thing.kind === "partition") return columnsOf(thingAt(world, (thing.attributes as Partition).of), world);
  return (thing.attributes as { readonly columns: readonly Column[] }).columns;
}

/** What a view has of the relation that it reads, under the same names. */
export interface Shows {
  readonly source: number;
  readonly shows: readonly number[];
  readonly form: string;
}

/** A view that groups makes texts of all it shows. */
const given = (view: Shows, world: World): readonly Column[] =>
  view.form === "group"
    ? shown(view, world).map((column) => ({ ...column, family: "word", type: "text" }))
    : shown(view, world);

/** Its columns, as its source is now. */
export function shown({ source, shows }: Shows, world: World): readonly Column[] {
  const all = columnsOf(thingAt(world, source), world);
  const found = all.filter(({ uid }) => shows.includes(uid));
  return found.length > 0 ? found : all.slice(0, 1);
}

export const keyOf = (table: Thing<Table>, world: World): Column =>
  columnsOf(table, world)[0] ?? table.attributes.columns[0] ?? noKey(table);
function noKey({ uid }: Thing): never {
  throw new Error(`table ${uid} has no key`);
}

export const tablesOf = (world: World): readonly Thing<Table>[] => ofKind<Table>(world, "table");

/** Tables that stand alone: neither partitioned, nor part of an inheritance tree. */
export const plainTables = (world: World): readonly Thing<Table>[] =>
  tablesOf(world).filter(
    ({ uid, attributes: { parent, partitionBy } }) => parent === null && partitionBy === null && !hasHeirs(uid, world),
  );

const hasHeirs = (uid: number, world: World): boolean =>
  tablesOf(world).some(({ attributes }) => attributes.parent === uid);

function takenNames(table: Thing<Table>, world: World): ReadonlySet<string> {
  const heirs = tablesOf(world).filter(({ attributes }) => attributes.parent === table.uid);
  const below = heirs.flatMap((heir) => [...takenNames(heir, world)]);
  return new Set([...columnsOf(table, world).map(({ name }) => name), ...below]);
}

function freeColumnName(taken: ReadonlySet<string>, hand: Hand): string {
  const first = hand.pick(NAMES) ?? "c";
  for (let n = 0; ; n++) {
    const name = n === 0 ? first : `${first}${n}`;
    if (!taken.has(name)) return name;
  }
}

export const tables = room<Table>({
  kind: "table",
  weight: 14,
  isInSchema: true,
  make: (hand, world) => {
    const parent = hand.chance(7)
      ? hand.pick(tablesOf(world).filter(({ attributes }) => attributes.partitionBy === null))
      : undefined;
    const inherited = parent === undefined ? [] : columnsOf(parent, world);
    const columns: Column[] = [];
    const taken = new Set(inherited.map(({ name }) => name));
    if (parent === undefined) {
      const key: Column = {
        uid: hand.uid(),
        name: hand.pick(["id", "ID", "key", "no."]) ?? "id",
        family: "number",
        type: hand.pick(["integer", "bigint"]) ?? "integer",
        isNotNull: hand.chance(2),
        fallback: null,
        collation: null,
        identity: null,
        generatedFrom: null,
        storage: null,
        statistics: null,
        isFresh: false,
      };
      columns.push(key);
      taken.add(key.name);
    }
    for (let n = hand.below(5); n >= 0; n--) {
      const column = makeColumn(hand, world, freeColumnName(taken, hand), [...inherited, ...columns], false);
      if (column === null) continue;
      columns.push(column);
      taken.add(column.name);
    }
    const partitionBy =
      parent === undefined && hand.chance(6) ? (hand.pick(["range", "list", "hash"] as const) ?? null) : null;
    return {
      columns: partitionBy === null ? columns : columns.filter(({ identity }) => identity === null),
      isUnlogged: partitionBy === null && parent === undefined && hand.chance(8),
      fillfactor: partitionBy === null && hand.chance(8) ? 70 : null,
      security: hand.pick(["off", "off", "off", "on", "forced"] as const) ?? "off",
      replicaIdentity: "default",
      parent: parent?.uid ?? null,
      partitionBy,
      isFresh: true,
    };
  },
  vary: (thing, hand, world) => {
    const table = thing.attributes;
    const { columns } = table;
    switch (hand.below(9)) {
      case 0:
        return { ...table, security: hand.pick(["off", "on", "forced"] as const) ?? "off" };
      case 1:
        return { ...table, replicaIdentity: hand.pick(["default", "full", "nothing"] as const) ?? "default" };
      case 2:
        return table.partitionBy === null ? { ...table, fillfactor: hand.pick([null, 60, 90]) ?? null } : table;
      case 3:
      case 4: {
        const column = makeColumn(
          hand,
          world,
          freeColumnName(takenNames(thing, world), hand),
          columnsOf(thing, world),
          true,
        );
        const isFit = column !== null && (table.partitionBy === null || column.identity === null);
        return isFit ? { ...table, columns: [...columns, column] } : table;
      }
      case 5: {
        const gone = hand.pick(columns.slice(table.parent === null ? 1 : 0));
        return gone === undefined ? table : withoutColumn(table, gone.uid);
      }
      case 6: {
        const at = hand.below(columns.length);
        const name = freeColumnName(takenNames(thing, world), hand);
        return { ...table, columns: columns.map((column, i) => (i === at ? { ...column, name } : column)) };
      }
      default: {
        const at = hand.below(columns.length);
        const isKey = table.parent === null && at === 0;
        const alter = (column: Column): Column => {
          const next = varyColumn(column, hand, world);
          const isKeyFit =
            next.identity === null &&
            next.type !== "text" &&
            next.type !== "varchar(20)" &&
            typeof next.type === "string";
          if (isKey && (!isKeyFit || table.partitionBy !== null)) return column;
          return table.partitionBy !== null && next.identity !== null ? column : next;
        };
        const next = { ...table, columns: columns.map((column, i) => (i === at ? alter(column) : column)) };
        return { ...next, columns: next.columns.map((column) => regenerable(column, next.columns, world)) };
      }
    }
  },
  needs: ({ columns, parent }) => [...columns.flatMap(columnNeeds), ...(parent === null ? [] : [parent])],
  holds: ({ attributes: { parent } }, world) => parent === null || tablesOf(world).some(({ uid }) => uid === parent),
  scope: inSchema,
  isOwned: true,
  grantable: { as: "table", privileges: ["select", "insert", "update", "delete", "references", "trigger"] },
  designate: (thing, world) => `table ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const { columns, isUnlogged, fillfactor, parent, partitionBy } = thing.attributes;
    const path = pathOf(thing, world);
    const siblings = columnsOf(thing, world);
    const parts = columns.map((column) => columnText(column, siblings, world));
    const lines = [
      `create ${isUnlogged ? "unlogged " : ""}table ${path} (${parts.join(", ")})${
        parent === null ? "" : ` inherits (${pathOf(thingAt(world, parent), world)})`
      }${partitionBy === null ? "" : ` partition by ${partitionBy} (${quote(keyOf(thing, world).name)})`}${
        fillfactor === null ? "" : ` with (fillfactor = ${fillfactor})`
      }`,
    ];
    return [
      ...lines,
      ...columns.flatMap((column) => columnSettings(path, column)),
      ...tableSettings(path, thing.attributes),
    ];
  },
});

/** A generated column of which the base has become something that it cannot be generated from is an ordinary one. */
function regenerable(column: Column, siblings: readonly Column[], world: World): Column {
  const base = siblings.find(({ uid }) => uid === column.generatedFrom);
  if (base === undefined) return column;
  return isTypeThere(base.type, world) ? column : { ...column, generatedFrom: null };
}

const withoutColumn = (table: Table, gone: number): Table => ({
  ...table,
  columns: table.columns.filter(({ uid, generatedFrom }) => uid !== gone && generatedFrom !== gone),
});

function columnSettings(path: string, { name, storage, statistics }: Column): readonly string[] {
  const alter = `alter table ${path} alter column ${quote(name)} set`;
  return [
    ...(storage === null ? [] : [`${alter} storage ${storage}`]),
    ...(statistics === null ? [] : [`${alter} statistics ${statistics}`]),
  ];
}

function tableSettings(path: string, { security, replicaIdentity }: Table): readonly string[] {
  return [
    ...(security === "off" ? [] : [`alter table ${path} enable row level security`]),
    ...(security === "forced" ? [`alter table ${path} force row level security`] : []),
    ...(replicaIdentity === "default" ? [] : [`alter table ${path} replica identity ${replicaIdentity}`]),
  ];
}

export const partitions = room<Partition>({
  kind: "partition",
  weight: 5,
  isInSchema: true,
  make: (hand, world) => {
    const root = hand.pick(tablesOf(world).filter(({ attributes }) => attributes.partitionBy !== null));
    if (root === undefined) return null;
    const taken = ofKind<Partition>(world, "partition").filter(({ attributes }) => attributes.of === root.uid);
    const parts = [0, 1, 2, ...(root.attributes.partitionBy === "hash" ? [] : ["default" as const])];
    const free = parts.filter((part) => !taken.some(({ attributes }) => attributes.part === part));
    // The part that holds the rows is there from the start, or never.
    const [part] = free.includes(0) ? free : hand.some(free, 1);
    return part === undefined ? null : { of: root.uid, part };
  },
  needs: ({ of }) => [of],
  scope: inSchema,
  isOwned: true,
  grantable: { as: "table", privileges: ["select", "insert", "update"] },
  designate: (thing, world) => `table ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const { of, part } = thing.attributes;
    const root = thingAt(world, of) as Thing<Table>;
    return [
      `create table ${pathOf(thing, world)} partition of ${pathOf(root, world)} ${boundsText(part, root.attributes.partitionBy)}`,
    ];
  },
});

function boundsText(part: Partition["part"], by: Table["partitionBy"]): string {
  if (part === "default") return "default";
  switch (by) {
    case "hash":
      return `for values with (modulus 3, remainder ${part})`;
    case "list":
      return `for values in (${[1, 2, 3].map((n) => part * 100 + n).join(", ")})`;
    default:
      return `for values from (${part * 100}) to (${part * 100 + 100})`;
  }
}

export const foreignTables = room<ForeignTable>({
  kind: "foreign table",
  weight: 4,
  isInSchema: true,
  make: (hand, world) => {
    const server = hand.pick(ofKind(world, "server"));
    const columns = ["a", "order", "it's"].flatMap((name) => makeColumn(hand, world, name, [], false) ?? []);
    return server === undefined
      ? null
      : { server: server.uid, columns: columns.filter(({ identity }) => identity === null), options: [] };
  },
  vary: ({ attributes }, hand) => ({ ...attributes, options: hand.some(["table_name 'x'", "a 'it''s'", "b '1'"], 2) }),
  needs: ({ server, columns }) => [server, ...columns.flatMap(columnNeeds)],
  scope: inSchema,
  isOwned: true,
  grantable: { as: "table", privileges: ["select", "insert"] },
  designate: (thing, world) => `foreign table ${pathOf(thing, world)}`,
  print: (thing, world) => {
    const { server, columns, options } = thing.attributes;
    const parts = columns.map((column) => columnText({ ...column, storage: null }, columns, world));
    const text = options.length === 0 ? "" : ` options (${options.join(", ")})`;
    return [
      `create foreign table ${pathOf(thing, world)} (${parts.join(", ")}) server ${quote(thingAt(world, server).name)}${text}`,
    ];
  },
});
