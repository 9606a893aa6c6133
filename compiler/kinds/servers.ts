import type { ForeignServer, ForeignServerOptions, ServerName } from "../declare/foreign.ts";
import { quoteName, quoteText } from "../quote.ts";
import { checkOptions, type Declarer } from "./declaring.ts";
import { alterOptions, createOptions, foreignOptionsOf, isSecret, optionTexts } from "./foreignOptions.ts";
import { type Given, givenAt, renamed } from "./given.ts";
import { type Alter, defineKind, factId, notOfExtension, statement } from "./kind.ts";

/** A foreign server. @see PostgreSQL manual, "pg_foreign_server" */
export type Server = {
  readonly name: string;
  readonly wrapper: string;
  readonly type: string | null;
  readonly version: string | null;
  /** `name 'value'`, sorted. */
  readonly options: readonly string[];
};

export const serverId = (name: string) => factId("server", quoteName(name));

const alterServer =
  (action: (a: Server, from: Server) => string): Alter<Server> =>
  ({ from, to: { attributes: a } }) => [statement(`ALTER SERVER ${quoteName(a.name)} ${action(a, from.attributes)}`)];

export const servers = defineKind<Server>({
  kind: "server",
  script: "functions",
  foundIn: "pg_foreign_server",
  query: () => `
    select 'pg_foreign_server'::regclass::oid::int8 as classid, s.oid::int8 as objid, 0 as objsubid,
      s.srvname as name, w.fdwname as wrapper, s.srvtype as type, s.srvversion as version,
      ${foreignOptionsOf("s.srvoptions")} as options
    from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw
    where ${notOfExtension("pg_foreign_server", "s.oid")}`,
  path: (a) => quoteName(a.name),
  parent: () => null,
  designate: (a) => `SERVER ${quoteName(a.name)}`,
  create: ({ attributes: a }) => [
    statement(
      [
        `CREATE SERVER ${quoteName(a.name)}`,
        a.type === null ? "" : ` TYPE ${quoteText(a.type)}`,
        a.version === null ? "" : ` VERSION ${quoteText(a.version)}`,
        ` FOREIGN DATA WRAPPER ${quoteName(a.wrapper)}${createOptions(a.options)}`,
      ].join(""),
    ),
  ],
  drop: ({ attributes: a }) => [statement(`DROP SERVER ${quoteName(a.name)}`)],
  alter: {
    name: "identity",
    wrapper: "replace",
    type: "replace",
    version: alterServer((a) => `VERSION ${a.version === null ? "NULL" : quoteText(a.version)}`),
    options: alterServer((a, from) => alterOptions(from.options, a.options)),
  },
  withoutSecrets: (a) => ({ ...a, options: a.options.filter((option) => !isSecret(option)) }),
  rename: (from, to) => [statement(`ALTER SERVER ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`)],
});

const OPTIONS = {
  wrapper: true,
  type: true,
  version: true,
  options: true,
  grants: true,
  owner: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof ForeignServerOptions, true>;

export const declaredServer: Declarer<ForeignServer> = {
  identify: ({ name }) => ({ id: serverId(name), text: quoteName(name) }),
  declare: ({ name, options }, source, declaring) => {
    checkOptions(options, OPTIONS, `foreign server ${name}`, source);
    const { wrapper } = options;
    const given = givenAt(source, declaring);
    given.name(wrapper);
    const attributes: Server = {
      name,
      wrapper: typeof wrapper === "string" ? wrapper : wrapper.name,
      type: options.type ?? null,
      version: options.version ?? null,
      options: optionTexts(options.options),
    };
    const hint = renamed(options, serverId);
    declaring.add(servers, attributes, { ...options, place: source, needs: given.needs, hint });
  },
};

/** The name of a server that is given by name or declaration; a declared one is needed. */
export function serverName(server: ServerName, given: Given): string {
  given.name(server);
  return typeof server === "string" ? server : server.name;
}
