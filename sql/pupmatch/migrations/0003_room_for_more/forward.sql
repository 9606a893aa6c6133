-- pupmatch/0003_room_for_more, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0003_room_for_more`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 3 steps, marked [e8850b70]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [e8850b70]: in one transaction
BEGIN;

ALTER TABLE public.user_preferences DROP CONSTRAINT user_preferences_distance;

ALTER TABLE public.profiles DROP COLUMN latitude;

ALTER TABLE public.profiles DROP COLUMN longitude;

ALTER TABLE public.users ALTER COLUMN email TYPE character varying(255);

ALTER TABLE public.playgrounds ADD COLUMN is_fenced boolean;

ALTER TABLE public.user_preferences ALTER COLUMN max_distance TYPE double precision;

ALTER TABLE public.messages ADD CONSTRAINT messages_body_not_blank CHECK ((btrim(body) <> ''::text)) NOT VALID;

ALTER TABLE public.user_preferences ADD CONSTRAINT user_preferences_distance CHECK ((max_distance > (0)::double precision)) NOT VALID;

COMMENT ON COLUMN public.playgrounds.is_fenced IS 'Null where nobody has said.';

COMMIT;

-- step 2 of 3 [e8850b70]: in one transaction
BEGIN;

ALTER TABLE public.messages VALIDATE CONSTRAINT messages_body_not_blank;

COMMIT;

-- step 3 of 3 [e8850b70]: in one transaction
BEGIN;

ALTER TABLE public.user_preferences VALIDATE CONSTRAINT user_preferences_distance;

COMMIT;
