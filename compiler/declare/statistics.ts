import type { RoleName } from "./roles.ts";
import type { SchemaName } from "./schemas.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import type { Referable, Sql } from "./sql.ts";

export interface StatisticsDefinition<Name extends string = string> {
  /** Columns and expressions whose correlation the planner shall know. */
  readonly on: readonly (Name | Sql)[];
  /** All three unless given. */
  readonly kinds?: readonly ("ndistinct" | "dependencies" | "mcv")[];
  /** ALTER STATISTICS … SET STATISTICS. */
  readonly target?: number;
  /** The table's unless given. */
  readonly schema?: SchemaName;
  readonly owner?: RoleName;
  readonly comment?: string;
  readonly renamedFrom?: string;
}

export interface Statistics extends Sited {
  readonly declares: "statistics";
  readonly name: string;
  readonly table: Referable;
  readonly definition: StatisticsDefinition;
}

/** Extended statistics said apart from their table. */
export function statistics(name: string, on: Referable, definition: StatisticsDefinition): Statistics {
  return { declares: "statistics", name, table: on, definition, [AT]: captureSite(statistics) };
}
