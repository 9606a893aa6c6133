import { isSql, REFERENCE, type Referable } from "../declare/sql.ts";
import type { Statistics as StatisticsDeclaration, StatisticsDefinition } from "../declare/statistics.ts";
import type { FactId } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quotePath } from "../quote.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom } from "./declaring.ts";
import { type Alter, defineKind, factId, notOfExtension, type Statement, statement, userSchema } from "./kind.ts";
import { renameQualified } from "./rename.ts";

/** An extended statistics object. @see PostgreSQL manual, "pg_statistic_ext" */
export type Statistics = {
  readonly schema: string;
  readonly name: string;
  /** What follows the name in CREATE STATISTICS: `(ndistinct) ON a, (lower(b)) FROM public.t`. */
  readonly definition: string;
  /** Null for the system's. */
  readonly target: number | null;
};

export const statisticsId = (schema: string, name: string) => factId("statistics", quotePath(schema, name));

const named = (a: Statistics): string => quotePath(a.schema, a.name);

const setTarget = (a: Statistics): Statement =>
  statement(`ALTER STATISTICS ${named(a)} SET STATISTICS ${a.target ?? -1}`);

const alterTarget: Alter<Statistics> = ({ to }) => [setTarget(to.attributes)];

export const statistics = defineKind<Statistics>({
  kind: "statistics",
  script: "indexes",
  foundIn: "pg_statistic_ext",
  // Columns are a set, which PostgreSQL prints in the order in which the table got them.
  query: () => `
    select 'pg_statistic_ext'::regclass::oid::int8 as classid, s.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, s.stxname as name,
      case when k.printed is null then d.definition
        else overlay(d.definition placing k.sorted from position('ON ' || k.printed in d.definition) + 3 for length(k.printed))
        end as definition,
      nullif(s.stxstattarget, -1) as target
    from pg_statistic_ext s
    join pg_namespace n on n.oid = s.stxnamespace
    join pg_class c on c.oid = s.stxrelid
    cross join lateral (select substr(pg_get_statisticsobjdef(s.oid),
      length(format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) + 1) as definition) d
    cross join lateral (
      select string_agg(quote_ident(a.attname), ', ' order by a.attnum) as printed,
        string_agg(quote_ident(a.attname), ', ' order by a.attname) as sorted
      from pg_attribute a where a.attrelid = s.stxrelid and a.attnum = any (s.stxkeys)) k
    where c.relpersistence <> 't' and ${userSchema("n.nspname")} and ${notOfExtension("pg_statistic_ext", "s.oid")}
      and ${notOfExtension("pg_class", "c.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `STATISTICS ${named(a)}`,
  create: ({ attributes: a }) => [statement(`CREATE STATISTICS ${named(a)} ${a.definition}`)],
  complete: ({ attributes: a }) => (a.target === null ? [] : [setTarget(a)]),
  drop: ({ attributes: a }) => [statement(`DROP STATISTICS ${named(a)}`)],
  prints: ["definition"],
  alter: { schema: "identity", name: "identity", definition: "replace", target: alterTarget },
  rename: (from, to) => renameQualified("STATISTICS", from, to),
  renamesFreely: true,
});

const OPTIONS = {
  on: true,
  kinds: true,
  target: true,
  schema: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof StatisticsDefinition, true>;

/** Extended statistics of a declared table or materialized view. */
export function declareStatistics(
  on: Referable,
  name: string,
  given: StatisticsDefinition,
  place: Place,
  declaring: Declaring,
): void {
  checkOptions(given, OPTIONS, `statistics ${name}`, place);
  const table = declaring.get(on[REFERENCE], place);
  const schema = given.schema === undefined ? (table.schema ?? "") : declaring.schemaName(given.schema);
  const needs = new Set<FactId>([table.id]);
  const elements = given.on.map((element) =>
    isSql(element) ? `(${declaring.text(element, needs, place, on[REFERENCE])})` : quoteName(element),
  );
  // One expression alone takes no list of kinds.
  const kinds = given.kinds === undefined || elements.length === 1 ? "" : `(${given.kinds.join(", ")}) `;
  const attributes: Statistics = {
    schema,
    name,
    definition: `${kinds}ON ${elements.join(", ")} FROM ${table.text}`,
    target: given.target ?? null,
  };
  const hint = renamedFrom(given.renamedFrom, schema, statisticsId);
  declaring.add(statistics, attributes, { ...given, place, needs, hint });
}

/** Statistics said apart from their table. */
export const declaredStatistics: Declarer<StatisticsDeclaration> = {
  declare: ({ name, table, definition }, source, declaring) =>
    declareStatistics(table, name, definition, source, declaring),
};
