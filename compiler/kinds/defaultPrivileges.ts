import { type DefaultPrivileges as DefaultPrivilegesDeclaration, listOf } from "../declare/access.ts";
import type { RoleName } from "../declare/roles.ts";
import { quoteName } from "../quote.ts";
import { type Declarer, nameOfRole } from "./declaring.ts";
import { type Change, defineKind, type Statement, statement } from "./kind.ts";
import { type Deviation, type Grant, granteeText, grantsBetween, grantText, withoutMaintain } from "./privileges.ts";
import { schemaId } from "./schemas.ts";

/** What one grantee gets on things that a role will create. @see PostgreSQL manual, "pg_default_acl" */
export type DefaultPrivilege = Deviation & {
  /** Whose things; null for those of whoever runs the migration. */
  readonly role: string | null;
  /** Where they are created; null for everywhere. */
  readonly schema: string | null;
  readonly objects: "TABLES" | "SEQUENCES" | "FUNCTIONS" | "TYPES" | "SCHEMAS" | "LARGE OBJECTS";
};

const grantee = (a: DefaultPrivilege): string =>
  a.grantee !== null ? granteeText(a.grantee) : a.role === null ? "CURRENT_USER" : quoteName(a.role);

const scope = (a: DefaultPrivilege): string =>
  `${a.role === null ? "" : ` FOR ROLE ${quoteName(a.role)}`}${a.schema === null ? "" : ` IN SCHEMA ${quoteName(a.schema)}`}`;

const statements = (a: DefaultPrivilege, grants: readonly Grant[]): readonly Statement[] =>
  grants.map((grant) => statement(`ALTER DEFAULT PRIVILEGES${scope(a)} ${grantText(grant, a.objects, grantee(a))}`));

const alterPrivileges = ({ from, to }: Change<DefaultPrivilege>): readonly Statement[] =>
  statements(to.attributes, grantsBetween(from.attributes, to.attributes));

export const defaultPrivileges = defineKind<DefaultPrivilege>({
  kind: "default privilege",
  script: "grants",
  // What is set for a schema is added to the defaults; what is set for all schemas stands in their place.
  foundIn: "pg_default_acl",
  query: () => `
    with item as (
      select d.oid, d.defaclrole, d.defaclnamespace, d.defaclobjtype, i.grantee, i.privilege_type as privilege,
        bool_or(i.is_actual) as is_actual, bool_or(i.is_default) as is_default, bool_or(i.is_grantable) as is_grantable
      from pg_default_acl d cross join lateral (
        select grantee, privilege_type, is_grantable, true as is_actual, false as is_default from aclexplode(d.defaclacl)
        union all
        select grantee, privilege_type, false, false, true
        from aclexplode(acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole))
        where d.defaclnamespace = 0
      ) i
      group by 1, 2, 3, 4, 5, 6
    )
    select 'pg_default_acl'::regclass::oid::int8 as classid, i.oid::int8 as objid, i.grantee::int8 as objsubid,
      case when i.defaclrole <> (select r.oid from pg_roles r where r.rolname = current_user) then pg_get_userbyid(i.defaclrole) end as role,
      n.nspname as schema,
      case i.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS'
        when 'T' then 'TYPES' when 'n' then 'SCHEMAS' when 'L' then 'LARGE OBJECTS' end as objects,
      case when i.grantee = 0 then 'public' when i.grantee <> i.defaclrole then pg_get_userbyid(i.grantee) end as grantee,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_actual and not is_default), '{}') as granted,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_grantable), '{}') as grantable,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_default and not is_actual), '{}') as revoked
    from item i left join pg_namespace n on n.oid = i.defaclnamespace
    group by i.oid, i.defaclrole, n.nspname, i.defaclobjtype, i.grantee
    having bool_or(is_grantable or is_actual <> is_default)`,
  path: (a) =>
    `${a.role === null ? "" : `for ${quoteName(a.role)} `}${a.schema === null ? "" : `in ${quoteName(a.schema)} `}on ${a.objects} to ${
      a.grantee === null ? "their owner" : grantee(a)
    }`,
  ambient: true,
  parent: (a) => (a.schema === null ? null : schemaId(a.schema)),
  roles: ["role", "grantee"],
  create: ({ attributes: a }) => statements(a, grantsBetween(undefined, a)),
  drop: ({ attributes: a }) => statements(a, grantsBetween(a)),
  alter: {
    role: "identity",
    schema: "identity",
    objects: "identity",
    grantee: "identity",
    granted: alterPrivileges,
    grantable: alterPrivileges,
    revoked: alterPrivileges,
  },
  since: (a) =>
    a.objects === "LARGE OBJECTS"
      ? { version: 180000, feature: "default privileges on large objects" }
      : a.granted.includes("MAINTAIN")
        ? { version: 170000, feature: "the MAINTAIN privilege" }
        : null,
  asRecordedBy: (a, version) => (version < 170000 ? { ...a, ...withoutMaintain(a) } : a),
});

const ALL: Readonly<Record<string, readonly string[]>> = {
  TABLES: ["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"],
  SEQUENCES: ["SELECT", "UPDATE", "USAGE"],
  FUNCTIONS: ["EXECUTE"],
  TYPES: ["USAGE"],
  SCHEMAS: ["CREATE", "USAGE"],
};

export const declaredDefaultPrivileges: Declarer<DefaultPrivilegesDeclaration> = {
  declare: ({ definition }, { position }, declaring) => {
    const { forRole, inSchema, on, privileges, to, from, withGrantOption } = definition;
    const objects = on.toUpperCase() as DefaultPrivilege["objects"];
    const given = privileges === "all" ? (ALL[objects] ?? []) : privileges.map((one) => one.toUpperCase()).toSorted();
    for (const grantee of listOf<RoleName>(to ?? from ?? [])) {
      const attributes: DefaultPrivilege = {
        role: forRole === undefined ? null : nameOfRole(forRole),
        schema: inSchema === undefined ? null : declaring.schemaName(inSchema),
        objects,
        grantee: nameOfRole(grantee),
        granted: to === undefined ? [] : given,
        grantable: withGrantOption === true ? given : [],
        revoked: to === undefined ? given : [],
      };
      declaring.add(defaultPrivileges, attributes, { place: { position } });
    }
  },
};
