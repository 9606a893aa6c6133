import { createRequire } from "node:module";
import { dedent } from "./dedent.ts";

const LONG = 100;

/**
 * A declared query as it stands in emitted SQL. Its author's own layout is kept; one that was written on a single long
 * line is laid out.
 */
export function formatQuery(text: string): string {
  const query = dedent(text);
  if (query.includes("\n") || query.length <= LONG) return query;
  // Loaded only when there is something to lay out: it costs more than all the rest of a compilation.
  const { format } = createRequire(import.meta.url)("sql-formatter") as typeof import("sql-formatter");
  try {
    return format(query, { language: "postgresql" });
  } catch {
    // A construct that the formatter does not know is none of its business.
    return query;
  }
}
