-- pixcrawler/0001_initial, rollback
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 3 steps, marked [a05e48bb]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [a05e48bb]: in one transaction
BEGIN;

COMMENT ON COLUMN public.activity_logs."timestamp" IS NULL;

COMMENT ON COLUMN public.activity_logs.action IS NULL;

COMMENT ON COLUMN public.activity_logs.resource_id IS NULL;

COMMENT ON COLUMN public.crawl_jobs.error IS NULL;

COMMENT ON COLUMN public.crawl_jobs.keywords IS NULL;

COMMENT ON COLUMN public.crawl_jobs.total_chunks IS NULL;

COMMENT ON COLUMN public.export_jobs.download_url IS NULL;

COMMENT ON COLUMN public.export_jobs.user_id IS NULL;

COMMENT ON COLUMN public.images.format IS NULL;

COMMENT ON COLUMN public.images.height IS NULL;

COMMENT ON COLUMN public.images.storage_path IS NULL;

COMMENT ON COLUMN public.images.url IS NULL;

COMMENT ON COLUMN public.images.width IS NULL;

COMMENT ON TABLE public.activity_logs IS NULL;

COMMENT ON TABLE public.crawl_jobs IS NULL;

COMMENT ON TABLE public.export_jobs IS NULL;

COMMENT ON TABLE public.images IS NULL;

COMMENT ON TABLE public.profiles IS NULL;

COMMENT ON TABLE public.projects IS NULL;

COMMENT ON TABLE public.validation_jobs IS NULL;

DROP TRIGGER set_updated_at ON public.activity_logs;

DROP TRIGGER set_updated_at ON public.crawl_jobs;

DROP TRIGGER set_updated_at ON public.export_jobs;

DROP TRIGGER set_updated_at ON public.images;

DROP TRIGGER set_updated_at ON public.profiles;

DROP TRIGGER set_updated_at ON public.projects;

DROP TRIGGER set_updated_at ON public.validation_jobs;

DROP FUNCTION public.set_updated_at();

DROP INDEX public.activity_logs_timestamp_idx;

DROP INDEX public.activity_logs_user_id_idx;

DROP INDEX public.crawl_jobs_project_id_idx;

DROP INDEX public.crawl_jobs_project_id_status_idx;

DROP INDEX public.crawl_jobs_status_idx;

DROP INDEX public.export_jobs_crawl_job_id_idx;

DROP INDEX public.export_jobs_status_idx;

DROP INDEX public.export_jobs_user_id_idx;

DROP INDEX public.images_crawl_job_id_idx;

DROP INDEX public.projects_user_id_idx;

DROP INDEX public.validation_jobs_crawl_job_id_idx;

DROP INDEX public.validation_jobs_status_idx;

ALTER TABLE public.profiles DROP CONSTRAINT profiles_role_check;

ALTER TABLE public.profiles DROP CONSTRAINT profiles_email_looks_like_one;

ALTER TABLE public.activity_logs DROP CONSTRAINT activity_logs_user_id_fkey;

INSERT INTO public.activity_logs (id, user_id, action, resource_type, resource_id, "timestamp", created_at, updated_at)
SELECT id, user_id, action, resource_type, resource_id, "timestamp", created_at, updated_at FROM verso_attic.activity_logs_user_id_fkey;

DROP TABLE verso_attic.activity_logs_user_id_fkey;

ALTER TABLE public.activity_logs DROP CONSTRAINT activity_logs_pkey;

ALTER TABLE public.export_jobs DROP CONSTRAINT export_jobs_user_id_fkey;

INSERT INTO public.export_jobs (id, crawl_job_id, user_id, format, status, progress, download_url, created_at, updated_at)
SELECT id, crawl_job_id, user_id, format, status, progress, download_url, created_at, updated_at FROM verso_attic.export_jobs_user_id_fkey;

DROP TABLE verso_attic.export_jobs_user_id_fkey;

ALTER TABLE public.export_jobs DROP CONSTRAINT export_jobs_crawl_job_id_fkey;

INSERT INTO public.export_jobs (id, crawl_job_id, user_id, format, status, progress, download_url, created_at, updated_at)
SELECT id, crawl_job_id, user_id, format, status, progress, download_url, created_at, updated_at FROM verso_attic.export_jobs_crawl_job_id_fkey;

DROP TABLE verso_attic.export_jobs_crawl_job_id_fkey;

ALTER TABLE public.export_jobs DROP CONSTRAINT export_jobs_status_check;

ALTER TABLE public.export_jobs DROP CONSTRAINT export_jobs_progress_check;

ALTER TABLE public.export_jobs DROP CONSTRAINT export_jobs_format_check;

ALTER TABLE public.export_jobs DROP CONSTRAINT export_jobs_pkey;

ALTER TABLE public.images DROP CONSTRAINT images_crawl_job_id_fkey;

INSERT INTO public.images (id, crawl_job_id, url, storage_path, filename, size, width, height, format, created_at, updated_at)
SELECT id, crawl_job_id, url, storage_path, filename, size, width, height, format, created_at, updated_at FROM verso_attic.images_crawl_job_id_fkey;

DROP TABLE verso_attic.images_crawl_job_id_fkey;

ALTER TABLE public.images DROP CONSTRAINT images_width_check;

ALTER TABLE public.images DROP CONSTRAINT images_size_check;

ALTER TABLE public.images DROP CONSTRAINT images_height_check;

ALTER TABLE public.images DROP CONSTRAINT images_pkey;

ALTER TABLE public.validation_jobs DROP CONSTRAINT validation_jobs_crawl_job_id_fkey;

INSERT INTO public.validation_jobs (id, crawl_job_id, status, progress, rules, created_at, updated_at)
SELECT id, crawl_job_id, status, progress, rules, created_at, updated_at FROM verso_attic.validation_jobs_crawl_job_id_fkey;

DROP TABLE verso_attic.validation_jobs_crawl_job_id_fkey;

ALTER TABLE public.validation_jobs DROP CONSTRAINT validation_jobs_status_check;

ALTER TABLE public.validation_jobs DROP CONSTRAINT validation_jobs_progress_check;

ALTER TABLE public.validation_jobs DROP CONSTRAINT validation_jobs_pkey;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_project_id_fkey;

INSERT INTO public.crawl_jobs (id, project_id, name, keywords, max_images, status, total_chunks, completed_chunks, started_at, completed_at, error, created_at, updated_at)
SELECT id, project_id, name, keywords, max_images, status, total_chunks, completed_chunks, started_at, completed_at, error, created_at, updated_at FROM verso_attic.crawl_jobs_project_id_fkey;

DROP TABLE verso_attic.crawl_jobs_project_id_fkey;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_total_chunks_check;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_status_check;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_max_images_check;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_end_after_start;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_completed_chunks_check;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_chunks_add_up;

INSERT INTO public.crawl_jobs (id, project_id, name, keywords, max_images, status, total_chunks, completed_chunks, started_at, completed_at, error, created_at, updated_at)
SELECT id, project_id, name, keywords, max_images, status, total_chunks, completed_chunks, started_at, completed_at, error, created_at, updated_at FROM verso_attic.crawl_jobs_chunks_add_up;

DROP TABLE verso_attic.crawl_jobs_chunks_add_up;

ALTER TABLE public.crawl_jobs DROP CONSTRAINT crawl_jobs_pkey;

ALTER TABLE public.projects DROP CONSTRAINT projects_user_id_fkey;

INSERT INTO public.projects (id, user_id, name, description, status, created_at, updated_at)
SELECT id, user_id, name, description, status, created_at, updated_at FROM verso_attic.projects_user_id_fkey;

DROP TABLE verso_attic.projects_user_id_fkey;

ALTER TABLE public.profiles DROP CONSTRAINT profiles_email_key;

INSERT INTO public.profiles (id, email, full_name, avatar_url, role, settings, created_at, updated_at)
SELECT id, email, full_name, avatar_url, role, settings, created_at, updated_at FROM verso_attic.profiles_email_key;

DROP TABLE verso_attic.profiles_email_key;

ALTER TABLE public.profiles DROP CONSTRAINT profiles_pkey;

ALTER TABLE public.projects DROP CONSTRAINT projects_status_check;

ALTER TABLE public.projects DROP CONSTRAINT projects_name_not_blank;

ALTER TABLE public.projects DROP CONSTRAINT projects_pkey;

ALTER TABLE public.crawl_jobs ALTER COLUMN keywords DROP DEFAULT;

ALTER TABLE public.profiles ALTER COLUMN settings DROP DEFAULT;

ALTER TABLE public.validation_jobs ALTER COLUMN rules DROP DEFAULT;

ALTER TABLE public.activity_logs DROP COLUMN created_at;

ALTER TABLE public.projects DROP COLUMN updated_at;

ALTER TABLE public.validation_jobs DROP COLUMN updated_at;

ALTER TABLE public.activity_logs DROP COLUMN updated_at;

ALTER TABLE public.profiles DROP COLUMN updated_at;

ALTER TABLE public.export_jobs DROP COLUMN updated_at;

ALTER TABLE public.images DROP COLUMN updated_at;

ALTER TABLE public.crawl_jobs DROP COLUMN updated_at;

ALTER TABLE public.crawl_jobs ALTER COLUMN id DROP NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN id DROP NOT NULL;

ALTER TABLE public.profiles ALTER COLUMN id DROP NOT NULL;

ALTER TABLE public.projects ALTER COLUMN id DROP NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN id DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN project_id DROP NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN crawl_job_id DROP NOT NULL;

ALTER TABLE public.images ALTER COLUMN crawl_job_id DROP NOT NULL;

ALTER TABLE public.profiles ALTER COLUMN email DROP NOT NULL;

ALTER TABLE public.projects ALTER COLUMN user_id TYPE text;

ALTER TABLE public.projects ALTER COLUMN user_id DROP NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN crawl_job_id DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN name DROP NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN user_id DROP NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN status TYPE character varying(20);

ALTER TABLE public.validation_jobs ALTER COLUMN status DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN keywords DROP NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN format TYPE character varying(10);

ALTER TABLE public.export_jobs ALTER COLUMN format DROP NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN progress TYPE integer;

ALTER TABLE public.validation_jobs ALTER COLUMN progress DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN max_images DROP NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN status TYPE character varying(20);

ALTER TABLE public.export_jobs ALTER COLUMN status DROP NOT NULL;

ALTER TABLE public.profiles ALTER COLUMN role TYPE character varying(20);

ALTER TABLE public.profiles ALTER COLUMN role DROP NOT NULL;

ALTER TABLE public.projects ALTER COLUMN status TYPE character varying(20);

ALTER TABLE public.projects ALTER COLUMN status DROP NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN rules DROP NOT NULL;

ALTER TABLE public.activity_logs ALTER COLUMN "timestamp" DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN status TYPE character varying(20);

ALTER TABLE public.crawl_jobs ALTER COLUMN status DROP NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN progress TYPE integer;

ALTER TABLE public.export_jobs ALTER COLUMN progress DROP NOT NULL;

ALTER TABLE public.profiles ALTER COLUMN settings DROP NOT NULL;

ALTER TABLE public.projects ALTER COLUMN created_at DROP NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN created_at DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN total_chunks DROP NOT NULL;

ALTER TABLE public.profiles ALTER COLUMN created_at DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN completed_chunks DROP NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN created_at DROP NOT NULL;

ALTER TABLE public.images ALTER COLUMN created_at DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN created_at DROP NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN status SET DEFAULT 'pending'::character varying;

ALTER TABLE public.export_jobs ALTER COLUMN status SET DEFAULT 'pending'::character varying;

ALTER TABLE public.profiles ALTER COLUMN role SET DEFAULT 'user'::character varying;

ALTER TABLE public.projects ALTER COLUMN status SET DEFAULT 'active'::character varying;

ALTER TABLE public.validation_jobs ALTER COLUMN status SET DEFAULT 'pending'::character varying;

COMMIT;

-- step 2 of 3 [a05e48bb]: outside a transaction
CREATE INDEX CONCURRENTLY idx_projects_name ON public.projects USING btree (name);

-- step 3 of 3 [a05e48bb]: in one transaction
BEGIN;

ALTER TABLE public.profiles RENAME COLUMN avatar_url TO avatar;

ALTER TABLE public.profiles RENAME COLUMN email TO mail;

ALTER TABLE public.images RENAME COLUMN crawl_job_id TO job_id;

ALTER TABLE public.crawl_jobs RENAME COLUMN completed_chunks TO chunks_done;

ALTER TABLE public.crawl_jobs RENAME COLUMN total_chunks TO chunks;

ALTER TABLE public.crawl_jobs RENAME TO jobs;

COMMIT;
