import { functionId } from "../../kinds/functions.ts";
import { notOfExtension, userSchema } from "../../kinds/kind.ts";
import { policyId } from "../../kinds/policies.ts";
import { schemaId } from "../../kinds/schemas.ts";
import { tableId } from "../../kinds/tables.ts";
import { viewId } from "../../kinds/views.ts";
import { quoteName, quotePath } from "../../quote.ts";
import { defineCheck, EFFECTS } from "../check.ts";

interface TableRow {
  readonly schema: string;
  readonly table: string;
  readonly policies: number;
}

export const policiesNotInForce = defineCheck<TableRow>({
  name: "policies-not-in-force",
  looksFor: "policies of tables whose row security is off",
  query: () => `
    select n.nspname as schema, t.relname as table, count(*)::float8 as policies
    from pg_class t join pg_namespace n on n.oid = t.relnamespace join pg_policy p on p.polrelid = t.oid
    where not t.relrowsecurity and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
    group by 1, 2 order by 1, 2`,
  judge: ({ schema, table, policies }) => ({
    severity: "error",
    object: quotePath(schema, table),
    title: `${quotePath(schema, table)} has ${policies === 1 ? "a policy" : `${policies} policies`}, and its row security is off`,
    why: "everybody who may read the table reads all of its rows, whatever the policies say",
    evidence: { policies },
    remedies: [{ sql: `ALTER TABLE ${quotePath(schema, table)} ENABLE ROW LEVEL SECURITY`, effect: EFFECTS.brief }],
    mend: { at: [tableId(schema, table)], how: "take `rowSecurity: false` out: a table with policies has it on" },
  }),
});

export const rowSecurityWithoutPolicy = defineCheck<TableRow>({
  name: "row-security-without-policy",
  looksFor: "tables with row security and no policy",
  query: () => `
    select n.nspname as schema, t.relname as table, 0::float8 as policies
    from pg_class t join pg_namespace n on n.oid = t.relnamespace
    where t.relrowsecurity and not exists (select from pg_policy p where p.polrelid = t.oid)
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
    order by 1, 2`,
  judge: ({ schema, table }) => ({
    severity: "info",
    object: quotePath(schema, table),
    title: `${quotePath(schema, table)} has row security on and no policy`,
    why: "nobody but its owner sees a row of it; that may be meant, and reads like an empty table where it is not",
    evidence: {},
    remedies: [
      { sql: `CREATE POLICY … ON ${quotePath(schema, table)} USING (…)`, effect: EFFECTS.brief },
      { sql: `ALTER TABLE ${quotePath(schema, table)} DISABLE ROW LEVEL SECURITY`, effect: EFFECTS.brief },
    ],
    mend: { at: [tableId(schema, table)], how: "declare `policies`, or take `rowSecurity` out" },
  }),
});

interface OwnerRow {
  readonly schema: string;
  readonly table: string;
  readonly owner: string;
}

/** An owner that nobody logs in as may well be exempt. */
export const ownerExempt = defineCheck<OwnerRow>({
  name: "owner-exempt-from-policies",
  looksFor: "tables whose policies do not hold for their owner, who can log in",
  query: () => `
    select n.nspname as schema, t.relname as table, r.rolname as owner
    from pg_class t join pg_namespace n on n.oid = t.relnamespace join pg_roles r on r.oid = t.relowner
    where t.relrowsecurity and not t.relforcerowsecurity and r.rolcanlogin and not r.rolsuper and not r.rolbypassrls
      and exists (select from pg_policy p where p.polrelid = t.oid)
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
    order by 1, 2`,
  judge: ({ schema, table, owner }) => ({
    severity: "warning",
    object: quotePath(schema, table),
    title: `the policies of ${quotePath(schema, table)} do not hold for ${quoteName(owner)}, its owner, who can log in`,
    why: "a service that connects as the owner sees all rows",
    evidence: { owner },
    remedies: [{ sql: `ALTER TABLE ${quotePath(schema, table)} FORCE ROW LEVEL SECURITY`, effect: EFFECTS.brief }],
    mend: {
      at: [tableId(schema, table)],
      how: "declare `forceRowSecurity: true`, or an `owner` that nobody logs in as",
    },
  }),
});

interface PolicyRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly command: string;
  readonly isForAll: boolean;
}

export const policyAlwaysTrue = defineCheck<PolicyRow>({
  name: "policy-always-true",
  looksFor: "policies that let every row pass",
  query: () => `
    select n.nspname as schema, t.relname as table, p.polname as name, 0 = any (p.polroles) as "isForAll",
      case p.polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end
        as command
    from pg_policy p join pg_class t on t.oid = p.polrelid join pg_namespace n on n.oid = t.relnamespace
    where p.polpermissive and t.relrowsecurity and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
      and 'true' in (coalesce(pg_get_expr(p.polqual, p.polrelid), ''), coalesce(pg_get_expr(p.polwithcheck, p.polrelid), ''))
    order by 1, 2, 3`,
  judge: ({ schema, table, name, command, isForAll }) => ({
    severity: isForAll && command !== "select" ? "warning" : "info",
    object: quotePath(schema, table, name),
    title: `policy ${quoteName(name)} of ${quotePath(schema, table)} lets every row pass, for ${command === "all" ? "every command" : command}${isForAll ? ", to everybody" : ""}`,
    why: "policies are joined by OR, so that no other one keeps anything back from those whom this one is for",
    evidence: { command },
    remedies: [
      { sql: `ALTER POLICY ${quoteName(name)} ON ${quotePath(schema, table)} TO …`, effect: EFFECTS.brief },
      { sql: `DROP POLICY ${quoteName(name)} ON ${quotePath(schema, table)}`, effect: EFFECTS.brief },
    ],
    mend: {
      at: [policyId(schema, table, name), tableId(schema, table)],
      how: "say `to` whom it is, or what rows they may reach",
    },
  }),
});

interface ViewRow {
  readonly schema: string;
  readonly view: string;
  readonly tables: readonly string[];
  readonly owner: string;
}

/** A view reads as its owner: where policies do not hold for that one, they do not hold for whoever reads the view. */
export const viewPastPolicies = defineCheck<ViewRow>({
  name: "view-past-policies",
  looksFor: "views that read past row security",
  query: () => `
    select n.nspname as schema, v.relname as view, o.rolname as owner,
      array_agg(distinct t.oid::regclass::text order by t.oid::regclass::text) as tables
    from pg_class v join pg_namespace n on n.oid = v.relnamespace join pg_roles o on o.oid = v.relowner
    join pg_rewrite w on w.ev_class = v.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
    join pg_class t on t.oid = d.refobjid and t.relkind in ('r', 'p') and t.relrowsecurity
    where v.relkind = 'v' and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "v.oid")}
      and not exists (select from pg_options_to_table(v.reloptions)
        where option_name = 'security_invoker' and option_value::bool)
      and (o.rolsuper or o.rolbypassrls or t.relowner = v.relowner and not t.relforcerowsecurity)
      and exists (select from aclexplode(v.relacl) a where a.grantee <> v.relowner and a.privilege_type = 'SELECT')
    group by 1, 2, 3 order by 1, 2`,
  judge: ({ schema, view, tables, owner }, { version }) => ({
    severity: "warning",
    object: quotePath(schema, view),
    title: `${quotePath(schema, view)} shows others rows of ${tables.join(", ")} past row security`,
    why: `it reads as ${quoteName(owner)}, for whom the policies do not hold, and others were granted SELECT on it`,
    evidence: { owner },
    remedies:
      version >= 150000
        ? [{ sql: `ALTER VIEW ${quotePath(schema, view)} SET (security_invoker = true)`, effect: EFFECTS.brief }]
        : [{ sql: `ALTER VIEW ${quotePath(schema, view)} OWNER TO …`, effect: EFFECTS.brief }],
    mend: {
      at: [viewId(schema, view)],
      how: version >= 150000 ? "declare `securityInvoker: true`" : "give it an `owner` for whom the policies hold",
    },
  }),
});

interface GapRow {
  readonly schema: string;
  readonly table: string;
  readonly roles: readonly string[];
}

/** A role whose rows are kept apart elsewhere reaches all rows here. */
export const tableBesidePolicies = defineCheck<GapRow>({
  name: "table-without-row-security",
  looksFor: "tables without row security, for roles that have it elsewhere",
  query: () => `
    with granted as (
      select t.oid, t.relrowsecurity, n.nspname, t.relname, a.grantee
      from pg_class t join pg_namespace n on n.oid = t.relnamespace cross join lateral aclexplode(t.relacl) a
      left join pg_roles r on r.oid = a.grantee
      where t.relkind in ('r', 'p') and not t.relispartition and a.grantee <> t.relowner
        and not coalesce(r.rolsuper or r.rolbypassrls, false)
        and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
    )
    select g.nspname as schema, g.relname as table,
      array_agg(distinct case when g.grantee = 0 then 'public' else g.grantee::regrole::text end) as roles
    from granted g
    where not g.relrowsecurity and g.grantee in (select grantee from granted where relrowsecurity)
      -- Rows of somebody's: it refers to a table whose rows are kept apart.
      and exists (select from pg_constraint k join pg_class u on u.oid = k.confrelid
        where k.contype = 'f' and k.conrelid = g.oid and u.relrowsecurity)
    group by 1, 2 order by 1, 2`,
  judge: ({ schema, table, roles }) => ({
    severity: "info",
    object: quotePath(schema, table),
    title: `${roles.join(", ")} reach all rows of ${quotePath(schema, table)}, which refers to a table with row security`,
    why: "rows there are kept apart by policies; here nothing keeps them apart",
    evidence: { roles: roles.join(", ") },
    remedies: [
      { sql: `ALTER TABLE ${quotePath(schema, table)} ENABLE ROW LEVEL SECURITY`, effect: EFFECTS.brief },
      { sql: `CREATE POLICY … ON ${quotePath(schema, table)} USING (…)`, effect: EFFECTS.brief },
    ],
    mend: { at: [tableId(schema, table)], how: "declare `policies`" },
  }),
});

interface RoutineRow {
  readonly schema: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly kind: "FUNCTION" | "PROCEDURE";
  readonly owner: string;
  readonly isOpen: boolean;
}

/** Not of SQL that was parsed when it was created, nor of C. */
export const definerWithoutSearchPath = defineCheck<RoutineRow>({
  name: "security-definer-without-search-path",
  looksFor: "security-definer functions without search_path",
  query: () => `
    select n.nspname as schema, p.proname as name, o.rolname as owner,
      array(select format_type(a.type, null) from unnest(p.proargtypes) with ordinality a(type, n) order by a.n) as input,
      case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end as kind,
      has_function_privilege('public', p.oid, 'execute') as "isOpen"
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    join pg_roles o on o.oid = p.proowner
    where p.prosecdef and p.prosqlbody is null and l.lanname not in ('c', 'internal')
      and not exists (select from unnest(p.proconfig) s where s like 'search\\_path=%')
      and ${userSchema("n.nspname")} and ${notOfExtension("pg_proc", "p.oid")}
    order by 1, 2, 4`,
  judge: ({ schema, name, input, kind, owner, isOpen }) => {
    const signature = `${quotePath(schema, name)}(${input.join(", ")})`;
    return {
      severity: "warning",
      object: signature,
      title: `${signature} runs as ${quoteName(owner)} with the search_path of whoever calls it`,
      why: `a caller who puts tables or functions of the same names before the real ones has them run as ${quoteName(owner)}${
        isOpen ? "; everybody may call it" : ""
      }`,
      evidence: { owner },
      remedies: [
        {
          sql: `ALTER ${kind} ${signature} SET search_path = ${quoteName(schema)}, pg_temp`,
          effect: `${EFFECTS.goesOn}; name what else its body uses from other schemas`,
        },
      ],
      mend: {
        at: [functionId(schema, name, input)],
        how: `declare \`set: { search_path: "${quoteName(schema)}, pg_temp" }\``,
      },
    };
  },
});

interface SchemaRow {
  readonly schema: string;
}

export const schemaOpenToAll = defineCheck<SchemaRow>({
  name: "schema-open-to-all",
  looksFor: "schemas in which everybody may create objects",
  query: () => `
    select n.nspname as schema from pg_namespace n
    where ${userSchema("n.nspname")} and has_schema_privilege('public', n.oid, 'create') order by 1`,
  judge: ({ schema }) => ({
    severity: "warning",
    object: quotePath(schema),
    title: `everybody may create objects in schema ${quoteName(schema)}`,
    why: "who can log in can put a function there that others then call instead of the one they mean (CVE-2018-1058)",
    evidence: {},
    remedies: [{ sql: `REVOKE CREATE ON SCHEMA ${quoteName(schema)} FROM PUBLIC`, effect: EFFECTS.goesOn }],
    mend: { at: [schemaId(schema)], how: "grant CREATE on it to the roles alone that need it" },
  }),
});
