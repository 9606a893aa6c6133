import { Diagnostic } from "../diagnostic.ts";
import { quoteName, quotePath } from "../quote.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import type { RememberedRow } from "./memory.ts";
import type { RowReference, SeededRow, SeedFile } from "./seedFile.ts";
import { type SeedTables, type TargetColumn, type TargetTable, valueFor } from "./seedTables.ts";

/** A row that is in the database now, and how it came there. */
export interface SeededRowState {
  readonly target: TargetTable;
  readonly row: SeededRow;
  /** Texts of its key's columns. */
  readonly key: Readonly<Record<string, string>>;
  readonly outcome: "inserted" | "updated" | "unchanged";
  /** It was found by the key that it had in the last run. */
  readonly isMoved: boolean;
}

interface Pending {
  readonly id: string;
  readonly target: TargetTable;
  readonly row: SeededRow;
  readonly keyColumns: readonly string[];
  /** Columns that others read, with those of the key. */
  readonly read: readonly string[];
  /** Values that were settled before the row is there, because rows that come earlier refer to it. */
  readonly preset: Map<string, string>;
  /** Columns that get their values when all rows are there. */
  readonly later: Set<string>;
  /** What it is called by, where that has changed since the last run. */
  readonly formerKey: Readonly<Record<string, string>> | null;
  /** Texts of the columns read, once it is there. */
  known: ReadonlyMap<string, string | null> | null;
  outcome: SeededRowState["outcome"] | null;
  isMoved: boolean;
}

export interface Wanted {
  readonly wanted: readonly SeedFile[];
  readonly memory: readonly RememberedRow[];
  readonly onProgress?: ((table: string, done: number, total: number) => void) | undefined;
}

const BATCH = 500;

/**
 * Makes the rows that are missing and changes those that are otherwise than declared, after the rows that they refer to. On a
 * circle a column that may be null gets its value last; one that may not, by its target's default, evaluated beforehand.
 */
export async function upsertRows(
  session: Session,
  tables: SeedTables,
  { wanted, memory, onProgress = () => {} }: Wanted,
): Promise<readonly SeededRowState[]> {
  const rows = pendingRows(tables, wanted, memory);
  const todo = new Set(rows.values());
  const find = ({ schema, table, row }: RowReference) => rows.get(rowId(schema, table, row));
  const waitsFor = (one: Pending): readonly (readonly [column: string, Pending])[] =>
    [...one.row.values].flatMap(([column, value]) => {
      if (value.is !== "row" || one.later.has(column)) return [];
      const other = find(value.of);
      if (other === undefined || textOf(other, value.of.column) !== undefined) return [];
      return [[column, other] as const];
    });
  while (todo.size > 0) {
    const before = todo.size;
    for (const target of tables.inOrder) {
      // Rows of one table may refer to one another: as often as there are such that wait for nothing.
      for (;;) {
        const ready = [...todo].filter((one) => one.target === target && waitsFor(one).length === 0);
        if (ready.length === 0) break;
        for (const batch of batches(ready)) {
          await upsertBatch(session, batch, { find, all: [...rows.values()] });
          for (const one of batch) todo.delete(one);
          onProgress(target.text, rows.size - todo.size, rows.size);
        }
      }
    }
    if (todo.size === before) await breakCircle(session, [...todo], { waitsFor, find });
  }
  for (const one of rows.values()) if (one.later.size > 0) await fillLater(session, one, find);
  return [...rows.values()].map(({ target, row, known, keyColumns, outcome, isMoved }) => ({
    target,
    row,
    key: Object.fromEntries(keyColumns.map((column) => [column, known?.get(column) ?? ""])),
    outcome: outcome ?? "unchanged",
    isMoved,
  }));
}

const rowId = (schema: string, table: string, row: string): string => JSON.stringify([schema, table, row]);

function pendingRows(
  tables: SeedTables,
  files: readonly SeedFile[],
  memory: readonly RememberedRow[],
): ReadonlyMap<string, Pending> {
  const read = new Map<string, Set<string>>();
  const seeds = files.flatMap((file) => file.seeds);
  for (const { rows } of seeds) {
    for (const value of rows.flatMap(({ values }) => [...values.values()])) {
      if (value.is !== "row") continue;
      const table = quotePath(value.of.schema, value.of.table);
      read.set(table, (read.get(table) ?? new Set()).add(value.of.column));
    }
  }
  const remembered = new Map(memory.map((one) => [rowId(one.schema, one.table, one.name), one]));
  const pending = new Map<string, Pending>();
  for (const { schema, table, key, rows } of seeds) {
    const target = tables.find(schema, table);
    if (target === undefined) continue;
    for (const row of rows) {
      const id = rowId(schema, table, row.name);
      const former = remembered.get(id)?.key ?? null;
      pending.set(id, {
        id,
        target,
        row,
        keyColumns: key,
        read: [...new Set([...key, ...(read.get(target.text) ?? [])])],
        preset: new Map(),
        later: new Set(),
        formerKey: former !== null && key.every((column) => column in former) ? former : null,
        known: null,
        outcome: null,
        isMoved: false,
      });
    }
  }
  return pending;
}

/** The text of a column of a row, when it is settled: it is there, or says it itself, or was given it beforehand. */
function textOf({ known, preset }: Pending, column: string): string | null | undefined {
  return known === null ? preset.get(column) : (known.get(column) ?? null);
}

/** Rows with the same columns go together; in declared order. */
function batches(rows: readonly Pending[]): readonly (readonly Pending[])[] {
  const groups = new Map<string, Pending[]>();
  for (const one of rows) {
    const shape = [...one.row.values].map(([column, value]) => [
      column,
      one.later.has(column) ? "later" : value.is === "sql" ? value.sql : "",
    ]);
    const id = JSON.stringify([shape, [...one.preset.keys()], one.keyColumns]);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / BATCH) }, (_, i) => group.slice(i * BATCH, (i + 1) * BATCH)),
  );
}

type Find = (reference: RowReference) => Pending | undefined;

/** The values of some columns of a row, as json_to_recordset reads them. */
function jsonOf(one: Pending, columns: readonly TargetColumn[], find: Find): Readonly<Record<string, unknown>> {
  const fields = columns.map((column): [string, unknown] => {
    const value = one.row.values.get(column.name);
    if (value === undefined) return [column.name, one.preset.get(column.name) ?? null];
    if (value.is === "value") return [column.name, valueFor(column, value.json)];
    if (value.is === "sql") return [column.name, null];
    const other = find(value.of);
    return [column.name, other === undefined ? null : (textOf(other, value.of.column) ?? null)];
  });
  return Object.fromEntries(fields);
}

const ROW = quoteName("verso row");

/** Rows given as JSON under the alias `d`, each column of its own type. */
function recordset(columns: readonly (readonly [name: string, type: string])[]): string {
  const list = columns.map(([name, type]) => `${quoteName(name)} ${type}`);
  return `json_to_recordset($1::json) as d(${[`${ROW} int`, ...list].join(", ")})`;
}

const columnsOf = ({ columns }: TargetTable, names: readonly string[]): readonly TargetColumn[] =>
  names.flatMap((name) => columns.get(name) ?? []);

const typed = ({ name, type }: TargetColumn): readonly [string, string] => [name, type];

interface Among {
  readonly find: Find;
  readonly all: readonly Pending[];
}

async function upsertBatch(session: Session, batch: readonly Pending[], { find, all }: Among): Promise<void> {
  const [first] = batch;
  if (first === undefined) return;
  const { target, keyColumns } = first;
  await lookUp(session, batch, find);
  await followFormer(session, batch, all);

  const given = [...first.row.values].flatMap(([name, value]) =>
    value.is === "sql" || first.later.has(name) ? [] : [name],
  );
  const there = batch.filter(({ known }) => known !== null);
  for (const isMoved of [false, true]) {
    const rows = there.filter((one) => one.isMoved === isMoved);
    const columns = columnsOf(
      target,
      given.filter((name) => isMoved || !keyColumns.includes(name)),
    );
    await update(session, rows, { columns, isMoved, find });
  }
  const missing = batch.filter(({ known }) => known === null);
  if (missing.length > 0) {
    const columns = columnsOf(target, [...new Set([...given, ...first.preset.keys()])]);
    const computed = [...first.row.values].flatMap(([name, value]) => (value.is === "sql" ? [[name, value.sql]] : []));
    const names = [...columns.map(({ name }) => name), ...computed.map(([name = ""]) => name)].map(quoteName);
    const values = [...columns.map(({ name }) => `d.${quoteName(name)}`), ...computed.map(([, sql]) => `(${sql})`)];
    // Identity columns are given where a row refers to them before they are there.
    const insert = `insert into ${target.text} (${names.join(", ")}) overriding system value
      select ${values.join(", ")} from ${recordset(columns.map(typed))} order by d.${ROW}`;
    await sending(session, missing, async (rows) => {
      await session.query(insert, [
        JSON.stringify(rows.map((one, at) => ({ "verso row": at, ...jsonOf(one, columns, find) }))),
      ]);
    });
    for (const one of missing) one.outcome = "inserted";
  }
  // Others refer to what is there now.
  const changed = batch.filter(({ outcome }) => outcome !== "unchanged");
  for (const one of changed) one.known = null;
  await lookUp(session, changed, find);
  const lost = batch.find(({ known }) => known === null);
  if (lost !== undefined) {
    throw new Diagnostic({
      code: "seed-refused",
      what: `the row ${lost.row.name} was written into ${target.text}, and is not found there by its key`,
      at: lost.row.at,
      why: `a trigger, a rule or a policy changed ${keyColumns.join(", ")}, or kept the row out`,
      next: "declare the key as the database has it then, or choose another key",
    });
  }
}

/** Finds rows by their declared keys. @throws Diagnostic `seed-key-ambiguous` */
async function lookUp(session: Session, rows: readonly Pending[], find: Find): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = columnsOf(first.target, first.keyColumns);
  const json = rows.map((one, at) => ({ "verso row": at, ...jsonOf(one, columns, find) }));
  await lookUpBy(session, rows, columns, json);
}

/** Finds the others by the keys that they had, unless another row has such a key now: that one it is then. */
async function followFormer(session: Session, batch: readonly Pending[], all: readonly Pending[]): Promise<void> {
  const rows = batch.filter((one) => one.known === null && one.formerKey !== null);
  const [first] = rows;
  if (first === undefined) return;
  const { target, keyColumns } = first;
  const keyOf = ({ known }: Pending) => JSON.stringify(keyColumns.map((name) => known?.get(name)));
  const taken = new Set(all.filter((one) => one.target === target && one.known !== null).map(keyOf));
  const json = rows.map((one, at) => ({ "verso row": at, ...one.formerKey }));
  await lookUpBy(session, rows, columnsOf(target, keyColumns), json);
  for (const one of rows) {
    if (taken.has(keyOf(one))) one.known = null;
    one.isMoved = one.known !== null;
  }
}

async function lookUpBy(
  session: Session,
  rows: readonly Pending[],
  key: readonly TargetColumn[],
  json: readonly object[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const { target, read } = first;
  const match = key.map(({ name }) => `t.${quoteName(name)} = d.${quoteName(name)}`).join(" and ");
  const found = await sending(session, rows, (some) =>
    session.query<{ at: number; known: readonly (string | null)[] }>(
      `select d.${ROW} as at, array[${read.map((name) => `t.${quoteName(name)}::text`).join(", ")}]::text[] as known
       from ${recordset(key.map(typed))} join ${target.text} t on ${match}`,
      [JSON.stringify(some.map((one, at) => ({ ...json[rows.indexOf(one)], "verso row": at })))],
    ),
  );
  const seen = new Set<Pending>();
  for (const { at, known } of found) {
    const one = rows[at];
    if (one === undefined) continue;
    if (seen.has(one)) {
      throw new Diagnostic({
        code: "seed-key-ambiguous",
        what: `several rows of ${target.text} have the key of ${one.row.name}`,
        at: one.row.at,
        why: `nothing there keeps ${first.keyColumns.join(", ")} unique`,
        next: "choose a key that is unique, or make one of them of several columns",
      });
    }
    seen.add(one);
    one.known = new Map(read.map((name, i) => [name, known[i] ?? null]));
  }
}

interface Update {
  readonly columns: readonly TargetColumn[];
  /** The row is found by the key that it had. */
  readonly isMoved: boolean;
  readonly find: Find;
}

/** Writes rows that differ from what is declared, and no others: no trigger fires for what is as it should be. */
async function update(session: Session, rows: readonly Pending[], { columns, isMoved, find }: Update): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  for (const one of rows) one.outcome ??= "unchanged";
  if (columns.length === 0) return;
  const { target, keyColumns } = first;
  const key = columnsOf(target, keyColumns);
  const keyName = (name: string): string => `key ${name}`;
  const match = key.map(({ name }) => `t.${quoteName(name)} = d.${quoteName(keyName(name))}`).join(" and ");
  const differs = columns.map(({ name }) => `t.${quoteName(name)}::text is distinct from d.${quoteName(name)}::text`);
  const sets = columns.map(({ name }) => `${quoteName(name)} = d.${quoteName(name)}`);
  const shape = [...columns.map(typed), ...key.map(({ name, type }) => [keyName(name), type] as const)];
  const statement = `update ${target.text} as t set ${sets.join(", ")} from ${recordset(shape)}
    where ${match} and (${differs.join(" or ")}) returning d.${ROW} as at`;
  const changed = await sending(session, rows, (some) =>
    session.query<{ at: number }>(statement, [
      JSON.stringify(
        some.map((one, at) => {
          const own = isMoved ? (one.formerKey ?? {}) : jsonOf(one, key, find);
          const keys = keyColumns.map((name) => [keyName(name), own[name]] as const);
          return { "verso row": at, ...jsonOf(one, columns, find), ...Object.fromEntries(keys) };
        }),
      ),
    ]),
  );
  for (const { at } of changed) {
    const one = rows[at];
    if (one !== undefined && one.outcome === "unchanged") one.outcome = "updated";
  }
}

async function fillLater(session: Session, one: Pending, find: Find): Promise<void> {
  const columns = columnsOf(one.target, [...one.later]);
  await update(session, [one], { columns, isMoved: false, find });
}

interface Circle {
  readonly waitsFor: (one: Pending) => readonly (readonly [column: string, Pending])[];
  readonly find: Find;
}

/** Lets one row that waits for others go ahead. @throws Diagnostic `seed-circle` where keys are on the circle */
async function breakCircle(session: Session, todo: readonly Pending[], { waitsFor, find }: Circle): Promise<void> {
  const [first] = todo;
  if (first === undefined) return;
  const isFree = (one: Pending, column: string) => one.target.columns.get(column)?.notNull === false;
  const isKey = (one: Pending, column: string) => one.keyColumns.includes(column);
  const nullable = todo.find((one) => waitsFor(one).every(([column]) => isFree(one, column) && !isKey(one, column)));
  if (nullable !== undefined) {
    for (const [column] of waitsFor(nullable)) nullable.later.add(column);
    return;
  }
  const firm = todo.find((one) => waitsFor(one).every(([column]) => !isKey(one, column)));
  if (firm === undefined) throw circle(first, waitsFor(first));
  for (const [column, other] of waitsFor(firm)) {
    const value = firm.row.values.get(column);
    if (value?.is !== "row") continue;
    if (other.keyColumns.every((name) => !waitsFor(other).some(([waiting]) => waiting === name))) {
      await lookUp(session, [other], find);
    }
    if (other.known !== null) continue;
    const own = other.row.values.get(value.of.column);
    const read = other.target.columns.get(value.of.column);
    const settled = own?.is === "value" ? textOfJson(own.json) : await defaultOf(session, other.target, read);
    if (settled === null) throw circle(firm, waitsFor(firm));
    other.preset.set(value.of.column, settled);
  }
}

const textOfJson = (json: unknown): string => (typeof json === "string" ? json : JSON.stringify(json));

async function defaultOf(
  session: Session,
  { text }: TargetTable,
  column: TargetColumn | undefined,
): Promise<string | null> {
  if (column === undefined) return null;
  const [sequence] = await session.query<{ name: string | null }>("select pg_get_serial_sequence($1, $2) as name", [
    text,
    column.name,
  ]);
  const expression =
    column.default ?? (sequence?.name == null ? null : `nextval('${sequence.name.replaceAll("'", "''")}')`);
  if (expression === null) return null;
  const [row] = await session.query<{ value: string | null }>(`select (${expression})::text as value`);
  return row?.value ?? null;
}

function circle(one: Pending, waits: readonly (readonly [string, Pending])[]): Diagnostic {
  const [column = "", other] = waits[0] ?? [];
  return new Diagnostic({
    code: "seed-circle",
    what: `the row ${one.row.name} of ${one.target.text} waits for the row ${other?.row.name} of ${other?.target.text}, and that one for it`,
    at: one.row.at,
    why: one.keyColumns.includes(column)
      ? `${column} is part of its key, so that it cannot be looked for before`
      : `${column} cannot be null, and what it refers to has no default`,
    next: "give one of them a value that does not refer to the other, or another key",
  });
}

/** Sends rows all at once; where PostgreSQL refuses them one by one, to say which it is. */
async function sending<T>(
  session: Session,
  rows: readonly Pending[],
  work: (rows: readonly Pending[]) => Promise<T>,
): Promise<T> {
  if (rows.length === 0) return work(rows);
  await session.run("SAVEPOINT verso_seed");
  try {
    const result = await work(rows);
    await session.run("RELEASE SAVEPOINT verso_seed");
    return result;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await session.run("ROLLBACK TO SAVEPOINT verso_seed");
    const [first] = rows;
    if (first === undefined || rows.length === 1) throw refused(first, error);
    for (const one of rows) {
      try {
        await work([one]);
      } catch (again) {
        throw again instanceof DatabaseError ? refused(one, again) : again;
      }
    }
    throw refused(first, error);
  }
}

const NEXT: Readonly<Record<string, string>> = {
  "23505": "another row has that already, under another key: correct the row, or choose that as the key",
  "23503": "refer to a seeded row by name, `people.rows.ann.id`, so that it is there first; or correct the value",
  "23502": "give the column a value in this row",
  "42501": "connect as the table's owner, or as a role with BYPASSRLS where policies hold for the owner too",
};

function refused(one: Pending | undefined, error: DatabaseError): Diagnostic {
  const { detail } = error.fields;
  return new Diagnostic(
    {
      code: "seed-refused",
      what: `PostgreSQL refuses the row ${one?.row.name} of ${one?.target.text}`,
      at: one?.row.at,
      why: `${error.message}${detail === undefined ? "" : `: ${detail}`} (SQLSTATE ${error.code})`,
      next: NEXT[error.code] ?? "correct the row",
    },
    error,
  );
}
