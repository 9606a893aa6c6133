import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import type { Session } from "../../compiler/session/session.ts";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { takeInventory } from "./inventory.ts";
import { legacyDatabase } from "./legacyDatabase.ts";
import { countRows, holding, refusal, sizesOf } from "./refusal.ts";
import { type SystemDatabase, seedSystem } from "./systemDatabase.ts";

const DEMO = "50000000-0000-4000-8000-000000000001";

describe.each(ENGINES_OF_LONG_SUITES)("pixcrawler, on %s", (engine) => {
  let system: SystemDatabase;
  let session: Session;
  beforeAll(async () => {
    system = await legacyDatabase(engine);
    session = system.session;
    await apply(session, system.migrations);
    await seedSystem(session, "pixcrawler");
  });
  afterAll(() => system?.close());

  const count = (from: string) => countRows(session, from);

  test("has its seven tables, complete", async () => {
    const { tables, lacks } = await takeInventory(session);
    expect(tables).toEqual([
      "activity_logs",
      "crawl_jobs",
      "export_jobs",
      "images",
      "profiles",
      "projects",
      "validation_jobs",
    ]);
    expect(lacks).toEqual([]);
  });

  test("has the foreign keys and deletes that the system states", async () => {
    const found = await session.query<{ key: string }>(`
      select format('%s→%s %s', confrelid::regclass, conrelid::regclass,
        case confdeltype when 'c' then 'CASCADE' when 'n' then 'SET NULL' else confdeltype::text end) as key
      from pg_constraint where contype = 'f' order by 1`);
    expect(found.map(({ key }) => key)).toEqual([
      "crawl_jobs→export_jobs CASCADE",
      "crawl_jobs→images CASCADE",
      "crawl_jobs→validation_jobs CASCADE",
      "profiles→activity_logs SET NULL",
      "profiles→export_jobs CASCADE",
      "profiles→projects CASCADE",
      "projects→crawl_jobs CASCADE",
    ]);
  });

  test("has the indexes that the system lists", async () => {
    const rows = await session.query<{ index: string }>(`
      select format('%s(%s)%s', x.indrelid::regclass, string_agg(a.attname, ', ' order by k.n),
        case when x.indisunique then ' unique' else '' end) as index
      from pg_index x cross join lateral unnest(x.indkey) with ordinality as k(attnum, n)
      join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum
      where x.indrelid::regclass::text !~ '\\.' group by x.indexrelid, x.indrelid, x.indisunique`);
    expect(rows.map(({ index }) => index)).toEqual(
      expect.arrayContaining([
        "profiles(email) unique",
        "projects(user_id)",
        "crawl_jobs(status)",
        "crawl_jobs(project_id)",
        "images(crawl_job_id)",
        "activity_logs(user_id)",
        'activity_logs("timestamp")'.replaceAll('"', ""),
        "validation_jobs(status)",
        "export_jobs(status)",
        "export_jobs(user_id)",
        "crawl_jobs(project_id, status)",
      ]),
    );
  });

  test("keeps updated_at, whoever changes a row", async () => {
    await session.run(
      `update projects set updated_at = '2020-01-01', description = 'changed' where user_id = '${DEMO}'`,
    );
    expect(await count(`projects where user_id = '${DEMO}' and updated_at > now() - interval '1 hour'`)).toBe(1);
  });

  test("takes its seeds any number of times", async () => {
    const { tables } = await takeInventory(session);
    const before = await sizesOf(session, tables);
    await seedSystem(session, "pixcrawler");
    expect(await sizesOf(session, tables)).toEqual(before);
  });

  test("refuses a child without its parent, and says which key and which row", async () => {
    const missing = "00000000-0000-4000-8000-00000000dead";
    const error = await refusal(session, `insert into projects (user_id, name) values ('${missing}', 'Nobody''s')`);
    expect(error.fields).toMatchObject({
      code: "23503",
      schema: "public",
      table: "projects",
      constraint: "projects_user_id_fkey",
      detail: `Key (user_id)=(${missing}) is not present in table "profiles".`,
    });
    const children = {
      crawl_jobs_project_id_fkey: `insert into crawl_jobs (project_id, name) values ('${missing}', 'x')`,
      images_crawl_job_id_fkey: `insert into images (crawl_job_id, url) values ('${missing}', 'x')`,
      validation_jobs_crawl_job_id_fkey: `insert into validation_jobs (crawl_job_id) values ('${missing}')`,
      export_jobs_crawl_job_id_fkey: `insert into export_jobs (crawl_job_id, user_id, format) values ('${missing}', '${DEMO}', 'zip')`,
      activity_logs_user_id_fkey: `insert into activity_logs (user_id, action) values ('${missing}', 'x')`,
    };
    expect(await holding(session, children)).toEqual([]);
  });

  test("holds chunks, progress and words to their ranges, and an address to one profile", async () => {
    const job = (set: string) => `update crawl_jobs set ${set} where id = '50000000-0000-4000-8000-0000000000c1'`;
    const broken = {
      crawl_jobs_chunks_add_up: job("completed_chunks = 4"),
      crawl_jobs_failed_chunks_check: job("failed_chunks = -1"),
      crawl_jobs_status_check: job("status = 'lost'"),
      validation_jobs_progress_check: "update validation_jobs set progress = 101",
      validation_jobs_custom_validators_check: "update validation_jobs set custom_validators = '{}'",
      export_jobs_format_check: "update export_jobs set format = 'rar'",
      profiles_email_key: "update profiles set email = 'ben@example.com'",
      export_jobs_completed_can_be_fetched: "update export_jobs set download_url = null where status = 'completed'",
    };
    expect(await holding(session, broken)).toEqual([]);
    expect(await count("crawl_jobs where id = '50000000-0000-4000-8000-0000000000c1' and progress = 100")).toBe(1);
  });

  test("deletes with a profile all that is its own, leaves no orphan, and keeps its log without its name", async () => {
    const logs = await count(`activity_logs where user_id = '${DEMO}'`);
    const unnamed = await count("activity_logs where user_id is null");
    expect(logs).toBeGreaterThan(0);
    await session.run(`delete from profiles where id = '${DEMO}'`);
    expect(await count(`projects where user_id = '${DEMO}'`)).toBe(0);
    expect(await count("images where url like 'https://img.example/panda%'")).toBe(0);
    expect(await count("activity_logs where user_id is null")).toBe(unnamed + logs);
    const orphans = await session.query<{ query: string }>(`
      select format('%s c where c.%I is not null and not exists (select from %s p where p.id = c.%2$I)',
        conrelid::regclass, a.attname, confrelid::regclass) as query
      from pg_constraint join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[1] where contype = 'f'`);
    expect(orphans).toHaveLength(7);
    for (const { query } of orphans) expect(await count(query), query).toBe(0);
  });
});
