-- ai-validation/0001_initial, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0001_initial`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 1 step, marked [f516f34b]

SET check_function_bodies = off;

-- step 1 of 1 [f516f34b]: in one transaction
BEGIN;

CREATE TABLE public.annotations (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  video_id uuid NOT NULL,
  frame_number integer NOT NULL,
  video_time double precision NOT NULL,
  vru_type character varying(80) NOT NULL,
  end_frame integer,
  box_x double precision NOT NULL,
  box_y double precision NOT NULL,
  box_width double precision NOT NULL,
  box_height double precision NOT NULL,
  visibility text DEFAULT 'clear'::text NOT NULL,
  annotator character varying(120) NOT NULL,
  is_validated boolean DEFAULT false NOT NULL,
  tags text[] DEFAULT '{}'::text[] NOT NULL,
  notes text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT annotations_pkey PRIMARY KEY (id),
  CONSTRAINT annotations_box_height_check CHECK (((box_height > (0)::double precision) AND ((box_y + box_height) <= (1.000001)::double precision))),
  CONSTRAINT annotations_box_width_check CHECK (((box_width > (0)::double precision) AND ((box_x + box_width) <= (1.000001)::double precision))),
  CONSTRAINT annotations_box_x_check CHECK (((box_x >= (0)::double precision) AND (box_x <= (1)::double precision))),
  CONSTRAINT annotations_box_y_check CHECK (((box_y >= (0)::double precision) AND (box_y <= (1)::double precision))),
  CONSTRAINT annotations_end_after_start CHECK ((end_frame >= frame_number)),
  CONSTRAINT annotations_frame_number_check CHECK ((frame_number >= 0)),
  CONSTRAINT annotations_video_time_check CHECK ((video_time >= (0)::double precision)),
  CONSTRAINT annotations_visibility_check CHECK ((visibility = ANY (ARRAY['clear'::text, 'occluded'::text, 'truncated'::text, 'difficult'::text])))
);

CREATE TABLE public.audit_logs (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  happened_at timestamp with time zone DEFAULT now() NOT NULL,
  actor text DEFAULT COALESCE(NULLIF(current_setting('app.actor'::text, true), ''::text), (SESSION_USER)::text) NOT NULL,
  event text NOT NULL,
  table_name character varying(63),
  record_id text,
  old_row jsonb,
  new_row jsonb,
  note text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT audit_logs_pkey PRIMARY KEY (id),
  CONSTRAINT audit_logs_event_check CHECK ((event = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text, 'login'::text, 'export'::text, 'review'::text, 'system'::text])))
);

CREATE TABLE public.detection_events (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  test_session_id uuid NOT NULL,
  frame_number integer NOT NULL,
  video_time double precision NOT NULL,
  class_label character varying(80) NOT NULL,
  confidence double precision NOT NULL,
  box_x double precision NOT NULL,
  box_y double precision NOT NULL,
  box_width double precision NOT NULL,
  box_height double precision NOT NULL,
  validation_result text DEFAULT 'pending'::text NOT NULL,
  latency_ms double precision,
  detected_at timestamp with time zone DEFAULT now() NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT detection_events_pkey PRIMARY KEY (id),
  CONSTRAINT detection_events_box_height_check CHECK (((box_height > (0)::double precision) AND ((box_y + box_height) <= (1.000001)::double precision))),
  CONSTRAINT detection_events_box_width_check CHECK (((box_width > (0)::double precision) AND ((box_x + box_width) <= (1.000001)::double precision))),
  CONSTRAINT detection_events_box_x_check CHECK (((box_x >= (0)::double precision) AND (box_x <= (1)::double precision))),
  CONSTRAINT detection_events_box_y_check CHECK (((box_y >= (0)::double precision) AND (box_y <= (1)::double precision))),
  CONSTRAINT detection_events_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  CONSTRAINT detection_events_frame_number_check CHECK ((frame_number >= 0)),
  CONSTRAINT detection_events_latency_ms_check CHECK ((latency_ms >= (0)::double precision)),
  CONSTRAINT detection_events_validation_result_check CHECK ((validation_result = ANY (ARRAY['pending'::text, 'TP'::text, 'FP'::text, 'FN'::text]))),
  CONSTRAINT detection_events_video_time_check CHECK ((video_time >= (0)::double precision))
);

CREATE TABLE public.ground_truth_objects (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  video_id uuid NOT NULL,
  track integer,
  frame_number integer NOT NULL,
  video_time double precision NOT NULL,
  class_label character varying(80) NOT NULL,
  box_x double precision NOT NULL,
  box_y double precision NOT NULL,
  box_width double precision NOT NULL,
  box_height double precision NOT NULL,
  confidence double precision,
  source text DEFAULT 'generated'::text NOT NULL,
  visibility text DEFAULT 'clear'::text NOT NULL,
  is_validated boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT ground_truth_objects_pkey PRIMARY KEY (id),
  CONSTRAINT ground_truth_objects_box_height_check CHECK (((box_height > (0)::double precision) AND ((box_y + box_height) <= (1.000001)::double precision))),
  CONSTRAINT ground_truth_objects_box_width_check CHECK (((box_width > (0)::double precision) AND ((box_x + box_width) <= (1.000001)::double precision))),
  CONSTRAINT ground_truth_objects_box_x_check CHECK (((box_x >= (0)::double precision) AND (box_x <= (1)::double precision))),
  CONSTRAINT ground_truth_objects_box_y_check CHECK (((box_y >= (0)::double precision) AND (box_y <= (1)::double precision))),
  CONSTRAINT ground_truth_objects_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  CONSTRAINT ground_truth_objects_frame_number_check CHECK ((frame_number >= 0)),
  CONSTRAINT ground_truth_objects_source_check CHECK ((source = ANY (ARRAY['manual'::text, 'generated'::text, 'imported'::text]))),
  CONSTRAINT ground_truth_objects_video_time_check CHECK ((video_time >= (0)::double precision)),
  CONSTRAINT ground_truth_objects_visibility_check CHECK ((visibility = ANY (ARRAY['clear'::text, 'occluded'::text, 'truncated'::text, 'difficult'::text])))
);

CREATE TABLE public.projects (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  name character varying(200) NOT NULL,
  description text,
  camera_model character varying(120) NOT NULL,
  camera_view text NOT NULL,
  signal_type text NOT NULL,
  status text DEFAULT 'draft'::text NOT NULL,
  owner character varying(120),
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT projects_pkey PRIMARY KEY (id),
  CONSTRAINT projects_camera_view_check CHECK ((camera_view = ANY (ARRAY['front'::text, 'rear'::text, 'left'::text, 'right'::text, 'surround'::text]))),
  CONSTRAINT projects_name_not_blank CHECK (((name)::text <> ''::text)),
  CONSTRAINT projects_signal_type_check CHECK ((signal_type = ANY (ARRAY['gpio'::text, 'network'::text, 'serial'::text, 'can'::text]))),
  CONSTRAINT projects_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'completed'::text, 'archived'::text])))
);

CREATE TABLE public.test_results (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  test_session_id uuid NOT NULL,
  true_positives integer NOT NULL,
  false_positives integer NOT NULL,
  false_negatives integer NOT NULL,
  precision_score double precision GENERATED ALWAYS AS (((true_positives)::double precision / (NULLIF((true_positives + false_positives), 0))::double precision)) STORED,
  recall_score double precision GENERATED ALWAYS AS (((true_positives)::double precision / (NULLIF((true_positives + false_negatives), 0))::double precision)) STORED,
  f1_score double precision,
  average_latency_ms double precision,
  metrics jsonb DEFAULT '{}'::jsonb NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT test_results_pkey PRIMARY KEY (id),
  CONSTRAINT test_results_average_latency_ms_check CHECK ((average_latency_ms >= (0)::double precision)),
  CONSTRAINT test_results_f1_score_check CHECK (((f1_score >= (0)::double precision) AND (f1_score <= (1)::double precision))),
  CONSTRAINT test_results_false_negatives_check CHECK ((false_negatives >= 0)),
  CONSTRAINT test_results_false_positives_check CHECK ((false_positives >= 0)),
  CONSTRAINT test_results_true_positives_check CHECK ((true_positives >= 0))
);

CREATE TABLE public.test_sessions (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  project_id uuid NOT NULL,
  video_id uuid NOT NULL,
  name character varying(200) NOT NULL,
  model_version character varying(80) NOT NULL,
  tolerance_ms integer DEFAULT 100 NOT NULL,
  status text DEFAULT 'created'::text NOT NULL,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT test_sessions_pkey PRIMARY KEY (id),
  CONSTRAINT test_sessions_end_after_start CHECK ((completed_at >= started_at)),
  CONSTRAINT test_sessions_status_check CHECK ((status = ANY (ARRAY['created'::text, 'running'::text, 'completed'::text, 'failed'::text]))),
  CONSTRAINT test_sessions_tolerance_ms_check CHECK ((tolerance_ms >= 0))
);

CREATE TABLE public.video_project_links (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  video_id uuid NOT NULL,
  project_id uuid NOT NULL,
  assignment_reason text,
  confidence double precision,
  is_automatic boolean DEFAULT false NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT video_project_links_pkey PRIMARY KEY (id),
  CONSTRAINT video_project_links_automatic_has_confidence CHECK (((NOT is_automatic) OR (confidence IS NOT NULL))),
  CONSTRAINT video_project_links_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision)))
);

CREATE TABLE public.videos (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  project_id uuid NOT NULL,
  filename character varying(255) NOT NULL,
  file_path text NOT NULL,
  byte_size bigint NOT NULL,
  duration_seconds double precision,
  frames_per_second real,
  resolution text,
  processing_status text DEFAULT 'pending'::text NOT NULL,
  ground_truth_status text DEFAULT 'none'::text NOT NULL,
  error text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT videos_pkey PRIMARY KEY (id),
  CONSTRAINT videos_byte_size_check CHECK ((byte_size > 0)),
  CONSTRAINT videos_duration_seconds_check CHECK ((duration_seconds >= (0)::double precision)),
  CONSTRAINT videos_frames_per_second_check CHECK ((frames_per_second > (0)::double precision)),
  CONSTRAINT videos_ground_truth_status_check CHECK ((ground_truth_status = ANY (ARRAY['none'::text, 'generating'::text, 'generated'::text, 'reviewed'::text, 'failed'::text]))),
  CONSTRAINT videos_processing_status_check CHECK ((processing_status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text]))),
  CONSTRAINT videos_resolution_check CHECK ((resolution ~ '^[0-9]{1,5}x[0-9]{1,5}$'::text))
);

ALTER TABLE public.projects ADD CONSTRAINT projects_name_key UNIQUE (name);

ALTER TABLE public.test_results ADD CONSTRAINT test_results_test_session_id_key UNIQUE (test_session_id);

ALTER TABLE public.video_project_links ADD CONSTRAINT video_project_links_video_id_project_id_key UNIQUE (video_id, project_id);

ALTER TABLE public.videos ADD CONSTRAINT videos_file_path_key UNIQUE (file_path);

ALTER TABLE public.annotations ADD CONSTRAINT annotations_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE public.detection_events ADD CONSTRAINT detection_events_test_session_id_fkey FOREIGN KEY (test_session_id) REFERENCES public.test_sessions(id) ON DELETE CASCADE;

ALTER TABLE public.ground_truth_objects ADD CONSTRAINT ground_truth_objects_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE public.test_results ADD CONSTRAINT test_results_test_session_id_fkey FOREIGN KEY (test_session_id) REFERENCES public.test_sessions(id) ON DELETE CASCADE;

ALTER TABLE public.test_sessions ADD CONSTRAINT test_sessions_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;

ALTER TABLE public.test_sessions ADD CONSTRAINT test_sessions_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE public.video_project_links ADD CONSTRAINT video_project_links_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;

ALTER TABLE public.video_project_links ADD CONSTRAINT video_project_links_video_id_fkey FOREIGN KEY (video_id) REFERENCES public.videos(id) ON DELETE CASCADE;

ALTER TABLE public.videos ADD CONSTRAINT videos_project_id_fkey FOREIGN KEY (project_id) REFERENCES public.projects(id) ON DELETE CASCADE;

CREATE INDEX annotations_annotator_created_at_idx ON public.annotations USING btree (annotator, created_at);

CREATE INDEX annotations_tags_idx ON public.annotations USING gin (tags);

CREATE INDEX annotations_video_id_frame_number_idx ON public.annotations USING btree (video_id, frame_number);

CREATE INDEX annotations_video_id_is_validated_idx ON public.annotations USING btree (video_id, is_validated);

CREATE INDEX audit_logs_event_idx ON public.audit_logs USING btree (event);

CREATE INDEX audit_logs_happened_at_idx ON public.audit_logs USING btree (happened_at DESC);

CREATE INDEX detection_events_class_label_confidence_idx ON public.detection_events USING btree (class_label, confidence);

CREATE INDEX detection_events_detected_at_idx ON public.detection_events USING brin (detected_at);

CREATE INDEX detection_events_test_session_id_frame_number_idx ON public.detection_events USING btree (test_session_id, frame_number);

CREATE INDEX detection_events_test_session_id_validation_result_idx ON public.detection_events USING btree (test_session_id, validation_result);

CREATE INDEX detection_events_test_session_id_video_time_idx ON public.detection_events USING btree (test_session_id, video_time);

CREATE INDEX ground_truth_objects_class_label_idx ON public.ground_truth_objects USING btree (class_label);

CREATE INDEX ground_truth_objects_to_validate_idx ON public.ground_truth_objects USING btree (video_id) WHERE (NOT is_validated);

CREATE INDEX ground_truth_objects_video_id_frame_number_idx ON public.ground_truth_objects USING btree (video_id, frame_number);

CREATE INDEX ground_truth_objects_video_id_video_time_idx ON public.ground_truth_objects USING btree (video_id, video_time);

CREATE INDEX projects_camera_model_idx ON public.projects USING btree (camera_model);

CREATE INDEX projects_status_created_at_idx ON public.projects USING btree (status, created_at DESC);

CREATE INDEX test_results_created_at_idx ON public.test_results USING btree (created_at DESC);

CREATE INDEX test_results_f1_score_idx ON public.test_results USING btree (f1_score);

CREATE INDEX test_sessions_project_id_created_at_idx ON public.test_sessions USING btree (project_id, created_at DESC);

CREATE INDEX test_sessions_project_id_status_idx ON public.test_sessions USING btree (project_id, status);

CREATE INDEX test_sessions_started_at_idx ON public.test_sessions USING btree (started_at DESC NULLS LAST);

CREATE INDEX test_sessions_video_id_created_at_idx ON public.test_sessions USING btree (video_id, created_at);

CREATE INDEX video_project_links_project_id_idx ON public.video_project_links USING btree (project_id);

CREATE INDEX videos_created_at_idx ON public.videos USING btree (created_at);

CREATE INDEX videos_ground_truth_status_idx ON public.videos USING btree (ground_truth_status);

CREATE INDEX videos_processing_status_idx ON public.videos USING btree (processing_status);

CREATE INDEX videos_project_id_created_at_idx ON public.videos USING btree (project_id, created_at DESC);

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
  BEFORE UPDATE ON public.annotations
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.audit_logs
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.detection_events
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.ground_truth_objects
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.projects
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.test_results
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.test_sessions
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.video_project_links
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.videos
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

COMMENT ON COLUMN public.annotations.end_frame IS 'The last frame; null for a mark in one frame.';

COMMENT ON COLUMN public.annotations.frame_number IS 'From 0.';

COMMENT ON COLUMN public.annotations.video_time IS 'Seconds from the video''s start.';

COMMENT ON COLUMN public.annotations.vru_type IS 'What it is: pedestrian, cyclist, scooter …';

COMMENT ON COLUMN public.audit_logs.actor IS 'The application''s user, from the setting app.actor; else the database''s.';

COMMENT ON COLUMN public.audit_logs.record_id IS 'Key of the row, as text.';

COMMENT ON COLUMN public.detection_events.class_label IS 'What it is: pedestrian, cyclist, scooter, wheelchair …';

COMMENT ON COLUMN public.detection_events.frame_number IS 'From 0.';

COMMENT ON COLUMN public.detection_events.latency_ms IS 'From the frame to the signal.';

COMMENT ON COLUMN public.detection_events.validation_result IS 'True positive, false positive, false negative; pending until it is compared.';

COMMENT ON COLUMN public.detection_events.video_time IS 'Seconds from the video''s start.';

COMMENT ON COLUMN public.ground_truth_objects.class_label IS 'What it is: pedestrian, cyclist, scooter, wheelchair …';

COMMENT ON COLUMN public.ground_truth_objects.confidence IS 'Of the model that proposed it; null where a person drew it.';

COMMENT ON COLUMN public.ground_truth_objects.frame_number IS 'From 0.';

COMMENT ON COLUMN public.ground_truth_objects.track IS 'The same thing in several frames has the same number.';

COMMENT ON COLUMN public.ground_truth_objects.video_time IS 'Seconds from the video''s start.';

COMMENT ON COLUMN public.projects.camera_view IS 'Where on the vehicle the camera looks to.';

COMMENT ON COLUMN public.projects.signal_type IS 'How the device under test says that it saw something.';

COMMENT ON COLUMN public.test_results.f1_score IS 'Harmonic mean of the two.';

COMMENT ON COLUMN public.test_results.precision_score IS 'Null where nothing was detected.';

COMMENT ON COLUMN public.test_results.recall_score IS 'Null where there was nothing to detect.';

COMMENT ON COLUMN public.test_sessions.tolerance_ms IS 'How far apart in time a detection and the truth may lie.';

COMMENT ON COLUMN public.video_project_links.confidence IS 'How well the matcher thinks that it fits; null where a person chose.';

COMMENT ON COLUMN public.videos.error IS 'What went wrong, where processing failed.';

COMMENT ON COLUMN public.videos.file_path IS 'Where the file lies in the object store.';

COMMENT ON COLUMN public.videos.ground_truth_status IS 'How far the truth about its contents is known.';

COMMENT ON COLUMN public.videos.processing_status IS 'Whether frames and sound have been taken apart.';

COMMENT ON COLUMN public.videos.resolution IS 'As people say it: 1920x1080.';

COMMENT ON FUNCTION public.set_updated_at() IS 'Notes when a row was last changed.';

COMMENT ON TABLE public.annotations IS 'A mark that a person made in a video, from one frame to another.';

COMMENT ON TABLE public.audit_logs IS 'Who changed what: one row for each change of an audited table, and what the application adds of its own.';

COMMENT ON TABLE public.detection_events IS 'What the model claims to have seen, as it claimed it.';

COMMENT ON TABLE public.ground_truth_objects IS 'What is really to be seen in a frame. Detections are held against it.';

COMMENT ON TABLE public.projects IS 'One camera, one model, one question to be answered.';

COMMENT ON TABLE public.test_results IS 'The outcome of one test session.';

COMMENT ON TABLE public.test_sessions IS 'One run of a model over one video.';

COMMENT ON TABLE public.video_project_links IS 'A video lent to a project, and why it fits.';

COMMENT ON TABLE public.videos IS 'A recording that models are tried on. It belongs to the project that it was made for; others may use it by a link.';

COMMIT;
