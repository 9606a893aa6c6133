-- fitness/0002_coaching_follow_up, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_coaching_follow_up`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 3 steps, marked [44276999]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [44276999]: in one transaction
BEGIN;

COMMENT ON TYPE fitness.goal_type IS NULL;

ALTER TYPE fitness.goal_type OWNER TO CURRENT_USER;

DROP VIEW fitness.goal_overview;

DROP VIEW fitness.next_coaching_session;

DROP VIEW fitness.coaching_schedule;

DROP INDEX fitness.user_goals_user_id_goal_type_idx;

ALTER TABLE fitness.users DROP COLUMN time_zone;

ALTER TABLE fitness.coaching_sessions DROP COLUMN follow_up_of_id;

ALTER TABLE fitness.coaching_sessions DROP CONSTRAINT coaching_sessions_id_user_id_key;

ALTER TYPE fitness.goal_type RENAME TO goal_type__replaced;

CREATE TYPE fitness.goal_type AS ENUM ('weight', 'body_fat', 'muscle_mass', 'strength', 'other');

ALTER TABLE fitness.user_goals ALTER COLUMN goal_type TYPE fitness.goal_type USING goal_type::text::fitness.goal_type;

DROP TYPE fitness.goal_type__replaced;

CREATE VIEW fitness.coaching_schedule WITH (security_invoker=true) AS
 SELECT id AS coaching_session_id,
    user_id,
    coach_id,
    scheduled_at,
    (scheduled_at < now()) AS is_overdue,
    ((scheduled_at)::date - CURRENT_DATE) AS days_until
   FROM fitness.coaching_sessions s
  WHERE (status = 'scheduled'::fitness.coaching_status);

CREATE VIEW fitness.goal_overview WITH (security_invoker=true) AS
 SELECT id AS goal_id,
    user_id,
    title,
    goal_type,
    progress_percent,
    target_date,
    COALESCE((target_date < CURRENT_DATE), false) AS is_overdue,
    (target_date - CURRENT_DATE) AS days_left
   FROM fitness.user_goals g
  WHERE (status = 'active'::fitness.goal_status)
  ORDER BY target_date, priority;

ALTER TYPE fitness.goal_type OWNER TO fitness_owner;

ALTER VIEW fitness.coaching_schedule OWNER TO fitness_owner;

ALTER VIEW fitness.goal_overview OWNER TO fitness_owner;

GRANT SELECT ON TABLE fitness.coaching_schedule TO fitness_app;

GRANT SELECT ON TABLE fitness.coaching_schedule TO fitness_readonly;

GRANT SELECT ON TABLE fitness.goal_overview TO fitness_app;

GRANT SELECT ON TABLE fitness.goal_overview TO fitness_readonly;

COMMENT ON TYPE fitness.goal_type IS 'What a goal is measured in; weight, body_fat and muscle_mass follow the check-ins by themselves.';

COMMENT ON VIEW fitness.coaching_schedule IS 'Sessions that are still to come or should have been held, with the days until then.';

COMMENT ON VIEW fitness.goal_overview IS 'Goals that are worked on, the pressing ones first.';

COMMIT;

-- step 2 of 3 [44276999]: outside a transaction
CREATE INDEX CONCURRENTLY user_goals_user_id_goal_type_idx ON fitness.user_goals USING btree (user_id, goal_type) WHERE (status = 'active'::fitness.goal_status);

-- step 3 of 3 [44276999]: in one transaction
BEGIN;

ALTER TABLE fitness.coaching_sessions RENAME COLUMN summary TO notes;

COMMIT;
