import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

// `npm run bench` measures all, `npm run bench -- client` what is named; what else is given goes to each: `diff 100 1000`.

const ENDING = ".bench.ts";
const given = process.argv.slice(2);
const all = readdirSync("test/bench")
  .filter((file) => file.endsWith(ENDING))
  .map((file) => file.slice(0, -ENDING.length));
const named = all.filter((name) => given.includes(name));
const more = given.filter((word) => !all.includes(word));

for (const name of named.length > 0 ? named : all) {
  const own = ["node_modules/jiti/lib/jiti-cli.mjs", `test/bench/${name}${ENDING}`, ...more];
  const { status } = spawnSync(process.execPath, own, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
