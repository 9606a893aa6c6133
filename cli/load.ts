import { readdir, readFile, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Argv } from "yargs";
import { searchPathNames } from "../compiler/compile/renderScripts.ts";
import type { LogFile } from "../compiler/declare/loaders.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { type LoadOutcome, loadLogs } from "../compiler/logs/loadLogs.ts";
import { nullOfNothing } from "../compiler/missing.ts";
import { plural } from "../compiler/quantities.ts";
import { DOMAIN, examples, TARGET } from "./options.ts";
import { working } from "./progress.ts";
import { chooseDomain, compileNamed, openTarget, withSession } from "./project.ts";
import { columnsOf, print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .positional("files", { type: "string", array: true, demandOption: true, describe: "logs, or folders with logs" })
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("dry-run", { type: "boolean", describe: "do everything, tell what would change, take it back" })
    .option("accept-data-loss", { type: "boolean", describe: "consent to removing rows that logs told of before" })
    .epilogue(examples(["all logs of a folder, as often as you like", "verso load logs/ --domain fitness"]));

interface Arguments {
  readonly files: readonly string[];
  readonly domain?: string;
  readonly target?: string;
  readonly dryRun?: boolean;
  readonly acceptDataLoss?: boolean;
  readonly json?: boolean;
}

/** `verso load`: logs that people keep by hand → rows, all of them or none. */
export async function run(args: Arguments): Promise<number> {
  const domain = await compileNamed(await chooseDomain(args.domain));
  if (domain.loaders.length === 0) {
    throw new Diagnostic({
      code: "no-loaders",
      what: `${domain.name} has no loaders`,
      next: "declare in definitions/ how a log becomes rows: export const notes = loader({ … })",
    });
  }
  const files = (await Promise.all(args.files.map(logsIn))).flat();
  return withSession(await openTarget(domain.name, args.target, "change"), async (session) => {
    const outcome = await working(`loading ${session.name}`, (work) =>
      loadLogs(
        session,
        { loaders: domain.loaders, files, searchPath: searchPathNames(domain.domain) },
        { dryRun: args.dryRun === true, acceptDataLoss: args.acceptDataLoss === true, onProgress: work.advance },
      ),
    );
    if (args.json) printJson({ target: session.name, ...outcome });
    else report(session.name, outcome);
    return 0;
  });
}

/** A file, or the Markdown files below a folder. @throws Diagnostic `log-not-found` */
async function logsIn(path: string): Promise<readonly LogFile[]> {
  const found = await stat(path).catch(nullOfNothing);
  if (found === null) {
    throw new Diagnostic({
      code: "log-not-found",
      what: `there is no file or folder ${path}`,
      next: "name the logs, or the folder that they are in",
    });
  }
  const names = found.isDirectory()
    ? (await readdir(path, { recursive: true }))
        .filter((name) => name.endsWith(".md"))
        .sort()
        .map((name) => join(path, name))
    : [path];
  return Promise.all(
    names.map(async (name) => ({ path: name.replaceAll(sep, "/"), text: await readFile(name, "utf8") })),
  );
}

function report(name: string, { files, tables, isDryRun }: LoadOutcome): void {
  const count = (n: number) => (n === 0 ? "" : String(n));
  if (tables.length > 0) {
    print(
      columnsOf([
        ["table", "logs", "database", "new", "changed", "as before", "removed"],
        ...tables.map((one) => [
          ...[one.table, String(one.told), String(one.found)],
          ...[one.inserted, one.updated, one.unchanged, one.removed].map(count),
        ]),
      ]),
    );
  }
  const written = tables.reduce((sum, one) => sum + one.inserted + one.updated + one.removed, 0);
  const rows = plural(written, "row");
  const logs = plural(files.length, "log");
  const would = isDryRun ? "would be " : "";
  tell(`${name}: ${logs} read; ${written === 0 ? "nothing is new" : `${rows} ${would}written`}`);
}
