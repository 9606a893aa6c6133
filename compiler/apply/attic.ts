import { Diagnostic } from "../diagnostic.ts";
import { atticEmptiedBy, atticFilledBy } from "../kinds/setAside.ts";
import { bytesText } from "../quantities.ts";
import type { Session } from "../session/session.ts";
import { inTransaction } from "../session/transaction.ts";
import { ofName } from "./apply.ts";
import { type EntryState, type LedgerEntry, ledgerVersion, readScripts, writeHistory } from "./ledger.ts";
import { whoAmI, withoutMigrations } from "./lock.ts";
import { countRows, rowsText } from "./losses.ts";

/** A table of schema verso_attic, with the rows that a migration set aside. */
export interface AtticTable {
  /** As SQL names it: `verso_attic.projects_user_id_fkey`. */
  readonly name: string;
  /** The migration whose rollback brings the rows back; null where none that is applied would. */
  readonly migration: string | null;
  /** When they were set aside; null where no migration says. */
  readonly since: string | null;
  /** Counted up to a million and one; null when they may not be read. */
  readonly rows: number | null;
  /** Of the table with all that belongs to it. */
  readonly bytes: number;
}

export interface PurgeOptions {
  /** Only what this migration set aside; by name or number. */
  readonly migration?: string;
  /** Only what was set aside longer ago. */
  readonly olderThanMs?: number;
  /** Tell what would go, and change nothing. */
  readonly dryRun?: boolean;
  /** Consent to destroying the rows that `dryRun` names: whatever they are by now, or those that it named and no others. */
  readonly acceptDataLoss?: boolean | readonly AtticTable[];
}

export interface Purge {
  readonly isDryRun: boolean;
  readonly tables: readonly AtticTable[];
}

/**
 * Empties the attic: rows that migrations set aside are gone then, and rollbacks bring the schema back without them. All in
 * one transaction, with an entry in the ledger's history.
 * @throws Diagnostic `data-loss` without consent, `target-locked`, `migration-unfinished`, `migration-not-found`
 */
export async function purge(session: Session, options: PurgeOptions = {}): Promise<Purge> {
  if (options.dryRun) return { isDryRun: true, tables: await readAttic(session, options) };
  return withoutMigrations(session, async () => {
    const tables = await readAttic(session, options);
    requireConsentTo(tables, session, options);
    await emptyAttic(session, tables);
    return { isDryRun: false, tables };
  });
}

interface FillingEntry {
  readonly id: number;
  readonly name: string;
  readonly state: EntryState;
  readonly since: string;
  readonly ageMs: number;
}

/**
 * What a purge would take. A table without rows is told of only where no rollback needs it.
 * @throws Diagnostic `migration-unfinished`, `migration-not-found` for one that is named and set nothing aside
 */
export async function readAttic(
  session: Session,
  { migration, olderThanMs }: Pick<PurgeOptions, "migration" | "olderThanMs">,
): Promise<readonly AtticTable[]> {
  const filledBy = await entriesByTable(session);
  const wanted = migration === undefined ? null : ofName([...new Set(filledBy.values())], migration);
  const found = await session.query<{ name: string; bytes: number }>(`
    select 'verso_attic.' || quote_ident(relname) as name, pg_total_relation_size(oid)::float8 as bytes
    from pg_class where relnamespace = to_regnamespace('verso_attic') and relkind = 'r' order by relname`);
  const tables: AtticTable[] = [];
  for (const { name, bytes } of found) {
    const entry = filledBy.get(unquoted(name)) ?? null;
    if (wanted !== null && entry !== wanted) continue;
    if (olderThanMs !== undefined && (entry === null || entry.ageMs < olderThanMs)) continue;
    const rows = await countRows(session, name);
    if (entry !== null && rows === 0) continue;
    if (entry !== null && entry.state !== "applied") throw unfinished(entry);
    tables.push({ name, migration: entry?.name ?? null, since: entry?.since ?? null, rows, bytes });
  }
  return tables;
}

/** Names compare without quotes, which Verso and PostgreSQL do not always set alike. */
const unquoted = (name: string): string => name.replaceAll('"', "");

async function entriesByTable(session: Session): Promise<ReadonlyMap<string, FillingEntry>> {
  const byTable = new Map<string, FillingEntry>();
  if ((await ledgerVersion(session)) === 0) return byTable;
  const entries = await session.query<FillingEntry>(`
    select id::int, name, state, coalesce(finished_at, started_at) as since,
      extract(epoch from clock_timestamp() - coalesce(finished_at, started_at))::float8 * 1000 as "ageMs"
    from verso.migrations
    where state <> 'rolled back' and strpos(forward_sql, 'verso_attic.') > 0 order by verso.migrations.id`);
  for (const entry of entries) {
    const { forward } = await readScripts(session, entry.id);
    for (const table of atticFilledBy(forward)) byTable.set(unquoted(table), entry);
  }
  return byTable;
}

function unfinished({ name, state }: FillingEntry): Diagnostic {
  return new Diagnostic({
    code: "migration-unfinished",
    what: `${name} is ${state}, and has not come to its end: what it set aside stays`,
    next: `finish it with \`verso ${state === "applying" ? "apply" : "rollback"}\`, or purge another one with --migration`,
  });
}

/** @throws Diagnostic `data-loss` naming each table with rows and bytes, and the rollbacks that will lack them */
export function requireConsentTo(
  tables: readonly AtticTable[],
  session: Session,
  { acceptDataLoss }: Pick<PurgeOptions, "acceptDataLoss">,
): void {
  const known = typeof acceptDataLoss === "object" ? acceptDataLoss.map(identity) : [];
  const losing = tables.filter((table) => table.rows !== 0 && !known.includes(identity(table)));
  if (losing.length === 0 || acceptDataLoss === true) return;
  const migrations = [...new Set(losing.flatMap(({ migration }) => migration ?? []))];
  throw new Diagnostic({
    code: "data-loss",
    what: `a purge would destroy rows in ${session.name}`,
    why: [
      ...losing.map(
        (table) => `${describeAttic(table)}${table.migration === null ? "" : `, set aside by ${table.migration}`}`,
      ),
      ...(migrations.length === 0 ? [] : [`the rollback of ${migrations.join(", ")} will not bring them back`]),
    ].join("; "),
    next: "run it with `--accept-data-loss` if these may go; nothing was changed",
  });
}

const identity = ({ name, migration, since, rows }: AtticTable): string =>
  JSON.stringify([name, migration, since, rows]);

const describeAttic = ({ name, rows, bytes }: AtticTable): string =>
  `${rowsText(rows)} of ${name} (${bytesText(bytes)})`;

/** Tables that a rollback reads stay, without rows, so that its script runs as it was proved. */
export async function emptyAttic(session: Session, tables: readonly AtticTable[]): Promise<void> {
  if (tables.length === 0) return;
  const hasLedger = (await ledgerVersion(session)) > 0;
  const by = whoAmI();
  await inTransaction(session, async () => {
    await session.run("SET LOCAL lock_timeout = '3s'");
    for (const table of tables) {
      await session.run(table.migration === null ? `DROP TABLE ${table.name}` : `TRUNCATE ${table.name}`);
      const { migration } = table;
      if (hasLedger) await writeHistory(session, { event: "purged", migration, by, detail: describeAttic(table) });
    }
  });
}

/** What rollbacks will not bring back, because it was purged since. */
export async function purgedSince(session: Session, entries: readonly LedgerEntry[]): Promise<readonly string[]> {
  if (entries.length === 0) return [];
  const purged = await session.query<{ text: string }>(
    `select format('%s: %s, purged %s by %s', h.migration, h.detail, to_char(h.at, 'YYYY-MM-DD'), h.by_whom) as text
    from verso.history h join verso.migrations m on m.name = h.migration and h.at >= m.started_at
    where h.event = 'purged' and m.id = any ($1) order by h.id`,
    [entries.map(({ id }) => id)],
  );
  return purged.map(({ text }) => text);
}

/** A rollback must not find out half-way that a table is gone which it reads. @throws Diagnostic `attic-missing` */
export async function requireAttic(session: Session, { id, name, state }: LedgerEntry): Promise<void> {
  if (state !== "applied") return;
  const wanted = atticEmptiedBy((await readScripts(session, id)).rollback);
  for (const table of wanted) {
    const [found] = await session.query<{ exists: boolean }>("select to_regclass($1) is not null as exists", [table]);
    if (found?.exists === true) continue;
    throw new Diagnostic({
      code: "attic-missing",
      what: `the rollback of ${name} brings rows back from ${table}, which is not in ${session.name}`,
      why: "it was dropped by hand; `verso purge` only empties what a rollback reads",
      next: `put it back from a backup, or without rows: CREATE TABLE ${table} AS TABLE … WITH NO DATA, as in its forward.sql; nothing was changed`,
    });
  }
}
