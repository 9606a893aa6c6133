import type { Schema as SchemaDeclaration, SchemaOptions } from "../declare/schemas.ts";
import { quotePath } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
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

const OPTIONS = { owner: true, comment: true, renamedFrom: true, grants: true } satisfies Record<
  keyof SchemaOptions,
  true
>;

export const declaredSchema: Declarer<SchemaDeclaration> = {
  identify: ({ name }) => ({ id: schemaId(name), text: quotePath(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `schema ${name}`, source);
    const { renamedFrom } = options;
    const hint = renamedFrom === undefined ? undefined : { renamedFrom: schemaId(renamedFrom) };
    declaring.add(schemas, { name }, { ...options, place: source, hint });
  },
};
