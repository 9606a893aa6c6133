import { quotePath } from "../quote.ts";
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
  query: () => `
    select 'pg_statistic_ext'::regclass::oid::int8 as classid, s.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, s.stxname as name,
      substr(pg_get_statisticsobjdef(s.oid), length(format('CREATE STATISTICS %I.%I ', n.nspname, s.stxname)) + 1) as definition,
      nullif(s.stxstattarget, -1) as target
    from pg_statistic_ext s
    join pg_namespace n on n.oid = s.stxnamespace
    join pg_class c on c.oid = s.stxrelid
    where c.relpersistence <> 't' and ${userSchema("n.nspname")} and ${notOfExtension("pg_statistic_ext", "s.oid")}
      and ${notOfExtension("pg_class", "c.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `STATISTICS ${named(a)}`,
  create: ({ attributes: a }) => [statement(`CREATE STATISTICS ${named(a)} ${a.definition}`)],
  complete: ({ attributes: a }) => (a.target === null ? [] : [setTarget(a)]),
  drop: ({ attributes: a }) => [statement(`DROP STATISTICS ${named(a)}`)],
  alter: { schema: "identity", name: "identity", definition: "replace", target: alterTarget },
  rename: (from, to) => renameQualified("STATISTICS", from, to),
  renamesFreely: true,
});
