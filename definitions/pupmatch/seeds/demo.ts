import { seed } from "verso";
import { conversations, messages } from "../conversations.ts";
import { likes, matches, passes } from "../meetings.ts";
import { photos, profiles, prompts, user_preferences, users } from "../profiles.ts";

export const demoUsers = seed(users, {
  environments: ["demo"],
  key: ["email"],
  rows: {
    rex: { id: "u-rex", email: "rex@example.com", password_hash: "demo" },
    luna: { id: "u-luna", email: "luna@example.com", password_hash: "demo" },
    balu: { id: "u-balu", email: "balu@example.com", password_hash: "demo" },
    mia: { id: "u-mia", email: "mia@example.com", password_hash: "demo" },
  },
});

export const demoMatches = seed(matches, {
  environments: ["demo"],
  key: ["user1_id", "user2_id"],
  rows: {
    rexAndLuna: { user1_id: demoUsers.rows.rex.id, user2_id: demoUsers.rows.luna.id },
  },
});

export const demoConversations = seed(conversations, {
  environments: ["demo"],
  key: ["match_id"],
  rows: {
    rexAndLuna: {
      id: "c-1",
      match_id: demoMatches.rows.rexAndLuna.id,
      user1_id: demoUsers.rows.rex.id,
      user2_id: demoUsers.rows.luna.id,
    },
  },
});

export const demoLikes = seed(likes, {
  environments: ["demo"],
  key: ["user_id", "target_id"],
  rows: {
    rexLuna: { id: "l-1", user_id: demoUsers.rows.rex.id, target_id: demoUsers.rows.luna.id },
    lunaRex: { id: "l-2", user_id: demoUsers.rows.luna.id, target_id: demoUsers.rows.rex.id },
    baluLuna: { id: "l-3", user_id: demoUsers.rows.balu.id, target_id: demoUsers.rows.luna.id },
  },
});

export const demoMessages = seed(messages, {
  environments: ["demo"],
  key: ["conversation_id", "body"],
  rows: {
    question: {
      id: "m-1",
      conversation_id: demoConversations.rows.rexAndLuna.id,
      sender_id: demoUsers.rows.rex.id,
      recipient_id: demoUsers.rows.luna.id,
      body: "Park at five?",
    },
    answer: {
      id: "m-2",
      conversation_id: demoConversations.rows.rexAndLuna.id,
      sender_id: demoUsers.rows.luna.id,
      recipient_id: demoUsers.rows.rex.id,
      body: "I bring the ball.",
    },
  },
});

export const demoPasses = seed(passes, {
  environments: ["demo"],
  key: ["user_id", "target_id"],
  rows: {
    lunaBalu: { id: "pa-1", user_id: demoUsers.rows.luna.id, target_id: demoUsers.rows.balu.id },
  },
});

export const demoProfiles = seed(profiles, {
  environments: ["demo"],
  key: ["user_id"],
  rows: {
    rex: {
      id: "p-rex",
      user_id: demoUsers.rows.rex.id,
      name: "Rex",
      age: 3,
      bio: "Fetches anything.",
      location: { type: "Point", coordinates: [-73.9746, 40.7694] },
    },
    luna: {
      id: "p-luna",
      user_id: demoUsers.rows.luna.id,
      name: "Luna",
      age: 5,
      bio: "Sniffs first, plays later.",
      location: { type: "Point", coordinates: [-73.9566, 40.7736] },
    },
    balu: {
      id: "p-balu",
      user_id: demoUsers.rows.balu.id,
      name: "Balu",
      age: 8,
      location: { type: "Point", coordinates: [-73.969, 40.6602] },
    },
    mia: { id: "p-mia", user_id: demoUsers.rows.mia.id, name: "Mia", age: 1, bio: "Small and loud." },
  },
});

export const demoPhotos = seed(photos, {
  environments: ["demo"],
  key: ["profile_id", "url"],
  rows: {
    rex0: { id: "ph-rex-0", profile_id: demoProfiles.rows.rex.id, url: "https://images.example.com/rex-0.jpg" },
    luna0: { id: "ph-luna-0", profile_id: demoProfiles.rows.luna.id, url: "https://images.example.com/luna-0.jpg" },
    balu0: { id: "ph-balu-0", profile_id: demoProfiles.rows.balu.id, url: "https://images.example.com/balu-0.jpg" },
    mia0: { id: "ph-mia-0", profile_id: demoProfiles.rows.mia.id, url: "https://images.example.com/mia-0.jpg" },
    rex1: {
      id: "ph-rex-1",
      profile_id: demoProfiles.rows.rex.id,
      url: "https://images.example.com/rex-1.jpg",
      order: 1,
    },
    luna1: {
      id: "ph-luna-1",
      profile_id: demoProfiles.rows.luna.id,
      url: "https://images.example.com/luna-1.jpg",
      order: 1,
    },
    balu1: {
      id: "ph-balu-1",
      profile_id: demoProfiles.rows.balu.id,
      url: "https://images.example.com/balu-1.jpg",
      order: 1,
    },
    mia1: {
      id: "ph-mia-1",
      profile_id: demoProfiles.rows.mia.id,
      url: "https://images.example.com/mia-1.jpg",
      order: 1,
    },
    rex2: {
      id: "ph-rex-2",
      profile_id: demoProfiles.rows.rex.id,
      url: "https://images.example.com/rex-2.jpg",
      order: 2,
    },
    luna2: {
      id: "ph-luna-2",
      profile_id: demoProfiles.rows.luna.id,
      url: "https://images.example.com/luna-2.jpg",
      order: 2,
    },
    balu2: {
      id: "ph-balu-2",
      profile_id: demoProfiles.rows.balu.id,
      url: "https://images.example.com/balu-2.jpg",
      order: 2,
    },
    mia2: {
      id: "ph-mia-2",
      profile_id: demoProfiles.rows.mia.id,
      url: "https://images.example.com/mia-2.jpg",
      order: 2,
    },
  },
});

export const demoPrompts = seed(prompts, {
  environments: ["demo"],
  key: ["profile_id", "question"],
  rows: {
    rex0: {
      id: "pr-rex-0",
      profile_id: demoProfiles.rows.rex.id,
      question: "My favourite toy",
      answer: "The neighbour's shoe",
    },
    luna0: {
      id: "pr-luna-0",
      profile_id: demoProfiles.rows.luna.id,
      question: "I am afraid of",
      answer: "The vacuum cleaner",
    },
  },
});

export const demoUserPreferences = seed(user_preferences, {
  environments: ["demo"],
  key: ["profile_id"],
  rows: {
    rex: { id: "up-rex", profile_id: demoProfiles.rows.rex.id, max_distance: 10, activity_level: "high" },
    luna: {
      id: "up-luna",
      profile_id: demoProfiles.rows.luna.id,
      max_distance: 5,
      activity_level: "low",
      distance_unit: "kilometers",
    },
  },
});
