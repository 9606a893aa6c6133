import { formatPosition } from "../diagnostic.ts";
import { code } from "../migrations/markdown.ts";
import { aboutTarget, checksText, countsOf, NAMES, wordsOf, worstFirst } from "./evidence.ts";
import type { ExplainedQuery, Explanation, PlanSummary } from "./explain/explanation.ts";
import { costText, shareText, verdictOf } from "./explain/words.ts";
import type { Finding, Report } from "./finding.ts";

/** GitHub takes comments of up to 65,536 characters. */
const LONGEST = 65_000;

/** A report as a comment on a pull request. */
export function markdownOf(report: Report, explanation: Explanation | null): string {
  const { target, findings, accepted, outcomes } = report;
  const head = [`## ${code(target)}: ${countsOf(report)}`, `${aboutTarget(report)}; ${checksText(report)}.`];
  const sections = worstFirst.flatMap((severity) => {
    const own = findings.filter((finding) => finding.severity === severity);
    return own.length === 0 ? [] : [`### ${capital(NAMES[severity][1])}`, ...own.map(findingText)];
  });
  const unseen = outcomes.flatMap(({ looksFor, gap, status }) =>
    gap === null
      ? []
      : [`- ${looksFor}${status === "failed" ? " (failed)" : ""}: ${plain(gap.why)}. ${capital(plain(gap.next))}`],
  );
  const tail = [
    ...(explanation === null ? [] : ["### Hot queries", ...explained(explanation)]),
    ...(unseen.length === 0 ? [] : ["### Not looked at", unseen.join("\n")]),
    ...(accepted.length === 0
      ? []
      : ["### Accepted", accepted.map(({ title, reason }) => `- ${plain(title)}: ${plain(reason)}`).join("\n")]),
  ];
  return shortened([...head, ...sections, ...tail]);
}

function findingText({ id, title, why, evidence, remedies, definition }: Finding): string {
  const words = wordsOf(evidence);
  return [
    `- **${plain(title)}** ${code(id)}`,
    `  ${capital(plain(why))}.${words.length === 0 ? "" : ` Seen: ${plain(words.join(", "))}.`}`,
    ...(definition === null ? [] : [`  In ${code(formatPosition(definition.at))}: ${plain(definition.how)}.`]),
    ...remedies.map(({ sql, effect }) => `  \`\`\`sql\n${indented(`${sql};`)}\n${indented(`-- ${effect}`)}\n  \`\`\``),
  ].join("\n");
}

function explained({ queries, gap, judge }: Explanation): readonly string[] {
  if (gap !== null) return [`${capital(plain(gap.why))}. ${capital(plain(gap.next))}.`];
  return [`${capital(plain(judge.says))}.`, ...queries.map((query) => queryText(query, judge.how))];
}

function queryText(query: ExplainedQuery, how: Explanation["judge"]["how"]): string {
  return [
    `- ${capital(plain(shareText(query)))}; ${plain(verdictOf(query, how))}.`,
    `  \`\`\`sql\n${indented(query.query)}\n  \`\`\``,
    ...planText("before", query.before),
    ...planText("after", query.after),
    ...query.proposals.flatMap(({ sql, definition }) => [
      `  \`\`\`sql\n${indented(`${sql};`)}\n  \`\`\``,
      ...(definition === null ? [] : [`  In ${code(formatPosition(definition.at))}: ${plain(definition.how)}.`]),
    ]),
  ].join("\n");
}

const planText = (name: string, plan: PlanSummary | null): readonly string[] =>
  plan === null ? [] : [`  \`\`\`\n${indented([`${name}: ${costText(plan)}`, ...plan.lines].join("\n"))}\n  \`\`\``];

const indented = (text: string): string => text.replace(/^/gm, "  ");
const capital = (text: string): string => text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
/** Names may hold what Markdown reads as marks; what stands between backticks is code already. */
const plain = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/[\\*_<>[\]#|]/g, "\\$&")))
    .join("");

function shortened(parts: readonly string[]): string {
  let length = 0;
  const fitting = parts.filter((part) => {
    length += part.length + 2;
    return length <= LONGEST;
  });
  const left = parts.length - fitting.length;
  return `${[...fitting, ...(left === 0 ? [] : [`${left} more; \`verso doctor\` tells them all.`])].join("\n\n")}\n`;
}
