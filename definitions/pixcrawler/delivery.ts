import { jsonb, references, sql, table, text } from "verso";
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

/** Goes through the images of a crawl and sorts out what breaks the rules. */
export const validation_jobs = table("validation_jobs", {
  columns: {
    ...key,
    crawl_job_id: references(() => crawl_jobs, { onDelete: "cascade", orphans: "set aside" }),
    status: oneOf("status", JOB_STATUS, { default: "pending" }),
    ...progress,
    rules: jsonb<Rules>({ default: {}, backfill: sql`'{}'` }),
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
    ...timestamps,
  },
  indexes: [{ on: ["status"] }],
  triggers: touched,
});
