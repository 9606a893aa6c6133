/** Where in a definition file something was written; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface DiagnosticText {
  /** A stable, hyphenated name such as `reference-not-found`. */
  readonly code: string;
  /** One factual line: what happened, to which object. */
  readonly what: string;
  /** The definition, or the statement, or the server where it happened. */
  readonly at?: Position | string | undefined;
  /** Facts: PostgreSQL's own words and SQLSTATE. */
  readonly why?: string | undefined;
  /** What to do next: the command or the line to type. */
  readonly next: string;
}

/** The one error of all stages: what happened, where, why, and what to do next. The CLI alone prints it. */
export class Diagnostic extends Error implements DiagnosticText {
  override readonly name = "Diagnostic";
  readonly code: string;
  readonly what: string;
  readonly at?: Position | string | undefined;
  readonly why?: string | undefined;
  readonly next: string;

  constructor(text: DiagnosticText, cause?: unknown) {
    super(formatDiagnostic(text), cause === undefined ? undefined : { cause });
    this.code = text.code;
    this.what = text.what;
    this.at = text.at;
    this.why = text.why;
    this.next = text.next;
  }
}

export function formatPosition(at: Position | string): string {
  return typeof at === "string" ? at : `${at.file}:${at.line}:${at.column}`;
}

export function formatDiagnostic(text: DiagnosticText): string {
  const lines = [`error[${text.code}]: ${text.what}`];
  if (text.at !== undefined) lines.push(`  at   ${formatPosition(text.at)}`);
  if (text.why !== undefined) lines.push(`  why  ${text.why}`);
  lines.push(`  next ${text.next}`);
  return lines.join("\n");
}
