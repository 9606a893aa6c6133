import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
// It brings the TypeScript before the one that this repository is compiled by.
import { type Diagnostic, Project, ts } from "ts-morph";
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

  test("documents it in a page with its style and its script", async () => {
    await verso("docs", "--html");
    const page = await readFile(join(project, "generated", "shop", "schema.html"), "utf8");
    expect(page).toMatch(/<style>[^<]*color-scheme: light dark[^<]*<\/style>/);
    expect(page).toMatch(/<script>\s*"use strict";[\s\S]*#search[\s\S]*<\/script>/);
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

  test("prepares a service's database and answers for it", async () => {
    const script = `import { openHealth, prepareDatabase } from "verso/service";
      const database = "pglite:./served";
      const { state, applied } = await prepareDatabase("shop", { database, mode: "development" });
      const health = openHealth("shop", { database, open: "all" });
      const answer = await health.fetch(new Request("http://localhost/verify"));
      console.log(JSON.stringify({ state, applied, ...(await answer.json()) }));
      await health.close();`;
    await writeFile(join(project, "service.mjs"), script);
    const { stdout } = await run(process.execPath, ["service.mjs"], { cwd: project });
    expect(JSON.parse(stdout)).toMatchObject({ state: "ready", applied: ["0001_initial"], isUpToDate: true });
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

  describe("beside the five systems, which it generated", () => {
    const tsconfig = () => join(project, "systems", "tsconfig.json");
    beforeAll(async () => {
      const folder = join(project, "systems");
      for (const part of ["definitions", "generated", "test/consumer"]) {
        await cp(resolve(part), join(folder, part), { recursive: true });
      }
      await run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...(await consumerPackages())], {
        cwd: project,
      });
      await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
      await writeFile(
        tsconfig(),
        JSON.stringify({
          compilerOptions: {
            module: "nodenext",
            target: "es2023",
            lib: ["es2023"],
            types: ["node"],
            noEmit: true,
            strict: true,
            exactOptionalPropertyTypes: true,
            noUncheckedIndexedAccess: true,
            noPropertyAccessFromIndexSignature: true,
            noImplicitOverride: true,
            noImplicitReturns: true,
            noUnusedLocals: true,
            noUnusedParameters: true,
            verbatimModuleSyntax: true,
            isolatedModules: true,
            allowImportingTsExtensions: true,
            skipLibCheck: false,
          },
        }),
      );
    }, 300_000);

    test("compiles under the newest TypeScript, declarations of packages too", async () => {
      const tsc = run(resolve("node_modules/.bin/tsc"), ["-p", tsconfig(), "--pretty", "false"], {
        maxBuffer: 2 ** 26,
      });
      const told = await tsc.catch((error: { stdout: string }) => error);
      expect(told.stdout.split("\n").slice(0, 20)).toEqual([""]);
    }, 300_000);

    test("compiles under the major version before", () => {
      const [newest, before] = [packageJson("typescript").version, ts.version].map((one) => Number.parseInt(one, 10));
      expect(before).toBe((newest ?? 0) - 1);
      const found = new Project({ tsConfigFilePath: tsconfig() }).getPreEmitDiagnostics();
      expect(
        found.map((one) => `${one.getSourceFile()?.getFilePath()}:${one.getLineNumber()} ${messageOf(one)}`),
      ).toEqual([]);
    }, 300_000);
  });
});

const require = createRequire(import.meta.url);
const packageJson = (name: string): { version: string } => require(`${name}/package.json`);
const messageOf = (one: Diagnostic): string => ts.flattenDiagnosticMessageText(one.compilerObject.messageText, "\n");

/** What generated clients can be used with, in the versions that this repository tests with. */
async function consumerPackages(): Promise<readonly string[]> {
  const { devDependencies } = JSON.parse(await readFile("package.json", "utf8"));
  return ["@databases/pg", "@types/node", "expect-type", "kysely", "zod"].map(
    (name) => `${name}@${devDependencies[name]}`,
  );
}
