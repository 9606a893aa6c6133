import { boolean, jsonb, smallint, sql, table, text, timestamptz, varchar } from "verso";
import { contents, key, newestFirst, notNegative, similar, timestamps, touched } from "./shared.ts";

/** What a person has chosen for all sixteen apps. */
export interface Preferences {
  readonly theme?: "light" | "dark" | "system";
  readonly language?: string;
  readonly units?: "metric" | "imperial";
  readonly apps?: readonly string[];
  readonly [more: string]: unknown;
}

/** A person who takes photos; one account serves every app. */
export const users = table("users", {
  columns: {
    ...key,
    /** Lower case, so that one address cannot register twice. */
    email: varchar(255, { unique: true, check: sql`email = lower(email) and email like '%_@_%'` }),
    /** Never leaves the server. */
    password_hash: text({ secret: true }),
    display_name: varchar(100, { renamedFrom: "name" }),
    avatar_url: text({ nullable: true }),
    /** Theme, language, units and the apps that are switched on. */
    preferences: jsonb<Preferences>({ default: {} }),
    is_active: boolean({ default: true }),
    email_verified_at: timestamptz({ nullable: true }),
    last_login_at: timestamptz({ nullable: true }),
    /** Since the last login that succeeded. */
    failed_login_attempts: smallint({ default: 0, check: notNegative("failed_login_attempts") }),
    /** No login before this moment. */
    locked_until: timestamptz({ nullable: true }),
    ...timestamps,
  },
  checks: { users_display_name_not_blank: sql`display_name <> ''` },
  indexes: [
    { on: [newestFirst] },
    { on: [{ column: "last_login_at", order: "desc", nulls: "last" }], where: sql`is_active` },
    contents("preferences"),
    similar("display_name"),
  ],
  triggers: touched,
});
