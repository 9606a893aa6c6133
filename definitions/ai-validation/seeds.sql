-- A demo project with one compared test session. Safe to run any number of times: every row has its own fixed key.
INSERT INTO projects (id, name, description, camera_model, camera_view, signal_type, status, owner) VALUES
  ('60000000-0000-4000-8000-000000000001', 'Demo: pedestrians ahead', 'Does the front camera see who crosses?', 'FC-100', 'front', 'can', 'active', 'demo')
ON CONFLICT DO NOTHING;

INSERT INTO videos (id, project_id, filename, file_path, byte_size, duration_seconds, frames_per_second, width, height, processing_status, ground_truth_status) VALUES
  ('60000000-0000-4000-8000-0000000000a1', '60000000-0000-4000-8000-000000000001', 'crossing.mp4', 'demo/crossing.mp4', 52000000, 20, 29.97, 1920, 1080, 'completed', 'reviewed')
ON CONFLICT DO NOTHING;

INSERT INTO video_project_links (id, video_id, project_id, assignment_reason, confidence, is_automatic) VALUES
  ('60000000-0000-4000-8000-0000000000b1', '60000000-0000-4000-8000-0000000000a1', '60000000-0000-4000-8000-000000000001', 'same camera, same view', 0.97, true)
ON CONFLICT DO NOTHING;

INSERT INTO ground_truth_objects (id, video_id, track, frame_number, video_time, class_label, box_x, box_y, box_width, box_height, source, is_validated) VALUES
  ('60000000-0000-4000-8000-0000000000c1', '60000000-0000-4000-8000-0000000000a1', 1, 120, 4.0, 'pedestrian', 0.40, 0.40, 0.05, 0.20, 'manual', true),
  ('60000000-0000-4000-8000-0000000000c2', '60000000-0000-4000-8000-0000000000a1', 2, 300, 10.0, 'cyclist', 0.10, 0.45, 0.10, 0.20, 'manual', true)
ON CONFLICT DO NOTHING;

INSERT INTO annotation_sessions (id, video_id, project_id, annotator, status, current_frame, total_frames, finished_at) VALUES
  ('60000000-0000-4000-8000-0000000000d1', '60000000-0000-4000-8000-0000000000a1', '60000000-0000-4000-8000-000000000001', 'demo', 'completed', 599, 599, '2026-01-02 12:00+00')
ON CONFLICT DO NOTHING;

INSERT INTO annotations (id, video_id, annotation_session_id, frame_number, end_frame, video_time, class_label, box_x, box_y, box_width, box_height, annotator, is_validated, tags) VALUES
  ('60000000-0000-4000-8000-0000000000d2', '60000000-0000-4000-8000-0000000000a1', '60000000-0000-4000-8000-0000000000d1', 120, 150, 4.0, 'pedestrian', 0.40, 0.40, 0.05, 0.20, 'demo', true, '{daylight,zebra crossing}')
ON CONFLICT DO NOTHING;

INSERT INTO test_sessions (id, project_id, video_id, name, model_version, tolerance_ms, status, started_at, completed_at) VALUES
  ('60000000-0000-4000-8000-0000000000e1', '60000000-0000-4000-8000-000000000001', '60000000-0000-4000-8000-0000000000a1', 'Demo run', 'vru-1.4', 100, 'completed', '2026-01-03 10:00+00', '2026-01-03 10:01+00')
ON CONFLICT DO NOTHING;

INSERT INTO detection_events (id, test_session_id, frame_number, video_time, class_label, confidence, box_x, box_y, box_width, box_height, validation_result, latency_ms, detected_at) VALUES
  ('60000000-0000-4000-8000-0000000000f1', '60000000-0000-4000-8000-0000000000e1', 121, 4.03, 'pedestrian', 0.91, 0.41, 0.40, 0.05, 0.20, 'TP', 42, '2026-01-03 10:00:04+00'),
  ('60000000-0000-4000-8000-0000000000f2', '60000000-0000-4000-8000-0000000000e1', 200, 6.67, 'pedestrian', 0.55, 0.80, 0.30, 0.04, 0.15, 'FP', 44, '2026-01-03 10:00:07+00')
ON CONFLICT DO NOTHING;

INSERT INTO detection_comparisons (id, test_session_id, detection_event_id, ground_truth_object_id, result, overlap, time_offset_ms) VALUES
  ('60000000-0000-4000-8000-000000000101', '60000000-0000-4000-8000-0000000000e1', '60000000-0000-4000-8000-0000000000f1', '60000000-0000-4000-8000-0000000000c1', 'TP', 0.78, 33),
  ('60000000-0000-4000-8000-000000000102', '60000000-0000-4000-8000-0000000000e1', '60000000-0000-4000-8000-0000000000f2', NULL, 'FP', NULL, NULL),
  ('60000000-0000-4000-8000-000000000103', '60000000-0000-4000-8000-0000000000e1', NULL, '60000000-0000-4000-8000-0000000000c2', 'FN', NULL, NULL)
ON CONFLICT DO NOTHING;

INSERT INTO test_results (id, test_session_id, true_positives, false_positives, false_negatives, mean_latency_ms, metrics) VALUES
  ('60000000-0000-4000-8000-000000000111', '60000000-0000-4000-8000-0000000000e1', 1, 1, 1, 43, '{"per_class": {"pedestrian": {"precision": 0.5, "recall": 1}}}')
ON CONFLICT DO NOTHING;
