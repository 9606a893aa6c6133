import {
  array,
  bigint,
  double,
  integer,
  jsonb,
  numeric,
  references,
  sql,
  table,
  text,
  timestamptz,
  tsvector,
  varchar,
} from "verso";
import { between, contents, elements, key, newestFirst, oneOf, similar, timestamps, touched } from "./shared.ts";
import { users } from "./users.ts";

/** What the camera wrote into the file. */
export interface PhotoMetadata {
  readonly camera?: string;
  readonly lens?: string;
  readonly iso?: number;
  readonly exposure?: string;
  readonly [more: string]: unknown;
}

/** A photo that somebody took or uploaded, whatever it shows. */
export const photos = table("photos", {
  columns: {
    ...key,
    /** Who owns it. */
    user_id: references(() => users, { onDelete: "cascade" }),
    /** Where the file lies in the object store. */
    url: text(),
    thumbnail_url: text({ nullable: true }),
    original_filename: varchar(255, { nullable: true }),
    mime_type: oneOf("mime_type", ["image/jpeg", "image/png", "image/webp", "image/heic"]),
    byte_size: bigint({ check: sql`byte_size > 0` }),
    /** Pixels. */
    width: integer({ nullable: true, check: sql`width > 0` }),
    /** Pixels. */
    height: integer({ nullable: true, check: sql`height > 0` }),
    caption: text({ nullable: true }),
    /** Camera, lens, exposure: what EXIF says. */
    metadata: jsonb<PhotoMetadata>({ default: {} }),
    tags: array(text(), { default: [] }),
    status: oneOf("status", ["uploaded", "processing", "identified", "failed", "archived"], { default: "uploaded" }),
    taken_at: timestamptz({ nullable: true }),
    /** WGS 84, degrees. */
    latitude: double({ nullable: true, check: between("latitude", -90, 90) }),
    /** WGS 84, degrees. */
    longitude: double({ nullable: true, check: between("longitude", -180, 180) }),
    /** Words of the caption and of the file's name, for full-text search. */
    search: tsvector({
      generated: sql`to_tsvector('simple', coalesce(caption, '') || ' ' || coalesce(original_filename, ''))`,
    }),
    ...timestamps,
  },
  checks: { photos_place_is_whole: sql`(latitude is null) = (longitude is null)` },
  indexes: [
    { on: ["user_id", newestFirst] },
    { on: ["status", newestFirst], where: sql`status in ('uploaded', 'processing', 'failed')` },
    { on: [{ column: "taken_at", order: "desc", nulls: "last" }] },
    { on: ["latitude", "longitude"], where: sql`latitude is not null` },
    { on: ["byte_size"] },
    elements("tags"),
    contents("metadata"),
    { on: ["search"], using: "gin" },
    similar("caption"),
    similar("original_filename"),
  ],
  triggers: touched,
});

/** The sixteen apps, each with a table of details. */
export const APPS = [
  "plant",
  "mushroom",
  "bird",
  "insect",
  "coin",
  "vinyl",
  "card",
  "banknote",
  "calo",
  "fruit",
  "lazyfit",
  "musclefit",
  "dog",
  "cat",
  "vehicle",
  "fish",
] as const;

/** What else it might be, with the model's confidence. */
export interface Alternative {
  readonly label: string;
  readonly confidence: number;
}

/** What one app takes a photo to show. A photo can have several, of several apps. */
export const photo_identifications = table("photo_identifications", {
  columns: {
    ...key,
    photo_id: references(() => photos, { onDelete: "cascade" }),
    /** Which app was asked; its details stand in the table of that name. */
    app: oneOf("app", APPS),
    label: varchar(200),
    /** From 0, a guess, to 1, certain. */
    confidence: numeric(4, 3, { check: between("confidence", 0, 1) }),
    /** Further labels with their confidence, best first. */
    alternatives: jsonb<Alternative[]>({ default: [], check: sql`jsonb_typeof(alternatives) = 'array'` }),
    status: oneOf("status", ["suggested", "confirmed", "rejected"], { default: "suggested" }),
    /** Who confirmed or rejected it. */
    reviewed_by: references(() => users, { onDelete: "set null", nullable: true }),
    reviewed_at: timestamptz({ nullable: true }),
    /** The vision model that was asked. */
    model_version: varchar(50),
    processing_ms: integer({ nullable: true, check: sql`processing_ms >= 0` }),
    notes: text({ nullable: true }),
    /** Words of label and notes, for full-text search. */
    search: tsvector({ generated: sql`to_tsvector('simple', label || ' ' || coalesce(notes, ''))` }),
    ...timestamps,
  },
  checks: {
    photo_identifications_label_not_blank: sql`label <> ''`,
    photo_identifications_review_is_whole: sql`status = 'suggested' or reviewed_at is not null`,
  },
  indexes: [
    { on: ["photo_id", { column: "confidence", order: "desc" }] },
    { on: ["app", newestFirst] },
    { on: ["app", "label"] },
    { on: ["confidence"] },
    { on: [newestFirst], where: sql`status = 'suggested'`, name: "photo_identifications_to_review_idx" },
    contents("alternatives"),
    { on: ["search"], using: "gin" },
    similar("label"),
  ],
  triggers: touched,
});
