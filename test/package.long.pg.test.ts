import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);

describe("the package, packed and installed in an empty project", () => {
  let project: string;
  const verso = (...args: string[]) => run("npx", ["verso", ...args], { cwd: project });

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), "verso-package-"));
    await run("npm", ["pack", "--pack-destination", project], { cwd: resolve(".") });
    const tarball = (await readdir(project)).find((file) => file.endsWith(".tgz")) ?? "";
    await writeFile(join(project, "package.json"), '{ "name": "elsewhere", "private": true }\n');
    await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", `./${tarball}`], { cwd: project });
  }, 300_000);

  afterAll(() => rm(project, { recursive: true, force: true }));

  test("sets a project up and compiles it", async () => {
    await verso("init", "--name", "shop");
    await verso("compile");
    const scripts = await readdir(join(project, "sql", "shop", "schema"));
    const tables = scripts.find((file) => file.endsWith("_tables.sql")) ?? "";
    expect(await readFile(join(project, "sql", "shop", "schema", tables), "utf8")).toContain(
      "CREATE TABLE public.users",
    );
  }, 120_000);

  test("compiles to the same bytes a second time", async () => {
    const { stderr } = await verso("compile", "--check");
    expect(stderr).toContain("fresh");
  }, 120_000);

  test("plans, applies and takes back a migration on an embedded database in a folder", async () => {
    await verso("plan", "initial");
    await verso("apply", "--target", "pglite:./database");
    const { stdout: applied } = await verso("status", "--target", "pglite:./database", "--json");
    expect(JSON.parse(applied).migrations).toMatchObject([{ name: "0001_initial", state: "applied" }]);
    await verso("rollback", "--target", "pglite:./database");
    const { stdout: back } = await verso("status", "--target", "pglite:./database", "--json");
    expect(JSON.parse(back).migrations).toMatchObject([{ name: "0001_initial", state: "pending" }]);
  }, 180_000);

  test("gives definitions their types without this repository's settings", async () => {
    const compilerOptions = { module: "nodenext", target: "es2023", strict: true, noEmit: true, types: [] };
    await writeFile(
      join(project, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: { ...compilerOptions, allowImportingTsExtensions: true, skipLibCheck: false },
        include: ["definitions", "generated"],
      }),
    );
    await run(resolve("node_modules/.bin/tsc"), ["-p", "."], { cwd: project });
  }, 120_000);
});
