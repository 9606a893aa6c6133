import type { AnyColumn } from "../declare/columns.ts";
import { typeSql } from "../declare/named.ts";
import type { Argument, FunctionOptions, Returns, Routine as RoutineDeclaration } from "../declare/routines.ts";
import { isReferable, isSql, nameOf, type Referable, type Sql } from "../declare/sql.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactId, FactIndex, Hint } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteBody, quoteName, quotePath, quoteText } from "../quote.ts";
import { baseTypeId, PARTS_OF_BASE_TYPES } from "./baseTypes.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom } from "./declaring.ts";
import { dedent } from "./dedent.ts";
import { literal } from "./defaults.ts";
import { formatQuery } from "./formatQuery.ts";
import { nameText } from "./given.ts";
import { type Alter, defineKind, factId, ofKind, type Surroundings, statement, userSchema } from "./kind.ts";
import { setText, settingName } from "./settings.ts";
import { transformId } from "./transforms.ts";
import { printedType } from "./typeNames.ts";

export type Parameter = {
  readonly name: string | null;
  readonly mode: "in" | "out" | "inout" | "variadic" | "table";
  readonly type: string;
  readonly default: string | null;
};

/** A function, window function or procedure; aggregates live in aggregates.ts. @see PostgreSQL manual, "pg_proc" */
export type Routine = {
  readonly schema: string;
  readonly name: string;
  /** Printed types of what it is called with: they, with the name, are its identity. */
  readonly input: readonly string[];
  readonly routine: "function" | "procedure";
  readonly parameters: readonly Parameter[];
  /** What follows RETURNS; null for a procedure. */
  readonly returns: string | null;
  readonly language: string;
  /** What stands between the dollar quotes; for C the symbol. Empty where there is a standard body. */
  readonly body: string;
  /** The library of a C function. */
  readonly library: string | null;
  /** SQL-standard body: `RETURN …` or `BEGIN ATOMIC … END`. */
  readonly standardBody: string | null;
  readonly isWindow: boolean;
  readonly volatility: "volatile" | "stable" | "immutable";
  readonly parallel: "unsafe" | "restricted" | "safe";
  readonly isStrict: boolean;
  readonly isSecurityDefiner: boolean;
  readonly isLeakproof: boolean;
  /** Null where they are what PostgreSQL assumes by itself. */
  readonly cost: number | null;
  readonly rows: number | null;
  /** Printed planner support function. */
  readonly support: string | null;
  /** Types of TRANSFORM FOR TYPE. */
  readonly transforms: readonly string[];
  /** Settings while it runs, as PostgreSQL keeps them: `search_path=""`; sorted. */
  readonly settings: readonly string[];
  /** Printed base type that it is a part of. */
  readonly ofType: string | null;
};

export const functionId = (schema: string, name: string, input: readonly string[]) =>
  factId("function", `${quotePath(schema, name)}(${input.join(", ")})`);

const named = (a: Routine): string => quotePath(a.schema, a.name);
const signature = (a: Routine): string => `${named(a)}(${a.input.join(", ")})`;
const designate = (a: Routine): string => `${a.routine === "procedure" ? "PROCEDURE" : "FUNCTION"} ${signature(a)}`;

/** A line of parameters up to this length stays one line. */
const LINE = 100;

function parameterText({ name, mode, type, default: value }: Parameter): string {
  const words = [mode === "in" ? "" : mode.toUpperCase(), name === null ? "" : quoteName(name), type];
  return `${words.filter((word) => word !== "").join(" ")}${value === null ? "" : ` DEFAULT ${value}`}`;
}

function parameterList(a: Routine): string {
  const texts = a.parameters.filter(({ mode }) => mode !== "table").map(parameterText);
  const line = texts.join(", ");
  return named(a).length + line.length <= LINE ? `(${line})` : `(\n  ${texts.join(",\n  ")}\n)`;
}

function settingText(setting: string): string {
  const at = setting.indexOf("=");
  return setText(setting.slice(0, at), setting.slice(at + 1));
}

const isC = (a: Routine): boolean => a.library !== null;

function bodyText(a: Routine): string {
  if (a.standardBody !== null) return a.standardBody;
  if (isC(a)) return `AS ${quoteText(a.library ?? "")}, ${quoteText(a.body)}`;
  return a.language === "internal" ? `AS ${quoteText(a.body)}` : `AS ${quoteBody(a.body)}`;
}

const volatilityText = (a: Routine): string => a.volatility.toUpperCase();
const parallelText = (a: Routine): string => `PARALLEL ${a.parallel.toUpperCase()}`;

/** A routine's whole text, one clause a line; what PostgreSQL assumes by itself is left out. */
function createText(a: Routine, verb: "CREATE" | "CREATE OR REPLACE"): string {
  const behaviour = [
    a.isWindow ? "WINDOW" : "",
    a.volatility === "volatile" ? "" : volatilityText(a),
    a.isStrict ? "STRICT" : "",
    a.isLeakproof ? "LEAKPROOF" : "",
    a.parallel === "unsafe" ? "" : parallelText(a),
    a.cost === null ? "" : `COST ${a.cost}`,
    a.rows === null ? "" : `ROWS ${a.rows}`,
  ].filter((word) => word !== "");
  const lines = [
    `${verb} ${a.routine === "procedure" ? "PROCEDURE" : "FUNCTION"} ${named(a)}${parameterList(a)}`,
    a.returns === null ? "" : `RETURNS ${a.returns}`,
    `LANGUAGE ${quoteName(a.language)}`,
    a.transforms.length > 0 ? `TRANSFORM ${a.transforms.map((type) => `FOR TYPE ${type}`).join(", ")}` : "",
    behaviour.join(" "),
    a.isSecurityDefiner ? "SECURITY DEFINER" : "",
    a.support === null ? "" : `SUPPORT ${a.support}`,
    ...a.settings.map(settingText),
    bodyText(a),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

/** PostgreSQL replaces a routine in place when those who call it see no difference in how it is called. */
function isReplaceable(from: Fact<Routine>, to: Fact<Routine>, around: Surroundings): boolean {
  const [before, after] = [from.attributes, to.attributes];
  const isInput = ({ mode }: Parameter) => mode === "in" || mode === "inout" || mode === "variadic";
  const isOutput = ({ mode }: Parameter) => mode === "out" || mode === "inout" || mode === "table";
  const inputs = before.parameters.filter(isInput);
  const newInputs = after.parameters.filter(isInput);
  const keepsNames = inputs.every(({ name }, i) => name === null || name === newInputs[i]?.name);
  const keepsDefaults = inputs.every((one, i) => one.default === null || newInputs[i]?.default != null);
  const row = (parameters: readonly Parameter[]) =>
    JSON.stringify(parameters.filter(isOutput).map(({ name, type }) => [name, type]));
  return (
    before.routine === after.routine &&
    before.returns === after.returns &&
    keepsNames &&
    keepsDefaults &&
    row(before.parameters) === row(after.parameters) &&
    !around.refused(to.id)
  );
}

/** What ALTER FUNCTION can say; all else takes the whole text. */
const ALTERABLE: Partial<Record<keyof Routine, (from: Routine, to: Routine) => readonly string[] | null>> = {
  volatility: (_, to) => [volatilityText(to)],
  parallel: (_, to) => [parallelText(to)],
  isStrict: (_, to) => [to.isStrict ? "STRICT" : "CALLED ON NULL INPUT"],
  isSecurityDefiner: (_, to) => [`SECURITY ${to.isSecurityDefiner ? "DEFINER" : "INVOKER"}`],
  isLeakproof: (_, to) => [to.isLeakproof ? "LEAKPROOF" : "NOT LEAKPROOF"],
  cost: (_, to) => [`COST ${to.cost ?? (isC(to) || to.language === "internal" ? 1 : 100)}`],
  rows: (_, to) =>
    to.rows === null ? (to.returns?.match(/^(SETOF|TABLE)/) ? ["ROWS 1000"] : null) : [`ROWS ${to.rows}`],
  support: (_, to) => (to.support === null ? null : [`SUPPORT ${to.support}`]),
  settings: (from, to) => {
    const nameOf = (setting: string) => setting.slice(0, setting.indexOf("="));
    const kept = new Set(to.settings.map(nameOf));
    return [
      ...from.settings
        .map(nameOf)
        .filter((name) => !kept.has(name))
        .map((name) => `RESET ${settingName(name)}`),
      ...to.settings.filter((setting) => !from.settings.includes(setting)).map(settingText),
    ];
  },
};

const alter: Alter<Routine> = ({ from, to }, around) => {
  if (!isReplaceable(from, to, around)) return "replace";
  const [before, after] = [from.attributes, to.attributes];
  const changed = (Object.keys(after) as (keyof Routine)[]).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const clauses = changed.map((name) => ALTERABLE[name]?.(before, after) ?? null);
  return clauses.includes(null)
    ? [statement(createText(after, "CREATE OR REPLACE"))]
    : [statement(`ALTER ${designate(after)} ${clauses.flat().join(" ")}`)];
};

const ofType = (a: Routine): FactId | null => (a.ofType === null ? null : baseTypeId(a.ofType));

export const functions = defineKind<Routine>({
  kind: "function",
  script: "functions",
  query: () => `
    select 'pg_proc'::regclass::oid::int8 as classid, p.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, p.proname as name,
      array(select format_type(a.type, null) from unnest(p.proargtypes) with ordinality a(type, n) order by a.n) as input,
      case p.prokind when 'p' then 'procedure' else 'function' end as routine,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'name', nullif(p.proargnames[a.n], ''),
          'mode', case p.proargmodes[a.n] when 'o' then 'out' when 'b' then 'inout' when 'v' then 'variadic'
            when 't' then 'table' else 'in' end,
          'type', format_type(a.type, null),
          'default', pg_get_function_arg_default(p.oid, a.n::int)) order by a.n), '[]')
        from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a(type, n)) as parameters,
      pg_get_function_result(p.oid) as returns,
      l.lanname as language, p.prosrc as body, p.probin as library,
      pg_get_function_sqlbody(p.oid) as "standardBody",
      p.prokind = 'w' as "isWindow",
      case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
      case p.proparallel when 's' then 'safe' when 'r' then 'restricted' else 'unsafe' end as parallel,
      p.proisstrict as "isStrict", p.prosecdef as "isSecurityDefiner", p.proleakproof as "isLeakproof",
      nullif(p.procost, case when l.lanname in ('c', 'internal') then 1 else 100 end) as cost,
      nullif(p.prorows, case when p.proretset then 1000 else 0 end) as rows,
      nullif(p.prosupport::oid::regproc::text, '-') as support,
      array(select format_type(t.type, null) from unnest(p.protrftypes) with ordinality t(type, n) order by t.n) as transforms,
      array(select s from unnest(p.proconfig) s order by 1) as settings,
      io.of_type as "ofType"
    from pg_proc p
    left join (${PARTS_OF_BASE_TYPES}) io on io.part = p.oid
    join pg_namespace n on n.oid = p.pronamespace
    join pg_language l on l.oid = p.prolang
    where p.prokind <> 'a' and ${userSchema("n.nspname")}
      and not exists (select from pg_depend d
        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i'))`,
  path: signature,
  parent: ofType,
  comesWith: ({ attributes: a }) => ofType(a),
  designate,
  create: ({ attributes: a }) => [statement(createText(a, "CREATE"))],
  drop: ({ attributes: a }) => [statement(`DROP ${designate(a)}`)],
  prints: ["standardBody"],
  recheck: (a) =>
    a.standardBody !== null || isC(a) || a.language === "internal" ? null : createText(a, "CREATE OR REPLACE"),
  alter: {
    schema: "identity",
    name: "identity",
    input: "identity",
    routine: "replace",
    parameters: alter,
    returns: alter,
    language: alter,
    body: alter,
    library: alter,
    standardBody: alter,
    isWindow: "replace",
    volatility: alter,
    parallel: alter,
    isStrict: alter,
    isSecurityDefiner: alter,
    isLeakproof: alter,
    cost: alter,
    rows: alter,
    support: alter,
    transforms: alter,
    settings: alter,
    ofType: "no difference",
  },
  rename: (from, to) => [
    ...(from.schema === to.schema ? [] : [statement(`ALTER ${designate(from)} SET SCHEMA ${quoteName(to.schema)}`)]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER ${designate({ ...from, schema: to.schema })} RENAME TO ${quoteName(to.name)}`)]),
  ],
  renamesFreely: "to another schema",
  // A standard body is kept parsed, so that what it reads cannot change its type under it.
  pins: (a) => a.standardBody !== null,
});

const OPTIONS = {
  schema: true,
  arguments: true,
  language: true,
  body: true,
  atomic: true,
  securityDefiner: true,
  set: true,
  dependsOn: true,
  droppedWith: true,
  maintenance: true,
  grants: true,
  owner: true,
  comment: true,
  renamedFrom: true,
  returns: true,
  volatility: true,
  strict: true,
  leakproof: true,
  parallel: true,
  cost: true,
  rows: true,
  window: true,
  library: true,
  support: true,
  transforms: true,
} satisfies Record<keyof FunctionOptions, true>;

/** Printed types of the arguments that a call gives. */
function inputOf({ options }: RoutineDeclaration, place: Place, declaring: Declaring): readonly string[] {
  return argumentsOf(options)
    .filter(({ mode }) => mode !== "out")
    .map(({ column }) => printedType(declaring.text(column.type, new Set(), place)));
}

interface GivenArgument {
  readonly name: string | null;
  readonly mode: Parameter["mode"];
  readonly column: AnyColumn;
}

function argumentsOf({ arguments: given = [] }: FunctionOptions): readonly GivenArgument[] {
  const named: readonly (readonly [string | null, AnyColumn | Argument])[] = isList(given)
    ? given.map((one) => [null, one])
    : Object.entries(given);
  return named.map(([name, one]) =>
    "mode" in one ? { name, mode: one.mode, column: one.type } : { name, mode: "in", column: one },
  );
}

const isList = <T>(given: readonly T[] | object): given is readonly T[] => Array.isArray(given);

export const declaredRoutine: Declarer<RoutineDeclaration> = {
  identify: (declaration, source, declaring) => {
    const schema = declaring.schemaName(declaration.options.schema);
    const { name } = declaration;
    return { id: functionId(schema, name, inputOf(declaration, source, declaring)), text: quotePath(schema, name) };
  },
  declare: (declaration, source, declaring) => {
    const { name, options, declares } = declaration;
    checkOptions(options, OPTIONS, `${declares} ${name}`, source);
    if ((options.body === undefined) === (options.atomic === undefined)) {
      throw new Diagnostic({
        code: "body-missing",
        what: `the ${declares} ${name} has ${options.body === undefined ? "no body" : "two bodies"}`,
        at: source.position,
        next: "give it either body (a text between quotes) or atomic (an SQL-standard body)",
      });
    }
    const schema = declaring.schemaName(options.schema);
    const needs = new Set<FactId>();
    const text = (sql: Sql | string): string => declaring.text(sql, needs, source);
    const parameters = argumentsOf(options).map(({ name: parameter, mode, column }): Parameter => {
      const type = text(column.type);
      const value = column.options.default;
      return { name: parameter, mode, type, default: value === undefined ? null : text(literal(value, type, source)) };
    });
    const columns = tableColumns(options.returns).map(
      ([column, of]): Parameter => ({ name: column, mode: "table", type: text(of.type), default: null }),
    );
    for (const one of options.dependsOn ?? []) text(nameOf(one));
    const language = languageOf(options, text);
    const transforms = (options.transforms ?? []).map((type) => printedType(text(typeSql(type))));
    for (const type of transforms) needs.add(transformId(type, language));
    const attributes: Routine = {
      schema,
      name,
      input: inputOf(declaration, source, declaring),
      routine: declares,
      parameters: [...parameters, ...columns],
      returns: declares === "procedure" ? null : returnsText(options.returns, text),
      language,
      // What a body in quotes mentions is looked up when it runs, and may come later.
      body:
        options.body === undefined || typeof options.body === "string"
          ? (options.body ?? "")
          : bodyOf(declaring.text(options.body, new Set(), source), language),
      library: options.library ?? null,
      standardBody: options.atomic === undefined ? null : dedent(text(options.atomic)),
      isWindow: options.window ?? false,
      volatility: options.volatility ?? "volatile",
      parallel: options.parallel ?? "unsafe",
      isStrict: options.strict ?? false,
      isSecurityDefiner: options.securityDefiner ?? false,
      isLeakproof: options.leakproof ?? false,
      cost: options.cost ?? null,
      rows: options.rows ?? null,
      support: options.support === undefined ? null : nameText(options.support, text),
      transforms,
      ofType: null,
      settings: Object.entries(options.set ?? {})
        .map(([setting, value]) => `${setting}=${value}`)
        .sort(),
    };
    declaring.add(functions, attributes, {
      ...options,
      place: source,
      needs,
      hint: {
        ...renamedFrom(options.renamedFrom, schema, (old, oldName) => functionId(old, oldName, attributes.input)),
        ...(options.maintenance === true ? calledForUpkeep(attributes, source) : {}),
      },
    });
  },
};

/** @throws Diagnostic `maintenance-uncallable` */
function calledForUpkeep({ schema, name, parameters, returns }: Routine, { position }: Place): Hint {
  const missing = parameters.find(({ mode, default: value }) => (mode === "in" || mode === "inout") && value === null);
  const isTrigger = returns === "trigger" || returns === "event_trigger";
  if (missing === undefined && !isTrigger) return { maintenance: true };
  throw new Diagnostic({
    code: "maintenance-uncallable",
    what: `${quotePath(schema, name)} cannot be called by \`verso maintain\``,
    at: position,
    why: isTrigger
      ? "only a trigger calls it"
      : `it has a parameter without a default${missing?.name ? `: ${missing.name}` : ""}`,
    next: isTrigger ? "take `maintenance` out" : "give the parameter a default, or take `maintenance` out",
  });
}

/** A routine that upkeep calls. */
export interface CleanUp {
  readonly schema: string;
  readonly name: string;
  /** `SELECT public.clean_up_sessions()`. */
  readonly call: string;
}

/** Routines that definitions declare with `maintenance: true`, by name. */
export function cleanUpsOf(facts: FactIndex, hints: ReadonlyMap<FactId, Hint>): readonly CleanUp[] {
  const marked = ofKind<Routine>(facts.values(), functions.kind).filter(
    ({ id }) => hints.get(id)?.maintenance === true,
  );
  return marked
    .map(({ attributes: { schema, name, routine } }) => ({
      schema,
      name,
      call: `${routine === "procedure" ? "CALL" : "SELECT"} ${quotePath(schema, name)}()`,
    }))
    .toSorted((one, other) => (one.call < other.call ? -1 : 1));
}

function languageOf({ language, library, atomic }: FunctionOptions, text: (sql: Sql) => string): string {
  if (typeof language === "object") text(nameOf(language));
  if (language !== undefined) return typeof language === "string" ? language : language.name;
  return library !== undefined ? "c" : atomic === undefined ? "plpgsql" : "sql";
}

/** A body of several lines stands on lines of its own. */
export function bodyOf(text: string, language: string | undefined): string {
  const body = language === "sql" ? formatQuery(text) : dedent(text);
  return body.includes("\n") ? `\n${body}\n` : body;
}

function tableColumns(returns: Returns | undefined): readonly (readonly [string, AnyColumn])[] {
  return typeof returns === "object" && "table" in returns && typeof returns.table === "object"
    ? Object.entries(returns.table)
    : [];
}

function returnsText(returns: Returns | undefined, text: (sql: Sql | string) => string): string | null {
  const typeText = (type: string | Sql | AnyColumn | Referable): string => {
    if (typeof type === "string" || isSql(type)) return text(type);
    return isReferable(type) ? text(nameOf(type)) : text(type.type);
  };
  if (returns === undefined) return null;
  if (typeof returns === "object" && "setof" in returns) return `SETOF ${typeText(returns.setof)}`;
  const columns = tableColumns(returns);
  if (columns.length > 0)
    return `TABLE(${columns.map(([name, of]) => `${quoteName(name)} ${text(of.type)}`).join(", ")})`;
  return typeText(returns as string | Sql | AnyColumn | Referable);
}
