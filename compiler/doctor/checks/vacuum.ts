import { notOfExtension, userSchema } from "../../kinds/kind.ts";
import { tableId } from "../../kinds/tables.ts";
import { bytesOf } from "../../maintain/relations.ts";
import { quotePath, quoteText } from "../../quote.ts";
import { type Around, defineCheck, EFFECTS } from "../check.ts";
import type { Remedy } from "../finding.ts";

interface AgeRow {
  readonly schema: string | null;
  readonly name: string;
  readonly transactions: number;
  readonly multixacts: number;
  readonly sizeBytes: number;
  readonly freezeMaxAge: number;
  /** A database that nobody may connect to is autovacuum's alone. */
  readonly isClosed: boolean;
}

/** Tables of this database, with their TOAST; of other databases of the server, the database as a whole. */
export const transactionAge = defineCheck<AgeRow>({
  name: "transaction-id-age",
  looksFor: "tables whose transaction ids are old",
  query: ({ thresholds }) => `
    with ages as (
      select n.nspname as schema, t.relname as name, ${bytesOf("pg_table_size", "t", "t.reltoastrelid")} as "sizeBytes",
        greatest(age(t.relfrozenxid), coalesce(age(o.relfrozenxid), 0)) as transactions,
        greatest(mxid_age(t.relminmxid), coalesce(mxid_age(o.relminmxid), 0)) as multixacts, false as "isClosed"
      from pg_class t join pg_namespace n on n.oid = t.relnamespace left join pg_class o on o.oid = t.reltoastrelid
      where t.relkind in ('r', 'm') and t.relpersistence <> 't'
      union all
      select null, datname, null, age(datfrozenxid), mxid_age(datminmxid), not datallowconn
      from pg_database where datname <> current_database()
    )
    select schema, name, transactions::float8 as transactions, multixacts::float8 as multixacts,
      "isClosed",
      coalesce("sizeBytes", 0) as "sizeBytes", current_setting('autovacuum_freeze_max_age')::float8 as "freezeMaxAge"
    from ages where greatest(transactions, multixacts) >= ${thresholds.ageWarning}
    order by greatest(transactions, multixacts) desc, schema, name limit 20`,
  judge: ({ schema, name, isClosed, ...evidence }, { thresholds }) => {
    const table = schema === null ? null : quotePath(schema, name);
    const age = Math.max(evidence.transactions, evidence.multixacts);
    return {
      // Where autovacuum is told to come later, it is not late yet.
      severity: age >= thresholds.ageError ? "error" : age < evidence.freezeMaxAge ? "info" : "warning",
      object: table ?? `database ${quotePath(name)}`,
      title: `${table ?? `database ${quotePath(name)}`} was last frozen ${Math.round(age / 1e6)} million transactions ago`,
      why: `at 2,147 million the whole server takes no more writes; autovacuum ${age < evidence.freezeMaxAge ? "comes" : "should have come"} at ${Math.round(evidence.freezeMaxAge / 1e6)} million`,
      evidence,
      remedies: isClosed ? waiting(name) : [freezing(name, table)],
    };
  },
});

const freezing = (database: string, table: string | null): Remedy =>
  table === null
    ? { sql: "VACUUM (FREEZE)", effect: `${EFFECTS.goesOn}; connect to database ${quotePath(database)} for it` }
    : { sql: `VACUUM (FREEZE) ${table}`, effect: EFFECTS.goesOn };

const waiting = (database: string): readonly Remedy[] => [
  {
    sql: `SELECT datname, datallowconn, age(datfrozenxid) FROM pg_database WHERE datname = ${quoteText(database)}`,
    effect: `${EFFECTS.none}; nobody may connect to this database, and autovacuum freezes it by itself: it is on if this age falls`,
  },
];

interface VacuumRow {
  readonly schema: string;
  readonly table: string;
  readonly rows: number;
  readonly deadRows: number;
  readonly vacuumDueAt: number;
  readonly changedRows: number;
  readonly analyzeDueAt: number;
  readonly lastVacuum: string | null;
  readonly lastAnalyze: string | null;
  readonly isRead: boolean;
}

/** Settings of a table, else the server's. */
const setting = (name: string): string => `coalesce((select option_value::float8 from pg_options_to_table(t.reloptions)
  where option_name = '${name}'), current_setting('${name}')::float8)`;

const tablesInUse = ({ version }: Around): string => `
  select s.schemaname as schema, s.relname as table, s.n_live_tup::float8 as rows, s.n_dead_tup::float8 as "deadRows",
    ${version >= 180000 ? "least(" : "("}${setting("autovacuum_vacuum_threshold")}
      + ${setting("autovacuum_vacuum_scale_factor")} * greatest(t.reltuples, 0)${
        version >= 180000 ? `, nullif(${setting("autovacuum_vacuum_max_threshold")}, -1)` : ""
      }) as "vacuumDueAt",
    s.n_mod_since_analyze::float8 as "changedRows",
    ${setting("autovacuum_analyze_threshold")} + ${setting("autovacuum_analyze_scale_factor")} * greatest(t.reltuples, 0)
      as "analyzeDueAt",
    date_trunc('second', greatest(s.last_vacuum, s.last_autovacuum))::text as "lastVacuum",
    date_trunc('second', greatest(s.last_analyze, s.last_autoanalyze))::text as "lastAnalyze",
    s.seq_scan + coalesce(s.idx_scan, 0) > 0 as "isRead"
  from pg_stat_user_tables s join pg_class t on t.oid = s.relid
  where ${userSchema("s.schemaname")} and ${notOfExtension("pg_class", "t.oid")}`;

export const deadRows = defineCheck<VacuumRow>({
  name: "dead-rows",
  looksFor: "tables that autovacuum is late for",
  query: (around) => `select * from (${tablesInUse(around)}) t where "deadRows" >= ${around.thresholds.deadRows}
    and "deadRows" >= "vacuumDueAt" * ${around.thresholds.lateVacuumFactor} order by "deadRows" desc, 1, 2`,
  judge: ({ schema, table, rows, deadRows, vacuumDueAt, lastVacuum }) => ({
    severity: "warning",
    object: quotePath(schema, table),
    title: `${quotePath(schema, table)} holds ${count(deadRows)} dead rows beside ${count(rows)} that are there`,
    why: "scans read dead rows too, and the table grows; a transaction that is open for long, or autovacuum that is off or too slow, keeps them",
    evidence: { rows, deadRows, vacuumDueAt, lastVacuum },
    remedies: [{ sql: `VACUUM (ANALYZE) ${quotePath(schema, table)}`, effect: EFFECTS.goesOn }],
    mend: {
      at: [tableId(schema, table)],
      how: "where it comes back, have autovacuum begin earlier: `with: { autovacuum_vacuum_scale_factor: 0.02 }`",
    },
  }),
});

/** What the planner believes of a table is what ANALYZE saw last. */
export const staleStatistics = defineCheck<VacuumRow>({
  name: "stale-statistics",
  looksFor: "tables that were never, or long not, analysed",
  query: (around) => `select * from (${tablesInUse(around)}) t where "isRead"
    and greatest(rows, "changedRows") >= ${around.thresholds.smallTableRows}
    and ("lastAnalyze" is null or "changedRows" >= "analyzeDueAt" * ${around.thresholds.lateVacuumFactor})
    order by "changedRows" desc, 1, 2`,
  judge: ({ schema, table, rows, changedRows, analyzeDueAt, lastAnalyze }) => ({
    severity: "warning",
    object: quotePath(schema, table),
    title:
      lastAnalyze === null
        ? `${quotePath(schema, table)} was never analysed`
        : `${count(changedRows)} rows of ${quotePath(schema, table)} changed since it was analysed`,
    why: "the planner guesses how many rows a condition leaves, and picks slow plans where it guesses wrong",
    evidence: { rows, changedRows, analyzeDueAt, lastAnalyze },
    remedies: [{ sql: `ANALYZE ${quotePath(schema, table)}`, effect: EFFECTS.goesOn }],
  }),
});

interface OffRow {
  /** Null for the server; the embedded engine has no autovacuum. */
  readonly schema: string | null;
  readonly table: string | null;
  readonly countsRows: boolean;
}

export const autovacuumOff = defineCheck<OffRow>({
  name: "autovacuum-off",
  looksFor: "autovacuum that is off",
  query: ({ engine }) => `
    select null as schema, null as table, current_setting('track_counts')::bool as "countsRows"
    where '${engine}' = 'server' and not (current_setting('autovacuum')::bool and current_setting('track_counts')::bool)
    union all
    select n.nspname, t.relname, true from pg_class t join pg_namespace n on n.oid = t.relnamespace
    where t.relkind in ('r', 'm') and ${userSchema("n.nspname")} and ${notOfExtension("pg_class", "t.oid")}
      and exists (select from pg_options_to_table(t.reloptions)
        where option_name = 'autovacuum_enabled' and not option_value::bool)
    order by 1 nulls first, 2`,
  judge: ({ schema, table, countsRows }) => {
    const isServer = schema === null || table === null;
    const name = isServer ? "server" : quotePath(schema, table);
    return {
      severity: "warning",
      object: name,
      title: `autovacuum is off for ${isServer ? "the whole server" : name}`,
      why: "dead rows stay, statistics grow old, and transaction ids run out unless somebody vacuums by hand",
      evidence: {},
      remedies: isServer
        ? [
            { sql: "ALTER SYSTEM SET autovacuum = on", effect: EFFECTS.goesOn },
            ...(countsRows ? [] : [{ sql: "ALTER SYSTEM SET track_counts = on", effect: EFFECTS.goesOn }]),
            { sql: "SELECT pg_reload_conf()", effect: EFFECTS.goesOn },
          ]
        : [{ sql: `ALTER TABLE ${name} RESET (autovacuum_enabled)`, effect: EFFECTS.goesOn }],
      ...(isServer ? {} : { mend: { at: [tableId(schema, table)], how: "take `autovacuum_enabled` out of `with`" } }),
    };
  },
});

const count = (rows: number): string => Math.round(rows).toLocaleString("en");
