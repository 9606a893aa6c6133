import { isDeepStrictEqual } from "node:util";
import { nameOf } from "../declare/sql.ts";
import type { View as ViewDeclaration, ViewOptions } from "../declare/views.ts";
import type { Fact, FactId } from "../facts.ts";
import type { SourceOf } from "../load/loadDomain.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom } from "./declaring.ts";
import { type Default, defaults, literal } from "./defaults.ts";
import { formatQuery } from "./formatQuery.ts";
import { remade } from "./heldRows.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";
import { alterOptions } from "./options.ts";
import { renameQualified } from "./rename.ts";
import { declareTrigger } from "./triggers.ts";

/** @see PostgreSQL manual, "CREATE VIEW" */
export type View = {
  readonly schema: string;
  readonly name: string;
  /** What the query gives, in order. Decides whether the view can be replaced in place; the query says it. */
  readonly columns: readonly ViewColumn[];
  /** The query as pg_get_viewdef prints it, without its semicolon. */
  readonly definition: string;
  /** `security_invoker=true`, `check_option=cascaded`; sorted. */
  readonly options: readonly string[];
};

export type ViewColumn = { readonly name: string; readonly type: string; readonly collation: string | null };

export const viewId = (schema: string, name: string) => factId("view", quotePath(schema, name));

const named = (a: View): string => quotePath(a.schema, a.name);

const createText = (a: View, verb: "CREATE" | "CREATE OR REPLACE"): string => {
  const options = a.options.length > 0 ? ` WITH (${a.options.join(", ")})` : "";
  return `${verb} VIEW ${named(a)}${options} AS\n${a.definition}`;
};

/**
 * A view is replaced in place when it keeps its columns and adds new ones at the end; columns that only have other names
 * are renamed first. Else it is dropped, and with it what reads it.
 */
const alterQuery: Alter<View> = ({ from, to }, around) => {
  const before = from.attributes.columns;
  const after = to.attributes.columns;
  const shape = ({ type, collation }: ViewColumn) => JSON.stringify([type, collation]);
  const fits = before.every((column, i) => {
    const now = after[i];
    return now !== undefined && shape(now) === shape(column);
  });
  const renames: Statement[] = before.flatMap(({ name }, i) => {
    const now = after[i]?.name;
    return now === undefined || now === name
      ? []
      : [statement(`ALTER VIEW ${named(to.attributes)} RENAME COLUMN ${quoteName(name)} TO ${quoteName(now)}`)];
  });
  const taken = new Set(before.map(({ name }) => name));
  const collides = renames.length > 0 && after.some(({ name }, i) => taken.has(name) && before[i]?.name !== name);
  if (!fits || collides || around.refused(to.id)) return "replace";
  // The query may be the same but for those names; what still differs then is said after.
  if (renames.length > 0 && before.length === after.length && isDeepStrictEqual(from.dependsOn, to.dependsOn))
    return renames;
  return [...renames, statement(createText(to.attributes, "CREATE OR REPLACE"))];
};

const alterViewOptions: Alter<View> = (change, around) => {
  const { from, to } = change;
  // CREATE OR REPLACE says the options too.
  if (from.attributes.definition !== to.attributes.definition) return alterQuery(change, around);
  return alterOptions(`ALTER VIEW ${named(to.attributes)}`, from.attributes.options, to.attributes.options);
};

/** What a view or materialized view gives, as jsonb. */
export const viewColumns = (relation: string): string => `
  (select coalesce(jsonb_agg(jsonb_build_object(
      'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
      'collation', (select format('%I.%I', cn.nspname, co.collname)
        from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation)
    ) order by a.attnum), '[]')
    from pg_attribute a where a.attrelid = ${relation} and a.attnum > 0 and not a.attisdropped)`;

/** The query of a view or materialized view as PostgreSQL prints it, without the semicolon and the blank before it. */
export const viewQuery = (relation: string): string =>
  `regexp_replace(pg_get_viewdef(${relation}), '^\\s*\\n|;\\s*$', '', 'g')`;

export const views = defineKind<View>({
  kind: "view",
  script: "views",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as name,
      ${viewColumns("c.oid")} as columns,
      ${viewQuery("c.oid")} as definition,
      array(select o from unnest(c.reloptions) o order by 1) as options
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'v' and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_class", "c.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `VIEW ${named(a)}`,
  create: ({ id, attributes: a }, around) => [statement(createText(a, "CREATE")), ...remade(id, around).back],
  drop: ({ id, attributes: a }, around) => {
    const kept = (around.others.get(id) as Fact<View> | undefined)?.attributes.columns.map(({ name }) => name);
    const lost = a.columns.map(({ name }) => name).filter((name) => kept?.includes(name) === false);
    return [...remade(id, around, lost).aside, statement(`DROP VIEW ${named(a)}`)];
  },
  prints: ["definition"],
  alter: {
    schema: "identity",
    name: "identity",
    columns: alterQuery,
    definition: alterQuery,
    options: alterViewOptions,
  },
  rename: (from, to) => renameQualified("VIEW", from, to),
  renamesFreely: "to another schema",
  selects: () => ({}),
  pins: () => true,
  since: (a) =>
    a.options.some((option) => option.startsWith("security_invoker="))
      ? { version: 150000, feature: "security_invoker views" }
      : null,
});

export const VIEW_OPTIONS = {
  schema: true,
  query: true,
  columns: true,
  dependsOn: true,
  grants: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} as const;

const OPTIONS = {
  ...VIEW_OPTIONS,
  securityInvoker: true,
  securityBarrier: true,
  checkOption: true,
  defaults: true,
  triggers: true,
} satisfies Record<keyof ViewOptions, true>;

/** The query of a declared view or materialized view, with what it needs. */
export function declaredQuery(
  { options }: ViewDeclaration,
  needs: Set<FactId>,
  source: SourceOf,
  declaring: Declaring,
): string {
  for (const one of options.dependsOn ?? []) declaring.text(nameOf(one), needs, source);
  return formatQuery(declaring.text(options.query, needs, source).replace(/;\s*$/, ""));
}

/** What a declaration says of a view's columns besides their types. */
export function declareViewColumns(
  { columns, name }: ViewDeclaration,
  id: FactId,
  schema: string,
  source: SourceOf,
  declaring: Declaring,
): void {
  for (const column of Object.values(columns)) {
    const place = source.column(column.name, column);
    const part = `COLUMN ${quotePath(schema, name, column.name)}`;
    declaring.commentOn(id, part, column.options.comment ?? place.doc, place);
  }
}

export const declaredView: Declarer<ViewDeclaration> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: viewId(schema, name), text: quotePath(schema, name) };
  },
  declare: (declaration, source, declaring) => {
    const { name } = declaration;
    const options: ViewOptions = declaration.options;
    checkOptions(options, OPTIONS, `view ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const needs = new Set<FactId>();
    const attributes: View = {
      schema,
      name,
      columns: [],
      definition: declaredQuery(declaration, needs, source, declaring),
      options: [
        options.checkOption === undefined ? "" : `check_option=${options.checkOption}`,
        options.securityBarrier === true ? "security_barrier=true" : "",
        options.securityInvoker === true ? "security_invoker=true" : "",
      ].filter((option) => option !== ""),
    };
    const hint = renamedFrom(options.renamedFrom, schema, viewId);
    const id = declaring.add(views, attributes, { ...options, place: source, needs, hint });
    declaring.claim(schema, name, id, source);
    declareViewColumns(declaration, id, schema, source, declaring);
    for (const [column, value] of Object.entries(options.defaults ?? {})) {
      const place = source.property("defaults", column);
      const needed = new Set<FactId>([id]);
      const type = declaring.text(declaration.columns[column]?.type ?? "", needed, place);
      const expression = declaring.text(literal(value, type, place), needed, place);
      const attributes = { schema, table: name, column, relation: "view", expression } satisfies Default;
      declaring.add(defaults, attributes, { place: { position: place.position }, needs: needed });
    }
    for (const [trigger, definition] of Object.entries(options.triggers ?? {})) {
      declareTrigger(declaration, trigger, definition, source.property("triggers", trigger), declaring);
    }
  },
};
