-- ai-validation/0004_comparisons, forward
-- Written by `verso plan` and proved on PostgreSQL 18.3 (embedded). After an edit: `verso prove 0004_comparisons`.
-- Runs by `verso apply` and `verso rollback`, or by psql.
-- 2 steps, marked [389f69c1]

\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 2 [389f69c1]: in one transaction
BEGIN;

ALTER TABLE public.test_results RENAME COLUMN average_latency_ms TO mean_latency_ms;

ALTER TABLE public.test_results RENAME CONSTRAINT test_results_average_latency_ms_check TO test_results_mean_latency_ms_check;

ALTER TABLE public.test_results DROP COLUMN f1_score;

ALTER TABLE public.videos DROP COLUMN resolution;

CREATE TABLE public.detection_comparisons (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  test_session_id uuid NOT NULL,
  detection_event_id uuid,
  ground_truth_object_id uuid,
  result text NOT NULL,
  overlap double precision,
  time_offset_ms double precision,
  notes text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT detection_comparisons_pkey PRIMARY KEY (id),
  CONSTRAINT detection_comparisons_overlap_check CHECK (((overlap >= (0)::double precision) AND (overlap <= (1)::double precision))),
  CONSTRAINT detection_comparisons_partners CHECK (
CASE result
    WHEN 'TP'::text THEN ((detection_event_id IS NOT NULL) AND (ground_truth_object_id IS NOT NULL))
    WHEN 'FP'::text THEN ((detection_event_id IS NOT NULL) AND (ground_truth_object_id IS NULL))
    ELSE ((detection_event_id IS NULL) AND (ground_truth_object_id IS NOT NULL))
END),
  CONSTRAINT detection_comparisons_result_check CHECK ((result = ANY (ARRAY['TP'::text, 'FP'::text, 'FN'::text])))
);

ALTER TABLE public.test_results ADD COLUMN f1_score double precision GENERATED ALWAYS AS (((2.0 * (true_positives)::numeric) / (NULLIF((((2 * true_positives) + false_positives) + false_negatives), 0))::numeric)) STORED;

ALTER TABLE public.videos ADD COLUMN resolution text GENERATED ALWAYS AS ((((width)::text || 'x'::text) || (height)::text)) STORED;

ALTER TABLE public.detection_comparisons ADD CONSTRAINT detection_comparisons_detection_event_id_fkey FOREIGN KEY (detection_event_id) REFERENCES public.detection_events(id) ON DELETE CASCADE;

ALTER TABLE public.detection_comparisons ADD CONSTRAINT detection_comparisons_ground_truth_object_id_fkey FOREIGN KEY (ground_truth_object_id) REFERENCES public.ground_truth_objects(id) ON DELETE CASCADE;

ALTER TABLE public.detection_comparisons ADD CONSTRAINT detection_comparisons_test_session_id_fkey FOREIGN KEY (test_session_id) REFERENCES public.test_sessions(id) ON DELETE CASCADE;

CREATE INDEX detection_comparisons_detection_event_id_idx ON public.detection_comparisons USING btree (detection_event_id);

CREATE INDEX detection_comparisons_ground_truth_object_id_idx ON public.detection_comparisons USING btree (ground_truth_object_id);

CREATE INDEX detection_comparisons_test_session_id_result_idx ON public.detection_comparisons USING btree (test_session_id, result);

CREATE TRIGGER set_updated_at
  BEFORE UPDATE ON public.detection_comparisons
  FOR EACH ROW EXECUTE FUNCTION public.set_updated_at();

COMMENT ON COLUMN public.detection_comparisons.detection_event_id IS 'Null for what the model missed.';

COMMENT ON COLUMN public.detection_comparisons.ground_truth_object_id IS 'Null for what was not there.';

COMMENT ON COLUMN public.detection_comparisons.overlap IS 'Intersection over union of the two boxes.';

COMMENT ON COLUMN public.detection_comparisons.time_offset_ms IS 'Detection minus truth.';

COMMENT ON COLUMN public.test_results.f1_score IS 'Harmonic mean of the two, without the detour.';

COMMENT ON COLUMN public.videos.resolution IS 'As people say it: 1920x1080.';

COMMENT ON TABLE public.detection_comparisons IS 'A detection held against the truth: what matched, how well, and what found no partner.';

COMMIT;

-- step 2 of 2 [389f69c1]: outside a transaction
CREATE INDEX CONCURRENTLY test_results_f1_score_idx ON public.test_results USING btree (f1_score);
