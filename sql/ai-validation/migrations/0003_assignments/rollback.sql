-- ai-validation/0003_assignments, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0003_assignments`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 2 steps, marked [1e4185c9]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 2 [1e4185c9]: in one transaction
BEGIN;

ALTER TABLE public.videos DROP CONSTRAINT videos_frames_per_second_check;

ALTER TABLE public.annotations DROP COLUMN annotation_session_id;

ALTER TABLE public.videos DROP COLUMN width;

ALTER TABLE public.videos DROP COLUMN height;

DROP TABLE public.annotation_sessions;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.annotations RENAME CONSTRAINT annotations_class_label_not_null TO annotations_vru_type_not_null;
  END IF;
END
$body$;

ALTER TABLE public.videos ALTER COLUMN frames_per_second TYPE real;

ALTER TABLE public.videos ADD CONSTRAINT videos_frames_per_second_check CHECK ((frames_per_second > (0)::double precision)) NOT VALID;

COMMENT ON COLUMN public.annotations.class_label IS 'What it is: pedestrian, cyclist, scooter …';

COMMIT;

-- step 2 of 2 [1e4185c9]: in one transaction
BEGIN;

ALTER TABLE public.videos VALIDATE CONSTRAINT videos_frames_per_second_check;

ALTER TABLE public.annotations RENAME COLUMN class_label TO vru_type;

COMMIT;
