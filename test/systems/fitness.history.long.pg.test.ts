import { expect, test } from "vitest";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { emptySystem } from "./systemDatabase.ts";
import { dumperOf, walkHistory } from "./walkHistory.ts";

const ROWS = `
  insert into fitness.users (id, email, username, password_hash, full_name)
  values ('00000000-0000-4000-8000-000000000001', 'uma@example.com', 'uma', 'x', 'Uma User');
  insert into fitness.health_metrics (user_id, recorded_date, weight_kg, blood_pressure) values
    ('00000000-0000-4000-8000-000000000001', '2025-01-01', 70, '118/76'),
    ('00000000-0000-4000-8000-000000000001', '2025-01-02', 70, '10/900'),
    ('00000000-0000-4000-8000-000000000001', '2025-01-03', 70, null);
  insert into fitness.workout_sessions (user_id, title, workout_type, intensity) values
    ('00000000-0000-4000-8000-000000000001', 'Said', 'cardio', 8),
    ('00000000-0000-4000-8000-000000000001', 'Unsaid', 'cardio', null);
  insert into fitness.coaching_sessions (user_id, scheduled_at, notes)
  values ('00000000-0000-4000-8000-000000000001', '2025-01-04', 'We talked.');
  insert into fitness.meal_logs (user_id, meal_type, name, protein_g, carbohydrate_g, fat_g)
  values ('00000000-0000-4000-8000-000000000001', 'lunch', 'Salad', 10, 20, 30);
`;

test.each(ENGINES_OF_LONG_SUITES)(
  "fitness goes from empty to its latest migration and back with its rows, on %s",
  { timeout: 180_000 },
  async (engine) => {
    const system = await emptySystem("fitness", engine, {
      extensions: ["uuid-ossp", "pg_trgm", "unaccent", "pgcrypto"],
    });
    const { session } = system;
    const trail = async () =>
      session.query(
        "select count(*)::int as audits, (select max(updated_at)::text from fitness.health_metrics) as touched from fitness.audit_log",
      );
    try {
      let before: unknown;
      const notes: string[] = [];
      await walkHistory(system, {
        dump: typeof engine === "number" ? await dumperOf(system.url, engine) : null,
        arrived: async (migration) => {
          if (migration === "0001_initial") {
            await session.run(ROWS);
            before = await trail();
          }
          if (migration === "0002_coaching_follow_up") {
            expect(await session.query("select summary from fitness.coaching_sessions")).toEqual([
              { summary: "We talked." },
            ]);
          }
          if (migration === "0003_blood_pressure_in_two") {
            expect(
              await session.query(
                "select systolic_mmhg, diastolic_mmhg from fitness.health_metrics order by recorded_date",
              ),
            ).toEqual([
              { systolic_mmhg: 118, diastolic_mmhg: 76 },
              { systolic_mmhg: null, diastolic_mmhg: null },
              { systolic_mmhg: null, diastolic_mmhg: null },
            ]);
            expect(await session.query("select title, intensity from fitness.workout_sessions order by 1")).toEqual([
              { title: "Said", intensity: 8 },
              { title: "Unsaid", intensity: 5 },
            ]);
            // The backfill is the migration's: nobody changed these rows.
            expect(await trail()).toEqual(before);
          }
          if (migration === "0004_grams_with_decimals") {
            await session.run("update fitness.meal_logs set protein_g = 10.5");
            expect(await session.query("select calories, protein_g from fitness.meal_logs")).toEqual([
              { calories: 392, protein_g: "10.5" },
            ]);
          }
        },
        returned: async (migration) => {
          if (migration === "0001_initial") return;
          const [row] = await session.query<{ users: number; blood_pressure: string | null }>(`
          select (select count(*)::int from fitness.users) as users,
            (select blood_pressure from fitness.health_metrics where recorded_date = '2025-01-01') as blood_pressure`);
          expect(row?.users).toBe(1);
          notes.push(`${migration}: ${row?.blood_pressure}`);
        },
      });
      // 0004 gave the column up, and said so.
      expect(notes).toEqual([
        "0004_grams_with_decimals: null",
        "0003_blood_pressure_in_two: null",
        "0002_coaching_follow_up: null",
      ]);
    } finally {
      await system.close();
    }
  },
);
