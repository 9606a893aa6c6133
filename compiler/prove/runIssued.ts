import type { Issued } from "../generate/issued.ts";
import { quoteName, quoteText } from "../quote.ts";
import { readTypes } from "../rows/tableShapes.ts";
import { valuesOf } from "../rows/values.ts";
import type { Session } from "../session/session.ts";

/** What PostgreSQL says of a statement that it does not take. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** How statements behave in the state that they were written for. */
export interface Home {
  readonly searchPath: readonly string[];
  /** Rows of the tables that are written, as JSON: what services write is like them. */
  readonly rows: ReadonlyMap<string, string>;
  /** A value of each type, by the type's oid. */
  readonly values: ReadonlyMap<number, string>;
  /** Those that fail there. */
  readonly failures: ReadonlyMap<string, Failure>;
}

/** Runs statements in the state that they were written for. */
export async function settleHome(
  session: Session,
  statements: ReadonlyMap<string, Issued>,
  searchPath: readonly string[],
): Promise<Home> {
  const home = { searchPath, rows: await readRows(session, statements), values: await readValues(session) };
  return { ...home, failures: await run(session, statements, home, "own transaction") };
}

/** Runs statements in another state. @returns those that fail there, and at home do not, or for another reason */
export async function runIssued(
  session: Session,
  statements: ReadonlyMap<string, Issued>,
  home: Home,
  where: "own transaction" | "caller's transaction" = "own transaction",
): Promise<ReadonlyMap<string, Failure>> {
  const failures = await run(session, statements, home, where);
  return new Map([...failures].filter(([key, { code }]) => isBreakage(code, home.failures.get(key)?.code)));
}

/**
 * Whether a failure is the schema's. What runs at home, on the same rows, is broken by whatever stops it here; what fails at
 * home, on rows or values that do not suit it, is broken by what no row can mend: a name or type that is not there (class 42),
 * what cannot be done with such an object (0A, 3F, 55), a value that must be there (23502). Conflicts with other sessions,
 * want of resources and interruptions are nobody's.
 * @see PostgreSQL manual, "PostgreSQL Error Codes"
 */
function isBreakage(code: string, atHome: string | undefined): boolean {
  if (/^(?:40|53|55P03|57|58)/.test(code)) return false;
  return atHome === undefined || (code !== atHome && (isAnalysis(code) || code === "23502"));
}

/** Whether no row or value can make a statement run. */
export const isAnalysis = (code: string): boolean => /^(?:0A|3F|42|55)/.test(code);

const ROWS = 4;
const AT_ONCE = 50;

async function readRows(session: Session, statements: ReadonlyMap<string, Issued>): Promise<Home["rows"]> {
  const tables = [...new Set([...statements.values()].flatMap(({ rowsOf }) => rowsOf ?? []))];
  const found = new Map<string, string>();
  for (let start = 0; start < tables.length; start += AT_ONCE) {
    const queries = tables.slice(start, start + AT_ONCE).map(
      (table) => `select ${quoteText(table)} as "table",
        (select coalesce(jsonb_agg(to_jsonb(r)), '[]')::text from (select * from ${table} limit ${ROWS}) r) as rows`,
    );
    const read = await session.query<{ table: string; rows: string }>(queries.join(" union all "));
    for (const { table, rows } of read) found.set(table, rows);
  }
  return found;
}

/** The first of the values that rows are planted with, so that keys find them. */
async function readValues(session: Session): Promise<Home["values"]> {
  const [all] = await session.query<{ oids: readonly number[] }>(
    `select array_agg(oid::int4) as oids from pg_catalog.pg_type
     where typtype in ('b', 'd', 'e', 'm', 'r') and typname !~ '^_?(?:pg_|reg)'`,
  );
  const oids = all?.oids ?? [];
  const types = await readTypes(session, oids);
  const values = oids.flatMap((type) => {
    const { series, others } = valuesOf({ type, typmod: -1, text: "" }, types);
    const value = series[0] ?? others[0];
    return value === undefined ? [] : [[type, value] as const];
  });
  return new Map(values);
}

const TRY = `
create function pg_temp.verso_try(given jsonb, type_values jsonb, table_rows jsonb)
returns table (key text, code text, message text) language plpgsql as $verso$
declare
  one record;
  arguments text;
begin
  for one in
    select e ->> 'key' as key, e ->> 'sql' as sql, e ->> 'rowsOf' as rows_of, (e ->> 'isInsert')::boolean as is_insert
    from pg_catalog.jsonb_array_elements(given) as e
  loop
    key := one.key;
    begin
      if one.sql ~* '^(call|refresh)\\M' then
        execute one.sql;
      else
        execute 'prepare verso_issued as ' || one.sql;
        select pg_catalog.string_agg(
            case when one.rows_of is null then pg_catalog.quote_nullable(type_values ->> type::oid::text)
              else pg_catalog.quote_literal(table_rows ->> one.rows_of) end, ', ' order by n)
          into arguments
          from pg_catalog.pg_prepared_statements p, pg_catalog.unnest(p.parameter_types) with ordinality as t (type, n)
          where p.name = 'verso_issued';
        if one.is_insert then
          -- The rows are in the table already: they are taken out, unseen by foreign keys, and written again.
          begin
            perform pg_catalog.set_config('session_replication_role', 'replica', true);
            execute 'delete from ' || one.rows_of;
            perform pg_catalog.set_config('session_replication_role', 'origin', true);
          exception when insufficient_privilege then null;
          end;
        end if;
        execute 'execute verso_issued' || coalesce('(' || arguments || ')', '');
      end if;
      set constraints all immediate;
      raise exception 'done' using errcode = 'VS000';
    exception
      when sqlstate 'VS000' then null;
      when others then
        get stacked diagnostics code = returned_sqlstate, message = message_text;
        return next;
    end;
    if exists (select from pg_catalog.pg_prepared_statements where name = 'verso_issued') then
      deallocate verso_issued;
    end if;
  end loop;
end $verso$`;

/** So many hold few enough locks in one transaction. */
const IN_ONE_TRANSACTION = 400;

/** Runs each statement, and undoes what it did. @returns those that fail, by their keys */
async function run(
  session: Session,
  statements: ReadonlyMap<string, Issued>,
  { searchPath, rows, values }: Omit<Home, "failures">,
  where: "own transaction" | "caller's transaction",
): Promise<ReadonlyMap<string, Failure>> {
  const failures = new Map<string, Failure>();
  if (statements.size === 0) return failures;
  const all = [...statements].map(([key, { sql, rowsOf }]) => ({
    key,
    sql,
    rowsOf,
    isInsert: rowsOf !== undefined && /^insert /.test(sql) && !sql.includes(" on conflict "),
  }));
  const path = searchPath.map(quoteName).join(", ") || "''";
  const [begin, end] =
    where === "own transaction"
      ? ["begin", "rollback"]
      : ["savepoint verso_try", "rollback to savepoint verso_try; release savepoint verso_try"];
  for (let start = 0; start < all.length; start += IN_ONE_TRANSACTION) {
    const given = all.slice(start, start + IN_ONE_TRANSACTION);
    const tables = new Set(given.flatMap(({ rowsOf }) => rowsOf ?? []));
    const written = [...rows].filter(([table]) => tables.has(table));
    await session.run(begin);
    try {
      await session.run(TRY);
      await session.run(`set local search_path = ${path}; set local check_function_bodies = off`);
      const found = await session.query<{ key: string } & Failure>(
        "select * from pg_temp.verso_try($1::text::jsonb, $2::text::jsonb, $3::text::jsonb)",
        [
          JSON.stringify(given),
          JSON.stringify(Object.fromEntries(values)),
          JSON.stringify(Object.fromEntries(written)),
        ],
      );
      for (const { key, ...failure } of found) failures.set(key, failure);
    } finally {
      await session.run(end);
    }
  }
  return failures;
}
