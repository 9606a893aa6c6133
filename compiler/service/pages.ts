import { apply } from "../apply/apply.ts";
import { describeDelta } from "../diff/diffFacts.ts";
import { fingerprint } from "../migrations/fingerprint.ts";
import { readCatalog } from "../read/readCatalog.ts";
import { governed } from "../resolve/governed.ts";
import type { Session } from "../session/session.ts";
import type { Need } from "./access.ts";
import { migrationsOf } from "./prepare.ts";
import type { Glance } from "./probe.ts";
import { verify } from "./verify.ts";
import { compareLedger, isCrowded } from "./vitals.ts";

/** What pages are told of the service that they belong to. */
export interface Surroundings {
  readonly domain: string;
  /** The folder that `sql/` is in. */
  readonly project: string;
  readonly look: () => Promise<Glance>;
  /** Runs work with a session of its own, within half a minute; those who ask the same meanwhile share the answer. */
  readonly read: <T extends object>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** Runs work that changes the database, one after the other. */
  readonly change: (work: (session: Session) => Promise<object>) => Promise<object>;
}

export interface Asked {
  /** Messages of PostgreSQL and of Verso, SQL, names of hosts and users: for callers with a token, who ask for them. */
  readonly details: boolean;
  readonly dryRun: boolean;
}

/** `fail` goes out as 503, so that a load balancer and an orchestrator need not read the body. */
export type HealthStatus = "pass" | "warn" | "fail";

export interface Page {
  readonly method: "GET" | "POST";
  readonly need: Need;
  readonly answer: (around: Surroundings, asked: Asked) => Promise<object>;
}

export const PAGES: ReadonlyMap<string, Page> = new Map<string, Page>([
  ["/livez", { method: "GET", need: "probe", answer: async () => ({ status: "pass" }) }],
  ["/readyz", { method: "GET", need: "probe", answer: ready }],
  ["/health", { method: "GET", need: "read", answer: health }],
  ["/schema", { method: "GET", need: "read", answer: schema }],
  ["/statistics", { method: "GET", need: "read", answer: ({ read }) => read(statistics) }],
  ["/verify", { method: "GET", need: "read", answer: verified }],
  ["/connection-test", { method: "GET", need: "read", answer: connectionTest }],
  ["/migrate", { method: "POST", need: "admin", answer: migrate }],
]);

/** Pages whose body is that of the health check draft, with a status that decides of the response's. */
export const isHealthPage = (path: string): boolean => ["/livez", "/readyz", "/health"].includes(path);

async function ready({ look }: Surroundings): Promise<{ readonly status: HealthStatus }> {
  return { status: migrationsCheck(await look()).status };
}

/** @see https://datatracker.ietf.org/doc/html/draft-inadarei-api-health-check */
async function health({ domain, look }: Surroundings): Promise<object> {
  const glance = await look();
  const time = new Date().toISOString();
  const database = (observedValue: number, observedUnit: string, status: HealthStatus) => [
    { componentType: "datastore", observedValue, observedUnit, status, time },
  ];
  const migrations = migrationsCheck(glance);
  const crowd: HealthStatus = isCrowded(glance) ? "warn" : "pass";
  return {
    status: migrations.status === "pass" ? crowd : migrations.status,
    serviceId: domain,
    releaseId: glance.migrations.at(-1),
    checks: {
      "postgres:responseTime": database(Math.round(glance.responseMs * 1000) / 1000, "ms", "pass"),
      "postgres:connections": database(glance.connections, "connections", crowd),
      "migrations:pending": [{ componentType: "component", observedUnit: "migrations", ...migrations, time }],
    },
  };
}

/** A database that a later release has migrated is still served by this one, until it is replaced. */
function migrationsCheck({ ledger, migrations }: Glance) {
  if (ledger === null) return { status: "warn" as HealthStatus, output: "ledger-refused" };
  const { pending, later } = compareLedger(ledger, migrations);
  const status: HealthStatus =
    pending.length > 0 || migrations.length === 0 ? "fail" : later.length > 0 ? "warn" : "pass";
  return {
    status,
    observedValue: pending.length,
    ...(later.length > 0 ? { output: "migrated-by-a-later-release" } : {}),
  };
}

/** Names of everything, by kind; with details all that is known of it, SQL too, which `verso diff` takes as a snapshot. */
async function schema({ domain, read }: Surroundings, { details }: Asked): Promise<object> {
  return read(async (session) => {
    const live = await readCatalog(session);
    const facts = governed(live);
    const objects: Record<string, string[]> = {};
    for (const { kind, id } of facts.values()) {
      objects[kind] ??= [];
      objects[kind].push(id.slice(kind.length + 1));
    }
    const { engine, version } = session;
    const known = { domain, engine, version, fingerprint: fingerprint(live), objects };
    return details ? { ...known, facts: [...facts.values()] } : known;
  });
}

async function statistics(session: Session): Promise<object> {
  const [database] = await session.query(DATABASE);
  const tables = await session.query(TABLES);
  return { ...database, tables };
}

const DATABASE = `
  select pg_catalog.pg_database_size(datid)::float8 as bytes, numbackends as connections,
    xact_commit::float8 as commits, xact_rollback::float8 as rollbacks, deadlocks::float8 as deadlocks,
    temp_bytes::float8 as "temporaryBytes", blks_hit / nullif((blks_hit + blks_read)::float8, 0) as "cacheHitRate",
    stats_reset as since
  from pg_catalog.pg_stat_database where datname = pg_catalog.current_database()`;

const TABLES = `
  select pg_catalog.format('%I.%I', s.schemaname, s.relname) as name, c.reltuples::float8 as "rowEstimate",
    s.n_dead_tup::float8 as "deadRows", pg_catalog.pg_total_relation_size(s.relid)::float8 as bytes,
    pg_catalog.pg_indexes_size(s.relid)::float8 as "indexBytes", s.seq_scan::float8 as "sequentialScans",
    s.idx_scan::float8 as "indexScans", greatest(s.last_vacuum, s.last_autovacuum) as "lastVacuum",
    greatest(s.last_analyze, s.last_autoanalyze) as "lastAnalyze"
  from pg_catalog.pg_stat_user_tables s join pg_catalog.pg_class c on c.oid = s.relid
  where s.schemaname not in ('verso', 'verso_attic')
  order by bytes desc, name`;

async function verified({ domain, project, read }: Surroundings, { details }: Asked): Promise<object> {
  const migrations = await migrationsOf(domain, project);
  return read(async (session) => {
    const { problems, drift, notes, ...found } = await verify(session, domain, migrations);
    const words = details ? { notes } : {};
    return {
      isUpToDate: problems.length === 0,
      problems: problems.map(tell(details)),
      drift: drift.map(describeDelta),
      ...found,
      ...words,
    };
  });
}

async function connectionTest({ read }: Surroundings, { details }: Asked): Promise<object> {
  const started = performance.now();
  return read(async (session) => {
    const connectMs = performance.now() - started;
    const [row] = await session.query<{ user: string; database: string; isEncrypted: boolean; isReplica: boolean }>(
      `select current_user as user, pg_catalog.current_database() as database,
        coalesce((select ssl from pg_catalog.pg_stat_ssl where pid = pg_catalog.pg_backend_pid()), false) as "isEncrypted",
        pg_catalog.pg_is_in_recovery() as "isReplica"`,
    );
    const answerMs = performance.now() - started - connectMs;
    const { engine, version, name } = session;
    const { isEncrypted, isReplica, ...who } = row ?? {};
    const told = { engine, version, isEncrypted, isReplica, connectMs, answerMs };
    return details ? { ...told, target: name, ...who } : told;
  });
}

async function migrate({ domain, project, change }: Surroundings, { details, dryRun }: Asked): Promise<object> {
  return change(async (session) => {
    const migrations = await migrationsOf(domain, project);
    const { moves, notes, isDryRun } = await apply(session, migrations, { dryRun });
    const told = moves.map(({ name, steps, durationMs, sql }) => ({
      name,
      steps,
      durationMs,
      ...(details ? { sql } : {}),
    }));
    return { isDryRun, migrations: told, ...(details ? { notes } : {}) };
  });
}

/** A problem in an answer: its code alone, since the words may hold SQL, values of rows, and names of hosts and users. */
export const tell =
  (details: boolean) =>
  ({
    code,
    what,
    why,
    next,
  }: {
    readonly code: string;
    readonly what: string;
    readonly why?: string | undefined;
    readonly next: string;
  }) =>
    details ? { code, what, why, next } : { code };
