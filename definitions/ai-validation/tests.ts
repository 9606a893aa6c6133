import { double, integer, jsonb, references, sql, table, text, timestamptz, varchar } from "verso";
import { audited } from "./audit.ts";
import { projects, videos } from "./projects.ts";
import { bounding_box, key, notNegative, oneOf, share, sighting, timestamps, touched } from "./shared.ts";
import { ground_truth_objects } from "./truth.ts";

/** One run of a model over one video. */
export const test_sessions = table("test_sessions", {
  columns: {
    ...key,
    project_id: references(() => projects, { onDelete: "cascade" }),
    video_id: references(() => videos, { onDelete: "cascade" }),
    name: varchar(200),
    model_version: varchar(80),
    /** How far apart in time a detection and the truth may lie. */
    tolerance_ms: integer({ default: 100, check: notNegative("tolerance_ms") }),
    status: oneOf("status", ["created", "running", "completed", "failed"], { default: "created" }),
    started_at: timestamptz({ nullable: true }),
    completed_at: timestamptz({ nullable: true }),
    ...timestamps,
  },
  checks: { test_sessions_end_after_start: sql`completed_at >= started_at` },
  indexes: [
    { on: ["project_id", "status"] },
    { on: ["video_id", "created_at"] },
    { on: ["project_id", { column: "created_at", order: "desc" }] },
    { on: [{ column: "started_at", order: "desc", nulls: "last" }] },
  ],
  triggers: audited,
});

/** What the model claims to have seen, as it claimed it. */
export const detection_events = table("detection_events", {
  columns: {
    ...key,
    test_session_id: references(() => test_sessions, { onDelete: "cascade" }),
    ...sighting,
    confidence: double({ check: share("confidence") }),
    ...bounding_box,
    /** True positive, false positive, false negative; pending until it is compared. */
    validation_result: oneOf("validation_result", ["pending", "TP", "FP", "FN"], { default: "pending" }),
    /** From the frame to the signal. */
    latency_ms: double({ nullable: true, check: notNegative("latency_ms") }),
    detected_at: timestamptz({ default: sql`now()` }),
    ...timestamps,
  },
  indexes: [
    { on: ["test_session_id", "video_time"] },
    { on: ["test_session_id", "frame_number"] },
    { on: ["test_session_id", "validation_result"] },
    { on: ["class_label", "confidence"] },
    { on: ["detected_at"], using: "brin" },
  ],
  triggers: touched,
});

/** A detection held against the truth: what matched, how well, and what found no partner. */
export const detection_comparisons = table("detection_comparisons", {
  columns: {
    ...key,
    test_session_id: references(() => test_sessions, { onDelete: "cascade" }),
    /** Null for what the model missed. */
    detection_event_id: references(() => detection_events, { onDelete: "cascade", nullable: true }),
    /** Null for what was not there. */
    ground_truth_object_id: references(() => ground_truth_objects, { onDelete: "cascade", nullable: true }),
    result: oneOf("result", ["TP", "FP", "FN"]),
    /** Intersection over union of the two boxes. */
    overlap: double({ nullable: true, check: share("overlap") }),
    /** Detection minus truth. */
    time_offset_ms: double({ nullable: true }),
    notes: text({ nullable: true }),
    ...timestamps,
  },
  checks: {
    detection_comparisons_partners: sql`
      case result
        when 'TP' then detection_event_id is not null and ground_truth_object_id is not null
        when 'FP' then detection_event_id is not null and ground_truth_object_id is null
        else detection_event_id is null and ground_truth_object_id is not null
      end`,
  },
  indexes: [{ on: ["test_session_id", "result"] }],
  triggers: touched,
});

/** Counts and times that have no column. */
export interface Metrics {
  readonly per_class?: Readonly<Record<string, { readonly precision: number; readonly recall: number }>>;
  readonly [more: string]: unknown;
}

/** The outcome of one test session. */
export const test_results = table("test_results", {
  columns: {
    ...key,
    test_session_id: references(() => test_sessions, { onDelete: "cascade", unique: true }),
    true_positives: integer({ check: notNegative("true_positives") }),
    false_positives: integer({ check: notNegative("false_positives") }),
    false_negatives: integer({ check: notNegative("false_negatives") }),
    /** Null where nothing was detected. */
    precision_score: double({
      generated: sql`true_positives::double precision / nullif(true_positives + false_positives, 0)`,
      nullable: true,
    }),
    /** Null where there was nothing to detect. */
    recall_score: double({
      generated: sql`true_positives::double precision / nullif(true_positives + false_negatives, 0)`,
      nullable: true,
    }),
    /** Harmonic mean of the two, without the detour. */
    f1_score: double({
      generated: sql`2.0 * true_positives / nullif(2 * true_positives + false_positives + false_negatives, 0)`,
      nullable: true,
    }),
    mean_latency_ms: double({
      nullable: true,
      check: notNegative("mean_latency_ms"),
      renamedFrom: "average_latency_ms",
    }),
    metrics: jsonb<Metrics>({ default: {} }),
    ...timestamps,
  },
  indexes: [{ on: ["f1_score"] }, { on: [{ column: "created_at", order: "desc" }] }],
  triggers: audited,
});
