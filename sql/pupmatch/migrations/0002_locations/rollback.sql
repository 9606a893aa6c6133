-- pupmatch/0002_locations, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_locations`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 3 steps, marked [cf60c992]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [cf60c992]: in one transaction
BEGIN;

DROP FUNCTION public.nearby_profiles(character varying, integer);

ALTER TABLE public.profiles DROP COLUMN location;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.photos RENAME CONSTRAINT photos_order_not_null TO photos_position_not_null;
  END IF;
END
$body$;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.prompts RENAME CONSTRAINT prompts_order_not_null TO prompts_position_not_null;
  END IF;
END
$body$;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.messages RENAME CONSTRAINT messages_read_not_null TO messages_is_read_not_null;
  END IF;
END
$body$;

COMMENT ON COLUMN public.profiles.latitude IS 'Where the dog lives, in degrees, WGS 84.';

COMMIT;

-- step 2 of 3 [cf60c992]: outside a transaction
CREATE INDEX CONCURRENTLY profiles_latitude_longitude_idx ON public.profiles USING btree (latitude, longitude);

-- step 3 of 3 [cf60c992]: in one transaction
BEGIN;

ALTER INDEX public.prompts_profile_id_order_idx RENAME TO prompts_profile_id_position_idx;

ALTER INDEX public.photos_profile_id_order_idx RENAME TO photos_profile_id_position_idx;

ALTER INDEX public.messages_recipient_id_read_idx RENAME TO messages_recipient_id_is_read_idx;

ALTER TABLE public.prompts RENAME CONSTRAINT prompts_order_from_zero TO prompts_position_from_zero;

ALTER TABLE public.photos RENAME CONSTRAINT photos_order_from_zero TO photos_position_from_zero;

ALTER TABLE public.prompts RENAME COLUMN "order" TO "position";

ALTER TABLE public.photos RENAME COLUMN "order" TO "position";

ALTER TABLE public.messages RENAME COLUMN read TO is_read;

COMMIT;
