import {
  date,
  fn,
  jsonb,
  numeric,
  references,
  self,
  smallint,
  sql,
  table,
  text,
  timestamptz,
  trigger,
  uuid,
  varchar,
  view,
} from "verso";
import { coaching_sessions } from "./coaching.ts";
import { goalStatus, goalType } from "./enums.ts";
import { health_metrics } from "./health.ts";
import { between, key, notBlank, timestamps, touched } from "./shared.ts";
import { users } from "./users.ts";
import { exercise_definitions } from "./workouts.ts";

/** A value on the way to the target. */
export interface Milestone {
  readonly value: number;
  readonly reachedOn?: string;
}

/** Completes an active goal whose target is reached, whether up or down, and keeps completed_at. */
export const completeGoal = fn("complete_goal", {
  returns: "trigger",
  body: sql`
begin
  if new.status = 'active' and (
    new.target_value > new.start_value and new.current_value >= new.target_value
    or new.target_value < new.start_value and new.current_value <= new.target_value
  ) then
    new.status := 'completed';
  end if;
  new.completed_at := case when new.status = 'completed' then coalesce(new.completed_at, now()) end;
  return new;
end`,
});

/** What users work towards. */
export const user_goals = table("user_goals", {
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    /** The goal that this one is a part of. */
    parent_goal_id: uuid({ nullable: true }),
    title: varchar(150),
    description: text({ nullable: true }),
    goal_type: goalType(),
    /** The exercise that a goal of strength is about. */
    exercise_id: references(() => exercise_definitions, { onDelete: "cascade", nullable: true }),
    /** Where it was agreed. */
    coaching_session_id: references(() => coaching_sessions, { onDelete: "set null", nullable: true }),
    /** Of the three values: kg, %, minutes. */
    unit: varchar(20),
    start_value: numeric(10, 2),
    target_value: numeric(10, 2),
    current_value: numeric(10, 2),
    /** From start (0) to target (100). */
    progress_percent: numeric(4, 1, {
      nullable: true,
      generated: sql`round(least(100, greatest(0,
        100 * (current_value - start_value) / nullif(target_value - start_value, 0))), 1)`,
    }),
    milestones: jsonb<readonly Milestone[]>({ default: [] }),
    status: goalStatus({ default: "active" }),
    /** From 1 (first) to 5. */
    priority: smallint({ default: 3, check: between("priority", 1, 5) }),
    start_date: date({ default: sql`current_date` }),
    target_date: date({ nullable: true }),
    /** Kept by a trigger. */
    completed_at: timestamptz({ nullable: true }),
    ...timestamps,
  },
  unique: [
    ["user_id", "title"],
    ["id", "user_id"],
  ],
  foreignKeys: [
    {
      columns: ["parent_goal_id", "user_id"],
      references: self,
      target: ["id", "user_id"],
      onDelete: "cascade",
    },
  ],
  checks: {
    user_goals_title_not_blank: notBlank("title"),
    user_goals_goes_somewhere: sql`target_value <> start_value`,
    user_goals_target_after_start: sql`target_date >= start_date`,
    user_goals_completed_when: sql`(status = 'completed') = (completed_at is not null)`,
    user_goals_not_own_part: sql`parent_goal_id <> id`,
    user_goals_milestones_list: sql`jsonb_typeof(milestones) = 'array'`,
  },
  triggers: {
    ...touched,
    complete_goal: { before: ["insert", "update"], execute: completeGoal },
  },
  indexes: [
    { on: ["user_id", "status", "target_date"] },
    { on: ["user_id", { column: "start_date", order: "desc" }] },
    { on: ["target_date"], where: sql`status = 'active'` },
    { on: ["user_id", "goal_type"], where: sql`status = 'active'` },
    { on: ["milestones"], using: "gin" },
  ],
});

/** Brings the goals that are measured in check-ins to the newest one's values. */
export const trackGoals = fn("track_goals", {
  returns: "trigger",
  body: sql`
begin
  update ${user_goals} g
  set current_value = v.value
  from (values
    ('weight', new.weight_kg), ('body_fat', new.body_fat_percent), ('muscle_mass', new.muscle_mass_kg)
  ) v(goal_type, value)
  where g.user_id = new.user_id and g.status = 'active' and g.goal_type::text = v.goal_type
    and v.value is not null and v.value <> g.current_value
    and not exists (
      select from ${health_metrics} m
      where m.user_id = new.user_id and m.recorded_date > new.recorded_date
        and case v.goal_type when 'weight' then m.weight_kg when 'body_fat' then m.body_fat_percent else m.muscle_mass_kg end
          is not null
    );
  return null;
end`,
});

export const track_goals = trigger("track_goals", health_metrics, {
  after: ["insert", { update: ["weight_kg", "body_fat_percent", "muscle_mass_kg"] }],
  execute: trackGoals,
});

/** Goals that are worked on, the pressing ones first. */
export const goal_overview = view("goal_overview", {
  securityInvoker: true,
  query: sql`
select
  g.id as goal_id,
  g.user_id,
  g.title,
  g.goal_type,
  g.progress_percent,
  g.target_date,
  coalesce(g.target_date < current_date, false) as is_overdue,
  g.target_date - current_date as days_left
from ${user_goals} g
where g.status = 'active'
order by g.target_date nulls last, g.priority`,
});
