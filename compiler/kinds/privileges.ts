import {
  type AllOf,
  type Grant as GrantDeclaration,
  type ItsOwner,
  listOf,
  type Member,
  type ThisDatabase,
} from "../declare/access.ts";
import type { RoleName } from "../declare/roles.ts";
import { REFERENCE, type Referable } from "../declare/sql.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { FactId, FactIndex } from "../facts.ts";
import type { Place, SourceOf } from "../load/loadDomain.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import { CURRENT_DATABASE, notMember, onCurrentDatabase } from "./attachment.ts";
import { databases } from "./databases.ts";
import { type Declarer, type Declaring, granteeOf, nameOfRole } from "./declaring.ts";
import { type Change, defineKind, factId, type Statement, type Surroundings, statement } from "./kind.ts";
import { declareMemberPrivilege } from "./memberPrivileges.ts";
import { ownerId, ownerName } from "./owners.ts";
import { schemaId } from "./schemas.ts";

/** How one grantee's privileges deviate from those that PostgreSQL gives unasked. */
export type Deviation = {
  /** `public` for all; null for the owner, whoever that is. */
  readonly grantee: string | null;
  /** What is given beyond the default: `SELECT`, `USAGE`. */
  readonly granted: readonly string[];
  /** What may be passed on; also in `granted` unless it is a default. */
  readonly grantable: readonly string[];
  /** What of the default has been taken away. */
  readonly revoked: readonly string[];
};

/** @see PostgreSQL manual, "Privileges" */
export type Privilege = Deviation & {
  readonly target: FactId;
  /** Column of a view; columns of tables are targets themselves. */
  readonly column: string | null;
  /** Who granted it, where that is not the owner. */
  readonly grantor: string | null;
  /** Those from whom the grantor has the right to grant; null for the owner. */
  readonly through: readonly (string | null)[];
};

// As a person lists them; PostgreSQL does not care.
const READING_ORDER = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"];

const inReadingOrder = (privileges: readonly string[]): readonly string[] =>
  privileges.toSorted((a, b) => READING_ORDER.indexOf(a) - READING_ORDER.indexOf(b) || (a < b ? -1 : 1));

const without = (some: readonly string[], others: readonly string[]): readonly string[] =>
  inReadingOrder(some.filter((one) => !others.includes(one)));

/** One line of GRANT or REVOKE without its object. */
export interface Grant {
  readonly verb: "GRANT" | "REVOKE" | "REVOKE GRANT OPTION FOR";
  readonly privileges: readonly string[];
  readonly withGrantOption: boolean;
}

const NOTHING = { granted: [], grantable: [], revoked: [] };

/** The difference between two deviations, either of which may be none; privileges given anew or back come after those taken. */
export function grantsBetween(
  from: Omit<Deviation, "grantee"> = NOTHING,
  to: Omit<Deviation, "grantee"> = NOTHING,
): readonly Grant[] {
  const taken = [...without(from.granted, to.granted), ...without(to.revoked, from.revoked)];
  const given = [...without(to.granted, from.granted), ...without(from.revoked, to.revoked)];
  const optionsTaken = without(from.grantable, [...to.grantable, ...taken]);
  const optionsGiven = without(to.grantable, without(from.grantable, given));
  const grants: Grant[] = [
    { verb: "REVOKE", privileges: taken, withGrantOption: false },
    { verb: "REVOKE GRANT OPTION FOR", privileges: optionsTaken, withGrantOption: false },
    { verb: "GRANT", privileges: without(given, optionsGiven), withGrantOption: false },
    { verb: "GRANT", privileges: optionsGiven, withGrantOption: true },
  ];
  return grants.filter(({ privileges }) => privileges.length > 0);
}

/** `GRANT SELECT ON TABLE public.users TO app WITH GRANT OPTION`. */
export function grantText({ verb, privileges, withGrantOption }: Grant, on: string, grantee: string): string {
  const [direction, option] = verb === "GRANT" ? ["TO", withGrantOption ? " WITH GRANT OPTION" : ""] : ["FROM", ""];
  return `${verb} ${privileges.join(", ")} ON ${on} ${direction} ${grantee}${option}`;
}

export const granteeText = (grantee: string): string => (grantee === "public" ? "PUBLIC" : quoteName(grantee));

type Told = Pick<Surroundings, "facts" | "designate"> & Partial<Pick<Surroundings, "others">>;

interface Target {
  /** After ON: `TABLE public.users`, `FUNCTION public.f(integer)`. */
  readonly object: string;
  readonly column: string | null;
  /** The fact whose owner counts. */
  readonly owned: FactId;
}

function targetOf(a: Privilege, around: Told): Target {
  const fact = around.facts.get(a.target) ?? around.others?.get(a.target);
  const designation = around.designate(a.target);
  if (fact?.kind === "column") {
    const owned = fact.parent ?? a.target;
    const { name } = fact.attributes;
    return { object: asTable(around.designate(owned)), column: typeof name === "string" ? name : null, owned };
  }
  const object =
    fact?.kind === "aggregate"
      ? `FUNCTION ${a.target.slice("aggregate ".length)}`
      : fact?.kind === "server"
        ? `FOREIGN ${designation}`
        : asTable(designation);
  return { object, column: a.column, owned: a.target };
}

/** GRANT has one word for everything that has rows. */
const asTable = (designation: string): string =>
  designation.replace(/^(FOREIGN TABLE|MATERIALIZED VIEW|VIEW) /, "TABLE ");

function grantStatements(a: Privilege, grants: readonly Grant[], around: Surroundings): readonly Statement[] {
  const { object, column, owned } = targetOf(a, around);
  const grantee = a.grantee === null ? ownerName(owned, around) : granteeText(a.grantee);
  const statements = grants.map((grant) => {
    const privileges =
      column === null ? grant.privileges : grant.privileges.map((one) => `${one} (${quoteName(column)})`);
    return object === CURRENT_DATABASE
      ? onCurrentDatabase((database) => grantText({ ...grant, privileges }, `DATABASE ${database}`, grantee))
      : statement(grantText({ ...grant, privileges }, object, grantee));
  });
  if (a.grantor === null || statements.length === 0) return statements;
  // GRANTED BY accepts nobody but the current role.
  return [statement(`SET ROLE ${quoteName(a.grantor)}`), ...statements, statement("RESET ROLE")];
}

const alterPrivileges = ({ from, to }: Change<Privilege>, around: Surroundings): readonly Statement[] => {
  const statements = grantStatements(to.attributes, grantsBetween(from.attributes, to.attributes), around);
  // What has been passed on goes too; it is altered after, and has nothing left to take away then.
  if (!around.refused(to.id, "2BP01")) return statements;
  return statements.map((one) => (/^REVOKE /.test(one.sql) ? { ...one, sql: `${one.sql} CASCADE` } : one));
};

// Address, column of a view, kind of object as acldefault() calls it, owner and ACL of everything that has one.
const OBJECTS = [
  `select 'pg_class'::regclass, oid, 0, null::name, case relkind when 'S' then 's' else 'r' end::"char", relowner, relacl
   from pg_class where relacl is not null and relkind in ('r', 'p', 'v', 'm', 'f', 'S')`,
  `select 'pg_class'::regclass, c.oid, case when c.relkind in ('v', 'm') then 0 else a.attnum end,
     case when c.relkind in ('v', 'm') then a.attname end, 'c'::"char", c.relowner, a.attacl
   from pg_attribute a join pg_class c on c.oid = a.attrelid where a.attacl is not null and not a.attisdropped`,
  `select 'pg_proc'::regclass, oid, 0, null, 'f'::"char", proowner, proacl from pg_proc where proacl is not null`,
  `select 'pg_type'::regclass, oid, 0, null, 'T'::"char", typowner, typacl from pg_type where typacl is not null`,
  `select 'pg_namespace'::regclass, oid, 0, null, 'n'::"char", nspowner, coalesce(nspacl, acldefault('n', nspowner))
   from pg_namespace where nspacl is not null or nspname = 'public'`,
  `select 'pg_language'::regclass, oid, 0, null, 'l'::"char", lanowner, lanacl from pg_language where lanacl is not null`,
  `select 'pg_foreign_data_wrapper'::regclass, oid, 0, null, 'F'::"char", fdwowner, fdwacl
   from pg_foreign_data_wrapper where fdwacl is not null`,
  `select 'pg_foreign_server'::regclass, oid, 0, null, 'S'::"char", srvowner, srvacl
   from pg_foreign_server where srvacl is not null`,
  `select 'pg_database'::regclass, oid, 0, null, 'd'::"char", datdba, datacl
   from pg_database where datname = current_database() and datacl is not null`,
];

export const privileges = defineKind<Privilege>({
  kind: "privilege",
  script: "grants",
  // initdb gives PUBLIC rights on schema public, so these count as default there: USAGE, before PostgreSQL 15 also CREATE.
  query: (version) => `
    with object(classid, objid, objsubid, column_name, owner, acl, ordinary) as materialized (
      select o.classid, o.objid, o.objsubid, o.column_name, o.owner, o.acl,
        acldefault(o.kind, o.owner) || case
          when o.classid = 'pg_namespace'::regclass and o.objid = to_regnamespace('public')
          then array[format('=${version >= 150000 ? "U" : "UC"}/%I', pg_get_userbyid(o.owner))::aclitem]
          else '{}' end
      from (${OBJECTS.join("\n      union all\n      ")}) o(classid, objid, objsubid, column_name, kind, owner, acl)
      where (o.objid >= 16384 or o.classid = 'pg_database'::regclass
          or o.classid = 'pg_namespace'::regclass and o.objid = to_regnamespace('public'))
        and ${notMember("o.classid", "o.objid")}
    ),
    item as materialized (
      select o.classid, o.objid, o.objsubid, o.column_name, o.owner, i.grantor, i.grantee, i.privilege_type as privilege,
        bool_or(i.is_actual) as is_actual, bool_or(not i.is_actual) as is_default,
        bool_or(i.is_actual and i.is_grantable) as is_grantable
      from object o cross join lateral (
        select x.*, true as is_actual
        from unnest(o.acl) a cross join lateral aclexplode(array[a]) x where not a = any (o.ordinary)
        union all
        select x.*, false
        from unnest(o.ordinary) a cross join lateral aclexplode(array[a]) x where not a = any (o.acl)
      ) i
      group by 1, 2, 3, 4, 5, 6, 7, 8
    )
    select i.classid::oid::int8 as classid, i.objid::int8 as objid, i.objsubid, i.column_name as column,
      case when i.grantee = 0 then 'public' when i.grantee <> i.owner then pg_get_userbyid(i.grantee) end as grantee,
      case when i.grantor <> i.owner then pg_get_userbyid(i.grantor) end as grantor,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_actual and not is_default), '{}') as granted,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_grantable), '{}') as grantable,
      coalesce(array_agg(i.privilege order by i.privilege) filter (where is_default and not is_actual), '{}') as revoked,
      case when i.grantor <> i.owner then array(
        select distinct case when t.grantor <> t.owner then pg_get_userbyid(t.grantor) end
        from item t
        where t.classid = i.classid and t.objid = i.objid and t.objsubid = i.objsubid
          and t.column_name is not distinct from i.column_name and t.grantee = i.grantor and t.is_grantable
        order by 1) else '{}' end as through
    from item i
    group by i.classid, i.objid, i.objsubid, i.column_name, i.owner, i.grantor, i.grantee
    having bool_or(is_grantable or is_actual <> is_default)`,
  attaches: true,
  path: (a) => privilegePath(a, a.grantee, a.grantor),
  parent: (a) => a.target,
  roles: ["grantee", "grantor"],
  needs: (a) => [ownerId(a.target), ...a.through.map((from) => factId("privilege", privilegePath(a, a.grantor, from)))],
  // What is revoked of a whole table is revoked of its columns too.
  follows: ({ attributes: a }, around) => {
    const whole = a.column === null ? (around.facts.get(a.target)?.parent ?? null) : a.target;
    return whole === null
      ? []
      : [factId("privilege", privilegePath({ target: whole, column: null }, a.grantee, a.grantor))];
  },
  create: ({ attributes: a }, around) => grantStatements(a, grantsBetween(undefined, a), around),
  drop: ({ attributes: a }, around) => grantStatements(a, grantsBetween(a), around),
  alter: {
    target: "identity",
    column: "identity",
    grantee: "identity",
    grantor: "identity",
    granted: alterPrivileges,
    grantable: alterPrivileges,
    revoked: alterPrivileges,
    through: "no difference",
  },
  trial: ({ attributes: a }, around) => {
    if (a.grantee === null || a.granted.length === 0) return null;
    const asked = question(a, around);
    return asked === null
      ? null
      : {
          of: "roles and grants",
          what: `${inReadingOrder(a.granted).join(", ")} on ${a.target} to ${granteeText(a.grantee)}`,
          sql: `select coalesce('lacks ' || string_agg(p, ', ') filter (where not holds), 'holds') as found,
            bool_and(holds) as works
            from unnest(array[${a.granted.map(quoteText).join(", ")}]) p
            cross join lateral (select ${asked(quoteText(a.grantee))} as holds) h`,
        };
  },
  since: (a) => (a.granted.includes("MAINTAIN") ? { version: 170000, feature: "the MAINTAIN privilege" } : null),
  asRecordedBy: (a, version) => (version < 170000 ? { ...a, ...withoutMaintain(a) } : a),
});

/** PostgreSQL's own answer to whether a role has the privilege `p`; null for what it has no such question about. */
function question(a: Privilege, around: Told): ((role: string) => string) | null {
  const { object, column } = targetOf(a, around);
  const text = (sort: string) => quoteText(object.slice(sort.length + 1));
  const plain = quoteText(String(around.facts.get(a.target)?.attributes.name ?? ""));
  const has =
    (kind: string, ...which: readonly string[]) =>
    (role: string) =>
      `pg_catalog.has_${kind}_privilege(${[role, ...which, "p"].join(", ")})`;
  if (column !== null) return has("column", text("TABLE"), quoteText(column));
  if (object === CURRENT_DATABASE) return has("database", "current_database()");
  const asked: Readonly<Record<string, (role: string) => string>> = {
    TABLE: has("table", text("TABLE")),
    SEQUENCE: has("sequence", text("SEQUENCE")),
    FUNCTION: has("function", text("FUNCTION")),
    PROCEDURE: has("function", text("PROCEDURE")),
    TYPE: has("type", text("TYPE")),
    DOMAIN: has("type", text("DOMAIN")),
    SCHEMA: has("schema", plain),
    LANGUAGE: has("language", plain),
  };
  return asked[object.split(" ")[0] ?? ""] ?? null;
}

/** MAINTAIN came to all that ALL stands for; a server from before it has all without it. */
export function withoutMaintain({ granted, grantable, revoked }: Deviation): Omit<Deviation, "grantee"> {
  const lowered = (some: readonly string[]): readonly string[] =>
    READING_ORDER.every((one) => some.includes(one)) ? some.filter((one) => one !== "MAINTAIN") : some;
  return { granted: lowered(granted), grantable: lowered(grantable), revoked: lowered(revoked) };
}

function privilegePath(
  a: Pick<Privilege, "target" | "column">,
  grantee: string | null,
  grantor: string | null,
): string {
  const column = a.column === null ? "" : ` column ${quoteName(a.column)}`;
  const to = grantee === null ? "its owner" : granteeText(grantee);
  return `${a.target}${column} to ${to}${grantor === null ? "" : ` by ${quoteName(grantor)}`}`;
}

/** One declared GRANT or REVOKE. */
export interface GrantLine {
  readonly target: FactId;
  readonly grantee: string | null;
  readonly grantor: string | null;
  readonly privileges: readonly string[] | "all";
  readonly columns: readonly string[] | undefined;
  readonly withGrantOption: boolean;
  readonly isRevoked: boolean;
  readonly place: Place;
}

interface Rights {
  readonly all: readonly string[];
  readonly public: readonly string[];
}

const OF_TABLES = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"];
/** What ALL means for each kind of target, and what PUBLIC has of it unasked. MAINTAIN is left out: before 17 there is none. */
const RIGHTS: Readonly<Record<string, Rights>> = {
  table: { all: OF_TABLES, public: [] },
  view: { all: OF_TABLES, public: [] },
  "materialized view": { all: OF_TABLES, public: [] },
  "foreign table": { all: OF_TABLES, public: [] },
  column: { all: ["SELECT", "INSERT", "UPDATE", "REFERENCES"], public: [] },
  sequence: { all: ["USAGE", "SELECT", "UPDATE"], public: [] },
  "identity sequence": { all: ["USAGE", "SELECT", "UPDATE"], public: [] },
  function: { all: ["EXECUTE"], public: ["EXECUTE"] },
  procedure: { all: ["EXECUTE"], public: ["EXECUTE"] },
  aggregate: { all: ["EXECUTE"], public: ["EXECUTE"] },
  schema: { all: ["USAGE", "CREATE"], public: [] },
  "foreign data wrapper": { all: ["USAGE"], public: [] },
  server: { all: ["USAGE"], public: [] },
  database: { all: ["CREATE", "TEMPORARY", "CONNECT"], public: ["TEMPORARY", "CONNECT"] },
};
const OF_TYPES = { all: ["USAGE"], public: ["USAGE"] };

/** Declared grants, joined by target and grantee, as deviations from what PostgreSQL gives unasked. */
export function privilegeFacts(
  lines: readonly GrantLine[],
  facts: FactIndex,
): readonly { readonly kind: typeof privileges; readonly attributes: Privilege; readonly place: Place }[] {
  const joined = new Map<string, { attributes: Privilege; place: Place }>();
  for (const line of lines.flatMap((one) => perColumn(one, facts))) {
    const { target, column, grantee, grantor, place, isRevoked } = line;
    const fact = facts.get(target);
    const rights = (column === null ? RIGHTS[fact?.kind ?? ""] : RIGHTS.column) ?? OF_TYPES;
    const given = line.privileges === "all" ? rights.all : line.privileges.map((one) => one.toUpperCase());
    const unknown = given.find((one) => !rights.all.includes(one) && one !== "MAINTAIN");
    if (unknown !== undefined) {
      throw new Diagnostic({
        code: "privilege-unknown",
        what: `${target} has no privilege ${unknown.toLowerCase()}`,
        at: place.position,
        next: `it has ${rights.all.map((one) => one.toLowerCase()).join(", ")}`,
      });
    }
    // initdb gives everyone USAGE on schema public, before PostgreSQL 15 CREATE as well.
    const unasked = unaskedOf(line, rights);
    const base = { target, column, grantor, through: [], grantee };
    const key = privilegePath(base, grantee, grantor);
    const known: Privilege = joined.get(key)?.attributes ?? { ...base, granted: [], grantable: [], revoked: [] };
    joined.set(key, {
      place: joined.get(key)?.place ?? { position: place.position },
      attributes: isRevoked
        ? {
            ...known,
            granted: without(known.granted, given),
            grantable: without(known.grantable, given),
            revoked: union(
              known.revoked,
              given.filter((one) => unasked.includes(one)),
            ),
          }
        : {
            ...known,
            granted: union(known.granted, without(given, unasked)),
            grantable: line.withGrantOption ? union(known.grantable, given) : known.grantable,
            revoked: without(known.revoked, given),
          },
    });
  }
  const all = [...joined.values()].map(({ attributes }) => attributes);
  const rightsOf = (a: Privilege): readonly (string | null)[] =>
    a.grantor === null
      ? []
      : all
          .filter((one) => one.target === a.target && one.column === a.column && one.grantee === a.grantor)
          .filter(({ grantable }) => grantable.length > 0)
          .map(({ grantor }) => grantor);
  return [...joined.values()]
    .filter(({ attributes: a }) => a.granted.length + a.grantable.length + a.revoked.length > 0)
    .map(({ attributes, place }) => ({
      kind: privileges,
      attributes: { ...attributes, through: rightsOf(attributes) },
      place,
    }));
}

/** What the grantee has before anything is said. */
function unaskedOf(
  { target, grantee, column }: GrantLine & { readonly column: string | null },
  rights: Rights,
): readonly string[] {
  if (grantee === null) return column === null && !target.startsWith("column ") ? [...rights.all, "MAINTAIN"] : [];
  if (grantee !== "public") return [];
  return target === schemaId("public") ? rights.all : rights.public;
}

/** Columns of tables are facts, and so targets, of their own. */
function perColumn(line: GrantLine, facts: FactIndex): readonly (GrantLine & { readonly column: string | null })[] {
  if (line.columns === undefined) return [{ ...line, column: null }];
  return line.columns.map((column) => {
    const { schema, name } = facts.get(line.target)?.attributes ?? {};
    const own = factId("column", quotePath(String(schema), String(name), column));
    return facts.has(own) ? { ...line, target: own, column: null } : { ...line, column };
  });
}

const union = (some: readonly string[], others: readonly string[]): readonly string[] =>
  inReadingOrder([...new Set([...some, ...others])]).toSorted();

const ALL_OF: Readonly<Record<AllOf["kind"], readonly string[]>> = {
  tables: ["table"],
  views: ["view", "materialized view"],
  sequences: ["sequence"],
  functions: ["function", "procedure"],
};

export const declaredGrant: Declarer<GrantDeclaration> = {
  declare: ({ declares, on, grantees }, source, declaring) =>
    declaring.later("grants", () => {
      const targets = on.flatMap((one) => (isMember(one) ? [] : targetsOf(one, source, declaring)));
      for (const { to, privileges, columns, withGrantOption = false, grantedBy } of grantees) {
        const isRevoked = declares === "revoke";
        const grantor = grantedBy === undefined ? null : nameOfRole(grantedBy);
        for (const role of listOf<RoleName | ItsOwner>(to)) {
          const grantee = granteeOf(role);
          for (const target of targets) {
            declaring.grant({
              target,
              grantee,
              grantor,
              privileges,
              columns,
              withGrantOption,
              isRevoked,
              place: source,
            });
          }
          for (const member of on.filter(isMember)) {
            const all = RIGHTS[member.object.split(" ")[0]?.toLowerCase() ?? ""] ?? OF_TYPES;
            const given = privileges === "all" ? all.all : privileges.map((one) => one.toUpperCase());
            declareMemberPrivilege(
              member,
              {
                grantee,
                granted: isRevoked ? [] : given.toSorted(),
                grantable: withGrantOption ? given.toSorted() : [],
                revoked: isRevoked ? given.toSorted() : [],
              },
              source,
              declaring,
            );
          }
        }
      }
    }),
};

function targetsOf(on: Referable | AllOf | ThisDatabase, source: SourceOf, declaring: Declaring): readonly FactId[] {
  if (!("declares" in on)) return [declaring.get(on[REFERENCE], source).id];
  if (isDatabase(on)) return [declaring.present(databases, { scope: "current" })];
  if (!isAllOf(on)) return [declaring.get(on[REFERENCE], source).id];
  const schema = declaring.schemaName(on.schema);
  const except = new Set((on.except ?? []).map((one) => declaring.get(one[REFERENCE], source).id));
  return declaring
    .referents()
    .filter((one) => ALL_OF[on.kind].includes(one.declaration.declares) && one.schema === schema)
    .map(({ id }) => id)
    .filter((id) => !except.has(id));
}

const isMember = (on: object): on is Member => "declares" in on && on.declares === "member";
const isDatabase = (on: object): on is ThisDatabase => "declares" in on && on.declares === "database";
const isAllOf = (on: object): on is AllOf => "declares" in on && on.declares === "all of";
