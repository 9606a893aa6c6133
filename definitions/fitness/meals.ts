import { date, integer, numeric, references, type Sql, smallint, sql, table, text, time, varchar, view } from "verso";
import { mealType } from "./enums.ts";
import { between, key, notBlank, timestamps, touched } from "./shared.ts";
import { users } from "./users.ts";

// Kilocalories in a gram. A generated column cannot read another one, so the sum is composed into each.
const calories = sql`(4 * protein_g + 4 * carbohydrate_g + 9 * fat_g + 7 * alcohol_g)`;
const shareOf = (part: Sql) => sql`round(100.0 * ${part} / nullif(${calories}, 0), 1)`;

/** What was eaten and drunk. */
export const meal_logs = table("meal_logs", {
  triggers: touched,
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    meal_date: date({ default: sql`current_date` }),
    eaten_at: time({ nullable: true }),
    meal_type: mealType(),
    name: varchar(150),
    protein_g: numeric(6, 1, { default: 0, check: between("protein_g", 0, 1000) }),
    carbohydrate_g: numeric(6, 1, { default: 0, check: between("carbohydrate_g", 0, 2000) }),
    fat_g: numeric(6, 1, { default: 0, check: between("fat_g", 0, 1000) }),
    alcohol_g: numeric(6, 1, { default: 0, check: between("alcohol_g", 0, 500) }),
    fibre_g: numeric(6, 1, { default: 0, check: between("fibre_g", 0, 300) }),
    /** From the macronutrients, in kcal. */
    calories: integer({ nullable: true, generated: sql`round(${calories})` }),
    /** This and the following two are shares of the calories. */
    protein_percent: numeric(4, 1, { nullable: true, generated: shareOf(sql`4 * protein_g`) }),
    carbohydrate_percent: numeric(4, 1, { nullable: true, generated: shareOf(sql`4 * carbohydrate_g`) }),
    fat_percent: numeric(4, 1, { nullable: true, generated: shareOf(sql`9 * fat_g`) }),
    water_ml: integer({ default: 0, check: between("water_ml", 0, 10_000) }),
    /** How well it kept to the plan, from 1 to 10. */
    adherence: smallint({ nullable: true, check: between("adherence", 1, 10) }),
    notes: text({ nullable: true }),
    ...timestamps,
  },
  unique: [{ columns: ["user_id", "meal_date", "meal_type", "name"] }],
  checks: { meal_logs_name_not_blank: notBlank("name") },
  indexes: [
    { on: ["user_id", { column: "meal_date", order: "desc" }], include: ["calories", "water_ml"] },
    { on: ["user_id", "meal_type", "meal_date"] },
    { on: ["meal_date"], using: "brin" },
  ],
});

/** Each day's sums. */
export const daily_nutrition = view("daily_nutrition", {
  securityInvoker: true,
  query: sql`
select
  m.user_id,
  m.meal_date,
  count(*)::integer as meals,
  sum(m.calories)::integer as calories,
  sum(m.protein_g) as protein_g,
  sum(m.carbohydrate_g) as carbohydrate_g,
  sum(m.fat_g) as fat_g,
  sum(m.water_ml)::integer as water_ml,
  round(avg(m.adherence), 1) as average_adherence
from ${meal_logs} m
group by m.user_id, m.meal_date`,
});
