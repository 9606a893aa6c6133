-- ai-validation/0002_audit_trail, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_audit_trail`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [e1ae6b30]

SET check_function_bodies = off;

-- step 1 of 1 [e1ae6b30]: in one transaction
BEGIN;

DROP TRIGGER record_change ON public.projects;

DROP TRIGGER record_change ON public.test_results;

DROP TRIGGER record_change ON public.test_sessions;

DROP TRIGGER record_change ON public.videos;

DROP FUNCTION public.record_change();

DROP INDEX public.audit_logs_actor_happened_at_idx;

DROP INDEX public.audit_logs_table_name_record_id_happened_at_idx;

COMMIT;
