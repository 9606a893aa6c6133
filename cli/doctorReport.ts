import { formatPosition } from "../compiler/diagnostic.ts";
import { aboutTarget, checksText, countsOf, wordsOf, worstFirst } from "../compiler/doctor/evidence.ts";
import type { ExplainedQuery, Explanation, Proposal } from "../compiler/doctor/explain/explanation.ts";
import { costText, shareText, verdictOf } from "../compiler/doctor/explain/words.ts";
import type { Finding, Outcome, Report, Severity } from "../compiler/doctor/finding.ts";
import { bytesText } from "../compiler/quantities.ts";
import { paint, print } from "./terminal.ts";

const STYLES = { error: "red", warning: "yellow", info: "cyan" } as const satisfies Record<Severity, string>;

/** A report for people: the worst first, what was not looked at, and what it comes to in the last line. */
export function printReport(report: Report, explanation: Explanation | null): void {
  const { findings, outcomes, accepted } = report;
  print(paint("bold", report.target));
  print(paint("dim", aboutTarget(report)));
  for (const severity of worstFirst) {
    const own = findings.filter((finding) => finding.severity === severity);
    for (const check of new Set(own.map(({ check }) => check))) {
      printGroup(
        severity,
        own.filter((finding) => finding.check === check),
        outcomes,
      );
    }
  }
  if (explanation !== null) printExplanation(explanation);
  if (accepted.length > 0) {
    print(`\n${paint("bold", "accepted")}`);
    for (const { title, reason } of accepted) printLines("  ", wrapped(`${title}: ${reason}`, 2));
  }
  const unseen = outcomes.filter(({ gap }) => gap !== null);
  if (unseen.length > 0) {
    print(`\n${paint("bold", "not looked at")}${paint("dim", ", which is not the same as well")}`);
    for (const outcome of unseen) printGap(outcome);
  }
  print(`\n${countsPainted(report)}`);
  print(paint("dim", checksText(report)));
}

function printGroup(severity: Severity, findings: readonly Finding[], outcomes: readonly Outcome[]): void {
  const [{ check = "" } = {}] = findings;
  const looksFor = outcomes.find((outcome) => outcome.check === check)?.looksFor ?? check;
  const what = findings.length === 1 ? looksFor : `${looksFor} (${findings.length})`;
  const isShort = severity.length + what.length + check.length + 4 <= width();
  print(
    `\n${paint("bold", paint(STYLES[severity], severity))}  ${paint("bold", what)}${isShort ? `  ${paint("dim", check)}` : ""}`,
  );
  if (!isShort) print(`${" ".repeat(severity.length + 2)}${paint("dim", check)}`);
  for (const [i, finding] of findings.entries()) printFinding(finding, findings[i - 1]);
}

/** What is the same as in the finding before it is not said again. */
function printFinding({ title, why, evidence, remedies, definition }: Finding, before: Finding | undefined): void {
  print();
  printLines("  ", wrapped(title, 2));
  if (why !== before?.why) printField("why", why);
  const seen = wordsOf(evidence);
  if (seen.length > 0) printField("seen", seen.join(", "));
  for (const { sql, effect } of remedies) {
    printField("run", `${sql};`, "green");
    printField("", effect, "dim");
  }
  if (definition !== null) printDefinition(definition);
}

function printDefinition({ at, how }: NonNullable<Finding["definition"]>): void {
  printField("in", formatPosition(at), "cyan");
  printField("", how);
}

function printExplanation({ gap, judge, queries }: Explanation): void {
  print(`\n${paint("bold", "hot queries")}`);
  if (gap !== null) {
    printLines("  ", wrapped(`${gap.why}; ${gap.next}`, 2));
    return;
  }
  printLines("  ", wrapped(queries.length === 0 ? "none was counted so far" : judge.says, 2));
  for (const query of queries) printQuery(query, judge.how);
}

function printQuery(query: ExplainedQuery, how: Explanation["judge"]["how"]): void {
  print();
  printLines("  ", wrapped(shareText(query), 2));
  const text = query.query.replace(/\s+/g, " ").trim();
  printField("sql", text.length > 400 ? `${text.slice(0, 399)}…` : text);
  printField("says", verdictOf(query, how));
  for (const [name, plan] of [["before", query.before] as const, ["after", query.after] as const]) {
    if (plan === null) continue;
    printField(name, costText(plan));
    for (const line of plan.lines) print(`${" ".repeat(INDENT)}${paint("dim", cut(line))}`);
  }
  for (const proposal of query.proposals) printProposal(proposal);
}

function printProposal({ sql, sizeBytes, definition }: Proposal): void {
  printField("run", `${sql};`, "green");
  if (sizeBytes > 0) printField("", `takes about ${bytesText(sizeBytes)}`, "dim");
  if (definition !== null) printDefinition(definition);
}

function printGap({ looksFor, gap, status }: Outcome): void {
  print(`  ${status === "failed" ? paint("red", `failed: ${looksFor}`) : looksFor}`);
  if (gap === null) return;
  printField("why", gap.why);
  printField("next", gap.next);
}

function countsPainted(report: Report): string {
  const worst = worstFirst.find((severity) => report.findings.some((finding) => finding.severity === severity));
  return paint(worst === undefined ? "green" : STYLES[worst], countsOf(report));
}

/** Where what is said of a finding begins. */
const INDENT = 11;

function printField(name: string, text: string, style?: Parameters<typeof paint>[0]): void {
  const [first = "", ...others] = wrapped(text, INDENT).map((line) =>
    style === undefined ? line : paint(style, line),
  );
  print(`    ${paint("dim", name.padEnd(INDENT - 4))}${first}`);
  printLines(" ".repeat(INDENT), others);
}

const printLines = (indent: string, lines: readonly string[]): void => {
  for (const line of lines) print(indent + line);
};

const width = (): number => Math.min(100, process.stdout.isTTY ? process.stdout.columns : 80);

const cut = (line: string): string => {
  const room = width() - INDENT;
  return line.length <= room ? line : `${line.slice(0, room - 1)}…`;
};

/** Lines that fit beside an indentation. SQL is broken between words too, where that is the same to PostgreSQL. */
function wrapped(text: string, indent: number): readonly string[] {
  const room = width() - indent;
  const lines: string[] = [];
  let line = "";
  for (const word of words(text)) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** What stands in quotes is one word: a line's end inside would be part of it. An apostrophe after a letter opens none. */
const words = (text: string): readonly string[] =>
  text.match(/(?:(?<!\w)'[^']*'|"[^"]*"|`[^`]*`|[^\s'"`]|['"`])+/g) ?? [];
