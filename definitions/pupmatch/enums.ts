import { enumType } from "verso";

/** How much a dog wants to run. */
export const activityLevel = enumType("activity_level_enum", ["low", "medium", "high"]);

/** In what a user reads distances. */
export const distanceUnit = enumType("distance_unit_enum", ["miles", "kilometers"]);
