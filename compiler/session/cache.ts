import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** Where Verso may keep what is dear to make, best first: $XDG_CACHE_HOME/verso, ~/.cache/verso, the temporary folder. */
export function cacheFolders(): readonly string[] {
  const { XDG_CACHE_HOME: xdg } = process.env;
  const home = xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(os.homedir(), ".cache");
  return [path.join(home, "verso"), path.join(os.tmpdir(), `verso-${os.userInfo().username}`)];
}

/** The cached bytes, or null when there are none. */
export async function readCached(key: string): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const folder of cacheFolders()) {
    try {
      return new Uint8Array((await readFile(path.join(folder, key))).buffer as ArrayBuffer);
    } catch {}
  }
  return null;
}

/** Written beside and renamed, so that no reader ever sees half of it. A cache that cannot be written is no error. */
export async function writeCached(key: string, bytes: Uint8Array): Promise<void> {
  for (const folder of cacheFolders()) {
    const draft = path.join(folder, `${key}.${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(draft, bytes);
      await rename(draft, path.join(folder, key));
      return;
    } catch {
      await rm(draft, { force: true }).catch(() => undefined);
    }
  }
}
