import type { FactId, FactIndex, Hint } from "../facts.ts";
import { columnId } from "../kinds/columns.ts";
import { constraintId } from "../kinds/constraints.ts";
import { tableId } from "../kinds/tables.ts";
import { type Refusals, wasRefused, withRefusal } from "../plan/changes.ts";
import type { PlannedStatement } from "../plan/steps.ts";
import { quoteName, quotePath } from "../quote.ts";
import {
  type Bed,
  CONSIDERED,
  connected,
  type Garden,
  layOut,
  NO_WISH,
  NO_WISHES,
  type PlantedRow,
  type Plot,
  plantingOrder,
  ROWS,
  readQualified,
  refusesNull,
  solvePlot,
  variablesOf,
  type Wish,
  type Wishes,
} from "../rows/garden.ts";
import { attempt, JUDGE_FUNCTIONS, type JudgedCondition, takenValues, type Value, writeValue } from "../rows/judge.ts";
import type { Solution } from "../rows/solve.ts";
import type {
  ColumnShape,
  Condition,
  ForeignKeyShape,
  Named,
  Shapes,
  TableShape,
  Typed,
  UniqueShape,
} from "../rows/tableShapes.ts";
import { constantsOf, NO_CONSTANTS, valuesOf } from "../rows/values.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { advanceSequences } from "./advanceSequences.ts";

export interface PlantedRows {
  /** Rows planted, by table fact. */
  readonly rows: Readonly<Record<string, number>>;
  /** Tables that no row could be made for that their constraints accept. */
  readonly withoutRows: readonly string[];
}

/** What the migration to be proved will ask of the rows, so that they suit both states where they can. */
export interface Ahead {
  /** The way forward, given what PostgreSQL refused in its plain form. It is tried on the empty tables and taken back. */
  readonly plan: (refused: Refusals) => readonly PlannedStatement[];
  readonly hints: ReadonlyMap<FactId, Hint>;
}

const SEEDS = 6;

/**
 * Plants a few rows in every table of the state, partitions by way of their root, such as all its constraints accept and
 * those of the next state too where that is possible. The same state gets the same rows. Row triggers and foreign keys are
 * off meanwhile where the session may do that. Tables whose conditions no value was found for are named, never an error.
 */
export async function plantRows(session: Session, facts: FactIndex, ahead?: Ahead): Promise<PlantedRows> {
  let names: readonly string[] = [];
  try {
    await session.run("BEGIN");
    const shapes = await readQualified(session);
    const tables = shapes.tables.filter(({ schema, name }) => facts.has(tableId(schema, name)));
    names = tables.map(idOf);
    if (tables.length === 0) {
      await session.run("ROLLBACK");
      return { rows: {}, withoutRows: [] };
    }
    await attempt(session, () => session.run("SET LOCAL session_replication_role = replica"));
    await session.run(JUDGE_FUNCTIONS.create);
    const wishes = ahead === undefined ? NO_WISHES : await lookAhead(session, shapes, ahead);
    const garden = await layOut(session, { ...shapes, tables }, wishes);
    for (const bed of plantingOrder(garden)) await plantTable(session, garden, bed);
    await joinLater(session, garden);
    if (garden.promises.size > 0) await weed(session, garden);
    await advanceSequences(session);
    await session.run(JUDGE_FUNCTIONS.drop);
    await session.run("COMMIT");
    const counts = [...garden.beds.values()].map((bed) => [idOf(bed.table), bed.rows.length] as const);
    return {
      rows: Object.fromEntries(counts.filter(([, count]) => count > 0)),
      withoutRows: counts.filter(([, count]) => count === 0).map(([name]) => name),
    };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await session.run("ROLLBACK");
    return { rows: {}, withoutRows: names };
  }
}

const idOf = ({ schema, name }: TableShape): FactId => tableId(schema, name);

/** Goes forward over the empty tables, as far as that is possible in one transaction, looks, and comes back. */
async function lookAhead(session: Session, now: Shapes, ahead: Ahead): Promise<Wishes> {
  await session.run("SAVEPOINT verso_ahead");
  try {
    await session.run("SET LOCAL check_function_bodies = off");
    await goForward(session, ahead);
    const next = await readQualified(session);
    const wishes = new Map<number, Wish>();
    for (const table of now.tables) {
      const later = laterShape(table, next);
      if (later !== undefined) wishes.set(table.oid, await wishOf(session, { table, later, now, next }, ahead));
      else wishes.set(table.oid, { ...NO_WISH, conditions: boundsOf(table, next) });
    }
    return wishes;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return NO_WISHES;
  } finally {
    await session.run("ROLLBACK TO SAVEPOINT verso_ahead");
  }
}

/** The table as it will be: itself, or the one made in its place, its columns numbered as they are now. */
function laterShape(table: TableShape, next: Shapes): TableShape | undefined {
  const same = next.tables.find(({ oid }) => oid === table.oid);
  if (same !== undefined) return same;
  const heir = next.tables.find(({ schema, name }) => schema === table.schema && name === table.name);
  if (heir === undefined) return undefined;
  const numbers = new Map(
    heir.columns.map(({ name, number }) => [number, table.columns.find((now) => now.name === name)?.number]),
  );
  const renumber = (number: number): number => numbers.get(number) ?? NEW_NUMBERS + number;
  const moved = <T extends { readonly columns: readonly number[] }>(one: T): T => ({
    ...one,
    columns: one.columns.map(renumber),
  });
  return {
    ...heir,
    columns: heir.columns.map((column) => ({
      ...column,
      number: renumber(column.number),
      generated: column.generated === null ? null : moved(column.generated),
    })),
    checks: heir.checks.map(moved),
    foreignKeys: heir.foreignKeys.map(moved),
    uniques: heir.uniques.map(moved),
    leaves: heir.leaves?.map(moved) ?? null,
  };
}

/** What a table must hold to that becomes a partition. */
function boundsOf(table: TableShape, next: Shapes): readonly JudgedCondition[] {
  const leaf = next.tables.flatMap(({ leaves }) => leaves ?? []).find(({ oid }) => oid === table.oid);
  if (leaf === undefined) return [];
  const columns = leaf.names.flatMap((name) => table.columns.find((column) => column.name === name)?.number ?? []);
  return columns.length < leaf.names.length ? [] : [{ sql: leaf.sql, columns, scope: "now", weight: "wish" }];
}

/** No table has as many columns. */
const NEW_NUMBERS = 10_000;

const DETOURS = 8;

async function goForward(session: Session, { plan }: Ahead): Promise<void> {
  let refused: Refusals = new Map();
  const write = (): readonly PlannedStatement[] =>
    plan(refused).map((one) => ({
      ...one,
      sql: one.sql.replace(/^(CREATE (?:UNIQUE )?INDEX) CONCURRENTLY/, "$1"),
    }));
  for (let detour = 0; ; detour++) {
    const statements = write();
    const whole = await attempt(session, () => session.run(statements.map(({ sql }) => sql).join(";\n")));
    if (!(whole instanceof DatabaseError)) return;
    await session.run("SAVEPOINT verso_detour");
    const before = refused;
    for (const { id, sql } of statements) {
      const answer = await attempt(session, () => session.run(sql));
      if (!(answer instanceof DatabaseError) || wasRefused(refused, id, answer.code) || detour === DETOURS) continue;
      refused = withRefusal(refused, id, answer.code);
      break;
    }
    // What is refused in every form is left out.
    if (refused === before) return;
    await session.run("ROLLBACK TO SAVEPOINT verso_detour");
  }
}

interface Pair {
  readonly table: TableShape;
  readonly later: TableShape;
  readonly now: Shapes;
  readonly next: Shapes;
}

async function wishOf(session: Session, pair: Pair, { hints }: Ahead): Promise<Wish> {
  const { table, later, now, next } = pair;
  const notNull = new Set<number>();
  const values = new Map<number, readonly string[]>();
  const conditions: JudgedCondition[] = [];
  const renamed: Named<Condition>[] = [];
  const columns: Named<Condition>[] = [];
  /** Columns of now that a column of the next state comes from. */
  const sources = new Map<number, readonly number[]>();
  const hintOf = ({ name }: ColumnShape): Hint => hints.get(columnId(later.schema, later.name, name)) ?? {};
  for (const then of later.columns) {
    const column = table.columns.find(({ number }) => number === then.number);
    if (column === undefined) continue;
    const own = quoteName(then.name);
    const hint = hintOf(then);
    sources.set(then.number, [column.number]);
    renamed.push({
      name: then.name,
      sql: `${quoteName(table.name)}.${quoteName(column.name)}`,
      columns: [column.number],
    });
    // A type that is yet to come cannot be named here; then the value stands as it is.
    const isKnown = then.text !== column.text && next.types.get(then.type)?.schema === "pg_catalog";
    const converted = isKnown ? `(${hint.using ?? `${own}::text`})::${then.text}` : own;
    const read = hint.using === undefined ? [column.number] : namesIn(hint.using, table, later, column.number);
    columns.push({ name: then.name, sql: converted, columns: read });
    const refuses = then.notNull || refusesNull(then, next);
    if (refuses && hint.backfill === undefined) notNull.add(column.number);
    if (hint.using !== undefined) {
      conditions.push({
        sql: `${own} is null or (${hint.using})::text is not null`,
        columns: read,
        scope: "renamed",
        weight: "wish",
      });
    } else if (canFail(column, then, now, next)) values.set(column.number, await acceptable(session, then, pair));
  }
  for (const then of later.columns) {
    if (sources.has(then.number)) continue;
    const { backfill } = hintOf(then);
    const source = backfill ?? then.generated?.sql ?? (then.default || "null");
    const read = backfill === undefined ? (then.generated?.columns ?? []) : namesIn(backfill, table, later);
    sources.set(then.number, read);
    const isBuiltIn = next.types.get(then.type)?.schema === "pg_catalog";
    columns.push({ name: then.name, sql: isBuiltIn ? `(${source})::${then.text}` : source, columns: read });
    if (backfill === undefined) continue;
    const filled = then.notNull ? `(${backfill}) is not null` : `coalesce((${backfill})::text, '') is not null`;
    conditions.push({ sql: filled, columns: read, scope: "renamed", weight: "wish" });
  }

  const isHere = (one: { readonly columns: readonly number[] }) => one.columns.every((n) => sources.has(n));
  // Rows that are in the way of these will be set aside, so let there be some.
  const isAsked = ({ name }: { readonly name: string }) =>
    hints.get(constraintId(later.schema, later.name, name))?.orphans !== "set aside";
  const known = new Set(table.checks.map(({ sql }) => sql));
  for (const check of later.checks) {
    if (!isHere(check) || !isAsked(check) || known.has(check.sql)) continue;
    const read = check.columns.flatMap((column) => sources.get(column) ?? []);
    conditions.push({ sql: check.sql, columns: [...new Set(read)], scope: "next", weight: "wish" });
  }
  const leaves = later.leaves?.filter(isHere) ?? [];
  const isOtherwise = JSON.stringify(later.leaves) !== JSON.stringify(table.leaves);
  if (isOtherwise && leaves.length > 0) {
    const read = leaves.flatMap(({ columns }) => columns.flatMap((column) => sources.get(column) ?? []));
    const sql = leaves.map((leaf) => `(${leaf.sql})`).join(" or ");
    conditions.push({ sql, columns: [...new Set(read)], scope: "next", weight: "wish" });
  }
  const isNew = <T>(all: readonly T[]) => {
    const texts = new Set(all.map((one) => JSON.stringify(one)));
    return (one: T) => !texts.has(JSON.stringify(one));
  };
  const stays = (one: { readonly columns: readonly number[] }) =>
    one.columns.every((column) => table.columns.some(({ number }) => number === column));
  return {
    conditions,
    foreignKeys: later.foreignKeys.filter(stays).filter(isAsked).filter(isNew(table.foreignKeys)),
    uniques: later.uniques.filter(stays).filter(isAsked).filter(isNew(table.uniques)),
    notNull,
    values,
    next: { table: later.name, renamed, columns },
  };
}

/** Columns, as they are called now or then, that a user's expression may read. */
function namesIn(sql: string, now: TableShape, later: TableShape, ...further: readonly number[]): readonly number[] {
  const words = new Set(sql.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []);
  const isRead = ({ name }: ColumnShape) => words.has(name) || sql.includes(`"${name.replaceAll('"', '""')}"`);
  const read = [...now.columns, ...later.columns].filter(isRead).map(({ number }) => number);
  return [...new Set([...further, ...read])].filter((column) => now.columns.some(({ number }) => number === column));
}

/** True when values of the one type may be none of the other. */
function canFail(from: ColumnShape, to: ColumnShape, now: Shapes, next: Shapes): boolean {
  const [a, b] = [now.types.get(from.type), next.types.get(to.type)];
  if (a === undefined || b === undefined || describeType(from, now) === describeType(to, next)) return false;
  return !(a.kind === "b" && b.kind === "b" && a.category === b.category && "NDTB".includes(a.category));
}

function describeType({ type: oid, typmod, text }: Typed, { types }: Shapes): string {
  const type = types.get(oid);
  const inner = type?.inner == null ? "" : describeType(type.inner, { tables: [], types });
  return JSON.stringify([typmod, text, type, inner]);
}

/** Values that a column's next type takes, made with the constants of all checks, now and then. */
async function acceptable(
  session: Session,
  column: ColumnShape,
  { table, later, next }: Pair,
): Promise<readonly string[]> {
  const checks = [...table.checks, ...later.checks].filter(({ columns }) => columns.includes(column.number));
  const constants = checks.length === 0 ? NO_CONSTANTS : constantsOf(checks.map(({ sql }) => sql));
  const { series, others } = valuesOf(column, next.types, constants);
  const all = [...series, ...others].slice(0, 2 * CONSIDERED);
  const taken = await takenValues(
    session,
    all.map((value) => ({ value, type: column.text })),
  );
  return all.filter((_, i) => taken[i]);
}

async function plantTable(session: Session, garden: Garden, bed: Bed): Promise<void> {
  const { table } = bed;
  const promised = garden.promises.get(table.oid) ?? [];
  const variables = await variablesOf(session, garden, bed);
  bed.isPlanted = true;
  if (variables === null || (table.leaves !== null && table.leaves.length === 0)) return;
  const plots: Plot[] = [];
  for (const part of connected(variables, bed.conditions)) {
    const plot = await solvePlot(session, bed, part);
    if (plot.solutions.length === 0) return;
    plots.push(plot);
  }
  const promise = (row: ReadonlyMap<number, Value>): void => {
    for (const key of table.foreignKeys) keepPromise(garden, bed, key, row);
  };

  const assembled: ReadonlyMap<number, Value>[] = [];
  for (let r = 0; r < Math.max(ROWS, Math.min(promised.length, 2 * ROWS)); r++) {
    const row = assemble(plots, bed.uniques, assembled, promised, r);
    if (row !== null) assembled.push(row);
  }
  const whole = await attempt(session, () => insertRows(session, garden, bed, assembled));
  if (!(whole instanceof DatabaseError)) {
    bed.rows.push(...whole);
    for (const row of assembled) promise(row);
    return;
  }
  const kept: ReadonlyMap<number, Value>[] = [];
  for (let r = 0; r < ROWS; r++) {
    for (let seed = 0; seed < SEEDS; seed++) {
      const row = assemble(plots, bed.uniques, kept, promised, r + seed * ROWS);
      if (row === null) continue;
      const planted = await attempt(session, () => insertRows(session, garden, bed, [row]));
      if (planted instanceof DatabaseError) continue;
      bed.rows.push(...planted);
      kept.push(row);
      promise(row);
      break;
    }
  }
}

/** A row that refers to a table without rows yet: what that table's row must then hold. */
function keepPromise(garden: Garden, bed: Bed, key: ForeignKeyShape, row: ReadonlyMap<number, Value>): void {
  const parent = garden.beds.get(key.parent);
  if (parent === undefined || (parent.isPlanted && parent !== bed)) return;
  if (key.columns.some((column) => (row.get(column) ?? null) === null)) return;
  const promise = new Map(key.parentColumns.map((column, i) => [column, row.get(key.columns[i] ?? 0) ?? null]));
  const list = garden.promises.get(key.parent) ?? [];
  if (!list.some((other) => isSame(other, promise))) list.push(promise);
  garden.promises.set(key.parent, list);
}

const isSame = (a: ReadonlyMap<number, Value>, b: ReadonlyMap<number, Value>): boolean =>
  a.size === b.size && [...a].every(([column, value]) => b.get(column) === value);

/** One row, near to what row `r` naturally is, different from the earlier ones where it must be; null when it cannot be. */
function assemble(
  plots: readonly Plot[],
  uniques: readonly UniqueShape[],
  earlier: readonly ReadonlyMap<number, Value>[],
  promised: readonly ReadonlyMap<number, Value>[],
  r: number,
): ReadonlyMap<number, Value> | null {
  const row = new Map<number, Value>();
  const promise = promised.find((one) => !earlier.some((other) => [...one].every(([c, v]) => other.get(c) === v)));
  for (const plot of plots) {
    const ranked = plot.solutions
      .map((solution) => ({ solution, cost: costOf(plot, solution, { earlier, promise, r }) }))
      .sort((a, b) => a.cost - b.cost);
    const found = ranked.find(({ solution }) => {
      const next = new Map([...row, ...valuesIn(plot, solution)]);
      return !uniques.some((unique) => isTakenKey(unique, next, earlier));
    });
    // Where a predicate or expression is part of the index, PostgreSQL may still take equal columns.
    const chosen = found ?? (uniques.some(({ isPlain }) => isPlain) ? undefined : ranked[0]);
    if (chosen === undefined) return null;
    for (const [column, value] of valuesIn(plot, chosen.solution)) row.set(column, value);
  }
  return row;
}

const valuesIn = (plot: Plot, { choice }: Solution): readonly (readonly [number, Value])[] =>
  plot.variables.flatMap(({ columns, choices }, i) =>
    columns.map((column, c) => [column, choices[choice[i] ?? 0]?.[c] ?? null] as const),
  );

interface Aim {
  readonly earlier: readonly ReadonlyMap<number, Value>[];
  readonly promise: ReadonlyMap<number, Value> | undefined;
  readonly r: number;
}

/** How far a solution is from what row `r` should be; where it differs, values that earlier rows lack are better. */
function costOf(plot: Plot, solution: Solution, { earlier, promise, r }: Aim): number {
  let cost = plot.marks > 0 && !solution.marks.includes(r % plot.marks) ? 10 : 0;
  for (const [i, { natural, columns, choices }] of plot.variables.entries()) {
    const [chosen, wanted] = [solution.choice[i] ?? 0, natural(r)];
    if (chosen === wanted) continue;
    const values = choices[chosen] ?? [];
    const repeats = earlier.filter((row) => columns.every((column, c) => row.get(column) === values[c])).length;
    cost += 1 + ((chosen - wanted + choices.length) % choices.length) / (choices.length + 1) + repeats;
  }
  if (promise === undefined) return cost;
  const broken = valuesIn(plot, solution).filter(
    ([column, value]) => promise.has(column) && promise.get(column) !== value,
  );
  return cost + 1000 * broken.length;
}

function isTakenKey(
  { columns, nullsNotDistinct }: UniqueShape,
  row: ReadonlyMap<number, Value>,
  earlier: readonly ReadonlyMap<number, Value>[],
): boolean {
  if (columns.length === 0 || !columns.every((column) => row.has(column))) return false;
  if (!nullsNotDistinct && columns.some((column) => row.get(column) === null)) return false;
  return earlier.some((other) => columns.every((column) => other.get(column) === row.get(column)));
}

async function insertRows(
  session: Session,
  garden: Garden,
  bed: Bed,
  rows: readonly ReadonlyMap<number, Value>[],
): Promise<readonly PlantedRow[]> {
  if (rows.length === 0) return [];
  const { table } = bed;
  const numbers = [...(rows[0]?.keys() ?? [])];
  const columns = numbers.flatMap((number) => bed.columns.get(number) ?? []);
  const referenced = referencedColumns(garden, table);
  const place = "tableoid::text as relation, ctid::text as at";
  const keys = referenced.map(({ name }) => `${quoteName(name)}::text`).join(", ");
  const returning = `RETURNING ${place}, array[${keys}]::text[] as keys`;
  const target = `INSERT INTO ${quotePath(table.schema, table.name)}`;
  type Returned = { relation: string; at: string; keys: readonly Value[] };
  const returned: Returned[] = [];
  if (columns.length === 0) {
    for (const _ of rows) returned.push(...(await session.query<Returned>(`${target} DEFAULT VALUES ${returning}`)));
  } else {
    const names = columns.map(({ name }) => quoteName(name)).join(", ");
    const tuples = rows.map((row) => `(${columns.map((c) => writeValue(row.get(c.number) ?? null, c)).join(", ")})`);
    const insert = `${target} (${names}) OVERRIDING SYSTEM VALUE VALUES ${tuples.join(", ")} ${returning}`;
    returned.push(...(await session.query<Returned>(insert)));
  }
  return returned.map(({ relation, at, keys: read }, i) => {
    const values = new Map(rows[i]);
    for (const [k, { number }] of referenced.entries()) values.set(number, read[k] ?? null);
    return { values, place: [relation, at] as const };
  });
}

/** Columns that keys refer to, now or in the next state. */
function referencedColumns(garden: Garden, table: TableShape): readonly ColumnShape[] {
  const numbers = new Set<number>();
  for (const bed of garden.beds.values()) {
    for (const key of [...bed.table.foreignKeys, ...bed.wish.foreignKeys]) {
      if (key.parent === table.oid) for (const column of key.parentColumns) numbers.add(column);
    }
  }
  return table.columns.filter(({ number }) => numbers.has(number));
}

/** Fills the keys that had to wait: a row refers to one of the rows that came later, or to the one before it. */
async function joinLater(session: Session, garden: Garden): Promise<void> {
  for (const bed of garden.beds.values()) {
    for (const key of bed.later) {
      const parent = garden.beds.get(key.parent);
      if (parent === undefined) continue;
      for (const [r, row] of bed.rows.entries()) {
        const fixed = key.columns.map((column) => row.values.get(column) ?? null);
        const at = parent === bed ? r - 1 : r === ROWS - 1 ? -1 : r;
        const target =
          at < 0
            ? undefined
            : parent.rows
                .slice(at)
                .concat(parent.rows.slice(0, at))
                .find(
                  (other) =>
                    other !== row &&
                    fixed.every((value, i) => value === null || value === other.values.get(key.parentColumns[i] ?? 0)),
                );
        if (target !== undefined) await joinRow(session, bed, key, row, target);
      }
    }
  }
}

async function joinRow(
  session: Session,
  bed: Bed,
  key: ForeignKeyShape,
  row: PlantedRow,
  target: PlantedRow,
): Promise<void> {
  const sets = key.columns.flatMap((number, i) => {
    const column = bed.columns.get(number);
    if (column === undefined || (row.values.get(number) ?? null) !== null) return [];
    return [{ column, value: target.values.get(key.parentColumns[i] ?? 0) ?? null }];
  });
  if (sets.length === 0) return;
  const { schema, name } = bed.table;
  const assignments = sets.map(({ column, value }) => `${quoteName(column.name)} = ${writeValue(value, column)}`);
  const [relation, ctid] = row.place;
  const moved = await attempt(session, () =>
    session.query<{ relation: string; at: string }>(
      `UPDATE ${quotePath(schema, name)} SET ${assignments.join(", ")}
       WHERE tableoid = ${relation} AND ctid = '${ctid}' RETURNING tableoid::text as relation, ctid::text as at`,
    ),
  );
  if (moved instanceof DatabaseError || moved[0] === undefined) return;
  row.place = [moved[0].relation, moved[0].at];
  for (const { column, value } of sets) row.values.set(column.number, value);
}

/** Takes out rows that refer to rows which were promised and did not come, and then those that refer to them. */
async function weed(session: Session, garden: Garden): Promise<void> {
  for (let round = 0; round < 5; round++) {
    let gone = 0;
    for (const bed of garden.beds.values()) {
      for (const key of bed.table.foreignKeys) {
        const parent = garden.beds.get(key.parent);
        if (parent === undefined || key.hasPeriod) continue;
        const column = (table: TableShape, number: number | undefined): string =>
          quoteName(table.columns.find((one) => one.number === number)?.name ?? "");
        const isSet = key.columns.map((number) => `c.${column(bed.table, number)} is not null`);
        const isEqual = key.columns.map(
          (number, i) =>
            `p.${column(parent.table, key.parentColumns[i])} ${key.operators[i]} c.${column(bed.table, number)}`,
        );
        const deleted = await attempt(session, () =>
          session.query<{ relation: string; at: string }>(
            `DELETE FROM ${quotePath(bed.table.schema, bed.table.name)} c WHERE ${isSet.join(" and ")}
             and not exists (select from ${quotePath(parent.table.schema, parent.table.name)} p where ${isEqual.join(" and ")})
             RETURNING c.tableoid::text as relation, c.ctid::text as at`,
          ),
        );
        if (deleted instanceof DatabaseError) continue;
        for (const { relation, at } of deleted) {
          const index = bed.rows.findIndex(({ place }) => place[0] === relation && place[1] === at);
          if (index >= 0) bed.rows.splice(index, 1);
        }
        gone += deleted.length;
      }
    }
    if (gone === 0) return;
  }
}
