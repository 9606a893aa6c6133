import { afterAll, beforeAll, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { legacyDatabase } from "./legacyDatabase.ts";
import type { SystemDatabase } from "./systemDatabase.ts";

const ROWS = 100_000;

let system: SystemDatabase;
const plans = { before: {} as Record<string, string>, after: {} as Record<string, string> };

/** A key made of a number, so that children find their parents. */
const key = (letter: string, n: string) => `('${letter}0000000-0000-4000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

const HOT = {
  "a user's projects": { legacy: "projects where user_id = $1::text", aligned: "projects where user_id = $1::uuid" },
  "jobs by status": {
    legacy: "jobs where status = 'running' and $1 <> ''",
    aligned: "crawl_jobs where status = 'running' and $1 <> ''",
  },
  "recent activity": {
    legacy: `activity_logs where $1 <> '' order by "timestamp" desc limit 50`,
    aligned: `activity_logs where $1 <> '' order by "timestamp" desc limit 50`,
  },
  "a job's images": {
    legacy: "images where job_id = $1::uuid",
    aligned: "images where crawl_job_id = $1::uuid",
  },
};
const GIVEN = { "a user's projects": key("a", "77"), "a job's images": key("c", "4711") } as Record<string, string>;

async function explainAll(state: "legacy" | "aligned"): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, query] of Object.entries(HOT)) {
    const sql = query[state].replace("$1", name in GIVEN ? `${GIVEN[name]}` : "'x'");
    const rows = await system.session.query<Record<string, string>>(
      `explain (analyze, costs off) select * from ${sql}`,
    );
    found[name] = rows.map((row) => row["QUERY PLAN"]).join("\n");
  }
  return found;
}

beforeAll(async () => {
  system = await legacyDatabase(18, { withRows: false });
  const { session } = system;
  await session.run(`
    insert into profiles (id, mail) select ${key("a", "n")}, 'user' || n || '@example.com' from generate_series(1, ${ROWS / 10}) n;
    insert into projects (id, user_id, name) select ${key("b", "n")}, ${key("a", `1 + n % ${ROWS / 10}`)}::text, 'Project ' || n
      from generate_series(1, ${ROWS}) n;
    insert into jobs (id, project_id, name, status) select ${key("c", "n")}, ${key("b", "n")}, 'Job ' || n,
      case when n % 200 = 0 then 'running' else 'completed' end from generate_series(1, ${ROWS}) n;
    insert into images (job_id, url) select ${key("c", `1 + n % ${ROWS}`)}, 'https://img.example/' || n
      from generate_series(1, ${2 * ROWS}) n;
    insert into activity_logs (user_id, action, "timestamp") select ${key("a", `1 + n % ${ROWS / 10}`)}, 'image.found',
      '2025-01-01'::timestamptz + (n * 7919 % ${ROWS}) * interval '1 minute' from generate_series(1, ${ROWS}) n;
    analyze`);
  plans.before = await explainAll("legacy");
  await apply(session, system.migrations);
  await session.run("analyze");
  plans.after = await explainAll("aligned");
}, 180_000);
afterAll(() => system?.close());

const INDEXES = {
  "a user's projects": "projects_user_id_idx",
  "jobs by status": "crawl_jobs_status_idx",
  "recent activity": "activity_logs_timestamp_idx",
  "a job's images": "images_crawl_job_id_idx",
};

test.each(Object.entries(INDEXES))(
  "%s: read from end to end before, found by an index after, on 100,000 rows and more",
  (query, index) => {
    expect(plans.before[query]).toMatch(/Seq Scan on/);
    expect(plans.after[query]).toContain(index);
    expect(plans.after[query]).not.toMatch(/Seq Scan on/);
  },
);
