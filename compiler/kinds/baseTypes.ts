import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactId } from "../facts.ts";
import { quotePath } from "../quote.ts";
import { type Alter, defineKind, factId, notOfExtension, type Surroundings, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";

/** A type by functions in C that read and write its values. @see PostgreSQL manual, "CREATE TYPE", base types */
export type BaseType = {
  readonly schema: string;
  readonly name: string;
  /** Options of CREATE TYPE as they are printed, without those that it takes by itself. */
  readonly options: Readonly<Record<string, string>>;
};

export const baseTypeId = (path: string) => factId("base type", path);

const named = (a: BaseType): string => quotePath(a.schema, a.name);

const createText = (a: BaseType): string =>
  `CREATE TYPE ${named(a)} (\n${Object.entries(a.options)
    .map(([name, value]) => `  ${name} = ${value}`)
    .join(",\n")}\n)`;

const SETTABLE = new Set(["RECEIVE", "SEND", "TYPMOD_IN", "TYPMOD_OUT", "ANALYZE", "SUBSCRIPT", "STORAGE"]);

const partsOf = (id: FactId, around: Surroundings): readonly Fact[] =>
  around.dependents(id).filter(({ kind, parent }) => kind === "function" && parent === id);

const alterOptions: Alter<BaseType> = ({ from, to: { id, attributes: to } }, around) => {
  const before = from.attributes.options;
  const changed = [...new Set([...Object.keys(before), ...Object.keys(to.options)])].filter(
    (name) => before[name] !== to.options[name],
  );
  const isMadeAnew = partsOf(id, around).some((part) => around.isNew(part.id));
  if (isMadeAnew || !changed.every((name) => SETTABLE.has(name))) return "replace";
  const sets = changed.map((name) => `${name} = ${to.options[name] ?? (name === "STORAGE" ? "plain" : "NONE")}`);
  return [statement(`ALTER TYPE ${named(to)} SET (${sets.join(", ")})`)];
};

/** Functions that a base type is made of: those take it, or give it, while it is but a name. */
export const PARTS_OF_BASE_TYPES = `
  select io.part, min(format('%I.%I', yn.nspname, y.typname)) as of_type
  from pg_type y join pg_namespace yn on yn.oid = y.typnamespace
  cross join lateral unnest(array[y.typinput, y.typoutput, y.typreceive, y.typsend, y.typmodin, y.typmodout, y.typanalyze,
    y.typsubscript]) io(part)
  where y.typtype = 'b' and y.typisdefined and y.oid >= 16384 and y.typsubscript <> 'array_subscript_handler'::regproc
    and io.part >= 16384 and ${notOfExtension("pg_type", "y.oid")}
  group by io.part`;

const inUse = (a: BaseType, held: readonly Fact[]): Diagnostic =>
  new Diagnostic({
    code: "base-type-in-use",
    what: `the base type ${named(a)} must be made anew, and columns hold it`,
    why: held.map(({ id }) => id).join(", "),
    next: "give the columns another type first, in a migration of its own",
  });

const functionText = (column: string): string => `nullif(${column}::oid::regproc::text, '-')`;

export const baseTypes = defineKind<BaseType>({
  kind: "base type",
  script: "types",
  foundIn: "pg_type where typtype = 'b' and oid >= 16384 and typsubscript <> 'array_subscript_handler'::regproc",
  query: () => `
    select 'pg_type'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, t.typname as name,
      json_strip_nulls(json_build_object(
        'INPUT', ${functionText("t.typinput")}, 'OUTPUT', ${functionText("t.typoutput")},
        'RECEIVE', ${functionText("t.typreceive")}, 'SEND', ${functionText("t.typsend")},
        'TYPMOD_IN', ${functionText("t.typmodin")}, 'TYPMOD_OUT', ${functionText("t.typmodout")},
        'ANALYZE', ${functionText("t.typanalyze")}, 'SUBSCRIPT', ${functionText("t.typsubscript")},
        'INTERNALLENGTH', case t.typlen when -1 then 'VARIABLE' else t.typlen::text end,
        'PASSEDBYVALUE', case when t.typbyval then 'true' end,
        'ALIGNMENT', case t.typalign when 'c' then 'char' when 's' then 'int2' when 'd' then 'double' else 'int4' end,
        'STORAGE', case t.typstorage when 'e' then 'external' when 'x' then 'extended' when 'm' then 'main' end,
        'CATEGORY', case when t.typcategory <> 'U' then quote_literal(t.typcategory::text) end,
        'PREFERRED', case when t.typispreferred then 'true' end,
        'DEFAULT', quote_literal(t.typdefault),
        'ELEMENT', case when t.typelem <> 0 then format_type(t.typelem, null) end,
        'DELIMITER', case when t.typdelim <> ',' then quote_literal(t.typdelim::text) end,
        'COLLATABLE', case when t.typcollation <> 0 then 'true' end)) as options
    from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typtype = 'b' and t.typisdefined and t.oid >= 16384 and t.typsubscript <> 'array_subscript_handler'::regproc
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_type", "t.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TYPE ${named(a)}`,
  // The functions need the type's name, and the type the functions.
  create: ({ id, attributes: a }, around) => [
    statement(`CREATE TYPE ${named(a)}`),
    ...partsOf(id, around).flatMap((part) => around.create(part.id)),
    statement(createText(a)),
  ],
  // The type goes with its functions only; columns that hold it would go too, without a word.
  drop: (fact, around) => {
    const { id, attributes: a } = fact;
    const held = around.isNew(id) ? around.dependents(id).filter(({ kind }) => kind === "column") : [];
    if (held.some((column) => around.others.has(column.id) && !around.isNew(column.id))) throw inUse(a, held);
    return [statement(`DROP TYPE ${named(a)} CASCADE`)];
  },
  alter: { schema: "identity", name: "identity", options: alterOptions },
  rename: (from, to) => renameQualified("TYPE", from, to),
  renamesFreely: true,
});
