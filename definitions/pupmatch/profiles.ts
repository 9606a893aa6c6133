import { double, geometry, integer, references, sql, table, text, varchar } from "verso";
import { activityLevel, distanceUnit } from "./enums.ts";
import { key, timestamps, touched } from "./shared.ts";

/** Accounts. */
export const users = table("users", {
  columns: {
    ...key,
    email: varchar(255, { unique: true }),
    password_hash: varchar(255, { secret: true }),
    ...timestamps,
  },
  triggers: touched,
  indexes: [{ on: ["created_at"] }],
});

/** A dog as other members see it; one for each account. */
export const profiles = table("profiles", {
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade", unique: true }),
    name: varchar(100),
    /** In years. */
    age: integer({ nullable: true }),
    bio: text({ nullable: true }),
    /** Where the dog lives, longitude before latitude, WGS 84. */
    location: geometry("Point", 4326, { nullable: true }),
    ...timestamps,
  },
  triggers: touched,
  checks: {
    profiles_name_not_blank: sql`btrim(name) <> ''`,
    profiles_age_plausible: sql`age between 0 and 30`,
  },
  indexes: [{ on: ["age"] }, { on: ["name"] }, { on: ["location"], using: "gist" }],
});

/** Pictures of a dog. */
export const photos = table("photos", {
  columns: {
    ...key,
    profile_id: references(() => profiles, { onDelete: "cascade" }),
    url: varchar(500),
    /** Place in the profile, from 0. */
    order: integer({ default: 0 }),
    ...timestamps,
  },
  triggers: touched,
  checks: { photos_order_from_zero: sql`"order" >= 0` },
  indexes: [{ on: ["profile_id", "order"] }],
});

/** Questions that a profile answers, to break the ice. */
export const prompts = table("prompts", {
  columns: {
    ...key,
    profile_id: references(() => profiles, { onDelete: "cascade" }),
    question: varchar(500),
    answer: text(),
    /** Place in the profile, from 0. */
    order: integer({ default: 0 }),
    ...timestamps,
  },
  triggers: touched,
  checks: { prompts_order_from_zero: sql`"order" >= 0` },
  indexes: [{ on: ["profile_id", "order"] }],
});

/** Which dogs a profile wants to be shown. */
export const user_preferences = table("user_preferences", {
  columns: {
    ...key,
    profile_id: references(() => profiles, { onDelete: "cascade", unique: true }),
    /** Of the other dog, in years. */
    min_age: integer({ default: 0 }),
    max_age: integer({ default: 20 }),
    /** In distance_unit. */
    max_distance: double({ default: 25 }),
    activity_level: activityLevel({ default: "medium" }),
    distance_unit: distanceUnit({ default: "miles" }),
    ...timestamps,
  },
  triggers: touched,
  checks: {
    user_preferences_ages: sql`0 <= min_age and min_age <= max_age`,
    user_preferences_distance: sql`max_distance > 0`,
  },
  indexes: [{ on: ["activity_level"] }, { on: ["min_age", "max_age"] }],
});
