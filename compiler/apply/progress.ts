import type { Side } from "../migrations/migration.ts";

/** What a run tells while it goes on. */
export type Progress =
  | {
      readonly event: "migration started";
      readonly name: string;
      readonly side: Side;
      readonly steps: number;
      /** Steps that an earlier, interrupted run has done. */
      readonly done: number;
    }
  | {
      readonly event: "step started";
      readonly name: string;
      readonly step: number;
      readonly of: number;
      readonly transactional: boolean;
      readonly statements: number;
    }
  | {
      readonly event: "step retried";
      readonly name: string;
      readonly step: number;
      readonly attempt: number;
      readonly waitMs: number;
      readonly why: string;
    }
  | {
      readonly event: "step finished";
      readonly name: string;
      readonly step: number;
      readonly of: number;
      readonly durationMs: number;
    }
  | { readonly event: "migration finished"; readonly name: string; readonly side: Side; readonly durationMs: number }
  /** The catalog is compared on the shadow, which takes a while. */
  | { readonly event: "comparing"; readonly name: string }
  /** Something that could not be checked, or was mended on the way. */
  | { readonly event: "note"; readonly text: string };

export type OnProgress = (progress: Progress) => void;

export interface RunOptions {
  readonly onProgress?: OnProgress;
  /** How long a statement may wait for a lock while others queue behind it; 3 s when not given. */
  readonly lockTimeoutMs?: number;
  /** Attempts at a step that does not get its locks, 10 when not given; waits between them double up to half a minute. */
  readonly lockAttempts?: number;
  /** Shortest wait between attempts, 500 ms when not given. */
  readonly retryWaitMs?: number;
  /** Consent to destroying rows and values. */
  readonly acceptDataLoss?: boolean;
}
