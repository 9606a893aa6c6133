-- fitness/0001_initial, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [1abfe684]

SET check_function_bodies = off;

-- step 1 of 1 [1abfe684]: in one transaction
BEGIN;

DROP FUNCTION fitness.assign_user(uuid, fitness.user_role, uuid);

DROP FUNCTION fitness.change_password(uuid, text);

DROP FUNCTION fitness.clean_up_sessions(interval);

DROP FUNCTION fitness.current_session_id();

DROP FUNCTION fitness.current_user_role();

DROP FUNCTION fitness.hash_password(text);

DROP FUNCTION fitness.hash_token(text);

DROP FUNCTION fitness.log_in(text, text, boolean, inet, text, text, text);

DROP FUNCTION fitness.register_user(text, text, text, text);

DROP FUNCTION fitness.revoke_session(uuid);

DROP FUNCTION fitness.search_exercises(text, integer);

DROP FUNCTION fitness.use_session(text);

DROP VIEW fitness.body_composition;

DROP VIEW fitness.coaching_schedule;

DROP VIEW fitness.daily_nutrition;

DROP VIEW fitness.goal_overview;

DROP VIEW fitness.workout_totals;

DROP TABLE fitness.app_config;

DROP TABLE fitness.audit_log;

DROP TABLE fitness.exercise_logs;

DROP TABLE fitness.meal_logs;

DROP TABLE fitness.progress_photos;

DROP TABLE fitness.health_metrics;

DROP FUNCTION fitness.track_goals();

DROP TABLE fitness.user_goals;

DROP FUNCTION fitness.complete_goal();

DROP TABLE fitness.coaching_sessions;

DROP TABLE fitness.exercise_definitions;

DROP FUNCTION fitness.is_staff();

DROP FUNCTION fitness.searchable(text);

DROP TABLE fitness.user_sessions;

DROP TABLE fitness.workout_sessions;

DROP TABLE fitness.users;

DROP FUNCTION fitness.client_ids();

DROP FUNCTION fitness.current_user_id();

DROP FUNCTION fitness.is_admin();

DROP FUNCTION fitness.set_updated_at();

DROP FUNCTION fitness.write_audit();

DROP TYPE fitness.coaching_status;

DROP TYPE fitness.exercise_category;

DROP TYPE fitness.goal_status;

DROP TYPE fitness.goal_type;

DROP TYPE fitness.meal_type;

DROP TYPE fitness.photo_visibility;

DROP TYPE fitness.user_role;

DROP TYPE fitness.workout_type;

DROP EXTENSION "uuid-ossp";

DROP EXTENSION pg_trgm;

DROP EXTENSION pgcrypto;

DROP EXTENSION unaccent;

DROP SCHEMA extensions;

DROP SCHEMA fitness;

DO $body$BEGIN EXECUTE format('ALTER DATABASE %I RESET TimeZone', current_database()); END$body$;

DO $body$BEGIN EXECUTE format('ALTER DATABASE %I RESET default_text_search_config', current_database()); END$body$;

DO $body$BEGIN EXECUTE format('ALTER ROLE fitness_readonly IN DATABASE %I RESET default_transaction_read_only', current_database()); END$body$;

DO $body$BEGIN EXECUTE format('ALTER DATABASE %I RESET idle_in_transaction_session_timeout', current_database()); END$body$;

DO $body$BEGIN EXECUTE format('ALTER ROLE fitness_app IN DATABASE %I RESET lock_timeout', current_database()); END$body$;

DO $body$BEGIN EXECUTE format('ALTER DATABASE %I RESET search_path', current_database()); END$body$;

DO $body$BEGIN EXECUTE format('ALTER ROLE fitness_app IN DATABASE %I RESET statement_timeout', current_database()); END$body$;

DO $body$BEGIN EXECUTE format('ALTER ROLE fitness_readonly IN DATABASE %I RESET statement_timeout', current_database()); END$body$;

DO $body$
BEGIN
  DROP ROLE fitness_app;
EXCEPTION WHEN dependent_objects_still_exist THEN
  RAISE NOTICE '%', sqlerrm;
END
$body$;

DO $body$
BEGIN
  DROP ROLE fitness_owner;
EXCEPTION WHEN dependent_objects_still_exist THEN
  RAISE NOTICE '%', sqlerrm;
END
$body$;

DO $body$
BEGIN
  DROP ROLE fitness_readonly;
EXCEPTION WHEN dependent_objects_still_exist THEN
  RAISE NOTICE '%', sqlerrm;
END
$body$;

COMMIT;
