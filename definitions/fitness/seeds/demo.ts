import { row, seed, sql } from "verso";
import { hashPassword } from "../accounts.ts";
import { coaching_sessions } from "../coaching.ts";
import { user_goals } from "../goals.ts";
import { progress_photos } from "../photos.ts";
import { users } from "../users.ts";

export const demoUsers = seed(users, {
  environments: ["demo"],
  key: ["email"],
  rows: {
    ada: {
      id: "00000000-0000-4000-8000-0000000000a1",
      email: "ada@example.com",
      username: "ada",
      password_hash: sql`${hashPassword}('correct horse battery')`,
      role: "admin",
      full_name: "Ada Admin",
      birth_date: "1980-02-03",
      sex: "female",
      height_cm: "168.0",
    },
    carl: {
      id: "00000000-0000-4000-8000-0000000000c1",
      email: "carl@example.com",
      username: "carl",
      password_hash: sql`${hashPassword}('correct horse battery')`,
      role: "coach",
      full_name: "Carl Coach",
      birth_date: "1985-06-07",
      sex: "male",
      height_cm: "185.0",
    },
    uma: {
      id: "00000000-0000-4000-8000-0000000000b1",
      email: "uma@example.com",
      username: "uma",
      password_hash: sql`${hashPassword}('correct horse battery')`,
      full_name: "Uma User",
      birth_date: "1992-04-05",
      sex: "female",
      height_cm: "170.0",
      coach_id: row(users, "carl").id,
      preferences: { units: "metric" },
    },
    otto: {
      id: "00000000-0000-4000-8000-0000000000b2",
      email: "otto@example.com",
      username: "otto",
      password_hash: sql`${hashPassword}('correct horse battery')`,
      full_name: "Otto Other",
      birth_date: "1990-12-24",
      sex: "male",
      height_cm: "182.0",
      preferences: { theme: "dark", units: "imperial" },
    },
  },
});

export const demoCoachingSessions = seed(coaching_sessions, {
  environments: ["demo"],
  key: ["user_id", "scheduled_at"],
  rows: {
    first: {
      user_id: demoUsers.rows.uma.id,
      coach_id: demoUsers.rows.carl.id,
      scheduled_at: "2025-01-10 17:00:00+00",
      status: "completed",
      topics: ["nutrition", "sleep"],
      action_items: [
        { done: true, what: "protein at breakfast" },
        { done: false, what: "lights out at eleven" },
      ],
      summary: "A good start.",
      rating: 5,
      follow_up_date: "2025-01-24",
    },
    second: {
      user_id: demoUsers.rows.uma.id,
      coach_id: demoUsers.rows.carl.id,
      scheduled_at: "2025-01-24 17:00:00+00",
      topics: ["sleep"],
    },
  },
});

export const demoProgressPhotos = seed(progress_photos, {
  environments: ["demo"],
  key: ["user_id", "storage_key"],
  rows: {
    umaBefore: {
      user_id: demoUsers.rows.uma.id,
      photo_date: "2025-01-01",
      photo_type: "front",
      storage_key: "demo/uma/front-1.jpg",
      metrics_snapshot: { weightKg: 75 },
      visibility: "coach",
    },
    umaAfter: {
      user_id: demoUsers.rows.uma.id,
      photo_date: "2025-01-30",
      photo_type: "side",
      storage_key: "demo/uma/side-2.jpg",
      metrics_snapshot: { weightKg: 72.1 },
    },
    ottoNow: {
      user_id: demoUsers.rows.otto.id,
      photo_date: "2025-01-30",
      photo_type: "front",
      storage_key: "demo/otto/front-1.jpg",
      visibility: "everyone",
    },
  },
});

export const demoUserGoals = seed(user_goals, {
  environments: ["demo"],
  key: ["user_id", "title"],
  rows: {
    benchPress100Kg: {
      user_id: demoUsers.rows.otto.id,
      title: "Bench press 100 kg",
      goal_type: "strength",
      unit: "kg",
      start_value: "70.00",
      target_value: "100.00",
      current_value: "82.50",
      start_date: "2025-01-01",
    },
    downTo65Kg: {
      user_id: demoUsers.rows.uma.id,
      title: "Down to 65 kg",
      goal_type: "weight",
      unit: "kg",
      start_value: "75.00",
      target_value: "65.00",
      // From here on check-ins tell.
      current_value: sql`75`,
      start_date: "2025-01-01",
      target_date: "2025-12-31",
    },
  },
});
