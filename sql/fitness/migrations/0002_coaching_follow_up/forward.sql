-- fitness/0002_coaching_follow_up, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_coaching_follow_up`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 8 steps, marked [6072a818]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 8 [6072a818]: in one transaction
BEGIN;

ALTER TABLE fitness.coaching_sessions RENAME COLUMN notes TO summary;

COMMIT;

-- step 2 of 8 [6072a818]: outside a transaction
ALTER TYPE fitness.goal_type ADD VALUE 'endurance' AFTER 'strength';

-- step 3 of 8 [6072a818]: outside a transaction
ALTER TYPE fitness.goal_type ADD VALUE 'habit' AFTER 'endurance';

-- step 4 of 8 [6072a818]: in one transaction
BEGIN;

ALTER TABLE fitness.users ADD COLUMN time_zone text DEFAULT 'UTC'::text NOT NULL;

ALTER TABLE fitness.coaching_sessions ADD COLUMN follow_up_of_id uuid;

ALTER TABLE fitness.coaching_sessions ADD CONSTRAINT coaching_sessions_id_user_id_key UNIQUE (id, user_id);

ALTER TABLE fitness.coaching_sessions ADD CONSTRAINT coaching_sessions_not_own_follow_up CHECK ((follow_up_of_id <> id)) NOT VALID;

ALTER TABLE fitness.users ADD CONSTRAINT users_time_zone_check CHECK ((time_zone ~ '^[A-Za-z0-9_+/-]+$'::text)) NOT VALID;

ALTER TABLE fitness.coaching_sessions ADD CONSTRAINT coaching_sessions_follow_up_of_id_user_id_fkey FOREIGN KEY (follow_up_of_id, user_id) REFERENCES fitness.coaching_sessions(id, user_id) ON DELETE CASCADE NOT VALID;

CREATE OR REPLACE VIEW fitness.coaching_schedule WITH (security_invoker=true) AS
 SELECT id AS coaching_session_id,
    user_id,
    coach_id,
    scheduled_at,
    (scheduled_at < now()) AS is_overdue,
    ((scheduled_at)::date - CURRENT_DATE) AS days_until,
    topics,
    follow_up_of_id
   FROM fitness.coaching_sessions s
  WHERE (status = 'scheduled'::fitness.coaching_status);

CREATE VIEW fitness.next_coaching_session WITH (security_invoker=true) AS
 SELECT DISTINCT ON (user_id) user_id,
    coaching_session_id,
    coach_id,
    scheduled_at,
    days_until
   FROM fitness.coaching_schedule s
  WHERE (NOT is_overdue)
  ORDER BY user_id, scheduled_at;

ALTER VIEW fitness.next_coaching_session OWNER TO fitness_owner;

GRANT SELECT (time_zone), UPDATE (time_zone) ON TABLE fitness.users TO fitness_app;

GRANT SELECT (time_zone) ON TABLE fitness.users TO fitness_readonly;

GRANT SELECT ON TABLE fitness.next_coaching_session TO fitness_app;

GRANT SELECT ON TABLE fitness.next_coaching_session TO fitness_readonly;

COMMENT ON COLUMN fitness.coaching_sessions.follow_up_of_id IS 'The session that this one continues; it goes with it.';

COMMENT ON COLUMN fitness.users.time_zone IS 'IANA name: Europe/Zurich. Days begin and end by it.';

COMMENT ON VIEW fitness.next_coaching_session IS 'For each client the next session, and the days until then.';

COMMIT;

-- step 5 of 8 [6072a818]: in one transaction
BEGIN;

ALTER TABLE fitness.coaching_sessions VALIDATE CONSTRAINT coaching_sessions_not_own_follow_up;

COMMIT;

-- step 6 of 8 [6072a818]: in one transaction
BEGIN;

ALTER TABLE fitness.users VALIDATE CONSTRAINT users_time_zone_check;

COMMIT;

-- step 7 of 8 [6072a818]: in one transaction
BEGIN;

ALTER TABLE fitness.coaching_sessions VALIDATE CONSTRAINT coaching_sessions_follow_up_of_id_user_id_fkey;

COMMIT;

-- step 8 of 8 [6072a818]: outside a transaction
CREATE INDEX CONCURRENTLY coaching_sessions_follow_up_of_id_user_id_idx ON fitness.coaching_sessions USING btree (follow_up_of_id, user_id);
