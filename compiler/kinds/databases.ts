import { CURRENT_DATABASE } from "./attachment.ts";
import { defineKind } from "./kind.ts";

/** The database itself, only as what privileges, comments and labels are attached to. It is there before any script runs. */
export type Database = { readonly scope: "current" };

export const databases = defineKind<Database>({
  kind: "database",
  script: "settings",
  query: () => `
    select 'pg_database'::regclass::oid::int8 as classid, d.oid::int8 as objid, 0 as objsubid, 'current' as scope
    from pg_database d where d.datname = current_database()`,
  path: (a) => a.scope,
  parent: () => null,
  designate: () => CURRENT_DATABASE,
  create: () => [],
  drop: () => [],
  alter: { scope: "identity" },
});
