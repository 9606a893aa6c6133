import type { CompositeType } from "../declare/types.ts";
import type { Fact, FactId } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom } from "./declaring.ts";
import { TYPE_OPTIONS } from "./enums.ts";
import { nameText } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, type Surroundings, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";
import { swapType } from "./swap.ts";

/** A standalone composite type: CREATE TYPE … AS (…). @see PostgreSQL manual, "Composite Types" */
export type Composite = {
  readonly schema: string;
  readonly name: string;
  /** In order; the collation is null where it is the type's own. */
  readonly attributes: readonly {
    readonly name: string;
    readonly type: string;
    readonly collation: string | null;
  }[];
};

/** One attribute by itself, so that it can be commented on and renamed; the type says what it is. */
export type CompositeAttribute = { readonly schema: string; readonly composite: string; readonly name: string };

export const compositeId = (schema: string, name: string) => factId("composite type", quotePath(schema, name));
export const compositeAttributeId = (schema: string, composite: string, name: string) =>
  factId("composite attribute", quotePath(schema, composite, name));

type Attribute = Composite["attributes"][number];

const named = (a: Composite): string => quotePath(a.schema, a.name);

const attributeText = (attribute: Attribute): string =>
  `${quoteName(attribute.name)} ${attribute.type}${
    attribute.collation === null ? "" : ` COLLATE ${attribute.collation}`
  }`;

function createText(a: Composite): string {
  if (a.attributes.length === 0) return `CREATE TYPE ${named(a)} AS ()`;
  return `CREATE TYPE ${named(a)} AS (\n${a.attributes.map((attribute) => `  ${attributeText(attribute)}`).join(",\n")}\n)`;
}

/** Columns that hold values of the type: PostgreSQL then refuses to change an attribute's type. */
const heldBy = (from: Fact<Composite>, around: Surroundings): readonly Fact[] =>
  [...around.others.values()].filter((fact) => fact.kind === "column" && fact.dependsOn.includes(from.id));

const isTyped = (from: Fact<Composite>, around: Surroundings): boolean =>
  [...around.others.values()].some(
    (fact) => fact.kind === "table" && fact.attributes.ofType === named(from.attributes),
  );

/** In place where attributes go, or change, or come at the end; a new type where they change their order or are in use. */
const alterAttributes: Alter<Composite> = (change, around) => {
  const { from, to } = change;
  const before = new Map(from.attributes.attributes.map((attribute) => [attribute.name, attribute]));
  const after = to.attributes.attributes;
  const kept = from.attributes.attributes.filter(({ name }) => after.some((attribute) => attribute.name === name));
  const changed = after.filter((attribute) => {
    const old = before.get(attribute.name);
    return old !== undefined && attributeText(old) !== attributeText(attribute);
  });
  const isTable = isTyped(from, around);
  const holders = heldBy(from, around);
  const keepsOrder = kept.every(({ name }, i) => after[i]?.name === name);
  if (!isTable && (!keepsOrder || (changed.length > 0 && holders.length > 0) || around.refused(to.id))) {
    return swapType(
      change,
      around,
      createText(to.attributes),
      (column, type) => rebuildRow(change, column, type),
      {},
      true,
    );
  }
  const cascade = isTable ? " CASCADE" : "";
  const gone = from.attributes.attributes.filter(({ name }) => !kept.some((attribute) => attribute.name === name));
  const actions = [
    ...gone.map(({ name }) => `DROP ATTRIBUTE ${quoteName(name)}${cascade}`),
    ...changed.map(({ name, type, collation }) => {
      const collate = collation === null ? "" : ` COLLATE ${collation}`;
      return `ALTER ATTRIBUTE ${quoteName(name)} TYPE ${type}${collate}${cascade}`;
    }),
    ...after.filter(({ name }) => !before.has(name)).map((one) => `ADD ATTRIBUTE ${attributeText(one)}${cascade}`),
  ];
  const loses = gone.length > 0 && (isTable || holders.length > 0);
  return [
    statement(`ALTER TYPE ${named(to.attributes)}${actions.length === 1 ? " " : "\n  "}${actions.join(",\n  ")}`, {
      // New attributes are nothing to those who read the others.
      ...(gone.length + changed.length > 0 ? { rebuilds: "readers" as const } : {}),
      ...(loses
        ? { destroys: `${gone.map(({ name }) => name).join(", ")} of ${named(to.attributes)} in the rows that hold it` }
        : {}),
    }),
  ];
};

/** A value of the old type as one of the new, attribute by attribute; a text would not say which is which. */
function rebuildRow(
  { from, to }: { readonly from: Fact<Composite>; readonly to: Fact<Composite> },
  column: string,
  type: string,
): string | null {
  if (type.endsWith("[]")) return null;
  const before = new Set(from.attributes.attributes.map(({ name }) => name));
  const values = to.attributes.attributes.map((attribute) =>
    before.has(attribute.name) ? `((${column}).${quoteName(attribute.name)})::${attribute.type}` : "NULL",
  );
  return `CASE WHEN ${column} IS DISTINCT FROM NULL THEN ROW(${values.join(", ")})::${type} END`;
}

const IS_COMPOSITE = (type: string): string => `
  exists (select from pg_class c where c.oid = ${type}.typrelid and c.relkind = 'c')`;

export const composites = defineKind<Composite>({
  kind: "composite type",
  script: "types",
  foundIn: "pg_class where relkind = 'c' and oid >= 16384",
  query: () => `
    select 'pg_type'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, t.typname as name,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
          'collation', case when a.attcollation <> y.typcollation then (
            select case when cn.nspname = 'pg_catalog' then quote_ident(co.collname)
              else format('%I.%I', cn.nspname, co.collname) end
            from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation
          ) end) order by a.attnum), '[]')
        from pg_attribute a join pg_type y on y.oid = a.atttypid
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) as attributes,
      jsonb_build_array(jsonb_build_array('pg_class'::regclass::oid::int8, t.typrelid::int8, 0)) as aliases
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'c' and ${IS_COMPOSITE("t")} and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_type", "t.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TYPE ${named(a)}`,
  create: ({ attributes: a }) => [statement(createText(a))],
  drop: ({ attributes: a }) => [statement(`DROP TYPE ${named(a)}`)],
  alter: { schema: "identity", name: "identity", attributes: alterAttributes },
  rename: (from, to) => renameQualified("TYPE", from, to),
  renamesFreely: true,
});

export const compositeAttributes = defineKind<CompositeAttribute>({
  kind: "composite attribute",
  script: "types",
  // What an attribute uses, its type uses: only what is attached to it finds it, at an address that pg_depend never names.
  foundIn: "pg_class where relkind = 'c' and oid >= 16384",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, a.attrelid::int8 as objid, -a.attnum::int as objsubid,
      n.nspname as schema, t.typname as composite, a.attname as name
    from pg_attribute a
    join pg_type t on t.typrelid = a.attrelid
    join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'c' and ${IS_COMPOSITE("t")} and a.attnum > 0 and not a.attisdropped
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_type", "t.oid")}`,
  path: (a) => quotePath(a.schema, a.composite, a.name),
  parent: (a) => compositeId(a.schema, a.composite),
  designate: (a) => `COLUMN ${quotePath(a.schema, a.composite, a.name)}`,
  create: () => [],
  drop: () => [],
  alter: { schema: "identity", composite: "identity", name: "identity" },
  rename: (from, to) => [
    statement(
      `ALTER TYPE ${quotePath(to.schema, to.composite)} RENAME ATTRIBUTE ${quoteName(from.name)} TO ${quoteName(to.name)} CASCADE`,
    ),
  ],
});

export const declaredComposite: Declarer<CompositeType> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: compositeId(schema, name), text: quotePath(schema, name) };
  },
  declare: ({ name, attributes: given, options }, source, declaring) => {
    checkOptions(options, TYPE_OPTIONS, `composite type ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const needs = new Set<FactId>();
    const attributes = Object.entries(given).map(([attribute, column]) => {
      const { collate } = column.options;
      const type = declaring.text(column.type, needs, source);
      const collation = collate === undefined ? null : nameText(collate, (sql) => declaring.text(sql, needs, source));
      return { name: attribute, type, collation };
    });
    const id = declaring.add(composites, { schema, name, attributes } satisfies Composite, {
      ...options,
      place: source,
      needs,
      hint: renamedFrom(options.renamedFrom, schema, compositeId),
    });
    declaring.claim(schema, name, id, source);
    declaring.claimType(schema, name, id, source);
    for (const [attribute, column] of Object.entries(given)) {
      const own = { schema, composite: name, name: attribute };
      declaring.add(compositeAttributes, own, {
        place: { position: source.position },
        comment: column.options.comment ?? source.column(attribute, column).doc,
        hint: renamedFrom(column.options.renamedFrom, schema, (_, old) => compositeAttributeId(schema, name, old)),
      });
    }
  },
};
