import type { Argv } from "yargs";
import { withJudge } from "../compiler/apply/judge.ts";
import type { CompiledDomain } from "../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { durationText } from "../compiler/quantities.ts";
import { REFERENCE_ROWS, seedDatabase } from "../compiler/seed/seedDatabase.ts";
import { databaseUrl, namedUrl, urlVariable } from "../compiler/session/databaseUrl.ts";
import { readEnvFile } from "../compiler/session/environment.ts";
import { redactUrl } from "../compiler/session/server.ts";
import { ignore, replacedIn, writeEnvFile } from "../compiler/setup/envFile.ts";
import { roundTrip } from "../compiler/setup/roundTrip.ts";
import { type SetUp, type StepReport, setUp } from "../compiler/setup/setUp.ts";
import { askWhether, askWhich, isAnswered } from "./ask.ts";
import { tellOf } from "./moves.ts";
import { DOMAIN, examples, SHADOW, TARGET } from "./options.ts";
import { startWork } from "./progress.ts";
import { chooseDomain, compileNamed, domainNames, historyOf, startShadow, withSession } from "./project.ts";
import { paint, print, printJson, reportFailure, tell, tellNote } from "./terminal.ts";
import { type Answers, askAll, EMBEDDED_FOLDER, embeddedUrl } from "./wizard.ts";

export const builder = (args: Argv) =>
  args
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("quick-setup", {
      type: "boolean",
      describe: "ask nothing: a database in this folder unless one is named, with demo rows",
    })
    .option("test-only", {
      type: "boolean",
      describe: "change nothing: try out what is there; migrations up, down, up on a scratch database",
    })
    .option("dry-run", { type: "boolean", describe: "change nothing: say what would be done" })
    .option("env", { type: "string", describe: "environments to seed besides reference data, with commas: demo,test" })
    .option("shadow", { ...SHADOW, describe: "engine of the scratch database: postgres://…, binary:15" })
    .conflicts("quick-setup", ["test-only", "dry-run"])
    .conflicts("test-only", ["dry-run", "env"])
    .epilogue(
      examples(
        ["asks what it needs to know, on a terminal", "verso setup"],
        ["in a pipeline", "verso setup --domain shop --target $DATABASE_URL"],
        ["does all of it work, and do migrations go back?", "verso setup --test-only"],
      ),
    );

interface Args {
  readonly domain?: string;
  readonly target?: string;
  readonly quickSetup?: boolean;
  readonly testOnly?: boolean;
  readonly dryRun?: boolean;
  readonly env?: string;
  readonly shadow?: string;
  readonly json?: boolean;
}

/** `verso setup`: exits with 1 when a step failed, with 2 where that was asked to be told only. */
export async function run(args: Args): Promise<number> {
  const isAsking =
    isAnswered() && !args.json && !args.quickSetup && !args.testOnly && !args.dryRun && !args.target && !args.env;
  const domain = await compileNamed(await whichDomain(args.domain, isAsking));
  const history = await historyOf(domain);
  const { url, environments } = await settle(domain, args, isAsking);
  const started = performance.now();
  const isJson = args.json === true;
  if (!isJson) tell(paint("bold", `${domain.name}, ${redactUrl(url)}`, process.stderr));
  const work = isJson ? null : startWork("setting up");
  const reports = await withJudge(
    () => startShadow(args.shadow),
    history.migrations,
    async () => history.start,
    (judge) =>
      setUp({
        domain,
        migrations: history.migrations,
        url,
        mode: args.testOnly ? "test" : args.dryRun ? "dry run" : "set up",
        judge,
        seed: seeding(domain, environments),
        withSession: (session, work) => withSession(session, work, "run `verso setup` again: what is done stays done"),
        roundTrip: async () => {
          const shadow = await startShadow(args.shadow);
          return roundTrip(shadow, domain.name, history.migrations, history.start).finally(() => shadow.close());
        },
        ...(work === null ? {} : { onProgress: tellOf(work, { json: true }), onBegin: work.advance, onStep: tellStep }),
      }),
  ).finally(() => work?.end());
  const failed = reports.filter(({ outcome }) => outcome === "failed");
  const durationMs = Math.round(performance.now() - started);
  if (isJson)
    printJson({
      domain: domain.name,
      target: redactUrl(url),
      steps: reports.map(asJson),
      isWell: failed.length === 0,
      durationMs,
    });
  else tellEnd(reports, failed, args, durationMs);
  return failed.length === 0 ? 0 : args.testOnly || args.dryRun ? 2 : 1;
}

function asJson({ problem, ...report }: StepReport) {
  if (problem === null) return { ...report, problem };
  const { code, what, at, why, next } = problem;
  return { ...report, problem: { code, what, at, why, next } };
}

async function whichDomain(named: string | undefined, isAsking: boolean): Promise<string> {
  const names = await domainNames();
  if (named !== undefined || !isAsking || names.length < 2) return chooseDomain(named);
  return askWhich(
    "Which domain?",
    names.map((value) => ({ value, label: value })),
  );
}

/** Which database, and which rows: as asked, as answered, or as is usual; what is new about it is written to `.env`. */
async function settle(
  domain: CompiledDomain,
  args: Args,
  isAsking: boolean,
): Promise<Pick<Answers, "url" | "environments">> {
  const variable = urlVariable(domain.name, (await domainNames()).length > 1);
  const known = namedUrl(domain.name, args.target);
  if (isAsking) {
    const answers = await askAll(domain, known, environmentsOf(domain));
    await keep({ [variable]: answers.url, DATABASE_POOL_SIZE: answers.poolSize }, true);
    return answers;
  }
  const offered = environmentsOf(domain);
  const environments = args.env?.split(",") ?? (args.quickSetup ? offered.filter((one) => one === "demo") : []);
  const unknown = environments.find((one) => !offered.includes(one) && one !== REFERENCE_ROWS);
  if (unknown !== undefined) {
    throw new Diagnostic({
      code: "environment-not-found",
      what: `${domain.name} declares no rows for ${unknown}`,
      next: offered.length === 0 ? "leave --env out" : `name one of these with --env: ${offered.join(", ")}`,
    });
  }
  if (known !== null || !args.quickSetup) return { url: known ?? databaseUrl(domain.name), environments };
  const url = embeddedUrl(domain.name);
  await keep({ [variable]: url }, false);
  return { url, environments };
}

const ENV = ".env";

async function keep(values: Readonly<Record<string, string>>, mayAsk: boolean): Promise<void> {
  const replaced = replacedIn(ENV, values);
  const isTaken =
    replaced.length === 0 ||
    (mayAsk && (await askWhether(`${ENV} says otherwise: replace ${replaced.join(", ")}?`, false)));
  const taken = Object.entries(values).filter(([name]) => isTaken || !replaced.includes(name));
  const ruling = taken.filter(([name, value]) => !isFree(name) && process.env[name] !== value);
  await writeEnvFile(ENV, Object.fromEntries(taken));
  for (const [name, value] of taken) process.env[name] = value;
  const isEmbedded = Object.values(values).some((value) => value.includes(`.${EMBEDDED_FOLDER}`));
  const isNews = await ignore(".gitignore", ENV, ...(isEmbedded ? [EMBEDDED_FOLDER] : []));
  tell(`${taken.map(([name]) => name).join(", ")} written to ${ENV}${isNews ? ", which .gitignore names" : ""}`);
  for (const [name] of ruling) tellNote(`${name} is also set in this shell, which rules over ${ENV}: unset it there`);
}

/** Not set, or by that file only. */
const isFree = (name: string): boolean =>
  process.env[name] === undefined || process.env[name] === readEnvFile(ENV)?.[name];

const MARKS = {
  done: ["green", "✓"],
  there: ["green", "✓"],
  "would be done": ["cyan", "→"],
  failed: ["red", "✗"],
  "left out": ["dim", "-"],
} as const;

function tellStep({ step, outcome, told, warnings, problem }: StepReport): void {
  const [style, mark] = MARKS[outcome];
  const words = outcome === "there" ? "" : outcome;
  const [first = "", ...rest] = [[words, told[0] ?? ""].filter((part) => part !== "").join(": "), ...told.slice(1)];
  const indent = " ".repeat(20);
  print(`${paint(style, mark)} ${step.padEnd(18)}${first}`.trimEnd());
  for (const line of rest) print(`${indent}${line}`);
  for (const line of warnings) print(`${indent}${paint("yellow", "note")}: ${line}`);
  if (problem !== null) reportFailure(problem, false);
}

function tellEnd(reports: readonly StepReport[], failed: readonly StepReport[], args: Args, durationMs: number): void {
  const done = reports.filter(({ outcome }) => outcome === "done").length;
  const well = reports.filter(({ outcome }) => outcome === "there").length;
  const would = reports.filter(({ outcome }) => outcome === "would be done").length;
  const parts = [
    ...(done > 0 ? [`${done} done`] : []),
    ...(would > 0 ? [`${would} would be done`] : []),
    ...(well > 0 ? [`${well} as ${well === 1 ? "it" : "they"} should be`] : []),
    ...(failed.length > 0 ? [`${failed.length} failed: ${failed.map(({ step }) => step).join(", ")}`] : []),
  ];
  tell(`${parts.join(", ")}; ${durationText(durationMs)}`);
  if (failed.length > 0 && !args.testOnly) tell("mend what failed and run this again: what is done stays done");
}

/** Besides those that every run seeds. */
const environmentsOf = ({ seeds }: CompiledDomain): readonly string[] =>
  [...new Set(seeds.files.map(({ environment }) => environment))].filter((one) => one !== REFERENCE_ROWS);

function seeding({ name, seeds: { files } }: CompiledDomain, environments: readonly string[]): SetUp["seed"] {
  if (files.length === 0) return null;
  return async (session, dryRun) => {
    const { tables } = await seedDatabase(session, { domain: name, files }, { environments, dryRun });
    return tables.flatMap(({ table, inserted, updated }) => {
      const parts = [...(inserted > 0 ? [`${inserted} inserted`] : []), ...(updated > 0 ? [`${updated} updated`] : [])];
      return parts.length === 0 ? [] : [`${table}: ${parts.join(", ")}`];
    });
  };
}
