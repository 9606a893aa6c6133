import type { Argv } from "yargs";
import { check } from "../compiler/apply/check.ts";
import type { Diagnostic } from "../compiler/diagnostic.ts";
import { describeDelta } from "../compiler/diff/diffFacts.ts";
import { refusedQueries } from "../compiler/queries/askShadow.ts";
import { readQueries } from "../compiler/queries/parseQueries.ts";
import { DOMAIN, examples, SHADOW, TARGET } from "./options.ts";
import { chooseDomain, compileNamed, definitionsOf, domainNames, openTarget, withSession } from "./project.ts";
import { paintDeltas, print, printJson, reportFailure, tell, tellNote, toTheSecond } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("queries", {
      type: "boolean",
      describe: "do hand-written queries fit the definitions? Of all domains, unless one is named",
    })
    .option("shadow", { ...SHADOW, describe: "engine that judges queries" })
    .conflicts("queries", "target")
    .implies("shadow", "queries")
    .epilogue(
      examples(
        ["exit code 2 when somebody else changed it", "verso check --target postgres://…/live"],
        ["do queries/*.sql fit the definitions?", "verso check --queries"],
      ),
    );

interface Arguments {
  readonly domain?: string;
  readonly target?: string;
  readonly queries?: boolean;
  readonly shadow?: string;
  readonly json?: boolean;
}

/** `verso check`: exits with 2 when the target is no longer what Verso left. */
export async function run(args: Arguments): Promise<number> {
  return args.queries ? checkQueries(args) : checkTarget(args);
}

/** Exits with 1 when a query no longer fits. */
async function checkQueries(args: Arguments): Promise<number> {
  const names = args.domain === undefined ? await domainNames() : [await chooseDomain(args.domain)];
  const refusals: Diagnostic[] = [];
  let judged = 0;
  for (const name of names) {
    const queries = await readQueries(definitionsOf(name));
    if (queries.length === 0) continue;
    refusals.push(...(await refusedQueries(await compileNamed(name), queries, args.shadow)));
    judged += queries.length;
  }
  if (args.json)
    printJson({ judged, refused: refusals.map(({ code, what, at, why, next }) => ({ code, what, at, why, next })) });
  else for (const refusal of refusals) reportFailure(refusal, false);
  const few = (count: number) => (count === 1 ? "1 query" : `${count} queries`);
  if (!args.json)
    tell(
      refusals.length === 0 ? `${few(judged)} judged; all fit` : `${refusals.length} of ${few(judged)} no longer fit`,
    );
  return refusals.length > 0 ? 1 : 0;
}

async function checkTarget(args: Arguments): Promise<number> {
  const domain = await chooseDomain(args.domain);
  return withSession(await openTarget(domain, args.target), async (session) => {
    const found = await check(session, domain);
    if (args.json) {
      printJson({ ...found, drift: found.drift.map(describeDelta) });
      return found.drift.length > 0 ? 2 : 0;
    }
    for (const note of found.notes) tellNote(note);
    if (found.recordedAt === null) tell(`${session.name} has no ledger: nothing was applied here yet`);
    else if (found.drift.length === 0) tell(`${session.name} is what Verso left on ${toTheSecond(found.recordedAt)}`);
    else {
      tell(`${session.name} was changed by others since ${toTheSecond(found.recordedAt)}:`);
      print(paintDeltas(found.drift.map(describeDelta)));
    }
    return found.drift.length > 0 ? 2 : 0;
  });
}
