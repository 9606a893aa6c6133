import { emptyAttic, readAttic } from "../apply/attic.ts";
import type { Task } from "./task.ts";

/** What `verso purge` does. */
export const attic: Task = {
  does: "purge of what migrations set aside, as by `verso purge`",
  isOnRequest: true,
  find: async ({ session, relations }) => {
    const tables = await readAttic(session, {});
    const byPath = new Map([...relations.values()].map((one) => [one.path, one]));
    return tables.map((table) => ({
      object: table.name,
      relation: byPath.get(table.name) ?? null,
      bytes: table.bytes,
      need: 1,
      reason: table.migration === null ? "no rollback brings it back" : `set aside by ${table.migration}`,
      sql: [`${table.migration === null ? "DROP TABLE" : "TRUNCATE"} ${table.name}`],
      destroys: table,
      before: { bytes: table.bytes },
      perform: async () => {
        await emptyAttic(session, [table]);
        return { bytes: 0, ...(table.rows === null ? {} : { removedRows: table.rows }) };
      },
    }));
  },
};
