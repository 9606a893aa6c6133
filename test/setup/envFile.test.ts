import { execFileSync } from "node:child_process";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEnvFile } from "../../compiler/session/environment.ts";
import { writeEnvFile } from "../../compiler/setup/envFile.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "verso-env-"));
  file = join(folder, ".env");
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  "postgres://me:plain@host:5432/db?sslmode=require",
  'postgres://me:a$HOME`b"c\\d!(e)@host/db',
  "postgres://me:pass word#1@host/db",
  "postgres://me:it's@host/db",
])("%s is read back as it was written, by a shell too", async (url) => {
  await writeEnvFile(file, { DATABASE_URL: url });
  expect(readEnvFile(file)).toEqual({ DATABASE_URL: url });
  const script = `. ${file}; printf %s "$DATABASE_URL"`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(url);
});

test("a link to a file elsewhere stays one, and the file is written", async () => {
  const elsewhere = join(folder, "shared");
  await writeFile(elsewhere, "OTHER=1\n");
  await symlink(elsewhere, file);
  await writeEnvFile(file, { DATABASE_POOL_SIZE: "5" });
  expect((await lstat(file)).isSymbolicLink()).toBe(true);
  expect(await readFile(elsewhere, "utf8")).toBe("OTHER=1\nDATABASE_POOL_SIZE=5\n");
});

test("a value of several lines is replaced as a whole, and what stands in another one is no assignment", async () => {
  const key = 'KEY="-----BEGIN\nDATABASE_URL=within\nEND-----" # a key';
  await writeFile(file, `${key}\nexport DATABASE_URL='first\nsecond'\nOTHER=1\n`);
  const before = readEnvFile(file);
  await writeEnvFile(file, { DATABASE_URL: "pglite:./db" });
  expect(await readFile(file, "utf8")).toBe(`${key}\nDATABASE_URL=pglite:./db\nOTHER=1\n`);
  expect(readEnvFile(file)).toEqual({ ...before, DATABASE_URL: "pglite:./db" });
  await writeEnvFile(file, { KEY: "short" });
  expect(await readFile(file, "utf8")).toBe("KEY=short\nDATABASE_URL=pglite:./db\nOTHER=1\n");
});

test("where it cannot be put in its place no draft of it, with its password, stays behind", async () => {
  await mkdir(join(file, "venv"), { recursive: true });
  await expect(writeEnvFile(join(file, "venv"), { DATABASE_URL: "postgres://me:word@host/db" })).rejects.toThrow();
  expect(await readdir(file)).toEqual(["venv"]);
});
