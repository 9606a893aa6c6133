import { basename, join } from "node:path";
import type { Argv } from "yargs";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { type Delta, describeDelta, summarizeDeltas } from "../compiler/diff/diffFacts.ts";
import { type Pull, pull } from "../compiler/pull/pull.ts";
import { openSource } from "../compiler/resolve/openSource.ts";
import type { Shadow } from "../compiler/shadow/shadow.ts";
import { examples } from "./options.ts";
import { working } from "./progress.ts";
import { chooseDomain, DEFINITIONS, startShadow } from "./project.ts";
import { paint, print, printJson, tell, tellNote } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("from", {
      type: "string",
      demandOption: true,
      describe: "required: database URL, definitions folder, .sql or snapshot .json",
    })
    .option("domain", { type: "string", describe: "the domain's name; the only one of the project unless given" })
    .option("out", { type: "string", describe: "folder to write; definitions/<domain> unless given" })
    .option("shadow", {
      type: "string",
      describe: "engine that resolves and judges: postgres://…, binary:15, docker:postgres:15",
    })
    .epilogue(examples(["definitions of an existing database", "verso pull --from postgres://…/live --domain shop"]));

interface Args {
  readonly from: string;
  readonly domain?: string;
  readonly out?: string;
  readonly shadow?: string;
  readonly json?: boolean;
}

/** `verso pull`: definitions that compile to what the database is. */
export async function run({ from, domain, out, shadow: spec, json }: Args): Promise<number> {
  const name = domain ?? (out === undefined ? await onlyDomain() : basename(out));
  const folder = out ?? join(DEFINITIONS, name);
  const source = await openSource(from);
  const shadow = await startShadow(spec);
  try {
    const pulled = await working("pulling", () => pull(source, shadow, { folder, name }));
    const { written, inPlainSql, leftByHand, secrets, differences } = pulled;
    if (json) {
      printJson({
        from: source.name,
        domain: name,
        written,
        inPlainSql,
        leftByHand,
        secrets,
        differences: differences.map(describeDelta),
        shadow: shadow.label,
      });
      return differences.length > 0 ? 2 : 0;
    }
    for (const file of written) print(file);
    tellLeft(pulled);
    if (differences.length > 0) {
      tellDifferences(differences, source.name, shadow);
      return 2;
    }
    tell(
      written.length === 0
        ? `${folder} is ${source.name} already`
        : `${folder} compiles to ${source.name}, by ${shadow.label}`,
    );
    return 0;
  } finally {
    await shadow.close();
  }
}

/** What stands in the definitions otherwise than a person would write it, or not at all. */
export function tellLeft({ inPlainSql, leftByHand, secrets }: Pull): void {
  for (const id of inPlainSql) tellNote(`${id} stands in plain SQL`);
  for (const what of leftByHand) tellNote(what);
  for (const id of secrets) tellNote(`${id} has secrets, which no definition holds`);
}

export function tellDifferences(differences: readonly Delta[], state: string, { label }: Pick<Shadow, "label">): void {
  tell(`${paint("red", "differs", process.stderr)}: the definitions do not yet compile to ${state}, by ${label}`);
  for (const line of summarizeDeltas(differences)) tell(`  ${line}`);
}

/** The project's only domain, which is brought up to date; a first one must be named. */
async function onlyDomain(): Promise<string> {
  try {
    return await chooseDomain(undefined);
  } catch (error) {
    if (!(error instanceof Diagnostic) || error.code !== "no-project") throw error;
    throw new Diagnostic({
      code: "domain-not-chosen",
      what: `there is no folder ${DEFINITIONS}/ here, so that a first domain is to be made`,
      next: "say what to call it: --domain shop",
    });
  }
}
