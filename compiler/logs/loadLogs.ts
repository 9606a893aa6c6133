import { withoutMigrations } from "../apply/lock.ts";
import type { LogFile, LogRows } from "../declare/loaders.ts";
import { row as rowOf } from "../declare/seeds.ts";
import { Diagnostic, formatPosition, type Position } from "../diagnostic.ts";
import { grouped } from "../grouped.ts";
import { nearest } from "../nearest.ts";
import { plural } from "../quantities.ts";
import { quoteName, quotePath } from "../quote.ts";
import type { SeededRow, SeededValue, TableSeed } from "../seed/seedFile.ts";
import { readTables, type SeedTables } from "../seed/seedTables.ts";
import { advanceSequences } from "../seed/sequences.ts";
import { type SeededRowState, upsertRows } from "../seed/upsert.ts";
import { writeAs } from "../seed/writeAs.ts";
import type { Session } from "../session/session.ts";
import { inTransaction } from "../session/transaction.ts";
import type { GatheredLoader } from "./gatherLoaders.ts";
import { removeGone, type ToldWhole } from "./removeGone.ts";

export interface LoadRequest {
  readonly loaders: readonly GatheredLoader[];
  readonly files: readonly LogFile[];
  /** Under which SQL in the rows is read. */
  readonly searchPath: readonly string[];
}

export interface LoadOptions {
  /** Consent to removing rows that a log told of before and tells of no longer. */
  readonly acceptDataLoss?: boolean;
  /** Everything is done and taken back. */
  readonly dryRun?: boolean;
  readonly onProgress?: (table: string, done: number, total: number) => void;
}

export interface LoadedTable {
  readonly table: string;
  /** Rows that the logs tell of, and as many as are found in the database by their keys. */
  readonly told: number;
  readonly found: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
}

export interface LoadOutcome {
  readonly files: readonly { readonly path: string; readonly rows: Readonly<Record<string, number>> }[];
  readonly tables: readonly LoadedTable[];
  readonly isDryRun: boolean;
}

/** A row as a log tells of it. */
interface ToldRow {
  readonly seed: Omit<TableSeed, "rows">;
  readonly row: SeededRow;
  readonly at: Position;
  readonly path: string;
}

/** What logs tell of. */
interface Telling {
  readonly rows: ToldRow[];
  readonly wholes: ToldWhole[];
}

/**
 * Brings what logs tell of into the database, in one transaction: all of it or nothing. Nobody migrates it meanwhile. Rows are found again by their keys, so
 * that what is there as told is not written, and what was corrected in a log is corrected there. In the end the rows are
 * counted in the database, against what the logs told.
 * @throws Diagnostic `log-unclaimed`, `log-problems`, `log-row-twice`, `log-rows-gone`, `log-rows-referred`, `log-count`, `target-locked`, and those of seeds
 */
export async function loadLogs(
  session: Session,
  { loaders, files, searchPath }: LoadRequest,
  { acceptDataLoss = false, dryRun = false, onProgress }: LoadOptions = {},
): Promise<LoadOutcome> {
  const load = async (): Promise<LoadOutcome> => {
    await writeAs(session, searchPath);
    const { rows: told, wholes } = await readAll(session, loaders, files);
    const seeds = seedsOf(told, wholes);
    const file = { environment: "logs", searchPath, seeds };
    const tables = await readTables(session, [file], []);
    const states = await upsertRows(session, tables, { wanted: [file], memory: [], onProgress });
    const removed = await removeGone(session, { tables, wholes, states, isAccepted: acceptDataLoss });
    const counted = await countAll(session, states, tables);
    // What a sequence has gone on to, no ROLLBACK takes back.
    if (!dryRun) await advanceSequences(session, states);
    return {
      files: files.map(({ path }) => ({ path, rows: countsBy(told.filter((one) => one.path === path)) })),
      tables: counted.map((one) => ({ ...one, removed: removed.get(one.table) ?? 0 })),
      isDryRun: dryRun,
    };
  };
  return dryRun
    ? inTransaction(session, load, { isTrial: true })
    : withoutMigrations(session, () => inTransaction(session, load));
}

const tableOf = ({ seed }: ToldRow): string => quotePath(seed.schema, seed.table);

const countsBy = (told: readonly ToldRow[]): Readonly<Record<string, number>> =>
  Object.fromEntries([...grouped(told, tableOf)].map(([table, rows]) => [table, rows.length]));

const LISTED = 20;

/** @throws Diagnostic `log-problems`, which lists them, each with its place */
async function readAll(
  session: Session,
  loaders: readonly GatheredLoader[],
  files: readonly LogFile[],
): Promise<Telling> {
  const told: Telling = { rows: [], wholes: [] };
  const problems: string[] = [];
  for (const file of files) {
    const loader = loaderFor(file, loaders);
    const found: { readonly at: Position; readonly says: string }[] = [];
    const problem: LogRows["problem"] = (at, what, next) => void found.push({ at, says: `${what}; ${next}` });
    await loader.definition.read(file, rowsInto(session, loader, file, told, problem));
    found.sort(({ at: one }, { at: other }) => one.line - other.line || one.column - other.column);
    problems.push(...found.map(({ at, says }) => `${formatPosition(at)} ${says}`));
  }
  if (problems.length === 0) return told;
  const rest = problems.length - LISTED;
  throw new Diagnostic({
    code: "log-problems",
    what: `${plural(problems.length, "thing")} in the logs cannot be read; nothing was loaded`,
    why: problems.slice(0, LISTED).join("\n") + (rest > 0 ? `\nand ${rest} more` : ""),
    next: "correct the logs where it says so, and load them again",
  });
}

function loaderFor({ path }: LogFile, loaders: readonly GatheredLoader[]): GatheredLoader {
  const fit = loaders.filter(({ definition }) => definition.files.test(path));
  const [only, ...others] = fit;
  if (only !== undefined && others.length === 0) return only;
  throw new Diagnostic({
    code: "log-unclaimed",
    what: only === undefined ? `no loader takes ${path}` : `${fit.length} loaders take ${path}`,
    at: path,
    why: (fit.length > 0 ? fit : loaders)
      .map(({ definition: { about, files } }) => `${about} takes ${files}`)
      .join("; "),
    next:
      only === undefined ? "put the file where one takes it, or leave it out" : "make their `files` exclude each other",
  });
}

function rowsInto(
  session: Session,
  { target, value }: GatheredLoader,
  { path }: LogFile,
  told: Telling,
  problem: LogRows["problem"],
): LogRows {
  const known = new Map<string, Promise<readonly Texts[]>>();
  const find = async (table: Parameters<typeof target>[0], by: Readonly<Record<string, string>>, at: Position) => {
    const key = JSON.stringify([target(table), by]);
    const found = known.get(key) ?? look(session, target(table), by);
    known.set(key, found);
    const [row, ...others] = await found;
    if (row !== undefined && others.length === 0) return row;
    const { schema, table: name } = target(table);
    const path = quotePath(schema, name);
    const asked = Object.entries(by)
      .map(([column, text]) => `${column} "${text}"`)
      .join(" and ");
    if (row !== undefined) {
      problem(at, `several rows of ${path} have ${asked}, but for capitals`, "write it as one of them has it");
      return null;
    }
    const meant = await nearestTo(session, target(table), by);
    const next = meant === null ? "correct it, or add that row first" : `did you mean "${meant}"?`;
    problem(at, `there is no row of ${path} with ${asked}`, next);
    return null;
  };
  const valuesOf = (values: object) =>
    new Map(
      Object.entries(values).flatMap(([column, one]): [string, SeededValue][] =>
        one === undefined ? [] : [[column, value(one)]],
      ),
    );
  const add = (seed: ToldRow["seed"], values: ToldRow["row"]["values"], at: Position): string => {
    const name = `${formatPosition(at)} ${seed.table}`;
    told.rows.push({ seed, row: { name, values, at }, at, path });
    return name;
  };
  const seedOf = (table: Parameters<typeof target>[0], key: readonly string[]): ToldRow["seed"] => {
    const { schema, table: name } = target(table);
    return { schema, table: name, key };
  };
  return {
    // The values are texts under the columns' names, which no type can follow from a query.
    find: find as LogRows["find"],
    add: (table, { key, values, at }) => rowOf(table, add(seedOf(table, key), valuesOf(values), at)),
    addAll: (table, { key, of, rows, at }) => {
      const seed = seedOf(table, key);
      told.wholes.push({ seed, of: valuesOf(of), at });
      for (const one of rows) add(seed, valuesOf({ ...one.values, ...of }), one.at);
    },
    problem,
  };
}

type Texts = Readonly<Record<string, string | null>>;

/** The row that is called exactly so, or all that are but for capitals. */
async function look(
  session: Session,
  { schema, table, columns }: ReturnType<GatheredLoader["target"]>,
  by: Readonly<Record<string, string>>,
): Promise<readonly Texts[]> {
  const pairs = [...columns].map((name) => `'${name.replaceAll("'", "''")}', t.${quoteName(name)}::text`);
  const where = Object.keys(by).map((name, i) => `lower(t.${quoteName(name)}::text) = lower($${i + 1})`);
  const found = await session.query<{ row: Texts }>(
    `select json_build_object(${pairs.join(", ")}) as row from ${quotePath(schema, table)} t where ${where.join(" and ")}`,
    Object.values(by),
  );
  const rows = found.map(({ row }) => row);
  const exact = rows.filter((row) => Object.entries(by).every(([name, text]) => row[name] === text));
  return exact.length === 1 ? exact : rows;
}

/** What a name was meant to be, where rows are found by one. */
async function nearestTo(
  session: Session,
  { schema, table }: ReturnType<GatheredLoader["target"]>,
  by: Readonly<Record<string, string>>,
): Promise<string | null> {
  const [[column, text] = ["", ""], ...others] = Object.entries(by);
  if (others.length > 0) return null;
  const rows = await session.query<{ name: string }>(
    `select t.${quoteName(column)}::text as name from ${quotePath(schema, table)} t order by 1 limit 10000`,
  );
  return nearest(
    text,
    rows.map(({ name }) => name),
  );
}

/** @throws Diagnostic `log-row-twice` */
function seedsOf(told: readonly ToldRow[], wholes: readonly ToldWhole[]): readonly TableSeed[] {
  const all = [...told, ...wholes];
  return [...grouped(all, ({ seed }) => JSON.stringify(seed)).values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const rows = some.filter((one) => "row" in one);
    const seen = new Map<string, ToldRow>();
    for (const one of rows) {
      const key = JSON.stringify(one.seed.key.map((column) => one.row.values.get(column)));
      const twin = seen.get(key);
      if (twin !== undefined) throw toldTwice(one, twin);
      seen.set(key, one);
    }
    return [{ ...first.seed, rows: rows.map(({ row }) => row) }];
  });
}

const toldTwice = (one: ToldRow, twin: ToldRow): Diagnostic =>
  new Diagnostic({
    code: "log-row-twice",
    what: `two entries tell of the same row of ${tableOf(one)}; nothing was loaded`,
    at: one.at,
    why: `the other one is at ${formatPosition(twin.at)}; both have the same ${one.seed.key.join(", ")}`,
    next: "make one entry of both",
  });

/** Keys given as JSON, each column of its own type. */
function keysOf({ target, key }: SeededRowState): string {
  const columns = Object.keys(key).map((name) => `${quoteName(name)} ${target.columns.get(name)?.type}`);
  return `json_to_recordset($1::json) as k(${columns.join(", ")})`;
}

/** @throws Diagnostic `log-count` where not as many are there as were told */
async function countAll(
  session: Session,
  states: readonly SeededRowState[],
  tables: SeedTables,
): Promise<readonly Omit<LoadedTable, "removed">[]> {
  const counted: Omit<LoadedTable, "removed">[] = [];
  for (const target of tables.inOrder) {
    const own = states.filter((one) => one.target === target);
    let found = 0;
    for (const rows of grouped(own, ({ key }) => JSON.stringify(Object.keys(key))).values()) {
      const [first] = rows;
      if (first === undefined) continue;
      const same = Object.keys(first.key).map((name) => `t.${quoteName(name)} = k.${quoteName(name)}`);
      const [row] = await session.query<{ count: number }>(
        `select count(*)::int as count from ${target.text} t join ${keysOf(first)} on ${same.join(" and ")}`,
        [JSON.stringify(rows.map(({ key }) => key))],
      );
      found += row?.count ?? 0;
    }
    if (found !== own.length) {
      throw new Diagnostic({
        code: "log-count",
        what: `the logs tell of ${own.length} rows of ${target.text}, and the database has ${found}; nothing was loaded`,
        why: "a trigger or a rule changed, removed or added rows",
        next: "see what the table's triggers do with what is loaded",
      });
    }
    const outcome = (wanted: SeededRowState["outcome"]) => own.filter((one) => one.outcome === wanted).length;
    const [inserted, updated, unchanged] = [outcome("inserted"), outcome("updated"), outcome("unchanged")];
    counted.push({ table: target.text, told: own.length, found, inserted, updated, unchanged });
  }
  return counted;
}
