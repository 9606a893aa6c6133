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
