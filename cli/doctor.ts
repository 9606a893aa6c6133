import type { Argv } from "yargs";
import { readEntries } from "../compiler/apply/ledger.ts";
import type { CompiledDomain } from "../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { examine } from "../compiler/doctor/examine.ts";
import { type Explanation, explainHotQueries } from "../compiler/doctor/explain/explanation.ts";
import { isAtLeast, type Report, SEVERITIES, type Severity } from "../compiler/doctor/finding.ts";
import { markdownOf } from "../compiler/doctor/markdown.ts";
import { databaseUrl } from "../compiler/session/databaseUrl.ts";
import { openSession } from "../compiler/session/open.ts";
import { DatabaseError, type Session } from "../compiler/session/session.ts";
import { printReport } from "./doctorReport.ts";
import { DOMAIN, examples, TARGET } from "./options.ts";
import { working } from "./progress.ts";
import { chooseDomain, compileNamed, domainNames, withSession } from "./project.ts";
import { print, printJson, tellNote } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("explain", { type: "boolean", describe: "hot queries, with their plans before and after an index" })
    .option("try-indexes", {
      type: "boolean",
      describe: "build indexes for --explain where hypopg is missing, and roll them back: blocks writes meanwhile",
    })
    .option("format", {
      choices: ["text", "json", "markdown"] as const,
      default: "text" as const,
      describe: "of the report: text (as it is), json or markdown",
    })
    .option("fail-on", {
      choices: SEVERITIES.toReversed(),
      default: "warning" as const,
      describe: "exit with 2 from here on: error, warning (as it is) or info",
    })
    .implies("try-indexes", "explain")
    .epilogue(
      examples(
        ["what could be better in this project's database", "verso doctor"],
        ["any database, without a project", "verso doctor --target postgres://…/shop"],
        ["which index would help the queries that take most time", "verso doctor --explain"],
        ["a comment on a pull request", "verso doctor --format markdown > doctor.md"],
      ),
    );

interface Arguments {
  readonly domain?: string;
  readonly target?: string;
  readonly explain?: boolean;
  readonly tryIndexes?: boolean;
  readonly format: "text" | "json" | "markdown";
  readonly failOn: Severity;
  readonly json?: boolean;
}

/** `verso doctor`: exits with 2 where it found what is at least as bad as `--fail-on`, with 1 where a check itself failed. */
export async function run(args: Arguments): Promise<number> {
  const names = await projectDomains();
  const { url, domain } = await placeOf(args, names);
  return withSession(await openSession(url, { mustExist: true }), async (session) => {
    const recorded = args.domain === undefined ? await domainInLedger(session) : null;
    const definitions = await definitionsOf(names, recorded ?? domain);
    const report = await working(`looking at ${session.name}`, (work) =>
      examine(session, { ...(definitions && { definitions }), onProgress: work.advance }),
    );
    const explanation = args.explain
      ? await working("explaining hot queries", (work) =>
          explainHotQueries(session, { definitions, tryIndexes: args.tryIndexes === true, onProgress: work.advance }),
        )
      : null;
    show(args, report, explanation);
    if (report.outcomes.some(({ status }) => status === "failed")) return 1;
    return report.findings.some(({ severity }) => isAtLeast(severity, args.failOn)) ? 2 : 0;
  });
}

function show({ format, json }: Arguments, report: Report, explanation: Explanation | null): void {
  if (json || format === "json") printJson(explanation === null ? report : { ...report, explanation });
  else if (format === "markdown") print(markdownOf(report, explanation).trimEnd());
  else printReport(report, explanation);
}

/** The database, and the domain where the project leaves no choice: doctors are called to strangers too. */
async function placeOf(
  { domain, target }: Arguments,
  names: readonly string[],
): Promise<{ url: string; domain: string | null }> {
  const isClear = domain !== undefined || names.length === 1 || (names.length > 1 && target === undefined);
  const chosen = isClear ? await chooseDomain(domain) : null;
  return { url: databaseUrl(chosen, target), domain: chosen };
}

async function projectDomains(): Promise<readonly string[]> {
  try {
    return await domainNames();
  } catch (error) {
    if (error instanceof Diagnostic && error.code === "no-project") return [];
    throw error;
  }
}

/** @param domain the one that is named, else the one whose migrations the database has, else the only one */
async function definitionsOf(names: readonly string[], domain: string | null): Promise<CompiledDomain | undefined> {
  if (names.length === 0) return undefined;
  if (domain !== null && names.includes(domain)) return compileNamed(domain);
  tellNote(
    domain === null
      ? "several domains could be this database's: --domain says which one, and where its definitions are to be mended"
      : `the database holds migrations of ${domain}, which is no domain of this project: it is told what to run, not what to declare`,
  );
  return undefined;
}

/** Null where there is no ledger, or this role may not read it. */
async function domainInLedger(session: Session): Promise<string | null> {
  try {
    const [first] = await readEntries(session);
    return first?.domain ?? null;
  } catch (error) {
    if (error instanceof DatabaseError && error.code === "42501") return null;
    throw error;
  }
}
