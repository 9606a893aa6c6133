import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Diagnostic } from "../../compiler/diagnostic.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openSession } from "../../compiler/session/open.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { DatabaseError, type Notice, type Session } from "../../compiler/session/session.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { freshDatabase, MAJORS, ownServer, type TestDatabase } from "../servers.ts";

const ENGINES = ["embedded", ...MAJORS] as const;

describe.each(ENGINES)("a session on %s", (engine) => {
  let database: TestDatabase | undefined;
  let session: Session;
  beforeAll(async () => {
    database = engine === "embedded" ? undefined : await freshDatabase(engine);
    session = await openSession(database?.url ?? "pglite:memory");
  });
  afterAll(async () => {
    await session?.close();
    await database?.close();
  });

  test("knows the version of its server", () => {
    expect(Math.floor(session.version / 10_000)).toBe(engine === "embedded" ? 18 : engine);
  });

  test("finds what a server's session finds by default", async () => {
    expect(await session.query("show search_path")).toEqual([{ search_path: '"$user", public' }]);
  });

  test("reports an error with the fields that PostgreSQL sent", async () => {
    await session.run(
      "create table e (id int primary key, n int constraint positive check (n > 0)); insert into e values (1, 1)",
    );
    const duplicate = await session.query("insert into e values (1, 2)").catch((error: unknown) => error);
    expect(duplicate).toBeInstanceOf(DatabaseError);
    expect(duplicate).toMatchObject({
      code: "23505",
      message: 'duplicate key value violates unique constraint "e_pkey"',
      fields: {
        severity: "ERROR",
        schema: "public",
        table: "e",
        constraint: "e_pkey",
        detail: "Key (id)=(1) already exists.",
      },
    });
    const typo = await session.run("select 1;\nselect nothing from e").catch((error: unknown) => error);
    expect(typo).toMatchObject({ code: "42703", fields: { position: 18 } });
  });

  test("takes one statement in a query and any number in a script", async () => {
    await expect(session.query("select 1; select 2")).rejects.toMatchObject({ code: "42601" });
    await session.run("create table s (a int); insert into s values (1), (2);");
    expect(await session.query("select a from s where a > $1", [1])).toEqual([{ a: 2 }]);
  });

  test("undoes all of a script that fails, as one simple query does", async () => {
    await expect(session.run("create table half (a int); select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    expect(await session.query("select to_regclass('half') as half")).toEqual([{ half: null }]);
  });

  test("lets a transaction go on after ROLLBACK", async () => {
    await session.run("begin");
    await expect(session.query("select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await expect(session.query("select 1")).rejects.toMatchObject({ code: "25P02" });
    await session.run("rollback");
    expect(await session.query("select 1 as one")).toEqual([{ one: 1 }]);
  });

  test("hands on notices from scripts and from queries", async () => {
    const notices: Notice[] = [];
    session.onNotice((notice) => notices.push(notice));
    await session.run("drop table if exists nothing");
    await session.run("do $$ begin raise warning 'take care'; end $$");
    expect(notices).toEqual([
      { severity: "NOTICE", message: 'table "nothing" does not exist, skipping' },
      { severity: "WARNING", message: "take care" },
    ]);
  });

  test("refuses changes to system catalogs as a server does", async () => {
    await expect(session.run("create table pg_catalog.mine (a int)")).rejects.toMatchObject({ code: "42501" });
  });

  test("can be closed twice", async () => {
    const second = await openSession(database?.url ?? "pglite:memory");
    await second.close();
    await second.close();
  });
});

describe("a server that cannot be used", () => {
  let cluster: Cluster;
  const open = async (change: (url: URL) => void): Promise<unknown> => {
    const url = new URL(cluster.url);
    change(url);
    return openServerSession(url.toString(), { connectTimeoutMs: 2_000 }).catch((error: unknown) => error);
  };
  beforeAll(async () => {
    cluster = await ownServer(18);
  });
  afterAll(() => cluster?.close());

  test("that does not listen is named, and the password is not", async () => {
    const error = await open((url) => {
      url.port = "1";
    });
    expect(error).toMatchObject({ code: "server-unreachable" });
    expect(String(error)).toContain("postgres://postgres@127.0.0.1:1/postgres");
    expect(String(error)).not.toContain(new URL(cluster.url).password);
  });

  test("whose name does not resolve", async () => {
    const error = await open((url) => {
      url.hostname = "no-such-host.invalid";
    });
    expect(error).toMatchObject({ code: "server-unreachable" });
  });

  test("that refuses the password", async () => {
    const error = await open((url) => {
      url.password = "sesame";
    });
    expect(error).toBeInstanceOf(Diagnostic);
    expect(error).toMatchObject({ code: "login-refused", why: expect.stringContaining("28P01") });
    expect(String(error)).not.toContain("sesame");
  });

  test("that wants a password where the URL has none", async () => {
    const error = await open((url) => {
      url.password = "";
    });
    expect(error).toMatchObject({ code: "login-refused" });
  });

  test("that has no such database", async () => {
    const error = await open((url) => {
      url.pathname = "/nowhere";
    });
    expect(error).toMatchObject({ code: "database-missing", why: expect.stringContaining("3D000") });
  });

  test("whose database breaks long statements off does not break ours off", async () => {
    const own = await freshDatabase(18);
    try {
      const session = await openServerSession(own.url);
      await session.run(`do $$ begin
        execute format('alter database %I set statement_timeout = 20', current_database());
        execute format('alter database %I set transaction_timeout = 20', current_database());
      end $$`);
      await session.close();
      const later = await openServerSession(own.url);
      await later.query("select pg_sleep(0.1)");
      await later.close();
    } finally {
      await own.close();
    }
  });

  test("breaks off the statement that runs when it is asked to", async () => {
    const session = await openServerSession(cluster.url);
    const sleeping = session.query("select pg_sleep(60)").catch((error: unknown) => error);
    await session.cancel?.();
    expect(await sleeping).toMatchObject({ code: "57014" });
    await session.close();
  });

  test("that goes away in the middle", async () => {
    const session = await openServerSession(cluster.url);
    const other = await openServerSession(cluster.url);
    const [row] = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
    await other.query("select pg_terminate_backend($1)", [row?.pid ?? 0]);
    const error = await session.query("select 1").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: expect.stringMatching(/connection-lost|57P01/) });
    await session.close();
    await other.close();
  });
});

describe("the embedded engine", () => {
  test("keeps a database in a folder", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "verso-test-"));
    try {
      const first = await openSession(`pglite:${folder}/data`);
      await first.run("create type mood as enum ('sad'); create table t (a mood[]); insert into t values ('{sad}')");
      await first.close();
      const second = await openSession(`pglite:${folder}/data`);
      expect(await second.query("select a from t")).toEqual([{ a: "{sad}" }]);
      await second.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("lets one session at a time into a folder", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "verso-test-"));
    try {
      const first = await openSession(`pglite:${folder}/data`);
      await expect(openSession(`pglite:${folder}/data`)).rejects.toMatchObject({ code: "database-in-use" });
      await first.close();
      await writeFile(`${folder}/data.lock`, `${process.ppid}\n`);
      await expect(openSession(`pglite:${folder}/data`)).rejects.toMatchObject({
        code: "database-in-use",
        why: `process ${process.ppid} has it`,
      });
      // No process has this number.
      await writeFile(`${folder}/data.lock`, "4194999\n");
      await (await openSession(`pglite:${folder}/data`)).close();
      expect(await readdir(folder)).toEqual(["data"]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("finds an extension's library again when a folder that uses it is opened", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), "verso-test-"));
    try {
      const first = await openSession(`pglite:${folder}/data`);
      await first.run("create extension pg_trgm");
      await first.close();
      const second = await openSession(`pglite:${folder}/data`);
      expect(await second.query("select similarity('verso', 'verso') as s")).toEqual([{ s: 1 }]);
      await second.close();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("creates the extensions it was opened for, and those they require", async () => {
    const session = await openEmbeddedSession({ extensions: ["earthdistance", "pg_trgm", "uuid-ossp", "plpgsql"] });
    await session.run('create extension earthdistance cascade; create extension pg_trgm; create extension "uuid-ossp"');
    const rows = await session.query("select extname from pg_extension order by 1");
    expect(rows.map((row) => Object.values(row)[0])).toEqual([
      "cube",
      "earthdistance",
      "pg_trgm",
      "plpgsql",
      "uuid-ossp",
    ]);
    await session.close();
  });

  test("names an extension that it lacks, and says what to do", async () => {
    const error = await openEmbeddedSession({ extensions: ["timescaledb"] }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "extension-missing-on-shadow",
      next: expect.stringContaining("--shadow postgres://"),
    });
    expect(String(error)).toContain("timescaledb");
  });

  test("says what to do when a script creates an extension that it lacks", async () => {
    const session = await openEmbeddedSession();
    await expect(session.run("create extension timescaledb")).rejects.toMatchObject({
      code: "0A000",
      fields: { hint: expect.stringContaining("--shadow postgres://") },
    });
    await session.close();
  });
});
