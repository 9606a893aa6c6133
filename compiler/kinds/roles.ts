import type { Membership, Role as RoleDeclaration, RoleName, RoleOptions } from "../declare/roles.ts";
import { quoteBody, quoteName, quoteText } from "../quote.ts";
import { checkOptions, type Declarer, nameOfRole } from "./declaring.ts";
import { type Alter, defineKind, factId, statement } from "./kind.ts";
import { memberships } from "./memberships.ts";
import { declareRoleSetting } from "./settings.ts";

/** A role without its password, which no catalog shows. @see PostgreSQL manual, "pg_roles" */
export type Role = {
  readonly name: string;
  readonly superuser: boolean;
  readonly createDatabase: boolean;
  readonly createRole: boolean;
  readonly inherit: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  readonly bypassRowSecurity: boolean;
  /** -1 for none. */
  readonly connectionLimit: number;
  /** When its password stops being good, in UTC; null for never. */
  readonly validUntil: string | null;
};

export const roleId = (name: string) => factId("role", quoteName(name));

/** Options of CREATE ROLE, for the attributes in which a role differs from another. */
function options(a: Role, from: Omit<Role, "name">): string {
  const flag = (key: keyof typeof PLAIN, word: string): string =>
    a[key] === from[key] ? "" : `${a[key] ? "" : "NO"}${word}`;
  return [
    flag("superuser", "SUPERUSER"),
    flag("createDatabase", "CREATEDB"),
    flag("createRole", "CREATEROLE"),
    flag("inherit", "INHERIT"),
    flag("login", "LOGIN"),
    flag("replication", "REPLICATION"),
    flag("bypassRowSecurity", "BYPASSRLS"),
    a.connectionLimit === from.connectionLimit ? "" : `CONNECTION LIMIT ${a.connectionLimit}`,
    a.validUntil === from.validUntil ? "" : `VALID UNTIL ${quoteText(a.validUntil ?? "infinity")}`,
  ]
    .filter((option) => option !== "")
    .map((option) => ` ${option}`)
    .join("");
}

const PLAIN: Omit<Role, "name"> = {
  superuser: false,
  createDatabase: false,
  createRole: false,
  inherit: true,
  login: false,
  replication: false,
  bypassRowSecurity: false,
  connectionLimit: -1,
  validUntil: null,
};

/**
 * Roles are shared by all databases of a server, so another one may have made this role already, or may still use it. Asked
 * beforehand: PostgreSQL 18 opens no subtransaction, as EXCEPTION would, right after a domain has lost a constraint.
 */
const unless = (condition: string, sql: string) =>
  statement(`DO ${quoteBody(`\nBEGIN\n  IF NOT EXISTS (${condition}) THEN\n    ${sql};\n  END IF;\nEND\n`)}`);

const isThere = (name: string): string => `SELECT FROM pg_roles WHERE rolname = ${quoteText(name)}`;

const isUsed = (name: string): string =>
  `SELECT FROM pg_shdepend WHERE refclassid = 'pg_authid'::regclass AND refobjid = ${quoteText(quoteName(name))}::regrole`;

const alterRole: Alter<Role> = ({ from: { attributes: from }, to: { attributes: to } }) => [
  statement(`ALTER ROLE ${quoteName(to.name)}${options(to, from)}`),
];

export const roles = defineKind<Role>({
  kind: "role",
  script: "roles",
  query: () => `
    select 'pg_authid'::regclass::oid::int8 as classid, r.oid::int8 as objid, 0 as objsubid, r.rolname as name,
      r.rolsuper as superuser, r.rolcreatedb as "createDatabase", r.rolcreaterole as "createRole",
      r.rolinherit as inherit, r.rolcanlogin as login, r.rolreplication as replication,
      r.rolbypassrls as "bypassRowSecurity", r.rolconnlimit as "connectionLimit",
      nullif(r.rolvaliduntil, 'infinity')::text as "validUntil"
    from pg_roles r where r.oid >= 16384 and r.rolname !~ '^pg_'`,
  path: (a) => quoteName(a.name),
  parent: () => null,
  designate: (a) => `ROLE ${quoteName(a.name)}`,
  create: ({ attributes: a }) => [unless(isThere(a.name), `CREATE ROLE ${quoteName(a.name)}${options(a, PLAIN)}`)],
  drop: ({ attributes: a }) => [unless(isUsed(a.name), `DROP ROLE ${quoteName(a.name)}`)],
  alter: {
    name: "identity",
    superuser: alterRole,
    createDatabase: alterRole,
    createRole: alterRole,
    inherit: alterRole,
    login: alterRole,
    replication: alterRole,
    bypassRowSecurity: alterRole,
    connectionLimit: alterRole,
    validUntil: alterRole,
  },
  rename: (from, to) => [statement(`ALTER ROLE ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`)],
  clusterWide: true,
  permit: ({ attributes: a }) => ({
    sql: `select case
        when exists (${isThere(a.name)}) then null
        when (select rolsuper or rolcreaterole from pg_catalog.pg_roles where rolname = current_user) then null
        else current_user || ' may not create role ' || ${quoteText(quoteName(a.name))} end as lack,
      false as "isCertain"`,
    statement: `CREATE ROLE ${quoteName(a.name)}${options(a, PLAIN)};`,
  }),
  trial: ({ attributes: { name, login, superuser } }) => ({
    of: "roles and grants",
    what: `role ${quoteName(name)}`,
    sql: `select case when rolcanlogin then 'may log in' else 'may not log in' end as found,
      rolcanlogin = ${login} and rolsuper = ${superuser} as works
      from pg_catalog.pg_roles where rolname = ${quoteText(name)}`,
  }),
  unread: (a) => (a.login ? `the password of role ${quoteName(a.name)}` : null),
});

const OPTIONS = {
  login: true,
  superuser: true,
  createDatabase: true,
  createRole: true,
  inherit: true,
  replication: true,
  bypassRowSecurity: true,
  connectionLimit: true,
  validUntil: true,
  memberOf: true,
  settings: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof RoleOptions, true>;

const isMembership = (one: RoleName | Membership): one is Membership => typeof one === "object" && "role" in one;

export const declaredRole: Declarer<RoleDeclaration> = {
  identify: ({ name }) => ({ id: roleId(name), text: quoteName(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `role ${name}`, source);
    const attributes: Role = {
      name,
      superuser: options.superuser ?? PLAIN.superuser,
      createDatabase: options.createDatabase ?? PLAIN.createDatabase,
      createRole: options.createRole ?? PLAIN.createRole,
      inherit: options.inherit ?? PLAIN.inherit,
      login: options.login ?? PLAIN.login,
      replication: options.replication ?? PLAIN.replication,
      bypassRowSecurity: options.bypassRowSecurity ?? PLAIN.bypassRowSecurity,
      connectionLimit: options.connectionLimit ?? PLAIN.connectionLimit,
      validUntil: options.validUntil ?? PLAIN.validUntil,
    };
    const { renamedFrom } = options;
    const hint = renamedFrom === undefined ? undefined : { renamedFrom: roleId(renamedFrom) };
    declaring.add(roles, attributes, { place: source, comment: options.comment, hint });
    const place = { position: source.position };
    for (const one of options.memberOf ?? []) {
      const { role, admin, inherit, set, grantedBy } = isMembership(one) ? one : { role: one };
      const membership = {
        role: nameOfRole(role),
        member: name,
        grantor: grantedBy === undefined ? null : nameOfRole(grantedBy),
        admin: admin ?? false,
        inherit: inherit ?? null,
        set: set ?? null,
      };
      declaring.add(memberships, membership, { place });
    }
    for (const [setting, value] of Object.entries(options.settings ?? {})) {
      declareRoleSetting(name, setting, value, source.property("settings", setting), declaring);
    }
  },
};
