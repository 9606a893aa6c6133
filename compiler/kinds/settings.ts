import type {
  DatabaseSetting as DatabaseSettingDeclaration,
  RoleSetting as RoleSettingDeclaration,
} from "../declare/schemas.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quoteText } from "../quote.ts";
import { onCurrentDatabase } from "./attachment.ts";
import { type Declarer, type Declaring, nameOfRole } from "./declaring.ts";
import { type Alter, defineKind, type Statement, statement } from "./kind.ts";
import { roleId } from "./roles.ts";

/** A setting that sessions of a role start with, in every database. @see PostgreSQL manual, "pg_db_role_setting" */
export type RoleSetting = {
  readonly role: string;
  readonly name: string;
  /** As PostgreSQL keeps it: text, or for settings that are lists of names the list with its quotes. */
  readonly value: string;
};

/** A setting that sessions in this database start with, all or those of a role. */
export type DatabaseSetting = {
  readonly role: string | null;
  readonly name: string;
  readonly value: string;
};

/** Settings whose value is a list of names, which PostgreSQL keeps quoted name by name (GUC_LIST_QUOTE). */
const NAME_LISTS = new Set([
  "local_preload_libraries",
  "search_path",
  "session_preload_libraries",
  "shared_preload_libraries",
  "temp_tablespaces",
  "unix_socket_directories",
]);

/** `SET work_mem TO '64MB'`, `SET search_path TO app, public`. */
export function setText(name: string, value: string): string {
  const isList = NAME_LISTS.has(name.toLowerCase()) && value.trim() !== "";
  return `SET ${settingName(name)} TO ${isList ? listText(value) : /^-?\d+$/.test(value) ? value : quoteText(value)}`;
}

/** Names in quotes are identifiers to the parser, which refuses empty ones and cuts long ones short; these become texts. */
const listText = (value: string): string =>
  value.replace(/"((?:[^"]|"")*)"/g, (quoted, inner: string) =>
    inner === "" || Buffer.byteLength(inner) > 63 ? quoteText(inner.replaceAll('""', '"')) : quoted,
  );

/** PostgreSQL finds its own settings whatever the case; those of extensions and applications keep theirs, and their dots. */
export const settingName = (name: string): string =>
  /^[A-Za-z_]+$/.test(name) ? name : name.split(".").map(quoteName).join(".");

const NAME_AND_VALUE = `split_part(c.entry, '=', 1) as name, substr(c.entry, strpos(c.entry, '=') + 1) as value`;
const THIS_DATABASE = "(select d.oid from pg_database d where d.datname = current_database())";

const setForRole = (a: RoleSetting): Statement =>
  statement(`ALTER ROLE ${quoteName(a.role)} ${setText(a.name, a.value)}`);

export const roleSettings = defineKind<RoleSetting>({
  kind: "role setting",
  script: "roles",
  query: () => `
    select 'pg_db_role_setting'::regclass::oid::int8 as classid, s.setrole::int8 as objid, c.n as objsubid,
      pg_get_userbyid(s.setrole) as role, ${NAME_AND_VALUE}
    from pg_db_role_setting s, unnest(s.setconfig) with ordinality c(entry, n)
    where s.setdatabase = 0 and s.setrole >= 16384`,
  path: (a) => `${quoteName(a.role)} ${a.name}`,
  parent: (a) => roleId(a.role),
  create: ({ attributes: a }) => [setForRole(a)],
  drop: ({ attributes: a }) => [statement(`ALTER ROLE ${quoteName(a.role)} RESET ${settingName(a.name)}`)],
  alter: { role: "identity", name: "identity", value: ({ to }) => [setForRole(to.attributes)] },
  clusterWide: true,
});

const alterDatabase = (a: DatabaseSetting, action: string): Statement =>
  onCurrentDatabase((database) =>
    a.role === null
      ? `ALTER DATABASE ${database} ${action}`
      : `ALTER ROLE ${quoteName(a.role)} IN DATABASE ${database} ${action}`,
  );

const setForDatabase: Alter<DatabaseSetting> = ({ to: { attributes: a } }) => [
  alterDatabase(a, setText(a.name, a.value)),
];

export const databaseSettings = defineKind<DatabaseSetting>({
  kind: "database setting",
  script: "settings",
  query: () => `
    select 'pg_db_role_setting'::regclass::oid::int8 as classid, s.setdatabase::int8 as objid,
      s.setrole::int8 * 1000 + c.n as objsubid,
      case when s.setrole <> 0 then pg_get_userbyid(s.setrole) end as role, ${NAME_AND_VALUE}
    from pg_db_role_setting s, unnest(s.setconfig) with ordinality c(entry, n)
    where s.setdatabase = ${THIS_DATABASE}`,
  path: (a) => (a.role === null ? a.name : `${a.name} for ${quoteName(a.role)}`),
  parent: () => null,
  roles: ["role"],
  create: ({ attributes: a }) => [alterDatabase(a, setText(a.name, a.value))],
  drop: ({ attributes: a }) => [alterDatabase(a, `RESET ${settingName(a.name)}`)],
  alter: { role: "identity", name: "identity", value: setForDatabase },
  // What a session has set for itself is not what it started with; and a role's own are set when the role logs in, over these.
  trial: ({ attributes: { role, name, value } }, { version }) => {
    if (role !== null) return null;
    const setTo = (text: string) => `pg_catalog.set_config(${quoteText(name)}, ${text}, true)`;
    const isGranted = version < 150_000 ? "false" : `pg_catalog.has_parameter_privilege(${quoteText(name)}, 'SET')`;
    // To set it is how two spellings of a value are compared.
    return {
      of: "database settings",
      what: name,
      sql: `select case when s.hidden then 'not tried: ' || quote_ident(current_user) || ' may not read it'
            when s.settable then ${setTo("s.value")}
            else s.value || case when s.value = ${quoteText(value)} then ''
              else ', not compared: ' || quote_ident(current_user) || ' may not set it' end end
            || coalesce(', which ' || s.own || ' has of its own', '') as found,
          s.own is not null or case when s.settable then ${setTo(quoteText(value))} = ${setTo("s.value")}
            else s.value is not distinct from ${quoteText(value)} end as works,
          not s.settable as "isOutOfReach"
        from (select known.hidden, coalesce(p.reset_val,
            case when not known.hidden then pg_catalog.current_setting(${quoteText(name)}, true) end) as value,
          not known.hidden and (p.name is null or p.context = 'user' or pg_catalog.current_setting('is_superuser') = 'on'
            or ${isGranted}) as settable,
          (select min(quote_ident(r.rolname)) from pg_catalog.pg_roles r join pg_catalog.pg_db_role_setting o on o.setrole = r.oid,
            unnest(o.setconfig) c(entry) where r.rolname = session_user and o.setdatabase in (0, ${THIS_DATABASE})
              and lower(split_part(c.entry, '=', 1)) = lower(${quoteText(name)})) as own
          from (select 1) one left join pg_catalog.pg_settings p on lower(p.name) = lower(${quoteText(name)}),
            lateral (select p.name is null and ${quoteText(name)} !~ '[.]' as hidden) known) s`,
    };
  },
});

/** Names that PostgreSQL keeps with capitals, whatever case they are written in. */
const CAPITALS: Readonly<Record<string, string>> = {
  datestyle: "DateStyle",
  intervalstyle: "IntervalStyle",
  timezone: "TimeZone",
};

export const keptSettingName = (name: string): string => CAPITALS[name.toLowerCase()] ?? name.toLowerCase();

const settingText = (value: string | number | boolean): string =>
  typeof value === "boolean" ? (value ? "on" : "off") : String(value);

export function declareRoleSetting(
  role: string,
  name: string,
  value: string | number | boolean,
  { position }: Place,
  declaring: Declaring,
): void {
  declaring.add(
    roleSettings,
    { role, name: keptSettingName(name), value: settingText(value) },
    { place: { position } },
  );
}

export const declaredRoleSetting: Declarer<RoleSettingDeclaration> = {
  declare: ({ role, name, value }, source, declaring) =>
    declareRoleSetting(nameOfRole(role), name, value, source, declaring),
};

export const declaredDatabaseSetting: Declarer<DatabaseSettingDeclaration> = {
  declare: ({ name, value, role }, { position }, declaring) => {
    const attributes = {
      role: role === undefined ? null : nameOfRole(role),
      name: keptSettingName(name),
      value: settingText(value),
    };
    declaring.add(databaseSettings, attributes, { place: { position } });
  },
};
