import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { cleanUpsOf } from "../../compiler/kinds/functions.ts";
import { maintain } from "../../compiler/maintain/maintain.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { newProject, type Project } from "../cli/project.ts";
import { ENGINES_OF_LONG_SUITES, freshDatabase, NEWEST, type TestDatabase } from "../servers.ts";
import { seededSystem } from "../systems/systemDatabase.ts";
import { runEach } from "./target.ts";

const longest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

describe("verso maintain in a project, on the embedded engine", () => {
  let project: Project;
  beforeAll(async () => {
    project = await newProject({ DATABASE_URL: "pglite:./db" });
    await project.write("definitions/shop/domain.ts", `import { domain } from "verso"; export default domain();`);
    await project.write(
      "definitions/shop/shop.ts",
      `import { fn, integer, procedure, sql, table, text } from "verso";
export const baskets = table("baskets", { columns: { id: integer({ primaryKey: true }), note: text() } });
export const forgetBaskets = fn("forget_baskets", {
  maintenance: true,
  arguments: { below: integer({ default: 100 }) },
  returns: "integer",
  body: sql\`
declare n int;
begin
  delete from \${baskets} where id < below;
  get diagnostics n = row_count;
  return n;
end\`,
});
export const breaks = procedure("breaks", { maintenance: true, body: sql\`begin raise 'not today'; end\` });`,
    );
    expect(await project.verso("plan", "initial")).toMatchObject({ code: 0 });
    expect(await project.verso("apply")).toMatchObject({ code: 0 });
  });
  afterAll(() => project?.close());

  test("calls what definitions mark, tells a table of what was gained, and ends with 1 where a task failed", async () => {
    const { code, out, err } = await project.verso("maintain");
    expect({ code, out: out.replace(/[0-9.]+ m?s$/m, "… ms") }).toEqual({
      code: 1,
      out: "task      object                 gained          took\nclean-up  public.forget_baskets  0 rows removed  … ms\n",
    });
    expect(err).toContain("failed: clean-up public.breaks: not today (SQLSTATE P0001)\n  CALL public.breaks()\n");
    expect(err).toMatch(/pglite:\.\/db: 1 done, 1 failed in .*\n$/);
  });

  test("prints what would run as SQL, and answers in JSON", async () => {
    const dry = await project.verso("maintain", "vacuum", "--all", "--only", "baskets", "--dry-run");
    expect(dry).toMatchObject({
      code: 0,
      out: "-- public.baskets: 0 dead rows\nVACUUM (ANALYZE, SKIP_LOCKED) public.baskets;\n",
    });
    const { code, out, err } = await project.verso("maintain", "reindex", "--all", "--only", "baskets", "--json");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      isDryRun: false,
      done: [
        { task: "reindex", object: "public.baskets_pkey", sql: ["REINDEX INDEX public.baskets_pkey"], outcome: "done" },
      ],
      gained: { bytes: 0, deadRows: 0, removedRows: 0 },
    });
  });

  test.each([
    [["vacum"], "there is no task vacum", "did you mean `verso maintain vacuum`?"],
    [["--only", "basket"], "there is no table or materialized view basket", "did you mean baskets?"],
    [["--budget", "soon"], '--budget takes a length of time, not "soon"', "write it like --budget 30m"],
    [["--min-size", "big"], '--min-size takes a size, not "big"', "write it like --min-size 100MB"],
  ])("says of %j what cannot be meant", async (args, what, next) => {
    const { code, err } = await project.verso("maintain", ...args);
    expect(code).toBe(1);
    expect(err).toContain(what);
    expect(err).toContain(next);
  });

  test("has an attic, which is purged on request; there is nothing in it", async () => {
    expect(await project.verso("purge")).toMatchObject({
      code: 0,
      out: "",
      err: "pglite:./db: there is nothing to purge\n",
    });
    expect(await project.verso("maintain", "attic")).toMatchObject({ code: 0, out: "" });
    expect(await project.verso("purge", "--older-than", "1")).toMatchObject({ code: 1 });
  });
});

describe("verso maintain on any database, outside of a project", () => {
  let database: TestDatabase;
  let project: Project;
  beforeEach(async () => {
    database = await freshDatabase(NEWEST);
    project = await newProject();
  });
  afterEach(async () => {
    await project.close();
    await database.close();
  });

  test("fits 80 columns, whatever the names, and makes no ledger", async () => {
    const session = await openServerSession(database.url);
    const long = "a_table_with_a_name_that_is_as_long_as_postgresql_allows_it";
    await runEach(session, `create table ${long} (id int primary key); insert into ${long} values (1)`);
    const { code, out } = await project.verso("maintain", "--all", "--target", database.url);
    expect(code).toBe(0);
    expect(out).toContain("…");
    expect(longest(out)).toBeLessThanOrEqual(80);
    expect(await session.query("select from pg_namespace where nspname = 'verso'")).toEqual([]);
    await session.close();
  });

  test("names rows of the attic with their size, and wants consent where nobody can be asked", async () => {
    const session = await openServerSession(database.url);
    await runEach(session, "create schema verso_attic; create table verso_attic.t_check as select 1 as a");
    const refused = await project.verso("purge", "--target", database.url);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("1 row of verso_attic.t_check (8 kB)");
    const listed = await project.verso("purge", "--target", database.url, "--dry-run");
    expect(listed).toMatchObject({ code: 0, out: expect.stringMatching(/^t_check +1 row +8 kB +nothing applied$/m) });
    expect(await project.verso("maintain", "attic", "--target", database.url)).toMatchObject({ code: 1, out: "" });
    const purged = await project.verso("purge", "--target", database.url, "--accept-data-loss", "--json");
    expect(JSON.parse(purged.out)).toMatchObject({
      isDryRun: false,
      tables: [{ name: "verso_attic.t_check", rows: 1 }],
    });
    await session.close();
  });
});

test.each(ENGINES_OF_LONG_SUITES)("the fitness system's sessions that ended are cleaned up, on %s", async (engine) => {
  const system = await seededSystem("fitness", engine);
  try {
    const { facts, hints } = await compileDomain("definitions/fitness");
    const cleanUps = cleanUpsOf(facts, hints);
    expect(cleanUps.map(({ call }) => call)).toEqual(["SELECT fitness.clean_up_sessions()"]);
    await system.session.run(`
      insert into fitness.user_sessions (user_id, session_token, created_at, expires_at, revoked_at, revoked_reason)
      select id, repeat('a', 64), now() - interval '61 days', now() - interval '60.5 days', now() - interval '60 days', 'expired'
      from fitness.users limit 1`);
    const { done } = await maintain(system.session, { tasks: ["clean-up"], cleanUps });
    expect(done).toMatchObject([{ object: "fitness.clean_up_sessions", outcome: "done", after: { removedRows: 1 } }]);
  } finally {
    await system.close();
  }
});
