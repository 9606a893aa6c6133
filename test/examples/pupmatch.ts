// Dogs that live near each other: who is near, who likes whom, and what they say once they match.
import type { Database } from "verso/client";
import {
  conversations,
  likes,
  matches,
  messages,
  nearbyProfiles,
  passes,
  profiles,
} from "../../generated/pupmatch/client.ts";
import type { Conversations, Matches, Profiles, Users } from "../../generated/pupmatch/index.ts";

export interface Nearby {
  readonly profile: Profiles;
  /** In the unit that the profile's owner prefers. */
  readonly distance: number;
}

/** The dogs that somebody should look at next, nearest first. */
export async function suggestions(db: Database, me: Profiles["id"]): Promise<readonly Nearby[]> {
  const near = await nearbyProfiles(db, { profile_id: me, at_most: 10 });
  const distances = new Map(near.map(({ id, distance }) => [id, distance ?? 0]));
  const found = await profiles.findManyById(
    db,
    [...distances.keys()].filter((id) => id !== null),
  );
  return found
    .map((profile) => ({ profile, distance: distances.get(profile.id) ?? 0 }))
    .sort((one, other) => one.distance - other.distance);
}

/** The match that a like makes, where it is returned. Liking twice is liking once. */
export async function judge(db: Database, me: Users["id"], other: Users["id"], verdict: "like" | "pass") {
  const judged = { user_id: me, target_id: other };
  await (verdict === "like" ? likes : passes).insertOrIgnore(db, [judged]);
  return (await matches.findByUser1IdAndUser2Id(db, other, me)) ?? matches.findByUser1IdAndUser2Id(db, me, other);
}

export async function say(db: Database, conversation: Conversations, me: Users["id"], body: string) {
  const recipient_id = conversation.user1_id === me ? conversation.user2_id : conversation.user1_id;
  return messages.insert(db, { conversation_id: conversation.id, sender_id: me, recipient_id, body });
}

/** A conversation from its first message on; `after` is where the page before ended. */
export async function read(db: Database, conversation: Conversations["id"], after?: string) {
  const page = await messages.listByConversationId(db, conversation, { limit: 20, after });
  return { messages: page.rows, next: page.next };
}

/** What a match says to each other; made by its first reader. */
export const conversationOf = (db: Database, { id, user1_id, user2_id }: Matches): Promise<Conversations> =>
  conversations.upsertByMatchId(db, { match_id: id, user1_id, user2_id });
