import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Argv } from "yargs";
import { resolve } from "../compiler/prove/proveMigration.ts";
import { openSource } from "../compiler/resolve/openSource.ts";
import { snapshotText } from "../compiler/resolve/recordedSource.ts";
import { examples } from "./options.ts";
import { working } from "./progress.ts";
import { startShadow } from "./project.ts";
import { printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .positional("state", { type: "string", demandOption: true, describe: "database URL, definitions folder or .sql" })
    .option("out", { type: "string", describe: "file to write; standard output without it" })
    .option("shadow", { type: "string", describe: "engine that resolves definitions and .sql" })
    .epilogue(
      examples(["a state to compare with later: --from live.json", "verso snapshot postgres://…/live --out live.json"]),
    );

/** `verso snapshot`: the facts of a state in a file that other commands take as a state. */
export async function run({
  state,
  out,
  shadow: spec,
  json,
}: {
  state: string;
  out?: string;
  shadow?: string;
  json?: boolean;
}): Promise<number> {
  const source = await working("reading", () => openSource(state));
  let text: string;
  if (source.recorded !== undefined) {
    text = snapshotText(source.recorded.facts, source.recorded.version);
  } else {
    const shadow = await startShadow(spec);
    try {
      text = snapshotText(await resolve(source, shadow), shadow.version);
    } finally {
      await shadow.close();
    }
  }
  if (out === undefined) process.stdout.write(text);
  else {
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, text);
    if (json) printJson({ state: source.name, written: out });
    else tell(`wrote ${out}`);
  }
  return 0;
}
