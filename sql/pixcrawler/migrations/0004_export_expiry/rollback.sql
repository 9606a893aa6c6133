-- pixcrawler/0004_export_expiry, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0004_export_expiry`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [0a5a36f9]

SET check_function_bodies = off;

-- step 1 of 1 [0a5a36f9]: in one transaction
BEGIN;

DROP INDEX public.export_jobs_expires_at_idx;

ALTER TABLE public.export_jobs DROP CONSTRAINT export_jobs_completed_can_be_fetched;

ALTER TABLE public.activity_logs ALTER COLUMN details DROP DEFAULT;

ALTER TABLE public.export_jobs ALTER COLUMN expires_at DROP DEFAULT;

ALTER TABLE public.export_jobs DROP COLUMN byte_size;

ALTER TABLE public.activity_logs ALTER COLUMN details DROP NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN expires_at DROP NOT NULL;

COMMIT;
