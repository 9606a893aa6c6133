import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { one } from "../apply/fixtures.ts";
import { freshDatabase, MAJORS, MAJORS_OF_LONG_SUITES, type Major } from "../servers.ts";

export interface MaintainedDatabase {
  readonly session: Session;
  /** Another connection, of a server's database. */
  readonly another: (name?: string) => Promise<Session>;
  readonly close: () => Promise<void>;
}

export async function maintainedDatabase(on: "embedded" | Major): Promise<MaintainedDatabase> {
  if (on === "embedded") {
    const session = await openEmbeddedSession();
    return { session, another: () => Promise.resolve(session), close: () => session.close() };
  }
  const database = await freshDatabase(on);
  const open: Session[] = [];
  const another = async (applicationName = "another"): Promise<Session> => {
    const session = await openServerSession(database.url, { applicationName });
    open.push(session);
    return session;
  };
  return {
    session: await another("verso maintain"),
    another,
    close: async () => {
      await Promise.all(open.map((session) => session.close()));
      await database.close();
    },
  };
}

/** Statistics that other connections have collected are seen from here on. */
export const settle = (session: Session): Promise<unknown> =>
  session.query(session.version >= 150_000 ? "select pg_stat_force_next_flush()" : "select pg_sleep(1.1)");

/** Runs statements each by itself, as VACUUM wants it. */
export async function runEach(session: Session, script: string): Promise<void> {
  for (const statement of script.split(";")) await session.run(statement);
}

/** Whom the servers of this run are: the newest as a rule, all of them with the long tests. */
export const SERVERS = process.env.MODE === "long" ? MAJORS : MAJORS_OF_LONG_SUITES;

/** A table whose index is nearly empty, and two connections to its database. */
export async function bloatedDatabase(on: Major) {
  const database = await maintainedDatabase(on);
  const { session } = database;
  const other = await database.another();
  await runEach(session, BLOATED);
  return {
    ...database,
    other,
    /** Has the other connection open a transaction that REINDEX CONCURRENTLY waits for, with a lock on what it reads. */
    holdSnapshot: (reads = "pg_class") =>
      other.run(`begin isolation level repeatable read; select count(*) from ${reads}`),
    pidOfMaintenance: () =>
      one<number>(other, "select min(pid) from pg_stat_activity where application_name = 'verso maintain'"),
    countInvalid: () => one<number>(session, "select count(*)::int from pg_index where not indisvalid"),
    /** Until REINDEX CONCURRENTLY waits for the other connection. */
    untilItWaits: async () => {
      const waits = `select exists (select from pg_stat_progress_create_index where phase ~ '^waiting' and pid in
        (select pid from pg_stat_activity where application_name = 'verso maintain'))`;
      const watcher = await database.another();
      while (!(await one<boolean>(watcher, waits))) await watcher.query("select pg_sleep(0.02)");
    },
  };
}

export type BloatedDatabase = Awaited<ReturnType<typeof bloatedDatabase>>;

const BLOATED = `
  create table bloated (id int primary key, t text) with (autovacuum_enabled = off);
  insert into bloated select g, md5(g::text) || md5(g::text) from generate_series(1, 20000) g;
  create index bloated_t on bloated (t);
  delete from bloated where id % 10 <> 0; vacuum analyze bloated`;
