-- ai-validation/0005_truth_audited, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0005_truth_audited`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [7f07df6a]

SET check_function_bodies = off;

-- step 1 of 1 [7f07df6a]: in one transaction
BEGIN;

CREATE TRIGGER record_change
  AFTER INSERT OR DELETE OR UPDATE ON public.ground_truth_objects
  FOR EACH ROW EXECUTE FUNCTION public.record_change();

COMMENT ON FUNCTION public.record_change() IS 'Writes the old and the new row of an audited table into audit_logs.';

COMMIT;
