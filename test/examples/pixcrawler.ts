// Data sets in the making: somebody starts a project, workers take its crawls, and pages show how far they are.
import { type Database, isViolation } from "verso/client";
import type { z } from "zod";
import { activityLogs, crawlJobs, images, profiles, projects } from "../../generated/pixcrawler/client.ts";
import type { Images_InsertParameters, Profiles, Projects } from "../../generated/pixcrawler/index.ts";
import { projectSummary, takeNextJob } from "../../generated/pixcrawler/queries.ts";
import * as shapes from "../../generated/pixcrawler/validators.ts";

/** What a form sends; the columns' own rules, without those that the service fills in. */
const newCrawl = shapes.crawlJobs.row.pick({ name: true, keywords: true, max_images: true });

/** A project with its crawls, or nothing. @throws ZodError where the form is wrong */
export async function startProject(db: Database, owner: Profiles["id"], name: string, crawls: readonly unknown[]) {
  const wanted: readonly z.infer<typeof newCrawl>[] = crawls.map((crawl) => newCrawl.parse(crawl));
  return db.tx(async (tx) => {
    const project = await projects.insert(tx, { user_id: owner, name });
    await crawlJobs.insertMany(
      tx,
      wanted.map((crawl) => ({ ...crawl, project_id: project.id })),
    );
    await activityLogs.insert(tx, { user_id: owner, action: "project.created", resource_id: project.id });
    return project.id;
  });
}

/** True where the address was free. */
export async function signUp(db: Database, email: string): Promise<Profiles | null> {
  try {
    return await profiles.insert(db, { email });
  } catch (error) {
    if (isViolation(error, profiles) && error.violation.constraint === "profiles_email_key") return null;
    throw error;
  }
}

export type Found = Omit<Images_InsertParameters, "crawl_job_id">;

/** Does the job that has waited longest, chunk by chunk; false where none waits. */
export async function work(
  db: Database,
  crawl: (keyword: string, atMost: number) => Promise<readonly Found[]>,
): Promise<boolean> {
  const job = await takeNextJob(db, { totalChunks: 2 });
  if (job === null) return false;
  let [completed_chunks, failed_chunks] = [0, 0];
  for (const keyword of job.keywords.slice(0, 2)) {
    try {
      const found = await crawl(keyword, job.max_images);
      await images.insertMany(
        db,
        found.map((image) => ({ ...image, crawl_job_id: job.id })),
      );
      completed_chunks++;
    } catch {
      failed_chunks++;
    }
    await crawlJobs.updateById(db, job.id, { completed_chunks, failed_chunks });
  }
  await crawlJobs.updateById(db, job.id, { status: failed_chunks === 0 ? "completed" : "failed" });
  return true;
}

/** A project's page: the summary, and its crawls with their first images. */
export async function projectPage(db: Database, id: Projects["id"]) {
  const summary = await projectSummary(db, { projectId: id });
  const project = await projects.findById(db, id, { with: { crawlJobs: { with: { images: { limit: 3 } } } } });
  return summary === null || project === null ? null : { summary, project: shapes.projects.detail.parse(project) };
}
