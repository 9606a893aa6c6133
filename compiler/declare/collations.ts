import { makeNamed, type Named, type QualifiedOptions } from "./named.ts";

export interface CollationOptions extends QualifiedOptions {
  /** libc unless given. `builtin` needs PostgreSQL 17. */
  readonly provider?: "libc" | "icu" | "builtin";
  /** `"de-DE"`, `"en-u-ks-level2"`, `"C.UTF-8"`; for libc both of the two below. */
  readonly locale?: string;
  readonly lcCollate?: string;
  readonly lcCtype?: string;
  /** False for collations that take texts of other bytes as equal, such as those that do not see case. */
  readonly deterministic?: boolean;
  /** Tailoring rules of ICU: `"& a < g"`. PostgreSQL 16 and later. */
  readonly rules?: string;
}

export type Collation = Named<"collation", CollationOptions>;

/**
 * A collation; columns take it with `collate`.
 * ```ts
 * export const ignoringCase = collation("ignoring_case", { provider: "icu", locale: "und-u-ks-level2", deterministic: false });
 * // … email: text({ collate: ignoringCase })
 * ```
 * @see PostgreSQL manual, "CREATE COLLATION"
 */
export function collation(name: string, options: CollationOptions): Collation {
  return makeNamed("collation", name, options, collation);
}
