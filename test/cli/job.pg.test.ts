import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openServerSession } from "../../compiler/session/server.ts";
import { freshDatabase, server, type TestDatabase } from "../servers.ts";
import { newProject, type Project, type Ran } from "./project.ts";

// Many processes, each with an engine of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

let project: Project;
let database: TestDatabase;
/** After the first plan, which takes the embedded shadow as people do: a server that is there already. */
let quickly: readonly ["--shadow", string];
beforeAll(async () => {
  database = await freshDatabase(18);
  quickly = ["--shadow", await server(18)];
  project = await newProject({ DATABASE_URL: database.url });
});
afterAll(async () => {
  await project.close();
  await database.close();
});

const NOTES = (columns: string) => `import { integer, sql, table, text } from "verso";

export const notes = table("notes", {
  columns: {
    id: integer({ primaryKey: true }),
${columns}
  },
});
`;

async function sql(text: string): Promise<readonly object[]> {
  const session = await openServerSession(database.url);
  return session.query(text).finally(() => session.close());
}

/** The message of a command that failed, after a look at that it changed no file. */
async function refused(...args: string[]): Promise<string> {
  const before = await project.files();
  const { code, out, err } = await project.verso(...args);
  expect([code, out]).toEqual([1, ""]);
  expect(await project.files()).toEqual(before);
  return err;
}

const done = ({ code, err }: Ran) => expect([code, err]).toEqual([0, expect.any(String)]);

// The tests go on from one another: one project and one database on their way.

test("init sets a project up without asking where there is no terminal, and keeps what is there", async () => {
  const { code, out } = await project.verso("init", "--name", "shop");
  expect([code, out.split("\n")[0]]).toEqual([0, "definitions/shop/domain.ts"]);
  await project.write("definitions/shop/users.ts", NOTES("    text: text(),"));
  expect(await project.verso("init", "--name", "shop")).toMatchObject({
    code: 0,
    out: "",
    err: expect.stringContaining("here already"),
  });
  expect(await refused("init", "--name", "Sh op")).toContain("error[domain-name]");
});

test("compile writes scripts, the same each time; --check exits with 2 when they are stale", async () => {
  expect((await project.verso("compile", "--check")).code).toBe(2);
  done(await project.verso("compile"));
  const written = await project.files();
  expect(await project.verso("compile", "--check")).toMatchObject({ code: 0, out: "" });
  expect(await project.verso("compile")).toMatchObject({ code: 0, out: "" });
  expect(await project.files()).toEqual(written);
  expect(await refused("compile", "shopp")).toContain("definitions/ holds shop");
});

test("a typo in a definition is reported at file, line and column, and nothing is written", async () => {
  const good = await project.read("definitions/shop/users.ts");
  for (const [columns, code, at, why] of [
    ["    text: text({ nulable: true }),", "unknown-option", "6:5", "did you mean nullable?"],
    [
      "    text: text({ check: sql`txt <> ''` }),",
      "definition-refused",
      "6:",
      'column "txt" does not exist (SQLSTATE 42703)',
    ],
    ["    text: text({ default: sql`lowr('')` }),", "definition-refused", "6:", "SQLSTATE 42883"],
  ] as const) {
    await project.write("definitions/shop/users.ts", NOTES(columns));
    const message = await refused("plan", "initial", ...quickly);
    expect(message).toContain(`error[${code}]`);
    expect(message).toContain(`at   definitions/shop/users.ts:${at}`);
    expect(message).toContain(why);
  }
  await project.write("definitions/shop/users.ts", good);
});

test("plan, apply, status, history and check lead through a migration", async () => {
  done(await project.verso("plan", "initial"));
  const planned = await project.files();
  const dry = await project.verso("apply", "--dry-run");
  expect(dry).toMatchObject({ code: 0, out: expect.stringContaining("CREATE TABLE public.notes") });
  expect(await sql("select 1 from pg_namespace where nspname = 'verso'")).toEqual([]);
  done(await project.verso("apply"));
  expect((await project.verso("apply")).err).toContain("nothing to apply");
  expect(JSON.parse((await project.verso("status", "--json")).out)).toMatchObject({
    migrations: [{ name: "0001_initial", state: "applied", problem: null }],
  });
  expect(JSON.parse((await project.verso("history", "--json")).out)).toMatchObject([
    { event: "applied", migration: "0001_initial" },
  ]);
  expect(JSON.parse((await project.verso("check", "--json")).out)).toMatchObject({
    applied: ["0001_initial"],
    drift: [],
  });
  expect((await project.verso("plan", "again")).err).toContain("nothing to plan");
  expect(await project.files()).toEqual(planned);
});

test("diff finds no difference between the target, its definitions, its scripts and its snapshot", async () => {
  done(await project.verso("snapshot", database.url, "--out", "now.json"));
  for (const to of ["definitions/shop", "sql/shop/schema", "now.json"]) {
    expect([to, await project.verso("diff", "--from", database.url, "--to", to, "--exit-code", ...quickly)]).toEqual([
      to,
      { code: 0, out: "", err: "no difference\n" },
    ]);
  }
  const { code, out } = await project.verso(
    "diff",
    "--from",
    "now.json",
    "--to",
    "empty",
    "--exit-code",
    "--json",
    ...quickly,
  );
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ deltas: expect.arrayContaining(["- table public.notes"]) });
});

test("a new NOT NULL column on a table with rows wants a backfill", async () => {
  await sql("insert into notes values (1, 'first'), (2, 'second')");
  await project.write("definitions/shop/users.ts", NOTES("    text: text(),\n    kind: text(),"));
  const message = await refused("plan", "kinds", ...quickly);
  expect(message).toContain("at   definitions/shop/users.ts:7:");
  expect(message).toContain("add `backfill: sql`…`` to the column, or a default");
});

test("values go nowhere without consent, which a plan names with the rows of the target", async () => {
  await project.write("definitions/shop/users.ts", NOTES("    kind: text({ nullable: true }),"));
  const message = await refused("plan", "kinds", "--target", database.url, ...quickly);
  expect(message).toContain("error[data-loss]: the plan would destroy data");
  expect(message).toContain("column public.notes.text and its values (2 rows)");
  expect(message).toContain("--accept-data-loss");
  await project.write("definitions/shop/users.ts", NOTES("    body: text(),"));
  expect(await refused("plan", "kinds", ...quickly)).toMatch(
    /add `renamedFrom: "text"` at definitions\/shop\/users.ts:6:5/,
  );
});

test("renaming and backfilling keeps every value, forward and back", async () => {
  await project.write(
    "definitions/shop/users.ts",
    NOTES("    body: text({ renamedFrom: \"text\" }),\n    kind: text({ backfill: sql`'kind of ' || body` }),"),
  );
  const planned = await project.verso("plan", "kinds", "--target", database.url, ...quickly);
  done(planned);
  expect(planned.out.split("\n")).toContain("~ column public.notes.text, renamed to public.notes.body");
  expect(await project.read("sql/shop/migrations/0002_kinds/review.md")).toContain(
    "**~** `column public.notes.text`: renamed to `public.notes.body`",
  );
  done(await project.verso("apply"));
  expect(await sql("select * from notes order by id")).toEqual([
    { id: 1, body: "first", kind: "kind of first" },
    { id: 2, body: "second", kind: "kind of second" },
  ]);
  const refusal = await refused("rollback");
  expect(refusal).toContain("column public.notes.kind and its values (2 rows)");
  done(await project.verso("rollback", "--accept-data-loss"));
  expect(await sql("select * from notes order by id")).toEqual([
    { id: 1, text: "first" },
    { id: 2, text: "second" },
  ]);
  expect(await refused("plan", "more", "--target", database.url)).toContain("error[target-behind]");
});

test("a migration edited after its proof is refused until it is proved again", async () => {
  const file = "sql/shop/migrations/0002_kinds/forward.sql";
  const script = await project.read(file);
  await project.write(file, script.replace("COMMIT;", "COMMENT ON TABLE public.notes IS 'edited';\n\nCOMMIT;"));
  const message = await refused("apply");
  expect(message).toContain(`at   ${file}`);
  expect(message).toContain("verso prove 0002_kinds");
  expect(await refused("prove", "0002_kinds", ...quickly)).toContain("error[proof-failed]");
  await project.write(file, script);
});

test("a drifted target is refused with what differs, and check exits with 2", async () => {
  await sql("alter table notes add column stray int");
  const check = await project.verso("check");
  expect(check).toMatchObject({ code: 2, out: "+ column public.notes.stray\n" });
  for (const args of [["apply"], ["rollback", "--accept-data-loss"]]) {
    const message = await refused(...args);
    expect(message).toContain("error[target-drifted]");
    expect(message).toContain("+ column public.notes.stray");
  }
  await sql("alter table notes drop column stray");
});

test("of two applies at the same time one applies and the other is told, or finds nothing left to do", async () => {
  const runs = await Promise.all([project.verso("apply"), project.verso("apply")]);
  const applied = runs.filter(({ err }) => err.includes("1 migration was applied"));
  expect(applied.map(({ code }) => code)).toEqual([0]);
  const other = runs.find((run) => !applied.includes(run));
  expect(other?.err).toMatch(/nothing to apply|error\[.*lock/);
  expect(JSON.parse((await project.verso("status", "--json")).out)).toMatchObject({
    migrations: [{ state: "applied" }, { state: "applied", problem: null }],
    lockedBy: null,
  });
});

test("a password is in no output, whatever goes wrong", async () => {
  const url = new URL(database.url);
  url.password = "s3cret-word";
  url.pathname = "/no_such_database";
  const unreachable = new URL(url);
  unreachable.port = "1";
  for (const target of [url, unreachable].map(String)) {
    for (const more of [[], ["--json"]]) {
      for (const args of [
        ["status", "--target", target],
        ["diff", "--from", target, "--to", "empty"],
      ]) {
        const { code, out, err } = await project.verso(...args, ...more);
        expect(code).toBe(1);
        expect(out + err).not.toContain("s3cret-word");
        expect(out + err).toMatch(/database-missing|login-refused|server-unreachable/);
      }
    }
  }
});
