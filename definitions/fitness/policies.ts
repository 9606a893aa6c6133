import { policy, sql } from "verso";
import { coaching_sessions } from "./coaching.ts";
import { user_goals } from "./goals.ts";
import { health_metrics } from "./health.ts";
import { clientIds, currentUserId, isAdmin, isStaff } from "./identity.ts";
import { meal_logs } from "./meals.ts";
import { progress_photos } from "./photos.ts";
import { fitnessApp, fitnessReadonly } from "./roles.ts";
import { app_config, audit_log } from "./system.ts";
import { user_sessions, users } from "./users.ts";
import { exercise_definitions, exercise_logs, workout_sessions } from "./workouts.ts";

// Functions stand in sub-selects, so that PostgreSQL calls them once a query instead of once a row.
const me = sql`(select ${currentUserId}())`;
const admin = sql`(select ${isAdmin}())`;
const staff = sql`(select ${isStaff}())`;
const myClients = sql`(select ${clientIds}())`;

const journals = [health_metrics, workout_sessions, exercise_logs, user_goals, meal_logs];

/** Users read and write their own rows, and nobody else's. */
export const ownRows = [...journals, progress_photos].map((each) =>
  policy("own_rows", each, { to: fitnessApp, using: sql`user_id = ${me}`, withCheck: sql`user_id = ${me}` }),
);

/** Coaches read what their clients write down. */
export const clientsRows = journals.map((each) =>
  policy("clients_rows", each, { for: "select", to: fitnessApp, using: sql`user_id in ${myClients}` }),
);

/** Administrators read and write everything. */
export const adminRows = [...journals, users, coaching_sessions, progress_photos, exercise_definitions, app_config].map(
  (each) => policy("admin_rows", each, { to: fitnessApp, using: admin, withCheck: admin }),
);

/** Reports read everything but accounts' sessions, photos and the audit. */
export const reports = [...journals, users, coaching_sessions, exercise_definitions, app_config].map((each) =>
  policy("reports", each, { for: "select", to: fitnessReadonly, using: sql`true` }),
);

export const accounts = [
  policy("own_row", users, { for: "select", to: fitnessApp, using: sql`id = ${me}` }),
  policy("own_profile", users, { for: "update", to: fitnessApp, using: sql`id = ${me}`, withCheck: sql`id = ${me}` }),
  policy("own_deletion", users, { for: "delete", to: fitnessApp, using: sql`id = ${me}` }),
  policy("clients", users, { for: "select", to: fitnessApp, using: sql`id in ${myClients}` }),
  policy("own_coach", users, {
    for: "select",
    to: fitnessApp,
    using: sql`role in ('coach', 'admin') and (select ${currentUserId}()) is not null`,
  }),
  policy("own_sessions", user_sessions, {
    for: "select",
    to: fitnessApp,
    using: sql`user_id = ${me} or ${admin}`,
  }),
];

export const coaching = [
  policy("own_sessions", coaching_sessions, { for: "select", to: fitnessApp, using: sql`user_id = ${me}` }),
  policy("own_rating", coaching_sessions, {
    for: "update",
    to: fitnessApp,
    using: sql`user_id = ${me}`,
    withCheck: sql`user_id = ${me}`,
  }),
  policy("held_sessions", coaching_sessions, {
    to: fitnessApp,
    using: sql`coach_id = ${me} and ${staff}`,
    withCheck: sql`coach_id = ${me} and user_id in ${myClients}`,
  }),
];

export const sharedPhotos = policy("shared_photos", progress_photos, {
  for: "select",
  to: fitnessApp,
  using: sql`visibility = 'everyone' and ${me} is not null or visibility = 'coach' and user_id in ${myClients}`,
});

export const exercises = [
  policy("everybody_reads", exercise_definitions, { for: "select", to: fitnessApp, using: sql`${me} is not null` }),
  policy("coaches_write", exercise_definitions, {
    to: fitnessApp,
    using: sql`created_by = ${me} and ${staff}`,
    withCheck: sql`created_by = ${me} and ${staff}`,
  }),
];

export const publicConfig = policy("public_settings", app_config, {
  for: "select",
  to: fitnessApp,
  using: sql`is_public`,
});

export const ownAudit = policy("own_or_admin", audit_log, {
  for: "select",
  to: fitnessApp,
  using: sql`user_id = ${me} or ${admin}`,
});
