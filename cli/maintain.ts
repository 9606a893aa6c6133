import type { Argv } from "yargs";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { type CleanUp, cleanUpsOf } from "../compiler/kinds/functions.ts";
import {
  type Done,
  type MaintainOptions,
  type MaintainProgress,
  type MaintainReport,
  maintain,
  TASKS,
  type TaskName,
} from "../compiler/maintain/maintain.ts";
import type { Measures } from "../compiler/maintain/task.ts";
import { nearest } from "../compiler/nearest.ts";
import { bytesText, durationText, parseBytes, parseDuration, plural } from "../compiler/quantities.ts";
import { databaseUrl } from "../compiler/session/databaseUrl.ts";
import { openSession } from "../compiler/session/open.ts";
import { DOMAIN, examples, TARGET } from "./options.ts";
import { type Work, working } from "./progress.ts";
import { chooseDomain, compileNamed, domainNames, withSession } from "./project.ts";
import { columnsOf, paint, paintSql, print, printJson, tell, tellNote } from "./terminal.ts";

const NAMES = Object.keys(TASKS) as readonly TaskName[];

export const builder = (args: Argv) =>
  args
    .positional("tasks", {
      type: "string",
      array: true,
      describe: "which of those below; all but attic and statistics",
    })
    .option("domain", DOMAIN)
    .option("target", TARGET)
    .option("only", { type: "string", describe: "these tables and materialized views, by commas" })
    .option("min-size", { type: "string", describe: "only what is at least so large: 100MB" })
    .option("all", { type: "boolean", describe: "also what does not need it" })
    .option("budget", { type: "string", describe: "time for all of it: 30m; what runs then is broken off" })
    .option("dry-run", { type: "boolean", describe: "print the statements, run none" })
    .option("accept-data-loss", { type: "boolean", describe: "consent to what `attic` destroys" })
    .epilogue(
      `Tasks, in the order in which they run:\n${NAMES.map((name) => `  ${name.padEnd(11)} ${TASKS[name].does}`).join("\n")}\n\n${examples(
        ["what would be done, and why", "verso maintain --dry-run"],
        ["every night, for half an hour at most", "verso maintain --budget 30m"],
        ["the indexes of one table, whatever their state", "verso maintain reindex --only orders --all"],
      )}`,
    );

interface Arguments {
  readonly tasks?: readonly string[];
  readonly domain?: string;
  readonly target?: string;
  readonly only?: string;
  readonly minSize?: string;
  readonly all?: boolean;
  readonly budget?: string;
  readonly dryRun?: boolean;
  readonly acceptDataLoss?: boolean;
  readonly json?: boolean;
}

/** `verso maintain`: upkeep of the target. Exit code 1 where a task failed; the others ran. */
export async function run(args: Arguments): Promise<number> {
  const options = optionsOf(args);
  const { url, cleanUps } = await targetOf(args);
  const open = () => openSession(url, { applicationName: "verso maintain", mustExist: true });
  return withSession(
    await open(),
    async (session) => {
      const watcher = session.engine === "server" && !args.dryRun ? await open() : undefined;
      try {
        const report = await working("maintaining", (work) =>
          maintain(session, {
            ...options,
            cleanUps,
            ...(watcher === undefined ? {} : { watcher }),
            onProgress: (progress) => advance(work, progress),
          }),
        );
        if (args.json) printJson(report);
        else tellReport(report);
        return report.done.some(({ outcome }) => outcome === "failed") ? 1 : 0;
      } finally {
        await watcher?.close();
      }
    },
    "what runs is broken off",
  );
}

function optionsOf(args: Arguments): MaintainOptions {
  return {
    tasks: (args.tasks ?? []).map(taskNamed),
    ...(args.only === undefined ? {} : { only: args.only.split(",").map((name) => name.trim()) }),
    ...(args.minSize === undefined ? {} : { minBytes: parseBytes("--min-size", args.minSize) }),
    ...(args.budget === undefined ? {} : { budgetMs: parseDuration("--budget", args.budget) }),
    all: args.all === true,
    dryRun: args.dryRun === true,
    acceptDataLoss: args.acceptDataLoss === true,
  };
}

function taskNamed(word: string): TaskName {
  const found = NAMES.find((name) => name === word);
  if (found !== undefined) return found;
  const meant = nearest(word, NAMES);
  throw new Diagnostic({
    code: "usage",
    what: `there is no task ${word}`,
    why: `there are ${NAMES.join(", ")}`,
    next: meant === null ? "name one of them, or none for what is needed" : `did you mean \`verso maintain ${meant}\`?`,
  });
}

/** Clean-up functions are the definitions'; any database can be maintained without. */
async function targetOf({ domain, target }: Arguments): Promise<{ url: string; cleanUps: readonly CleanUp[] }> {
  const domains = await domainsHere();
  if (target !== undefined && domain === undefined && domains !== 1) {
    if (domains > 1) tellNote("clean-up functions are not called: --domain says whose");
    return { url: target, cleanUps: [] };
  }
  const name = await chooseDomain(domain);
  const { facts, hints } = await compileNamed(name);
  return { url: databaseUrl(name, target), cleanUps: cleanUpsOf(facts, hints) };
}

async function domainsHere(): Promise<number> {
  try {
    return (await domainNames()).length;
  } catch (error) {
    if (error instanceof Diagnostic && error.code === "no-project") return 0;
    throw error;
  }
}

function advance(work: Work, progress: MaintainProgress): void {
  if (progress.event === "started") work.advance(`${progress.task} ${progress.object}`);
  if (progress.event === "working") {
    const { task, object, phase, done, total } = progress;
    work.advance(`${task} ${object}: ${phase}`, done, total);
  }
  if (progress.event === "waiting") work.advance(`${progress.object}: ${progress.why}`);
}

function tellReport(report: MaintainReport): void {
  const { done, isDryRun, target, gained } = report;
  if (isDryRun) {
    for (const one of done) {
      const sql = one.outcome === "planned" ? one.sql.map((statement) => `\n${statement};`).join("") : "";
      print(paintSql(`-- ${one.object}: ${one.why ?? one.reason}${sql}`));
    }
  } else {
    const rows = done.filter(({ outcome }) => outcome === "done").map(rowOf);
    if (rows.length > 0) print(columnsOf(fitting([["task", "object", "gained", "took"], ...rows])));
    for (const one of done) tellBeside(one);
  }
  tell(`${target}: ${summaryOf(report)}${gainText(gained)}`);
}

const rowOf = ({ task, object, reason, before, after, durationMs }: Done): readonly string[] => [
  task,
  object,
  Object.keys(after ?? {}).length === 0 ? reason : gainedText(before, after ?? {}),
  durationText(durationMs),
];

/** What was not done, and what is to be said of what was. */
function tellBeside({ task, object, outcome, why, notes, sql }: Done): void {
  if (outcome === "failed") {
    tell(`${paint("red", "failed", process.stderr)}: ${task} ${object}: ${why}\n  ${sql.join("; ")}`);
  } else if (outcome !== "done") {
    tell(`${paint("yellow", outcome, process.stderr)}: ${task} ${object}: ${why}`);
  }
  for (const note of notes) tellNote(`${object}: ${note}`);
}

/** Names that would make a line too long for the terminal lose their middle; --json has them whole. */
function fitting(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const widthOf = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const room = Math.max(20, (process.stdout.columns ?? 80) - widthOf(0) - widthOf(2) - widthOf(3) - 3 * 2);
  const short = (text: string): string =>
    text.length <= room ? text : `${text.slice(0, Math.floor(room / 2) - 1)}…${text.slice(-Math.ceil(room / 2))}`;
  return rows.map(([task = "", object = "", ...others]) => [task, short(object), ...others]);
}

function gainedText(before: Measures, after: Measures): string {
  const count = (number: number, what: string): readonly string[] => (number > 0 ? [plural(number, what)] : []);
  const less = (measure: "deadRows" | "changedRows" | "age"): number => (before[measure] ?? 0) - (after[measure] ?? 0);
  const { bytes: was = 0, rows: rowsBefore } = before;
  const { bytes: is = was, rows: rowsAfter } = after;
  const isSmaller = bytesText(is) !== bytesText(was) && (is < was || rowsAfter !== undefined);
  const texts = [
    ...(after.removedRows === undefined ? [] : [`${plural(after.removedRows, "row")} removed`]),
    ...(rowsAfter === undefined ? [] : [rowsText(rowsBefore ?? 0, rowsAfter)]),
    ...count(less("deadRows"), "dead row"),
    ...(isSmaller ? [`${bytesText(was)} → ${bytesText(is)}`] : []),
    ...(less("deadRows") > 0 ? [] : count(less("changedRows"), "changed row")),
  ];
  const frozen = less("age") > 0 ? `${plural(less("age"), "transaction")} frozen` : "no change";
  return texts.length === 0 ? frozen : texts.slice(0, 2).join(", ");
}

const rowsText = (before: number, after: number): string =>
  before === after ? plural(after, "row") : `${plural(before, "")} → ${plural(after, "row")}`;

function summaryOf({ done, isDryRun, durationMs }: MaintainReport): string {
  if (done.length === 0) return "nothing needs it";
  const outcomes = ["planned", "done", "skipped", "failed", "broken off", "not started"] as const;
  const counts = outcomes.flatMap((outcome) => {
    const count = done.filter((one) => one.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  return `${counts.join(", ")}${isDryRun ? "" : ` in ${durationText(durationMs)}`}`;
}

function gainText({ bytes, deadRows, removedRows }: MaintainReport["gained"]): string {
  const texts = [
    ...(bytes > 0 ? [`${bytesText(bytes)} given back`] : []),
    ...(deadRows > 0 ? [`${plural(deadRows, "dead row")} cleared`] : []),
    ...(removedRows > 0 ? [`${plural(removedRows, "row")} removed`] : []),
  ];
  return texts.length === 0 ? "" : `; ${texts.join(", ")}`;
}
