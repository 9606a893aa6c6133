import type { Conversion as ConversionDeclaration, ConversionOptions } from "../declare/languages.ts";
import { quotePath, quoteText } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { givenAt, inSchema } from "./given.ts";
import { defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
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

const conversionId = (schema: string, name: string) => factId("conversion", quotePath(schema, name));

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

const OPTIONS = {
  from: true,
  to: true,
  function: true,
  default: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof ConversionOptions, true>;

export const declaredConversion: Declarer<ConversionDeclaration> = {
  identify: inSchema(conversionId),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `conversion ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const given = givenAt(source, declaring);
    const attributes: Conversion = {
      schema,
      name,
      from: options.from,
      to: options.to,
      function: given.name(options.function),
      isDefault: options.default ?? false,
    };
    const hint = renamedFrom(options.renamedFrom, schema, conversionId);
    declaring.add(conversions, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};
