import { DatabaseError, type Session } from "../session/session.ts";
import { attempt, type JudgedCondition, judgeOf, type NextColumns, takenValues, type Value } from "./judge.ts";
import { type Choice, type Clause, type Solution, solve, type Variable } from "./solve.ts";
import {
  type ColumnShape,
  type Condition,
  type ForeignKeyShape,
  readShapes,
  type Shapes,
  type TableShape,
  type Typed,
  type UniqueShape,
} from "./tableShapes.ts";
import { constantsOf, NO_CONSTANTS, valuesOf } from "./values.ts";

// What the columns of a table may hold, so that its constraints accept the row: known before any row is made.

/** Rows of a table that are thought of at once. */
export const ROWS = 4;
/** Values of a column that are considered. */
export const CONSIDERED = 60;

/** With every name qualified, whatever the session's search_path is. */
export async function readQualified(session: Session): Promise<Shapes> {
  await session.run("SAVEPOINT verso_reading; SET LOCAL search_path = ''");
  const shapes = await readShapes(session);
  await session.run("ROLLBACK TO SAVEPOINT verso_reading");
  return shapes;
}

/** What the next state wants of a table that exists now, by columns that exist now. */
export interface Wish {
  readonly conditions: readonly JudgedCondition[];
  readonly foreignKeys: readonly ForeignKeyShape[];
  readonly uniques: readonly UniqueShape[];
  /** Columns that will refuse null. */
  readonly notNull: ReadonlySet<number>;
  /** Values that the column's next type takes, where it gets another one. */
  readonly values: ReadonlyMap<number, readonly string[]>;
  /** What the columns will be. */
  readonly next: NextColumns;
}

export type Wishes = ReadonlyMap<number, Wish>;
export const NO_WISHES: Wishes = new Map();
export const NO_WISH: Wish = {
  conditions: [],
  foreignKeys: [],
  uniques: [],
  notNull: new Set(),
  values: new Map(),
  next: { table: "", renamed: [], columns: [] },
};

/** All that is known while planting. */
export interface Garden {
  readonly shapes: Shapes;
  /** By table. */
  readonly beds: ReadonlyMap<number, Bed>;
  /** Key values that rows of tables planted earlier refer to already, by the table that is to have them. */
  readonly promises: Map<number, ReadonlyMap<number, Value>[]>;
}

export interface Offer {
  readonly series: readonly string[];
  readonly others: readonly string[];
}

export interface Bed {
  readonly table: TableShape;
  readonly wish: Wish;
  /** Stored columns by number. */
  readonly columns: ReadonlyMap<number, ColumnShape>;
  /** Now and in the next state, by stored columns. */
  readonly uniques: readonly UniqueShape[];
  /** Values for each column, PostgreSQL having had its say. */
  readonly values: ReadonlyMap<number, Offer>;
  readonly conditions: readonly JudgedCondition[];
  readonly rows: PlantedRow[];
  /** Keys left null for now, because the table they refer to had no rows yet. */
  readonly later: ForeignKeyShape[];
  isPlanted: boolean;
}

export interface PlantedRow {
  readonly values: Map<number, Value>;
  /** Where it lies: tableoid and ctid. */
  place: readonly [string, string];
}

export async function layOut(session: Session, shapes: Shapes, wishes: Wishes): Promise<Garden> {
  const drafts = shapes.tables.map((table) => ({ table, wish: wishes.get(table.oid) ?? NO_WISH }));
  const unsure = new Map<string, { readonly value: string; readonly type: string }>();
  const offered = drafts.map(({ table, wish }) => {
    const conditions = conditionsOf(table, wish);
    const stored = table.columns.filter(({ generated }) => generated === null);
    const offers = stored.map((column) => {
      const texts = conditions.filter(({ columns }) => columns.includes(column.number)).map(({ sql }) => sql);
      const constants = texts.length === 0 ? NO_CONSTANTS : constantsOf([...texts, column.default ?? ""]);
      const values = valuesOf(column, shapes.types, constants);
      const next = wish.values.get(column.number) ?? [];
      const doubtful = values.isSure ? next : [...values.series, ...values.others, ...next];
      for (const value of doubtful) unsure.set(`${column.text} ${value}`, { value, type: column.text });
      return { column, values, next };
    });
    return { table, wish, conditions, offers };
  });
  const taken = await takenValues(session, [...unsure.values()]);
  const refused = new Set([...unsure.keys()].filter((_, i) => taken[i] !== true));
  const beds = offered.map(({ table, wish, conditions, offers }): Bed => {
    const values = new Map<number, Offer>();
    for (const { column, values: offered, next } of offers) {
      const isTaken = (value: string) => !refused.has(`${column.text} ${value}`);
      const both = next.filter(isTaken);
      const series = offered.series.filter(isTaken);
      const others = offered.others.filter((value) => isTaken(value) && !series.includes(value));
      if (both.length > 0) values.set(column.number, { series: both.slice(0, 12), others: both.slice(12) });
      else if (series.length > 0) values.set(column.number, { series, others });
      // Of a type without a plain series the first values that it took serve as one.
      else values.set(column.number, { series: others.slice(0, 8), others: others.slice(8) });
    }
    return {
      table,
      wish,
      conditions,
      columns: new Map(
        offers.map(({ column }) => [
          column.number,
          { ...column, notNull: column.notNull || refusesNull(column, shapes) },
        ]),
      ),
      uniques: [...table.uniques, ...wish.uniques]
        .filter(({ isExclusion }) => !isExclusion)
        .map((unique) => ({ ...unique, columns: storedColumns(table, unique.columns) })),
      values,
      rows: [],
      later: [],
      isPlanted: false,
    };
  });
  return { shapes, beds: new Map(beds.map((bed) => [bed.table.oid, bed])), promises: new Map() };
}

/** What generated columns are made of, in their stead. */
function storedColumns(table: TableShape, columns: readonly number[]): readonly number[] {
  const generated = new Map(table.columns.map((column) => [column.number, column.generated]));
  return [...new Set(columns.flatMap((column) => generated.get(column)?.columns ?? [column]))];
}

export function refusesNull({ type }: Typed, shapes: Shapes): boolean {
  const shape = shapes.types.get(type);
  return shape?.kind === "d" && (shape.notNull || (shape.inner !== null && refusesNull(shape.inner, shapes)));
}

/** Conditions by the stored columns that they come down to. */
function conditionsOf(table: TableShape, wish: Wish): Bed["conditions"] {
  const leaves = table.leaves ?? [];
  const weigh = (weight: Clause["weight"]) => (condition: Condition) => ({
    scope: "now" as const,
    sql: condition.sql,
    columns: storedColumns(table, condition.columns),
    weight,
  });
  // A row that no partition accepts is refused, so the conditions of partitions count as one.
  const anyLeaf = {
    sql: leaves.map(({ sql }) => `(${sql}) is true`).join(" or "),
    columns: leaves.flatMap((l) => l.columns),
  };
  return [
    ...table.checks.map(weigh("must")),
    ...(leaves.length > 0 ? [weigh("must")(anyLeaf)] : []),
    ...wish.conditions.map((one) => ({ ...one, columns: storedColumns(table, one.columns) })),
    ...leaves.slice(0, 32).map(weigh("mark")),
  ];
}

/** Parents before children; where tables need one another, the one that can wait for its parents with nulls first. */
export function* plantingOrder(garden: Garden): Generator<Bed> {
  const pending = new Set(garden.beds.values());
  const awaits = (bed: Bed, isFirm: boolean): boolean =>
    [...bed.table.foreignKeys, ...(isFirm ? [] : bed.wish.foreignKeys)].some((key) => {
      const parent = garden.beds.get(key.parent);
      return parent !== undefined && parent !== bed && pending.has(parent) && !(isFirm && canWait(bed, key));
    });
  while (pending.size > 0) {
    const beds = [...pending];
    const next = beds.find((bed) => !awaits(bed, false)) ?? beds.find((bed) => !awaits(bed, true)) ?? beds[0];
    if (next === undefined) return;
    pending.delete(next);
    yield next;
  }
}

const isNullable = (bed: Bed, column: number): boolean =>
  bed.columns.get(column)?.notNull === false && !bed.wish.notNull.has(column);

export const canWait = (bed: Bed, key: ForeignKeyShape): boolean =>
  key.columns.some((column) => isNullable(bed, column));

export interface Plot {
  readonly variables: readonly Variable[];
  readonly solutions: readonly Solution[];
  /** Of each mark, its number among the table's leaves. */
  readonly marks: number;
}

/** Variables that some condition ties together, each group with its conditions. */
export function connected(variables: readonly Variable[], conditions: Bed["conditions"]) {
  const group = variables.map((_, i) => i);
  const rootOf = (i: number): number => (group[i] === i ? i : rootOf(group[i] ?? i));
  const at = new Map(variables.flatMap(({ columns }, i) => columns.map((column) => [column, i] as const)));
  const indexes = conditions.map(({ columns }) => [...new Set(columns.flatMap((column) => at.get(column) ?? []))]);
  for (const [first, ...rest] of indexes) {
    if (first !== undefined) for (const other of rest) group[rootOf(other)] = rootOf(first);
  }
  const roots = [...new Set(variables.map((_, i) => rootOf(i)))];
  return roots.map((root) => ({
    variables: variables.filter((_, i) => rootOf(i) === root),
    conditions: conditions.filter((_, i) => indexes[i]?.some((index) => rootOf(index) === root)),
  }));
}

export async function solvePlot(session: Session, bed: Bed, part: ReturnType<typeof connected>[number]): Promise<Plot> {
  const { variables, conditions } = part;
  const marks = conditions.filter(({ weight }) => weight === "mark").length;
  if (conditions.length === 0) {
    // A variable by itself: whatever it may be.
    const [only] = variables;
    const solutions = (only?.choices ?? []).map((_, i) => ({ choice: [i], marks: [] }));
    return { variables, solutions, marks };
  }
  const columns = variables.flatMap((variable) => variable.columns).flatMap((number) => bed.columns.get(number) ?? []);
  const judge = judgeOf(session, bed.table, columns, conditions, bed.wish.next);
  const at = new Map(variables.flatMap((variable, i) => variable.columns.map((column) => [column, i] as const)));
  const clauses = conditions.map(({ weight, columns: read }) => ({
    weight,
    variables: [...new Set(read.flatMap((column) => at.get(column) ?? []))],
  }));
  const naturals = Array.from({ length: 2 * ROWS }, (_, r) => variables.map(({ natural }) => natural(r)));
  const valuesOfChoice = (choice: Choice): readonly Value[] =>
    variables.flatMap(({ choices }, i) => choices[choice[i] ?? 0] ?? []);
  const solutions = await solve(variables, clauses, naturals, (choices) => judge(choices.map(valuesOfChoice)));
  const first = conditions.findIndex(({ weight }) => weight === "mark");
  return { variables, solutions: solutions.map((s) => ({ ...s, marks: s.marks.map((mark) => mark - first) })), marks };
}

/** What each column, or group of columns in keys, may be. Null when a key that must be there has nothing to refer to. */
export async function variablesOf(session: Session, garden: Garden, bed: Bed): Promise<readonly Variable[] | null> {
  const firm = await usableKeys(session, garden, bed, bed.table.foreignKeys);
  if (firm === null) return null;
  const wished = (await usableKeys(session, garden, bed, bed.wish.foreignKeys)) ?? [];
  const variables: Variable[] = [];
  const grouped = new Set<number>();
  for (const keys of overlapping([...firm, ...wished])) {
    const variable =
      keyVariable(bed, keys) ??
      keyVariable(
        bed,
        keys.filter((key) => firm.includes(key)),
      );
    if (variable === null) return null;
    if (variable.columns.length === 0) continue;
    for (const column of variable.columns) grouped.add(column);
    variables.push(variable);
  }
  let order = 0;
  for (const column of bed.columns.values()) {
    if (grouped.has(column.number)) continue;
    const variable = columnVariable(bed, column, order++);
    if (variable === null) {
      // Nothing is known of the type: its default may do.
      if (column.default === null && column.notNull) return null;
    } else variables.push(variable);
  }
  return variables;
}

function columnVariable(bed: Bed, column: ColumnShape, order: number): Variable | null {
  const { series = [], others = [] } = bed.values.get(column.number) ?? {};
  const isJudged = bed.conditions.some(({ columns }) => columns.includes(column.number));
  const nullable = isNullable(bed, column.number);
  if (series.length === 0 && !nullable) return null;
  const texts = isJudged ? [...series.slice(0, 12), ...others.slice(0, 2 * CONSIDERED)] : series;
  const choices = [...texts.map((text): readonly Value[] => [text]), ...(nullable ? [[null]] : [])];
  const plain = Math.min(series.length, texts.length);
  return {
    columns: [column.number],
    choices,
    // Columns start at different places, so that `starts` comes before `ends`; each nullable one is null in one row of four.
    natural: (r) => (plain === 0 || (nullable && (r + order) % 4 === 3) ? choices.length - 1 : (r + order) % plain),
  };
}

export interface UsableKey {
  readonly key: ForeignKeyShape;
  /** What its columns may hold: keys of the parent's rows, in order. Empty when only null is possible. */
  readonly rows: readonly (readonly Value[])[];
}

/** Keys with the rows they may refer to; null when one cannot be satisfied. */
async function usableKeys(
  session: Session,
  garden: Garden,
  bed: Bed,
  keys: readonly ForeignKeyShape[],
): Promise<readonly UsableKey[] | null> {
  const usable: UsableKey[] = [];
  const isWish = keys === bed.wish.foreignKeys;
  for (const key of keys) {
    const parent = garden.beds.get(key.parent);
    const isPending = parent !== undefined && (!parent.isPlanted || parent === bed);
    if (parent !== undefined && !isPending) {
      usable.push({
        key,
        rows: parent.rows.map((row) => key.parentColumns.map((column) => row.values.get(column) ?? null)),
      });
    } else if (parent === undefined) {
      usable.push({ key, rows: await standingRows(session, key) });
    } else if (canWait(bed, key)) {
      if (!isWish) bed.later.push(key);
      usable.push({ key, rows: isWish ? seriesKeys(parent, key) : [] });
    } else {
      usable.push({ key, rows: seriesKeys(parent, key) });
    }
  }
  const isHopeless = ({ key, rows }: UsableKey) => rows.length === 0 && !canWait(bed, key);
  if (isWish) return usable.filter((one) => !isHopeless(one));
  return usable.some(isHopeless) ? null : usable;
}

/** Keys that rows of the parent, when they come, naturally have. */
function seriesKeys(parent: Bed, key: ForeignKeyShape): readonly (readonly Value[])[] {
  const lists = key.parentColumns.map((column) => parent.values.get(column)?.series ?? []);
  if (lists.some((list) => list.length === 0)) return [];
  return Array.from({ length: ROWS }, (_, r) => lists.map((list) => list[r % list.length] ?? null));
}

/** Rows of a table that is none of ours: a partition, or one that an extension filled. */
async function standingRows(session: Session, key: ForeignKeyShape): Promise<readonly (readonly Value[])[]> {
  const answer = await attempt(session, async () => {
    const [target] = await session.query<{ name: string; columns: readonly string[] }>(
      `select c.oid::regclass::text as name, array(
         select quote_ident(a.attname) from unnest($2::int2[]) with ordinality k(n, at)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.n order by k.at) as columns
       from pg_class c where c.oid = $1`,
      [key.parent, key.parentColumns],
    );
    if (target === undefined) return [];
    const keys = target.columns.map((column) => `${column}::text`).join(", ");
    const rows = await session.query<{ keys: readonly Value[] }>(
      `select array[${keys}] as keys from ${target.name} limit ${ROWS}`,
    );
    return rows.map((row) => row.keys);
  });
  return answer instanceof DatabaseError ? [] : answer;
}

/** Keys that share columns belong together. */
function overlapping(keys: readonly UsableKey[]): readonly (readonly UsableKey[])[] {
  const groups: UsableKey[][] = [];
  for (const one of keys) {
    const touched = groups.filter((group) =>
      group.some(({ key }) => key.columns.some((c) => one.key.columns.includes(c))),
    );
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push([...touched.flat(), one]);
  }
  return groups;
}

const COMBINATIONS = 60;

/** Values of all columns of some keys, so that each key refers to a row or, being nullable, to none. */
function keyVariable(bed: Bed, keys: readonly UsableKey[]): Variable | null {
  const columns = [...new Set(keys.flatMap(({ key }) => key.columns))];
  if (keys.length === 0) return { columns: [], choices: [], natural: () => 0 };
  const found = new Map<string, readonly Value[]>();
  const add = (row: ReadonlyMap<number, Value> | null): void => {
    if (row === null) return;
    const values = columns.map((column) => row.get(column) ?? null);
    if (values.every((value, i) => value !== null || isNullable(bed, columns[i] ?? 0))) {
      found.set(JSON.stringify(values), values);
    }
  };
  // Row by row first: rows planted together belong together.
  for (let r = 0; r < ROWS; r++) {
    add(
      keys.reduce<Map<number, Value> | null>(
        (row, one) => row && refer(row, one, r % Math.max(1, one.rows.length)),
        new Map(),
      ),
    );
  }
  const plain = found.size;
  const walk = (i: number, row: Map<number, Value>): void => {
    if (found.size >= COMBINATIONS) return;
    const one = keys[i];
    if (one === undefined) {
      add(row);
      return;
    }
    for (let at = 0; at < one.rows.length; at++) {
      const next = refer(row, one, at);
      if (next !== null) walk(i + 1, next);
    }
    const without = referToNone(bed, keys, row, one);
    if (without !== null) walk(i + 1, without);
  };
  walk(0, new Map());
  const choices = [...found.values()];
  if (choices.length === 0) return null;
  const nulls = choices.findIndex((values) => values.every((value) => value === null));
  const rows = plain > 0 ? plain : choices.length;
  const isUnique = bed.uniques.some(
    (unique) => unique.columns.length > 0 && unique.columns.every((column) => columns.includes(column)),
  );
  return {
    columns,
    choices,
    natural: (r) => (nulls >= 0 && r % 4 === 3 ? nulls : (isUnique ? r : r >> 1) % rows),
  };
}

function refer(row: ReadonlyMap<number, Value>, { key, rows }: UsableKey, at: number): Map<number, Value> | null {
  const values = rows[at];
  if (values === undefined) return null;
  const next = new Map(row);
  for (const [i, column] of key.columns.entries()) {
    const value = values[i] ?? null;
    if (next.has(column) && next.get(column) !== value) return null;
    next.set(column, value);
  }
  return next;
}

/** With nulls in columns that are this key's alone where there are some, and in all columns under MATCH FULL. */
function referToNone(
  bed: Bed,
  keys: readonly UsableKey[],
  row: ReadonlyMap<number, Value>,
  { key }: UsableKey,
): Map<number, Value> | null {
  const nullable = key.columns.filter((column) => isNullable(bed, column));
  const shared = (column: number) => keys.some((other) => other.key !== key && other.key.columns.includes(column));
  const alone = nullable.filter((column) => !shared(column));
  const chosen = key.isFull ? key.columns : alone.length > 0 ? alone : nullable;
  if (nullable.length === 0 || (key.isFull && nullable.length < key.columns.length)) return null;
  const next = new Map(row);
  for (const column of chosen) {
    if (next.has(column) && next.get(column) !== null) return null;
    next.set(column, null);
  }
  // Columns that only this key would have filled, and that cannot be null, get values of their own.
  for (const column of key.columns) {
    if (!next.has(column) && !shared(column)) next.set(column, bed.values.get(column)?.series[0] ?? null);
  }
  return next;
}
