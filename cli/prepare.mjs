// What `npm start` and `npm test` do first: install what the lock file names, when it is missing or stale.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, root), "utf8"));

function isInstalled() {
  if (!existsSync(new URL("node_modules/.package-lock.json", root))) return false;
  const wanted = read("package-lock.json").packages;
  const installed = read("node_modules/.package-lock.json").packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === "" || optional || installed[path]?.version === version,
  );
}

if (!isInstalled()) {
  process.stderr.write("Installing what package-lock.json names; this happens once.\n");
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    process.stderr.write(
      "error[install-failed]: npm ci did not succeed\n  next read npm's words above, then run this again\n",
    );
    process.exit(1);
  }
}
