import { quotePath, quoteText } from "../quote.ts";
import { defineKind, notOfExtension, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";

/** An encoding conversion. @see PostgreSQL manual, "pg_conversion" */
export type Conversion = {
  readonly schema: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Printed name of its function. */
  readonly function: string;
  readonly isDefault: boolean;
};

const named = (a: Conversion): string => quotePath(a.schema, a.name);

export const conversions = defineKind<Conversion>({
  kind: "conversion",
  script: "functions",
  foundIn: "pg_conversion where oid >= 16384",
  query: () => `
    select 'pg_conversion'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.conname as name,
      pg_encoding_to_char(c.conforencoding) as from, pg_encoding_to_char(c.contoencoding) as to,
      c.conproc::regproc::text as function, c.condefault as "isDefault"
    from pg_conversion c join pg_namespace n on n.oid = c.connamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_conversion", "c.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `CONVERSION ${named(a)}`,
  create: ({ attributes: a }) => [
    statement(
      `CREATE ${a.isDefault ? "DEFAULT " : ""}CONVERSION ${named(a)} FOR ${quoteText(a.from)} TO ${quoteText(a.to)} FROM ${a.function}`,
    ),
  ],
  drop: ({ attributes: a }) => [statement(`DROP CONVERSION ${named(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    from: "replace",
    to: "replace",
    function: "replace",
    isDefault: "replace",
  },
  rename: (from, to) => renameQualified("CONVERSION", from, to),
});
