-- pupmatch/0003_room_for_more, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0003_room_for_more`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 3 steps, marked [0ebafcae]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [0ebafcae]: in one transaction
BEGIN;

ALTER TABLE public.messages DROP CONSTRAINT messages_body_not_blank;

ALTER TABLE public.user_preferences DROP CONSTRAINT user_preferences_distance;

ALTER TABLE public.playgrounds DROP COLUMN is_fenced;

ALTER TABLE public.users ALTER COLUMN email TYPE character varying(120);

ALTER TABLE public.user_preferences ALTER COLUMN max_distance TYPE integer;

ALTER TABLE public.profiles ADD COLUMN latitude double precision;

ALTER TABLE public.profiles ADD COLUMN longitude double precision;

ALTER TABLE public.profiles ADD CONSTRAINT profiles_position_whole CHECK (((latitude IS NULL) = (longitude IS NULL))) NOT VALID;

ALTER TABLE public.user_preferences ADD CONSTRAINT user_preferences_distance CHECK ((max_distance > 0)) NOT VALID;

COMMENT ON COLUMN public.profiles.latitude IS 'This and longitude go with the next release: they are in location now.';

COMMIT;

-- step 2 of 3 [0ebafcae]: in one transaction
BEGIN;

ALTER TABLE public.profiles VALIDATE CONSTRAINT profiles_position_whole;

COMMIT;

-- step 3 of 3 [0ebafcae]: in one transaction
BEGIN;

ALTER TABLE public.user_preferences VALIDATE CONSTRAINT user_preferences_distance;

COMMIT;
