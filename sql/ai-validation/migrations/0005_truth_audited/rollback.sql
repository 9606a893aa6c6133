-- ai-validation/0005_truth_audited, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0005_truth_audited`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [167f9305]

SET check_function_bodies = off;

-- step 1 of 1 [167f9305]: in one transaction
BEGIN;

COMMENT ON FUNCTION public.record_change() IS NULL;

DROP TRIGGER record_change ON public.ground_truth_objects;

COMMIT;
