import { isSql, type Referable, type Sql } from "../declare/sql.ts";
import type { RangeType, RangeTypeOptions } from "../declare/types.ts";
import type { FactId } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, renamedFrom, splitPath } from "./declaring.ts";
import { TYPE_OPTIONS } from "./enums.ts";
import { nameText } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";
import { asideName, swapType } from "./swap.ts";

/** @see PostgreSQL manual, "pg_range" */
export type Range = {
  readonly schema: string;
  readonly name: string;
  readonly subtype: string;
  /** Printed names, where they are not what CREATE TYPE takes by itself. */
  readonly subtypeOpclass: string | null;
  readonly collation: string | null;
  readonly canonical: string | null;
  readonly subtypeDiff: string | null;
  readonly multirangeName: string | null;
};

export const rangeId = (schema: string, name: string) => factId("range type", quotePath(schema, name));

const named = (a: Range): string => quotePath(a.schema, a.name);

function createText(a: Range): string {
  const options = [
    `SUBTYPE = ${a.subtype}`,
    a.subtypeOpclass === null ? "" : `SUBTYPE_OPCLASS = ${a.subtypeOpclass}`,
    a.collation === null ? "" : `COLLATION = ${a.collation}`,
    a.canonical === null ? "" : `CANONICAL = ${a.canonical}`,
    a.subtypeDiff === null ? "" : `SUBTYPE_DIFF = ${a.subtypeDiff}`,
    a.multirangeName === null ? "" : `MULTIRANGE_TYPE_NAME = ${a.multirangeName}`,
  ].filter((option) => option !== "");
  return `CREATE TYPE ${named(a)} AS RANGE (${options.join(", ")})`;
}

/** The printed multirange type of a range that names none. */
function multirangeOf(a: Range): string {
  if (a.multirangeName !== null) return a.multirangeName;
  const name = a.name.includes("range") ? a.name.replace("range", "multirange") : `${a.name}_multirange`;
  return quotePath(a.schema, name);
}

interface Qualified {
  readonly schema: string;
  readonly name: string;
}

/** The functions that make values carry their type's name, but do not follow it when it changes. */
const moveConstructors = (from: Qualified, to: Qualified, signatures: readonly string[]): readonly Statement[] =>
  signatures.flatMap((signature) => [
    ...(from.schema === to.schema
      ? []
      : [
          statement(
            `ALTER FUNCTION ${quotePath(from.schema, from.name)}${signature} SET SCHEMA ${quoteName(to.schema)}`,
          ),
        ]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER FUNCTION ${quotePath(to.schema, from.name)}${signature} RENAME TO ${quoteName(to.name)}`)]),
  ]);

const ofRange = (a: Range): readonly string[] => [`(${a.subtype}, ${a.subtype})`, `(${a.subtype}, ${a.subtype}, text)`];
const ofMultirange = (a: Range): readonly string[] => ["()", `(${named(a)})`, `(${named(a)}[])`];

/** The multirange type keeps its name, its constructors too; they live beside the range, wherever their type is. */
const moveRange = (from: Range, to: Range): readonly Statement[] => {
  const { name } = qualified(multirangeOf(from));
  return [
    ...renameQualified("TYPE", from, to),
    ...moveConstructors(from, to, ofRange(from)),
    ...moveConstructors({ schema: from.schema, name }, { schema: to.schema, name }, ofMultirange(to)),
  ];
};

const moveMultirange = (from: Qualified, to: Qualified, range: Range): readonly Statement[] => [
  ...renameQualified("TYPE", from, to),
  ...moveConstructors(
    { schema: range.schema, name: from.name },
    { schema: range.schema, name: to.name },
    ofMultirange(range),
  ),
];

const qualified = (path: string): Qualified => {
  const [schema = "", name = ""] = splitPath(path);
  return { schema, name };
};

const swap: Alter<Range> = (change, around) => {
  const from = change.from.attributes;
  const [rename, ...rest] = swapType(change, around, createText(change.to.attributes));
  if (rename === undefined) return [];
  // The multirange type and the constructors keep their names when a range is renamed, and the new one wants them.
  const aside = { ...from, name: asideName(from.name) };
  const multirange = qualified(multirangeOf(from));
  return [
    rename,
    ...moveRange(from, aside).slice(1),
    ...moveMultirange(multirange, { ...multirange, name: asideName(multirange.name) }, aside),
    ...rest,
  ];
};

const isSwapped = (from: Range, to: Range): boolean => SWAPPING.some((attribute) => from[attribute] !== to[attribute]);
const SWAPPING = ["subtype", "subtypeOpclass", "collation", "canonical", "subtypeDiff"] as const;

const AS_POSTGRES_NAMES = `
  format('%I.%I', n.nspname, case when t.typname like '%range%'
    then overlay(t.typname::text placing 'multirange' from position('range' in t.typname::text) for 5)
    else t.typname || '_multirange' end)`;

export const ranges = defineKind<Range>({
  kind: "range type",
  script: "types",
  foundIn: "pg_range where rngtypid >= 16384",
  query: () => `
    select 'pg_type'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, t.typname as name,
      format_type(r.rngsubtype, null) as subtype,
      (select format('%I.%I', opn.nspname, op.opcname)
        from pg_opclass op join pg_namespace opn on opn.oid = op.opcnamespace
        where op.oid = r.rngsubopc and not op.opcdefault) as "subtypeOpclass",
      case when r.rngcollation <> 0 and r.rngcollation <> s.typcollation then (
        select format('%I.%I', cn.nspname, co.collname)
        from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = r.rngcollation
      ) end as collation,
      nullif(r.rngcanonical::oid::regproc::text, '-') as canonical,
      nullif(r.rngsubdiff::oid::regproc::text, '-') as "subtypeDiff",
      (select nullif(format('%I.%I', mn.nspname, m.typname), ${AS_POSTGRES_NAMES})
        from pg_type m join pg_namespace mn on mn.oid = m.typnamespace where m.oid = r.rngmultitypid) as "multirangeName"
    from pg_range r
    join pg_type t on t.oid = r.rngtypid
    join pg_type s on s.oid = r.rngsubtype
    join pg_namespace n on n.oid = t.typnamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_type", "t.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TYPE ${named(a)}`,
  create: ({ attributes: a }) => [statement(createText(a))],
  drop: ({ attributes: a }) => [statement(`DROP TYPE ${named(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    subtype: swap,
    subtypeOpclass: swap,
    collation: swap,
    canonical: swap,
    subtypeDiff: swap,
    multirangeName: ({ from: { attributes: from }, to: { attributes: to } }) =>
      isSwapped(from, to) ? [] : moveMultirange(qualified(multirangeOf(from)), qualified(multirangeOf(to)), to),
  },
  rename: (from, to) =>
    from.schema === to.schema && from.name === to.name
      ? moveMultirange(qualified(multirangeOf(from)), qualified(multirangeOf(to)), to)
      : moveRange(from, to),
  names: ["multirangeName"],
  renamesFreely: true,
});

const OPTIONS = {
  ...TYPE_OPTIONS,
  subtype: true,
  subtypeOpclass: true,
  collation: true,
  canonical: true,
  subtypeDiff: true,
  multirangeName: true,
} satisfies Record<keyof RangeTypeOptions, true>;

export const declaredRange: Declarer<RangeType> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: rangeId(schema, name), text: quotePath(schema, name) };
  },
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `range type ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const needs = new Set<FactId>();
    const { subtype } = options;
    const written = (name: Referable | Sql | string | undefined): string | null =>
      name === undefined
        ? null
        : typeof name === "string"
          ? name
          : nameText(name, (sql) => declaring.text(sql, needs, source));
    const attributes: Range = {
      schema,
      name,
      subtype: declaring.text(typeof subtype === "string" || isSql(subtype) ? subtype : subtype.type, needs, source),
      subtypeOpclass: written(options.subtypeOpclass),
      collation: written(options.collation),
      canonical: written(options.canonical),
      subtypeDiff: written(options.subtypeDiff),
      multirangeName: options.multirangeName ?? null,
    };
    const hint = renamedFrom(options.renamedFrom, schema, rangeId);
    const id = declaring.add(ranges, attributes, { ...options, place: source, needs, hint });
    declaring.claimType(schema, name, id, source);
  },
};
