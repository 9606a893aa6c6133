import { AT, captureSite, type Sited } from "./site.ts";
import type { Referable, Sql } from "./sql.ts";

export interface RuleDefinition {
  readonly on: "select" | "insert" | "update" | "delete";
  /** Only then: sql`new.amount < 0`. */
  readonly where?: Sql | string;
  /** Commands that run, none for `do: []`. */
  readonly do: Sql | readonly Sql[];
  /** Instead of the command, not besides it. */
  readonly instead?: boolean;
  readonly enabled?: boolean | "replica" | "always";
  readonly comment?: string;
  readonly renamedFrom?: string;
}

export interface Rule extends Sited {
  readonly declares: "rule";
  readonly name: string;
  readonly table: Referable;
  readonly definition: RuleDefinition;
}

/**
 * CREATE RULE on a table or view.
 * ```ts
 * export const keep = rule("keep", users, { on: "delete", instead: true, do: [] });
 * ```
 * @see PostgreSQL manual, "CREATE RULE"
 */
export function rule(name: string, on: Referable, definition: RuleDefinition): Rule {
  return { declares: "rule", name, table: on, definition, [AT]: captureSite(rule) };
}
