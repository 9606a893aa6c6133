import type { RoleName } from "./roles.ts";
import type { Routine } from "./routines.ts";
import type { ExtensionName } from "./schemas.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import type { Referable, Sql } from "./sql.ts";

export type TriggerEvent<Name extends string = string> =
  | "insert"
  | "update"
  | "delete"
  | "truncate"
  | { readonly update: readonly Name[] };

/** `{ before: ["update"], execute: setUpdatedAt }`; one of before, after, insteadOf. */
export interface TriggerDefinition<Name extends string = string> {
  readonly before?: readonly TriggerEvent<Name>[];
  readonly after?: readonly TriggerEvent<Name>[];
  readonly insteadOf?: readonly TriggerEvent<Name>[];
  /** row unless given */
  readonly forEach?: "row" | "statement";
  /** WHEN (…): sql`old.* is distinct from new.*` */
  readonly when?: Sql | string;
  /** A function's declaration, or its name as SQL. */
  readonly execute: Routine | Sql;
  readonly arguments?: readonly string[];
  /** A constraint trigger, which can wait for the end of the transaction. */
  readonly constraint?: boolean;
  readonly deferrable?: boolean | "initially immediate" | "initially deferred";
  /** The other table of a constraint trigger. */
  readonly from?: Referable;
  /** Transition tables: { old: "old_rows", new: "new_rows" }. */
  readonly referencing?: { readonly old?: string; readonly new?: string };
  /** Fires as usual unless given. */
  readonly enabled?: boolean | "replica" | "always";
  /** Extensions that it is dropped with: ALTER … DEPENDS ON EXTENSION. */
  readonly droppedWith?: readonly ExtensionName[];
  readonly comment?: string;
  readonly renamedFrom?: string;
}

export interface Trigger extends Sited {
  readonly declares: "trigger";
  readonly name: string;
  readonly table: Referable;
  readonly definition: TriggerDefinition;
}

/** A trigger said apart from its table or view. */
export function trigger(name: string, on: Referable, definition: TriggerDefinition): Trigger {
  return { declares: "trigger", name, table: on, definition, [AT]: captureSite(trigger) };
}

export interface EventTrigger extends Sited {
  readonly declares: "event trigger";
  readonly name: string;
  readonly definition: EventTriggerDefinition;
}
export interface EventTriggerDefinition {
  readonly on: "ddl_command_start" | "ddl_command_end" | "table_rewrite" | "sql_drop" | "login";
  /** Command tags: ["CREATE TABLE"]. */
  readonly tags?: readonly string[];
  readonly execute: Routine | Sql;
  readonly enabled?: boolean | "replica" | "always";
  readonly owner?: RoleName;
  readonly comment?: string;
  readonly renamedFrom?: string;
}
export function eventTrigger(name: string, definition: EventTriggerDefinition): EventTrigger {
  return { declares: "event trigger", name, definition, [AT]: captureSite(eventTrigger) };
}
