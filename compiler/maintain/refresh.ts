import { readRelations } from "./relations.ts";
import { flushStatistics } from "./statistics.ts";
import type { Job, Surroundings, Task } from "./task.ts";
import { notAllowed } from "./words.ts";

interface View {
  readonly oid: number;
  readonly isPopulated: boolean;
  readonly hasKey: boolean;
}

/** Materialized views, each after those that it reads, whether through plain views or not. */
export const refresh: Task = {
  does: "REFRESH of materialized views, each after those it reads",
  find: async (around) => {
    const views = await around.session.query<View>(VIEWS);
    return views.flatMap((view) => jobOf(view, around));
  },
};

// Whoever reads a view needs all that it needs and the view as well: the number of them is an order.
const VIEWS = `
  with recursive reads as (
    select distinct r.ev_class as view, d.refobjid as relation
    from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
      and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
  ), needs as (
    select view, relation from reads
    union
    select n.view, r.relation from needs n join reads r on r.view = n.relation
  )
  select c.oid::int8::float8 as oid, c.relispopulated as "isPopulated",
    exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
      and i.indpred is null and i.indexprs is null) as "hasKey"
  from pg_class c
  where c.relkind = 'm'
  order by (select count(*) from needs n join pg_class m on m.oid = n.relation
    where n.view = c.oid and m.relkind = 'm'), c.oid`;

function jobOf({ oid, isPopulated, hasKey }: View, { session, relations }: Surroundings): readonly Job[] {
  const relation = relations.get(oid);
  if (relation === undefined) return [];
  const { path, bytes, liveRows, mayChange } = relation;
  const isConcurrent = isPopulated && hasKey && session.engine === "server";
  const waiting = hasKey || !isPopulated ? "" : "; who reads it waits, because it has no unique index of columns";
  return [
    {
      object: path,
      relation,
      bytes,
      // When it was refreshed last, and what has changed since, PostgreSQL does not record.
      need: 1,
      reason: isPopulated ? `as old as its last refresh${waiting}` : "never filled",
      obstacle: mayChange ? undefined : notAllowed(path, session),
      sql: [`REFRESH MATERIALIZED VIEW ${isConcurrent ? "CONCURRENTLY " : ""}${path}`],
      before: { bytes, rows: liveRows },
      measure: async () => {
        await flushStatistics(session);
        const after = (await readRelations(session, oid)).get(oid);
        return after === undefined ? {} : { bytes: after.bytes, rows: after.liveRows };
      },
    },
  ];
}
