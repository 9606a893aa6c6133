import { durationText } from "../../quantities.ts";
import type { ExplainedQuery, PlanSummary } from "./explanation.ts";

const number = (value: number): string => Math.round(value).toLocaleString("en");

export const costText = ({ cost }: PlanSummary): string => `cost ${number(cost)}`;

/** `62 % of the time of all queries: 12,034 calls of 34 ms`. */
export function shareText({ shareRatio, calls, meanMs }: ExplainedQuery): string {
  const each = meanMs < 10 ? `${meanMs.toFixed(2)} ms` : durationText(meanMs);
  const times = `${number(calls)} ${calls === 1 ? "call" : "calls"} of ${each}`;
  return shareRatio === null ? times : `${Math.round(shareRatio * 100)} % of the time of all queries: ${times}`;
}

/** What came of the trial. */
export function verdictOf({ before, after, proposals, refusal }: ExplainedQuery, how: string): string {
  if (before === null) return `cannot be planned without its constants: ${refusal}`;
  if (after !== null) {
    const times = before.cost / Math.max(after.cost, 0.01);
    return `${costText(before)}, and ${costText(after)} with what follows: ${times < 10 ? times.toFixed(1) : number(times)} times less`;
  }
  if (refusal !== null) return `${costText(before)}; ${refusal}`;
  if (proposals.length > 0) return `${costText(before)}; what follows might help, and was not tried`;
  return `${costText(before)}; ${how === "none" ? "no index comes to mind" : "no index was found that makes it much cheaper"}`;
}
