import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cacheFolders, readCached, writeCached } from "../../compiler/session/cache.ts";
import { parseImage } from "../../compiler/session/image.ts";

const [usual = ""] = cacheFolders();

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "verso-test-"));
  vi.stubEnv("XDG_CACHE_HOME", folder);
  vi.stubEnv("TMPDIR", path.join(folder, "tmp"));
  await mkdir(path.join(folder, "tmp"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe("the cache", () => {
  test("gives back what was written, and leaves no drafts", async () => {
    await writeCached("a.tar", new Uint8Array([1, 2, 3]));
    expect(await readCached("a.tar")).toEqual(new Uint8Array([1, 2, 3]));
    expect(await readdir(path.join(folder, "verso"))).toEqual(["a.tar"]);
  });

  test("falls back to the temporary folder where the user has no place to write", async () => {
    await writeFile(path.join(folder, "file"), "");
    vi.stubEnv("XDG_CACHE_HOME", path.join(folder, "file"));
    await writeCached("a.tar", new Uint8Array([4]));
    expect(await readCached("a.tar")).toEqual(new Uint8Array([4]));
    expect(await readdir(path.join(folder, "tmp"))).toHaveLength(1);
  });

  test("does without when nothing can be written", async () => {
    await writeFile(path.join(folder, "file"), "");
    vi.stubEnv("XDG_CACHE_HOME", path.join(folder, "file"));
    vi.stubEnv("TMPDIR", path.join(folder, "file"));
    await writeCached("a.tar", new Uint8Array([4]));
    expect(await readCached("a.tar")).toBeNull();
  });
});

describe("the cached data directory", () => {
  // What this machine has already need not be made again.
  beforeEach(() => cp(usual, path.join(folder, "verso"), { recursive: true }).catch(() => undefined));

  // A new copy of the modules, which remember the image.
  const open = async (): Promise<void> => {
    vi.resetModules();
    const { openEmbeddedSession } = await import("../../compiler/session/embedded.ts");
    const session = await openEmbeddedSession();
    expect(await session.query("select 1 as one")).toEqual([{ one: 1 }]);
    await session.close();
  };

  test("is made anew when PostgreSQL cannot start from it", async () => {
    await open();
    const name = (await readdir(path.join(folder, "verso"))).find((one) => one.startsWith("pglite-")) ?? "";
    const file = path.join(folder, "verso", name);
    const whole = await readFile(file);
    expect(parseImage(whole)?.entries.length).toBeGreaterThan(900);
    expect(parseImage(whole.subarray(0, whole.length / 2))).toBeNull();

    const at = whole.indexOf("/global/pg_control") + 512;
    await writeFile(file, Buffer.concat([whole.subarray(0, at), Buffer.alloc(8192), whole.subarray(at + 8192)]));
    await open();
    expect((await readFile(file)).subarray(at, at + 100)).not.toEqual(Buffer.alloc(100));
  });
});
