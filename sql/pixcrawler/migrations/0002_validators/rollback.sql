-- pixcrawler/0002_validators, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_validators`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [c0916330]

SET check_function_bodies = off;

-- step 1 of 1 [c0916330]: in one transaction
BEGIN;

ALTER TABLE public.activity_logs DROP COLUMN details;

ALTER TABLE public.validation_jobs DROP COLUMN custom_validators;

ALTER TABLE public.validation_jobs DROP COLUMN valid_images;

ALTER TABLE public.export_jobs DROP COLUMN expires_at;

ALTER TABLE public.validation_jobs DROP COLUMN invalid_images;

ALTER TABLE public.validation_jobs DROP COLUMN started_at;

ALTER TABLE public.images DROP COLUMN content_hash;

ALTER TABLE public.validation_jobs DROP COLUMN completed_at;

ALTER TABLE public.images DROP COLUMN is_duplicate;

ALTER TABLE public.images DROP COLUMN metadata;

COMMIT;
