import type { Chance, ColumnRule } from "../declare/seeds.ts";
import { type Bed, connected, type Garden, type Plot, solvePlot, variablesOf } from "../rows/garden.ts";
import { judgeOf, takenValues, type Value } from "../rows/judge.ts";
import type { Variable } from "../rows/solve.ts";
import type { ColumnShape } from "../rows/tableShapes.ts";
import { encodeParameter } from "../session/codecs.ts";
import type { Parameter, Session } from "../session/session.ts";
import { chanceFrom, mixed } from "./chance.ts";
import { DAY_MS, formsOf, LAST_MOMENT_MS, type Numbered, type Spread } from "./forms.ts";
import type { KeyTuples } from "./keyTuples.ts";

/** What makes the rows of one table, one for each number. */
export interface RowMaker {
  readonly columns: readonly ColumnShape[];
  readonly make: (n: number) => readonly Value[];
  /** More than so many cannot be different enough; infinite as a rule. */
  readonly capacity: number;
  /** The unique constraint that sets the capacity. */
  readonly limitedBy: string | null;
  /** Some rows will be refused: PostgreSQL is to choose among them. */
  readonly isDoubtful: boolean;
}

export interface MakerOptions {
  readonly seed: number;
  readonly rules: Readonly<Record<string, ColumnRule>>;
  /** The first number and the last. */
  readonly from: number;
  readonly to: number;
  readonly tuples: readonly KeyTuples[];
}

/** Values for some columns that belong together. */
interface Source {
  readonly columns: readonly number[];
  /** How many different ones there are. */
  readonly size: number;
  readonly at: (index: number) => readonly Value[];
  /** At random, where that is not just any index. */
  readonly spread?: Spread;
  /** Of values without end: they count what belongs to one parent, such as days or places in a list. */
  readonly isCount: boolean;
  /** Null now and then, where no key needs the value. */
  readonly isNullable: boolean;
  /** Nulls that an earlier source put there are part of what was solved, and stay. */
  readonly keepsNull: boolean;
}

/**
 * Works out how to make rows that a table's constraints accept: conditions are solved on a few rows, as when rows are
 * planted; then every column in turn is let free as far as PostgreSQL accepts samples of it.
 * @returns what is in the way, and what to do, where no row is found
 */
export async function rowMaker(
  session: Session,
  garden: Garden,
  given: Bed,
  options: MakerOptions,
): Promise<RowMaker | { readonly refused: string }> {
  const { table } = given;
  const label = `${table.schema}.${table.name}`;
  const chanceOf = chanceFrom(options.seed, label);
  const rules = new Map(
    [...given.columns.values()].flatMap((column) => {
      const rule = options.rules[column.name];
      return rule === undefined ? [] : [[column.number, (n: number) => ruleText(garden, column, rule(n, chanceOf(n)))]];
    }),
  );
  const bed = withRules(withComputations(given, garden), rules, options.from);
  const found = await variablesOf(session, garden, bed);
  if (found === null) return { refused: whyNothingToReferTo(garden, bed) };
  const context: Context = { session, garden, bed, options, rules, label, isUnique: uniqueColumns(bed) };
  const variables = found.filter((variable) => !isLeftToDefault(context, variable));
  const sources: Source[] = [];
  let isDoubtful = table.uniques.some(({ isExclusion }) => isExclusion);
  for (const part of connected(variables, bed.conditions)) {
    if (part.conditions.length === 0) {
      for (const variable of part.variables) sources.push(await freeSource(context, variable));
      continue;
    }
    const plot = await solvePlot(session, bed, part);
    if (plot.solutions.length === 0) return { refused: whyUnsolved(bed, part.variables) };
    const solved = await plotSources(context, plot, part.conditions);
    sources.push(...solved.sources);
    isDoubtful ||= solved.isDoubtful;
  }
  const { divisors, capacity, limitedBy } = spreadKeys(table, sources);
  const numbers = [...new Set([...sources.flatMap((source) => source.columns), ...rules.keys()])];
  const columns = numbers.flatMap((number) => bed.columns.get(number) ?? []);
  const places = sources.map((source) => source.columns.map((column) => numbers.indexOf(column)));
  const ruled = [...rules].map(([column, rule]) => [numbers.indexOf(column), rule] as const);
  const make = (n: number): readonly Value[] => {
    const chance = chanceOf(n);
    const momentMs = LAST_MOMENT_MS - chance.whole(1, 365 * 86_400) * 1000;
    const row: Value[] = columns.map(() => null);
    for (const [s, source] of sources.entries()) {
      const place = places[s] ?? [];
      if (source.keepsNull && place.every((at) => row[at] === null)) continue;
      const values = draw(source, divisors.get(source), { n, salt: s, chance, momentMs });
      for (const [c, at] of place.entries()) row[at] = values[c] ?? null;
    }
    for (const [at, rule] of ruled) row[at] = rule(n);
    return row;
  };
  return { columns, make, capacity, limitedBy, isDoubtful };
}

interface Context {
  readonly session: Session;
  readonly garden: Garden;
  readonly bed: Bed;
  readonly options: MakerOptions;
  readonly rules: ReadonlyMap<number, (n: number) => Value>;
  readonly label: string;
  readonly isUnique: ReadonlySet<number>;
}

interface Moment {
  readonly n: number;
  /** Another one for each source: two that refer to the same rows do not go in step. */
  readonly salt: number;
  readonly chance: Chance;
  readonly momentMs: number;
}

const NULL_SHARE = 0.2;

function draw(source: Source, divisor: number | undefined, { n, salt, chance, momentMs }: Moment): readonly Value[] {
  const { size, at, spread, isNullable, columns } = source;
  if (divisor !== undefined) {
    const index = Math.floor(n / divisor);
    if (size === Number.POSITIVE_INFINITY) return at(index);
    // Moved on by what the faster digits are, so that columns are mixed, and no combination comes twice.
    return at((index + salt + (divisor === 1 ? 0 : mixed(n % divisor) >>> 0)) % size);
  }
  if (isNullable && chance.fraction() < NULL_SHARE) return columns.map(() => null);
  if (spread !== undefined) return [spread(chance, momentMs)];
  return at(size === Number.POSITIVE_INFINITY ? n : chance.whole(0, size - 1));
}

const uniqueColumns = ({ table, uniques }: Bed): ReadonlySet<number> =>
  new Set([...uniques, ...table.uniques].flatMap(({ columns }) => columns));

const isOfKey = ({ table }: Bed, column: number): boolean =>
  table.foreignKeys.some(({ columns }) => columns.includes(column));

/** What is computed from the row must be possible to compute: a sum that its type has no room for refuses the row. */
function withComputations(bed: Bed, { shapes }: Garden): Bed {
  const computed = bed.table.columns.flatMap(({ generated, notNull, type, typmod, text }) => {
    if (generated === null) return [];
    const canFail = shapes.types.get(type)?.category === "N" || typmod >= 0;
    const value = `(${generated.sql})::${text}`;
    if (!notNull && !canFail) return [];
    const sql = notNull ? `(${value}) is not null` : `length(coalesce((${value})::text, '')) >= 0`;
    return [{ scope: "now", sql, columns: generated.columns, weight: "must" } as const];
  });
  return { ...bed, conditions: [...bed.conditions, ...computed] };
}

/** A rule's values stand for the column where conditions are solved. */
function withRules(bed: Bed, rules: Context["rules"], from: number): Bed {
  const values = new Map(bed.values);
  for (const [column, rule] of rules) {
    const series = Array.from({ length: 12 }, (_, i) => rule(from + i)).filter((text) => text !== null);
    if (series.length > 0) values.set(column, { series: [...new Set(series)], others: [] });
  }
  return { ...bed, values };
}

/** What a rule gave, in PostgreSQL's text form. */
function ruleText({ shapes }: Garden, { type }: ColumnShape, value: unknown): Value {
  if (value === null || value === undefined) return null;
  const { name } = shapes.types.get(type) ?? {};
  return name === "json" || name === "jsonb" ? JSON.stringify(value) : encodeParameter(value as Parameter);
}

const VARIED = new Set("uuid date timestamp timestamptz numeric int2 int4 int8 float4 float8 bool".split(" "));

/** Columns that PostgreSQL numbers itself, and such whose default says more than a value at random would. */
function isLeftToDefault({ bed, garden, rules, isUnique }: Context, { columns }: Variable): boolean {
  const [number = 0, ...others] = columns;
  const column = bed.columns.get(number);
  const isJudged = bed.conditions.some((condition) => condition.columns.includes(number));
  if (column === undefined || others.length > 0 || column.default === null || rules.has(number)) return false;
  if (isOfKey(bed, number)) return false;
  if (column.default === "" || column.default.includes("nextval(")) return true;
  if (isJudged || isUnique.has(number)) return false;
  const type = garden.shapes.types.get(column.type);
  return type?.kind !== "e" && !VARIED.has(type?.name ?? "");
}

/** Values that a variable may have where no condition ties it to others. */
async function freeSource(context: Context, variable: Variable): Promise<Source> {
  const keyed = keySource(context, variable);
  if (keyed !== null) return keyed;
  const { bed, garden, label, isUnique, rules } = context;
  const column = bed.columns.get(variable.columns[0] ?? 0);
  const choices = variable.choices.filter((values) => values.some((value) => value !== null));
  const isNullable = choices.length < variable.choices.length;
  const finite = finiteSource(variable.columns, choices.length > 0 ? choices : variable.choices, isNullable);
  if (column === undefined || variable.columns.length > 1 || isOfKey(bed, column.number)) return finite;
  // A rule may give another value each time; that is its own affair.
  if (rules.has(column.number)) return { ...finite, size: Number.POSITIVE_INFINITY, at: () => [null] };
  const forms = formsOf(column, garden.shapes.types, label, []);
  const isTaken = (texts: readonly string[]) =>
    takenValues(
      context.session,
      texts.map((value) => ({ value, type: column.text })),
    ).then((taken) => taken.every((one) => one));
  if (isUnique.has(column.number)) {
    for (const numbered of forms.numbered) {
      if (await isTaken(samples(context).map(numbered)))
        return { ...numberedSource(column, numbered, garden), isNullable };
    }
  }
  for (const spread of forms.spread) {
    const texts = samples(context).map((n) => spread(chanceFrom(n, label)(n), LAST_MOMENT_MS - n));
    if (await isTaken(texts)) return { ...finite, spread };
  }
  return finite;
}

const finiteSource = (
  columns: readonly number[],
  choices: readonly (readonly Value[])[],
  isNullable: boolean,
): Source => ({
  columns,
  size: choices.length,
  at: (index) => choices[index] ?? columns.map(() => null),
  isCount: false,
  isNullable,
  keepsNull: false,
});

const numberedSource = ({ number, type }: ColumnShape, numbered: Numbered, { shapes }: Garden): Source => ({
  columns: [number],
  size: Number.POSITIVE_INFINITY,
  isCount: ["D", "N"].includes(shapes.types.get(type)?.category ?? ""),
  at: (index) => [numbered(index)],
  isNullable: false,
  keepsNull: false,
});

/** Numbers in which forms are tried: the first, those where texts grow longer, the last. */
function samples({ options: { from, to } }: Context): readonly number[] {
  const steps = [0, 1, 2, 9, 10, 11, 35, 36, 99, 100, 999, 1000, 1295, 1296, 46_655, 46_656];
  const middle = Math.floor((from + to) / 2);
  return [...new Set([...steps, ...steps.map((step) => from + step), middle, to - 1, to])].filter((n) => n <= to);
}

/** Keys of rows that are there, for columns of foreign keys; null for what is none, or has nothing to refer to yet. */
function keySource({ options: { tuples } }: Context, { columns, choices }: Variable): Source | null {
  const found = tuples.find(
    (one) => one.columns.length === columns.length && columns.every((column) => one.columns.includes(column)),
  );
  if (found === undefined || found.size === 0) return null;
  const order = columns.map((column) => found.columns.indexOf(column));
  const isNullable = choices.some((values) => values.every((value) => value === null));
  return {
    columns,
    size: found.size,
    at: (index) => {
      const tuple = found.at(index);
      return order.map((at) => tuple[at] ?? null);
    },
    isCount: false,
    isNullable,
    keepsNull: false,
  };
}

/** Enough to meet what only a hundredth of the rows does. */
const SAMPLES = 256;

/** Solutions of conditions, and what of them can be let free while the conditions hold. */
async function plotSources(
  context: Context,
  { variables, solutions }: Plot,
  conditions: Parameters<typeof judgeOf>[3],
): Promise<{ readonly sources: readonly Source[]; readonly isDoubtful: boolean }> {
  const { session, bed, garden, label, isUnique, rules } = context;
  const columns = variables.flatMap((variable) => variable.columns);
  const shapes = columns.flatMap((number) => bed.columns.get(number) ?? []);
  const solved = solutions.map(({ choice }) => variables.flatMap(({ choices }, i) => choices[choice[i] ?? 0] ?? []));
  const must = conditions.filter(({ weight }) => weight === "must");
  const judge = judgeOf(session, bed.table, shapes, must, bed.wish.next);
  const sample = samples(context);
  const freed: Source[] = [];
  const holds = async (tried: readonly Source[]): Promise<boolean> => {
    const rows = Array.from({ length: Math.max(SAMPLES, 2 * solved.length) }, (_, k) => {
      const row = [...(solved[k % solved.length] ?? [])];
      for (const [s, { columns: own, size, at, spread }] of tried.entries()) {
        const places = own.map((column) => columns.indexOf(column));
        if (places.every((place) => row[place] === null)) continue;
        const n = sample[(k + 5 * s) % sample.length] ?? 0;
        const chance = chanceFrom(s, label)(k);
        const values = spread === undefined ? at(n % size || 0) : [spread(chance, LAST_MOMENT_MS - k * DAY_MS)];
        for (const [c, place] of places.entries()) row[place] = values[c] ?? null;
      }
      return row;
    });
    const verdicts = await judge(rows);
    const texts = rows.flatMap((row) =>
      row.flatMap((value, i) => (value === null ? [] : [{ value, type: shapes[i]?.text ?? "" }])),
    );
    return (
      verdicts.every((one) => one.every((held) => held)) && (await takenValues(session, texts)).every((one) => one)
    );
  };
  const isNullEverywhere = (own: readonly number[]) =>
    solved.every((row) => own.every((column) => row[columns.indexOf(column)] === null));

  let isDoubtful = false;
  for (const variable of variables) {
    if (isNullEverywhere(variable.columns)) continue;
    const keyed = keySource(context, variable);
    if (keyed === null) continue;
    const source = { ...keyed, isNullable: false, keepsNull: true };
    isDoubtful ||= !(await holds([...freed, source]));
    freed.push(source);
  }
  const keyed = new Set(freed.flatMap((source) => source.columns));
  // What keys need comes first: it may leave the others no room.
  const inOrder = variables.toSorted(
    (a, b) => Number(b.columns.some((c) => isUnique.has(c))) - Number(a.columns.some((c) => isUnique.has(c))),
  );
  for (const variable of inOrder) {
    const [number = 0, ...others] = variable.columns;
    const column = bed.columns.get(number);
    const isSettled = column === undefined || others.length > 0 || isOfKey(bed, number) || rules.has(number);
    if (isSettled || isNullEverywhere([number])) continue;
    const examples = [...new Set(solved.flatMap((row) => row[columns.indexOf(number)] ?? []))];
    const forms = formsOf(column, garden.shapes.types, label, examples);
    const tried = isUnique.has(number)
      ? forms.numbered.map((numbered) => numberedSource(column, numbered, garden))
      : forms.spread.map((spread) => ({ ...finiteSource([number], [], false), spread }));
    for (const one of tried) {
      const source = { ...one, keepsNull: true };
      // Where keys make it doubtful anyway, the samples are judged without them.
      const beside = isDoubtful ? freed.filter((other) => !other.columns.some((c) => keyed.has(c))) : freed;
      if (!(await holds([...beside, source]))) continue;
      freed.push(source);
      break;
    }
  }
  return { sources: [finiteSource(columns, solved, false), ...freed], isDoubtful };
}

interface Spreading {
  readonly divisors: ReadonlyMap<Source, number>;
  readonly capacity: number;
  readonly limitedBy: string | null;
}

/**
 * Makes rows different in each key: a value that is another in every row, or the values of several columns counted through
 * like the digits of a number. What refers to rows counts fastest, so that each of them gets its share.
 */
function spreadKeys({ uniques }: Bed["table"], sources: readonly Source[]): Spreading {
  const divisors = new Map<Source, number>();
  const sourceOf = (column: number) => sources.findLast((source) => source.columns.includes(column));
  let capacity = Number.POSITIVE_INFINITY;
  let limitedBy: string | null = null;
  for (const { name, columns, isPlain, isExclusion } of uniques.toSorted(
    (a, b) => a.columns.length - b.columns.length,
  )) {
    const own = [...new Set(columns.flatMap((column) => sourceOf(column) ?? []))];
    // PostgreSQL numbers a column that is left to its default; generated columns follow from others.
    if (own.length === 0 || columns.some((column) => sourceOf(column) === undefined)) continue;
    const single = own.find(({ size, isCount }) => size === Number.POSITIVE_INFINITY && !isCount);
    if (single !== undefined) divisors.set(single, 1);
    if (own.some((source) => source.size === Number.POSITIVE_INFINITY && divisors.get(source) === 1)) continue;
    let divisor = 1;
    for (const source of own.filter(({ size }) => size !== Number.POSITIVE_INFINITY)) {
      const known = divisors.get(source);
      if (known !== undefined && known !== divisor) continue;
      divisors.set(source, divisor);
      divisor *= Math.max(1, source.size);
    }
    const endless = own.find((source) => source.size === Number.POSITIVE_INFINITY);
    if (endless !== undefined) {
      if (!divisors.has(endless)) divisors.set(endless, divisor);
    } else if (isPlain && !isExclusion && divisor < capacity) {
      capacity = divisor;
      limitedBy = name;
    }
  }
  return { divisors, capacity, limitedBy };
}

function whyNothingToReferTo(garden: Garden, bed: Bed): string {
  const empty = bed.table.foreignKeys.find((key) => {
    const parent = garden.beds.get(key.parent);
    return parent === undefined || parent === bed || !parent.isPlanted || parent.rows.length === 0;
  });
  const parent = empty === undefined ? undefined : garden.beds.get(empty.parent);
  return empty === undefined || parent === bed
    ? "no value is known for one of its columns; give a rule for it with generate(…)"
    : `${empty.name} needs rows of ${parent?.table.name ?? "a table"} to refer to; seed some first`;
}

function whyUnsolved({ table, columns }: Bed, variables: readonly Variable[]): string {
  const own = new Set(variables.flatMap((variable) => variable.columns));
  const names = table.checks.filter((check) => check.columns.some((column) => own.has(column))).map(({ name }) => name);
  const read = [...own].flatMap((number) => columns.get(number)?.name ?? []);
  return `no values were found that ${names.length === 0 ? "its conditions" : names.join(", ")} accept${names.length === 1 ? "s" : ""}; give rules for ${read.join(", ")} with generate(…)`;
}
