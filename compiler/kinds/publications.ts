import type { Publication as PublicationDeclaration, PublicationOptions } from "../declare/publications.ts";
import { REFERENCE } from "../declare/sql.ts";
import { inParentheses, quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { givenAt, renamed } from "./given.ts";
import { type Alter, defineKind, factId, statement } from "./kind.ts";
import { schemaId } from "./schemas.ts";

/** @see PostgreSQL manual, "pg_publication" */
export type Publication = {
  readonly name: string;
  readonly allTables: boolean;
  /** Among `insert`, `update`, `delete`, `truncate`, in this order. */
  readonly publish: readonly string[];
  readonly viaRoot: boolean;
  /** Stored generated columns are published too (PostgreSQL 18). */
  readonly generatedColumns: boolean;
};

const publicationId = (name: string) => factId("publication", quoteName(name));

const option = {
  publish: (a: Publication): string => `publish = '${a.publish.join(", ")}'`,
  viaRoot: (a: Publication): string => `publish_via_partition_root = ${a.viaRoot}`,
  generatedColumns: (a: Publication): string => `publish_generated_columns = ${a.generatedColumns ? "stored" : "none"}`,
};

const setOption =
  (write: (a: Publication) => string): Alter<Publication> =>
  ({ to: { attributes: a } }) => [statement(`ALTER PUBLICATION ${quoteName(a.name)} SET (${write(a)})`)];

export const publications = defineKind<Publication>({
  kind: "publication",
  script: "settings",
  foundIn: "pg_publication",
  query: (version) => `
    select 'pg_publication'::regclass::oid::int8 as classid, p.oid::int8 as objid, 0 as objsubid,
      p.pubname as name, p.puballtables as "allTables",
      array_remove(array[case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
        case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end], null) as publish,
      p.pubviaroot as "viaRoot", ${version >= 180000 ? "p.pubgencols = 's'" : "false"} as "generatedColumns"
    from pg_publication p
    where not exists (
      select from pg_depend e where e.classid = 'pg_publication'::regclass and e.objid = p.oid and e.deptype = 'e')`,
  path: (a) => quoteName(a.name),
  parent: () => null,
  designate: (a) => `PUBLICATION ${quoteName(a.name)}`,
  create: ({ attributes: a }) => {
    const options = [
      a.publish.length === 4 ? "" : option.publish(a),
      a.viaRoot ? option.viaRoot(a) : "",
      a.generatedColumns ? option.generatedColumns(a) : "",
    ].filter((one) => one !== "");
    return [
      statement(
        `CREATE PUBLICATION ${quoteName(a.name)}${a.allTables ? " FOR ALL TABLES" : ""}${
          options.length > 0 ? ` WITH (${options.join(", ")})` : ""
        }`,
      ),
    ];
  },
  drop: ({ attributes: a }) => [statement(`DROP PUBLICATION ${quoteName(a.name)}`)],
  alter: {
    name: "identity",
    allTables: "replace",
    publish: setOption(option.publish),
    viaRoot: setOption(option.viaRoot),
    generatedColumns: setOption(option.generatedColumns),
  },
  rename: (from, to) => [statement(`ALTER PUBLICATION ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`)],
  since: (a) => (a.generatedColumns ? { version: 180000, feature: "publishing generated columns" } : null),
});

/** A table in a publication. @see PostgreSQL manual, "pg_publication_rel" */
export type PublicationTable = {
  readonly publication: string;
  readonly schema: string;
  readonly table: string;
  /** Null for all columns. */
  readonly columns: readonly string[] | null;
  /** Row filter. */
  readonly where: string | null;
};

const published = (a: PublicationTable): string => quotePath(a.schema, a.table);

export const publicationTables = defineKind<PublicationTable>({
  kind: "publication table",
  script: "settings",
  foundIn: "pg_publication",
  query: (version) => `
    select 'pg_publication_rel'::regclass::oid::int8 as classid, r.oid::int8 as objid, 0 as objsubid,
      p.pubname as publication, n.nspname as schema, c.relname as table,
      ${
        version >= 150000
          ? `case when r.prattrs is not null then array(
        select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = any (r.prattrs) order by a.attnum)
        end as columns, pg_get_expr(r.prqual, r.prrelid) as where`
          : "null::text[] as columns, null::text as where"
      }
    from pg_publication_rel r
    join pg_publication p on p.oid = r.prpubid
    join pg_class c on c.oid = r.prrelid
    join pg_namespace n on n.oid = c.relnamespace`,
  path: (a) => `${published(a)} in ${quoteName(a.publication)}`,
  parent: (a) => publicationId(a.publication),
  needs: (a) => [factId("table", published(a))],
  // ONLY, because tables that inherit from it are facts of their own here.
  create: ({ attributes: a }) => {
    const columns = a.columns === null ? "" : ` (${a.columns.map(quoteName).join(", ")})`;
    const where = a.where === null ? "" : ` WHERE ${inParentheses(a.where)}`;
    return [
      statement(`ALTER PUBLICATION ${quoteName(a.publication)} ADD TABLE ONLY ${published(a)}${columns}${where}`),
    ];
  },
  drop: ({ attributes: a }) => [
    statement(`ALTER PUBLICATION ${quoteName(a.publication)} DROP TABLE ONLY ${published(a)}`),
  ],
  alter: {
    publication: "identity",
    schema: "identity",
    table: "identity",
    columns: "replace",
    where: "replace",
  },
  pins: (a) => a.where !== null,
  since: (a) =>
    a.columns !== null || a.where !== null
      ? { version: 150000, feature: "column lists and row filters of publications" }
      : null,
});

/** All tables of a schema in a publication. @see PostgreSQL manual, "pg_publication_namespace" */
export type PublicationSchema = { readonly publication: string; readonly schema: string };

export const publicationSchemas = defineKind<PublicationSchema>({
  kind: "publication schema",
  script: "settings",
  foundIn: "pg_publication",
  query: (version) =>
    version >= 150000
      ? `
    select 'pg_publication_namespace'::regclass::oid::int8 as classid, s.oid::int8 as objid, 0 as objsubid,
      p.pubname as publication, n.nspname as schema
    from pg_publication_namespace s
    join pg_publication p on p.oid = s.pnpubid
    join pg_namespace n on n.oid = s.pnnspid`
      : "select 0 as classid, 0 as objid, 0 as objsubid, '' as publication, '' as schema where false",
  path: (a) => `${quoteName(a.schema)} in ${quoteName(a.publication)}`,
  parent: (a) => publicationId(a.publication),
  needs: (a) => [schemaId(a.schema)],
  create: ({ attributes: a }) => [
    statement(`ALTER PUBLICATION ${quoteName(a.publication)} ADD TABLES IN SCHEMA ${quoteName(a.schema)}`),
  ],
  drop: ({ attributes: a }) => [
    statement(`ALTER PUBLICATION ${quoteName(a.publication)} DROP TABLES IN SCHEMA ${quoteName(a.schema)}`),
  ],
  alter: { publication: "identity", schema: "identity" },
  since: () => ({ version: 150000, feature: "publications of a schema's tables" }),
});

const OPTIONS = {
  tables: true,
  schemas: true,
  allTables: true,
  publish: true,
  viaRoot: true,
  generatedColumns: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof PublicationOptions, true>;

const COMMANDS = ["insert", "update", "delete", "truncate"] as const;

export const declaredPublication: Declarer<PublicationDeclaration> = {
  identify: ({ name }) => ({ id: publicationId(name), text: quoteName(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `publication ${name}`, source);
    const { publish = COMMANDS } = options;
    const attributes: Publication = {
      name,
      allTables: options.allTables ?? false,
      publish: COMMANDS.filter((one) => publish.includes(one)),
      viaRoot: options.viaRoot ?? false,
      generatedColumns: options.generatedColumns ?? false,
    };
    const hint = renamed(options, publicationId);
    declaring.add(publications, attributes, { ...options, place: source, hint });
    const place = { position: source.position };
    for (const one of options.tables ?? []) {
      const { table, columns = null, where } = "table" in one ? one : { table: one };
      const given = givenAt(source, declaring);
      const found = declaring.get(table[REFERENCE], source);
      const published: PublicationTable = {
        publication: name,
        schema: found.schema ?? "",
        table: table.name,
        columns,
        where: where === undefined ? null : declaring.text(where, given.needs, source, table[REFERENCE]),
      };
      declaring.add(publicationTables, published, { place, needs: given.needs });
    }
    for (const one of options.schemas ?? []) {
      const schema = declaring.schemaName(one);
      const needs = [declaring.schemaFact(schema)];
      declaring.add(publicationSchemas, { publication: name, schema }, { place, needs });
    }
  },
};
