import { bigint, jsonb, sql, table, text, timestamptz, varchar } from "verso";
import { oneOf, timestamps, touched } from "./shared.ts";

/** Who changed what: one row for each change of an audited table, and what the application adds of its own. */
export const audit_logs = table("audit_logs", {
  columns: {
    id: bigint({ primaryKey: true, identity: "always" }),
    happened_at: timestamptz({ default: sql`now()` }),
    /** The application's user, from the setting app.actor; else the database's. */
    actor: text({ default: sql`coalesce(nullif(current_setting('app.actor', true), ''), session_user)` }),
    event: oneOf("event", ["insert", "update", "delete", "login", "export", "review", "system"]),
    table_name: varchar(63, { nullable: true }),
    /** Key of the row, as text. */
    record_id: text({ nullable: true }),
    old_row: jsonb<Readonly<Record<string, unknown>> | null>({ nullable: true }),
    new_row: jsonb<Readonly<Record<string, unknown>> | null>({ nullable: true }),
    note: text({ nullable: true }),
    ...timestamps,
  },
  indexes: [{ on: [{ column: "happened_at", order: "desc" }] }, { on: ["event"] }],
  triggers: touched,
});
