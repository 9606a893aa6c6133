import { bigint, integer, jsonb, references, sql, table, text, timestamptz } from "verso";
import { crawl_jobs } from "./crawling.ts";
import { profiles } from "./people.ts";
import { JOB_STATUS, key, oneOf, progress, timestamps, touched } from "./shared.ts";

/** What an image must be to stay in the data set. */
export interface Rules {
  readonly min_width?: number;
  readonly min_height?: number;
  readonly formats?: readonly string[];
  readonly max_bytes?: number;
  readonly drop_duplicates?: boolean;
}

/** A check of one's own: the name of a plug-in and what it is told. */
export interface CustomValidator {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Goes through the images of a crawl and sorts out what breaks the rules. */
export const validation_jobs = table("validation_jobs", {
  columns: {
    ...key,
    crawl_job_id: references(() => crawl_jobs, { onDelete: "cascade", orphans: "set aside" }),
    status: oneOf("status", JOB_STATUS, { default: "pending" }),
    ...progress,
    rules: jsonb<Rules>({ default: {}, backfill: sql`'{}'` }),
    /** Run after the rules, in this order. */
    custom_validators: jsonb<CustomValidator[]>({
      default: [],
      check: sql`jsonb_typeof(custom_validators) = 'array'`,
    }),
    valid_images: integer({ default: 0, check: sql`valid_images >= 0` }),
    invalid_images: integer({ default: 0, check: sql`invalid_images >= 0` }),
    started_at: timestamptz({ nullable: true }),
    completed_at: timestamptz({ nullable: true }),
    ...timestamps,
  },
  indexes: [{ on: ["status"] }],
  triggers: touched,
});

/** Packs the images of a crawl for download. */
export const export_jobs = table("export_jobs", {
  columns: {
    ...key,
    crawl_job_id: references(() => crawl_jobs, { onDelete: "cascade", orphans: "set aside" }),
    /** Who asked for it. */
    user_id: references(() => profiles, { onDelete: "cascade", orphans: "set aside" }),
    format: oneOf("format", ["zip", "tar", "csv", "json"]),
    status: oneOf("status", JOB_STATUS, { default: "pending" }),
    ...progress,
    /** Set when the file is there. */
    download_url: text({ nullable: true }),
    byte_size: bigint({ nullable: true, check: sql`byte_size >= 0` }),
    /** When the file is deleted. */
    expires_at: timestamptz({
      default: sql`now() + interval '7 days'`,
      backfill: sql`created_at + interval '7 days'`,
    }),
    ...timestamps,
  },
  checks: { export_jobs_completed_can_be_fetched: sql`status <> 'completed' or download_url is not null` },
  indexes: [{ on: ["status"] }, { on: ["expires_at"] }],
  triggers: touched,
});
