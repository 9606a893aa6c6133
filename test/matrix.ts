import { spawnSync } from "node:child_process";
import { installBinaries } from "./installBinaries.ts";
import { SUPPORTED } from "./supported.ts";

/** What touches a server. The systems are for the versions that they name, and the embedded engine is always the same. */
const SUITES = [
  "test/kinds",
  "test/diff",
  "test/generative",
  "test/judges",
  "test/observe",
  "test/plan",
  "test/session",
  "test/shadow",
  "test/migrations/fingerprint.pg.test.ts",
];

/** `npm run test:matrix [-- suites…]`: the server suite on every supported version, from registry binaries. */
async function run(named: readonly string[]): Promise<number> {
  const majors = process.env.VERSO_TEST_MAJORS ?? SUPPORTED.join(",");
  await installBinaries(majors.split(",").map(Number));
  const suites = named.length > 0 ? named : SUITES;
  const { status } = spawnSync(
    "npx",
    ["vitest", "run", "--config", "test/vitest.config.ts", "--root", ".", ...suites],
    {
      stdio: "inherit",
      env: { ...process.env, VERSO_TEST_MAJORS: majors },
      shell: process.platform === "win32",
    },
  );
  return status ?? 1;
}

process.exitCode = await run(process.argv.slice(2));
