import { boolean, fn, references, sql, table, text, trigger } from "verso";
import { matches } from "./meetings.ts";
import { users } from "./profiles.ts";
import { key, timestamps, touched } from "./shared.ts";

/** What a match says to each other; updated_at is the last message's time. */
export const conversations = table("conversations", {
  columns: {
    ...key,
    match_id: references(() => matches, { onDelete: "cascade", unique: true }),
    user1_id: references(() => users, { onDelete: "cascade" }),
    user2_id: references(() => users, { onDelete: "cascade" }),
    ...timestamps,
  },
  triggers: touched,
  checks: { conversations_two_users: sql`user1_id <> user2_id` },
  indexes: [{ on: ["user1_id", "updated_at"] }, { on: ["user2_id", "updated_at"] }, { on: ["updated_at"] }],
});

/** Messages of a conversation. */
export const messages = table("messages", {
  columns: {
    ...key,
    conversation_id: references(() => conversations, { onDelete: "cascade" }),
    sender_id: references(() => users, { onDelete: "cascade" }),
    recipient_id: references(() => users, { onDelete: "cascade" }),
    body: text(),
    read: boolean({ default: false }),
    ...timestamps,
  },
  triggers: touched,
  checks: { messages_two_users: sql`sender_id <> recipient_id`, messages_body_not_blank: sql`btrim(body) <> ''` },
  indexes: [
    { on: ["conversation_id", "created_at"] },
    { on: ["sender_id", "created_at"] },
    { on: ["recipient_id", "read"] },
    { on: ["created_at"] },
  ],
});

/** A message moves its conversation to the top. */
export const touchConversation = fn("touch_conversation", {
  returns: "trigger",
  body: sql`
begin
  update ${conversations} set updated_at = now() where id = new.conversation_id;
  return null;
end`,
});

export const onMessage = trigger("touch_conversation", messages, { after: ["insert"], execute: touchConversation });
