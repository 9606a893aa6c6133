import type { CompiledDomain } from "../compile/compileDomain.ts";
import { searchPathNames } from "../compile/renderScripts.ts";
import { Diagnostic } from "../diagnostic.ts";
import { quoteName, quotePath } from "../quote.ts";
import { domainSource } from "../resolve/definitionsSource.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { openShadow } from "../shadow/shadow.ts";
import { type AnalyzedColumn, analyze, analyzeView, type Known, type KnownColumn } from "./analyzed.ts";
import type { WrittenQuery } from "./parseQueries.ts";

/** A value that goes into a query or comes out of it. */
export interface AnsweredValue {
  readonly name: string;
  /** As PostgreSQL prints it, with its schema unless it is PostgreSQL's own. */
  readonly type: string;
  readonly isNullable: boolean;
  /** The table's column that it is, is compared with or written to: `fitness.users.id`. */
  readonly column: string | null;
}

export interface AnsweredParameter extends AnsweredValue {
  /** A list of the column's values. */
  readonly isList: boolean;
}

export interface AnsweredQuery {
  /** It can break constraints. */
  readonly writes: boolean;
  readonly parameters: readonly AnsweredParameter[];
  readonly columns: readonly AnsweredValue[];
}

export interface ShadowAnswers {
  readonly queries: ReadonlyMap<string, AnsweredQuery>;
  /** Columns of views and materialized views, by their names as SQL. */
  readonly views: ReadonlyMap<string, readonly AnsweredValue[]>;
}

/**
 * Has PostgreSQL say what queries take and give, and what a domain's views have, in a database with the domain's schema.
 * @param spec the shadow, as `--shadow` names it
 * @throws Diagnostic `query-refused` at the place in the file that PostgreSQL points at
 */
export async function askShadow(
  domain: CompiledDomain,
  queries: readonly WrittenQuery[],
  spec: string | undefined,
): Promise<ShadowAnswers> {
  return onShadow(domain, spec, async (session, known) => {
    const answers = new Map<string, AnsweredQuery>();
    for (const query of queries) answers.set(query.name, await askQuery(session, domain, query, known));
    return { queries: answers, views: await askViews(session, known) };
  });
}

/** What is wrong with each query that no longer fits, in their order. */
export async function refusedQueries(
  domain: CompiledDomain,
  queries: readonly WrittenQuery[],
  spec: string | undefined,
): Promise<readonly Diagnostic[]> {
  return onShadow(domain, spec, async (session, known) => {
    const refusals: Diagnostic[] = [];
    for (const query of queries) {
      await askQuery(session, domain, query, known).catch((error: unknown) => {
        if (!(error instanceof Diagnostic)) throw error;
        refusals.push(error);
      });
    }
    return refusals;
  });
}

/** In a database with the domain's schema and nothing else. */
async function onShadow<T>(
  domain: CompiledDomain,
  spec: string | undefined,
  ask: (session: Session, known: Known) => Promise<T>,
): Promise<T> {
  const source = domainSource(domain);
  const shadow = await openShadow(spec, { extensions: source.extensions });
  try {
    const session = await shadow.scratch({ extensions: source.extensions });
    try {
      if (session.version < OLDEST) throw tooOld(shadow.label);
      await source.build(session, new Set());
      return await ask(session, await readKnown(session));
    } finally {
      await session.close();
    }
  } finally {
    await shadow.close();
  }
}

// The first that tells the types of a prepared statement's result, and which joins make a variable null.
const OLDEST = 160_000;

const tooOld = (label: string): Diagnostic =>
  new Diagnostic({
    code: "queries-need-16",
    what: `${label} does not tell the types of a query's result`,
    why: "PostgreSQL tells them since version 16",
    next: "compile with a newer shadow, such as the embedded one; the queries themselves may run on any version",
  });

async function askQuery(
  session: Session,
  domain: CompiledDomain,
  query: WrittenQuery,
  known: Known,
): Promise<AnsweredQuery> {
  const searchPath = `set local search_path = ${searchPathOf(domain).map(quoteName).join(", ") || "''"}`;
  const prepare = `prepare ${quoteName(query.name)} as `;
  await session.run("begin");
  try {
    await session.run(searchPath);
    await session.run(prepare + query.text).catch((error: unknown) => {
      throw refused(error, query, prepare.length);
    });
    await session.run("set local search_path = ''");
    const [prepared] = await session.query<{ parameters: readonly string[]; results: readonly string[] | null }>(
      `select parameter_types::text[] as parameters, result_types::text[] as results
       from pg_catalog.pg_prepared_statements where name = $1`,
      [query.name],
    );
    const { parameters: types = [], results = null } = prepared ?? {};
    await session.run(searchPath);
    // PostgreSQL keeps the body of such a function as it analysed it.
    const head = `create function pg_temp.verso_query(${types.join(", ")}) returns void language sql begin atomic `;
    await session.run(`${head}${query.text}; end`).catch((error: unknown) => {
      throw refused(error, query, [...head].length);
    });
    const [stored] = await session.query<{ tree: string }>(
      `select prosqlbody::text as tree from pg_catalog.pg_proc
       where oid = (select max(oid) from pg_catalog.pg_proc where proname = 'verso_query')`,
    );
    const takesNull = new Set(query.parameters.flatMap(({ isNullable }, i) => (isNullable ? [i + 1] : [])));
    const { writes, columns, parameters } = analyze(stored?.tree ?? "", known, takesNull);
    return {
      writes,
      parameters: query.parameters.map(({ name, isNullable }, i) => {
        const found = parameters.get(i + 1);
        return {
          name,
          type: types[i] ?? "text",
          isNullable: isNullable || found?.isNullable === true,
          column: pathOf(found?.column ?? null),
          isList: found?.isList === true,
        };
      }),
      columns: results === null ? [] : columnsOf(query, columns, results),
    };
  } finally {
    await session.run("rollback");
  }
}

function columnsOf(
  query: WrittenQuery,
  columns: readonly AnalyzedColumn[],
  types: readonly string[],
): readonly AnsweredValue[] {
  const names = new Set<string>();
  return columns.map(({ name, isNullable, column }, i) => {
    if (name === "?column?" || names.has(name)) {
      throw new Diagnostic({
        code: "query-column-name",
        what:
          name === "?column?" ? `column ${i + 1} of ${query.name} has no name` : `${query.name} gives ${name} twice`,
        at: query.position,
        why: "a row is an object, with a property for each column",
        next: "give it a name of its own: `… as something`",
      });
    }
    names.add(name);
    return {
      name,
      type: types[i] ?? "text",
      isNullable: query.nullable[name] ?? isNullable,
      column: pathOf(column),
    };
  });
}

const pathOf = (column: KnownColumn | null): string | null =>
  column === null ? null : quotePath(column.schema, column.table, column.name);

/** Schemas in which services find what a statement names without its schema. */
export const searchPathOf = ({ domain }: CompiledDomain): readonly string[] => searchPathNames(domain);

function refused(error: unknown, query: WrittenQuery, before: number): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const { position, detail, hint } = error.fields;
  return new Diagnostic(
    {
      code: "query-refused",
      what: `PostgreSQL refuses the query ${query.name}`,
      at: position === undefined ? query.position : query.positionAt(position - before),
      why: `${error.message} (SQLSTATE ${error.code})${detail === undefined ? "" : `; ${detail}`}`,
      next: hint ?? "mend the query, or the definition that it was written for",
    },
    error,
  );
}

const askViews = async (session: Session, known: Known): Promise<ReadonlyMap<string, readonly AnsweredValue[]>> => {
  await session.run("set search_path = ''");
  const rows = await session.query<{ id: string; schema: string; name: string; types: readonly string[] }>(VIEWS);
  await session.run("reset search_path");
  return new Map(
    rows.map(({ id, schema, name, types }) => [
      quotePath(schema, name),
      analyzeView(id, known).map((column, i) => ({
        name: column.name,
        type: types[i] ?? "text",
        isNullable: column.isNullable,
        column: pathOf(column.column),
      })),
    ]),
  );
};

/** Leaves out what extensions brought. */
const NOT_OF_AN_EXTENSION = `not exists (select from pg_catalog.pg_depend d
  where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`;

const VIEWS = `
  select c.oid::text as id, n.nspname as schema, c.relname as name,
    (select array_agg(a.atttypid::regtype::text order by a.attnum) from pg_catalog.pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0) as types
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('v', 'm') and n.nspname not in ('pg_catalog', 'information_schema') and ${NOT_OF_AN_EXTENSION}
  order by n.nspname, c.relname`;

const COLUMNS = `
  select a.attrelid || '.' || a.attnum as id, n.nspname as schema, c.relname as "table", a.attname as name,
    t.typnotnull or a.attnotnull and c.relkind <> 'f' and not exists (
      select from pg_catalog.pg_constraint k
      where k.conrelid = c.oid and k.contype = 'n' and k.conkey = array[a.attnum]
        and (not k.convalidated or k.connoinherit)
    ) as "isNotNull"
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'f')
    and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`;

// Of PostgreSQL's own alone, and none that takes JSON, whose null is a value. Those that are not named here may give null
// where no argument is null: the length of an empty array, a part of a text that is not there.
const FAITHFUL = `
  abs ceil ceiling floor round trunc sign greatest least lower upper length char_length initcap btrim ltrim rtrim replace
  concat concat_ws md5 now clock_timestamp statement_timestamp transaction_timestamp date_trunc age
  make_interval make_date to_timestamp gen_random_uuid random generate_series cardinality encode decode repeat
  left right reverse split_part num_nulls num_nonnulls format json_build_object jsonb_build_object json_build_array
  jsonb_build_array to_json to_jsonb row_to_json sum avg min max bool_and bool_or every array_agg string_agg json_agg
  jsonb_agg json_object_agg jsonb_object_agg row_number rank dense_rank percent_rank cume_dist
`;
const OPERATORS = "= <> < <= > >= + - * / % || ~ ~* !~ !~* ~~ ~~* !~~ !~~* @> <@ && ?";

const list = (words: string): string =>
  words
    .trim()
    .split(/\s+/)
    .map((word) => `'${word}'`)
    .join(", ");

const IDS = `
  select
    (select array_agg(aggfnoid::oid::text) from pg_catalog.pg_aggregate
      where agginitval is not null and aggfinalfn = 0 and aggfnoid::oid < 16384) as counting,
    (select array_agg(p.oid::text) from pg_catalog.pg_proc p
      where p.oid < 16384 and (p.proname in (${list(FAITHFUL)})
          and not p.proargtypes::oid[] && '{anyrange,anymultirange}'::regtype[]::oid[]
        or exists (select from pg_catalog.pg_cast c where c.castfunc = p.oid)
          and not p.proargtypes::oid[] && '{json,jsonb}'::regtype[]::oid[])) as faithful,
    (select array_agg(o.oid::text) from pg_catalog.pg_operator o
      where o.oid < 16384 and o.oprname in (${list(OPERATORS)}) and o.oprleft <> 'path'::regtype
        and (o.oprname in ('=', '<>', '<', '<=', '>', '>=', '@>', '<@', '?', '||')
          or not o.oprleft = any ('{json,jsonb}'::regtype[]))) as operators`;

async function readKnown(session: Session): Promise<Known> {
  const columns = await session.query<KnownColumn & { readonly id: string }>(COLUMNS);
  const views = await session.query<{ id: string; tree: string }>(
    `select r.ev_class::text as id, r.ev_action::text as tree from pg_catalog.pg_rewrite r
     join pg_catalog.pg_class c on c.oid = r.ev_class
     where r.rulename = '_RETURN' and c.oid >= 16384`,
  );
  const [ids] = await session.query<Readonly<Record<"counting" | "faithful" | "operators", readonly string[]>>>(IDS);
  return {
    columns: new Map(columns.map(({ id, ...column }) => [id, column])),
    views: new Map(views.map(({ id, tree }) => [id, tree])),
    counting: new Set(ids?.counting),
    faithful: new Set(ids?.faithful),
    operators: new Set(ids?.operators),
  };
}
