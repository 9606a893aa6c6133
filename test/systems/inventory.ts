import type { Session } from "../../compiler/session/session.ts";

export interface Inventory {
  readonly tables: readonly string[];
  readonly indexes: number;
  /** What the system asks of every table and lacks here, in words. */
  readonly lacks: readonly string[];
}

/** What SYSTEMS.md asks of every system: keys, indexed foreign keys with their deletes, kept times, comments. */
export async function takeInventory(session: Session, schema = "public"): Promise<Inventory> {
  const tables = await session.query<{ name: string }>(
    "select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = $1::regnamespace order by 1",
    [schema],
  );
  const [indexes] = await session.query<{ n: number }>(
    "select count(*)::int as n from pg_indexes where schemaname = $1",
    [schema],
  );
  const lacks = await session.query<{ lack: string }>(
    `with t as (select c.* from pg_class c where relkind in ('r', 'p') and relnamespace = $1::regnamespace)
    select relname || ' has no primary key' as lack from t
      where not exists (select from pg_constraint k where k.conrelid = t.oid and k.contype = 'p')
    union all
    select relname || ' has no comment' from t where obj_description(t.oid, 'pg_class') is null
    union all
    select relname || ' has no ' || name from t, unnest(array['created_at', 'updated_at']) as name
      where not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = name and a.attnotnull)
    union all
    select relname || ' has no trigger that keeps updated_at' from t
      where not exists (select from pg_trigger g where g.tgrelid = t.oid and g.tgname = 'set_updated_at')
    union all
    select conname || ' has no index' from t join pg_constraint k on k.conrelid = t.oid
      where contype = 'f' and not exists (select from pg_index x where x.indrelid = t.oid and x.indpred is null
        and (x.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
    union all
    select conname || ' says nothing of deletes' from t join pg_constraint k on k.conrelid = t.oid
      where contype = 'f' and confdeltype = 'a'`,
    [schema],
  );
  return { tables: tables.map(({ name }) => name), indexes: indexes?.n ?? 0, lacks: lacks.map(({ lack }) => lack) };
}
