import { type Geometry, type InAnySystem, writeGeometry } from "../session/geojson.ts";
import type { Parameter } from "../session/session.ts";
import { type CallOptions, type Database, execute, type Row, type Value } from "./statement.ts";
import type { DomainConstraints } from "./violations.ts";

/** What is written, as the generated file says it. Names are SQL, quoted. */
export interface WrittenTable {
  readonly name: string;
  /** Types that values are written as, by column: `{ id: "uuid", tags: "text[]" }`. */
  readonly columns: Readonly<Record<string, string>>;
  /** Column names as SQL, where they need quotes. */
  readonly quoted: Readonly<Record<string, string>>;
  /** What RETURNING gives: all columns. */
  readonly returning: string;
  readonly constraints: DomainConstraints;
}

/** What to do with a row that is there already: by the columns of a key. */
export interface Conflict {
  readonly columns: readonly string[];
  readonly action: "update" | "nothing";
}

/** Rows that have the same columns go in one statement; the whole is in one transaction. */
export async function insertRows<R>(
  db: Database,
  table: WrittenTable,
  given: readonly object[],
  options?: CallOptions,
  conflict?: Conflict,
): Promise<readonly R[]> {
  return inGroups<R>(db, table, given, async (transaction, columns, rows) => {
    if (columns.length > 0) {
      const { source, values } = sourceOf(table, columns, rows);
      const text = insertText(table, columns, conflict, source);
      return execute<R>(transaction, text, values, options, table.constraints);
    }
    const text = insertText(table, columns, conflict);
    const written: R[] = [];
    for (const _ of rows) written.push(...(await execute<R>(transaction, text, [], options, table.constraints)));
    return written;
  });
}

/** One row of them, as it is in the table then. */
export async function insertRow<R>(
  db: Database,
  table: WrittenTable,
  row: object,
  options?: CallOptions,
  conflict?: Conflict,
): Promise<R> {
  const columns = columnsOf(row as Row, table);
  const values = parametersOf(row as Row, columns, table);
  // A parameter for each value costs less than JSON.
  const [found] =
    values === null
      ? await insertRows<R>(db, table, [row], options, conflict)
      : await execute<R>(db, insertOneText(table, columns, conflict), values, options, table.constraints);
  // A trigger, or a rule, may have refused it without a word.
  if (found === undefined) throw new Error(`${table.name}: the row was not inserted`);
  return found;
}

/** The row that a key finds, with new values; null where there is none. The key is among the values. */
export async function updateRow<R>(
  db: Database,
  table: WrittenTable,
  key: readonly string[],
  row: object,
  options?: CallOptions,
): Promise<R | null> {
  const columns = columnsOf(row as Row, table);
  const values = parametersOf(row as Row, columns, table);
  const rows =
    values === null
      ? await updateRows<R>(db, table, key, [row], options)
      : await execute<R>(db, updateOneText(table, columns, key), values, options, table.constraints);
  return rows[0] ?? null;
}

/** Each row by its key, with values of its own. */
export async function updateRows<R>(
  db: Database,
  table: WrittenTable,
  key: readonly string[],
  given: readonly object[],
  options?: CallOptions,
): Promise<readonly R[]> {
  return inGroups<R>(db, table, given, (transaction, columns, rows) => {
    const set = columnsToSet(table, columns, key);
    const { source, values } = sourceOf(table, columns, rows);
    const text = updateText(table, columns, set, key, source);
    return execute<R>(transaction, text, values, options, table.constraints);
  });
}

function columnsToSet(table: WrittenTable, columns: readonly string[], key: readonly string[]): readonly string[] {
  const set = columns.filter((column) => !key.includes(column));
  if (set.length === 0) throw new EmptyUpdate(table.name);
  const missing = key.filter((column) => !columns.includes(column));
  if (missing.length > 0) throw new TypeError(`${table.name}: a row without ${missing.join(", ")}`);
  return set;
}

/** An update that says no value, which would be no statement at all. */
export class EmptyUpdate extends Error {
  override readonly name = "EmptyUpdate";
  constructor(table: string) {
    super(`${table}: nothing to set; leave the call out, or say which columns get which values`);
  }
}

async function inGroups<R>(
  db: Database,
  table: WrittenTable,
  given: readonly object[],
  write: (db: Database, columns: readonly string[], rows: readonly Row[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const rows = given as readonly Row[];
  const groups = new Map<string, { readonly columns: readonly string[]; readonly at: number[] }>();
  rows.forEach((row, i) => {
    const columns = columnsOf(row, table);
    const id = columns.join("\0");
    const known = groups.get(id);
    if (known !== undefined) known.at.push(i);
    else groups.set(id, { columns, at: [i] });
  });
  const all = [...groups.values()];
  const [only] = all;
  if (only === undefined) return [];
  if (all.length === 1) return write(db, only.columns, rows);
  return db.tx(async (transaction) => {
    const written: R[][] = [];
    let isWhole = true;
    for (const { columns, at } of all) {
      const some = at.flatMap((i) => rows.slice(i, i + 1));
      const found = await write(transaction, columns, some);
      isWhole &&= found.length === at.length;
      written.push([...found]);
    }
    if (!isWhole) return written.flat();
    // As they were given.
    const ordered: R[] = [];
    all.forEach(({ at }, group) => {
      at.forEach((i, n) => {
        const row = written[group]?.[n];
        if (row !== undefined) ordered[i] = row;
      });
    });
    return ordered;
  });
}

/** Columns that a row has values for. */
function columnsOf(row: Row, table: WrittenTable): readonly string[] {
  const columns = Object.keys(row).filter((column) => row[column] !== undefined);
  const wrong = columns.find((column) => !Object.hasOwn(table.columns, column));
  if (wrong !== undefined) throw new TypeError(`${table.name} takes no value for ${wrong}`);
  return columns;
}

/** Values as parameters, or null where one can only be said inside JSON: a composite, a list of JSON. */
function parametersOf(row: Row, columns: readonly string[], table: WrittenTable): readonly Value[] | null {
  const values: Value[] = [];
  for (const column of columns) {
    const type = table.columns[column] ?? "";
    const value = row[column];
    if (value === null) values.push(null);
    else if (/^jsonb?$/.test(type)) values.push(JSON.stringify(value));
    else if (/^jsonb?\b/.test(type)) return null;
    else if (isParameter(value) || (isSpatial(type) && !Array.isArray(value))) values.push(value as Value);
    else return null;
  }
  return columns.length === 0 ? null : values;
}

const isParameter = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every((one) => one === null || isParameter(one))
    : typeof value !== "object" || value instanceof Uint8Array;

const texts = new WeakMap<WrittenTable, Map<string, string>>();

/** Made once for the columns that it writes. */
function textOnce(table: WrittenTable, key: string, make: () => string): string {
  const known = texts.get(table) ?? new Map<string, string>();
  texts.set(table, known);
  const text = known.get(key) ?? make();
  known.set(key, text);
  return text;
}

function insertOneText(table: WrittenTable, columns: readonly string[], conflict: Conflict | undefined): string {
  return textOnce(table, JSON.stringify([columns, conflict]), () => {
    const names = columns.map((column) => nameOf(table, column)).join(", ");
    const values = columns.map((_, i) => `$${i + 1}`).join(", ");
    return [
      `insert into ${table.name} (${names}) values (${values})`,
      ...(conflict === undefined ? [] : [conflictText(table, columns, conflict)]),
      `returning ${table.returning}`,
    ].join(" ");
  });
}

function updateOneText(table: WrittenTable, columns: readonly string[], key: readonly string[]): string {
  const set = columnsToSet(table, columns, key);
  return textOnce(table, JSON.stringify([columns, "by", key]), () => {
    const equal = (column: string) => `${nameOf(table, column)} = $${columns.indexOf(column) + 1}`;
    return `update ${table.name} set ${set.map(equal).join(", ")} where ${key.map(equal).join(" and ")} returning ${table.returning}`;
  });
}

const nameOf = ({ quoted }: WrittenTable, column: string): string => quoted[column] ?? column;

const recordset = (table: WrittenTable, columns: readonly string[]): string =>
  `pg_catalog.jsonb_to_recordset($1::jsonb) as v(${columns
    .map((column) => `${nameOf(table, column)} ${table.columns[column]}`)
    .join(", ")})`;

/** Rows as what a statement selects from: a list for each column, or JSON where lists would not say all. */
function sourceOf(
  table: WrittenTable,
  columns: readonly string[],
  rows: readonly Row[],
): { readonly source: string; readonly values: readonly Value[] } {
  const values: Value[] = [];
  for (const column of columns) {
    const list = listOf(column, rows, table.columns[column] ?? "");
    if (list === null) return { source: recordset(table, columns), values: [toJson(rows, columns, table)] };
    values.push(list);
  }
  // Without length or precision: a cast would cut off what is too long, which is an error in a column.
  const lists = columns.map((column, i) => `$${i + 1}::${table.columns[column]?.replace(/\s*\([^)]*\)/, "")}[]`);
  const names = columns.map((column) => nameOf(table, column)).join(", ");
  return { source: `unnest(${lists.join(", ")}) as v(${names})`, values };
}

/** A column's values, or null where they are no list: its elements would be lists or rows themselves. */
function listOf(column: string, rows: readonly Row[], type: string): readonly Parameter[] | null {
  // Without its length a char or bit is one character long.
  if (/\[|"|^box$|^(?:char|character|bit)\b(?! varying)/.test(type) || isSpatial(type)) return null;
  const isJson = /^jsonb?$/.test(type);
  const list: Parameter[] = [];
  for (const row of rows) {
    const value = row[column];
    if (isJson && value !== null) list.push(JSON.stringify(value));
    else if (Array.isArray(value) || !(value === null || isParameter(value))) return null;
    else list.push(value as Parameter);
  }
  return list;
}

export function insertText(
  table: WrittenTable,
  columns: readonly string[],
  conflict?: Conflict,
  source = recordset(table, columns),
): string {
  const names = columns.map((column) => nameOf(table, column));
  const values = names.map((name) => `v.${name}`).join(", ");
  // A row of nothing but defaults has no columns to name.
  const rows = names.length === 0 ? "default values" : `(${names.join(", ")}) select ${values} from ${source}`;
  return [
    `insert into ${table.name} ${rows}`,
    ...(conflict === undefined ? [] : [conflictText(table, columns, conflict)]),
    `returning ${table.returning}`,
  ].join(" ");
}

function conflictText(table: WrittenTable, columns: readonly string[], { columns: key, action }: Conflict): string {
  const target = key.length === 0 ? "" : ` (${key.map((column) => nameOf(table, column)).join(", ")})`;
  const set = columns.filter((column) => !key.includes(column));
  if (action === "nothing") return `on conflict${target} do nothing`;
  // Where there is nothing to set, the row is returned all the same.
  const changed = (set.length === 0 ? key : set).map((column) => nameOf(table, column));
  return `on conflict${target} do update set ${changed.map((name) => `${name} = excluded.${name}`).join(", ")}`;
}

export function updateText(
  table: WrittenTable,
  columns: readonly string[],
  set: readonly string[],
  key: readonly string[],
  source = recordset(table, columns),
): string {
  const changes = set.map((column) => nameOf(table, column)).map((name) => `${name} = v.${name}`);
  const same = key.map((column) => nameOf(table, column)).map((name) => `t.${name} = v.${name}`);
  const returned = Object.keys(table.columns).length === 0 ? table.returning : qualified(table.returning);
  return `update ${table.name} as t set ${changes.join(", ")} from ${source} where ${same.join(" and ")} returning ${returned}`;
}

const qualified = (list: string): string => list.replaceAll(/"(?:[^"]|"")*"|[^,\s]+/g, (name) => `t.${name}`);

/** Rows as JSON whose texts PostgreSQL reads as it reads any text: no digit of a bigint is lost. */
function toJson(rows: readonly Row[], columns: readonly string[], table: WrittenTable): string {
  const special = columns.filter((column) => !isPlain(table.columns[column] ?? ""));
  const given =
    special.length === 0
      ? rows
      : rows.map((row) => ({
          ...row,
          ...Object.fromEntries(
            special.map((column) => [column, plain(row[column], isSpatial(table.columns[column] ?? ""))]),
          ),
        }));
  return JSON.stringify(given);
}

// Values of these are JSON's own, or text.
const isPlain = (type: string): boolean =>
  !/^(?:bigint|real|double precision|bytea|geometry|geography)\b|\[\]$|"|\./.test(type);

const isSpatial = (type: string): boolean => /^(?:\w+\.)?(?:geometry|geography)\b/.test(type);

function plain(value: unknown, isPlace: boolean): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map((one) => plain(one, isPlace));
  if (isPlace && value !== null && typeof value === "object") return writeGeometry(value as Geometry);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, plain(inside, false)]));
  }
  return value;
}

/** JSON for a parameter that is one. */
export const asJson = (value: unknown): string => JSON.stringify(value);

/** A place as PostGIS reads it; WKT that says no reference system is in the one of this number. */
export function asPlace(place: InAnySystem<Geometry> | string, srid: number): string {
  if (typeof place !== "string") return writeGeometry(place);
  const text = place.trim();
  if (text.startsWith("{")) return writeGeometry(JSON.parse(text));
  return srid > 0 && /^(?!srid=)[a-z]/i.test(text) ? `SRID=${srid};${text}` : text;
}
