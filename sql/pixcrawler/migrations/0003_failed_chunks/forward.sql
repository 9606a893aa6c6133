-- pixcrawler/0003_failed_chunks, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0003_failed_chunks`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 3 steps, marked [d613c570]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [d613c570]: in one transaction
BEGIN;

ALTER TABLE public.images RENAME COLUMN size TO byte_size;

ALTER TABLE public.images RENAME CONSTRAINT images_size_check TO images_byte_size_check;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_chunks_add_up;

ALTER TABLE public.images ALTER COLUMN byte_size TYPE bigint;

ALTER TABLE public.crawl_jobs ADD COLUMN failed_chunks integer DEFAULT 0 NOT NULL;

ALTER TABLE public.crawl_jobs ADD COLUMN progress smallint GENERATED ALWAYS AS (
CASE
    WHEN (total_chunks = 0) THEN 0
    ELSE (((completed_chunks + failed_chunks) * 100) / total_chunks)
END) STORED NOT NULL;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_chunks_add_up CHECK (((completed_chunks + failed_chunks) <= total_chunks)) NOT VALID;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_failed_chunks_check CHECK ((failed_chunks >= 0)) NOT VALID;

COMMENT ON COLUMN public.crawl_jobs.progress IS 'Percent of the chunks that are done, well or badly.';

COMMIT;

-- step 2 of 3 [d613c570]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_chunks_add_up;

COMMIT;

-- step 3 of 3 [d613c570]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_failed_chunks_check;

COMMIT;
