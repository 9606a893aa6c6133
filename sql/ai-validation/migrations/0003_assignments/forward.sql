-- ai-validation/0003_assignments, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0003_assignments`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 6 steps, marked [bae2adaf]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 6 [bae2adaf]: in one transaction
BEGIN;

ALTER TABLE public.annotations RENAME COLUMN vru_type TO class_label;

ALTER TABLE public.videos DROP CONSTRAINT videos_frames_per_second_check;

CREATE TABLE public.annotation_sessions (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  video_id uuid NOT NULL,
  project_id uuid NOT NULL,
  annotator character varying(120) NOT NULL,
  status text DEFAULT 'active'::text NOT NULL,
  current_frame integer DEFAULT 0 NOT NULL,
  total_frames integer,
  finished_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT annotation_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT annotation_sessions_current_frame_check CHECK ((current_frame >= 0)),
  CONSTRAINT annotation_sessions_frame_within_video CHECK ((current_frame <= total_frames)),
  CONSTRAINT annotation_sessions_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'completed'::text, 'abandoned'::text]))),
  CONSTRAINT annotation_sessions_total_frames_check CHECK ((total_frames >= 0))
);

ALTER TABLE public.annotations ADD COLUMN annotation_session_id uuid;

DO $body$
BEGIN
  IF current_setting('server_version_num')::int >= 180000 THEN
    ALTER TABLE public.annotations RENAME CONSTRAINT annotations_vru_type_not_null TO annotations_class_label_not_null;
  END IF;
END
$body$;

ALTER TABLE public.videos ALTER COLUMN frames_per_second TYPE numeric(6,3);

ALTER TABLE public.videos ADD COLUMN width integer;

ALTER TABLE public.videos DISABLE TRIGGER record_change, DISABLE TRIGGER set_updated_at;

UPDATE public.videos SET width = split_part(resolution, 'x', 1)::integer;

ALTER TABLE public.videos ENABLE TRIGGER record_change, ENABLE TRIGGER set_updated_at;

ALTER TABLE public.videos ADD COLUMN height integer;

ALTER TABLE public.videos DISABLE TRIGGER record_change, DISABLE TRIGGER set_updated_at;

UPDATE public.videos SET height = split_part(resolution, 'x', 2)::integer;

ALTER TABLE public.videos ENABLE TRIGGER record_change, ENABLE TRIGGER set_updated_at;

ALTER TABLE public.videos ADD CONSTRAINT videos_frames_per_second_check CHECK ((frames_per_second > (0)::numeric)) NOT VALID;

ALTER TABLE public.videos ADD CONSTRAINT videos_height_check CHECK ((height > 0)) NOT VALID;

ALTER TABLE public.videos ADD CONSTRAINT videos_width_check CHECK ((width > 0)) NOT VALID;

ALTER TABLE public.annotation_sessions ADD CONSTRAINT annotation_sessions_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;

ALTER TABLE public.annotation_sessions ADD CONSTRAINT annotation_sessions_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE public.annotations ADD CONSTRAINT annotations_annotation_session_id_fkey FOREIGN KEY (annotation_session_id) REFERENCES public.annotation_sessions(id) ON DELETE SET NULL NOT VALID;

CREATE INDEX annotation_sessions_annotator_status_idx ON public.annotation_sessions USING btree (annotator, status);

CREATE INDEX annotation_sessions_project_id_idx ON public.annotation_sessions USING btree (project_id);

CREATE INDEX annotation_sessions_video_id_created_at_idx ON public.annotation_sessions USING btree (video_id, created_at);

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.annotation_sessions
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

COMMENT ON COLUMN public.annotations.annotation_session_id IS 'Null for marks from before sessions were kept.';

COMMENT ON COLUMN public.annotations.class_label IS 'What it is: pedestrian, cyclist, scooter, wheelchair …';

COMMENT ON COLUMN public.videos.height IS 'Pixels.';

COMMENT ON COLUMN public.videos.width IS 'Pixels.';

COMMENT ON TABLE public.annotation_sessions IS 'One person working through one video.';

COMMIT;

-- step 2 of 6 [bae2adaf]: in one transaction
BEGIN;

ALTER TABLE public.videos VALIDATE CONSTRAINT videos_frames_per_second_check;

COMMIT;

-- step 3 of 6 [bae2adaf]: in one transaction
BEGIN;

ALTER TABLE public.videos VALIDATE CONSTRAINT videos_height_check;

COMMIT;

-- step 4 of 6 [bae2adaf]: in one transaction
BEGIN;

ALTER TABLE public.videos VALIDATE CONSTRAINT videos_width_check;

COMMIT;

-- step 5 of 6 [bae2adaf]: in one transaction
BEGIN;

ALTER TABLE public.annotations VALIDATE CONSTRAINT annotations_annotation_session_id_fkey;

COMMIT;

-- step 6 of 6 [bae2adaf]: outside a transaction
CREATE INDEX CONCURRENTLY annotations_annotation_session_id_idx ON public.annotations USING btree (annotation_session_id);
