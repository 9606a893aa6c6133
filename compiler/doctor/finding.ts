import type { Position } from "../diagnostic.ts";
import type { FactId } from "../facts.ts";

/** From the least to the worst: worth knowing, costs or risks something, is broken or soon will be. */
export const SEVERITIES = ["info", "warning", "error"] as const;
export type Severity = (typeof SEVERITIES)[number];

export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);

/** A statement as it can be run, and what it means to those who use the database meanwhile. */
export interface Remedy {
  readonly sql: string;
  readonly effect: string;
}

/** What was measured, by names that end in their unit: `sizeBytes`, `openSeconds`, `usedRatio`; null for unknown. */
export type Evidence = Readonly<Record<string, string | number | null>>;

/** What a check says of one object. */
export interface Advice {
  readonly severity: Severity;
  /** Printed SQL name, or what else tells it from others in every run: `backend 4711`. */
  readonly object: string;
  /** One factual line. */
  readonly title: string;
  /** What comes of it. */
  readonly why: string;
  readonly evidence: Evidence;
  readonly remedies: readonly Remedy[];
  /** What a definition can do about it: at the first of these facts that is declared. */
  readonly mend?: { readonly at: readonly FactId[]; readonly how: string };
}

export interface Finding extends Omit<Advice, "mend"> {
  /** The check's name and the object: the same as long as it is found. */
  readonly id: string;
  readonly check: string;
  /** Where it is declared, and what to write there; null where it is not, or no definition can help. */
  readonly definition: { readonly at: Position; readonly how: string } | null;
}

/** What could not be seen, and what would change that. */
export interface Gap {
  readonly why: string;
  readonly next: string;
}

/** A skipped check found nothing because it could not look: that is not `ok`. One that failed met an error it does not know. */
export interface Outcome {
  readonly check: string;
  /** In the plural: `foreign keys without an index`. */
  readonly looksFor: string;
  readonly status: "ok" | "found" | "skipped" | "failed";
  /** Of a check that was skipped or failed; of another one, what it did not see. */
  readonly gap: Gap | null;
}

export interface Report {
  readonly target: string;
  /** server_version_num. */
  readonly version: number;
  readonly isReplica: boolean;
  /** How far the server's statistics reach back, at least. */
  readonly statisticsSeconds: number;
  readonly outcomes: readonly Outcome[];
  /** The worst first, then in the order of the checks. */
  readonly findings: readonly Finding[];
  /** What the domain accepts, with its reasons. */
  readonly accepted: readonly (Finding & { readonly reason: string })[];
}
