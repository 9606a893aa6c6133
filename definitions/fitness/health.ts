import { date, numeric, references, smallint, sql, table, text, view } from "verso";
import { between, key, timestamps, touched } from "./shared.ts";
import { users } from "./users.ts";

/** One check-in a day: what the scale, the tape and the user say. Everything but the day may be missing. */
export const health_metrics = table("health_metrics", {
  triggers: touched,
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    recorded_date: date({ default: sql`current_date` }),
    weight_kg: numeric(5, 2, { nullable: true, check: between("weight_kg", 20, 500) }),
    body_fat_percent: numeric(4, 1, { nullable: true, check: between("body_fat_percent", 2, 75) }),
    muscle_mass_kg: numeric(5, 2, { nullable: true, check: between("muscle_mass_kg", 5, 200) }),
    fat_mass_kg: numeric(5, 2, { nullable: true, generated: sql`round(weight_kg * body_fat_percent / 100, 2)` }),
    /** Weight less fat mass. */
    lean_body_mass_kg: numeric(5, 2, {
      nullable: true,
      generated: sql`weight_kg - round(weight_kg * body_fat_percent / 100, 2)`,
    }),
    neck_cm: numeric(4, 1, { nullable: true, check: between("neck_cm", 15, 100) }),
    chest_cm: numeric(4, 1, { nullable: true, check: between("chest_cm", 40, 250) }),
    waist_cm: numeric(4, 1, { nullable: true, check: between("waist_cm", 30, 300) }),
    hips_cm: numeric(4, 1, { nullable: true, check: between("hips_cm", 40, 300) }),
    left_arm_cm: numeric(4, 1, { nullable: true, check: between("left_arm_cm", 10, 100) }),
    right_arm_cm: numeric(4, 1, { nullable: true, check: between("right_arm_cm", 10, 100) }),
    left_thigh_cm: numeric(4, 1, { nullable: true, check: between("left_thigh_cm", 20, 150) }),
    right_thigh_cm: numeric(4, 1, { nullable: true, check: between("right_thigh_cm", 20, 150) }),
    /** Beats a minute. */
    resting_heart_rate: smallint({ nullable: true, check: between("resting_heart_rate", 20, 250) }),
    systolic_mmhg: smallint({ nullable: true, check: between("systolic_mmhg", 50, 300) }),
    diastolic_mmhg: smallint({ nullable: true, check: between("diastolic_mmhg", 20, 200) }),
    sleep_hours: numeric(3, 1, { nullable: true, check: between("sleep_hours", 0, 24) }),
    /** This and the following three from 1 (lowest) to 10. */
    energy_level: smallint({ nullable: true, check: between("energy_level", 1, 10) }),
    mood: smallint({ nullable: true, check: between("mood", 1, 10) }),
    sleep_quality: smallint({ nullable: true, check: between("sleep_quality", 1, 10) }),
    stress_level: smallint({ nullable: true, check: between("stress_level", 1, 10) }),
    notes: text({ nullable: true }),
    ...timestamps,
  },
  unique: [
    ["user_id", "recorded_date"],
    ["id", "user_id"],
  ],
  checks: {
    health_metrics_muscle_within_weight: sql`muscle_mass_kg < weight_kg`,
    health_metrics_whole_blood_pressure: sql`(systolic_mmhg is null) = (diastolic_mmhg is null)`,
    health_metrics_systolic_above_diastolic: sql`systolic_mmhg > diastolic_mmhg`,
  },
  indexes: [
    { on: ["user_id", { column: "recorded_date", order: "desc" }], include: ["weight_kg", "body_fat_percent"] },
    { on: ["recorded_date"], using: "brin" },
    { on: ["user_id", "recorded_date"], where: sql`weight_kg is not null`, name: "health_metrics_weighed_idx" },
  ],
  statistics: {
    health_metrics_scores: {
      on: ["energy_level", "mood", "sleep_quality", "stress_level"],
      kinds: ["dependencies", "mcv"],
    },
  },
});

/** Check-ins with what takes the user's height: the body mass index and the waist's share of the height. */
export const body_composition = view("body_composition", {
  securityInvoker: true,
  query: sql`
select
  m.user_id,
  m.recorded_date,
  m.weight_kg,
  m.body_fat_percent,
  m.fat_mass_kg,
  m.lean_body_mass_kg,
  round(m.weight_kg / (u.height_cm / 100) ^ 2, 1) as body_mass_index,
  round(m.waist_cm / u.height_cm, 2) as waist_to_height
from ${health_metrics} m
join ${users} u on u.id = m.user_id`,
});
