import type { Cast as CastDeclaration, CastOptions } from "../declare/operators.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { givenAt } from "./given.ts";
import { defineKind, factId, notOfExtension, statement } from "./kind.ts";

/** @see PostgreSQL manual, "pg_cast" */
export type Cast = {
  /** Printed types. */
  readonly source: string;
  readonly target: string;
  /** Printed signature of its function; null for a cast by input and output, or for one that changes nothing. */
  readonly function: string | null;
  readonly method: "function" | "in and out" | "binary";
  readonly context: "explicit" | "assignment" | "implicit";
};

const named = (a: Cast): string => `(${a.source} AS ${a.target})`;

export const casts = defineKind<Cast>({
  kind: "cast",
  script: "functions",
  foundIn: "pg_cast where oid >= 16384",
  query: () => `
    select 'pg_cast'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      format_type(c.castsource, null) as source, format_type(c.casttarget, null) as target,
      case when c.castfunc <> 0 then c.castfunc::regprocedure::text end as function,
      case c.castmethod when 'f' then 'function' when 'i' then 'in and out' when 'b' then 'binary' end as method,
      case c.castcontext when 'e' then 'explicit' when 'a' then 'assignment' when 'i' then 'implicit' end as context
    from pg_cast c
    where c.oid >= 16384 and ${notOfExtension("pg_cast", "c.oid")}
      and not exists (
        select from pg_depend d
        where d.classid = 'pg_cast'::regclass and d.objid = c.oid and d.deptype = 'i')`,
  path: named,
  parent: () => null,
  designate: (a) => `CAST ${named(a)}`,
  create: ({ attributes: a }) => {
    const how =
      a.method === "function"
        ? `WITH FUNCTION ${a.function}`
        : a.method === "binary"
          ? "WITHOUT FUNCTION"
          : "WITH INOUT";
    return [
      statement(`CREATE CAST ${named(a)} ${how}${a.context === "explicit" ? "" : ` AS ${a.context.toUpperCase()}`}`),
    ];
  },
  drop: ({ attributes: a }) => [statement(`DROP CAST ${named(a)}`)],
  alter: { source: "identity", target: "identity", function: "replace", method: "replace", context: "replace" },
});

const OPTIONS = { from: true, to: true, with: true, as: true, comment: true } satisfies Record<keyof CastOptions, true>;

export const declaredCast: Declarer<CastDeclaration> = {
  identify: ({ options: { from, to } }, source, declaring) => {
    const { argumentType } = givenAt(source, declaring);
    const path = `(${argumentType(from)} AS ${argumentType(to)})`;
    return { id: factId("cast", path), text: path };
  },
  declare: ({ options }, source, declaring) => {
    checkOptions(options, OPTIONS, "a cast", source);
    const { with: by, as = "explicit" } = options;
    const given = givenAt(source, declaring);
    const attributes: Cast = {
      source: given.argumentType(options.from),
      target: given.argumentType(options.to),
      function: typeof by === "string" ? null : given.signature(by),
      method: by === "inout" ? "in and out" : by === "binary" ? "binary" : "function",
      context: as,
    };
    declaring.add(casts, attributes, { place: source, needs: given.needs, comment: options.comment });
  },
};
