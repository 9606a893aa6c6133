import type { UserMapping as UserMappingDeclaration, UserMappingOptions } from "../declare/foreign.ts";
import { Diagnostic } from "../diagnostic.ts";
import { quoteName } from "../quote.ts";
import { checkOptions, type Declarer, nameOfRole } from "./declaring.ts";
import { alterOptions, createOptions, foreignOptionsOf, isSecret, optionTexts } from "./foreignOptions.ts";
import { givenAt } from "./given.ts";
import { type Alter, defineKind, statement } from "./kind.ts";
import { serverId, serverName } from "./servers.ts";

/** Whom a role is on a foreign server. @see PostgreSQL manual, "pg_user_mappings" */
export type UserMapping = {
  /** `public` for all. */
  readonly user: string;
  readonly server: string;
  /** `name 'value'`, sorted; passwords are among them. */
  readonly options: readonly string[];
  /** PostgreSQL shows the options to the user and the server's owner alone; to others they look like none. */
  readonly isHidden: boolean;
};

const named = (a: UserMapping): string =>
  `FOR ${a.user === "public" ? "PUBLIC" : quoteName(a.user)} SERVER ${quoteName(a.server)}`;

const setOptions: Alter<UserMapping> = ({ from, to: { attributes: a } }) => [
  statement(`ALTER USER MAPPING ${named(a)} ${alterOptions(from.attributes.options, a.options)}`),
];

export const userMappings = defineKind<UserMapping>({
  kind: "user mapping",
  script: "functions",
  foundIn: "pg_user_mappings",
  query: () => `
    select 'pg_user_mapping'::regclass::oid::int8 as classid, m.umid::int8 as objid, 0 as objsubid,
      case when m.umuser = 0 then 'public' else pg_get_userbyid(m.umuser) end as user, m.srvname as server,
      ${foreignOptionsOf("m.umoptions")} as options,
      not ((m.umuser <> 0 and m.usename = current_user
          and (pg_has_role(s.srvowner, 'USAGE') or has_server_privilege(s.oid, 'USAGE')))
        or (m.umuser = 0 and pg_has_role(s.srvowner, 'USAGE'))
        or (select r.rolsuper from pg_roles r where r.rolname = current_user)) as "isHidden"
    from pg_user_mappings m join pg_foreign_server s on s.oid = m.srvid`,
  path: (a) => `${a.user === "public" ? "PUBLIC" : quoteName(a.user)} on ${quoteName(a.server)}`,
  parent: () => null,
  roles: ["user"],
  needs: (a) => [serverId(a.server)],
  create: ({ attributes: a }) => [statement(`CREATE USER MAPPING ${named(a)}${createOptions(a.options)}`)],
  drop: ({ attributes: a }) => [statement(`DROP USER MAPPING ${named(a)}`)],
  alter: { user: "identity", server: "identity", options: setOptions, isHidden: "no difference" },
  withoutSecrets: (a) => ({ ...a, options: a.options.filter((option) => !isSecret(option)) }),
  unread: (a) => (a.isHidden ? `the options of the user mapping ${named(a)}` : null),
});

const OPTIONS = { for: true, server: true, options: true } satisfies Record<keyof UserMappingOptions, true>;

export const declaredUserMapping: Declarer<UserMappingDeclaration> = {
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `user mapping ${name}`, source);
    const given = givenAt(source, declaring);
    const secret = Object.keys(options.options ?? {}).find(isSecret);
    if (secret !== undefined) {
      throw new Diagnostic({
        code: "secret-in-definition",
        what: `the user mapping ${name} holds a secret, ${secret}`,
        at: source.position,
        why: "definitions and what is generated from them are committed, and read by all who may read the code",
        next: "take it out, and set it where secrets are kept: ALTER USER MAPPING … OPTIONS",
      });
    }
    const attributes: UserMapping = {
      user: nameOfRole(options.for),
      server: serverName(options.server, given),
      options: optionTexts(options.options),
      isHidden: false,
    };
    declaring.add(userMappings, attributes, { place: { position: source.position }, needs: given.needs });
  },
};
