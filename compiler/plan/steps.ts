import type { FactId } from "../facts.ts";
import type { Statement } from "../kinds/kind.ts";
import type { Action } from "./planActions.ts";

/** Statements that run in one transaction, or one that PostgreSQL wants outside of any. */
export interface Step {
  readonly transactional: boolean;
  readonly statements: readonly PlannedStatement[];
}

export interface PlannedStatement extends Statement {
  readonly verb: Action["verb"];
  readonly id: FactId;
}

/** Cuts a plan where a transaction must end. */
export function stepsOf(actions: readonly Action[]): readonly Step[] {
  const steps: { transactional: boolean; statements: PlannedStatement[] }[] = [];
  for (const { verb, id, statements } of actions) {
    for (const one of statements) {
      const transactional = one.transactional !== false;
      const last = steps.at(-1);
      if (last?.transactional && transactional && one.late !== "apart") last.statements.push({ ...one, verb, id });
      else steps.push({ transactional, statements: [{ ...one, verb, id }] });
    }
  }
  return steps;
}
