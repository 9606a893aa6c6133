import { bigint, boolean, inet, jsonb, references, sql, table, text, timestamptz, varchar } from "verso";
import { timestamps, touched } from "./shared.ts";
import { user_sessions, users } from "./users.ts";

/** Settings of the application that can change while it runs. */
export const app_config = table("app_config", {
  triggers: touched,
  columns: {
    config_key: varchar(100, { primaryKey: true, check: sql`config_key ~ '^[a-z][a-z0-9_.]*$'` }),
    config_value: jsonb(),
    description: text({ nullable: true }),
    /** Every user may read it, not administrators only. */
    is_public: boolean({ default: false }),
    updated_by: references(() => users, { onDelete: "set null", nullable: true }),
    ...timestamps,
  },
  indexes: [{ on: ["is_public"], where: sql`is_public` }],
});

/** A row as the audit keeps it: columns by name, without secrets. */
export type AuditedRow = Readonly<Record<string, unknown>>;

/** Who changed what: written by triggers, changed by nobody. */
export const audit_log = table("audit_log", {
  triggers: touched,
  columns: {
    id: bigint({ primaryKey: true, identity: "always" }),
    occurred_at: timestamptz({ default: sql`clock_timestamp()` }),
    /** Who did it; null when nobody was logged in, or when the account is gone. */
    user_id: references(() => users, { onDelete: "set null", nullable: true }),
    session_id: references(() => user_sessions, { onDelete: "set null", nullable: true }),
    action: text({ check: sql`action in ('INSERT', 'UPDATE', 'DELETE')` }),
    table_name: varchar(63),
    /** The row's key. */
    row_id: text(),
    /** Null for INSERT. */
    old_row: jsonb<AuditedRow>({ nullable: true }),
    /** Null for DELETE. */
    new_row: jsonb<AuditedRow>({ nullable: true }),
    ip_address: inet({ nullable: true }),
    ...timestamps,
  },
  checks: {
    audit_log_rows_of_action: sql`(old_row is null) = (action = 'INSERT') and (new_row is null) = (action = 'DELETE')`,
  },
  indexes: [
    { on: ["table_name", "row_id", "occurred_at"] },
    { on: ["user_id", { column: "occurred_at", order: "desc" }] },
    { on: ["occurred_at"], using: "brin" },
    { on: ["new_row"], using: "gin" },
  ],
});
