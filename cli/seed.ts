import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Argv } from "yargs";
import type { CompiledDomain } from "../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { nullOfNothing } from "../compiler/missing.ts";
import { nearest } from "../compiler/nearest.ts";
import { plural } from "../compiler/quantities.ts";
import { tablesOf } from "../compiler/seed/generateRequest.ts";
import type { GeneratedTable } from "../compiler/seed/generateRows.ts";
import { keptText } from "../compiler/seed/memory.ts";
import { seedAndGenerate } from "../compiler/seed/seedAndGenerate.ts";
import { REFERENCE_ROWS, type SeedOutcome, seedDatabase } from "../compiler/seed/seedDatabase.ts";
import { seedFileText, seedsFolder } from "../compiler/seed/seedFile.ts";
import { DOMAIN, examples, TARGET } from "./options.ts";
import { working } from "./progress.ts";
import { chooseDomain, compileNamed, openTarget, SQL, withSession } from "./project.ts";
import { columnsOf, paint, print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("env", { type: "string", describe: "environments besides reference data, with commas: demo,test" })
    .option("dry-run", { type: "boolean", describe: "do everything, tell what would change, take it back" })
    .option("accept-data-loss", { type: "boolean", describe: "consent to removing seeded rows no longer declared" })
    .option("generate", { type: "number", describe: "then fill tables with so many rows each" })
    .option("seed", { type: "number", describe: "with --generate: the same number gives the same rows (1)" })
    .option("table", { type: "string", describe: "with --generate: these tables only, with commas" })
    .epilogue(
      examples(
        ["reference data and demo rows, as often as you like", "verso seed --env demo"],
        ["a hundred thousand messages, and who wrote them", "verso seed --generate 100000 --table messages"],
      ),
    );

interface Arguments {
  readonly domain?: string;
  readonly target?: string;
  readonly env?: string;
  readonly dryRun?: boolean;
  readonly acceptDataLoss?: boolean;
  readonly generate?: number;
  readonly seed?: number;
  readonly table?: string;
  readonly json?: boolean;
}

/** `verso seed`: the rows that definitions declare, and bulk data. Exits with 1 where not all rows could be generated. */
export async function run(args: Arguments): Promise<number> {
  requireSense(args);
  const domain = await compileNamed(await chooseDomain(args.domain));
  const environments = namesIn(args.env);
  requireKnown(domain, environments);
  await requireFresh(domain);
  return withSession(await openTarget(domain.name, args.target), async (session) => {
    const dryRun = args.dryRun === true;
    const { generate: rows, seed, table } = args;
    const seeding = async (onProgress: (table: string, done: number, total: number) => void) => {
      const request = { domain: domain.name, files: domain.seeds.files };
      const options = { environments, dryRun, acceptDataLoss: args.acceptDataLoss === true, onProgress };
      if (rows === undefined) return { ...(await seedDatabase(session, request, options)), generated: [] };
      const wanted = {
        rows,
        ...(seed === undefined ? {} : { seed }),
        ...(table === undefined ? {} : { tables: namesIn(table) }),
      };
      return seedAndGenerate(session, request, options, { request: tablesOf(domain), options: wanted });
    };
    const { generated, ...seeded } = await (args.json
      ? seeding(() => {})
      : working(`seeding ${session.name}`, (told) => seeding(told.advance)));
    if (args.json) printJson({ target: session.name, ...seeded, generated });
    else report(session.name, seeded, generated);
    return generated.every(({ why }) => why === null) ? 0 : 1;
  });
}

const namesIn = (list: string | undefined): readonly string[] =>
  (list ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

function requireSense({ generate, seed, table }: Arguments): void {
  if (generate !== undefined && !(Number.isSafeInteger(generate) && generate > 0)) {
    throw new Diagnostic({
      code: "usage",
      what: "--generate takes a whole number of rows from 1 on",
      next: "write --generate 1000, or leave it out to seed declared rows only",
    });
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new Diagnostic({ code: "usage", what: "--seed takes a whole number", next: "write --seed 7" });
  }
  if (generate !== undefined || (seed === undefined && table === undefined)) return;
  throw new Diagnostic({
    code: "usage",
    what: `--${seed === undefined ? "table" : "seed"} is about generated rows, and none are asked for`,
    next: "add --generate 1000, or leave it out",
  });
}

function requireKnown(domain: CompiledDomain, environments: readonly string[]): void {
  const known = domain.seeds.files.map(({ environment }) => environment);
  for (const name of environments) {
    if (known.includes(name) || name === REFERENCE_ROWS) continue;
    const meant = nearest(name, known);
    throw new Diagnostic({
      code: "seed-environment-unknown",
      what: `${domain.name} seeds nothing in the environment ${name}`,
      next:
        meant === null
          ? `it has ${known.length === 0 ? "no seeds yet: declare some in definitions/ with seed(…)" : known.join(", ")}`
          : `did you mean ${meant}?`,
    });
  }
}

/** What is seeded is what was reviewed. @throws Diagnostic `seeds-stale` */
async function requireFresh(domain: CompiledDomain): Promise<void> {
  for (const file of domain.seeds.files) {
    const path = join(seedsFolder(SQL, domain.name), `${file.environment}.json`);
    const emitted = await readFile(path, "utf8").catch(nullOfNothing);
    if (emitted === seedFileText(domain.name, file)) continue;
    throw new Diagnostic({
      code: "seeds-stale",
      what: `${path} is ${emitted === null ? "not there" : "not what the definitions say"}`,
      why: "services seed from it, and pull requests review it",
      next: `run \`verso compile ${domain.name}\`, then \`verso seed\` again`,
    });
  }
}

function report(name: string, seeded: SeedOutcome, generated: readonly GeneratedTable[]): void {
  const { tables, kept, isDryRun, environments } = seeded;
  const changed = tables.filter((table) => table.inserted + table.updated + table.removed > 0);
  const count = (n: number) => (n === 0 ? "" : String(n));
  const would = isDryRun ? "would be " : "";
  if (changed.length > 0) {
    const rows = changed.map((one) => [
      one.table,
      ...[one.inserted, one.updated, one.unchanged, one.removed].map(count),
    ]);
    print(columnsOf([["table", "new", "changed", "as before", "removed"], ...rows]));
  }
  const total = (pick: "inserted" | "updated" | "unchanged") => tables.reduce((sum, one) => sum + one[pick], 0);
  const written = total("inserted") + total("updated");
  tell(
    tables.length === 0
      ? `${name}: no rows are declared for ${environments.join(", ")}`
      : `${name}: ${plural(written, "row")} ${would}written, ${total("unchanged")} as declared already (${environments.join(", ")})`,
  );
  for (const one of kept) {
    tell(`${paint("yellow", "stays", process.stderr)}: ${keptText(one)}: ${one.why}`);
  }
  if (kept.some(({ wantsConsent }) => wantsConsent))
    tell("--accept-data-loss removes what a seed made and nothing refers to");
  if (generated.length === 0) return;
  print(
    columnsOf([
      ["table", "generated", "seconds"],
      ...generated.map((one) => [one.table, String(one.rows), (one.durationMs / 1000).toFixed(1)]),
    ]),
  );
  for (const { table, rows, wanted, why } of generated) {
    if (why !== null)
      tell(`${paint("red", "short", process.stderr)}: ${table}: ${rows} of ${plural(wanted, "row")}: ${why}`);
  }
  tell(
    `${name}: ${plural(
      generated.reduce((sum, { rows }) => sum + rows, 0),
      "row",
    )} ${would}generated`,
  );
}
