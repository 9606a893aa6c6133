import type { Fact, FactId, FactIndex, Hint } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import { type Column, columnId } from "./columns.ts";
import type { Constraint } from "./constraints.ts";
import { factId, ofKind } from "./kind.ts";
import { demandOf, keptRows } from "./setAside.ts";

/*
 * A migration meets rows that are there already. What it asks of them is looked for before it starts, in the rows as they
 * will be by then: under their new names, converted, filled, and without those that an earlier constraint sets aside.
 */

/** What a migration asks of rows that are there already, as a query that the database in question answers before it starts. */
export interface Obstacle {
  readonly id: FactId;
  /** To be read after a number: `rows of public.projects whose user_id is in no row of public.profiles`. */
  readonly what: string;
  /** Whether such rows stop the migration or are moved out of its way. */
  readonly fate: "refused" | "set aside";
  /** The rows themselves, their keys first. Runs on the database as it is before the migration. */
  readonly query: string;
}

/** A migration's two ends, and what it makes and alters in order. */
export interface Way {
  readonly current: FactIndex;
  readonly desired: FactIndex;
  readonly hints: ReadonlyMap<FactId, Hint>;
  readonly changes: readonly { readonly verb: string; readonly id: FactId }[];
}

const tableOf = (a: { readonly schema: string; readonly table: string }): string => quotePath(a.schema, a.table);

/** Rows of a table: what to SELECT FROM, with the common table expressions it needs, in order. */
interface Rows {
  readonly name: string;
  readonly isTable: boolean;
  readonly parts: ReadonlyMap<string, string>;
}

/** A column whose values change or that is new. */
interface Changed {
  readonly name: string;
  /** SQL over the row. */
  readonly value: string;
  readonly readsOthers: boolean;
}

/** Columns in the order of the statements that fill them; what may read a column that is filled before it starts a level. */
function levelsOf(changed: readonly Changed[]): readonly (readonly Changed[])[] {
  const levels: Changed[][] = [];
  for (const one of changed) {
    const last = levels.at(-1);
    if (last === undefined || one.readsOthers) levels.push([one]);
    else last.push(one);
  }
  return levels;
}

/** What a room may ask about rows as they will be; tables and columns by their names as printed in the desired state. */
export interface Looks {
  /** All rows of a table that will still be there, or null when it comes with the migration. */
  at(table: string): Rows | null;
  /** The rows that a constraint of the table meets: those that no constraint made before it has set aside. */
  before(constraint: Constraint): Rows | null;
  /** The column as it is now, or null when it comes with the migration. */
  columnBefore(column: FactId): Column | null;
  /** The fact as it is now, or null when it comes with the migration. */
  now(id: FactId): Fact | null;
  hint(id: FactId): Hint;
  /** Columns of tables that are of the type, or arrays of it, now and then. */
  columnsThatKeep(type: FactId): readonly Fact<Column>[];
  isFilled(column: FactId): boolean;
  setsAside(constraint: FactId): boolean;
  /** The rows of the first source for which the condition on `child` holds, by their keys and the columns in question. */
  select(table: string, asked: readonly string[], sources: readonly [Rows, Rows | null], condition: string): string;
}

export function lookAtRows({ current, desired, hints, changes }: Way): Looks {
  const order = new Map<FactId, number>();
  for (const { verb, id } of changes) if (verb === "create" && !order.has(id)) order.set(id, order.size);
  const columns = groupByTable<Column>(desired, "column");
  const columnsBefore = groupByTable<Column>(current, "column");
  const constraints = groupByTable<Constraint>(desired, "constraint");
  const shapes = new Map<string, Rows | null>();
  const kept = new Map<FactId, Rows>();
  const underway = new Set<string>();

  const setsAside = (id: FactId): boolean => hints.get(id)?.orphans === "set aside" && order.has(id);

  /** What the table was called, or null when it comes with the migration. */
  const tableBefore = (table: string): string | null => {
    const id = factId("table", table);
    const old = hints.get(id)?.renamedFrom;
    const found = current.get(id) ?? (old === undefined ? undefined : current.get(old));
    return found === undefined ? null : found.id.slice("table ".length);
  };

  const columnBefore = (id: FactId): Column | null => {
    const a = (desired.get(id) as Fact<Column> | undefined)?.attributes;
    const before = a === undefined ? null : tableBefore(tableOf(a));
    if (a === undefined || before === null) return null;
    const all = columnsBefore.get(before) ?? [];
    const named = all.find(({ attributes: { name } }) => name === a.name);
    const old = hints.get(id)?.renamedFrom;
    const renamed = all.find(({ attributes: { name } }) => columnId(a.schema, a.table, name) === old);
    return (named ?? renamed)?.attributes ?? null;
  };

  const byPosition = (table: string) =>
    (columns.get(table) ?? []).toSorted((a, b) => a.attributes.position - b.attributes.position);

  const hint = (id: FactId): Hint => hints.get(id) ?? {};
  const now = (id: FactId): Fact | null => current.get(id) ?? current.get(hint(id).renamedFrom ?? id) ?? null;
  const columnsThatKeep = (type: FactId): readonly Fact<Column>[] =>
    [...columns.values()].flat().filter(({ id, dependsOn, attributes: { isInherited } }) => {
      const was = columnBefore(id);
      const before = was === null ? undefined : current.get(columnId(was.schema, was.table, was.name));
      return !isInherited && dependsOn.includes(type) && before?.dependsOn.includes(now(type)?.id ?? type) === true;
    });

  const isFilled = (id: FactId): boolean => hints.get(id)?.backfill !== undefined;

  /** Rows in the shape that they will have; the table itself where that is its shape already. */
  const shapeOf = (table: string): Rows | null => {
    const known = shapes.get(table);
    if (known !== undefined) return known;
    const before = tableBefore(table);
    const found = before === null ? null : reshape(table, before);
    shapes.set(table, found);
    return found;
  };

  const reshape = (table: string, before: string): Rows => {
    const all = byPosition(table).map((column) => ({ ...column, was: columnBefore(column.id) }));
    const kept = all.flatMap(({ attributes: { name }, was }) => (was === null ? [] : [{ name, was: was.name }]));
    const changed = all
      .flatMap(({ id, attributes: a, was }) => {
        const value = valueToBe(id, a, was);
        return value === null ? [] : [{ name: a.name, isGenerated: a.generated !== null, ...value }];
      })
      .toSorted((one, other) => Number(one.isGenerated) - Number(other.isGenerated));
    if (changed.length === 0 && before === table && kept.every(({ name, was }) => name === was)) {
      return { name: table, isTable: true, parts: new Map() };
    }
    const renamed = kept.map(({ name, was }) => `${quoteName(was)}${was === name ? "" : ` AS ${quoteName(name)}`}`);
    let text = `SELECT ${["ctid", ...renamed].join(", ")} FROM ${before}`;
    const names = new Set(kept.map(({ name }) => name));
    for (const level of levelsOf(changed)) {
      const values = new Map(level.map((one) => [one.name, `${one.value} AS ${quoteName(one.name)}`]));
      for (const name of values.keys()) names.add(name);
      const items = [...names].map((name) => values.get(name) ?? quoteName(name));
      text = `SELECT ${["ctid", ...items].join(", ")}\n  FROM (${text}) AS before`;
    }
    const name = quoteName(`${shortName(table)}_to_be`);
    return { name, isTable: false, parts: new Map([[name, `  ${text}`]]) };
  };

  /** What a column will hold, in terms of the columns that come before it; null when that is what it holds now. */
  const valueToBe = (id: FactId, a: Column, was: Column | null): Omit<Changed, "name"> | null => {
    const { backfill, using } = hints.get(id) ?? {};
    const name = quoteName(a.name);
    if (was === null) {
      const given = a.generated?.expression ?? backfill;
      const value = desired.get(factId("default", quotePath(a.schema, a.table, a.name)))?.attributes.expression;
      return { value: `(${given ?? value ?? "NULL"})::${a.type}`, readsOthers: given !== undefined };
    }
    const converted = was.type === a.type ? name : (using ?? `${name}::${a.type}`);
    const isFilledNow = a.notNull && !was.notNull && backfill !== undefined;
    if (!isFilledNow && converted === name) return null;
    return {
      value: isFilledNow ? `coalesce(${converted}, (${backfill})::${a.type})` : converted,
      readsOthers: isFilledNow || (was.type !== a.type && using !== undefined),
    };
  };

  const at = (table: string): Rows | null => keptUpTo(table, Number.POSITIVE_INFINITY);
  const before = (a: Constraint): Rows | null => {
    const id = factId("constraint", quotePath(a.schema, a.table, a.name));
    return keptUpTo(tableOf(a), order.get(id) ?? Number.POSITIVE_INFINITY);
  };

  /** Rows of a table that the constraints made before the one with this number leave there. */
  const keptUpTo = (table: string, number: number): Rows | null => {
    const shape = shapeOf(table);
    if (shape === null || underway.has(table)) return shape;
    const earlier = (constraints.get(table) ?? [])
      .filter(({ id }) => setsAside(id) && (order.get(id) ?? 0) < number)
      .toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
    underway.add(table);
    const rows = earlier.reduce<Rows>(keep, shape);
    underway.delete(table);
    return rows;
  };

  const keep = (from: Rows, { id, attributes: a }: Fact<Constraint>): Rows => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const demand = demandOf(a);
    if (demand === null) return from;
    const target = demand.type === "foreign key" && demand.target !== tableOf(a) ? at(demand.target) : null;
    const left = keptRows(demand, "child", { own: from.name, ...(target === null ? {} : { target: target.name }) });
    const name = quoteName(`${a.name}_kept`);
    const text = `  SELECT ${from.isTable ? "ctid, " : ""}* FROM ${from.name} AS child\n  WHERE ${left}`;
    const rows = { name, isTable: false, parts: new Map([...from.parts, ...(target?.parts ?? []), [name, text]]) };
    kept.set(id, rows);
    return rows;
  };

  const select = (
    table: string,
    asked: readonly string[],
    sources: readonly [Rows, Rows | null],
    condition: string,
  ): string => {
    const key = (constraints.get(table) ?? []).find(({ attributes }) => attributes.type === "primary key");
    const demand = key === undefined ? null : demandOf(key.attributes);
    const keys = [...new Set([...(demand?.type === "unique" ? demand.columns : []), ...asked])];
    const shown = keys.length > 0 ? keys : byPosition(table).map(({ attributes: { name } }) => quoteName(name));
    const parts = new Map(sources.flatMap((source) => [...(source?.parts ?? [])]));
    const head = [...parts].map(([name, text]) => `${name} AS (\n${text}\n)`).join(", ");
    const body = `SELECT ${shown.map((name) => `child.${name}`).join(", ")} FROM ${sources[0].name} AS child\nWHERE ${condition}`;
    return head === "" ? body : `WITH ${head}\n${body}`;
  };

  return { setsAside, columnBefore, now, hint, columnsThatKeep, isFilled, at, before, select };
}

/** The last part of a printed name, without its quotes. */
const shortName = (table: string): string =>
  (/(?:^|\.)("(?:[^"]|"")+"|[^."]+)$/.exec(table)?.[1] ?? table).replaceAll('"', "");

function groupByTable<A extends { readonly schema: string; readonly table: string }>(facts: FactIndex, kind: string) {
  const groups = new Map<string, Fact<A>[]>();
  for (const known of ofKind<A>(facts.values(), kind)) {
    const table = tableOf(known.attributes);
    const group = groups.get(table);
    if (group === undefined) groups.set(table, [known]);
    else group.push(known);
  }
  return groups;
}
