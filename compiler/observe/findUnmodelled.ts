import type { Session } from "../session/session.ts";
import { LEFT_OUT } from "./leftOut.ts";

/** Rows that no object of their own stands behind, or that the reader leaves out as the server's affair. */
const NO_OBJECTS = new Set(["pg_enum", "pg_auth_members", "pg_authid", "pg_database"]);

/** Of what the whole server shares, the rows of this database. */
const ROWS_HERE: Readonly<Record<string, string>> = {
  pg_subscription:
    " and t.subdbid = (select d.oid from pg_catalog.pg_database d where d.datname = pg_catalog.current_database())",
};

/** `classid.objid` of everything that facts stand for. */
export type Known = Pick<ReadonlySet<string>, "has">;

/**
 * Objects of a database that no fact stands for, because they are of a kind that Verso does not model: `type public.shell`.
 * It asks every catalog there is, also those of a PostgreSQL that is newer than Verso.
 */
export async function findUnmodelled(session: Session, known: Known): Promise<readonly string[]> {
  const catalogs = await session.query<{ name: string }>(`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and a.attname = 'oid'
      and has_column_privilege(c.oid, a.attnum, 'select')
    order by 1`);
  const asked = catalogs.filter(({ name }) => LEFT_OUT[name] === undefined && !NO_OBJECTS.has(name));
  // What lives in something else, or came with an extension, goes where that goes.
  const objects = await session.query<{ addresses: string | null }>(
    asked
      .map(
        ({ name }) => `select string_agg(concat('pg_catalog.${name}'::regclass::oid, '.', t.oid), ' ') as addresses
        from pg_catalog.${name} t
        where t.oid >= 16384${ROWS_HERE[name] ?? ""} and not exists (select from pg_catalog.pg_depend d
          where d.classid = 'pg_catalog.${name}'::regclass and d.objid = t.oid and d.deptype in ('i', 'a', 'e', 'P', 'S'))`,
      )
      .join("\nunion all\n"),
  );
  const unknown = objects
    .flatMap(({ addresses }) => addresses?.split(" ") ?? [])
    .filter((address) => !known.has(address));
  if (unknown.length === 0) return [];
  const found = await session.query<{ what: string }>(
    `select concat(o.type, ' ', o.identity) as what
    from unnest($1::text[]) x, pg_identify_object(split_part(x, '.', 1)::oid, split_part(x, '.', 2)::oid, 0) o
    where coalesce(o.schema, case when o.type = 'schema' then o.name end, '') !~ '^(pg_temp|pg_toast|verso$|verso_attic$)'
    order by 1`,
    [unknown],
  );
  return found.map(({ what }) => what);
}
