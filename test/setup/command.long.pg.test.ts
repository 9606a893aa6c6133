import { spawn } from "node:child_process";
import { chmod, cp, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { withDatabase } from "../../compiler/session/databaseUrl.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { onTerminal } from "../cli/onTerminal.ts";
import { newProject, type Project } from "../cli/project.ts";
import { freshDatabase, NEWEST, server } from "../servers.ts";
import { SEEDED, type Shop, shopProject } from "./fixtures.ts";

// Processes, each with an engine of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

let shop: Shop;
let project: Project;
beforeEach(async () => {
  shop = await shopProject(SEEDED);
  project = await newProject();
  for (const file of ["definitions", "sql"]) await copy(file);
});
afterEach(async () => {
  await shop.close();
  await project.close();
});

const copy = async (name: string): Promise<void> => {
  await cp(join(shop.folder, name), join(project.folder, name), { recursive: true });
};
const text = (file: string): Promise<string> => readFile(join(project.folder, file), "utf8");
const steps = (out: string): Readonly<Record<string, string>> =>
  Object.fromEntries(JSON.parse(out).steps.map((one: { step: string; outcome: string }) => [one.step, one.outcome]));

test("verso setup without a terminal asks nothing: it wants a database named, or --quick-setup", async () => {
  const refused = await project.verso("setup");
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("error[no-target]")]);
  expect(Object.keys(await project.files()).some((file) => file.includes(".env"))).toBe(false);
});

test("verso setup --quick-setup makes a database in the folder, which every command then finds by .env", async () => {
  const first = await project.verso("setup", "--quick-setup", "--json");
  expect([first.code, steps(first.out)]).toEqual([
    0,
    expect.objectContaining({ database: "done", migrations: "done", seeds: "done", schema: "there" }),
  ]);
  expect(await text(".env")).toBe("DATABASE_URL=pglite:./.verso/shop\n");
  expect((await stat(join(project.folder, ".env"))).mode & 0o777).toBe(0o600);
  expect(await text(".gitignore")).toBe(".env\n/.verso/\n");
  const again = await project.verso("setup", "--quick-setup", "--json");
  expect([again.code, steps(again.out)]).toEqual([
    0,
    expect.objectContaining({ database: "there", migrations: "there", seeds: "there", schema: "there" }),
  ]);
  expect(await text(".env")).toBe("DATABASE_URL=pglite:./.verso/shop\n");
  expect((await project.verso("status")).out).toContain("0001_baseline  applied");
});

test("verso setup tells each step in eighty columns, and exits with 1 where one failed, with 2 where that was the question", async () => {
  const well = await project.verso("setup", "--target", "pglite:./db");
  expect(well.code).toBe(0);
  expect(well.out).toMatch(/^✓ database {10}done: pglite:\.\/db\n/);
  expect(well.out).toMatch(/✓ schema {12}is what 0001_baseline leads to\n$/);
  expect(Math.max(...well.out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect((await project.verso("setup", "--target", "postgres://me@127.0.0.1:1/db")).code).toBe(1);
  const asked = await project.verso("setup", "--target", "pglite:./nowhere", "--test-only");
  expect([asked.code, asked.err]).toEqual([2, expect.stringContaining("error[database-missing]")]);
  expect((await project.verso("setup", "--target", "pglite:./db", "--env", "dmo")).err).toContain(
    "error[environment-not-found]",
  );
});

test("verso setup that is interrupted ends what it has the server do, and says how to go on", async () => {
  const database = await freshDatabase(NEWEST);
  expect((await project.verso("setup", "--target", database.url)).code).toBe(0);
  // What sessions do is seen as at the first look of a transaction.
  const [holder, watcher] = [await openServerSession(database.url), await openServerSession(database.url)];
  await holder.run("begin; lock table users in access exclusive mode");
  const child = spawn(
    process.execPath,
    [resolve("cli/verso.mjs"), "setup", "--target", database.url, "--env", "demo"],
    {
      cwd: project.folder,
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = new Promise((done) => child.on("close", done));
  const waiting = () =>
    watcher.query(`select from pg_stat_activity
      where application_name = 'verso setup' and datname = current_database() and wait_event_type = 'Lock'`);
  await expect.poll(waiting, { timeout: 60_000 }).toHaveLength(1);
  child.kill("SIGINT");
  expect([await ended, err]).toEqual([130, expect.stringContaining("run `verso setup` again")]);
  expect(await waiting()).toEqual([]);
  await holder.close();
  await watcher.close();
  await database.close();
});

describe("verso setup on a terminal", () => {
  const parts = async () => {
    const { hostname, port, password } = new URL(await server(NEWEST));
    return { hostname, port, password };
  };

  test("asks what the URL says, with the password unseen, tries it, keeps it in .env and sets up", async () => {
    const { hostname, port, password } = await parts();
    const name = `wizard_${process.pid}`;
    await project.write(".env", "# mine\nOTHER=1\n");
    await chmod(join(project.folder, ".env"), 0o644);
    const { code, screen } = await onTerminal(
      project.folder,
      ["setup"],
      [
        ["Where is the database", "\r"],
        ["Host", `${hostname}\r`],
        ["Port", `${port}\r`],
        ["Database", `${name}\r`],
        ["User", "postgres\r"],
        ["Password", `${password}\r`],
        ["Encryption", "\r"],
        ["Which rows", "\r"],
        ["Connections", "7\r"],
      ],
    );
    const url = withDatabase(await server(NEWEST), name);
    try {
      expect([code, screen]).toEqual([0, expect.stringContaining("it will be made")]);
      expect(screen).not.toContain(password);
      expect(screen).toContain("7 connections, by DATABASE_POOL_SIZE");
      expect(await text(".env")).toBe(`# mine\nOTHER=1\nDATABASE_URL=${url}\nDATABASE_POOL_SIZE=7\n`);
      expect((await stat(join(project.folder, ".env"))).mode & 0o777).toBe(0o600);
      const session = await openServerSession(url);
      expect(await session.query("select name from users").finally(() => session.close())).toEqual([{ name: "Ann" }]);
    } finally {
      const admin = await openServerSession(await server(NEWEST));
      await admin.run(`drop database if exists ${name}`).finally(() => admin.close());
    }
  });

  test("writes nothing over what .env says without being told to", async () => {
    await project.write(".env", "DATABASE_URL=pglite:./mine\nDATABASE_POOL_SIZE=3\n");
    const { code } = await onTerminal(
      project.folder,
      ["setup"],
      [
        ["Where is the database", "\r"],
        ["Which rows", "\r"],
        ["Connections", "9\r"],
        [".env says otherwise: replace DATABASE_POOL_SIZE", "\r"],
      ],
    );
    expect(code).toBe(0);
    expect(await text(".env")).toBe("DATABASE_URL=pglite:./mine\nDATABASE_POOL_SIZE=3\n");
  });

  test("broken off by Ctrl-C leaves nothing behind", async () => {
    const before = await project.files();
    const { code, screen } = await onTerminal(
      project.folder,
      ["setup"],
      [
        ["Where is the database", "\u001b[B\r"],
        ["Which rows", "\u0003"],
      ],
    );
    expect([code, screen]).toEqual([130, expect.stringContaining("error[cancelled]")]);
    expect(await project.files()).toEqual(before);
  });
});
