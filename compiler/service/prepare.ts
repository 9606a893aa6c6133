import { resolve } from "node:path";
import { apply } from "../apply/apply.ts";
import type { OnProgress } from "../apply/progress.ts";
import { Diagnostic } from "../diagnostic.ts";
import { explain } from "../explain.ts";
import type { Migration } from "../migrations/migration.ts";
import { migrationsFolder, readMigrations } from "../migrations/readMigrations.ts";
import { seedDatabase } from "../seed/seedDatabase.ts";
import { readSeedFiles, seedsFolder } from "../seed/seedFile.ts";
import { databaseUrl } from "../session/databaseUrl.ts";
import { isSet } from "../session/environment.ts";
import type { Session } from "../session/session.ts";
import {
  type Connector,
  connectorFor,
  createDatabase,
  type ServiceDatabase,
  UNREACHED,
  withPatience,
} from "./connect.ts";
import { verify } from "./verify.ts";
import { isCrowded, readVitals } from "./vitals.ts";

export interface PrepareOptions {
  /** A URL, or the service's PGlite; `<DOMAIN>_DATABASE_URL`, else `DATABASE_URL`, when not given. */
  readonly database?: ServiceDatabase;
  /** The folder that `sql/` is in; where the process was started when not given. */
  readonly project?: string;
  /**
   * In development a missing database is made, migrated and seeded. In production nothing is changed. When not given, it is
   * development where AUTO_INIT_DATABASE says `true`.
   */
  readonly mode?: "development" | "production";
  /** In development: which rows are seeded, besides reference data; `["demo"]` when not given. */
  readonly environments?: readonly string[];
  /** How long to wait for a server that does not answer, or that someone else is migrating; 30 s when not given. */
  readonly patienceMs?: number;
  /** Told of each step of a migration. */
  readonly onProgress?: OnProgress;
}

export interface Readiness {
  readonly state: "ready" | "degraded";
  /** Why it is degraded, each with what to do; none when it is ready. */
  readonly reasons: readonly Diagnostic[];
  /** Names of the migrations that were applied just now. */
  readonly applied: readonly string[];
  /** How many seeded rows were made or changed just now. */
  readonly seeded: number;
  /** What does not keep the service from working, and what could not be compared. */
  readonly notes: readonly string[];
  readonly durationMs: number;
}

/**
 * What a service does about its database before it takes requests: connects, and waits where the server is only starting;
 * looks whether the database is well; verifies that it is what the domain's migrations lead to; and in development brings it
 * there. It never throws for what is wrong with the database: the service starts, and can say what is wrong.
 */
export async function prepareDatabase(domain: string, options: PrepareOptions = {}): Promise<Readiness> {
  const started = performance.now();
  const applied: string[] = [];
  const notes: string[] = [];
  let seeded = 0;
  const told = (reasons: readonly Diagnostic[]): Readiness => ({
    state: reasons.length === 0 ? "ready" : "degraded",
    reasons,
    applied,
    seeded,
    notes,
    durationMs: Math.round(performance.now() - started),
  });
  let connector: Connector | undefined;
  try {
    const isDevelopment = (options.mode ?? usualMode()) === "development";
    const until = Date.now() + (options.patienceMs ?? 30_000);
    const migrations = await migrationsOf(domain, options.project);
    const database = options.database ?? databaseUrl(domain);
    connector = connectorFor(database, `verso prepare ${domain}`, !isDevelopment);
    const session = await reach(connector, until, isDevelopment && typeof database === "string" ? database : null);
    try {
      notes.push(...(await look(session)));
      if (isDevelopment) {
        const onProgress: OnProgress = (progress) => {
          if (progress.event === "migration finished") applied.push(progress.name);
          if (progress.event === "note") notes.push(progress.text);
          options.onProgress?.(progress);
        };
        // What destroys rows or values is refused: nobody is there to consent.
        await withPatience(until, LOCKED, () => apply(session, migrations, { onProgress }));
        seeded = await withPatience(until, LOCKED, () => seed(session, domain, options));
      }
      const verified = await verify(session, domain, migrations);
      notes.push(...verified.notes);
      return told(verified.problems);
    } finally {
      await session.close();
    }
  } catch (error) {
    return told([explain(error)]);
  } finally {
    await connector?.close();
  }
}

/** @returns how many rows were made or changed */
async function seed(
  session: Session,
  domain: string,
  { project = ".", environments = ["demo"] }: PrepareOptions,
): Promise<number> {
  const files = await readSeedFiles(seedsFolder(resolve(project, "sql"), domain));
  if (files.length === 0) return 0;
  const { tables } = await seedDatabase(session, { domain, files }, { environments });
  return tables.reduce((sum, { inserted, updated }) => sum + inserted + updated, 0);
}

const LOCKED: ReadonlySet<string> = new Set(["target-locked"]);

const usualMode = () => (isSet("AUTO_INIT_DATABASE") ? "development" : "production");

/** Where a service has a domain's migrations. */
export const folderOf = (domain: string, project = "."): string => migrationsFolder(resolve(project, "sql"), domain);

/** @throws Diagnostic `migrations-not-found` where there is none, since that is what a wrong folder looks like */
export async function migrationsOf(domain: string, project?: string): Promise<readonly Migration[]> {
  const folder = folderOf(domain, project);
  const migrations = await readMigrations(folder);
  if (migrations.length > 0) return migrations;
  throw new Diagnostic({
    code: "migrations-not-found",
    what: `there are no migrations of ${domain}`,
    at: folder,
    next: `plan the first with \`verso plan initial\`; or name the folder that sql/ is in: { project: "/app" }`,
  });
}

/** @param missing the URL of a database that is made where it does not exist; null where it must exist */
async function reach(connector: Connector, until: number, missing: string | null): Promise<Session> {
  const connect = () => withPatience(until, UNREACHED, (leftMs) => connector.connect(Math.min(leftMs, 10_000)));
  try {
    return await connect();
  } catch (error) {
    if (missing === null || !(error instanceof Diagnostic) || error.code !== "database-missing") throw error;
    await createDatabase(missing);
    return connect();
  }
}

async function look(session: Session): Promise<readonly string[]> {
  const vitals = await readVitals(session);
  const { connections, connectionLimit, isReplica } = vitals;
  return [
    ...(isCrowded(vitals) ? [`${connections} of ${connectionLimit} connections are taken`] : []),
    ...(isReplica ? [`${session.name} is a replica, which takes no writes`] : []),
  ];
}
