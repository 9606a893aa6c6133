import { quotePath } from "../quote.ts";
import { defineKind, factId, statement, userSchema } from "./kind.ts";

/** @see PostgreSQL manual, "pg_namespace" */
export type Schema = { readonly name: string };

export const schemaId = (name: string) => factId("schema", quotePath(name));

export const schemas = defineKind<Schema>({
  kind: "schema",
  script: "schemas",
  query: () => `
    select 'pg_namespace'::regclass::oid::int8 as classid, n.oid::int8 as objid, 0 as objsubid, n.nspname as name
    from pg_namespace n
    where ${userSchema("n.nspname")}
      and not exists (select from pg_depend e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid and e.deptype = 'e')`,
  path: (a) => quotePath(a.name),
  parent: () => null,
  designate: (a) => `SCHEMA ${quotePath(a.name)}`,
  // template0 has `public`, so a database whose definitions name it must not fail on it.
  create: ({ attributes: a }) => [
    statement(`CREATE SCHEMA ${a.name === "public" ? "IF NOT EXISTS " : ""}${quotePath(a.name)}`),
  ],
  drop: ({ attributes: a }) => [statement(`DROP SCHEMA ${quotePath(a.name)}`)],
  alter: { name: "identity" },
  rename: (from, to) => [statement(`ALTER SCHEMA ${quotePath(from.name)} RENAME TO ${quotePath(to.name)}`)],
});
