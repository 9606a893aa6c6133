import type { RoleName } from "./roles.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import type { Referable, Sql } from "./sql.ts";

export interface PolicyDefinition {
  /** Every command unless given. */
  readonly for?: "all" | "select" | "insert" | "update" | "delete";
  /** Everyone unless given. */
  readonly to?: RoleName | readonly RoleName[];
  /** Which existing rows are seen. */
  readonly using?: Sql | string;
  /** Which new rows are accepted; as `using` unless given. */
  readonly withCheck?: Sql | string;
  /** Permissive policies are joined by OR (usual), restrictive ones by AND. */
  readonly as?: "permissive" | "restrictive";
  readonly comment?: string;
  readonly renamedFrom?: string;
}

export interface Policy extends Sited {
  readonly declares: "policy";
  readonly name: string;
  readonly table: Referable;
  readonly definition: PolicyDefinition;
}

/** A policy said apart from its table, such as one whose function reads the table. */
export function policy(name: string, on: Referable, definition: PolicyDefinition): Policy {
  return { declares: "policy", name, table: on, definition, [AT]: captureSite(policy) };
}
