import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "@databases/pg";
import { openPool } from "verso/client";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { loadEnvFiles, poolInUse } from "../../compiler/session/environment.ts";
import { poolSettings } from "../../generated/pupmatch/client.ts";
import { freshDatabase, NEWEST, type TestDatabase } from "../servers.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase(NEWEST);
});
afterAll(() => database.close());
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** How many of eight tasks have a connection at once, where so many are expected to. */
async function busyAtOnce(expected: number, options: Parameters<typeof openPool>[1], poolSize?: number) {
  const pool = await openPool(
    { connectionString: database.url, ...(poolSize === undefined ? {} : { poolSize }) },
    options,
  );
  let busy = 0;
  let most = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    // Time for one more to come in, which should not.
    release = () => setTimeout(resolve, 200);
  });
  const task = async (): Promise<void> => {
    busy++;
    most = Math.max(most, busy);
    if (busy === expected) release();
    await released;
    busy--;
  };
  await Promise.all(Array.from({ length: 8 }, () => pool.task(task)));
  await pool.dispose();
  return most;
}

describe("how many connections a pool has", () => {
  test("the environment says, size and overflow together, whatever the domain declares", async () => {
    vi.stubEnv("DATABASE_POOL_SIZE", "2");
    vi.stubEnv("DATABASE_MAX_OVERFLOW", "1");
    expect(await busyAtOnce(3, { pool: poolSettings })).toBe(3);
  });

  test("without it the domain does, as its generated client says; and a size said in the code is the last word", async () => {
    expect(poolSettings).toEqual({ size: 20, overflow: 10 });
    expect(poolInUse(poolSettings, {})).toMatchObject({ most: 30, saidBy: { size: "by domain.ts" } });
    expect(poolInUse({}, { DATABASE_POOL_SIZE: "" })).toMatchObject({ most: 10 });
    expect(await busyAtOnce(2, { pool: { size: 1, overflow: 1 } })).toBe(2);
    expect(await busyAtOnce(1, { pool: poolSettings }, 1)).toBe(1);
  });

  test.each([
    ["DATABASE_POOL_SIZE", "many"],
    ["DATABASE_POOL_SIZE", "0"],
    ["DATABASE_MAX_OVERFLOW", "-1"],
    ["DATABASE_ECHO", "maybe"],
  ])("%s=%s is refused, by its name", async (variable, value) => {
    vi.stubEnv(variable, value);
    await expect(openPool(database.url)).rejects.toMatchObject({
      code: "environment-invalid",
      what: expect.stringContaining(variable),
    });
  });
});

test("DATABASE_ECHO=true writes each statement with its duration, and never its values", async () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  vi.stubEnv("DATABASE_ECHO", "true");
  const pool = await openPool(database.url);
  await pool.query(sql`select ${"a secret"}::text as secret`);
  await pool.query(sql`select 1 / ${0}::int`).catch(() => undefined);
  await pool.dispose();
  const told = lines.filter((line) => /secret|1 \//.test(line));
  expect(told).toEqual([
    expect.stringMatching(/^select \$1::text as secret -- [\d.]+ ms, 1 row\n$/),
    expect.stringMatching(/^select 1 \/ \$1::int -- [\d.]+ ms, failed\n$/),
  ]);
  expect(lines.join("")).not.toContain("a secret");
});

describe(".env files", () => {
  test("are read, the local one first, and never overrule what the environment says", async () => {
    const folder = await mkdtemp(join(tmpdir(), "verso-env-"));
    await writeFile(join(folder, ".env"), `\uFEFFA=from .env\nexport B="two words" # why\nC=x\nD=\n`);
    await writeFile(join(folder, ".env.local"), "A=from .env.local\n");
    const environment = { C: "real", E: "kept" };
    expect(loadEnvFiles(folder, environment)).toEqual(["A", "B", "D"]);
    expect(environment).toEqual({ A: "from .env.local", B: "two words", C: "real", D: "", E: "kept" });
    await rm(folder, { recursive: true });
  });

  test("may be missing, and a folder of that name is somebody else's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "verso-env-"));
    expect(loadEnvFiles(folder, {})).toEqual([]);
    await mkdir(join(folder, ".env"));
    expect(loadEnvFiles(folder, {})).toEqual([]);
    await rm(folder, { recursive: true });
  });
});
