import { bigint, jsonb, references, sql, table, text, timestamptz, varchar } from "verso";
import { key, oneOf, timestamps, touched } from "./shared.ts";

/** How somebody wants to be told of finished jobs, and what new projects start with. */
export interface Settings {
  readonly notify?: "never" | "failed" | "always";
  readonly default_max_images?: number;
  readonly [more: string]: unknown;
}

/** Somebody who crawls; the row follows the account of the sign-in service. */
export const profiles = table("profiles", {
  columns: {
    ...key,
    email: varchar(255, { renamedFrom: "mail", unique: { orphans: "set aside" } }),
    full_name: text({ nullable: true }),
    avatar_url: text({ nullable: true, renamedFrom: "avatar" }),
    role: oneOf("role", ["user", "admin"], { default: "user" }),
    settings: jsonb<Settings>({ default: {}, backfill: sql`'{}'` }),
    ...timestamps,
  },
  checks: { profiles_email_looks_like_one: sql`email like '%_@_%'` },
  triggers: touched,
});

/** Who did what, and when. Outlives the person: then nobody is named. */
export const activity_logs = table("activity_logs", {
  columns: {
    id: bigint({ primaryKey: true, identity: "by default" }),
    user_id: references(() => profiles, { onDelete: "set null", nullable: true, orphans: "set aside" }),
    /** `project.created`, `crawl_job.finished` … */
    action: varchar(100),
    resource_type: varchar(50, { nullable: true }),
    /** Key of the resource, as text, since resources have keys of several types. */
    resource_id: text({ nullable: true }),
    details: jsonb<Readonly<Record<string, unknown>>>({ default: {}, backfill: sql`'{}'` }),
    /** When it happened; created_at is when it was written down. */
    timestamp: timestamptz({ default: sql`now()` }),
    ...timestamps,
  },
  indexes: [{ on: [{ column: "timestamp", order: "desc" }] }],
  triggers: touched,
});
