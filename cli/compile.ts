import type { Argv } from "yargs";
import { emitDomain, staleFiles } from "../compiler/compile/emit.ts";
import { chooseDomain, compileNamed, domainNames, GENERATED, SQL } from "./project.ts";
import { print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .positional("domains", { type: "string", array: true, describe: "domains to compile; all without a name" })
    .option("check", { type: "boolean", describe: "write nothing; exit with 2 when emitted files are stale" });

/** `verso compile`: definitions → sql/<domain>/schema/ and generated/<domain>/. */
export async function run(args: { domains?: readonly string[]; check?: boolean; json?: boolean }): Promise<number> {
  const named = args.domains ?? [];
  const names = named.length > 0 ? await Promise.all(named.map((name) => chooseDomain(name))) : await domainNames();
  const results: { domain: string; files: readonly string[] }[] = [];
  for (const name of names) {
    const domain = await compileNamed(name);
    results.push({
      domain: name,
      files: await (args.check ? staleFiles : emitDomain)(domain, { sql: SQL, generated: GENERATED }),
    });
  }
  const changed = results.flatMap(({ files }) => files);
  if (args.json) printJson(results);
  else for (const file of changed) print(file);
  if (!args.json) {
    if (args.check)
      tell(
        changed.length === 0 ? "emitted files are fresh" : "these files are stale: run `verso compile` and commit them",
      );
    else tell(`${names.length} ${names.length === 1 ? "domain" : "domains"} compiled; ${changed.length} files changed`);
  }
  return args.check && changed.length > 0 ? 2 : 0;
}
