import type { AnyColumn } from "../declare/columns.ts";
import type {
  AggregateComputation,
  Aggregate as AggregateDeclaration,
  AggregateOptions,
} from "../declare/operators.ts";
import type { Argument, Arguments } from "../declare/routines.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom } from "./declaring.ts";
import { type Given, givenAt } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";

/** How the moving-aggregate mode or the plain one computes. */
export type Computation = {
  /** Printed functions and type. */
  readonly transition: string;
  readonly state: string;
  readonly stateBytes: number;
  readonly final: string | null;
  readonly finalExtra: boolean;
  readonly finalModify: "read_only" | "shareable" | "read_write";
  readonly initial: string | null;
};

/** @see PostgreSQL manual, "pg_aggregate" */
export type Aggregate = {
  readonly schema: string;
  readonly name: string;
  /** Printed types of its arguments: they, with the name, are its identity. */
  readonly input: readonly string[];
  /** Arguments as in CREATE AGGREGATE: `*`, `integer`, `double precision ORDER BY double precision`. */
  readonly arguments: string;
  readonly result: string;
  readonly type: "normal" | "ordered-set" | "hypothetical-set";
  readonly plain: Computation;
  readonly moving: (Computation & { readonly inverse: string }) | null;
  readonly combine: string | null;
  readonly serial: string | null;
  readonly deserial: string | null;
  readonly sortOperator: string | null;
  readonly parallel: "unsafe" | "restricted" | "safe";
};

export const aggregateId = (schema: string, name: string, input: readonly string[]) =>
  factId("aggregate", `${quotePath(schema, name)}(${input.join(", ")})`);

const named = (a: Aggregate): string => quotePath(a.schema, a.name);
const designate = (a: Aggregate): string => `AGGREGATE ${named(a)}(${a.arguments})`;

const usualModify = (type: Aggregate["type"]): Computation["finalModify"] =>
  type === "normal" ? "read_only" : "read_write";

function computationText(c: Computation, prefix: "" | "M", type: Aggregate["type"]): readonly string[] {
  return [
    `${prefix}SFUNC = ${c.transition}`,
    `${prefix}STYPE = ${c.state}`,
    c.stateBytes === 0 ? "" : `${prefix}SSPACE = ${c.stateBytes}`,
    c.final === null ? "" : `${prefix}FINALFUNC = ${c.final}`,
    c.finalExtra ? `${prefix}FINALFUNC_EXTRA` : "",
    c.finalModify === usualModify(type) ? "" : `${prefix}FINALFUNC_MODIFY = ${c.finalModify.toUpperCase()}`,
    c.initial === null ? "" : `${prefix}INITCOND = ${quoteText(c.initial)}`,
  ];
}

function createText(a: Aggregate, verb: "CREATE" | "CREATE OR REPLACE"): string {
  const options = [
    ...computationText(a.plain, "", a.type),
    a.combine === null ? "" : `COMBINEFUNC = ${a.combine}`,
    a.serial === null ? "" : `SERIALFUNC = ${a.serial}`,
    a.deserial === null ? "" : `DESERIALFUNC = ${a.deserial}`,
    ...(a.moving === null ? [] : [...computationText(a.moving, "M", a.type), `MINVFUNC = ${a.moving.inverse}`]),
    a.sortOperator === null ? "" : `SORTOP = ${a.sortOperator}`,
    a.parallel === "unsafe" ? "" : `PARALLEL = ${a.parallel.toUpperCase()}`,
    a.type === "hypothetical-set" ? "HYPOTHETICAL" : "",
  ].filter((option) => option !== "");
  return `${verb} AGGREGATE ${named(a)}(${a.arguments}) (\n  ${options.join(",\n  ")}\n)`;
}

const replaceInPlace: Alter<Aggregate> = ({ from, to }, around) =>
  from.attributes.result !== to.attributes.result || around.refused(to.id)
    ? "replace"
    : [statement(createText(to.attributes, "CREATE OR REPLACE"))];

const functionName = (column: string): string => `nullif(g.${column}::oid::regproc::text, '-')`;
const modify = (column: string): string =>
  `case g.${column} when 'r' then 'read_only' when 's' then 'shareable' else 'read_write' end`;

const computation = (m: "" | "m", more = ""): string => `jsonb_build_object(
        'transition', ${functionName(`agg${m}transfn`)}, 'state', format_type(g.agg${m}transtype, null),
        'stateBytes', g.agg${m}transspace, 'final', ${functionName(`agg${m}finalfn`)},
        'finalExtra', g.agg${m}finalextra, 'finalModify', ${modify(`agg${m}finalmodify`)},
        'initial', g.agg${m}initval${more})`;

export const aggregates = defineKind<Aggregate>({
  kind: "aggregate",
  script: "functions",
  foundIn: "pg_aggregate where aggfnoid >= 16384",
  query: () => `
    select 'pg_proc'::regclass::oid::int8 as classid, p.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, p.proname as name,
      array(select format_type(a.type, null) from unnest(p.proargtypes) with ordinality a(type, n) order by a.n) as input,
      coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*') as arguments,
      pg_get_function_result(p.oid) as result,
      case g.aggkind when 'o' then 'ordered-set' when 'h' then 'hypothetical-set' else 'normal' end as type,
      ${computation("")} as plain,
      case when g.aggmtransfn <> 0 then
        ${computation("m", `, 'inverse', ${functionName("aggminvtransfn")}`)} end as moving,
      ${functionName("aggcombinefn")} as combine,
      ${functionName("aggserialfn")} as serial,
      ${functionName("aggdeserialfn")} as deserial,
      (select format('OPERATOR(%I.%s)', opn.nspname, o.oprname)
        from pg_operator o join pg_namespace opn on opn.oid = o.oprnamespace where o.oid = g.aggsortop) as "sortOperator",
      case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel
    from pg_proc p
    join pg_aggregate g on g.aggfnoid = p.oid
    join pg_namespace n on n.oid = p.pronamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_proc", "p.oid")}`,
  path: (a) => `${named(a)}(${a.input.join(", ")})`,
  parent: () => null,
  designate,
  create: ({ attributes: a }) => [statement(createText(a, "CREATE"))],
  drop: ({ attributes: a }) => [statement(`DROP ${designate(a)}`)],
  alter: {
    schema: "identity",
    name: "identity",
    input: "identity",
    arguments: "replace",
    result: "replace",
    type: "replace",
    plain: replaceInPlace,
    moving: replaceInPlace,
    combine: replaceInPlace,
    serial: replaceInPlace,
    deserial: replaceInPlace,
    sortOperator: replaceInPlace,
    parallel: replaceInPlace,
  },
  rename: (from, to) => [
    ...(from.schema === to.schema ? [] : [statement(`ALTER ${designate(from)} SET SCHEMA ${quoteName(to.schema)}`)]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER ${designate({ ...from, schema: to.schema })} RENAME TO ${quoteName(to.name)}`)]),
  ],
});

const OPTIONS = {
  arguments: true,
  orderBy: true,
  hypothetical: true,
  state: true,
  transition: true,
  stateBytes: true,
  initial: true,
  final: true,
  finalExtra: true,
  finalModify: true,
  moving: true,
  combine: true,
  serialize: true,
  deserialize: true,
  sortOperator: true,
  parallel: true,
  grants: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof AggregateOptions, true>;

interface GivenArgument {
  readonly text: string;
  readonly type: string;
  readonly isVariadic: boolean;
}

function argumentsOf(given: Arguments | undefined, { type, argumentType }: Given): readonly GivenArgument[] {
  const isList = Array.isArray(given);
  return Object.entries(given ?? {}).map(([name, one]: [string, AnyColumn | Argument]) => {
    const column = "mode" in one ? one.type : one;
    const isVariadic = "mode" in one && one.mode === "variadic";
    const words = [isVariadic ? "VARIADIC" : "", isList ? "" : quoteName(name), type(column)];
    return { text: words.filter((word) => word !== "").join(" "), type: argumentType(column), isVariadic };
  });
}

/** What an aggregate is called with. A variadic argument that it also orders by is one and the same. */
function inputOf({ options }: AggregateDeclaration, place: Place, declaring: Declaring) {
  const given = givenAt(place, declaring);
  const direct = argumentsOf(options.arguments, given);
  const ordered = argumentsOf(options.orderBy, given);
  const all = direct.at(-1)?.isVariadic ? direct : [...direct, ...ordered];
  const texts = [direct, ordered].map((some) => some.map(({ text }) => text).join(", "));
  return {
    input: all.map(({ type }) => type),
    text: options.orderBy === undefined ? texts[0] || "*" : texts.join(" ORDER BY ").trim(),
    needs: given.needs,
  };
}

const declaredComputation = (given: Given, type: Aggregate["type"], options: AggregateComputation): Computation => ({
  transition: given.name(options.transition),
  state: given.type(options.state),
  stateBytes: options.stateBytes ?? 0,
  final: given.function(options.final),
  finalExtra: options.finalExtra ?? false,
  finalModify: options.finalModify ?? usualModify(type),
  initial: options.initial ?? null,
});

export const declaredAggregate: Declarer<AggregateDeclaration> = {
  identify: (declaration, source, declaring) => {
    const schema = declaring.schemaName(declaration.options.schema);
    const { input } = inputOf(declaration, source, declaring);
    return { id: aggregateId(schema, declaration.name, input), text: quotePath(schema, declaration.name) };
  },
  declare: (declaration, source, declaring) => {
    const { name, options } = declaration;
    checkOptions(options, OPTIONS, `aggregate ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const given = givenAt(source, declaring);
    const { input, text, needs } = inputOf(declaration, source, declaring);
    const { moving, sortOperator } = options;
    const type = options.hypothetical ? "hypothetical-set" : options.orderBy === undefined ? "normal" : "ordered-set";
    const attributes: Aggregate = {
      schema,
      name,
      input,
      arguments: text,
      // PostgreSQL knows it from the functions.
      result: "",
      type,
      plain: declaredComputation(given, type, options),
      moving:
        moving === undefined
          ? null
          : { ...declaredComputation(given, type, moving), inverse: given.name(moving.inverse) },
      combine: given.function(options.combine),
      serial: given.function(options.serialize),
      deserial: given.function(options.deserialize),
      sortOperator: sortOperator === undefined ? null : given.name(sortOperator),
      parallel: options.parallel ?? "unsafe",
    };
    declaring.add(aggregates, attributes, {
      ...options,
      place: source,
      needs: [...needs, ...given.needs],
      hint: renamedFrom(options.renamedFrom, schema, (old, oldName) => aggregateId(old, oldName, input)),
    });
  },
};
