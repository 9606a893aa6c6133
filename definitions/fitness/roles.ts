import { databaseSetting, role } from "verso";

/** Owns every table and function; row security does not bind it, so its functions may look past it. Nobody logs in as it. */
export const fitnessOwner = role("fitness_owner");

/** The web application. It sees the rows of whoever presented a session token, and no secrets. */
export const fitnessApp = role("fitness_app", { login: true });

/** Reports and dashboards. */
export const fitnessReadonly = role("fitness_readonly", { login: true });

export const roleSettings = [
  databaseSetting("statement_timeout", "30s", { role: fitnessApp }),
  databaseSetting("lock_timeout", "5s", { role: fitnessApp }),
  databaseSetting("statement_timeout", "5min", { role: fitnessReadonly }),
  databaseSetting("default_transaction_read_only", "on", { role: fitnessReadonly }),
];

export const databaseSettings = [
  databaseSetting("search_path", "fitness, extensions"),
  databaseSetting("timezone", "UTC"),
  databaseSetting("idle_in_transaction_session_timeout", "5min"),
  databaseSetting("default_text_search_config", "pg_catalog.english"),
];
