import type { Extension as ExtensionDeclaration, ExtensionOptions } from "../declare/schemas.ts";
import type { FactIndex } from "../facts.ts";
import { quoteName, quoteText } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { type Alter, defineKind, factId, statement } from "./kind.ts";

/** @see PostgreSQL manual, "pg_extension" */
export type Extension = {
  readonly name: string;
  readonly schema: string;
  /** Where it is not the one that the server installs by itself; null to take that one. */
  readonly version: string | null;
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
    // Servers offer different versions of the same extension, and an update is not undone: none happens unasked.
    version: "no difference",
    holdsRows: "no difference",
  },
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
      holdsRows: false,
    };
    // The comment above the declaration says why it is here; the extension has its own.
    declaring.add(extensions, attributes, {
      place: { position: source.position },
      comment: options.comment,
      hint: options.keep ? { keep: true } : undefined,
    });
  },
};

/** Names of the extensions among facts, for engines that must load them beforehand. */
export const extensionNames = (facts: FactIndex): readonly string[] =>
  [...facts.values()]
    .filter(({ kind }) => kind === "extension")
    .map(({ attributes: { name } }) => String(name))
    .sort();
