import { bigint, boolean, double, integer, numeric, references, sql, table, text, varchar } from "verso";
import { audited } from "./audit.ts";
import { key, notNegative, oneOf, share, timestamps, touched } from "./shared.ts";

/** One camera, one model, one question to be answered. */
export const projects = table("projects", {
  columns: {
    ...key,
    name: varchar(200, { unique: true }),
    description: text({ nullable: true }),
    camera_model: varchar(120),
    /** Where on the vehicle the camera looks to. */
    camera_view: oneOf("camera_view", ["front", "rear", "left", "right", "surround"]),
    /** How the device under test says that it saw something. */
    signal_type: oneOf("signal_type", ["gpio", "network", "serial", "can"]),
    status: oneOf("status", ["draft", "active", "completed", "archived"], { default: "draft" }),
    owner: varchar(120, { nullable: true }),
    ...timestamps,
  },
  checks: { projects_name_not_blank: sql`name <> ''` },
  indexes: [{ on: ["status", { column: "created_at", order: "desc" }] }, { on: ["camera_model"] }],
  triggers: audited,
});

/** A recording that models are tried on. It belongs to the project that it was made for; others may use it by a link. */
export const videos = table("videos", {
  columns: {
    ...key,
    project_id: references(() => projects, { onDelete: "cascade" }),
    filename: varchar(255),
    /** Where the file lies in the object store. */
    file_path: text({ unique: true }),
    byte_size: bigint({ check: sql`byte_size > 0` }),
    duration_seconds: double({ nullable: true, check: notNegative("duration_seconds") }),
    frames_per_second: numeric(6, 3, { nullable: true, check: sql`frames_per_second > 0` }),
    /** Pixels. */
    width: integer({ nullable: true, check: sql`width > 0`, backfill: sql`split_part(resolution, 'x', 1)::integer` }),
    /** Pixels. */
    height: integer({ nullable: true, check: sql`height > 0`, backfill: sql`split_part(resolution, 'x', 2)::integer` }),
    /** As people say it: 1920x1080. */
    resolution: text({ nullable: true, generated: sql`width::text || 'x' || height::text` }),
    /** Whether frames and sound have been taken apart. */
    processing_status: oneOf("processing_status", ["pending", "processing", "completed", "failed"], {
      default: "pending",
    }),
    /** How far the truth about its contents is known. */
    ground_truth_status: oneOf("ground_truth_status", ["none", "generating", "generated", "reviewed", "failed"], {
      default: "none",
    }),
    /** What went wrong, where processing failed. */
    error: text({ nullable: true }),
    ...timestamps,
  },
  indexes: [
    { on: ["project_id", { column: "created_at", order: "desc" }] },
    { on: ["processing_status"] },
    { on: ["ground_truth_status"] },
    { on: ["created_at"] },
  ],
  triggers: audited,
});

/** A video lent to a project, and why it fits. */
export const video_project_links = table("video_project_links", {
  columns: {
    ...key,
    video_id: references(() => videos, { onDelete: "cascade" }),
    project_id: references(() => projects, { onDelete: "cascade" }),
    assignment_reason: text({ nullable: true }),
    /** How well the matcher thinks that it fits; null where a person chose. */
    confidence: double({ nullable: true, check: share("confidence") }),
    is_automatic: boolean({ default: false }),
    ...timestamps,
  },
  unique: [["video_id", "project_id"]],
  checks: { video_project_links_automatic_has_confidence: sql`not is_automatic or confidence is not null` },
  triggers: touched,
});
