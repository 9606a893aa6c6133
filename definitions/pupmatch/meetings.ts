import { fn, references, sql, table, trigger } from "verso";
import { users } from "./profiles.ts";
import { key, timestamps, touched } from "./shared.ts";

// Who judged whom: a like and a pass have the same shape.
const judgement = {
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    /** Who is judged. */
    target_id: references(() => users, { onDelete: "cascade" }),
    ...timestamps,
  },
  triggers: touched,
  unique: [["user_id", "target_id"]],
  indexes: [{ on: ["target_id", "user_id"] }, { on: ["user_id", "created_at"] }],
} as const;

/** One user likes another. */
export const likes = table("likes", { ...judgement, checks: { likes_not_oneself: sql`user_id <> target_id` } });

/** One user does not want to be shown another again. */
export const passes = table("passes", { ...judgement, checks: { passes_not_oneself: sql`user_id <> target_id` } });

/** Two users who like each other; user1_id is who was liked first. */
export const matches = table("matches", {
  columns: {
    ...key,
    user1_id: references(() => users, { onDelete: "cascade" }),
    user2_id: references(() => users, { onDelete: "cascade" }),
    ...timestamps,
  },
  triggers: touched,
  unique: [["user1_id", "user2_id"]],
  checks: { matches_two_users: sql`user1_id <> user2_id` },
  indexes: [
    { on: ["user1_id", "created_at"] },
    { on: ["user2_id", "created_at"] },
    { on: ["created_at"] },
    {
      on: [sql`least(user1_id, user2_id)`, sql`greatest(user1_id, user2_id)`],
      unique: true,
      name: "matches_once_a_pair",
    },
  ],
});

/** A like that is returned makes a match. */
export const matchMutualLike = fn("match_mutual_like", {
  returns: "trigger",
  body: sql`
begin
  insert into ${matches} (user1_id, user2_id)
  select new.user_id, l.user_id
  from ${likes} l
  where l.user_id = new.target_id and l.target_id = new.user_id
  on conflict do nothing;
  return null;
end`,
});

export const onLike = trigger("match_mutual_like", likes, { after: ["insert"], execute: matchMutualLike });
