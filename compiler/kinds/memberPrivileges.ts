import type { Member } from "../declare/access.ts";
import { REFERENCE } from "../declare/sql.ts";
import type { FactId } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import type { Declaring } from "./declaring.ts";
import { type Change, defineKind, type Statement, statement } from "./kind.ts";
import { type Deviation, type Grant, granteeText, grantsBetween, grantText } from "./privileges.ts";

/**
 * How a grantee's privileges on something that an extension brought deviate from what the extension gave.
 * @see PostgreSQL manual, "pg_init_privs"
 */
export type MemberPrivilege = Deviation & {
  /** The extension. */
  readonly target: FactId;
  /** The member as GRANT names it: `TABLE public.spatial_ref_sys`. */
  readonly member: string;
};

const statements = (a: MemberPrivilege, grants: readonly Grant[]): readonly Statement[] =>
  grants.map((grant) =>
    statement(grantText(grant, a.member, a.grantee === null ? "CURRENT_USER" : granteeText(a.grantee))),
  );

const alterPrivileges = ({ from, to }: Change<MemberPrivilege>): readonly Statement[] =>
  statements(to.attributes, grantsBetween(from.attributes, to.attributes));

// Grants by others than the owner are left out: whoever grants on what an extension owns is its owner or a superuser.
const MEMBERS = [
  `select 'pg_class'::regclass as classid, oid, case relkind when 'S' then 's' else 'r' end::"char" as kind, relowner as owner,
     relacl as acl from pg_class where relkind in ('r', 'p', 'v', 'm', 'f', 'S')`,
  `select 'pg_proc'::regclass, oid, 'f'::"char", proowner, proacl from pg_proc`,
  `select 'pg_type'::regclass, oid, 'T'::"char", typowner, typacl from pg_type`,
  `select 'pg_language'::regclass, oid, 'l'::"char", lanowner, lanacl from pg_language`,
  `select 'pg_foreign_data_wrapper'::regclass, oid, 'F'::"char", fdwowner, fdwacl from pg_foreign_data_wrapper`,
];

export const memberPrivileges = defineKind<MemberPrivilege>({
  kind: "member privilege",
  script: "grants",
  query: () => `
    with object as materialized (
      select o.*, d.refobjid as extension, coalesce(p.initprivs, acldefault(o.kind, o.owner)) as ordinary
      from (${MEMBERS.join("\n      union all\n      ")}) o
      join pg_depend d on d.classid = o.classid and d.objid = o.oid and d.deptype = 'e'
      left join pg_init_privs p on p.classoid = o.classid and p.objoid = o.oid and p.objsubid = 0
      where o.acl is not null and o.acl is distinct from p.initprivs
    ),
    item as (
      select o.classid, o.oid, o.extension, o.owner, i.grantee, i.privilege_type as privilege,
        bool_or(i.is_actual) as is_actual, bool_or(not i.is_actual) as is_default,
        bool_or(i.is_actual and i.is_grantable) as is_grantable
      from object o cross join lateral (
        select x.*, true as is_actual
        from unnest(o.acl) a cross join lateral aclexplode(array[a]) x where not a = any (o.ordinary)
        union all
        select x.*, false
        from unnest(o.ordinary) a cross join lateral aclexplode(array[a]) x where not a = any (o.acl)
      ) i
      where i.grantor = o.owner
      group by 1, 2, 3, 4, 5, 6
    )
    select 'pg_extension'::regclass::oid::int8 as classid, i.extension::int8 as objid, 0 as objsubid,
      case when i.classid = 'pg_proc'::regclass then (
          select format('%s %s', case p.prokind when 'p' then 'PROCEDURE' else 'FUNCTION' end, p.oid::regprocedure)
          from pg_proc p where p.oid = i.oid)
        else (
          select format('%s %s', case when i.classid = 'pg_class'::regclass and k.type <> 'sequence' then 'TABLE'
            else upper(k.type) end, k.identity)
          from pg_identify_object(i.classid, i.oid, 0) k) end as member,
      case when i.grantee = 0 then 'public' when i.grantee <> i.owner then pg_get_userbyid(i.grantee) end as grantee,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_actual and not is_default), '{}') as granted,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_grantable), '{}') as grantable,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_default and not is_actual), '{}') as revoked
    from item i
    group by i.classid, i.oid, i.extension, i.owner, i.grantee
    having bool_or(is_grantable or is_actual <> is_default)`,
  attaches: true,
  path: (a) => `${a.target}: ${a.member} to ${a.grantee === null ? "its owner" : granteeText(a.grantee)}`,
  parent: (a) => a.target,
  roles: ["grantee"],
  create: ({ attributes: a }) => statements(a, grantsBetween(undefined, a)),
  drop: ({ attributes: a }) => statements(a, grantsBetween(a)),
  alter: {
    target: "identity",
    member: "identity",
    grantee: "identity",
    granted: alterPrivileges,
    grantable: alterPrivileges,
    revoked: alterPrivileges,
  },
});

/** A deviation that a definition says of what an extension brought. */
export function declareMemberPrivilege(
  { extension, object }: Member,
  deviation: Deviation,
  { position }: Place,
  declaring: Declaring,
): void {
  const { id } = declaring.get(extension[REFERENCE], { position });
  const attributes: MemberPrivilege = { ...deviation, target: id, member: object };
  declaring.add(memberPrivileges, attributes, { place: { position } });
}
