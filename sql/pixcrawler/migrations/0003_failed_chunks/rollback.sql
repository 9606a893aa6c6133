-- pixcrawler/0003_failed_chunks, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0003_failed_chunks`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 2 steps, marked [83e09642]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 2 [83e09642]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs DROP COLUMN progress;

ALTER TABLE public.crawl_jobs DROP COLUMN failed_chunks;

ALTER TABLE public.images ALTER COLUMN byte_size TYPE integer;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_chunks_add_up CHECK ((completed_chunks <= total_chunks)) NOT VALID;

COMMIT;

-- step 2 of 2 [83e09642]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_chunks_add_up;

ALTER TABLE public.images RENAME CONSTRAINT images_byte_size_check TO images_size_check;

ALTER TABLE public.images RENAME COLUMN byte_size TO size;

COMMIT;
