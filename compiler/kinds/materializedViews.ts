import { REFERENCE } from "../declare/sql.ts";
import type { MaterializedViewOptions, View as ViewDeclaration } from "../declare/views.ts";
import type { FactId } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom, storageParameters } from "./declaring.ts";
import { remade } from "./heldRows.ts";
import { declareIndex } from "./indexes.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";
import { alterOptions } from "./options.ts";
import { renameQualified } from "./rename.ts";
import { declareStatistics } from "./statistics.ts";
import { declaredQuery, declareViewColumns, VIEW_OPTIONS, viewQuery } from "./views.ts";

/** What is said of one column beyond what the query gives; null and [] for nothing. */
export type ColumnSetting = {
  readonly column: string;
  readonly storage: string | null;
  /** What its type has by itself: before PostgreSQL 16 there is no other way back to it. */
  readonly typeStorage: string | null;
  readonly compression: string | null;
  readonly statisticsTarget: number | null;
  readonly options: readonly string[];
};

/** @see PostgreSQL manual, "CREATE MATERIALIZED VIEW" */
export type MaterializedView = {
  readonly schema: string;
  readonly name: string;
  /** The query as pg_get_viewdef prints it, without its semicolon. */
  readonly definition: string;
  /** Access method where it is not heap, tablespace where it is not the database's. */
  readonly accessMethod: string | null;
  readonly tablespace: string | null;
  /** Storage parameters `name=value`, sorted; those of the TOAST table as `toast.name=value`. */
  readonly options: readonly string[];
  /** Columns of which something is said, by name. */
  readonly columnSettings: readonly ColumnSetting[];
  /** Whether it holds rows yet: a matter of rows, seen so that one that is built again is as full as it was. */
  readonly isPopulated: boolean;
};

export const materializedViewId = (schema: string, name: string) =>
  factId("materialized view", quotePath(schema, name));

const named = (a: MaterializedView): string => quotePath(a.schema, a.name);

const alterView = (a: MaterializedView, action: string): Statement =>
  statement(`ALTER MATERIALIZED VIEW ${named(a)} ${action}`);

const NOTHING: Omit<ColumnSetting, "column"> = {
  storage: null,
  typeStorage: null,
  compression: null,
  statisticsTarget: null,
  options: [],
};

function alterColumn(a: MaterializedView, column: string, from: typeof NOTHING, to: typeof NOTHING) {
  const alter = `ALTER COLUMN ${quoteName(column)}`;
  return [
    ...(from.storage === to.storage
      ? []
      : [alterView(a, `${alter} SET STORAGE ${to.storage ?? from.typeStorage ?? "DEFAULT"}`)]),
    ...(from.compression === to.compression
      ? []
      : [alterView(a, `${alter} SET COMPRESSION ${to.compression ?? "default"}`)]),
    ...(from.statisticsTarget === to.statisticsTarget
      ? []
      : [alterView(a, `${alter} SET STATISTICS ${to.statisticsTarget ?? -1}`)]),
    ...alterOptions(`ALTER MATERIALIZED VIEW ${named(a)} ${alter}`, from.options, to.options),
  ];
}

const alterColumns: Alter<MaterializedView> = ({ from, to }) => {
  const before = new Map(from.attributes.columnSettings.map((setting) => [setting.column, setting]));
  const after = new Map(to.attributes.columnSettings.map((setting) => [setting.column, setting]));
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .flatMap((column) =>
      alterColumn(to.attributes, column, before.get(column) ?? NOTHING, after.get(column) ?? NOTHING),
    );
};

const storage = (column: string): string =>
  `case ${column} when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' when 'x' then 'EXTENDED' end`;

export const materializedViews = defineKind<MaterializedView>({
  kind: "materialized view",
  script: "views",
  foundIn: "pg_class where relkind = 'm'",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as name,
      ${viewQuery("c.oid")} as definition,
      (select am.amname from pg_am am where am.oid = c.relam and am.amname <> 'heap') as "accessMethod",
      (select ts.spcname from pg_tablespace ts where ts.oid = c.reltablespace) as tablespace,
      array(
        select o from unnest(c.reloptions) o
        union all select 'toast.' || o from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid
        order by 1) as options,
      (select coalesce(jsonb_agg(s.setting order by s.setting->>'column'), '[]') from (
        select jsonb_build_object('column', a.attname,
            'storage', case when a.attstorage <> y.typstorage then ${storage("a.attstorage")} end,
            'typeStorage', ${storage("y.typstorage")},
            'compression', case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
            'statisticsTarget', nullif(a.attstattarget, -1),
            'options', array(select o from unnest(a.attoptions) o order by 1)) as setting
        from pg_attribute a join pg_type y on y.oid = a.atttypid
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and (a.attstorage <> y.typstorage
          or a.attcompression <> '' or nullif(a.attstattarget, -1) is not null or a.attoptions is not null)
      ) s) as "columnSettings",
      c.relispopulated as "isPopulated"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'm' and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `MATERIALIZED VIEW ${named(a)}`,
  create: ({ id, attributes: a }, around) => {
    const head = [
      `CREATE MATERIALIZED VIEW ${named(a)}`,
      a.accessMethod === null ? "" : ` USING ${quoteName(a.accessMethod)}`,
      a.options.length > 0 ? ` WITH (${a.options.join(", ")})` : "",
      a.tablespace === null ? "" : ` TABLESPACE ${quoteName(a.tablespace)}`,
    ];
    return [
      statement(`${head.join("")} AS\n${a.definition}${a.isPopulated ? "" : "\nWITH NO DATA"}`),
      ...remade(id, around).back,
    ];
  },
  complete: ({ attributes: a }) =>
    a.columnSettings.flatMap((setting) => alterColumn(a, setting.column, NOTHING, setting)),
  drop: ({ id, attributes: a }, around) => [
    ...remade(id, around).aside,
    statement(`DROP MATERIALIZED VIEW ${named(a)}`),
  ],
  prints: ["definition"],
  alter: {
    schema: "identity",
    name: "identity",
    definition: "replace",
    accessMethod: ({ to: { attributes: a } }, around) =>
      around.version >= 150000 ? [alterView(a, `SET ACCESS METHOD ${quoteName(a.accessMethod ?? "heap")}`)] : "replace",
    tablespace: ({ to: { attributes: a } }) => [
      alterView(a, `SET TABLESPACE ${quoteName(a.tablespace ?? "pg_default")}`),
    ],
    options: ({ from, to }) =>
      alterOptions(`ALTER MATERIALIZED VIEW ${named(to.attributes)}`, from.attributes.options, to.attributes.options),
    columnSettings: alterColumns,
    isPopulated: "no difference",
  },
  rename: (from, to) => renameQualified("MATERIALIZED VIEW", from, to),
  renamesFreely: "to another schema",
  selects: (a) => ({
    refresh: {
      plain: `refresh materialized view ${named(a)}`,
      concurrent: `refresh materialized view concurrently ${named(a)}`,
    },
  }),
  pins: () => true,
});

const OPTIONS = {
  ...VIEW_OPTIONS,
  indexes: true,
  statistics: true,
  withData: true,
  with: true,
  tablespace: true,
  using: true,
  droppedWith: true,
  clusterOn: true,
  columnSettings: true,
} satisfies Record<keyof MaterializedViewOptions, true>;

const settingsOf = ({ columnSettings = {} }: MaterializedViewOptions): readonly ColumnSetting[] =>
  Object.entries(columnSettings)
    .map(([column, given]) => ({
      column,
      storage: given.storage?.toUpperCase() ?? null,
      typeStorage: null,
      compression: given.compression ?? null,
      statisticsTarget: given.statistics ?? null,
      options: storageParameters(given.with),
    }))
    .toSorted((a, b) => (a.column < b.column ? -1 : 1));

export const declaredMaterializedView: Declarer<ViewDeclaration> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: materializedViewId(schema, name), text: quotePath(schema, name) };
  },
  declare: (declaration, source, declaring) => {
    const { name } = declaration;
    const options: MaterializedViewOptions = declaration.options;
    checkOptions(options, OPTIONS, `materialized view ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const needs = new Set<FactId>();
    const attributes: MaterializedView = {
      schema,
      name,
      definition: declaredQuery(declaration, needs, source, declaring),
      accessMethod: options.using ?? null,
      tablespace: options.tablespace ?? null,
      options: storageParameters(options.with),
      columnSettings: settingsOf(options),
      isPopulated: options.withData ?? true,
    };
    const hint = renamedFrom(options.renamedFrom, schema, materializedViewId);
    const id = declaring.add(materializedViews, attributes, { ...options, place: source, needs, hint });
    declaring.claim(schema, name, id, source);
    declareViewColumns(declaration, id, schema, source, declaring);
    for (const [column, { comment }] of Object.entries(options.columnSettings ?? {})) {
      const place = source.property("columnSettings", column);
      declaring.commentOn(id, `COLUMN ${quotePath(schema, name, column)}`, comment, place);
    }
    const { clusterOn } = options;
    const scope = { declaring, source, schema, name, id, self: declaration[REFERENCE], clusterOn };
    for (const index of options.indexes ?? []) declareIndex(scope, index, "materialized view");
    for (const [statistics, definition] of Object.entries(options.statistics ?? {})) {
      const place = source.property("statistics", statistics);
      declareStatistics(declaration, statistics, definition, place, declaring);
    }
  },
};
