import { listOf } from "../declare/access.ts";
import type { Policy as PolicyDeclaration, PolicyDefinition } from "../declare/policies.ts";
import type { RoleName } from "../declare/roles.ts";
import { REFERENCE } from "../declare/sql.ts";
import type { FactId } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import { inParentheses, quoteName, quotePath } from "../quote.ts";
import { scopeOf, type TableScope } from "./constraints.ts";
import { checkOptions, type Declarer, type Declaring, nameOfRole, renamedFrom } from "./declaring.ts";
import { type Alter, defineKind, factId, notOfExtension, statement, userSchema } from "./kind.ts";

/** @see PostgreSQL manual, "pg_policy" */
export type Policy = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly isPermissive: boolean;
  readonly command: "ALL" | "SELECT" | "INSERT" | "UPDATE" | "DELETE";
  /** Names, sorted; `public` stands for all. */
  readonly roles: readonly string[];
  readonly using: string | null;
  readonly check: string | null;
};

export const policyId = (schema: string, table: string, name: string) =>
  factId("policy", quotePath(schema, table, name));

const onTable = (a: Policy): string => `${quoteName(a.name)} ON ${quotePath(a.schema, a.table)}`;
const roleList = (a: Policy): string => (a.roles.length === 0 ? "public" : a.roles.map(quoteName).join(", "));

/** ALTER POLICY gives an expression but cannot take one away. */
const alterPolicy: Alter<Policy> = ({ from: { attributes: from }, to: { attributes: to } }) => {
  if ((from.using !== null && to.using === null) || (from.check !== null && to.check === null)) return "replace";
  return [
    statement(
      [
        `ALTER POLICY ${onTable(to)}`,
        roleList(to) === roleList(from) ? "" : `TO ${roleList(to)}`,
        to.using === null || to.using === from.using ? "" : `USING ${inParentheses(to.using)}`,
        to.check === null || to.check === from.check ? "" : `WITH CHECK ${inParentheses(to.check)}`,
      ]
        .filter((clause) => clause !== "")
        .join(" "),
    ),
  ];
};

export const policies = defineKind<Policy>({
  kind: "policy",
  script: "policies",
  foundIn: "pg_policy",
  query: () => `
    select 'pg_policy'::regclass::oid::int8 as classid, p.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, p.polname as name,
      p.polpermissive as "isPermissive",
      case p.polcmd when '*' then 'ALL' when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE'
        when 'd' then 'DELETE' end as command,
      array(select case when r = 0 then 'public' else pg_get_userbyid(r) end from unnest(p.polroles) r order by 1) as roles,
      pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
    from pg_policy p
    join pg_class c on c.oid = p.polrelid
    join pg_namespace n on n.oid = c.relnamespace
    where ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.name),
  parent: (a) => factId("table", quotePath(a.schema, a.table)),
  roles: ["roles"],
  designate: (a) => `POLICY ${onTable(a)}`,
  create: ({ attributes: a }) => [
    statement(
      [
        `CREATE POLICY ${onTable(a)}`,
        a.isPermissive ? "" : "AS RESTRICTIVE",
        a.command === "ALL" ? "" : `FOR ${a.command}`,
        roleList(a) === "public" ? "" : `TO ${roleList(a)}`,
        a.using === null ? "" : `USING ${inParentheses(a.using)}`,
        a.check === null ? "" : `WITH CHECK ${inParentheses(a.check)}`,
      ]
        .filter((clause) => clause !== "")
        .join(" "),
    ),
  ],
  drop: ({ attributes: a }) => [statement(`DROP POLICY ${onTable(a)}`)],
  prints: ["using", "check"],
  alter: {
    schema: "identity",
    table: "identity",
    name: "identity",
    isPermissive: "replace",
    command: "replace",
    roles: alterPolicy,
    using: alterPolicy,
    check: alterPolicy,
  },
  rename: (from, to) => [statement(`ALTER POLICY ${onTable(from)} RENAME TO ${quoteName(to.name)}`)],
  renamesFreely: true,
  pins: () => true,
});

const OPTIONS = {
  for: true,
  to: true,
  using: true,
  withCheck: true,
  as: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof PolicyDefinition, true>;

export function declarePolicy(
  { declaring, schema, name: table, self }: TableScope,
  name: string,
  given: PolicyDefinition,
  place: Place,
): void {
  checkOptions(given, OPTIONS, `policy ${name}`, place);
  const needs = new Set<FactId>();
  const { using, withCheck, to = "public" } = given;
  const attributes: Policy = {
    schema,
    table,
    name,
    isPermissive: given.as !== "restrictive",
    command: (given.for ?? "all").toUpperCase() as Policy["command"],
    roles: listOf<RoleName>(to).map(nameOfRole).sort(),
    using: using === undefined ? null : declaring.text(using, needs, place, self),
    check: withCheck === undefined ? null : declaring.text(withCheck, needs, place, self),
  };
  declaring.add(policies, attributes, {
    place,
    needs,
    comment: given.comment,
    hint: renamedFrom(given.renamedFrom, schema, (_, old) => policyId(schema, table, old)),
  });
}

/** A policy said apart from its table. */
export const declaredPolicy: Declarer<PolicyDeclaration> = {
  declare: ({ name, table, definition }, source, declaring) =>
    declarePolicy(scopeOf(table, declaring, source), name, definition, source),
};

const guarded = new WeakMap<Declaring["loaded"], ReadonlySet<string>>();

/** True for a table that a policy said apart from it is on. */
export function hasPolicyApart(schema: string, table: string, declaring: Declaring): boolean {
  let tables = guarded.get(declaring.loaded);
  if (tables === undefined) {
    tables = new Set(
      declaring.loaded.flatMap(({ declaration }) => {
        if (declaration.declares !== "policy") return [];
        const on = (declaration as PolicyDeclaration).table[REFERENCE];
        return [quotePath(declaring.schemaName(on.schema), on.name)];
      }),
    );
    guarded.set(declaring.loaded, tables);
  }
  return tables.has(quotePath(schema, table));
}
