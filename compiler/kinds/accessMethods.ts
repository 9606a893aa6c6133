import type { AccessMethod as AccessMethodDeclaration, AccessMethodOptions } from "../declare/languages.ts";
import { quoteName } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { givenAt } from "./given.ts";
import { defineKind, factId, notOfExtension, statement } from "./kind.ts";

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

const OPTIONS = { type: true, handler: true, comment: true } satisfies Record<keyof AccessMethodOptions, true>;

export const declaredAccessMethod: Declarer<AccessMethodDeclaration> = {
  identify: ({ name }) => ({ id: factId("access method", quoteName(name)), text: quoteName(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `access method ${name}`, source);
    const given = givenAt(source, declaring);
    const attributes: AccessMethod = {
      name,
      type: options.type === "index" ? "INDEX" : "TABLE",
      handler: given.name(options.handler),
    };
    declaring.add(accessMethods, attributes, { place: source, needs: given.needs, comment: options.comment });
  },
};
