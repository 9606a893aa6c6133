import { bigint, fn, jsonb, sql, table, text, timestamptz, varchar } from "verso";
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
  indexes: [
    { on: [{ column: "happened_at", order: "desc" }] },
    { on: ["table_name", "record_id", { column: "happened_at", order: "desc" }] },
    { on: ["actor", { column: "happened_at", order: "desc" }] },
    { on: ["event"] },
  ],
  triggers: touched,
});

/** Writes the old and the new row of an audited table into audit_logs. */
export const record_change = fn("record_change", {
  returns: "trigger",
  securityDefiner: true,
  set: { search_path: "" },
  body: sql`
begin
  insert into ${audit_logs} (event, table_name, record_id, old_row, new_row)
  values (
    lower(tg_op),
    tg_table_name,
    case tg_op when 'DELETE' then old.id else new.id end,
    case when tg_op <> 'INSERT' then to_jsonb(old) end,
    case when tg_op <> 'DELETE' then to_jsonb(new) end
  );
  return null;
end
`,
});

/** For `triggers` of tables whose history counts. */
export const audited = {
  ...touched,
  record_change: { after: ["insert", "update", "delete"], execute: record_change },
} as const;
