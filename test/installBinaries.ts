import { spawnSync } from "node:child_process";
import { findBinaries, publishedBinaries } from "../compiler/shadow/binaries.ts";

/** Installs registry binaries of these versions where they are missing, beside the others; package.json and lock file stay. */
export async function installBinaries(majors: readonly number[]): Promise<void> {
  const missing: string[] = [];
  for (const major of majors) {
    const isThere = await findBinaries(major).then(
      () => true,
      () => false,
    );
    const published = publishedBinaries(major);
    if (!isThere && published !== undefined) missing.push(published);
  }
  if (missing.length === 0) return;
  process.stderr.write(`installing ${missing.join(", ")}\n`);
  // All at once: what npm did not save, its next run takes away.
  const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", ["install", ...flags, ...missing], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("npm install did not succeed");
}
