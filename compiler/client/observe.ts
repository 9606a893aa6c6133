/** What became of one statement. */
export interface Observation {
  readonly text: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly durationMs: number;
  readonly rows: number;
  readonly error: unknown;
}

export const observer: { observe?: (observation: Observation) => void } = {};

/** Has every statement of generated functions told, for logs, metrics or spans of OpenTelemetry. Returns what ends it. */
export function observeStatements(observe: (observation: Observation) => void): () => void {
  observer.observe = observe;
  return () => {
    if (observer.observe === observe) delete observer.observe;
  };
}
