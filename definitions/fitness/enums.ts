import { enumType } from "verso";

/** What an account may do: users see their own rows, coaches also their clients', administrators all. */
export const userRole = enumType("user_role", ["user", "coach", "admin"]);

export const workoutType = enumType("workout_type", [
  "strength",
  "cardio",
  "interval",
  "mobility",
  "sport",
  "recovery",
]);

export const exerciseCategory = enumType("exercise_category", [
  "push",
  "pull",
  "legs",
  "core",
  "full_body",
  "cardio",
  "mobility",
]);

export const coachingStatus = enumType("coaching_status", ["scheduled", "completed", "cancelled", "missed"]);

/** What a goal is measured in; weight, body_fat and muscle_mass follow the check-ins by themselves. */
export const goalType = enumType("goal_type", [
  "weight",
  "body_fat",
  "muscle_mass",
  "strength",
  "endurance",
  "habit",
  "other",
]);

export const goalStatus = enumType("goal_status", ["active", "completed", "paused", "abandoned"]);

/** Who sees a photo besides its owner and administrators. */
export const photoVisibility = enumType("photo_visibility", ["private", "coach", "everyone"]);

export const mealType = enumType("meal_type", ["breakfast", "lunch", "dinner", "snack"]);
