import { quoteName, quoteText } from "../quote.ts";
import { alterOptions, createOptions, foreignOptionsOf } from "./foreignOptions.ts";
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
  rename: (from, to) => [statement(`ALTER SERVER ${quoteName(from.name)} RENAME TO ${quoteName(to.name)}`)],
});
