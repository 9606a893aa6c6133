-- photo-identifier/0003_display_names, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0003_display_names`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 2 steps, marked [6d7952cb]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 2 [6d7952cb]: in one transaction
BEGIN;

ALTER TABLE public.photo_identifications DROP CONSTRAINT photo_identifications_confidence_check;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.users RENAME CONSTRAINT users_display_name_not_null TO users_name_not_null;
  END IF;
END
$body$;

ALTER TABLE public.photo_identifications ALTER COLUMN confidence TYPE real;

ALTER TABLE public.photo_identifications ADD CONSTRAINT photo_identifications_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))) NOT VALID;

COMMIT;

-- step 2 of 2 [6d7952cb]: in one transaction
BEGIN;

ALTER TABLE public.photo_identifications VALIDATE CONSTRAINT photo_identifications_confidence_check;

ALTER INDEX public.users_display_name_idx RENAME TO users_name_idx;

ALTER TABLE public.users RENAME CONSTRAINT users_display_name_not_blank TO users_name_not_blank;

ALTER TABLE public.users RENAME COLUMN display_name TO name;

COMMIT;
