import { plural } from "../quantities.ts";
import { quoteName } from "../quote.ts";
import type { Session } from "../session/session.ts";
import type { SeedTables, TargetTable } from "./seedTables.ts";

/** How one row of a table is found. */
export interface Found {
  /** On `t`. */
  readonly condition: string;
  readonly values: readonly string[];
}

/** By texts of its key's columns. */
export function byKey(key: Readonly<Record<string, string>>): Found {
  const condition = Object.keys(key).map((name, i) => `t.${quoteName(name)}::text = $${i + 1}`);
  return { condition: condition.join(" and "), values: Object.values(key) };
}

/**
 * Rows that a removal would take along, or that would be left without what they refer to.
 * @returns `1 row of posts refers to it`; null where there are none
 */
export async function referringRows(
  session: Session,
  { keys }: Pick<SeedTables, "keys">,
  { oid, text }: TargetTable,
  { condition, values }: Found,
): Promise<string | null> {
  for (const { childName, childColumns, parent, parentColumns } of keys) {
    if (parent !== oid) continue;
    const same = childColumns.map((name, i) => `c.${quoteName(name)} = t.${quoteName(parentColumns[i] ?? "")}`);
    const [row] = await session.query<{ count: number }>(
      `select count(*)::int as count from ${text} t join ${childName} c on ${same.join(" and ")}
       where ${condition} and (c.tableoid, c.ctid) <> (t.tableoid, t.ctid)`,
      values,
    );
    const count = row?.count ?? 0;
    if (count > 0) return `${plural(count, "row")} of ${childName} ${count === 1 ? "refers" : "refer"} to it`;
  }
  return null;
}
