import type { FactId } from "../facts.ts";
import { quoteName } from "../quote.ts";
import { notMember } from "./attachment.ts";
import { defineKind, factId, type Surroundings, statement } from "./kind.ts";

/** Who owns a thing, where it is not whoever reads: a definition that says nothing means "who runs the migration". */
export type Owner = { readonly target: FactId; readonly role: string };

export const ownerId = (target: FactId) => factId("owner", target);

/** The owner of a thing as SQL names it. */
export function ownerName(target: FactId, around: Surroundings): string {
  const role = around.facts.get(ownerId(target))?.attributes.role;
  return typeof role === "string" ? quoteName(role) : unsaidOwner(target, around.version);
}

const unsaidOwner = (target: FactId, version: number): string =>
  target === "schema public" && version >= 150000 ? "pg_database_owner" : "CURRENT_USER";

const FOLLOWING_THE_DOMAIN = new Set([
  "table",
  "foreign table",
  "view",
  "materialized view",
  "sequence",
  "enum",
  "domain",
  "composite type",
  "range type",
  "function",
  "aggregate",
]);

/** Whether a declaration that says no owner has its domain's. A sequence that a column owns has the table's. */
export const followsDomain = (kind: string, attributes: { readonly ownedBy?: unknown }): boolean =>
  FOLLOWING_THE_DOMAIN.has(kind) && (attributes.ownedBy ?? null) === null;

// What follows its owner is left out: array and multirange types, row types, sequences that a column owns.
const OWNED = [
  `select 'pg_class'::regclass, c.oid, c.relowner from pg_class c
   where c.relkind in ('r', 'p', 'v', 'm', 'f') or c.relkind = 'S' and not exists (
     select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
       and d.refclassid = 'pg_class'::regclass)`,
  `select 'pg_type'::regclass, t.oid, t.typowner from pg_type t left join pg_class c on c.oid = t.typrelid
   where t.typtype in ('b', 'd', 'e', 'r') and not exists (select from pg_type e where e.typarray = t.oid) or c.relkind = 'c'`,
  "select 'pg_proc'::regclass, oid, proowner from pg_proc",
  "select 'pg_namespace'::regclass, oid, nspowner from pg_namespace",
  "select 'pg_collation'::regclass, oid, collowner from pg_collation",
  "select 'pg_conversion'::regclass, oid, conowner from pg_conversion",
  "select 'pg_operator'::regclass, oid, oprowner from pg_operator",
  "select 'pg_opclass'::regclass, oid, opcowner from pg_opclass",
  "select 'pg_opfamily'::regclass, oid, opfowner from pg_opfamily",
  "select 'pg_language'::regclass, oid, lanowner from pg_language",
  "select 'pg_foreign_data_wrapper'::regclass, oid, fdwowner from pg_foreign_data_wrapper",
  "select 'pg_foreign_server'::regclass, oid, srvowner from pg_foreign_server",
  "select 'pg_publication'::regclass, oid, pubowner from pg_publication",
  `select 'pg_subscription'::regclass, oid, subowner from pg_subscription
   where subdbid = (select oid from pg_database where datname = current_database())`,
  "select 'pg_event_trigger'::regclass, oid, evtowner from pg_event_trigger",
  "select 'pg_statistic_ext'::regclass, oid, stxowner from pg_statistic_ext",
  "select 'pg_ts_dict'::regclass, oid, dictowner from pg_ts_dict",
  "select 'pg_ts_config'::regclass, oid, cfgowner from pg_ts_config",
];

export const owners = defineKind<Owner>({
  kind: "owner",
  script: "grants",
  query: () => `
    select o.classid::oid::int8 as classid, o.oid::int8 as objid, 0 as objsubid, pg_get_userbyid(o.owner) as role
    from (${OWNED.join("\n    union all\n    ")}) o(classid, oid, owner)
    where (o.oid >= 16384 or o.classid = 'pg_namespace'::regclass and o.oid = to_regnamespace('public'))
      and o.owner <> (select r.oid from pg_roles r where r.rolname = current_user)
      and not (o.classid = 'pg_namespace'::regclass and o.oid = to_regnamespace('public')
        and (o.owner = 10 or pg_get_userbyid(o.owner) = 'pg_database_owner'))
      and ${notMember("o.classid", "o.oid")}`,
  attaches: true,
  path: (a) => a.target,
  parent: (a) => a.target,
  roles: ["role"],
  create: ({ attributes: a }, around) => [
    statement(`ALTER ${around.designate(a.target)} OWNER TO ${quoteName(a.role)}`),
  ],
  drop: ({ attributes: a }, around) => [
    statement(`ALTER ${around.designate(a.target)} OWNER TO ${unsaidOwner(a.target, around.version)}`),
  ],
  alter: {
    target: "identity",
    role: ({ to: { attributes: a } }, around) => [
      statement(`ALTER ${around.designate(a.target)} OWNER TO ${quoteName(a.role)}`),
    ],
  },
});
