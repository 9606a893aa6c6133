import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ConnectionPool } from "@databases/pg";
import { actingAs, type Database, execute, openPool, streamRows } from "verso/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { openSession } from "../../compiler/session/open.ts";
import { freePort } from "../../compiler/shadow/cluster.ts";
import { activityLogs, profiles, projects } from "../../generated/pixcrawler/client.ts";
import { NEWEST, ownDatabase, type TestDatabase } from "../servers.ts";

const NOTES = `
  create role reader;
  create table notes (owner text not null, body text not null);
  insert into notes values ('ann', 'hers'), ('bob', 'his');
  alter table notes enable row level security;
  create policy own on notes using (owner = current_setting('app.user', true));
  grant select, insert on notes to reader`;

interface Pooler {
  /** All go by one connection of the server's, or each by another than the one before. */
  readonly urls: Readonly<Record<"one" | "several", string>>;
  close(): Promise<void>;
}

async function installedPooler(): Promise<string | null> {
  for (const candidate of ["pgbouncer", "/usr/sbin/pgbouncer"]) {
    const printed = await promisify(execFile)(candidate, ["--version"]).catch(() => null);
    if (printed !== null) return candidate;
  }
  return null;
}

/** PgBouncer in transaction mode before a database; like the server it does not run as root. */
async function startPooler(program: string, databaseUrl: string): Promise<Pooler> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const server = `host=${hostname} port=${port} dbname=${pathname.slice(1)} user=${username} password=${password}`;
  const folder = await mkdtemp(join(os.tmpdir(), "pooler-"));
  await chmod(folder, 0o755);
  const own = await freePort();
  const settings = [
    `[databases]\none = ${server} pool_size=1\nseveral = ${server} pool_size=4`,
    `[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${own}\nunix_socket_dir =\nauth_type = any`,
    "pool_mode = transaction\nserver_round_robin = 1\n",
  ];
  await writeFile(join(folder, "pooler.ini"), settings.join("\n"));
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const running = spawn(program, [...user, join(folder, "pooler.ini")], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(running, "exit");
  let said = "";
  await new Promise<void>((resolve, reject) => {
    running.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("process up")) resolve();
    });
    running.on("error", reject);
    ended.then(() => reject(new Error(said)));
  });
  const url = (name: string) => `postgres://someone@127.0.0.1:${own}/${name}`;
  return {
    urls: { one: url("one"), several: url("several") },
    close: async () => {
      running.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const installed = await installedPooler();

describe.skipIf(installed === null)(
  `by PgBouncer in transaction mode${installed === null ? ", which is not installed here" : ""}`,
  () => {
    let database: TestDatabase;
    let pooler: Pooler;
    const pools: ConnectionPool[] = [];
    beforeAll(async () => {
      database = await ownDatabase(NEWEST);
      const { scripts } = await compileDomain(join("definitions", "pixcrawler"));
      const session = await openSession(database.url);
      for (const { text } of scripts) await session.run(text);
      await session.run(NOTES);
      await session.close();
      pooler = await startPooler(installed ?? "", database.url);
    });
    afterAll(async () => {
      for (const pool of pools) await pool.dispose();
      await pooler?.close();
      await database?.close();
    });

    const open = async (to: keyof Pooler["urls"], prepared = false): Promise<ConnectionPool> => {
      const config = { connectionString: pooler.urls[to], poolSize: 8, onError: () => undefined };
      const pool = await openPool(config, { prepared });
      pools.push(pool);
      return pool;
    };
    const backend = async (on: Database) =>
      (await execute<{ pid: number }>(on, "select pg_backend_pid() as pid", []))[0]?.pid;
    const bodies = async (on: Database) =>
      (await execute<{ body: string }>(on, "select body from notes order by 1", [])).map(({ body }) => body);
    const as = (user: string) => ({ role: "reader", settings: { "app.user": user } });

    test("a service's connection is another one of the server's from one transaction to the next", async () => {
      const db = await open("several");
      await Promise.all([1, 2, 3].map(() => execute(db, "select pg_sleep(0.2)", [])));
      const seen = await db.task((connection) => Promise.all([backend(connection), backend(connection)]));
      expect(seen[0]).not.toBe(seen[1]);
      await db.tx(async (transaction) => expect(await backend(transaction)).toBe(await backend(transaction)));
    });

    test("acting as somebody leaves nothing behind for whoever has the server's connection next", async () => {
      const db = await open("one");
      const other = await open("one");
      const state = "select current_user = session_user as own, nullif(current_setting('app.user', true), '') as who";
      expect(await actingAs(db, as("ann"), bodies)).toEqual(["hers"]);
      expect(await execute(other, state, [])).toEqual([{ own: true, who: null }]);
      await expect(actingAs(db, as("bob"), (own) => execute(own, "select 1 / 0", []))).rejects.toMatchObject({
        code: "22012",
      });
      expect(await execute(other, state, [])).toEqual([{ own: true, who: null }]);
      expect(await bodies(other)).toEqual(["hers", "his"]);
    });

    test("many that act at once see what is theirs each", async () => {
      const db = await open("several");
      const people = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? "ann" : "bob"));
      const found = await Promise.all(people.map((one) => actingAs(db, as(one), bodies)));
      expect(found).toEqual(people.map((one) => (one === "ann" ? ["hers"] : ["his"])));
      expect(await bodies(db)).toEqual(["hers", "his"]);
    });

    test("generated functions, transactions and violations are as they are without it", async () => {
      const db = await open("several");
      const ann = await profiles.insert(db, { email: "ann@example.org" });
      await projects.insertMany(
        db,
        Array.from({ length: 30 }, (_, i) => ({ user_id: ann.id, name: `${i}` })),
      );
      const found = await profiles.findByEmail(db, "ann@example.org", { with: { projects: { limit: 3 } } });
      expect(found?.projects).toHaveLength(3);
      const undone = db.tx(async (transaction) => {
        await profiles.updateById(transaction, ann.id, { full_name: "Ann" });
        await expect(transaction.tx((inner) => profiles.insert(inner, { email: "ann@example.org" }))).rejects.toThrow(
          "profiles_email_key",
        );
        expect((await profiles.findById(transaction, ann.id))?.full_name).toBe("Ann");
        throw new Error("no");
      });
      await expect(undone).rejects.toThrow("no");
      expect(await profiles.findById(db, ann.id)).toEqual(ann);
    });

    test("a stream keeps its cursor, beside whatever else is asked", async () => {
      const db = await open("several");
      const series = "select n from generate_series(1, $1::int) n";
      let sum = 0;
      for await (const { n } of streamRows<{ n: number }>(db, series, [2500])) {
        if (n % 500 === 0) sum += (await execute<{ n: number }>(db, "select $1::int as n", [n]))[0]?.n ?? 0;
      }
      expect(sum).toBe(7500);
      const own = await actingAs(db, as("ann"), async (ann) => {
        const rows: unknown[] = [];
        for await (const row of streamRows(ann, "select body from notes", [])) rows.push(row);
        return rows;
      });
      expect(own).toEqual([{ body: "hers" }]);
      for await (const { n } of streamRows<{ n: number }>(db, series, [2500])) if (n === 2) break;
      expect(await execute(db, "select name from pg_cursors where name like 'verso%'", [])).toEqual([]);
    });

    test("a time-out and a signal end the statement that they were given with, and no other", async () => {
      const db = await open("several");
      const slow = "select pg_sleep(60)";
      await expect(execute(db, slow, [], { timeoutMs: 100 })).rejects.toMatchObject({ code: "57014" });
      expect(await execute(db, "show statement_timeout", [])).toEqual([{ statement_timeout: "0" }]);
      const watching = await openPool({ connectionString: database.url, onError: () => undefined });
      pools.push(watching);
      const running = async (text: string) =>
        (
          await execute<{ n: number }>(
            watching,
            "select count(*)::int as n from pg_stat_activity where state = 'active' and query like $1 || '%'",
            [text],
          )
        )[0]?.n;
      // Connections of the server's, of which a statement may get any.
      const others = [1, 2].map(() => execute(db, "select pg_sleep(1) as other", []));
      while ((await running("select pg_sleep(1)")) !== 2);
      const controller = new AbortController();
      const aborted = execute(db, slow, [], { signal: controller.signal });
      aborted.catch(() => undefined);
      while ((await running(slow)) !== 1);
      controller.abort(new Error("enough"));
      await expect(aborted).rejects.toThrow("enough");
      expect(await running(slow)).toBe(0);
      await Promise.all(others);
    });

    test("prepared statements that it mixes up never give another statement's rows", async () => {
      const pair = [await open("several", true), await open("several", true)];
      for (let round = 0; round < 8; round++) {
        const asked = pair.flatMap((db, i) =>
          [0, 1, 2].map(async (n) => [
            await execute(db, `select $1::int + ${round} as sum, ${n} as "n${i}"`, [n]),
            [{ sum: n + round, [`n${i}`]: n }],
          ]),
        );
        for (const [found, wanted] of await Promise.all(asked)) expect(found).toEqual(wanted);
      }
      const [log] = await Promise.all(pair.map((db) => activityLogs.insert(db, { action: "look" })));
      for (const db of [...pair, ...pair, ...pair]) expect(await activityLogs.findById(db, log?.id ?? 0n)).toEqual(log);
    });
  },
);
