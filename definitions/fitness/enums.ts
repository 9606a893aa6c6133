import { enumType } from "verso";
import { fitnessOwner } from "./roles.ts";

const owned = { owner: fitnessOwner };

/** What an account may do: users see their own rows, coaches also their clients', administrators all. */
export const userRole = enumType("user_role", ["user", "coach", "admin"], owned);

export const workoutType = enumType(
  "workout_type",
  ["strength", "cardio", "interval", "mobility", "sport", "recovery"],
  owned,
);

export const exerciseCategory = enumType(
  "exercise_category",
  ["push", "pull", "legs", "core", "full_body", "cardio", "mobility"],
  owned,
);

export const coachingStatus = enumType("coaching_status", ["scheduled", "completed", "cancelled", "missed"], owned);

/** What a goal is measured in; weight, body_fat and muscle_mass follow the check-ins by themselves. */
export const goalType = enumType(
  "goal_type",
  ["weight", "body_fat", "muscle_mass", "strength", "endurance", "habit", "other"],
  owned,
);

export const goalStatus = enumType("goal_status", ["active", "completed", "paused", "abandoned"], owned);

/** Who sees a photo besides its owner and administrators. */
export const photoVisibility = enumType("photo_visibility", ["private", "coach", "everyone"], owned);

export const mealType = enumType("meal_type", ["breakfast", "lunch", "dinner", "snack"], owned);
