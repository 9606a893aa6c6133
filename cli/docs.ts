import type { Argv } from "yargs";
import { staleDocuments, writeDocuments } from "../compiler/document/documentFiles.ts";
import { migrationsFolder } from "../compiler/migrations/readMigrations.ts";
import { examples, SHADOW } from "./options.ts";
import { working } from "./progress.ts";
import { chooseDomain, compileNamed, domainNames, GENERATED, SQL } from "./project.ts";
import { print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .positional("domains", { type: "string", array: true, describe: "domains to document; all without a name" })
    .option("html", { type: "boolean", describe: "a page to search and browse too: generated/<domain>/schema.html" })
    .option("check", { type: "boolean", describe: "write nothing; exit with 2 when documents are stale" })
    .option("shadow", { ...SHADOW, describe: "engine that is asked about views that changed" })
    .epilogue(
      examples(
        ["generated/<domain>/SCHEMA.md and its pictures", "verso docs"],
        ["schema.html, a page to browse, beside them", "verso docs shop --html"],
      ),
    );

/** `verso docs`: definitions → generated/<domain>/SCHEMA.md and its pictures. */
export async function run(args: {
  domains?: readonly string[];
  check?: boolean;
  html?: boolean;
  json?: boolean;
  shadow?: string;
}): Promise<number> {
  const named = args.domains ?? [];
  const names = named.length > 0 ? await Promise.all(named.map((name) => chooseDomain(name))) : await domainNames();
  const results = await working("documenting", async (told) => {
    const results: { domain: string; files: readonly string[] }[] = [];
    for (const [at, name] of names.entries()) {
      told.advance(name, at, names.length);
      const domain = await compileNamed(name);
      const html = args.html === true ? { migrations: migrationsFolder(SQL, name) } : undefined;
      const work = args.check ? staleDocuments : writeDocuments;
      results.push({ domain: name, files: await work(domain, { generated: GENERATED, shadow: args.shadow, html }) });
    }
    return results;
  });
  const changed = results.flatMap(({ files }) => files);
  if (args.json) printJson(results);
  else {
    for (const file of changed) print(file);
    if (!args.check)
      tell(
        `${names.length === 1 ? "1 domain" : `${names.length} domains`} documented; ${changed.length === 1 ? "1 file" : `${changed.length} files`} changed`,
      );
    else if (changed.length === 0) tell("documents are fresh");
    else tell("these documents are stale: run `verso docs` and commit them");
  }
  return args.check && changed.length > 0 ? 2 : 0;
}
