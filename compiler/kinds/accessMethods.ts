import { quoteName } from "../quote.ts";
import { defineKind, notOfExtension, statement } from "./kind.ts";

/** @see PostgreSQL manual, "pg_am" */
export type AccessMethod = {
  readonly name: string;
  readonly type: "INDEX" | "TABLE";
  /** Printed name of its function. */
  readonly handler: string;
};

export const accessMethods = defineKind<AccessMethod>({
  kind: "access method",
  script: "functions",
  query: () => `
    select 'pg_am'::regclass::oid::int8 as classid, a.oid::int8 as objid, 0 as objsubid,
      a.amname as name, case a.amtype when 'i' then 'INDEX' when 't' then 'TABLE' end as type,
      a.amhandler::regproc::text as handler
    from pg_am a where a.oid >= 16384 and ${notOfExtension("pg_am", "a.oid")}`,
  path: (a) => quoteName(a.name),
  parent: () => null,
  designate: (a) => `ACCESS METHOD ${quoteName(a.name)}`,
  create: ({ attributes: a }) => [
    statement(`CREATE ACCESS METHOD ${quoteName(a.name)} TYPE ${a.type} HANDLER ${a.handler}`),
  ],
  drop: ({ attributes: a }) => [statement(`DROP ACCESS METHOD ${quoteName(a.name)}`)],
  alter: { name: "identity", type: "replace", handler: "replace" },
});
