import {
  array,
  bigint,
  boolean,
  integer,
  jsonb,
  references,
  smallint,
  sql,
  table,
  text,
  timestamptz,
  varchar,
} from "verso";
import { profiles } from "./people.ts";
import { JOB_STATUS, key, oneOf, timestamps, touched } from "./shared.ts";

/** A data set in the making: what is looked for, in how many crawls. */
export const projects = table("projects", {
  columns: {
    ...key,
    user_id: references(() => profiles, { onDelete: "cascade", orphans: "set aside", using: sql`user_id::uuid` }),
    name: varchar(200),
    description: text({ nullable: true }),
    status: oneOf("status", ["active", "archived"], { default: "active" }),
    ...timestamps,
  },
  checks: { projects_name_not_blank: sql`name <> ''` },
  triggers: touched,
});

/** One crawl for a project, cut into chunks that workers take. */
export const crawl_jobs = table("crawl_jobs", {
  renamedFrom: "jobs",
  columns: {
    ...key,
    // The composite index would do for look-ups by project; this one is a third of its size.
    project_id: references(() => projects, { onDelete: "cascade", orphans: "set aside", index: true }),
    name: varchar(200),
    /** What is searched for. */
    keywords: array(text(), { default: [], backfill: sql`'{}'` }),
    max_images: integer({ default: 1000, backfill: sql`1000`, check: sql`max_images > 0` }),
    status: oneOf("status", JOB_STATUS, { default: "pending" }),
    /** Pieces into which the crawl was cut. */
    total_chunks: integer({ default: 0, check: sql`total_chunks >= 0`, renamedFrom: "chunks" }),
    completed_chunks: integer({ default: 0, check: sql`completed_chunks >= 0`, renamedFrom: "chunks_done" }),
    failed_chunks: integer({ default: 0, check: sql`failed_chunks >= 0` }),
    /** Percent of the chunks that are done, well or badly. */
    progress: smallint({
      generated: sql`case when total_chunks = 0 then 0 else (completed_chunks + failed_chunks) * 100 / total_chunks end`,
    }),
    started_at: timestamptz({ nullable: true }),
    completed_at: timestamptz({ nullable: true }),
    /** What went wrong, for a failed job. */
    error: text({ nullable: true }),
    ...timestamps,
  },
  checks: {
    crawl_jobs_chunks_add_up: sql`completed_chunks + failed_chunks <= total_chunks`,
    crawl_jobs_end_after_start: sql`completed_at >= started_at`,
  },
  indexes: [{ on: ["status"] }, { on: ["project_id", "status"] }],
  triggers: touched,
});

/** An image that a crawl found and fetched. */
export const images = table("images", {
  columns: {
    id: bigint({ primaryKey: true, identity: "by default" }),
    crawl_job_id: references(() => crawl_jobs, { onDelete: "cascade", orphans: "set aside", renamedFrom: "job_id" }),
    /** Where it was found. */
    url: text(),
    /** Where it lies in the object store. */
    storage_path: text({ nullable: true }),
    filename: varchar(255, { nullable: true }),
    byte_size: bigint({ nullable: true, check: sql`byte_size >= 0`, renamedFrom: "size" }),
    /** Pixels. */
    width: integer({ nullable: true, check: sql`width > 0` }),
    /** Pixels. */
    height: integer({ nullable: true, check: sql`height > 0` }),
    /** jpeg, png, webp … */
    format: varchar(10, { nullable: true }),
    /** SHA-256 of the file, in hexadecimal: equal images are the same image. */
    content_hash: text({ nullable: true, check: sql`content_hash ~ '^[0-9a-f]{64}$'` }),
    is_duplicate: boolean({ default: false, backfill: sql`false` }),
    metadata: jsonb<Readonly<Record<string, unknown>>>({ default: {}, backfill: sql`'{}'` }),
    ...timestamps,
  },
  indexes: [{ on: ["content_hash"], where: sql`content_hash is not null` }],
  triggers: touched,
});
