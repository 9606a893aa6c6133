import {
  array,
  boolean,
  date,
  fn,
  integer,
  numeric,
  references,
  self,
  smallint,
  sql,
  table,
  text,
  timestamptz,
  uuid,
  varchar,
  view,
} from "verso";
import { exerciseCategory, workoutType } from "./enums.ts";
import { fromExtension } from "./schemas.ts";
import { between, key, notBlank, timestamps, touched } from "./shared.ts";
import { users } from "./users.ts";

/** A name as it is searched: lower case, no accents. Immutable, as an index demands: the dictionary is named, not found. */
export const searchable = fn("searchable", {
  arguments: { name: text() },
  returns: text(),
  language: "sql",
  volatility: "immutable",
  strict: true,
  parallel: "safe",
  body: sql`select lower(${fromExtension("unaccent")}('extensions.unaccent'::regdictionary, name))`,
});

/** Exercises that everybody's logs refer to; coaches and administrators write them. */
export const exercise_definitions = table("exercise_definitions", {
  triggers: touched,
  columns: {
    ...key,
    name: varchar(120, { unique: true }),
    /** Its name in addresses: bench-press. */
    slug: varchar(120, { unique: true, check: sql`slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'` }),
    category: exerciseCategory(),
    /** The exercise that this one varies. */
    variation_of_id: references(self, { onDelete: "cascade", nullable: true }),
    muscles: array(text(), { default: [] }),
    equipment: array(text(), { default: [] }),
    instructions: text({ nullable: true }),
    /** From 1 (anybody) to 5 (years of practice). */
    difficulty: smallint({ default: 1, check: between("difficulty", 1, 5) }),
    is_active: boolean({ default: true }),
    created_by: references(() => users, { onDelete: "set null", nullable: true }),
    ...timestamps,
  },
  checks: {
    exercise_definitions_name_not_blank: notBlank("name"),
    exercise_definitions_not_own_variation: sql`variation_of_id <> id`,
  },
  indexes: [
    { on: ["category", "difficulty"], where: sql`is_active` },
    { on: ["muscles"], using: "gin" },
    { on: ["equipment"], using: "gin" },
    {
      on: [{ expression: sql`${searchable}(name)`, opclass: "gin_trgm_ops" }],
      using: "gin",
      name: "exercise_definitions_search_idx",
    },
  ],
});

/** Workouts as a whole; what was done in them is in exercise_logs. */
export const workout_sessions = table("workout_sessions", {
  triggers: touched,
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    workout_date: date({ default: sql`current_date` }),
    title: varchar(150),
    workout_type: workoutType(),
    started_at: timestamptz({ nullable: true }),
    duration_minutes: smallint({ nullable: true, check: between("duration_minutes", 1, 1440) }),
    /** The training plan that it belongs to, and where in it. */
    program_name: varchar(100, { nullable: true }),
    program_phase: varchar(50, { nullable: true }),
    program_week: smallint({ nullable: true, check: between("program_week", 1, 104) }),
    program_day: smallint({ nullable: true, check: between("program_day", 1, 7) }),
    /** This and the following two from 1 (lowest) to 10. */
    intensity: smallint({ default: 5, check: between("intensity", 1, 10) }),
    fatigue: smallint({ nullable: true, check: between("fatigue", 1, 10) }),
    soreness: smallint({ nullable: true, check: between("soreness", 1, 10) }),
    calories_burned: smallint({ nullable: true, check: between("calories_burned", 0, 10_000) }),
    notes: text({ nullable: true }),
    ...timestamps,
  },
  unique: [
    ["user_id", "workout_date", "title"],
    ["id", "user_id"],
  ],
  checks: {
    workout_sessions_title_not_blank: notBlank("title"),
    workout_sessions_day_of_week_of_program: sql`program_day is null or program_week is not null`,
  },
  indexes: [
    { on: ["user_id", { column: "workout_date", order: "desc" }] },
    { on: ["user_id", "workout_type", "workout_date"] },
    { on: ["user_id", "program_name", "program_week", "program_day"], where: sql`program_name is not null` },
    { on: ["workout_date"], using: "brin" },
  ],
  statistics: {
    workout_sessions_program: { on: ["program_name", "program_phase", "program_week"] },
    workout_sessions_habits: { on: ["user_id", "workout_type"], kinds: ["ndistinct"], target: 500 },
  },
});

/** What was done in a workout, exercise by exercise: sets of repetitions, a distance, a time. */
export const exercise_logs = table("exercise_logs", {
  triggers: touched,
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    workout_session_id: uuid(),
    exercise_id: references(() => exercise_definitions, { onDelete: "restrict" }),
    /** In the workout, from 1. */
    position: smallint({ check: sql`position >= 1` }),
    logged_date: date({ default: sql`current_date` }),
    sets: smallint({ nullable: true, check: between("sets", 1, 50) }),
    /** In each set. */
    reps: smallint({ nullable: true, check: between("reps", 1, 1000) }),
    /** 0 is the body's own. */
    weight_kg: numeric(6, 2, { nullable: true, check: between("weight_kg", 0, 1000) }),
    /** Rate of perceived exertion, from 1 to 10 in halves. */
    rpe: numeric(3, 1, { nullable: true, check: sql`rpe between 1 and 10 and rpe * 2 = trunc(rpe * 2)` }),
    rest_seconds: smallint({ nullable: true, check: between("rest_seconds", 0, 3600) }),
    distance_m: numeric(8, 1, { nullable: true, check: sql`distance_m > 0` }),
    duration_seconds: integer({ nullable: true, check: sql`duration_seconds > 0` }),
    /** Sets times repetitions times weight. */
    volume_kg: numeric(12, 2, { nullable: true, generated: sql`sets * reps * weight_kg` }),
    pace_seconds_per_mile: numeric(8, 1, {
      nullable: true,
      generated: sql`round(duration_seconds / nullif(distance_m, 0) * 1609.344, 1)`,
    }),
    notes: text({ nullable: true }),
    ...timestamps,
  },
  unique: [["workout_session_id", "position"]],
  foreignKeys: [
    // With its user, so that a log cannot hang on somebody else's workout.
    {
      columns: ["workout_session_id", "user_id"],
      references: () => workout_sessions,
      target: ["id", "user_id"],
      onDelete: "cascade",
    },
  ],
  checks: {
    exercise_logs_sets_with_reps: sql`(sets is null) = (reps is null)`,
    exercise_logs_says_something: sql`num_nonnulls(sets, distance_m, duration_seconds) > 0`,
  },
  indexes: [
    { on: ["user_id", { column: "logged_date", order: "desc" }] },
    { on: ["user_id", "exercise_id", { column: "logged_date", order: "desc" }], include: ["weight_kg", "reps"] },
    { on: ["exercise_id", { column: "volume_kg", order: "desc", nulls: "last" }] },
  ],
});

/** Totals of each workout. */
export const workout_totals = view("workout_totals", {
  securityInvoker: true,
  query: sql`
select
  w.id as workout_session_id,
  w.user_id,
  w.workout_date,
  w.title,
  count(l.id)::integer as exercises,
  coalesce(sum(l.sets), 0)::integer as sets,
  coalesce(sum(l.sets * l.reps), 0)::integer as repetitions,
  coalesce(sum(l.volume_kg), 0) as volume_kg,
  coalesce(sum(l.distance_m), 0) as distance_m,
  round(avg(l.rpe), 1) as average_rpe
from ${workout_sessions} w
left join ${exercise_logs} l on l.workout_session_id = w.id
group by w.id`,
});

/** Exercises by a name half remembered, best match first. */
export const searchExercises = fn("search_exercises", {
  arguments: { wanted: text(), at_most: integer({ default: 20 }) },
  returns: { setof: exercise_definitions },
  language: "sql",
  volatility: "stable",
  body: sql`
select e.*
from ${exercise_definitions} e
where e.is_active and ${searchable}(e.name) operator(extensions.%>) ${searchable}(wanted)
order by ${searchable}(e.name) operator(extensions.<->>) ${searchable}(wanted), e.name
limit at_most`,
});
