import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newProject, type Project } from "./project.ts";

let project: Project;
beforeAll(async () => {
  project = await newProject();
});
afterAll(() => project.close());

describe("a command line that cannot be meant", () => {
  // Each leads to one message with what to do, on standard error, and to exit code 1.
  const CASES: readonly (readonly [args: string, what: string, next: string])[] = [
    ["", "no command was given", "`verso --help` lists the commands"],
    ["aply", "there is no command aply", "did you mean `verso apply`?"],
    ["frobnicate", "there is no command frobnicate", "`verso --help` lists the commands"],
    ["apply --dry", "`verso apply`: Unknown argument: dry", "`verso apply --help` lists what it takes"],
    ["apply 0001", "`verso apply`: Unknown command: 0001", "`verso apply --help` lists what it takes"],
    ["plan", "`verso plan` wants <name>", "`verso plan --help` lists what it takes"],
    ["diff --from empty", "`verso diff`: Missing required argument: to", "`verso diff --help` lists what it takes"],
    ["apply --target=", "`verso apply`: target is empty", "`verso apply --help` lists what it takes"],
    [
      "apply --lock-timeout soon",
      "--lock-timeout takes a number of milliseconds",
      "leave it out for 3000, or write --lock-timeout 10000",
    ],
    ["apply --steps", "`verso apply`: steps is empty", "`verso apply --help` lists what it takes"],
    ["--domain shop apply --dry", "`verso apply`: Unknown argument: dry", "`verso apply --help` lists what it takes"],
    ["apply --steps 0", "--steps takes a whole number from 1 on", "leave it out for all, or write --steps 1"],
  ];
  test.each(CASES)("verso %s", async (args, what, next) => {
    const { code, out, err } = await project.verso(...args.split(" ").filter((arg) => arg !== ""));
    expect({ code, out, err }).toEqual({ code: 1, out: "", err: `error[usage]: ${what}\n  next ${next}\n` });
  });

  test("is told as JSON where JSON was asked for", async () => {
    const { code, out, err } = await project.verso("aply", "--json");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out)).toEqual({
      error: { code: "usage", what: "there is no command aply", next: "did you mean `verso apply`?" },
    });
  });
});

describe("a state that is none", () => {
  test.each([
    ["before.sql", "state-not-found"],
    ["nowhere", "state-not-found"],
    ["broken.json", "snapshot-unreadable"],
    ["mysql://root@localhost/db", "url-scheme-unknown"],
    [".", "state-not-found"],
    ["pglite:./typo", "database-missing"],
  ])("%s is refused", async (state, code) => {
    const ran = await project.verso("diff", "--from", state, "--to", "empty");
    expect(ran).toMatchObject({ code: 1, out: "" });
    expect(ran.err).toContain(`error[${code}]`);
  });

  test("a script that PostgreSQL refuses is reported at file, line and column", async () => {
    await project.write("after.sql", "create table a (id int);\n\ncreate table b (\n  id integr);\n");
    const { code, err } = await project.verso("diff", "--from", "empty", "--to", "after.sql");
    expect(code).toBe(1);
    expect(err).toMatch(/at {3}after\.sql:4:6\n {2}why {2}type "integr" does not exist \(SQLSTATE 42704\)/);
  });
});

test("asking an embedded database that is not there does not make it", async () => {
  await project.verso("init", "--name", "shop");
  const before = await project.files();
  for (const args of [["status"], ["history"], ["check"], ["rollback"]]) {
    const { code, err } = await project.verso(...args, "--target", "pglite:./typo");
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("error[database-missing]: there is no embedded database in ./typo"),
    ]);
  }
  expect(await project.files()).toEqual(before);
});

test("results asked for as JSON are JSON, also where a file takes them", async () => {
  const { code, out } = await project.verso("snapshot", "empty", "--out", "states/empty.json", "--json");
  expect([code, JSON.parse(out)]).toEqual([0, { state: "empty", written: "states/empty.json" }]);
});

test("a mistake in one domain leaves the emitted files of all as they were", async () => {
  const own = await newProject();
  try {
    await own.verso("init", "--name", "a");
    await own.verso("init", "--name", "b");
    await own.write(
      "definitions/b/more.ts",
      'import { table } from "verso";\nexport const t = table("t", { colums: {} });\n',
    );
    const before = await own.files();
    expect(await own.verso("compile")).toMatchObject({ code: 1, err: expect.stringContaining("more.ts:2:14") });
    expect(await own.files()).toEqual(before);
    expect((await own.verso("compile", "aa")).err).toContain("there is no domain aa");
  } finally {
    await own.close();
  }
});

test("several domains named are compiled, and no others", async () => {
  const own = await newProject();
  try {
    for (const name of ["a", "b", "c"]) await own.verso("init", "--name", name);
    const { code, out } = await own.verso("compile", "a", "c", "--json");
    const compiled = JSON.parse(out) as readonly { readonly domain: string }[];
    expect([code, compiled.map(({ domain }) => domain)]).toEqual([0, ["a", "c"]]);
  } finally {
    await own.close();
  }
});

test("of an option given twice the last counts", async () => {
  await project.write("a.sql", "create table a ();");
  const args = ["--from", "nowhere", "--from", "a.sql", "--to", "a.sql", "--exit-code"];
  expect(await project.verso("diff", ...args)).toEqual({ code: 0, out: "", err: "no difference\n" });
});

test("outside of a project, a command says so", async () => {
  const elsewhere = await newProject();
  try {
    for (const args of [["compile"], ["plan", "x"], ["apply"], ["status"], ["check"]]) {
      const { code, err } = await elsewhere.verso(...args);
      expect([code, err]).toEqual([
        1,
        expect.stringContaining("error[no-project]: there is no folder definitions/ here"),
      ]);
    }
    expect(await elsewhere.files()).toEqual({});
  } finally {
    await elsewhere.close();
  }
});
