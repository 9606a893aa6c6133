import type { Issued } from "../generate/issued.ts";

/** The file in a migration's folder that keeps them. */
export const KEPT_QUERIES = "queries.json";

/**
 * The statements written by hand for the schema that a migration leads to: the next migration is judged by them, when
 * definitions are ahead already. What generated functions issue need not be kept, since it follows from the schema.
 */
export interface KeptQueries {
  readonly format: "verso queries 1";
  /** Of the definitions that they were written for. */
  readonly schema: string;
  readonly queries: readonly Pick<Issued, "name" | "sql" | "at">[];
}

export const keptQueriesText = (kept: KeptQueries): string => `${JSON.stringify(kept, null, 2)}\n`;

/** What a file holds, or null when it is none of ours. */
export function parseKeptQueries(text: string | null): KeptQueries | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isOurs =
      typeof value === "object" && value !== null && "format" in value && value.format === "verso queries 1";
    return isOurs ? (value as KeptQueries) : null;
  } catch {
    return null;
  }
}

export const issuedFrom = (kept: KeptQueries | null): readonly Issued[] | null =>
  kept === null ? null : kept.queries.map((query) => ({ ...query, of: null }));
