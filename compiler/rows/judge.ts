import { quoteName, quoteText } from "../quote.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import type { Clause } from "./solve.ts";
import type { ColumnShape, Condition, Named, TableShape } from "./tableShapes.ts";

/** A value in its text form. */
export type Value = string | null;

/** For each row, which of the conditions hold; a condition that is null holds, as it does in a CHECK. */
export type Judge = (rows: readonly (readonly Value[])[]) => Promise<readonly (readonly boolean[])[]>;

/** A condition with the names that it uses: those of now, those after renames, those of the next state. */
export interface JudgedCondition extends Condition {
  readonly scope: "now" | "renamed" | "next";
  readonly weight: Clause["weight"];
}

/** Columns as expressions over what stands before them: over columns of now, and over those by their next names. */
export interface NextColumns {
  readonly table: string;
  readonly renamed: readonly Named<Condition>[];
  readonly columns: readonly Named<Condition>[];
}

/**
 * Functions that take an error for a no, gone before the transaction ends. Not in pg_temp: its schema would stay, and the
 * catalog is to be what it was.
 */
export const JUDGE_FUNCTIONS = {
  create: `
    create schema verso_planting;
    create function verso_planting.takes(value text, type text) returns boolean language plpgsql as $$
    begin
      execute pg_catalog.format('select %L::%s', value, type);
      return true;
    exception when others then return false;
    end $$;
    create function verso_planting.verdicts(query text) returns jsonb language plpgsql as $$
    declare verdicts jsonb;
    begin
      execute query into verdicts;
      return verdicts;
    exception when others then return to_jsonb(sqlstate);
    end $$`,
  drop: "drop schema verso_planting cascade",
};

/** A value as SQL reads it, whatever the type. */
export function writeValue(value: Value, column: ColumnShape): string {
  return value === null ? `null::${column.text}` : `${quoteText(value)}::${column.text}`;
}

/** Which of these values their types take. */
export async function takenValues(
  session: Session,
  values: readonly { readonly value: string; readonly type: string }[],
): Promise<readonly boolean[]> {
  if (values.length === 0) return [];
  const rows = await session.query<{ taken: boolean }>(
    `select verso_planting.takes(v.value, v.type) as taken
     from unnest($1::text[], $2::text[]) with ordinality v(value, type, at) order by v.at`,
    [values.map(({ value }) => value), values.map(({ type }) => type)],
  );
  return rows.map(({ taken }) => taken);
}

/**
 * Work that may fail on the server and then leaves nothing behind.
 * @returns what the work returns, or the error
 */
export async function attempt<T>(session: Session, work: () => Promise<T>): Promise<T | DatabaseError> {
  await session.run("SAVEPOINT verso_attempt");
  try {
    const result = await work();
    await session.run("RELEASE SAVEPOINT verso_attempt");
    return result;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    await session.run("ROLLBACK TO SAVEPOINT verso_attempt; RELEASE SAVEPOINT verso_attempt");
    return error;
  }
}

/**
 * Lets PostgreSQL evaluate conditions on rows that are in no table yet, all at once. Where that raises an error, each row
 * is asked for by itself, and an error is a no; a condition that cannot be evaluated at all counts as held.
 * @param next what the columns will be, for conditions of the next state
 */
export function judgeOf(
  session: Session,
  table: TableShape,
  columns: readonly ColumnShape[],
  conditions: readonly JudgedCondition[],
  next: NextColumns,
): Judge {
  const write = (rows: readonly (readonly Value[])[], judged: readonly JudgedCondition[]): string => {
    const tuples = rows.map(
      (row, i) => `(${[i, ...columns.map((c, at) => writeValue(row[at] ?? null, c))].join(", ")})`,
    );
    const head = ['"verso row"', ...columns.map(({ name }) => quoteName(name))].join(", ");
    const known = new Set(columns.map(({ number }) => number));
    const isKnown = (one: Condition) => one.columns.every((column) => known.has(column));
    const generated = table.columns.flatMap(({ generated: g, name }) =>
      g !== null && isKnown(g) ? [`(${g.sql}) as ${quoteName(name)}`] : [],
    );
    const named = (all: readonly Named<Condition>[]) =>
      all.filter(isKnown).map(({ sql, name }) => `(${sql}) as ${quoteName(name)}`);
    const renamed = `(select ${named(next.renamed).join(", ")}) ${quoteName(next.table)}`;
    const from = {
      now: "",
      renamed: ` from ${renamed}`,
      next: ` from (select ${named(next.columns).join(", ")} from ${renamed}) ${quoteName(next.table)}`,
    };
    const verdict = judged.map(({ sql, scope }) =>
      scope === "now" ? `(${sql}) is not false` : `(select (${sql}) is not false${from[scope]})`,
    );
    return `select jsonb_agg(to_jsonb(array[${verdict.join(", ")}]::boolean[]) order by "verso row")
      from (select ${["v.*", ...generated].join(", ")} from (values ${tuples.join(", ")}) v(${head})) ${quoteName(table.name)}`;
  };
  const ask = async (queries: readonly string[]): Promise<readonly Answer[]> => {
    const rows = await session.query<{ answer: Answer }>(
      `select verso_planting.verdicts(q.query) as answer from unnest($1::text[]) with ordinality q(query, at) order by q.at`,
      [queries],
    );
    return rows.map(({ answer }) => answer);
  };

  const isFirm = ({ weight }: JudgedCondition) => weight === "must";
  const firmPanel = panel(conditions.filter(isFirm), write, ask);
  const otherPanel = panel(
    conditions.filter((condition) => !isFirm(condition)),
    write,
    ask,
  );
  return async (rows) => {
    const firm = await firmPanel(rows);
    // What the next state makes of a value is asked only of values that this state accepts: others may raise errors.
    const sound = rows.flatMap((_, i) => (firm[i]?.every((holds) => holds) ? [i] : []));
    const other = await otherPanel(sound.flatMap((i) => rows.slice(i, i + 1)));
    return rows.map((_, i) => {
      const verdicts = { firm: firm[i]?.values(), other: other[sound.indexOf(i)]?.values() };
      return conditions.map((condition) => verdicts[isFirm(condition) ? "firm" : "other"]?.next().value === true);
    });
  };
}

type Rows = readonly (readonly Value[])[];

/** Judges by some conditions all at once, or row by row from the first error on. */
function panel(
  conditions: readonly JudgedCondition[],
  write: (rows: Rows, judged: readonly JudgedCondition[]) => string,
  ask: (queries: readonly string[]) => Promise<readonly Answer[]>,
): Judge {
  let isGentle = false;
  let judged = conditions;
  const spread = (answer: Answer): readonly boolean[] =>
    conditions.map((condition) => {
      const at = judged.indexOf(condition);
      return at < 0 || (typeof answer !== "string" && answer[0]?.[at] === true);
    });
  return async (rows) => {
    const [first] = rows;
    if (first === undefined || conditions.length === 0) return rows.map(() => []);
    if (!isGentle) {
      const [answer = ""] = await ask([write(rows, judged)]);
      if (typeof answer !== "string") return answer;
      isGentle = true;
      const alone = await ask(conditions.map((condition) => write([first], [condition])));
      judged = conditions.filter((_, i) => !cannotBeAsked(alone[i] ?? ""));
    }
    const answers = await ask(rows.map((row) => write([row], judged)));
    return answers.map(spread);
  };
}

/** Verdicts for each row, or the SQLSTATE of the error that there was. */
type Answer = readonly (readonly boolean[])[] | string;

/** Class 42: the condition names what does not exist here, whatever the values. */
const cannotBeAsked = (answer: Answer): boolean => typeof answer === "string" && answer.startsWith("42");
