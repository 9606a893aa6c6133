import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Diagnostic } from "../diagnostic.ts";

const held = new Set<string>();

/**
 * Takes a data folder for this process: two engines on one folder would destroy it.
 * @returns what gives it back
 * @throws Diagnostic `database-in-use`
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = `${folder}.lock`;
  if (held.has(file)) throw inUse(folder, process.pid);
  held.add(file);
  try {
    await mkdir(path.dirname(folder), { recursive: true });
    await claim(file, folder);
  } catch (error) {
    held.delete(file);
    throw error;
  }
  return async () => {
    await rm(file, { force: true });
    held.delete(file);
  };
}

async function claim(file: string, folder: string): Promise<void> {
  try {
    await writeFile(file, `${process.pid}\n`, { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const owner = Number.parseInt(await readFile(file, "utf8").catch(() => ""), 10);
    if (owner !== process.pid && isAlive(owner)) throw inUse(folder, owner);
    // Its owner is gone without giving it back.
    await rm(file, { force: true });
    await writeFile(file, `${process.pid}\n`, { flag: "wx" });
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function inUse(folder: string, owner: number): Diagnostic {
  return new Diagnostic({
    code: "database-in-use",
    what: `the embedded database in ${folder} is open already`,
    why: owner === process.pid ? "another session of this process has it" : `process ${owner} has it`,
    next: "wait until that has ended; only one process can use an embedded database",
  });
}
