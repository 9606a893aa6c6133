import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newProject, type Project } from "./project.ts";

let project: Project;
beforeAll(async () => {
  project = await newProject();
});
afterAll(() => project.close());

describe("a command line that cannot be meant", () => {
  test("ends with exit code 1 and one message, with what to do, on standard error", async () => {
    const { code, out, err } = await project.verso("aply");
    const told = "error[usage]: there is no command aply\n  next did you mean `verso apply`?\n";
    expect({ code, out, err }).toEqual({ code: 1, out: "", err: told });
  });

  test("is told as JSON where JSON was asked for", async () => {
    const { code, out, err } = await project.verso("aply", "--json");
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out)).toEqual({
      error: { code: "usage", what: "there is no command aply", next: "did you mean `verso apply`?" },
    });
  });
});

test("bash completes a command line with the script that verso prints", async () => {
  const script = await project.verso("completion");
  await project.write("completion.sh", script.out);
  await project.write("bin/verso", `#!/bin/sh\nexec "${process.execPath}" "${resolve("cli/verso.mjs")}" "$@"\n`);
  const line = "COMP_WORDS=(verso rollb); COMP_CWORD=1; _verso_yargs_completions; echo $COMPREPLY";
  const { stdout } = await promisify(execFile)("bash", ["-c", `chmod +x bin/verso; . ./completion.sh; ${line}`], {
    cwd: project.folder,
    env: { ...process.env, PATH: `${project.folder}/bin:${process.env.PATH}`, SHELL: "/bin/bash" },
  });
  expect(stdout).toBe("rollback\n");
});

test("what nobody reads to its end, as in a pipe to head, is no error", async () => {
  const verso = `"${process.execPath}" "${resolve("cli/verso.mjs")}"`;
  const ended = await promisify(execFile)("bash", ["-c", `set -o pipefail; ${verso} --help | true`]);
  expect(ended.stderr).toBe("");
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
