import { join } from "node:path";
import { type Insertable, Kysely, PostgresDialect, type Selectable, type Updateable } from "kysely";
import pg from "pg";
import { typeParsers } from "verso/client";
import { afterAll, beforeAll, expect, expectTypeOf, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { openSession } from "../../compiler/session/open.ts";
import type { Database as Fitness } from "../../generated/fitness/kysely.ts";
import type CrawlJobs from "../../generated/pixcrawler/crawl_jobs.ts";
import type { CrawlJobs_InsertParameters } from "../../generated/pixcrawler/crawl_jobs.ts";
import type { Database } from "../../generated/pixcrawler/kysely.ts";
import { freshDatabase, NEWEST, type TestDatabase } from "../servers.ts";

let database: TestDatabase;
let db: Kysely<Database>;
beforeAll(async () => {
  database = await freshDatabase(NEWEST);
  const session = await openSession(database.url);
  for (const { text } of (await compileDomain(join("definitions", "pixcrawler"))).scripts) await session.run(text);
  await session.close();
  const asking = new pg.Client(database.url);
  await asking.connect();
  const types = await typeParsers(asking);
  await asking.end();
  db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: database.url, types, max: 1 }) }),
  });
});
afterAll(async () => {
  await db?.destroy();
  await database?.close();
});

test("Kysely reads and writes the tables with the values that their types say", async () => {
  const { id: user_id } = await db
    .insertInto("profiles")
    .values({ email: "ann@example.org", settings: JSON.stringify({ notify: "failed" }) })
    .returning("id")
    .executeTakeFirstOrThrow();
  const project = await db
    .insertInto("projects")
    .values({ user_id, name: "Birds" })
    .returningAll()
    .executeTakeFirstOrThrow();
  const job = await db
    .insertInto("crawl_jobs")
    .values({ project_id: project.id, name: "Crows", keywords: ["crow"] })
    .returning(["id", "keywords", "created_at"])
    .executeTakeFirstOrThrow();
  expect(job).toMatchObject({ keywords: ["crow"], created_at: expect.stringMatching(/^\d{4}-/) });
  const image = await db
    .insertInto("images")
    .values({ crawl_job_id: job.id, url: "https://img.example/1", byte_size: 9007199254740993n })
    .returning(["id", "byte_size", "metadata"])
    .executeTakeFirstOrThrow();
  expect(image).toEqual({ id: 1n, byte_size: 9007199254740993n, metadata: {} });
  await db.updateTable("crawl_jobs").set({ status: "running" }).where("id", "=", job.id).execute();
});

test("what it selects, inserts and updates is what the table's own types say", () => {
  expectTypeOf<Selectable<Database["crawl_jobs"]>>().toEqualTypeOf<CrawlJobs>();
  expectTypeOf<Insertable<Database["crawl_jobs"]>["project_id"]>().toEqualTypeOf<
    CrawlJobs_InsertParameters["project_id"]
  >();
  expectTypeOf<Updateable<Database["crawl_jobs"]>["status"]>().toEqualTypeOf<CrawlJobs["status"] | undefined>();
  const refused = (fitness: Kysely<Fitness>, id: CrawlJobs["id"]) => [
    // @ts-expect-error computed by PostgreSQL
    fitness.updateTable("user_goals").set({ progress_percent: "1" }),
    // @ts-expect-error the id of another table
    db.selectFrom("crawl_jobs").where("project_id", "=", id),
    // @ts-expect-error email has no default
    db.insertInto("profiles").values({ full_name: "Ann" }),
    // @ts-expect-error a view without that column
    fitness.selectFrom("goal_overview").select("description"),
  ];
  expect(refused).toBeTypeOf("function");
});
