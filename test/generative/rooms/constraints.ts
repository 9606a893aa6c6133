import { type Hand, ofKind, pathOf, quote, room, type Thing, thingAt, type World } from "../world.ts";
import { baseOf, type Column, conditionOn, isDistinct, isNumber, isText } from "./columns.ts";
import { columnsOf, keyOf, plainTables, type Table, tablesOf } from "./tables.ts";

/** A primary key or a unique constraint. */
interface Key {
  readonly table: number;
  readonly columns: readonly number[];
  readonly isPrimary: boolean;
  readonly timing: "" | " deferrable" | " deferrable initially deferred";
}
interface Check {
  readonly table: number;
  readonly column: number;
  readonly form: number;
  readonly isValid: boolean;
}
interface ForeignKey {
  readonly table: number;
  readonly column: number;
  readonly target: number;
  readonly key: number;
  readonly rules: string;
}
interface Exclusion {
  readonly table: number;
  readonly column: number;
  readonly where: boolean;
}

/** Constraints are inherited, so that a tree of tables shares their names. */
const ofTree = (table: number, world: World): string => `constraint ${rootOf(table, world)}`;

/** Those that make an index share their names with the relations of the schema as well. */
const asRelation = (world: World, table: number): string => `${thingAt(world, table).home}`;

export const columnOf = (world: World, table: number, uid: number): Column | undefined =>
  columnsOf(thingAt(world, table), world).find((column) => column.uid === uid);

const tableText = (world: World, uid: number): string => pathOf(thingAt(world, uid), world);
const columnText = (world: World, table: number, uid: number): string => quote(columnOf(world, table, uid)?.name ?? "");
const named = (thing: Thing, world: World, table: number): string =>
  `alter table ${tableText(world, table)} add constraint ${quote(thing.name)}`;
const designate = (thing: Thing, world: World, table: number): string =>
  `constraint ${quote(thing.name)} on ${tableText(world, table)}`;

export const keys = room<Key>({
  kind: "key",
  weight: 10,
  make: (hand, world) => {
    const table = hand.pick(tablesOf(world));
    if (table === undefined) return null;
    const key = keyOf(table, world);
    // Two keys on the same columns of a partitioned table share their partitions' indexes in no order that anybody can say.
    const isTaken = ofKind<Key>(world, "key").some(({ attributes }) => attributes.table === table.uid);
    if (table.attributes.partitionBy !== null && isTaken) return null;
    const hasPrimary = ofKind<Key>(world, "key").some(
      ({ attributes }) => attributes.table === table.uid && attributes.isPrimary,
    );
    const isFit = (column: Column): boolean => isDistinct(column) && !column.isFresh && column !== key;
    const others = table.attributes.partitionBy !== null || hand.chance(2) ? [key] : [];
    const rest = hand.chance(2) || others.length === 0 ? hand.some(columnsOf(table, world).filter(isFit), 1) : [];
    const columns = [...others, ...rest].map(({ uid }) => uid);
    if (columns.length === 0) return null;
    const timing = hand.pick(["", "", "", " deferrable", " deferrable initially deferred"] as const) ?? "";
    return { table: table.uid, columns, isPrimary: !hasPrimary && hand.chance(2), timing };
  },
  vary: ({ attributes }, hand) => ({
    ...attributes,
    timing: attributes.timing === "" && hand.chance(2) ? " deferrable" : "",
  }),
  needs: ({ table, columns }) => [table, ...columns],
  holds: ({ attributes: { table, columns } }, world) =>
    columns.every((uid) => {
      const column = columnOf(world, table, uid);
      return column !== undefined && isDistinct(column);
    }),
  scope: ({ attributes: { table } }, world) => [ofTree(table, world), asRelation(world, table)],
  designate: (thing, world) => designate(thing, world, thing.attributes.table),
  print: (thing, world) => {
    const { table, columns, isPrimary, timing } = thing.attributes;
    const list = columns.map((uid) => columnText(world, table, uid)).join(", ");
    return [`${named(thing, world, table)} ${isPrimary ? "primary key" : "unique"} (${list})${timing}`];
  },
});

export const checks = room<Check>({
  kind: "check",
  weight: 6,
  make: (hand, world) => {
    const table = hand.pick(tablesOf(world));
    const column = table === undefined ? undefined : hand.pick(columnsOf(table, world));
    if (table === undefined || column === undefined) return null;
    return { table: table.uid, column: column.uid, form: hand.below(4), isValid: !hand.chance(6) };
  },
  vary: ({ attributes }, hand) =>
    hand.chance(3) ? { ...attributes, isValid: !attributes.isValid } : { ...attributes, form: hand.below(4) },
  needs: ({ table, column }) => [table, column],
  holds: ({ attributes: { table, column } }, world) => columnOf(world, table, column) !== undefined,
  scope: ({ attributes: { table } }, world) => ofTree(table, world),
  designate: (thing, world) => designate(thing, world, thing.attributes.table),
  print: (thing, world) => {
    const { table, column, form } = thing.attributes;
    // A child that comes later takes the constraint for valid.
    const isValid = thing.attributes.isValid || !plainTables(world).some(({ uid }) => uid === table);
    const on = columnOf(world, table, column);
    if (on === undefined) return [];
    return [`${named(thing, world, table)} check (${conditionOn(on, form, world)})${isValid ? "" : " not valid"}`];
  },
});

function rootOf(table: number, world: World): number {
  const { parent } = (thingAt(world, table) as Thing<Table>).attributes;
  return parent === null ? table : rootOf(parent, world);
}

const RULES = [
  "",
  " on delete cascade",
  " on delete set null on update cascade",
  " on delete restrict deferrable",
  " match full deferrable initially deferred",
];

export const foreignKeys = room<ForeignKey>({
  kind: "foreign key",
  weight: 14,
  make: (hand, world) => {
    const isNumbered = ({ attributes: { table, columns } }: Thing<Key>): boolean =>
      columnOf(world, table, columns[0] ?? 0)?.family === "number";
    const key = hand.pick(ofKind<Key>(world, "key").filter((one) => isTarget(one) && isNumbered(one)));
    if (key === undefined) return null;
    const target = thingAt(world, key.attributes.table) as Thing<Table>;
    // Rows that are there already have to find theirs.
    const isFit = ({ attributes }: Thing<Table>): boolean => attributes.isFresh || !target.attributes.isFresh;
    if (target.attributes.partitionBy !== null) return null;
    const places = tablesOf(world)
      .filter(isFit)
      .flatMap((table) => columnsOf(table, world).map((column) => ({ table, column })))
      .filter(({ column }) => !column.isFresh && column.generatedFrom === null && column.family === "number");
    const { table, column } = hand.pick(places) ?? {};
    if (table === undefined || column === undefined) return null;
    const rules = hand.pick(RULES) ?? "";
    return { table: table.uid, column: column.uid, target: key.attributes.table, key: key.uid, rules };
  },
  vary: ({ attributes }, hand) => ({ ...attributes, rules: hand.pick(RULES) ?? "" }),
  needs: ({ table, column, target, key }) => [table, column, target, key],
  holds: ({ attributes: { table, column, target, key } }, world) => {
    const from = columnOf(world, table, column);
    const referenced = ofKind<Key>(world, "key").find(({ uid }) => uid === key);
    const to = columnOf(world, target, referenced?.attributes.columns[0] ?? 0);
    if (from === undefined || to === undefined || referenced === undefined) return false;
    const types = [from, to].map(({ type }) => baseOf(type, world));
    return (
      isTarget(referenced) &&
      from.generatedFrom === null &&
      (types.every((type) => /^(integer|bigint|smallint)$/.test(type)) || types.every(isText)) &&
      isUnlogged(table, world) === isUnlogged(target, world) &&
      to.family === "number"
    );
  },
  scope: ({ attributes: { table } }, world) => ofTree(table, world),
  designate: (thing, world) => designate(thing, world, thing.attributes.table),
  print: (thing, world) => {
    const { table, column, target, key, rules } = thing.attributes;
    const [referenced = 0] = (thingAt(world, key) as Thing<Key>).attributes.columns;
    const to = `${tableText(world, target)} (${columnText(world, target, referenced)})`;
    return [`${named(thing, world, table)} foreign key (${columnText(world, table, column)}) references ${to}${rules}`];
  },
});

const isUnlogged = (table: number, world: World): boolean =>
  (thingAt(world, table) as Thing<Table>).attributes.isUnlogged;

const isTarget = ({ attributes: { columns, timing } }: Thing<Key>): boolean => columns.length === 1 && timing === "";

export const exclusions = room<Exclusion>({
  kind: "exclusion",
  weight: 3,
  make: (hand, world) => {
    const isFit = ({ type }: Column): boolean => type === "int4range";
    const tables = tablesOf(world).filter(
      (one) => one.attributes.partitionBy === null && columnsOf(one, world).some(isFit),
    );
    const table = hand.pick(tables);
    const column = table === undefined ? undefined : hand.pick(columnsOf(table, world).filter(isFit));
    return table === undefined || column === undefined
      ? null
      : { table: table.uid, column: column.uid, where: hand.chance(2) };
  },
  vary: ({ attributes }) => ({ ...attributes, where: !attributes.where }),
  needs: ({ table, column }) => [table, column],
  holds: ({ attributes: { table, column } }, world) => columnOf(world, table, column)?.type === "int4range",
  scope: ({ attributes: { table } }, world) => [ofTree(table, world), asRelation(world, table)],
  designate: (thing, world) => designate(thing, world, thing.attributes.table),
  print: (thing, world) => {
    const { table, column, where } = thing.attributes;
    const on = columnText(world, table, column);
    return [
      `${named(thing, world, table)} exclude using gist (${on} with &&)${where ? ` where (not isempty(${on}))` : ""}`,
    ];
  },
});

interface Index {
  readonly on: number;
  readonly columns: readonly number[];
  readonly form: string;
  readonly isUnique: boolean;
  readonly where: boolean;
}

const FORMS = ["btree", "btree", "desc", "hash", "brin", "include", "expression", "options"];

export const indexes = room<Index>({
  kind: "index",
  weight: 9,
  make: (hand, world) => drawIndex(hand, world, hand.pick([...tablesOf(world), ...ofKind(world, "materialized view")])),
  vary: ({ attributes }, hand, world) => drawIndex(hand, world, thingAt(world, attributes.on)) ?? attributes,
  needs: ({ on, columns }) => [on, ...columns],
  holds: ({ attributes: { on, columns, isUnique } }, world) => {
    const found = columns.flatMap((uid) => columnsOf(thingAt(world, on), world).filter((column) => column.uid === uid));
    return (
      found.length === columns.length &&
      found.every((column) => isIndexable(column, world) && (!isUnique || isDistinct(column)))
    );
  },
  scope: ({ attributes: { on } }, world) => asRelation(world, on),
  designate: (thing, world) =>
    `index ${pathOf({ name: thing.name, home: thingAt(world, thing.attributes.on).home }, world)}`,
  print: (thing, world) => {
    const { on, columns, form, isUnique, where } = thing.attributes;
    const host = thingAt(world, on);
    const found = columnsOf(host, world).filter(({ uid }) => columns.includes(uid));
    const [first, ...rest] = found.map(({ name }) => quote(name));
    const using = form === "hash" || form === "brin" ? form : "btree";
    const list = {
      desc: [`${first} desc nulls last`, ...rest],
      expression: [`((${first})::text || 'x') collate "C"`, ...rest],
      include: [first],
      hash: [first],
    }[form] ?? [first, ...rest];
    const condition = where && found[0] !== undefined ? ` where ${conditionOn(found[0], 0, world)}` : "";
    return [
      `create ${isUnique && using === "btree" ? "unique " : ""}index ${quote(thing.name)} on ${pathOf(host, world)} using ${using} (${list.join(", ")})${
        form === "include" && rest.length > 0 ? ` include (${rest.join(", ")})` : ""
      }${form === "options" ? " with (fillfactor = 50)" : ""}${condition}`,
    ];
  },
});

function drawIndex(hand: Hand, world: World, host: Thing | undefined): Index | null {
  if (host === undefined) return null;
  const form = hand.pick(FORMS) ?? "btree";
  const all = columnsOf(host, world).filter((column) => isIndexable(column, world));
  const fit =
    form === "expression"
      ? all.filter(({ type }) => isText(baseOf(type, world)) || isNumber(baseOf(type, world)))
      : all;
  const columns = hand.some(
    fit.filter(({ type }) => form !== "brin" || type !== "boolean"),
    2,
  );
  if (columns.length === 0) return null;
  const isRoot = (host.attributes as Partial<Table>).partitionBy != null;
  const isUnique =
    host.kind === "table" &&
    !isRoot &&
    form !== "expression" &&
    columns.every((column) => isDistinct(column) && !column.isFresh) &&
    hand.chance(3);
  return { on: host.uid, columns: columns.map(({ uid }) => uid), form, isUnique, where: hand.chance(3) };
}

const isIndexable = ({ type }: Column, world: World): boolean => {
  const base = baseOf(type, world);
  return isNumber(base) || isText(base) || ["date", "timestamp", "boolean", "uuid", "inet", "integer[]"].includes(base);
};
