import type { Argv } from "yargs";
import type { CompiledDomain } from "../compiler/compile/compileDomain.ts";
import { emitDomain, staleFiles } from "../compiler/compile/emit.ts";
import { examples, SHADOW } from "./options.ts";
import { working } from "./progress.ts";
import { chooseDomain, compileNamed, domainNames, GENERATED, SQL } from "./project.ts";
import { print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .positional("domains", { type: "string", array: true, describe: "domains to compile; all without a name" })
    .option("check", { type: "boolean", describe: "write nothing; exit with 2 when emitted files are stale" })
    .option("shadow", { ...SHADOW, describe: "engine that is asked about queries and views that changed" })
    .epilogue(
      examples(
        ["all domains", "verso compile"],
        ["in CI: are sql/ and generated/ up to date?", "verso compile --check"],
      ),
    );

/** `verso compile`: definitions → sql/<domain>/schema/ and generated/<domain>/. */
export async function run(args: {
  domains?: readonly string[];
  check?: boolean;
  json?: boolean;
  shadow?: string;
}): Promise<number> {
  const named = args.domains ?? [];
  const names = named.length > 0 ? await Promise.all(named.map((name) => chooseDomain(name))) : await domainNames();
  const results = await working("compiling", async (work) => {
    // All of them before the first file is written: a mistake in one leaves everything as it was.
    const domains: CompiledDomain[] = [];
    for (const [at, name] of names.entries()) {
      work.advance(name, at, 2 * names.length);
      domains.push(await compileNamed(name));
    }
    const results: { domain: string; files: readonly string[] }[] = [];
    for (const [at, domain] of domains.entries()) {
      work.advance(domain.name, names.length + at, 2 * names.length);
      const files = await (args.check ? staleFiles : emitDomain)(domain, {
        sql: SQL,
        generated: GENERATED,
        shadow: args.shadow,
      });
      results.push({ domain: domain.name, files });
    }
    return results;
  });
  const changed = results.flatMap(({ files }) => files);
  if (args.json) printJson(results);
  else for (const file of changed) print(file);
  if (!args.json) {
    if (args.check)
      tell(
        changed.length === 0 ? "emitted files are fresh" : "these files are stale: run `verso compile` and commit them",
      );
    else
      tell(
        `${names.length} ${names.length === 1 ? "domain" : "domains"} compiled; ${changed.length === 1 ? "1 file" : `${changed.length} files`} changed`,
      );
  }
  return args.check && changed.length > 0 ? 2 : 0;
}
