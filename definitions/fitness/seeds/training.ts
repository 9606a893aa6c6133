import { row, seed } from "verso";
import { health_metrics } from "../health.ts";
import { meal_logs } from "../meals.ts";
import { exercise_logs, workout_sessions } from "../workouts.ts";
import { demoUsers } from "./demo.ts";
import { referenceExerciseDefinitions as exercises } from "./reference.ts";

const athletes = [
  { who: "uma", user_id: demoUsers.rows.uma.id, heightCm: 170 },
  { who: "otto", user_id: demoUsers.rows.otto.id, heightCm: 182 },
];
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
const day = (n: number): string => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);

/** Thirty check-ins of each, a day apart. */
export const checkIns = seed(health_metrics, {
  environments: ["demo"],
  key: ["user_id", "recorded_date"],
  rows: Object.fromEntries(
    athletes.flatMap(({ who, user_id, heightCm }) =>
      numbers(30).map((n) => [
        `${who}${n}`,
        {
          user_id,
          recorded_date: day(n),
          weight_kg: (heightCm - 95 - n * 0.1).toFixed(2),
          body_fat_percent: (28 - n * 0.1).toFixed(1),
          muscle_mass_kg: (30 + n * 0.02).toFixed(2),
          waist_cm: (84 - n * 0.1).toFixed(1),
          resting_heart_rate: 66 - Math.floor(n / 6),
          systolic_mmhg: 126 - Math.floor(n / 5),
          diastolic_mmhg: 82 - Math.floor(n / 6),
          sleep_hours: (7 + (n % 4) * 0.5).toFixed(1),
          energy_level: 5 + (n % 4),
          mood: 6 + (n % 3),
          sleep_quality: 5 + (n % 5),
          stress_level: 6 - (n % 4),
        },
      ]),
    ),
  ),
});

/** Three workouts a week, for four weeks. */
const program = athletes.flatMap(({ who, user_id }) =>
  numbers(12).map((n) => {
    const [week, dayOfWeek] = [Math.floor(n / 3), n % 3];
    return { name: `${who}${n}`, user_id, week, dayOfWeek, date: day(7 * week + 2 * dayOfWeek) };
  }),
);

export const workouts = seed(workout_sessions, {
  environments: ["demo"],
  key: ["user_id", "workout_date", "title"],
  rows: Object.fromEntries(
    program.map(({ name, user_id, week, dayOfWeek, date }) => [
      name,
      {
        user_id,
        workout_date: date,
        title: `Full body ${dayOfWeek + 1}`,
        workout_type: "strength",
        program_name: "Base",
        program_phase: "accumulation",
        program_week: week + 1,
        program_day: dayOfWeek + 1,
        duration_minutes: 55,
        intensity: 6 + (week % 3),
        fatigue: 4 + dayOfWeek,
        soreness: 3 + week,
      },
    ]),
  ),
});

export const exerciseLogs = seed(exercise_logs, {
  environments: ["demo"],
  key: ["workout_session_id", "position"],
  rows: Object.fromEntries(
    program.flatMap(({ name, user_id, week, date }) => {
      const shared = { user_id, workout_session_id: row(workout_sessions, name).id, logged_date: date };
      const sets = { sets: 3, reps: 8, weight_kg: (42.5 + 2.5 * week).toFixed(2), rpe: "7.5", rest_seconds: 120 };
      return [
        [`${name}Bench`, { ...shared, ...sets, exercise_id: exercises.rows.benchPress.id, position: 1 }],
        [`${name}Squat`, { ...shared, ...sets, exercise_id: exercises.rows.backSquat.id, position: 2 }],
        [
          `${name}Run`,
          {
            ...shared,
            exercise_id: exercises.rows.running.id,
            position: 3,
            distance_m: "5000.0",
            duration_seconds: 1640 - 10 * week,
          },
        ],
      ];
    }),
  ),
});

const dishes = [
  { meal_type: "breakfast", name: "Oats and quark", protein_g: "35.0", carbohydrate_g: "60.0", fat_g: "12.0" },
  { meal_type: "lunch", name: "Lentil salad", protein_g: "30.0", carbohydrate_g: "55.0", fat_g: "18.0" },
  { meal_type: "dinner", name: "Salmon and potatoes", protein_g: "40.0", carbohydrate_g: "50.0", fat_g: "25.0" },
] as const;

export const meals = seed(meal_logs, {
  environments: ["demo"],
  key: ["user_id", "meal_date", "meal_type"],
  rows: Object.fromEntries(
    athletes.flatMap(({ who, user_id }) =>
      numbers(7).flatMap((n) =>
        dishes.map((dish) => [
          `${who}${n}${dish.meal_type}`,
          { user_id, meal_date: day(n), ...dish, water_ml: 500, adherence: 6 + (n % 4) },
        ]),
      ),
    ),
  ),
});
