-- photo-identifier/0003_display_names, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0003_display_names`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 2 steps, marked [cd4bc6b7]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 2 [cd4bc6b7]: in one transaction
BEGIN;

ALTER TABLE public.users RENAME COLUMN name TO display_name;

ALTER TABLE public.users RENAME CONSTRAINT users_name_not_blank TO users_display_name_not_blank;

ALTER INDEX public.users_name_idx RENAME TO users_display_name_idx;

ALTER TABLE public.photo_identifications DROP CONSTRAINT photo_identifications_confidence_check;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.users RENAME CONSTRAINT users_name_not_null TO users_display_name_not_null;
  END IF;
END
$body$;

ALTER TABLE public.photo_identifications ALTER COLUMN confidence TYPE numeric(4,3);

ALTER TABLE public.photo_identifications ADD CONSTRAINT photo_identifications_confidence_check CHECK (((confidence >= (0)::numeric) AND (confidence <= (1)::numeric))) NOT VALID;

COMMIT;

-- step 2 of 2 [cd4bc6b7]: in one transaction
BEGIN;

ALTER TABLE public.photo_identifications VALIDATE CONSTRAINT photo_identifications_confidence_check;

COMMIT;
