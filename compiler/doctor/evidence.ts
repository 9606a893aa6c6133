import { bytesText, durationText } from "../quantities.ts";
import { type Evidence, type Report, SEVERITIES, type Severity } from "./finding.ts";
import { daysOf } from "./thresholds.ts";

/** `row estimate 120,000`, `size 34 MB`, `used 93 %`: what is known of it, with units as the names say them. */
export function wordsOf(evidence: Evidence): readonly string[] {
  return Object.entries(evidence).flatMap(([name, value]) => {
    if (value === null || value === "") return [];
    const [, label = "", unit = ""] = /^(.*?)(Bytes|Ratio|Seconds|Ms)?$/.exec(name) ?? [];
    return [`${label.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${quantity(value, unit)}`];
  });
}

function quantity(value: string | number, unit: string): string {
  if (typeof value === "string") return value;
  switch (unit) {
    case "Bytes":
      return bytesText(value);
    case "Ratio":
      return `${Math.floor(value * 100)} %`;
    case "Seconds":
      return daysOf(value) >= 2 ? `${Math.floor(daysOf(value))} days` : durationText(value * 1000);
    case "Ms":
      return durationText(value);
    default:
      return value.toLocaleString("en", { maximumFractionDigits: 1 });
  }
}

export const NAMES: Readonly<Record<Severity, readonly [one: string, several: string]>> = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  info: ["info", "info"],
};

export const worstFirst: readonly Severity[] = SEVERITIES.toReversed();

/** `2 errors, 1 warning, 12 info`; `nothing found`. */
export function countsOf({ findings }: Pick<Report, "findings">): string {
  const counts = worstFirst.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${NAMES[severity][count === 1 ? 0 : 1]}`];
  });
  return counts.length === 0 ? "nothing found" : counts.join(", ");
}

/** What was looked at, and what not: `30 of 36 checks found nothing, 2 were skipped`. */
export function checksText({ outcomes, accepted }: Report): string {
  const having = (status: string): number => outcomes.filter((outcome) => outcome.status === status).length;
  const [ok, skipped, failed] = [having("ok"), having("skipped"), having("failed")];
  return [
    `${ok} of ${outcomes.length} checks found nothing`,
    ...(skipped === 0 ? [] : [`${skipped} ${skipped === 1 ? "was" : "were"} skipped`]),
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(accepted.length === 0
      ? []
      : [`${accepted.length} ${accepted.length === 1 ? "finding is" : "findings are"} accepted`]),
  ].join(", ");
}

/** `PostgreSQL 18.4, a replica, statistics of the last 12 days`. */
export function aboutTarget({ version, isReplica, statisticsSeconds }: Report): string {
  const reach = quantity(statisticsSeconds, "Seconds");
  return [
    `PostgreSQL ${Math.floor(version / 10_000)}.${version % 10_000}`,
    ...(isReplica ? ["a replica (what is to be run, runs on its primary)"] : []),
    `statistics of the last ${reach}`,
  ].join(", ");
}
