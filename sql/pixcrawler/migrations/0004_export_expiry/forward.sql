-- pixcrawler/0004_export_expiry, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0004_export_expiry`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 4 steps, marked [7fa9e260]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 4 [7fa9e260]: in one transaction
BEGIN;

ALTER TABLE public.activity_logs DISABLE TRIGGER set_updated_at;

UPDATE public.activity_logs SET details = '{}' WHERE details IS NULL;

ALTER TABLE public.activity_logs ENABLE TRIGGER set_updated_at;

ALTER TABLE public.activity_logs ALTER COLUMN details SET NOT NULL;

ALTER TABLE public.export_jobs ADD COLUMN byte_size bigint;

ALTER TABLE public.export_jobs DISABLE TRIGGER set_updated_at;

UPDATE public.export_jobs SET expires_at = created_at + interval '7 days' WHERE expires_at IS NULL;

ALTER TABLE public.export_jobs ENABLE TRIGGER set_updated_at;

ALTER TABLE public.export_jobs ALTER COLUMN expires_at SET NOT NULL;

ALTER TABLE public.activity_logs ALTER COLUMN details SET DEFAULT '{}'::jsonb;

ALTER TABLE public.export_jobs ALTER COLUMN expires_at SET DEFAULT (now() + '7 days'::interval);

ALTER TABLE public.export_jobs ADD CONSTRAINT export_jobs_byte_size_check CHECK ((byte_size >= 0)) NOT VALID;

ALTER TABLE public.export_jobs ADD CONSTRAINT export_jobs_completed_can_be_fetched CHECK (((status <> 'completed'::text) OR (download_url IS NOT NULL))) NOT VALID;

COMMIT;

-- step 2 of 4 [7fa9e260]: in one transaction
BEGIN;

ALTER TABLE public.export_jobs VALIDATE CONSTRAINT export_jobs_byte_size_check;

COMMIT;

-- step 3 of 4 [7fa9e260]: in one transaction
BEGIN;

ALTER TABLE public.export_jobs VALIDATE CONSTRAINT export_jobs_completed_can_be_fetched;

COMMIT;

-- step 4 of 4 [7fa9e260]: outside a transaction
CREATE INDEX CONCURRENTLY export_jobs_expires_at_idx ON public.export_jobs USING btree (expires_at);
