-- ai-validation/0001_initial, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [a58b30c7]

SET check_function_bodies = off;

-- step 1 of 1 [a58b30c7]: in one transaction
BEGIN;

DROP TABLE public.annotations;

DROP TABLE public.audit_logs;

DROP TABLE public.detection_events;

DROP TABLE public.ground_truth_objects;

DROP TABLE public.test_results;

DROP TABLE public.test_sessions;

DROP TABLE public.video_project_links;

DROP TABLE public.videos;

DROP TABLE public.projects;

DROP FUNCTION public.set_updated_at();

COMMIT;
