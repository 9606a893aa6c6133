import type { FactId } from "../facts.ts";
import { quoteName } from "../quote.ts";
import { extensionId } from "./extensions.ts";
import { defineKind, type Surroundings, statement } from "./kind.ts";

/** What is dropped with an extension although it is not part of it. @see PostgreSQL manual, "pg_depend", deptype x */
export type ExtensionDependency = { readonly target: FactId; readonly extension: string };

const alter = (a: ExtensionDependency, no: "" | "NO ", around: Surroundings) => [
  statement(`ALTER ${around.designate(a.target)} ${no}DEPENDS ON EXTENSION ${quoteName(a.extension)}`),
];

export const extensionDependencies = defineKind<ExtensionDependency>({
  kind: "extension dependency",
  script: "settings",
  query: () => `
    select d.classid::int8 as classid, d.objid::int8 as objid, d.objsubid, x.extname as extension
    from pg_depend d join pg_extension x on x.oid = d.refobjid
    where d.deptype = 'x' and d.refclassid = 'pg_extension'::regclass`,
  attaches: true,
  path: (a) => `${a.target} with ${quoteName(a.extension)}`,
  parent: (a) => a.target,
  needs: (a) => [extensionId(a.extension)],
  create: ({ attributes: a }, around) => alter(a, "", around),
  drop: ({ attributes: a }, around) => alter(a, "NO ", around),
  alter: { target: "identity", extension: "identity" },
});
