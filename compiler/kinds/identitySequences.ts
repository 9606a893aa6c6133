import { quotePath } from "../quote.ts";
import { columnId } from "./columns.ts";
import { defineKind, notOfExtension, userSchema } from "./kind.ts";

/** The sequence behind an identity column, for what is attached to it; the column says all else of it. */
export type IdentitySequence = {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  /** Printed. */
  readonly sequence: string;
};

export const identitySequences = defineKind<IdentitySequence>({
  kind: "identity sequence",
  script: "tables",
  foundIn: "pg_class where relkind = 'S'",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, q.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, a.attname as column, format('%I.%I', qn.nspname, q.relname) as sequence
    from pg_depend d
    join pg_class q on q.oid = d.objid and q.relkind = 'S'
    join pg_namespace qn on qn.oid = q.relnamespace
    join pg_class c on c.oid = d.refobjid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
    where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
      and d.deptype = 'i' and c.relpersistence <> 't' and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.column),
  parent: (a) => columnId(a.schema, a.table, a.column),
  designate: (a) => `SEQUENCE ${a.sequence}`,
  create: () => [],
  drop: () => [],
  alter: { schema: "identity", table: "identity", column: "identity", sequence: "no difference" },
});
