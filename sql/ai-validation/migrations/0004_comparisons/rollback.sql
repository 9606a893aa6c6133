-- ai-validation/0004_comparisons, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0004_comparisons`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 3 steps, marked [86dcc92f]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [86dcc92f]: in one transaction
BEGIN;

DROP TABLE public.detection_comparisons;

ALTER TABLE public.test_results ALTER COLUMN f1_score DROP EXPRESSION;

ALTER TABLE public.videos ALTER COLUMN resolution DROP EXPRESSION;

ALTER TABLE public.test_results ADD CONSTRAINT test_results_f1_score_check CHECK (((f1_score >= (0)::double precision) AND (f1_score <= (1)::double precision))) NOT VALID;

ALTER TABLE public.videos ADD CONSTRAINT videos_resolution_check CHECK ((resolution ~ '^[0-9]{1,5}x[0-9]{1,5}$'::text)) NOT VALID;

COMMENT ON COLUMN public.test_results.f1_score IS 'Harmonic mean of the two.';

COMMIT;

-- step 2 of 3 [86dcc92f]: in one transaction
BEGIN;

ALTER TABLE public.test_results VALIDATE CONSTRAINT test_results_f1_score_check;

COMMIT;

-- step 3 of 3 [86dcc92f]: in one transaction
BEGIN;

ALTER TABLE public.videos VALIDATE CONSTRAINT videos_resolution_check;

ALTER TABLE public.test_results RENAME CONSTRAINT test_results_mean_latency_ms_check TO test_results_average_latency_ms_check;

ALTER TABLE public.test_results RENAME COLUMN mean_latency_ms TO average_latency_ms;

COMMIT;
