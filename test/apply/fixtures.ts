import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksum } from "../../compiler/migrations/fingerprint.ts";
import type { Migration } from "../../compiler/migrations/migration.ts";
import { parseScript } from "../../compiler/migrations/parseScript.ts";
import { migrationsFolder, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import { composeMigration, writeMigration } from "../../compiler/migrations/writeMigration.ts";
import { type RenderedStep, renderScript } from "../../compiler/render/renderScript.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { expectExact } from "../exact.ts";
import { freshDatabase, type Major } from "../servers.ts";

/** Migrations of domain `demo` that lead from an empty database through these states, planned, written and read back. */
export function migrationsThrough(...states: readonly string[]): Promise<readonly Migration[]> {
  return migrationsBetween("", ...states);
}

/** The same from a database that was there before its first migration. */
export async function migrationsBetween(
  start: string,
  ...states: readonly string[]
): Promise<readonly [Migration, ...Migration[]]> {
  const root = await mkdtemp(join(tmpdir(), "verso-apply-"));
  try {
    await writeMigrations(root, start, ...states);
    const [first, ...others] = await readMigrations(migrationsFolder(root, "demo"));
    if (first === undefined) throw new Error("no states were given");
    return [first, ...others];
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Writes them into a folder such as a project's `sql/`. */
export async function writeMigrations(root: string, start: string, ...states: readonly string[]): Promise<void> {
  for (const [i, state] of states.entries()) {
    const proved = await expectExact(states[i - 1] ?? start, state);
    const name = `000${i + 1}_m${i + 1}`;
    await writeMigration(
      join(migrationsFolder(root, "demo"), name),
      composeMigration(proved, { domain: "demo", name }),
    );
  }
}

/** The migration with other steps in its scripts, as if it had been planned so. */
export function withSteps(
  migration: Migration,
  forward: readonly RenderedStep[],
  rollback: readonly RenderedStep[] = migration.rollback.steps,
): Migration {
  const texts = { forward: renderScript(forward, { title: "f" }), rollback: renderScript(rollback, { title: "r" }) };
  const script = (side: "forward" | "rollback") => ({
    file: migration[side].file,
    text: texts[side],
    steps: parseScript(texts[side], migration[side].file),
  });
  return {
    ...migration,
    forward: script("forward"),
    rollback: script("rollback"),
    proof: {
      ...migration.proof,
      scripts: { forward: checksum(texts.forward), rollback: checksum(texts.rollback) },
    },
  };
}

export const together = (...sql: readonly string[]): RenderedStep => ({
  transactional: true,
  statements: sql.map((one) => ({ sql: one })),
});

export const alone = (...sql: readonly string[]): RenderedStep => ({ ...together(...sql), transactional: false });

export interface Target {
  /** Of a server's database. */
  readonly url?: string;
  readonly session: Session;
  /** Another connection to the same database; null where there can be only one. */
  readonly another: () => Promise<Session>;
  readonly close: () => Promise<void>;
}

// Starting an embedded engine takes longer than most tests, so one is shared and emptied.
let embedded: Promise<Session> | undefined;
const EMPTY = `
  drop schema if exists verso cascade;
  do $$ declare name text; begin
    for name in select oid::regclass from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
      execute 'drop table if exists ' || name || ' cascade';
    end loop;
    for name in select oid::regtype from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e' loop
      execute 'drop type ' || name;
    end loop;
  end $$`;

export const closeEmbedded = async (): Promise<void> => (await embedded)?.close();

export async function freshTarget(on: "embedded" | Major): Promise<Target> {
  if (on === "embedded") {
    embedded ??= openEmbeddedSession();
    const session = await embedded;
    return { session, another: () => Promise.resolve(session), close: () => session.run(EMPTY) };
  }
  const database = await freshDatabase(on);
  const open: Session[] = [];
  const another = async (): Promise<Session> => {
    const session = await openServerSession(database.url);
    open.push(session);
    return session;
  };
  return {
    url: database.url,
    session: await another(),
    another,
    close: async () => {
      await Promise.all(open.map((session) => session.close().catch(() => undefined)));
      await database.close();
    },
  };
}

export const one = async <T>(session: Session, sql: string): Promise<T | undefined> =>
  (await session.query<{ value: T }>(`select (${sql}) as value`))[0]?.value;
