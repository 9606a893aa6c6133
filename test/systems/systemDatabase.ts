import { apply } from "../../compiler/apply/apply.ts";
import type { Migration } from "../../compiler/migrations/migration.ts";
import { migrationsFolder, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import { type SeedOutcome, seedDatabase } from "../../compiler/seed/seedDatabase.ts";
import { readSeedFiles, seedsFolder } from "../../compiler/seed/seedFile.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { freshDatabase, type Major, ownServer } from "../servers.ts";

/** Where a system is tested: the embedded engine, a server of its own of a version, or a server's URL. */
export type Engine = "embedded" | Major | { readonly url: string };

export interface SystemDatabase {
  readonly session: Session;
  readonly migrations: readonly Migration[];
  /** Of a server's database. */
  readonly url: string | null;
  close(): Promise<void>;
}

export interface SystemOptions {
  /** What the embedded engine must be able to create. */
  readonly extensions?: readonly string[];
}

/** An empty database for a domain of this repository, and the domain's migrations. */
export async function emptySystem(
  domain: string,
  engine: Engine,
  { extensions = [] }: SystemOptions = {},
): Promise<SystemDatabase> {
  const migrations = await readMigrations(migrationsFolder("sql", domain));
  if (engine === "embedded") {
    const session = await openEmbeddedSession({ extensions });
    return { session, migrations, url: null, close: () => session.close() };
  }
  const server = typeof engine === "number" ? await ownServer(engine) : { url: engine.url, close: async () => {} };
  const database = await freshDatabase(server.url);
  const session = await openServerSession(database.url);
  return {
    session,
    migrations,
    url: database.url,
    close: async () => {
      await session.close();
      await database.close();
      await server.close();
    },
  };
}

/** The same at the latest migration, with the demo data. */
export async function seededSystem(domain: string, engine: Engine, options?: SystemOptions): Promise<SystemDatabase> {
  const system = await emptySystem(domain, engine, options);
  await apply(system.session, system.migrations, { acceptDataLoss: true });
  await seedSystem(system.session, domain);
  return system;
}

/** The domain's reference and demo rows, from the files that services have. */
export async function seedSystem(session: Session, domain: string): Promise<SeedOutcome> {
  const files = await readSeedFiles(seedsFolder("sql", domain));
  return seedDatabase(session, { domain, files }, { environments: ["demo"] });
}
