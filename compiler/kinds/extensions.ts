import type { Extension as ExtensionDeclaration, ExtensionOptions } from "../declare/schemas.ts";
import type { FactIndex } from "../facts.ts";
import { quoteName, quoteText } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { useOf } from "./extensionTrials.ts";
import { type Alter, defineKind, factId, statement } from "./kind.ts";

/** @see PostgreSQL manual, "pg_extension" */
export type Extension = {
  readonly name: string;
  readonly schema: string;
  /** Where it is not the one that the server installs by itself; null to take that one. */
  readonly version: string | null;
  /** Versions that the server can update it to, said in the same way. */
  readonly updatesTo: readonly (string | null)[];
  /** It has tables whose rows pg_dump keeps: settings, jobs, reference systems that users may have added. */
  readonly holdsRows: boolean;
};

export const extensionId = (name: string) => factId("extension", quoteName(name));

const setSchema = (a: Extension) => statement(`ALTER EXTENSION ${quoteName(a.name)} SET SCHEMA ${quoteName(a.schema)}`);

// Only a relocatable extension can move; any other must be made again.
const alterSchema: Alter<Extension> = ({ to: { id, attributes: a } }, around) =>
  around.refused(id) ? "replace" : [setSchema(a)];

export const extensions = defineKind<Extension>({
  kind: "extension",
  script: "extensions",
  // plpgsql comes with every database.
  query: () => `
    select 'pg_extension'::regclass::oid::int8 as classid, e.oid::int8 as objid, 0 as objsubid,
      e.extname as name, n.nspname as schema,
      case when e.extversion is distinct from v.default_version then e.extversion end as version,
      case when v.name is null then '[]' else (
        select coalesce(jsonb_agg(nullif(p.target, v.default_version) order by p.target), '[]')
        from pg_extension_update_paths(e.extname) p where p.source = e.extversion and p.path is not null) end as "updatesTo",
      e.extconfig is not null as "holdsRows"
    from pg_extension e
    join pg_namespace n on n.oid = e.extnamespace
    left join pg_available_extensions() v on v.name = e.extname
    where not (e.extname = 'plpgsql' and n.nspname = 'pg_catalog')`,
  path: (a) => quoteName(a.name),
  parent: () => null,
  designate: (a) => `EXTENSION ${quoteName(a.name)}`,
  create: ({ id, attributes: a }, around) => [
    statement(
      `CREATE EXTENSION ${around.hint(id).keep ? "IF NOT EXISTS " : ""}${quoteName(a.name)} WITH SCHEMA ${quoteName(a.schema)}${
        a.version === null ? "" : ` VERSION ${quoteText(a.version)}`
      }`,
    ),
  ],
  drop: ({ attributes: a }) => [
    statement(
      `DROP EXTENSION ${quoteName(a.name)}`,
      a.holdsRows ? { destroys: `extension ${quoteName(a.name)} and the rows of its own tables` } : {},
    ),
  ],
  rename: (_, to) => [setSchema(to)],
  names: ["schema"],
  alter: {
    name: "identity",
    schema: alterSchema,
    version: ({ to: { attributes: a } }) => [
      statement(
        `ALTER EXTENSION ${quoteName(a.name)} UPDATE${a.version === null ? "" : ` TO ${quoteText(a.version)}`}`,
      ),
    ],
    updatesTo: "no difference",
    holdsRows: "no difference",
  },
  // Extensions are seldom made to go back to an older version.
  within: (wanted, start) =>
    wanted.version === start.version || start.updatesTo.includes(wanted.version)
      ? wanted
      : { ...wanted, version: start.version },
  // Who offers servers may allow more than PostgreSQL says here.
  permit: ({ attributes: { name } }) => ({
    sql: `select case
        when exists (select from pg_catalog.pg_extension where extname = ${quoteText(name)}) then null
        when v.name is null then 'the server does not have extension ' || ${quoteText(quoteName(name))}
        when current_setting('is_superuser') = 'on' then null
        when not v.superuser or v.trusted and has_database_privilege(current_database(), 'CREATE') then null
        else 'only a superuser may create extension ' || ${quoteText(quoteName(name))} end as lack,
      v.name is null as "isCertain"
      from (select) one left join (
        select a.name, x.superuser, x.trusted from pg_catalog.pg_available_extensions a
        join pg_catalog.pg_available_extension_versions x on x.name = a.name and x.version = a.default_version
        where a.name = ${quoteText(name)}) v on true`,
    before: "install the packages of these extensions on the server",
    statement: `CREATE EXTENSION ${quoteName(name)};`,
  }),
  trial: ({ attributes: { name, schema } }) => {
    const use = useOf(name, quoteName(schema));
    const installed = `pg_catalog.pg_extension where extname = ${quoteText(name)}`;
    return use === null
      ? {
          of: "extensions",
          what: `${name}: its version`,
          sql: `select extversion as found, true as works from ${installed}`,
        }
      : {
          of: "extensions",
          what: `${name}: ${use.what}`,
          sql: `select ${use.found} as found, ${use.works} as works`,
        };
  },
  // Upgrading a server offers newer versions, and nothing is other than it was.
  withoutServers: (a) => ({ ...a, version: null, updatesTo: [] }),
});

const OPTIONS = { schema: true, version: true, comment: true, keep: true } satisfies Record<
  keyof ExtensionOptions,
  true
>;

export const declaredExtension: Declarer<ExtensionDeclaration> = {
  identify: ({ name }) => ({ id: extensionId(name), text: quoteName(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `extension ${name}`, source);
    const attributes: Extension = {
      name,
      schema: declaring.schemaName(options.schema),
      version: options.version ?? null,
      updatesTo: [],
      holdsRows: false,
    };
    // The comment above the declaration says why it is here; the extension has its own.
    declaring.add(extensions, attributes, {
      place: { position: source.position },
      comment: options.comment,
      hint: {
        ...(options.keep ? { keep: true } : {}),
        ...(options.version === undefined ? { leaves: ["version"] } : {}),
      },
    });
  },
};

/** Names of the extensions among facts, for engines that must load them beforehand. */
export const extensionNames = (facts: FactIndex): readonly string[] =>
  [...facts.values()]
    .filter(({ kind }) => kind === "extension")
    .map(({ attributes: { name } }) => String(name))
    .sort();
