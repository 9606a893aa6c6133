import { quoteName } from "../quote.ts";
import { type Alter, defineKind, factId, type Statement, type Surroundings, statement } from "./kind.ts";
import { roleId } from "./roles.ts";
import { newest, newRole } from "./since.ts";

/** A role's membership in another. @see PostgreSQL manual, "pg_auth_members" */
export type Membership = {
  readonly role: string;
  readonly member: string;
  /** Who granted it, where that is neither the bootstrap superuser nor who reads; null before PostgreSQL 16. */
  readonly grantor: string | null;
  readonly admin: boolean;
  /** Null before PostgreSQL 16, where the member's own attribute decides. */
  readonly inherit: boolean | null;
  readonly set: boolean | null;
};

const path = (a: Membership): string =>
  `${quoteName(a.member)} in ${quoteName(a.role)}${a.grantor === null ? "" : ` by ${quoteName(a.grantor)}`}`;
const membershipId = (a: Membership) => factId("membership", path(a));

const grantedBy = (a: Membership): string => (a.grantor === null ? "" : ` GRANTED BY ${quoteName(a.grantor)}`);

function grant(a: Membership, around: Surroundings): Statement {
  const inheritsAnyway = around.facts.get(roleId(a.member))?.attributes.inherit !== false;
  // Scripts that say no version are for all of them; what they say of a newer one is said in its words.
  const isNew = around.version >= 160000 || a.inherit === false || a.set === false;
  const options = isNew
    ? [
        a.admin ? "ADMIN TRUE" : "",
        a.inherit === null || a.inherit === inheritsAnyway ? "" : `INHERIT ${a.inherit ? "TRUE" : "FALSE"}`,
        a.set === false ? "SET FALSE" : "",
      ].filter((option) => option !== "")
    : a.admin
      ? ["ADMIN OPTION"]
      : [];
  const withOptions = options.length > 0 ? ` WITH ${options.join(", ")}` : "";
  return statement(`GRANT ${quoteName(a.role)} TO ${quoteName(a.member)}${withOptions}${grantedBy(a)}`);
}

const alterOption =
  (option: "admin" | "inherit" | "set"): Alter<Membership> =>
  ({ to: { attributes: a } }, around) => {
    const names = `${quoteName(a.role)} TO ${quoteName(a.member)}`;
    if (around.version >= 160000) {
      return [statement(`GRANT ${names} WITH ${option.toUpperCase()} ${a[option] ? "TRUE" : "FALSE"}${grantedBy(a)}`)];
    }
    if (option !== "admin") return [];
    return a.admin
      ? [statement(`GRANT ${names} WITH ADMIN OPTION`)]
      : [statement(`REVOKE ADMIN OPTION FOR ${quoteName(a.role)} FROM ${quoteName(a.member)}`)];
  };

export const memberships = defineKind<Membership>({
  kind: "membership",
  script: "roles",
  // On 16 and later a role that creates another without being superuser becomes a member of it that may only administer it;
  // whoever runs the migration gets that unasked.
  query: (version) => `
    select 'pg_auth_members'::regclass::oid::int8 as classid,
      ${version >= 160000 ? "m.oid::int8 as objid, 0 as objsubid" : "m.roleid::int8 as objid, m.member::int8 as objsubid"},
      r.rolname as role, u.rolname as member,
      ${
        version >= 160000
          ? `case when m.grantor <> 10 and g.rolname <> current_user then g.rolname end as grantor,
      m.admin_option as admin, m.inherit_option as inherit, m.set_option as set`
          : "null as grantor, m.admin_option as admin, null::boolean as inherit, null::boolean as set"
      }
    from pg_auth_members m
    join pg_roles r on r.oid = m.roleid
    join pg_roles u on u.oid = m.member
    left join pg_roles g on g.oid = m.grantor
    where m.member >= 16384
      ${version >= 160000 ? "and not (u.rolname = current_user and m.grantor = 10 and m.admin_option and not m.inherit_option and not m.set_option)" : ""}`,
  path,
  parent: () => null,
  roles: ["role", "member", "grantor"],
  // Who grants it may do so by a membership of its own.
  needs: (a) => (a.grantor === null ? [] : [membershipId({ ...a, member: a.grantor, grantor: null })]),
  create: ({ attributes: a }, around) => [grant(a, around)],
  drop: ({ attributes: a }) => [statement(`REVOKE ${quoteName(a.role)} FROM ${quoteName(a.member)}${grantedBy(a)}`)],
  alter: {
    role: "identity",
    member: "identity",
    grantor: "identity",
    admin: alterOption("admin"),
    inherit: alterOption("inherit"),
    set: alterOption("set"),
  },
  clusterWide: true,
  since: (a) =>
    newest(
      (a.inherit === false || a.set === false) && {
        version: 160000,
        feature: "INHERIT and SET options of a role membership",
      },
      newRole(a.role),
    ),
});
