import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import type { PrepareOptions } from "verso/service";
import { apply } from "../../compiler/apply/apply.ts";
import { migrationsFolder, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import { startInMemory } from "../../compiler/session/engine.ts";
import { borrowEmbedded } from "../../compiler/session/lent.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { writeMigrations } from "../apply/fixtures.ts";
import { embeddedShadow } from "../exact.ts";
import { freshDatabase, MAJORS, type Major } from "../servers.ts";

/** Where a service is tested: on the PGlite that it works with, and on servers. */
export const PLACES: readonly ("embedded" | Major)[] = ["embedded", ...MAJORS];

const FIRST = "create table users (id int primary key, email text not null, age int);";
const SECOND = `${FIRST} create table notes (id int primary key, user_id int not null references users);`;

export interface DemoProject {
  /** A service's folder, with two migrations of domain `demo`. */
  readonly project: string;
  /** The same with a third one, which destroys ages. */
  readonly destructive: string;
  /** Gives the first one a definition, which the command line looks for. */
  readonly define: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function demoProject(): Promise<DemoProject> {
  const root = await mkdtemp(join(tmpdir(), "verso-service-"));
  const [project, destructive] = [join(root, "project"), join(root, "destructive")];
  await writeMigrations(join(destructive, "sql"), "", FIRST, SECOND, SECOND.replace(", age int", ""));
  await (await embeddedShadow()).close();
  await cp(destructive, project, { recursive: true });
  await rm(join(migrationsFolder(join(project, "sql"), "demo"), "0003_m3"), { recursive: true });
  const define = async () => {
    const folder = join(project, "definitions", "demo");
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "domain.ts"),
      'import { domain } from "verso";\nexport default domain({ name: "demo" });\n',
    );
  };
  return { project, destructive, define, close: () => rm(root, { recursive: true }) };
}

export interface Place {
  readonly database: NonNullable<PrepareOptions["database"]>;
  readonly sql: (text: string) => Promise<readonly object[]>;
  readonly close: () => Promise<void>;
}

/** An empty database as a service has it. */
export async function place(on: "embedded" | Major): Promise<Place> {
  if (on === "embedded") {
    const database = await emptyEngine();
    return { database, sql: (text) => withSession(borrowEmbedded(database), text), close: async () => {} };
  }
  const { url, close } = await freshDatabase(on);
  return { database: url, sql: (text) => withSession(openServerSession(url), text), close };
}

/** The same, at the latest migration of a project. */
export async function migratedPlace(on: "embedded" | Major, project: string): Promise<Place> {
  const { database, ...rest } = await place(on);
  const session = await (typeof database === "string" ? openServerSession(database) : borrowEmbedded(database));
  await apply(session, await readMigrations(migrationsFolder(join(project, "sql"), "demo")));
  await session.close();
  return { database, ...rest };
}

// Starting one takes longer than most tests, so one is shared and emptied.
let engine: Promise<PGlite> | undefined;

async function emptyEngine(): Promise<PGlite> {
  engine ??= startInMemory();
  await (await engine).exec("drop schema if exists verso cascade; drop table if exists notes, users cascade");
  return engine;
}

export const closeEngine = async (): Promise<void> => (await engine)?.close();

async function withSession(opened: Promise<Session>, text: string): Promise<readonly object[]> {
  const session = await opened;
  return session.query(text).finally(() => session.close());
}
