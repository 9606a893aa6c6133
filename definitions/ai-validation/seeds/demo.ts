import { seed } from "verso";
import { projects, video_project_links, videos } from "../projects.ts";
import { detection_comparisons, detection_events, test_results, test_sessions } from "../tests.ts";
import { annotation_sessions, annotations, ground_truth_objects } from "../truth.ts";

export const demoProjects = seed(projects, {
  environments: ["demo"],
  key: ["name"],
  rows: {
    demoPedestriansAhead: {
      id: "60000000-0000-4000-8000-000000000001",
      name: "Demo: pedestrians ahead",
      description: "Does the front camera see who crosses?",
      camera_model: "FC-100",
      camera_view: "front",
      signal_type: "can",
      status: "active",
      owner: "demo",
    },
  },
});

export const demoVideos = seed(videos, {
  environments: ["demo"],
  key: ["project_id", "filename"],
  rows: {
    crossing: {
      id: "60000000-0000-4000-8000-0000000000a1",
      project_id: demoProjects.rows.demoPedestriansAhead.id,
      filename: "crossing.mp4",
      file_path: "demo/crossing.mp4",
      byte_size: 52000000n,
      duration_seconds: 20,
      frames_per_second: "29.970",
      width: 1920,
      height: 1080,
      processing_status: "completed",
      ground_truth_status: "reviewed",
    },
  },
});

export const demoAnnotationSessions = seed(annotation_sessions, {
  environments: ["demo"],
  key: ["video_id", "annotator"],
  rows: {
    crossing: {
      id: "60000000-0000-4000-8000-0000000000d1",
      video_id: demoVideos.rows.crossing.id,
      project_id: demoProjects.rows.demoPedestriansAhead.id,
      annotator: "demo",
      status: "completed",
      current_frame: 599,
      total_frames: 599,
      finished_at: "2026-01-02 12:00:00+00",
    },
  },
});

export const demoAnnotations = seed(annotations, {
  environments: ["demo"],
  key: ["video_id", "frame_number", "annotator"],
  rows: {
    pedestrian: {
      id: "60000000-0000-4000-8000-0000000000d2",
      video_id: demoVideos.rows.crossing.id,
      annotation_session_id: demoAnnotationSessions.rows.crossing.id,
      frame_number: 120,
      video_time: 4,
      class_label: "pedestrian",
      end_frame: 150,
      box_x: 0.4,
      box_y: 0.4,
      box_width: 0.05,
      box_height: 0.2,
      annotator: "demo",
      is_validated: true,
      tags: ["daylight", "zebra crossing"],
    },
  },
});

export const demoGroundTruthObjects = seed(ground_truth_objects, {
  environments: ["demo"],
  key: ["video_id", "track", "frame_number"],
  rows: {
    pedestrian: {
      id: "60000000-0000-4000-8000-0000000000c1",
      video_id: demoVideos.rows.crossing.id,
      track: 1,
      frame_number: 120,
      video_time: 4,
      class_label: "pedestrian",
      box_x: 0.4,
      box_y: 0.4,
      box_width: 0.05,
      box_height: 0.2,
      source: "manual",
      is_validated: true,
    },
    cyclist: {
      id: "60000000-0000-4000-8000-0000000000c2",
      video_id: demoVideos.rows.crossing.id,
      track: 2,
      frame_number: 300,
      video_time: 10,
      class_label: "cyclist",
      box_x: 0.1,
      box_y: 0.45,
      box_width: 0.1,
      box_height: 0.2,
      source: "manual",
      is_validated: true,
    },
  },
});

export const demoTestSessions = seed(test_sessions, {
  environments: ["demo"],
  key: ["project_id", "name"],
  rows: {
    demoRun: {
      id: "60000000-0000-4000-8000-0000000000e1",
      project_id: demoProjects.rows.demoPedestriansAhead.id,
      video_id: demoVideos.rows.crossing.id,
      name: "Demo run",
      model_version: "vru-1.4",
      status: "completed",
      started_at: "2026-01-03 10:00:00+00",
      completed_at: "2026-01-03 10:01:00+00",
    },
  },
});

export const demoDetectionEvents = seed(detection_events, {
  environments: ["demo"],
  key: ["test_session_id", "frame_number"],
  rows: {
    pedestrian: {
      id: "60000000-0000-4000-8000-0000000000f1",
      test_session_id: demoTestSessions.rows.demoRun.id,
      frame_number: 121,
      video_time: 4.03,
      class_label: "pedestrian",
      confidence: 0.91,
      box_x: 0.41,
      box_y: 0.4,
      box_width: 0.05,
      box_height: 0.2,
      validation_result: "TP",
      latency_ms: 42,
      detected_at: "2026-01-03 10:00:04+00",
    },
    nobody: {
      id: "60000000-0000-4000-8000-0000000000f2",
      test_session_id: demoTestSessions.rows.demoRun.id,
      frame_number: 200,
      video_time: 6.67,
      class_label: "pedestrian",
      confidence: 0.55,
      box_x: 0.8,
      box_y: 0.3,
      box_width: 0.04,
      box_height: 0.15,
      validation_result: "FP",
      latency_ms: 44,
      detected_at: "2026-01-03 10:00:07+00",
    },
  },
});

export const demoDetectionComparisons = seed(detection_comparisons, {
  environments: ["demo"],
  key: ["test_session_id", "result"],
  rows: {
    found: {
      id: "60000000-0000-4000-8000-000000000101",
      test_session_id: demoTestSessions.rows.demoRun.id,
      detection_event_id: demoDetectionEvents.rows.pedestrian.id,
      ground_truth_object_id: demoGroundTruthObjects.rows.pedestrian.id,
      result: "TP",
      overlap: 0.78,
      time_offset_ms: 33,
    },
    imagined: {
      id: "60000000-0000-4000-8000-000000000102",
      test_session_id: demoTestSessions.rows.demoRun.id,
      detection_event_id: demoDetectionEvents.rows.nobody.id,
      result: "FP",
    },
    missed: {
      id: "60000000-0000-4000-8000-000000000103",
      test_session_id: demoTestSessions.rows.demoRun.id,
      ground_truth_object_id: demoGroundTruthObjects.rows.cyclist.id,
      result: "FN",
    },
  },
});

export const demoTestResults = seed(test_results, {
  environments: ["demo"],
  key: ["test_session_id"],
  rows: {
    demoRun: {
      id: "60000000-0000-4000-8000-000000000111",
      test_session_id: demoTestSessions.rows.demoRun.id,
      true_positives: 1,
      false_positives: 1,
      false_negatives: 1,
      mean_latency_ms: 43,
      metrics: { per_class: { pedestrian: { recall: 1, precision: 0.5 } } },
    },
  },
});

export const demoVideoProjectLinks = seed(video_project_links, {
  environments: ["demo"],
  key: ["video_id", "project_id"],
  rows: {
    crossing: {
      id: "60000000-0000-4000-8000-0000000000b1",
      video_id: demoVideos.rows.crossing.id,
      project_id: demoProjects.rows.demoPedestriansAhead.id,
      assignment_reason: "same camera, same view",
      confidence: 0.97,
      is_automatic: true,
    },
  },
});
