import { array, jsonb, numeric, smallint, sql, text, varchar } from "verso";
import { details, exercise, food } from "./details.ts";
import { between, contents, elements, notNegative, oneOf, similar } from "./shared.ts";

/** Details of Calo, which counts what a plate holds. */
export const calo_identifications = details("calo_identifications", {
  columns: {
    food_name: varchar(200),
    meal: oneOf("meal", ["breakfast", "lunch", "dinner", "snack"], { nullable: true }),
    ...food.columns,
    protein_g: numeric(6, 1, { nullable: true, check: notNegative("protein_g") }),
    carbohydrates_g: numeric(6, 1, { nullable: true, check: notNegative("carbohydrates_g") }),
    fat_g: numeric(6, 1, { nullable: true, check: notNegative("fat_g") }),
    fibre_g: numeric(6, 1, { nullable: true, check: notNegative("fibre_g") }),
    ingredients: array(text(), { default: [] }),
    allergens: array(text(), { default: [] }),
  },
  indexes: [...food.indexes, similar("food_name"), elements("ingredients"), elements("allergens")],
});

/** Details of the fruit app. */
export const fruit_identifications = details("fruit_identifications", {
  columns: {
    common_name: varchar(200),
    variety: varchar(120, { nullable: true }),
    ripeness: oneOf("ripeness", ["unripe", "ripening", "ripe", "overripe", "spoiled", "unknown"], {
      default: "unknown",
    }),
    /** Days until it is past eating, at room temperature. */
    keeps_days: smallint({ nullable: true, check: notNegative("keeps_days") }),
    /** Months by number, 1 to 12. */
    season_months: array(smallint(), { default: [], check: sql`season_months <@ '{1,2,3,4,5,6,7,8,9,10,11,12}'` }),
    storage_advice: text({ nullable: true }),
    ...food.columns,
  },
  indexes: [...food.indexes, similar("common_name"), { on: ["ripeness"] }, elements("season_months")],
});

/** Details of LazyFit: exercises for people who begin. */
export const lazyfit_identifications = details("lazyfit_identifications", {
  columns: {
    ...exercise.columns,
    effort: oneOf("effort", ["very easy", "easy", "moderate"], { default: "easy" }),
    duration_minutes: smallint({ nullable: true, check: between("duration_minutes", 1, 180) }),
    calories_per_minute: numeric(4, 1, { nullable: true, check: notNegative("calories_per_minute") }),
    /** Ways to make it easier still. */
    modifications: array(text(), { default: [] }),
  },
  indexes: [...exercise.indexes, { on: ["effort", "duration_minutes"] }],
});

/** How a movement loads the body. */
export interface Biomechanics {
  readonly joints?: readonly string[];
  readonly plane?: "sagittal" | "frontal" | "transverse";
  readonly force_curve?: "ascending" | "descending" | "bell" | "flat";
  readonly faults?: readonly string[];
}

/** Details of MuscleFit: what an exercise trains, and how well it is done. */
export const musclefit_identifications = details("musclefit_identifications", {
  columns: {
    ...exercise.columns,
    movement: oneOf("movement", ["push", "pull", "squat", "hinge", "lunge", "carry", "rotation", "isolation"]),
    muscles: array(text(), { check: sql`cardinality(muscles) > 0` }),
    secondary_muscles: array(text(), { default: [] }),
    biomechanics: jsonb<Biomechanics>({ default: {} }),
    /** How clean the form is in the photo, from 0 to 1. */
    form_score: numeric(4, 3, { nullable: true, check: between("form_score", 0, 1) }),
  },
  indexes: [
    ...exercise.indexes,
    { on: ["movement"] },
    elements("muscles"),
    elements("secondary_muscles"),
    contents("biomechanics"),
  ],
});
