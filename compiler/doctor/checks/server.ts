import { extensionId } from "../../kinds/extensions.ts";
import { quoteName, quoteText } from "../../quote.ts";
import { defineCheck, EFFECTS } from "../check.ts";

interface ExtensionRow {
  readonly name: string;
  readonly installed: string;
  readonly available: string;
  /** Scripts of the server lead from the one version to the other. */
  readonly hasPath: boolean;
}

export const extensionUpdate = defineCheck<ExtensionRow>({
  name: "extension-update",
  looksFor: "extensions that the server has in another version",
  query: () => `
    select e.extname as name, e.extversion as installed, a.default_version as available, p.path is not null as "hasPath"
    from pg_extension e join pg_available_extensions a on a.name = e.extname
      left join lateral pg_extension_update_paths(e.extname) p on p.source = e.extversion and p.target = a.default_version
    where a.default_version <> e.extversion order by 1`,
  judge: ({ name, installed, available, hasPath }) => ({
    severity: "info",
    object: `extension ${quoteName(name)}`,
    title: `extension ${quoteName(name)} is ${installed} here, and the server brings ${available}`,
    why: "its library is already the server's; functions and fixes that its newer version declares are missing until it is updated",
    evidence: { installed, available },
    remedies: hasPath
      ? [{ sql: `ALTER EXTENSION ${quoteName(name)} UPDATE`, effect: EFFECTS.brief }]
      : [
          {
            sql: `SELECT source, target FROM pg_extension_update_paths(${quoteText(name)}) WHERE path IS NOT NULL`,
            effect: `${EFFECTS.none}; no script of the server leads from ${installed} to ${available}: by these ways, if any, or by its own manual`,
          },
        ],
    ...(hasPath && {
      mend: { at: [extensionId(name)], how: `where it says a \`version\`, say ${JSON.stringify(available)}` },
    }),
  }),
});

interface PendingRow {
  readonly name: string;
  readonly setting: string;
  readonly file: string | null;
}

export const pendingRestart = defineCheck<PendingRow>({
  name: "pending-restart",
  looksFor: "settings that wait for a restart",
  query: () => `select name, setting, sourcefile as file from pg_settings where pending_restart order by 1`,
  judge: ({ name, setting, file }) => ({
    severity: "info",
    object: `setting ${name}`,
    title: `${name} was changed and waits for a restart`,
    why: "the server still runs with the old value; the next restart brings more than whoever restarts it expects",
    evidence: { inForce: setting, file },
    remedies: [
      {
        sql: `SELECT name, setting, error FROM pg_file_settings WHERE name = ${quoteText(name)}`,
        effect: `${EFFECTS.none}; a restart of the server puts it in force`,
      },
    ],
  }),
});

interface CollationRow {
  /** Null for the database's own. */
  readonly collation: string | null;
  readonly database: string;
  readonly recorded: string;
  readonly actual: string;
}

/** Those that a column or an index sorts by, and the database's. */
export const collationChanged = defineCheck<CollationRow>({
  name: "collation-changed",
  looksFor: "collations that sort otherwise than when indexes were built",
  query: ({ version }) => `
    select c.oid::regcollation::text as collation, quote_ident(current_database()) as database, c.collversion as recorded,
      pg_collation_actual_version(c.oid) as actual
    from pg_collation c
    where c.collversion <> pg_collation_actual_version(c.oid)
      and (c.oid in (select attcollation from pg_attribute) or c.oid::text in (select unnest(string_to_array(indcollation::text, ' ')) from pg_index))
    ${
      version < 150000
        ? ""
        : `union all
    select null, quote_ident(d.datname), d.datcollversion, pg_database_collation_actual_version(d.oid) from pg_database d
    where d.datname = current_database() and d.datcollversion <> pg_database_collation_actual_version(d.oid)`
    }
    order by 1 nulls first`,
  judge: ({ collation, database, recorded, actual }) => ({
    severity: "error",
    object: collation === null ? `database ${database}` : `collation ${collation}`,
    title: `${collation === null ? `the collation of database ${database}` : `collation ${collation}`} is of version ${actual}; indexes were built with ${recorded}`,
    why: "where the order changed, look-ups by index miss rows and unique indexes let duplicates in",
    evidence: { recorded, actual },
    remedies: [
      { sql: `REINDEX DATABASE CONCURRENTLY ${database}`, effect: EFFECTS.concurrent },
      {
        sql:
          collation === null
            ? `ALTER DATABASE ${database} REFRESH COLLATION VERSION`
            : `ALTER COLLATION ${collation} REFRESH VERSION`,
        effect: `${EFFECTS.goesOn}; after the first, since it only takes the warning away`,
      },
    ],
  }),
});
