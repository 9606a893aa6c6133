import type { FactId } from "../facts.ts";
import { quoteBody, quoteText } from "../quote.ts";
import { type Statement, type Surroundings, statement } from "./kind.ts";

/**
 * What comments and security labels are attached to: a fact, or a part of it that is no fact of its own, then written as
 * SQL designates it (`COLUMN public.recent.id` of a view, `INDEX public.users_pkey` behind a constraint).
 */
export type Attachment = {
  readonly target: FactId;
  readonly part: string | null;
};

export const attachmentPath = (a: Attachment): string => (a.part === null ? a.target : `${a.target}: ${a.part}`);

/**
 * Query for rows of `source` (columns classoid, objoid, objsubid and those named in `columns`) with the address of the fact
 * that they are attached to. Columns of views and indexes of constraints count as parts; attributes of composite types have
 * the addresses that composites.ts gives them.
 */
export const attachmentQuery = (source: string, columns: string): string => `
  select case when k.oid is not null then 'pg_constraint'::regclass else d.classoid end::oid::int8 as classid,
    coalesce(k.oid, d.objoid)::int8 as objid,
    case when r.relkind in ('v', 'm') then 0 when r.relkind = 'c' then -d.objsubid else d.objsubid end as objsubid,
    case when r.relkind in ('v', 'm') and d.objsubid <> 0 then (
        select format('COLUMN %I.%I.%I', n.nspname, r.relname, a.attname)
        from pg_attribute a, pg_namespace n
        where a.attrelid = r.oid and a.attnum = d.objsubid and n.oid = r.relnamespace)
      when k.oid is not null then (
        select format('INDEX %I.%I', n.nspname, r.relname) from pg_namespace n where n.oid = r.relnamespace)
      end as part,
    ${columns}
  from (${source}) d
  left join pg_class r on d.classoid = 'pg_class'::regclass and r.oid = d.objoid
  left join pg_constraint k on r.relkind in ('i', 'I') and k.conindid = r.oid and k.contype in ('p', 'u', 'x')
  where ${notMember("d.classoid", "d.objoid")}`;

/** Leaves out what extensions own, whatever catalog it is in; a hashed list, so that statistics play no part. */
export const notMember = (classid: string, objid: string): string =>
  `(${classid}::oid, ${objid}) not in (select e.classid, e.objid from pg_depend e where e.deptype = 'e')`;

/** A statement about what something is attached to; `write` gets it as SQL designates it. */
export function attachmentStatement(
  a: Attachment,
  around: Surroundings,
  write: (designation: string) => string,
): Statement {
  const designation = a.part ?? around.designate(a.target);
  return designation === CURRENT_DATABASE
    ? onCurrentDatabase((database) => write(`DATABASE ${database}`))
    : statement(write(designation));
}

/** Stands for the database that a script runs in, whose name differs between a shadow and what it stands for. */
export const CURRENT_DATABASE = "DATABASE current_database()";

/** A statement that must name the database it runs in: it looks the name up when it runs. */
export function onCurrentDatabase(write: (database: string) => string): Statement {
  const place = "\u0000";
  const template = write(place).replaceAll("%", "%%").replaceAll(place, "%I");
  const quoted = template.includes("'") ? quoteBody(template, "sql") : quoteText(template);
  return statement(`DO ${quoteBody(`BEGIN EXECUTE format(${quoted}, current_database()); END`)}`);
}
