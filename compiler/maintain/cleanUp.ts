import { quotePath } from "../quote.ts";
import { flushStatistics } from "./statistics.ts";
import type { Task } from "./task.ts";

/** What definitions declare with `maintenance: true`. */
export const cleanUp: Task = {
  does: "functions that definitions mark with `maintenance: true`",
  find: async ({ session, cleanUps }) => {
    const there = await session.query<{ at: number }>(
      `select c.at::int - 1 as at from unnest($1::text[], $2::text[]) with ordinality c(schema, name, at)
      where exists (select from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = c.schema and p.proname = c.name and has_function_privilege(p.oid, 'execute'))`,
      [cleanUps.map(({ schema }) => schema), cleanUps.map(({ name }) => name)],
    );
    const callable = new Set(there.map(({ at }) => at));
    return cleanUps.map(({ schema, name, call }, at) => ({
      object: quotePath(schema, name),
      relation: null,
      bytes: 0,
      need: 1,
      reason: "declared with maintenance: true",
      obstacle: callable.has(at) ? undefined : "it is not in this database, or may not be called by this role",
      sql: [call],
      before: {},
      perform: async () => {
        const [row] = await session.query(call);
        const [answer] = Object.values(row ?? {});
        // VACUUM looks at what was counted.
        await flushStatistics(session);
        const removedRows = Number(answer);
        return answer === null || answer === "" || !Number.isFinite(removedRows) ? {} : { removedRows };
      },
    }));
  },
};
