import type { Collation as CollationDeclaration, CollationOptions } from "../declare/collations.ts";
import { quotePath, quoteText } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { inSchema } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";
import { swapCollation } from "./swap.ts";

/** @see PostgreSQL manual, "pg_collation" */
export type Collation = {
  readonly schema: string;
  readonly name: string;
  readonly provider: "libc" | "icu" | "builtin";
  /** For icu and builtin; null for libc, which has the two below. */
  readonly locale: string | null;
  readonly lcCollate: string | null;
  readonly lcCtype: string | null;
  readonly isDeterministic: boolean;
  /** Tailoring rules of ICU. */
  readonly rules: string | null;
};

export const collationId = (schema: string, name: string) => factId("collation", quotePath(schema, name));

const named = (a: Collation): string => quotePath(a.schema, a.name);

function createText(a: Collation): string {
  const locale =
    a.locale !== null
      ? [`LOCALE = ${quoteText(a.locale)}`]
      : a.lcCollate === a.lcCtype
        ? [`LOCALE = ${quoteText(a.lcCollate ?? "")}`]
        : [`LC_COLLATE = ${quoteText(a.lcCollate ?? "")}`, `LC_CTYPE = ${quoteText(a.lcCtype ?? "")}`];
  const options = [
    `PROVIDER = ${a.provider}`,
    ...locale,
    ...(a.isDeterministic ? [] : ["DETERMINISTIC = false"]),
    ...(a.rules === null ? [] : [`RULES = ${quoteText(a.rules)}`]),
  ];
  return `CREATE COLLATION ${named(a)} (${options.join(", ")})`;
}

const swap: Alter<Collation> = (change, around) => swapCollation(change, around, createText(change.to.attributes));

export const collations = defineKind<Collation>({
  kind: "collation",
  script: "types",
  foundIn: "pg_collation where oid >= 16384",
  query: (version) => {
    const locale = version >= 170000 ? "c.colllocale" : version >= 150000 ? "c.colliculocale" : "c.collcollate";
    return `
    select 'pg_collation'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.collname as name,
      case c.collprovider when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' end as provider,
      case when c.collprovider <> 'c' then ${locale} end as locale,
      case when c.collprovider = 'c' then c.collcollate end as "lcCollate",
      case when c.collprovider = 'c' then c.collctype end as "lcCtype",
      c.collisdeterministic as "isDeterministic",
      ${version >= 160000 ? "c.collicurules" : "null::text"} as rules
    from pg_collation c join pg_namespace n on n.oid = c.collnamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_collation", "c.oid")}
      and c.collencoding in (-1, (select d.encoding from pg_database d where d.datname = current_database()))`;
  },
  path: named,
  parent: () => null,
  designate: (a) => `COLLATION ${named(a)}`,
  create: ({ attributes: a }) => [statement(createText(a))],
  drop: ({ attributes: a }) => [statement(`DROP COLLATION ${named(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    provider: swap,
    locale: swap,
    lcCollate: swap,
    lcCtype: swap,
    isDeterministic: swap,
    rules: swap,
  },
  rename: (from, to) => renameQualified("COLLATION", from, to),
  since: (a) =>
    a.provider === "builtin"
      ? { version: 170000, feature: "collations of the builtin provider" }
      : a.rules !== null
        ? { version: 160000, feature: "collations with rules" }
        : null,
});

const OPTIONS = {
  provider: true,
  locale: true,
  lcCollate: true,
  lcCtype: true,
  deterministic: true,
  rules: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof CollationOptions, true>;

export const declaredCollation: Declarer<CollationDeclaration> = {
  identify: inSchema(collationId),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `collation ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const { provider = "libc", locale = null } = options;
    const attributes: Collation = {
      schema,
      name,
      provider,
      locale: provider === "libc" ? null : locale,
      lcCollate: provider === "libc" ? (options.lcCollate ?? locale) : null,
      lcCtype: provider === "libc" ? (options.lcCtype ?? locale) : null,
      isDeterministic: options.deterministic ?? true,
      rules: options.rules ?? null,
    };
    const hint = renamedFrom(options.renamedFrom, schema, collationId);
    declaring.add(collations, attributes, { ...options, place: source, hint });
  },
};
