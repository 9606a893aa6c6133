import { emptyAttic, readAttic, requireConsentTo } from "../apply/attic.ts";
import type { Task } from "./task.ts";

/** What `verso purge` does. */
export const attic: Task = {
  does: "purge of what migrations set aside, as by `verso purge`",
  isOnRequest: true,
  find: async ({ session, acceptDataLoss, isDryRun }) => {
    const tables = await readAttic(session, {});
    if (!isDryRun) requireConsentTo(tables, session, { acceptDataLoss });
    return tables.map((table) => ({
      object: table.name,
      relation: null,
      bytes: table.bytes,
      need: 1,
      reason: table.migration === null ? "no rollback brings it back" : `set aside by ${table.migration}`,
      sql: [`${table.migration === null ? "DROP TABLE" : "TRUNCATE"} ${table.name}`],
      before: { bytes: table.bytes },
      perform: async () => {
        await emptyAttic(session, [table]);
        return { bytes: 0, ...(table.rows === null ? {} : { removedRows: table.rows }) };
      },
    }));
  },
};
