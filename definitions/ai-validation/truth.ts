import { array, boolean, double, integer, references, sql, table, text, timestamptz, varchar } from "verso";
import { audited } from "./audit.ts";
import { projects, videos } from "./projects.ts";
import { bounding_box, key, notNegative, oneOf, share, sighting, timestamps, touched, VISIBILITY } from "./shared.ts";

/** What is really to be seen in a frame. Detections are held against it. */
export const ground_truth_objects = table("ground_truth_objects", {
  columns: {
    ...key,
    video_id: references(() => videos, { onDelete: "cascade" }),
    /** The same thing in several frames has the same number. */
    track: integer({ nullable: true }),
    ...sighting,
    ...bounding_box,
    /** Of the model that proposed it; null where a person drew it. */
    confidence: double({ nullable: true, check: share("confidence") }),
    source: oneOf("source", ["manual", "generated", "imported"], { default: "generated" }),
    visibility: oneOf("visibility", VISIBILITY, { default: "clear" }),
    is_validated: boolean({ default: false }),
    ...timestamps,
  },
  indexes: [
    { on: ["video_id", "frame_number"] },
    { on: ["video_id", "video_time"] },
    { on: ["class_label"] },
    { on: ["video_id"], where: sql`not is_validated`, name: "ground_truth_objects_to_validate_idx" },
  ],
  triggers: audited,
});

/** One person working through one video. */
export const annotation_sessions = table("annotation_sessions", {
  columns: {
    ...key,
    video_id: references(() => videos, { onDelete: "cascade" }),
    project_id: references(() => projects, { onDelete: "cascade" }),
    annotator: varchar(120),
    status: oneOf("status", ["active", "paused", "completed", "abandoned"], { default: "active" }),
    current_frame: integer({ default: 0, check: notNegative("current_frame") }),
    total_frames: integer({ nullable: true, check: notNegative("total_frames") }),
    finished_at: timestamptz({ nullable: true }),
    ...timestamps,
  },
  checks: { annotation_sessions_frame_within_video: sql`current_frame <= total_frames` },
  indexes: [{ on: ["video_id", "created_at"] }, { on: ["annotator", "status"] }],
  triggers: touched,
});

/** A mark that a person made in a video, from one frame to another. */
export const annotations = table("annotations", {
  columns: {
    ...key,
    video_id: references(() => videos, { onDelete: "cascade" }),
    /** Null for marks from before sessions were kept. */
    annotation_session_id: references(() => annotation_sessions, { onDelete: "set null", nullable: true }),
    ...sighting,
    /** What it is: pedestrian, cyclist, scooter, wheelchair … */
    class_label: varchar(80, { renamedFrom: "vru_type" }),
    /** The last frame; null for a mark in one frame. */
    end_frame: integer({ nullable: true }),
    ...bounding_box,
    visibility: oneOf("visibility", VISIBILITY, { default: "clear" }),
    annotator: varchar(120),
    is_validated: boolean({ default: false }),
    tags: array(text(), { default: [] }),
    notes: text({ nullable: true }),
    ...timestamps,
  },
  checks: { annotations_end_after_start: sql`end_frame >= frame_number` },
  indexes: [
    { on: ["video_id", "frame_number"] },
    { on: ["video_id", "is_validated"] },
    { on: ["annotator", "created_at"] },
    { on: ["tags"], using: "gin" },
  ],
  triggers: touched,
});
