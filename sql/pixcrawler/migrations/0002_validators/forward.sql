-- pixcrawler/0002_validators, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0002_validators`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 6 steps, marked [f476be8e]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 6 [f476be8e]: in one transaction
BEGIN;

ALTER TABLE public.activity_logs ADD COLUMN details jsonb;

ALTER TABLE public.validation_jobs ADD COLUMN custom_validators jsonb DEFAULT '[]'::jsonb NOT NULL;

ALTER TABLE public.validation_jobs ADD COLUMN valid_images integer DEFAULT 0 NOT NULL;

ALTER TABLE public.export_jobs ADD COLUMN expires_at timestamp with time zone;

ALTER TABLE public.validation_jobs ADD COLUMN invalid_images integer DEFAULT 0 NOT NULL;

ALTER TABLE public.validation_jobs ADD COLUMN started_at timestamp with time zone;

ALTER TABLE public.images ADD COLUMN content_hash text;

ALTER TABLE public.validation_jobs ADD COLUMN completed_at timestamp with time zone;

ALTER TABLE public.images ADD COLUMN is_duplicate boolean;

ALTER TABLE public.images DISABLE TRIGGER set_updated_at;

UPDATE public.images SET is_duplicate = false;

ALTER TABLE public.images ENABLE TRIGGER set_updated_at;

ALTER TABLE public.images ALTER COLUMN is_duplicate SET DEFAULT false;

ALTER TABLE public.images ALTER COLUMN is_duplicate SET NOT NULL;

ALTER TABLE public.images ADD COLUMN metadata jsonb;

ALTER TABLE public.images DISABLE TRIGGER set_updated_at;

UPDATE public.images SET metadata = '{}';

ALTER TABLE public.images ENABLE TRIGGER set_updated_at;

ALTER TABLE public.images ALTER COLUMN metadata SET DEFAULT '{}'::jsonb;

ALTER TABLE public.images ALTER COLUMN metadata SET NOT NULL;

ALTER TABLE public.images ADD CONSTRAINT images_content_hash_check CHECK ((content_hash ~ '^[0-9a-f]{64}$'::text)) NOT VALID;

ALTER TABLE public.validation_jobs ADD CONSTRAINT validation_jobs_custom_validators_check CHECK ((jsonb_typeof(custom_validators) = 'array'::text)) NOT VALID;

ALTER TABLE public.validation_jobs ADD CONSTRAINT validation_jobs_invalid_images_check CHECK ((invalid_images >= 0)) NOT VALID;

ALTER TABLE public.validation_jobs ADD CONSTRAINT validation_jobs_valid_images_check CHECK ((valid_images >= 0)) NOT VALID;

COMMENT ON COLUMN public.export_jobs.expires_at IS 'When the file is deleted.';

COMMENT ON COLUMN public.images.content_hash IS 'SHA-256 of the file, in hexadecimal: equal images are the same image.';

COMMENT ON COLUMN public.validation_jobs.custom_validators IS 'Run after the rules, in this order.';

COMMIT;

-- step 2 of 6 [f476be8e]: in one transaction
BEGIN;

ALTER TABLE public.images VALIDATE CONSTRAINT images_content_hash_check;

COMMIT;

-- step 3 of 6 [f476be8e]: in one transaction
BEGIN;

ALTER TABLE public.validation_jobs VALIDATE CONSTRAINT validation_jobs_custom_validators_check;

COMMIT;

-- step 4 of 6 [f476be8e]: in one transaction
BEGIN;

ALTER TABLE public.validation_jobs VALIDATE CONSTRAINT validation_jobs_invalid_images_check;

COMMIT;

-- step 5 of 6 [f476be8e]: in one transaction
BEGIN;

ALTER TABLE public.validation_jobs VALIDATE CONSTRAINT validation_jobs_valid_images_check;

COMMIT;

-- step 6 of 6 [f476be8e]: outside a transaction
CREATE INDEX CONCURRENTLY images_content_hash_idx ON public.images USING btree (content_hash) WHERE (content_hash IS NOT NULL);
