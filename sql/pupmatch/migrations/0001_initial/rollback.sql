-- pupmatch/0001_initial, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- Leaves extension postgis in place, since others may have come to use it.
-- 1 step, marked [2de6586a]

SET check_function_bodies = off;

-- step 1 of 1 [2de6586a]: in one transaction
BEGIN;

DROP FUNCTION public.nearest_playgrounds(double precision, double precision, integer);

DROP TABLE public.likes;

DROP FUNCTION public.match_mutual_like();

DROP TABLE public.messages;

DROP FUNCTION public.touch_conversation();

DROP TABLE public.conversations;

DROP TABLE public.matches;

DROP TABLE public.passes;

DROP TABLE public.photos;

DROP TABLE public.playgrounds;

DROP TABLE public.prompts;

DROP TABLE public.user_preferences;

DROP TABLE public.profiles;

DROP TABLE public.users;

DROP FUNCTION public.set_updated_at();

DROP TYPE public.activity_level_enum;

DROP TYPE public.distance_unit_enum;

COMMIT;
