import { withLock } from "../apply/lock.ts";
import { Diagnostic } from "../diagnostic.ts";
import { nearest } from "../nearest.ts";
import { quoteName, quotePath } from "../quote.ts";
import { type Bed, type Garden, layOut, NO_WISHES, plantingOrder, readQualified } from "../rows/garden.ts";
import { attempt, JUDGE_FUNCTIONS, type Value } from "../rows/judge.ts";
import type { ForeignKeyShape, TableShape } from "../rows/tableShapes.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { inTransaction } from "../session/transaction.ts";
import { copyText } from "./copyText.ts";
import type { TableRules } from "./gatherSeeds.ts";
import { type KeyTuples, keyTuples, sampleParents } from "./keyTuples.ts";
import { type RowMaker, rowMaker } from "./rowMaker.ts";
import { writeAs } from "./writeAs.ts";

export interface GenerateRequest {
  /** The domain's tables. */
  readonly tables: readonly { readonly schema: string; readonly name: string }[];
  readonly rules: readonly TableRules[];
  /** Tables whose rows are given: they get no others unless asked for by name. */
  readonly given: readonly { readonly schema: string; readonly name: string }[];
  /** Under which triggers and checks find what they name. */
  readonly searchPath: readonly string[];
}

export interface GenerateOptions {
  /** New rows of each table that is asked for. */
  readonly rows: number;
  /** The same number, in the same database, gives the same rows; 1 when not given. */
  readonly seed?: number;
  /** Names, with or without schema. When not given, every table that no other refers to. */
  readonly tables?: readonly string[];
  readonly dryRun?: boolean;
  readonly onProgress?: (table: string, done: number, total: number) => void;
}

export interface GeneratedTable {
  readonly table: string;
  readonly rows: number;
  readonly wanted: number;
  /** What kept it from all of them, and what to do; null when there are. */
  readonly why: string | null;
  readonly durationMs: number;
}

/** Of rows that others refer to there is one for so many. */
const ROWS_PER_PARENT = 10;
const BATCH = 20_000;
/** Of a parent's rows that serve for foreign keys where not every one is needed. */
const KEYS = 100_000;
/** Where PostgreSQL refuses rows: so many are tried at most for one that is wanted, and so often in vain. */
const LEAST_SHARE = 0.02;
const PATIENCE = 3;

/**
 * Fills tables with rows that satisfy all their constraints, by COPY, and the tables that they refer to as far as needed; all
 * in one transaction, under the lock that migrations take. Triggers fire.
 * @throws Diagnostic `generate-table-unknown`, `target-locked`, `generate-refused`
 */
export async function generateRows(
  session: Session,
  request: GenerateRequest,
  options: GenerateOptions,
): Promise<readonly GeneratedTable[]> {
  const run = () =>
    tellingRefusal(() =>
      inTransaction(session, () => fill(session, request, options), { isTrial: options.dryRun === true }),
    );
  return options.dryRun === true ? run() : withLock(session, run);
}

/** What `generateRows` does, in a transaction that is open. */
export const generateWithin = (
  session: Session,
  request: GenerateRequest,
  options: GenerateOptions,
): Promise<readonly GeneratedTable[]> => tellingRefusal(() => fill(session, request, options));

async function tellingRefusal<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DatabaseError ? refused(error) : error;
  }
}

async function fill(
  session: Session,
  { tables: own, rules, given, searchPath }: GenerateRequest,
  options: GenerateOptions,
): Promise<readonly GeneratedTable[]> {
  await writeAs(session, searchPath);
  await session.run(JUDGE_FUNCTIONS.create);
  const shapes = await readQualified(session);
  const isOf = (list: GenerateRequest["tables"]) => (table: TableShape) =>
    list.some(({ schema, name }) => schema === table.schema && name === table.name);
  const garden = await layOut(session, { ...shapes, tables: shapes.tables.filter(isOf(own)) }, NO_WISHES);
  const beds = [...plantingOrder(garden)];
  const counts = new Map<Bed, number>();
  for (const bed of beds) {
    counts.set(bed, await countOf(session, bed.table));
    bed.isPlanted = (counts.get(bed) ?? 0) > 0;
  }
  const wanted = wantedRows(beds, { counts, options, isGiven: isOf(given) });
  const total = [...wanted.values()].reduce((sum, rows) => sum + rows, 0);
  let before = 0;
  const generated: GeneratedTable[] = [];
  const pools = keyPools(session, garden);
  for (const bed of beds) {
    const rows = wanted.get(bed) ?? 0;
    if (rows > 0) {
      const name = quotePath(bed.table.schema, bed.table.name);
      const started = performance.now();
      const tuples = await keyTuples(garden, bed, (key) =>
        pools(key, neededKeys(bed, key, rows, counts.get(bed) ?? 0)),
      );
      sampleParents(garden, tuples);
      const own = rules.find(({ schema, table }) => schema === bed.table.schema && table === bed.table.name);
      const filled = await fillTable(session, garden, bed, {
        rows,
        from: counts.get(bed) ?? 0,
        seed: options.seed ?? 1,
        rules: own?.columns ?? {},
        tuples,
        onRows: (done) => options.onProgress?.(name, before + done, total),
      });
      generated.push({ table: name, wanted: rows, ...filled, durationMs: Math.round(performance.now() - started) });
      if (filled.rows > 0) await session.run(`ANALYZE ${name}`);
      before += rows;
      bed.isPlanted ||= filled.rows > 0;
    }
  }
  await session.run(JUDGE_FUNCTIONS.drop);
  return generated;
}

async function countOf(session: Session, { schema, name }: TableShape): Promise<number> {
  const [row] = await session.query<{ count: number }>(`select count(*)::int as count from ${quotePath(schema, name)}`);
  return row?.count ?? 0;
}

interface Wanting {
  readonly counts: ReadonlyMap<Bed, number>;
  readonly options: GenerateOptions;
  readonly isGiven: (table: TableShape) => boolean;
}

/** How many rows each table gets, children before their parents. */
function wantedRows(beds: readonly Bed[], { counts, options, isGiven }: Wanting): ReadonlyMap<Bed, number> {
  const wanted = new Map<Bed, number>();
  const isReferenced = ({ table: { oid } }: Bed) =>
    beds.some(({ table }) => table.oid !== oid && table.foreignKeys.some(({ parent }) => parent === oid));
  const named = options.tables?.map((name) => bedNamed(beds, name));
  for (const bed of named ?? beds.filter((one) => !isReferenced(one) && !isGiven(one.table)))
    wanted.set(bed, options.rows);
  for (const bed of beds.toReversed()) {
    const rows = wanted.get(bed) ?? 0;
    if (rows === 0) continue;
    for (const key of bed.table.foreignKeys) {
      const parent = beds.find(({ table }) => table.oid === key.parent);
      if (parent === undefined || parent === bed || named?.includes(parent) === true) continue;
      const there = counts.get(parent) ?? 0;
      if (isGiven(parent.table) && there > 0) continue;
      const needed = neededKeys(bed, key, rows, counts.get(bed) ?? 0) - there;
      if (needed > (wanted.get(parent) ?? 0)) wanted.set(parent, needed);
    }
  }
  return wanted;
}

/** Rows of the parent that so many rows refer to: each another one where the key is unique, those that are there included. */
function neededKeys({ uniques }: Bed, key: ForeignKeyShape, rows: number, there: number): number {
  const isUnique = uniques.some(
    ({ columns }) => columns.length > 0 && columns.every((column) => key.columns.includes(column)),
  );
  return isUnique ? rows + there : Math.max(Math.ceil(rows / ROWS_PER_PARENT), Math.ceil(Math.sqrt(rows)));
}

function bedNamed(beds: readonly Bed[], given: string): Bed {
  const names = ({ table: { schema, name } }: Bed) => [name, `${schema}.${name}`, quotePath(schema, name)];
  const found = beds.find((bed) => names(bed).includes(given));
  if (found !== undefined) return found;
  const all = beds.map(({ table }) => table.name);
  const meant = nearest(given, all);
  throw new Diagnostic({
    code: "generate-table-unknown",
    what: `there is no table ${given} in this domain and database`,
    next: meant === null ? `name one of ${all.join(", ")}` : `did you mean ${meant}?`,
  });
}

type Pools = (key: ForeignKeyShape, most: number) => Promise<readonly (readonly Value[])[]>;

/** Keys of rows that are there, each read once. */
function keyPools(session: Session, garden: Garden): Pools {
  const known = new Map<string, Promise<readonly (readonly Value[])[]>>();
  return (key, most) => {
    const limit = Math.max(most, KEYS);
    const id = JSON.stringify([key.parent, key.parentColumns, limit, garden.beds.get(key.parent)?.isPlanted]);
    const found = known.get(id) ?? readKeys(session, key, limit);
    known.set(id, found);
    return found;
  };
}

async function readKeys(session: Session, key: ForeignKeyShape, limit: number): Promise<readonly (readonly Value[])[]> {
  const [parent] = await session.query<{ name: string; columns: readonly string[] }>(
    `select c.oid::regclass::text as name, array(
       select quote_ident(a.attname) from unnest($2::int2[]) with ordinality k(n, at)
       join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.n order by k.at) as columns
     from pg_catalog.pg_class c where c.oid = $1`,
    [key.parent, key.parentColumns],
  );
  if (parent === undefined) return [];
  const texts = parent.columns.map((column) => `${column}::text`).join(", ");
  const filled = parent.columns.map((column) => `${column} is not null`).join(" and ");
  const rows = await session.query<{ keys: readonly Value[] }>(
    `select array[${texts}] as keys from ${parent.name} where ${filled} order by ${parent.columns.join(", ")} limit ${limit}`,
  );
  return rows.map(({ keys }) => keys);
}

interface Filling {
  readonly rows: number;
  readonly from: number;
  readonly seed: number;
  readonly rules: TableRules["columns"];
  readonly tuples: readonly KeyTuples[];
  readonly onRows: (done: number) => void;
}

async function fillTable(
  session: Session,
  garden: Garden,
  bed: Bed,
  { rows, from, seed, rules, tuples, onRows }: Filling,
): Promise<Pick<GeneratedTable, "rows" | "why">> {
  const maker = await rowMaker(session, garden, bed, { seed, rules, from, to: from + rows * 2, tuples });
  if ("refused" in maker) return { rows: 0, why: maker.refused };
  const target = quotePath(bed.table.schema, bed.table.name);
  const into = `${target} (${maker.columns.map(({ name }) => quoteName(name)).join(", ")})`;
  // From there on values come again: of those rows that were refused, some may do with the rest of the row otherwise.
  const firstAgain = from + maker.capacity;
  let isChosen = maker.isDoubtful;
  let share = 1;
  let barren = 0;
  let [n, done] = [from, 0];
  let why: DatabaseError | null = null;
  while (done < rows && barren < PATIENCE) {
    isChosen ||= n >= firstAgain;
    const left = rows - done;
    const isAgain = n >= firstAgain;
    const enough = isAgain ? Math.max(left / share, maker.capacity) : left / share;
    const size = Math.min(BATCH, isChosen ? Math.ceil(enough) : Math.min(left, firstAgain - n));
    const numbers = { from: n, to: n + size };
    if (!isChosen) {
      const copied = await attempt(session, () => session.copy(into, copyText(made(maker, numbers))));
      // Class 23: some row is refused. PostgreSQL then chooses among them.
      if (copied instanceof DatabaseError && !copied.code.startsWith("23")) return { rows: done, why: toldBy(copied) };
      isChosen = copied instanceof DatabaseError;
      if (isChosen) continue;
      done += size;
    } else {
      const kept = await attempt(session, () => insertAccepted(session, bed.table, maker, { ...numbers, most: left }));
      if (kept instanceof DatabaseError) {
        why = kept;
        break;
      }
      done += kept;
      share = Math.max(kept / size, LEAST_SHARE);
      // Where values come again, one round shows each of them.
      barren = kept > 0 ? 0 : barren + (isAgain ? Math.min(1, size / maker.capacity) : 1);
    }
    n += size;
    onRows(done);
  }
  if (done >= rows) return { rows: done, why: null };
  if (why !== null) return { rows: done, why: toldBy(why) };
  const room = maker.limitedBy === null ? "its constraints accept" : `${maker.limitedBy} leaves room for`;
  return { rows: done, why: `${room} no more of them; ask for fewer, or give rules with generate(…)` };
}

function* made(
  { make }: RowMaker,
  { from, to }: { readonly from: number; readonly to: number },
): Generator<readonly Value[]> {
  for (let n = from; n < to; n++) yield make(n);
}

const toldBy = (error: DatabaseError): string => {
  const { detail, constraint } = error.fields;
  const more = [detail, constraint === undefined ? undefined : `constraint ${constraint}`].filter(
    (one) => one !== undefined,
  );
  return `${[error.message, ...more].join("; ")} (SQLSTATE ${error.code})${/^(2[23]|P0)/.test(error.code) ? "; give rules for its columns with generate(…)" : ""}`;
};

/** Loads rows aside, and takes over those that all constraints accept. @returns how many */
async function insertAccepted(
  session: Session,
  table: TableShape,
  maker: RowMaker,
  { most, ...numbers }: { readonly from: number; readonly to: number; readonly most: number },
): Promise<number> {
  const names = maker.columns.map(({ name }) => quoteName(name)).join(", ");
  const target = quotePath(table.schema, table.name);
  await session.run(`create temp table verso_generated on commit drop as select ${names} from ${target} with no data`);
  await session.copy(`pg_temp.verso_generated (${names})`, copyText(made(maker, numbers)));
  const known = new Set(maker.columns.map(({ number }) => number));
  const isKnown = ({ columns }: { readonly columns: readonly number[] }) =>
    columns.every((column) => known.has(column));
  const generated = table.columns.flatMap(({ generated: own, name }) =>
    own !== null && isKnown(own) ? [{ number: name, sql: `(${own.sql}) as ${quoteName(name)}` }] : [],
  );
  const computed = new Set(
    table.columns.filter(({ generated: own }) => own !== null && isKnown(own)).map((c) => c.number),
  );
  const checks = table.checks.filter(({ columns }) =>
    columns.every((column) => known.has(column) || computed.has(column)),
  );
  const name = quoteName(table.name);
  const keysOf = (uniques: TableShape["uniques"]) =>
    uniques
      .map((unique) => maker.columns.filter(({ number }) => unique.columns.includes(number)))
      .filter((columns) => columns.length > 0)
      .map((columns) => columns.map((column) => quoteName(column.name)));
  const isFree = (columns: readonly string[]) =>
    `not exists (select from ${target} t where ${columns.map((c) => `t.${c} = ${name}.${c}`).join(" and ")})`;
  const accepted = checks.map(({ sql }) => `((${sql}) is not false)`);
  const staged = `(select ${["s.*", ...generated.map(({ sql }) => sql)].join(", ")} from pg_temp.verso_generated s)`;
  const insert = async (conditions: readonly string[], source: string, conflict: string): Promise<number> => {
    const where = conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`;
    const [row] = await session.query<{ count: number }>(
      `with accepted as (
         insert into ${target} (${names}) overriding system value select ${names} from ${source} ${where} limit ${most}
         ${conflict} returning 1)
       select count(*)::int as count from accepted`,
    );
    return row?.count ?? 0;
  };
  // Those that are there already would use up what may be taken.
  const limiting = keysOf(table.uniques.filter((unique) => unique.name === maker.limitedBy)).map(isFree);
  const direct = await attempt(session, () =>
    insert([...accepted, ...limiting], `${staged} ${name}`, "on conflict do nothing"),
  );
  // Constraints that may be checked later arbitrate no conflict: then rows are compared beforehand.
  const isLate = direct instanceof DatabaseError && direct.code === "55000";
  const keys = keysOf(table.uniques.filter(({ isPlain, isExclusion }) => isPlain && !isExclusion));
  const ranks = keys.map((columns, i) => `row_number() over (partition by ${columns.join(", ")}) as "verso ${i}"`);
  const firsts = keys.map((_, i) => `"verso ${i}" = 1`);
  const distinct = `(select ${["q.*", ...ranks].join(", ")} from ${staged} q) ${name}`;
  const count = isLate ? await insert([...accepted, ...firsts, ...keys.map(isFree)], distinct, "") : direct;
  if (count instanceof DatabaseError) throw count;
  await session.run("drop table pg_temp.verso_generated");
  return count;
}

function refused(error: DatabaseError): Diagnostic {
  return new Diagnostic(
    {
      code: "generate-refused",
      what: "PostgreSQL refuses to generate rows",
      why: `${error.message} (SQLSTATE ${error.code})`,
      next:
        error.code === "42501" || error.code === "0A000"
          ? "connect as the tables' owner, or as a role with BYPASSRLS where policies hold for the owner too"
          : "see the reason above",
    },
    error,
  );
}
