-- pixcrawler/0001_initial, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 38 steps, marked [74a32fe5]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.jobs RENAME TO crawl_jobs;

ALTER TABLE public.crawl_jobs RENAME COLUMN chunks TO total_chunks;

ALTER TABLE public.crawl_jobs RENAME COLUMN chunks_done TO completed_chunks;

ALTER TABLE public.images RENAME COLUMN job_id TO crawl_job_id;

ALTER TABLE public.profiles RENAME COLUMN mail TO email;

ALTER TABLE public.profiles RENAME COLUMN avatar TO avatar_url;

DROP INDEX public.idx_projects_name;

ALTER TABLE public.crawl_jobs ALTER COLUMN id SET NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN id SET NOT NULL;

ALTER TABLE public.profiles ALTER COLUMN id SET NOT NULL;

ALTER TABLE public.projects ALTER COLUMN id SET NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN id SET NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN project_id SET NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN crawl_job_id SET NOT NULL;

ALTER TABLE public.images ALTER COLUMN crawl_job_id SET NOT NULL;

ALTER TABLE public.profiles ALTER COLUMN email SET NOT NULL;

ALTER TABLE public.projects ALTER COLUMN user_id TYPE uuid USING user_id::uuid;

ALTER TABLE public.projects ALTER COLUMN user_id SET NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN crawl_job_id SET NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN name SET NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN user_id SET NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN status TYPE text;

ALTER TABLE public.validation_jobs ALTER COLUMN status SET NOT NULL;

UPDATE public.crawl_jobs SET keywords = '{}' WHERE keywords IS NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN keywords SET NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN format TYPE text;

ALTER TABLE public.export_jobs ALTER COLUMN format SET NOT NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN progress TYPE smallint;

UPDATE public.validation_jobs SET progress = 0 WHERE progress IS NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN progress SET NOT NULL;

UPDATE public.crawl_jobs SET max_images = 1000 WHERE max_images IS NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN max_images SET NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN status TYPE text;

ALTER TABLE public.export_jobs ALTER COLUMN status SET NOT NULL;

ALTER TABLE public.profiles ALTER COLUMN role TYPE text;

ALTER TABLE public.profiles ALTER COLUMN role SET NOT NULL;

ALTER TABLE public.projects ALTER COLUMN status TYPE text;

ALTER TABLE public.projects ALTER COLUMN status SET NOT NULL;

UPDATE public.validation_jobs SET rules = '{}' WHERE rules IS NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN rules SET NOT NULL;

ALTER TABLE public.activity_logs ALTER COLUMN "timestamp" SET NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN status TYPE text;

ALTER TABLE public.crawl_jobs ALTER COLUMN status SET NOT NULL;

ALTER TABLE public.export_jobs ALTER COLUMN progress TYPE smallint;

UPDATE public.export_jobs SET progress = 0 WHERE progress IS NULL;

ALTER TABLE public.export_jobs ALTER COLUMN progress SET NOT NULL;

UPDATE public.profiles SET settings = '{}' WHERE settings IS NULL;

ALTER TABLE public.profiles ALTER COLUMN settings SET NOT NULL;

UPDATE public.projects SET created_at = now() WHERE created_at IS NULL;

ALTER TABLE public.projects ALTER COLUMN created_at SET NOT NULL;

UPDATE public.validation_jobs SET created_at = now() WHERE created_at IS NULL;

ALTER TABLE public.validation_jobs ALTER COLUMN created_at SET NOT NULL;

ALTER TABLE public.activity_logs ADD COLUMN created_at timestamp with time zone;

UPDATE public.activity_logs SET created_at = now();

ALTER TABLE public.activity_logs ALTER COLUMN created_at SET DEFAULT now();

ALTER TABLE public.activity_logs ALTER COLUMN created_at SET NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN total_chunks SET NOT NULL;

UPDATE public.profiles SET created_at = now() WHERE created_at IS NULL;

ALTER TABLE public.profiles ALTER COLUMN created_at SET NOT NULL;

ALTER TABLE public.projects ADD COLUMN updated_at timestamp with time zone;

UPDATE public.projects SET updated_at = coalesce(created_at, now());

ALTER TABLE public.projects ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE public.projects ALTER COLUMN updated_at SET NOT NULL;

ALTER TABLE public.validation_jobs ADD COLUMN updated_at timestamp with time zone;

UPDATE public.validation_jobs SET updated_at = coalesce(created_at, now());

ALTER TABLE public.validation_jobs ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE public.validation_jobs ALTER COLUMN updated_at SET NOT NULL;

ALTER TABLE public.activity_logs ADD COLUMN updated_at timestamp with time zone;

UPDATE public.activity_logs SET updated_at = coalesce(created_at, now());

ALTER TABLE public.activity_logs ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE public.activity_logs ALTER COLUMN updated_at SET NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN completed_chunks SET NOT NULL;

UPDATE public.export_jobs SET created_at = now() WHERE created_at IS NULL;

ALTER TABLE public.export_jobs ALTER COLUMN created_at SET NOT NULL;

ALTER TABLE public.profiles ADD COLUMN updated_at timestamp with time zone;

UPDATE public.profiles SET updated_at = coalesce(created_at, now());

ALTER TABLE public.profiles ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE public.profiles ALTER COLUMN updated_at SET NOT NULL;

ALTER TABLE public.export_jobs ADD COLUMN updated_at timestamp with time zone;

UPDATE public.export_jobs SET updated_at = coalesce(created_at, now());

ALTER TABLE public.export_jobs ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE public.export_jobs ALTER COLUMN updated_at SET NOT NULL;

UPDATE public.images SET created_at = now() WHERE created_at IS NULL;

ALTER TABLE public.images ALTER COLUMN created_at SET NOT NULL;

ALTER TABLE public.images ADD COLUMN updated_at timestamp with time zone;

UPDATE public.images SET updated_at = coalesce(created_at, now());

ALTER TABLE public.images ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE public.images ALTER COLUMN updated_at SET NOT NULL;

UPDATE public.crawl_jobs SET created_at = now() WHERE created_at IS NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN created_at SET NOT NULL;

ALTER TABLE public.crawl_jobs ADD COLUMN updated_at timestamp with time zone;

UPDATE public.crawl_jobs SET updated_at = coalesce(created_at, now());

ALTER TABLE public.crawl_jobs ALTER COLUMN updated_at SET DEFAULT now();

ALTER TABLE public.crawl_jobs ALTER COLUMN updated_at SET NOT NULL;

ALTER TABLE public.crawl_jobs ALTER COLUMN keywords SET DEFAULT '{}'::text[];

ALTER TABLE public.crawl_jobs ALTER COLUMN status SET DEFAULT 'pending'::text;

ALTER TABLE public.export_jobs ALTER COLUMN status SET DEFAULT 'pending'::text;

ALTER TABLE public.profiles ALTER COLUMN role SET DEFAULT 'user'::text;

ALTER TABLE public.profiles ALTER COLUMN settings SET DEFAULT '{}'::jsonb;

ALTER TABLE public.projects ALTER COLUMN status SET DEFAULT 'active'::text;

ALTER TABLE public.validation_jobs ALTER COLUMN rules SET DEFAULT '{}'::jsonb;

ALTER TABLE public.validation_jobs ALTER COLUMN status SET DEFAULT 'pending'::text;

ALTER TABLE public.activity_logs ADD CONSTRAINT activity_logs_pkey PRIMARY KEY (id);

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_pkey PRIMARY KEY (id);

ALTER TABLE public.export_jobs ADD CONSTRAINT export_jobs_pkey PRIMARY KEY (id);

ALTER TABLE public.images ADD CONSTRAINT images_pkey PRIMARY KEY (id);

ALTER TABLE public.profiles ADD CONSTRAINT profiles_pkey PRIMARY KEY (id);

ALTER TABLE public.projects ADD CONSTRAINT projects_pkey PRIMARY KEY (id);

ALTER TABLE public.validation_jobs ADD CONSTRAINT validation_jobs_pkey PRIMARY KEY (id);

LOCK TABLE public.profiles IN SHARE ROW EXCLUSIVE MODE;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.profiles_email_key AS TABLE public.profiles WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.profiles AS child
  WHERE EXISTS (
      SELECT FROM public.profiles AS first WHERE first.email = child.email AND first.ctid < child.ctid)
  RETURNING child.*
)
INSERT INTO verso_attic.profiles_email_key TABLE set_aside;

ALTER TABLE public.profiles ADD CONSTRAINT profiles_email_key UNIQUE (email);

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_chunks_add_up CHECK ((completed_chunks <= total_chunks)) NOT VALID;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.crawl_jobs_chunks_add_up AS TABLE public.crawl_jobs WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.crawl_jobs AS child
  WHERE NOT ((completed_chunks <= total_chunks))
  RETURNING child.*
)
INSERT INTO verso_attic.crawl_jobs_chunks_add_up TABLE set_aside;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_completed_chunks_check CHECK ((completed_chunks >= 0)) NOT VALID;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_end_after_start CHECK ((completed_at >= started_at)) NOT VALID;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_max_images_check CHECK ((max_images > 0)) NOT VALID;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))) NOT VALID;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_total_chunks_check CHECK ((total_chunks >= 0)) NOT VALID;

ALTER TABLE public.export_jobs ADD CONSTRAINT export_jobs_format_check CHECK ((format = ANY (ARRAY['zip'::text, 'tar'::text, 'csv'::text, 'json'::text]))) NOT VALID;

ALTER TABLE public.export_jobs ADD CONSTRAINT export_jobs_progress_check CHECK (((progress >= 0) AND (progress <= 100))) NOT VALID;

ALTER TABLE public.export_jobs ADD CONSTRAINT export_jobs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))) NOT VALID;

ALTER TABLE public.images ADD CONSTRAINT images_height_check CHECK ((height > 0)) NOT VALID;

ALTER TABLE public.images ADD CONSTRAINT images_size_check CHECK ((size >= 0)) NOT VALID;

ALTER TABLE public.images ADD CONSTRAINT images_width_check CHECK ((width > 0)) NOT VALID;

ALTER TABLE public.profiles ADD CONSTRAINT profiles_email_looks_like_one CHECK (((email)::text ~~ '%_@_%'::text)) NOT VALID;

ALTER TABLE public.profiles ADD CONSTRAINT profiles_role_check CHECK ((role = ANY (ARRAY['user'::text, 'admin'::text]))) NOT VALID;

ALTER TABLE public.projects ADD CONSTRAINT projects_name_not_blank CHECK (((name)::text <> ''::text)) NOT VALID;

ALTER TABLE public.projects ADD CONSTRAINT projects_status_check CHECK ((status = ANY (ARRAY['active'::text, 'archived'::text]))) NOT VALID;

ALTER TABLE public.validation_jobs ADD CONSTRAINT validation_jobs_progress_check CHECK (((progress >= 0) AND (progress <= 100))) NOT VALID;

ALTER TABLE public.validation_jobs ADD CONSTRAINT validation_jobs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))) NOT VALID;

ALTER TABLE public.activity_logs ADD CONSTRAINT activity_logs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE SET NULL NOT VALID;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.activity_logs_user_id_fkey AS TABLE public.activity_logs WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.activity_logs AS child
  WHERE child.user_id IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM public.profiles AS parent WHERE parent.id = child.user_id)
  RETURNING child.*
)
INSERT INTO verso_attic.activity_logs_user_id_fkey TABLE set_aside;

ALTER TABLE public.projects ADD CONSTRAINT projects_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE NOT VALID;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.projects_user_id_fkey AS TABLE public.projects WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.projects AS child
  WHERE child.user_id IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM public.profiles AS parent WHERE parent.id = child.user_id)
  RETURNING child.*
)
INSERT INTO verso_attic.projects_user_id_fkey TABLE set_aside;

ALTER TABLE public.crawl_jobs ADD CONSTRAINT crawl_jobs_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE NOT VALID;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.crawl_jobs_project_id_fkey AS TABLE public.crawl_jobs WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.crawl_jobs AS child
  WHERE child.project_id IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM public.projects AS parent WHERE parent.id = child.project_id)
  RETURNING child.*
)
INSERT INTO verso_attic.crawl_jobs_project_id_fkey TABLE set_aside;

ALTER TABLE public.export_jobs ADD CONSTRAINT export_jobs_crawl_job_id_fkey FOREIGN KEY (crawl_job_id) REFERENCES public.crawl_jobs(id) ON DELETE CASCADE NOT VALID;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.export_jobs_crawl_job_id_fkey AS TABLE public.export_jobs WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.export_jobs AS child
  WHERE child.crawl_job_id IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM public.crawl_jobs AS parent WHERE parent.id = child.crawl_job_id)
  RETURNING child.*
)
INSERT INTO verso_attic.export_jobs_crawl_job_id_fkey TABLE set_aside;

ALTER TABLE public.export_jobs ADD CONSTRAINT export_jobs_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.profiles(id) ON DELETE CASCADE NOT VALID;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.export_jobs_user_id_fkey AS TABLE public.export_jobs WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.export_jobs AS child
  WHERE child.user_id IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM public.profiles AS parent WHERE parent.id = child.user_id)
  RETURNING child.*
)
INSERT INTO verso_attic.export_jobs_user_id_fkey TABLE set_aside;

ALTER TABLE public.images ADD CONSTRAINT images_crawl_job_id_fkey FOREIGN KEY (crawl_job_id) REFERENCES public.crawl_jobs(id) ON DELETE CASCADE NOT VALID;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.images_crawl_job_id_fkey AS TABLE public.images WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.images AS child
  WHERE child.crawl_job_id IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM public.crawl_jobs AS parent WHERE parent.id = child.crawl_job_id)
  RETURNING child.*
)
INSERT INTO verso_attic.images_crawl_job_id_fkey TABLE set_aside;

ALTER TABLE public.validation_jobs ADD CONSTRAINT validation_jobs_crawl_job_id_fkey FOREIGN KEY (crawl_job_id) REFERENCES public.crawl_jobs(id) ON DELETE CASCADE NOT VALID;

CREATE SCHEMA IF NOT EXISTS verso_attic;

CREATE TABLE verso_attic.validation_jobs_crawl_job_id_fkey AS TABLE public.validation_jobs WITH NO DATA;

WITH set_aside AS (
  DELETE FROM public.validation_jobs AS child
  WHERE child.crawl_job_id IS NOT NULL
    AND NOT EXISTS (
      SELECT FROM public.crawl_jobs AS parent WHERE parent.id = child.crawl_job_id)
  RETURNING child.*
)
INSERT INTO verso_attic.validation_jobs_crawl_job_id_fkey TABLE set_aside;

CREATE FUNCTION public.set_updated_at()
RETURNS trigger
LANGUAGE plpgsql
SET search_path TO ''
AS $body$
begin
  new.updated_at := now();
  return new;
end
$body$;

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.activity_logs
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.crawl_jobs
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.export_jobs
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.images
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.profiles
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.projects
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.validation_jobs
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

COMMENT ON COLUMN public.activity_logs."timestamp" IS 'When it happened; created_at is when it was written down.';

COMMENT ON COLUMN public.activity_logs.action IS '`project.created`, `crawl_job.finished` …';

COMMENT ON COLUMN public.activity_logs.resource_id IS 'Key of the resource, as text, since resources have keys of several types.';

COMMENT ON COLUMN public.crawl_jobs.error IS 'What went wrong, for a failed job.';

COMMENT ON COLUMN public.crawl_jobs.keywords IS 'What is searched for.';

COMMENT ON COLUMN public.crawl_jobs.total_chunks IS 'Pieces into which the crawl was cut.';

COMMENT ON COLUMN public.export_jobs.download_url IS 'Set when the file is there.';

COMMENT ON COLUMN public.export_jobs.user_id IS 'Who asked for it.';

COMMENT ON COLUMN public.images.format IS 'jpeg, png, webp …';

COMMENT ON COLUMN public.images.height IS 'Pixels.';

COMMENT ON COLUMN public.images.storage_path IS 'Where it lies in the object store.';

COMMENT ON COLUMN public.images.url IS 'Where it was found.';

COMMENT ON COLUMN public.images.width IS 'Pixels.';

COMMENT ON FUNCTION public.set_updated_at() IS 'Notes when a row was last changed.';

COMMENT ON TABLE public.activity_logs IS 'Who did what, and when. Outlives the person: then nobody is named.';

COMMENT ON TABLE public.crawl_jobs IS 'One crawl for a project, cut into chunks that workers take.';

COMMENT ON TABLE public.export_jobs IS 'Packs the images of a crawl for download.';

COMMENT ON TABLE public.images IS 'An image that a crawl found and fetched.';

COMMENT ON TABLE public.profiles IS 'Somebody who crawls; the row follows the account of the sign-in service.';

COMMENT ON TABLE public.projects IS 'A data set in the making: what is looked for, in how many crawls.';

COMMENT ON TABLE public.validation_jobs IS 'Goes through the images of a crawl and sorts out what breaks the rules.';

COMMIT;

-- step 2 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_chunks_add_up;

COMMIT;

-- step 3 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_completed_chunks_check;

COMMIT;

-- step 4 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_end_after_start;

COMMIT;

-- step 5 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_max_images_check;

COMMIT;

-- step 6 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_status_check;

COMMIT;

-- step 7 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_total_chunks_check;

COMMIT;

-- step 8 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.export_jobs VALIDATE CONSTRAINT export_jobs_format_check;

COMMIT;

-- step 9 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.export_jobs VALIDATE CONSTRAINT export_jobs_progress_check;

COMMIT;

-- step 10 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.export_jobs VALIDATE CONSTRAINT export_jobs_status_check;

COMMIT;

-- step 11 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.images VALIDATE CONSTRAINT images_height_check;

COMMIT;

-- step 12 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.images VALIDATE CONSTRAINT images_size_check;

COMMIT;

-- step 13 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.images VALIDATE CONSTRAINT images_width_check;

COMMIT;

-- step 14 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.profiles VALIDATE CONSTRAINT profiles_email_looks_like_one;

COMMIT;

-- step 15 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.profiles VALIDATE CONSTRAINT profiles_role_check;

COMMIT;

-- step 16 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.projects VALIDATE CONSTRAINT projects_name_not_blank;

COMMIT;

-- step 17 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.projects VALIDATE CONSTRAINT projects_status_check;

COMMIT;

-- step 18 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.validation_jobs VALIDATE CONSTRAINT validation_jobs_progress_check;

COMMIT;

-- step 19 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.validation_jobs VALIDATE CONSTRAINT validation_jobs_status_check;

COMMIT;

-- step 20 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.activity_logs VALIDATE CONSTRAINT activity_logs_user_id_fkey;

COMMIT;

-- step 21 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.crawl_jobs VALIDATE CONSTRAINT crawl_jobs_project_id_fkey;

COMMIT;

-- step 22 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.export_jobs VALIDATE CONSTRAINT export_jobs_crawl_job_id_fkey;

COMMIT;

-- step 23 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.export_jobs VALIDATE CONSTRAINT export_jobs_user_id_fkey;

COMMIT;

-- step 24 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.images VALIDATE CONSTRAINT images_crawl_job_id_fkey;

COMMIT;

-- step 25 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.projects VALIDATE CONSTRAINT projects_user_id_fkey;

COMMIT;

-- step 26 of 38 [74a32fe5]: in one transaction
BEGIN;

ALTER TABLE public.validation_jobs VALIDATE CONSTRAINT validation_jobs_crawl_job_id_fkey;

COMMIT;

-- step 27 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY activity_logs_timestamp_idx ON public.activity_logs USING btree ("timestamp" DESC);

-- step 28 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY activity_logs_user_id_idx ON public.activity_logs USING btree (user_id);

-- step 29 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY crawl_jobs_project_id_idx ON public.crawl_jobs USING btree (project_id);

-- step 30 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY crawl_jobs_project_id_status_idx ON public.crawl_jobs USING btree (project_id, status);

-- step 31 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY crawl_jobs_status_idx ON public.crawl_jobs USING btree (status);

-- step 32 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY export_jobs_crawl_job_id_idx ON public.export_jobs USING btree (crawl_job_id);

-- step 33 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY export_jobs_status_idx ON public.export_jobs USING btree (status);

-- step 34 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY export_jobs_user_id_idx ON public.export_jobs USING btree (user_id);

-- step 35 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY images_crawl_job_id_idx ON public.images USING btree (crawl_job_id);

-- step 36 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY projects_user_id_idx ON public.projects USING btree (user_id);

-- step 37 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY validation_jobs_crawl_job_id_idx ON public.validation_jobs USING btree (crawl_job_id);

-- step 38 of 38 [74a32fe5]: outside a transaction
CREATE INDEX CONCURRENTLY validation_jobs_status_idx ON public.validation_jobs USING btree (status);
