import type { FactId } from "../facts.ts";
import type { Statement, TableClause } from "../kinds/kind.ts";
import type { Action } from "./planActions.ts";

/** Statements that run in one transaction, or one that PostgreSQL wants outside of any. */
export interface Step {
  readonly transactional: boolean;
  readonly statements: readonly PlannedStatement[];
}

export interface PlannedStatement extends Statement {
  readonly verb: Action["verb"];
  readonly id: FactId;
  /** Those that it says together. */
  readonly parts?: readonly PlannedStatement[];
}

/**
 * Cuts a plan where a transaction must end. Clauses of one sort on a table are said together, so that its rows are written
 * anew once, unless `apart` asks to see which of them PostgreSQL refuses.
 */
export function stepsOf(actions: readonly Action[], apart?: "apart"): readonly Step[] {
  const steps: { transactional: boolean; statements: PlannedStatement[] }[] = [];
  for (const { verb, id, statements } of actions) {
    for (const one of statements) {
      const transactional = one.transactional !== false;
      const last = steps.at(-1);
      if (last?.transactional && transactional && one.late !== "apart") last.statements.push({ ...one, verb, id });
      else steps.push({ transactional, statements: [{ ...one, verb, id }] });
    }
  }
  return apart === undefined ? steps.map((step) => ({ ...step, statements: joinClauses(step.statements) })) : steps;
}

/** All statements by themselves, those said together too. */
export const statementsOf = (steps: readonly Step[]): readonly PlannedStatement[] =>
  steps.flatMap(({ statements }) => statements.flatMap((one) => one.parts ?? [one]));

type Clause = PlannedStatement & { readonly clause: TableClause };
const isClause = (one: PlannedStatement): one is Clause => one.clause !== undefined;

function joinClauses(statements: readonly PlannedStatement[]): readonly PlannedStatement[] {
  const runs: (PlannedStatement | Clause[])[] = [];
  for (const one of statements) {
    if (!isClause(one)) runs.push(one);
    else {
      const run = runToJoin(one.clause, runs);
      if (run === undefined) runs.push([one]);
      else run.push(one);
    }
  }
  return runs.map((run) => (Array.isArray(run) ? joined(run) : run));
}

/** The clauses just before, or, for a type, before what is said of other columns of the table. */
function runToJoin(clause: TableClause, runs: readonly (PlannedStatement | Clause[])[]): Clause[] | undefined {
  for (const run of runs.toReversed()) {
    if (!Array.isArray(run) || run.some((one) => one.clause.table !== clause.table)) return undefined;
    if (clause.sort !== null && run.every((one) => one.clause.sort === clause.sort)) return run;
    if (clause.sort !== "type" || run.some((one) => one.clause.column === clause.column)) return undefined;
  }
  return undefined;
}

function joined(parts: readonly Clause[]): PlannedStatement {
  const [first] = parts;
  if (first === undefined) throw new Error("no clauses to join");
  if (parts.length === 1) return first;
  const { verb, id, clause } = first;
  const texts = parts.map((part) => part.clause.text);
  return { verb, id, sql: `ALTER TABLE ${clause.table}\n  ${texts.join(",\n  ")}`, parts };
}
