import { spawnSync } from "node:child_process";
import { findBinaries, publishedBinaries } from "../compiler/shadow/binaries.ts";
import { SUPPORTED } from "./supported.ts";

/** What touches a server. The systems are for the versions that they name, and the embedded engine is always the same. */
const SUITES = [
  "test/kinds",
  "test/diff",
  "test/generative",
  "test/judges",
  "test/session",
  "test/shadow",
  "test/plan",
  "test/migrations/fingerprint.pg.test.ts",
];

/**
 * `npm run test:matrix [-- suites…]`: the server suite on every supported version, from registry binaries. Those that are
 * no development dependency are installed first, beside the others and without a trace in package.json and the lock file.
 */
async function run(named: readonly string[]): Promise<number> {
  const majors = process.env.VERSO_TEST_MAJORS ?? SUPPORTED.join(",");
  const missing: string[] = [];
  for (const major of majors.split(",").map(Number)) {
    const isThere = await findBinaries(major).then(
      () => true,
      () => false,
    );
    const published = publishedBinaries(major);
    if (!isThere && published !== undefined) missing.push(published);
  }
  // All at once: what npm did not save, its next run takes away.
  if (missing.length > 0) {
    process.stderr.write(`installing ${missing.join(", ")}\n`);
    const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    const installed = start("npm", ["install", ...flags, ...missing]);
    if (installed !== 0) return installed;
  }
  const suites = named.length > 0 ? named : SUITES;
  return start("npx", ["vitest", "run", "--config", "test/vitest.config.ts", "--root", ".", ...suites], {
    ...process.env,
    VERSO_TEST_MAJORS: majors,
  });
}

function start(command: string, args: readonly string[], env = process.env): number {
  const { status } = spawnSync(command, args, { stdio: "inherit", env, shell: process.platform === "win32" });
  return status ?? 1;
}

process.exitCode = await run(process.argv.slice(2));
