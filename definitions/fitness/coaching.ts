import { array, date, jsonb, references, self, smallint, sql, table, text, timestamptz, uuid, view } from "verso";
import { coachingStatus } from "./enums.ts";
import { between, key, timestamps, touched } from "./shared.ts";
import { users } from "./users.ts";

/** Something that the client takes on until the next session. */
export interface ActionItem {
  readonly what: string;
  readonly due?: string;
  readonly done: boolean;
}

/** Talks between a client (user_id) and a coach. */
export const coaching_sessions = table("coaching_sessions", {
  triggers: touched,
  columns: {
    ...key,
    /** The client. */
    user_id: references(() => users, { onDelete: "cascade" }),
    coach_id: references(() => users, { onDelete: "set null", nullable: true }),
    scheduled_at: timestamptz(),
    duration_minutes: smallint({ default: 45, check: between("duration_minutes", 5, 480) }),
    status: coachingStatus({ default: "scheduled" }),
    topics: array(text(), { default: [] }),
    action_items: jsonb<readonly ActionItem[]>({ default: [] }),
    /** What was said. */
    summary: text({ nullable: true, renamedFrom: "notes" }),
    /** The client's, from 1 to 5. */
    rating: smallint({ nullable: true, check: between("rating", 1, 5) }),
    /** When to look at the action items. */
    follow_up_date: date({ nullable: true }),
    /** The session that this one continues; it goes with it. */
    follow_up_of_id: uuid({ nullable: true }),
    ...timestamps,
  },
  unique: [
    ["user_id", "scheduled_at"],
    ["id", "user_id"],
  ],
  foreignKeys: [
    // Of the same client.
    { columns: ["follow_up_of_id", "user_id"], references: self, target: ["id", "user_id"], onDelete: "cascade" },
  ],
  checks: {
    coaching_sessions_not_own_follow_up: sql`follow_up_of_id <> id`,
    coaching_sessions_two_people: sql`coach_id <> user_id`,
    coaching_sessions_action_items_list: sql`jsonb_typeof(action_items) = 'array'`,
    coaching_sessions_rated_when_completed: sql`rating is null or status = 'completed'`,
  },
  indexes: [
    { on: ["user_id", { column: "scheduled_at", order: "desc" }] },
    { on: ["coach_id", "scheduled_at"] },
    { on: ["scheduled_at"], where: sql`status = 'scheduled'` },
    { on: ["follow_up_date"], where: sql`follow_up_date is not null` },
    { on: ["topics"], using: "gin" },
  ],
});

/** Sessions that are still to come or should have been held, with the days until then. */
export const coaching_schedule = view("coaching_schedule", {
  securityInvoker: true,
  query: sql`
select
  s.id as coaching_session_id,
  s.user_id,
  s.coach_id,
  s.scheduled_at,
  s.scheduled_at < now() as is_overdue,
  (s.scheduled_at::date - current_date) as days_until,
  s.topics,
  s.follow_up_of_id
from ${coaching_sessions} s
where s.status = 'scheduled'`,
});

/** For each client the next session, and the days until then. */
export const next_coaching_session = view("next_coaching_session", {
  securityInvoker: true,
  query: sql`
select distinct on (s.user_id)
  s.user_id,
  s.coaching_session_id,
  s.coach_id,
  s.scheduled_at,
  s.days_until
from ${coaching_schedule} s
where not s.is_overdue
order by s.user_id, s.scheduled_at`,
});
