import { row, seed } from "verso";
import { app_config } from "../system.ts";
import { exercise_definitions } from "../workouts.ts";

export const referenceAppConfig = seed(app_config, {
  environments: ["reference"],
  key: ["config_key"],
  rows: {
    sessionsKeep: {
      config_key: "sessions.keep",
      config_value: "30 days",
      description: "How long ended sessions are kept.",
    },
    unitsDefault: {
      config_key: "units.default",
      config_value: "metric",
      description: "What new accounts see.",
      is_public: true,
    },
  },
});

export const referenceExerciseDefinitions = seed(exercise_definitions, {
  environments: ["reference"],
  key: ["slug"],
  rows: {
    benchPress: {
      id: "00000000-0000-4000-8000-0000000000e1",
      name: "Bench press",
      slug: "bench-press",
      category: "push",
      muscles: ["chest", "triceps", "shoulders"],
      equipment: ["barbell", "bench"],
      difficulty: 2,
    },
    backSquat: {
      id: "00000000-0000-4000-8000-0000000000e2",
      name: "Back squat",
      slug: "back-squat",
      category: "legs",
      muscles: ["quadriceps", "glutes", "back"],
      equipment: ["barbell", "rack"],
      difficulty: 3,
    },
    overheadPress: {
      id: "00000000-0000-4000-8000-0000000000e3",
      name: "Développé militaire",
      slug: "overhead-press",
      category: "push",
      muscles: ["shoulders", "triceps"],
      equipment: ["barbell"],
      difficulty: 3,
    },
    running: {
      id: "00000000-0000-4000-8000-0000000000e4",
      name: "Running",
      slug: "running",
      category: "cardio",
      muscles: ["legs", "heart"],
    },
    inclineBenchPress: {
      id: "00000000-0000-4000-8000-0000000000e5",
      name: "Incline bench press",
      slug: "incline-bench-press",
      category: "push",
      variation_of_id: row(exercise_definitions, "benchPress").id,
      muscles: ["chest", "shoulders"],
      equipment: ["barbell", "bench"],
      difficulty: 2,
    },
  },
});
