import {
  boolean,
  date,
  inet,
  jsonb,
  numeric,
  references,
  self,
  smallint,
  sql,
  table,
  text,
  timestamptz,
  varchar,
} from "verso";
import { userRole } from "./enums.ts";
import { between, key, notBlank, timestamps, touched } from "./shared.ts";

/** What a user chose in the application's settings. */
export interface Preferences {
  readonly units?: "metric" | "imperial";
  readonly theme?: "light" | "dark";
  readonly weekStartsOn?: "monday" | "sunday";
  readonly reminders?: readonly string[];
}

/** Accounts, with the profile that measurements are read against. */
export const users = table("users", {
  triggers: touched,
  columns: {
    ...key,
    /** Lower case; what one logs in with. */
    email: varchar(255, { unique: true, statistics: 500 }),
    username: varchar(50, { unique: true }),
    /** bcrypt, by pgcrypto. */
    password_hash: text({ secret: true }),
    role: userRole({ default: "user" }),
    full_name: varchar(150),
    birth_date: date({ nullable: true }),
    sex: text({ nullable: true }),
    /** For the body mass index. */
    height_cm: numeric(4, 1, { nullable: true, check: between("height_cm", 80, 260) }),
    /** Who sees this user's rows besides the user: an account whose role is coach. */
    coach_id: references(self, { onDelete: "set null", nullable: true }),
    /** IANA name: Europe/Zurich. Days begin and end by it. */
    time_zone: text({ default: "UTC", check: sql`time_zone ~ '^[A-Za-z0-9_+/-]+$'` }),
    preferences: jsonb<Preferences>({ default: {} }),
    /** An account that is not active cannot log in, and its sessions count for nothing. */
    is_active: boolean({ default: true }),
    /** Since the last success; five lock the account. */
    failed_login_attempts: smallint({ default: 0, check: sql`failed_login_attempts >= 0` }),
    locked_until: timestamptz({ nullable: true }),
    last_login_at: timestamptz({ nullable: true }),
    ...timestamps,
  },
  checks: {
    users_email_shape: sql`email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'`,
    users_username_shape: sql`username ~ '^[a-z0-9_.-]{3,50}$'`,
    users_full_name_not_blank: notBlank("full_name"),
    users_sex_known: sql`sex in ('female', 'male', 'other')`,
    users_birth_date_plausible: sql`birth_date >= date '1900-01-01'`,
    users_preferences_object: sql`jsonb_typeof(preferences) = 'object'`,
    users_not_own_coach: sql`coach_id <> id`,
  },
  indexes: [
    { on: ["role"], where: sql`role <> 'user'` },
    { on: ["locked_until"], where: sql`locked_until is not null` },
    { on: [{ column: "full_name", opclass: "gin_trgm_ops" }], using: "gin" },
    { on: ["preferences"], using: "gin" },
  ],
});

/** Log-ins. A request shows which one it belongs to by its token; the policies read the user from it. */
export const user_sessions = table("user_sessions", {
  triggers: touched,
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    /** SHA-256 of the token that the browser holds, in hexadecimal: who reads this table can log in as nobody. */
    session_token: text({ unique: true, secret: true, check: sql`length(session_token) = 64` }),
    /** The session that this one replaced when its token was renewed. */
    renews_id: references(self, { onDelete: "cascade", nullable: true }),
    /** 30 days instead of 24 hours. */
    remember_me: boolean({ default: false }),
    expires_at: timestamptz(),
    last_seen_at: timestamptz({ default: sql`now()` }),
    ip_address: inet({ nullable: true }),
    device: varchar(100, { nullable: true }),
    browser: varchar(100, { nullable: true }),
    operating_system: varchar(100, { nullable: true }),
    revoked_at: timestamptz({ nullable: true }),
    revoked_reason: text({ nullable: true }),
    ...timestamps,
  },
  checks: {
    user_sessions_expires_later: sql`expires_at > created_at`,
    user_sessions_lifetime: sql`expires_at <= created_at + case when remember_me then interval '720 hours' else interval '24 hours' end`,
    user_sessions_revoked_with_reason: sql`(revoked_at is null) = (revoked_reason is null)`,
    user_sessions_reason_known: sql`revoked_reason in ('log out', 'expired', 'renewed', 'password changed', 'administrator')`,
  },
  indexes: [
    { on: ["user_id", "expires_at"], where: sql`revoked_at is null` },
    { on: ["expires_at"] },
    { on: ["ip_address"] },
    { on: ["user_id", { column: "last_seen_at", order: "desc" }] },
  ],
});
