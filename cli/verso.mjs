#!/usr/bin/env node
// A checkout runs its sources; an installed package has only what was built from them.
import { existsSync } from "node:fs";

const sources = new URL("./main.ts", import.meta.url);
if (existsSync(sources)) {
  const { createJiti } = await import("jiti");
  const jiti = createJiti(import.meta.url);
  const { main } = await jiti.import(sources.pathname);
  await main(process.argv.slice(2));
} else {
  const { main } = await import("../dist/cli/main.js");
  await main(process.argv.slice(2));
}
