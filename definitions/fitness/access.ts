import { all, grant, revoke } from "verso";
import { assignUser, changePassword, cleanUpSessions, logIn, registerUser, revokeSession } from "./accounts.ts";
import { coaching_schedule, coaching_sessions, next_coaching_session } from "./coaching.ts";
import { goal_overview, user_goals } from "./goals.ts";
import { body_composition, health_metrics } from "./health.ts";
import { clientIds, currentRole, currentSessionId, currentUserId, isAdmin, isStaff, useSession } from "./identity.ts";
import { daily_nutrition, meal_logs } from "./meals.ts";
import { progress_photos } from "./photos.ts";
import { fitnessApp, fitnessReadonly } from "./roles.ts";
import { app_config, audit_log } from "./system.ts";
import { user_sessions, users } from "./users.ts";
import {
  exercise_definitions,
  exercise_logs,
  searchable,
  searchExercises,
  workout_sessions,
  workout_totals,
} from "./workouts.ts";

const journals = [health_metrics, workout_sessions, exercise_logs, user_goals, meal_logs];
const views = [
  body_composition,
  workout_totals,
  coaching_schedule,
  next_coaching_session,
  goal_overview,
  daily_nutrition,
];

export const appWrites = grant({
  on: [...journals, coaching_sessions, progress_photos, exercise_definitions, app_config],
  to: fitnessApp,
  privileges: ["select", "insert", "update", "delete"],
});
export const appReads = grant({ on: [audit_log, ...views], to: fitnessApp, privileges: ["select"] });

// Not the password's hash and not the session's token. What decides over rights (role, coach, locks) the application
// reads, but changes only through the functions in accounts.ts.
const profile = [
  "email",
  "username",
  "full_name",
  "birth_date",
  "sex",
  "height_cm",
  "time_zone",
  "preferences",
] as const;
const account = ["id", ...profile, "role", "coach_id", "is_active", "created_at", "updated_at"] as const;

export const accountsForApp = [
  grant({ on: users, to: fitnessApp, privileges: ["select"], columns: [...account, "locked_until", "last_login_at"] }),
  grant({ on: users, to: fitnessApp, privileges: ["update"], columns: profile }),
  grant({ on: users, to: fitnessApp, privileges: ["delete"] }),
  grant({
    on: user_sessions,
    to: fitnessApp,
    privileges: ["select"],
    columns: [
      "id",
      "user_id",
      "remember_me",
      "expires_at",
      "last_seen_at",
      "ip_address",
      "device",
      "browser",
      "operating_system",
      "revoked_at",
      "revoked_reason",
      "created_at",
    ],
  }),
];

export const reportsRead = [
  grant({
    on: [...journals, coaching_sessions, exercise_definitions, app_config, ...views],
    to: fitnessReadonly,
    privileges: ["select"],
  }),
  grant({ on: users, to: fitnessReadonly, privileges: ["select"], columns: account }),
];

// Functions are everybody's by default.
export const nobody = revoke({ on: all("functions"), privileges: "all", from: "public" });

export const appCalls = grant({
  on: [
    logIn,
    registerUser,
    revokeSession,
    changePassword,
    assignUser,
    cleanUpSessions,
    useSession,
    currentSessionId,
    currentUserId,
    currentRole,
    isAdmin,
    isStaff,
    clientIds,
    searchable,
    searchExercises,
  ],
  to: fitnessApp,
  privileges: ["execute"],
});
