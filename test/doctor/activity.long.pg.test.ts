import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { examine } from "../../compiler/doctor/examine.ts";
import type { Finding } from "../../compiler/doctor/finding.ts";
import type { Thresholds } from "../../compiler/doctor/thresholds.ts";
import { withDatabase } from "../../compiler/session/databaseUrl.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { MAJORS, ownServer } from "../servers.ts";

const SETTINGS = { max_prepared_transactions: "5", shared_preload_libraries: "pg_stat_statements" };

/** What other sessions do, and what belongs to the whole server, is looked at as it happens. */
describe.each(MAJORS)("a server of PostgreSQL %i", (major) => {
  let cluster: Cluster;
  let session: Session;
  const opened: Session[] = [];
  beforeAll(async () => {
    cluster = await ownServer(major, SETTINGS);
    session = await openServerSession(cluster.url);
    await session.run("create table t (id int primary key, n int); insert into t values (1, 1)");
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });
  afterAll(async () => {
    await session.close();
    await cluster.close();
  });

  const another = async (applicationName: string): Promise<Session> => {
    const one = await openServerSession(cluster.url, { applicationName });
    opened.push(one);
    return one;
  };
  const backendOf = async (one: Session): Promise<number> => {
    const [row] = await one.query<{ pid: number }>("select pg_backend_pid() as pid");
    return row?.pid ?? 0;
  };
  const found = async (check: string, thresholds: Partial<Thresholds> = {}): Promise<readonly Finding[]> =>
    (await examine(session, { thresholds })).findings.filter((finding) => finding.check === check);
  const until = async (sql: string): Promise<void> => {
    for (;;) {
      const [row] = await session.query<{ yes: boolean }>(`select (${sql}) as yes`);
      if (row?.yes) return;
      await session.query("select pg_sleep(0.05)");
    }
  };

  test("a transaction that is left open is found, with who has it, and ended by what the finding says", async () => {
    const idle = await another("leaver");
    const pid = await backendOf(idle);
    const [waiting] = [await another("only connected")];
    await waiting.query("select 1");
    await idle.run("begin; select 1");
    const thresholds = { longTransactionSeconds: 0, idleInTransactionSeconds: 0 };
    const [finding, ...others] = await found("long-transaction", thresholds);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      object: `backend ${pid}`,
      severity: "warning",
      title: expect.stringMatching(/^leaver \(backend \d+\) has a transaction open since .*, and does nothing$/),
      evidence: { application: "leaver", state: "idle in transaction" },
    });
    for (const { sql } of finding?.remedies ?? []) await session.query(sql);
    await until(`not exists (select from pg_stat_activity where pid = ${pid})`);
    expect(await found("long-transaction", thresholds)).toEqual([]);
  });

  test("sessions that wait for a lock are told by the one that all of them wait for", async () => {
    const holder = await another("holder");
    await holder.run("begin; update t set n = 2 where id = 1");
    const waiting = [await another("first"), await another("second")];
    const waits = waiting.map((one) => one.run("update t set n = 3 where id = 1").catch(() => undefined));
    await until("(select count(*) from pg_stat_activity where wait_event_type = 'Lock') = 2");
    const findings = await found("blocked-session", { blockedWarningSeconds: 0 });
    expect(findings).toMatchObject([
      {
        object: `backend ${await backendOf(holder)}`,
        severity: "warning",
        title: expect.stringMatching(/^2 sessions wait for backend \d+ \(holder\)/),
      },
    ]);
    expect(await found("blocked-session", { blockedWarningSeconds: 3600 })).toEqual([]);
    await holder.run("rollback");
    await Promise.all(waits);
    expect(await found("blocked-session", { blockedWarningSeconds: 0 })).toEqual([]);
  });

  test("a table that somebody has to himself is looked at all the same, but for what PostgreSQL waits for", async () => {
    await session.run(`create table alone (id int, t_id int references t, n int check (n > 0)); create index on alone (n, id);
      create index again on alone (n, id); create policy own on alone using (n > 1)`);
    const holder = await another("holder");
    await holder.run("begin; lock table alone in access exclusive mode; alter table alone add column more int");
    const { outcomes, findings } = await examine(session);
    // It takes a lock to print an expression.
    expect(outcomes.filter(({ gap }) => gap?.why.includes("lock"))).toMatchObject([
      { check: "policy-always-true", status: "skipped" },
    ]);
    expect(findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        "table-without-primary-key public.alone",
        "foreign-key-without-index public.alone.alone_t_id_fkey",
        "duplicate-index public.again",
        "policies-not-in-force public.alone",
      ]),
    );
    await holder.run("rollback");
    await session.run("drop table alone");
  });

  test("a prepared transaction that nobody ends is found", async () => {
    const one = await another("coordinator");
    await one.run("begin; insert into t values (2, 2)");
    await one.run("prepare transaction 'order 7'");
    const [finding] = await found("prepared-transaction", { preparedSeconds: 0 });
    expect(finding).toMatchObject({ object: "transaction order 7" });
    expect(finding?.remedies.map(({ sql }) => sql)).toEqual([
      "COMMIT PREPARED 'order 7'",
      "ROLLBACK PREPARED 'order 7'",
    ]);
    expect(await found("prepared-transaction")).toEqual([]);
    await session.run(finding?.remedies[1]?.sql ?? "");
    expect(await found("prepared-transaction", { preparedSeconds: 0 })).toEqual([]);
  });

  test("a replication slot that nobody reads is found, and gone by what the finding says", async () => {
    await session.query("select pg_create_physical_replication_slot('lost_replica', true)");
    await session.query("select pg_create_physical_replication_slot('keeps_nothing', false)");
    const [finding, ...others] = await found("inactive-replication-slot");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      object: "slot lost_replica",
      evidence: { type: "physical", keptBytes: expect.any(Number) },
    });
    for (const { sql } of finding?.remedies ?? []) await session.query(sql);
    expect(await found("inactive-replication-slot")).toEqual([]);
    await session.query("select pg_drop_replication_slot('keeps_nothing')");
  });

  test("a server that runs out of connections is found", async () => {
    expect(await found("crowded-connections")).toEqual([]);
    const ratios = { connectionsWarningRatio: 0.001, connectionsErrorRatio: 0.99 };
    expect(await found("crowded-connections", ratios)).toMatchObject([
      { severity: "warning", object: "server", evidence: { connections: expect.any(Number) } },
    ]);
    expect(await found("crowded-connections", { ...ratios, connectionsErrorRatio: 0.001 })).toMatchObject([
      { severity: "error" },
    ]);
  });

  test("what REINDEX CONCURRENTLY left is to be dropped, and the index beside it is well", async () => {
    await session.run("create table r (id int primary key, n int)");
    await session.run("create index r_n on r (n)");
    const holder = await another("holder");
    await holder.run("begin; insert into r values (1, 1)");
    await session.run("set statement_timeout = '200ms'");
    await expect(session.run("reindex index concurrently r_n")).rejects.toThrow();
    await session.run("set statement_timeout = 0");
    await holder.run("rollback");
    const [finding, ...others] = await found("invalid-index");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ object: "public.r_n_ccnew", severity: "warning" });
    for (const { sql } of finding?.remedies ?? []) await session.run(sql);
    expect(await found("invalid-index")).toEqual([]);
    expect(await session.query("select from pg_class where relname = 'r_n'")).toHaveLength(1);
  });

  test("a table that was long not frozen is found by its age, and not once it is frozen", async () => {
    await session.run("create table aging (id int primary key, note text)");
    for (let i = 0; i < 300; i++)
      await session.run("insert into t values (10) on conflict do nothing; delete from t where id = 10");
    const [fresh] = await session.query<{ tables: string }>(`select string_agg(oid::regclass::text, ', ') as tables
      from pg_class where relkind = 'r' and relpersistence = 'p' and relname <> 'aging'`);
    await session.run(`vacuum (freeze) ${fresh?.tables}`);
    const ages = { ageWarning: 250, ageError: 1_000_000_000 };
    const ofHere = async () =>
      (await found("transaction-id-age", ages)).filter(({ object }) => !object.startsWith("database"));
    const [finding, ...others] = await ofHere();
    expect(others).toEqual([]);
    // Autovacuum comes at 200 million, and is not late.
    expect(finding).toMatchObject({ object: "public.aging", severity: "info" });
    expect(await found("transaction-id-age")).toEqual([]);
    await session.run(`
      set allow_system_table_mods = on;
      update pg_class set relfrozenxid = ((txid_current() - 600000000 + 4294967296) % 4294967296)::text::xid
        where oid = 'aging'::regclass;
      set allow_system_table_mods = off;`);
    expect(await found("transaction-id-age")).toMatchObject([
      { object: "public.aging", severity: "warning", why: expect.stringContaining("should have come at 200 million") },
    ]);
    for (const { sql } of finding?.remedies ?? []) await session.run(sql);
    expect(await ofHere()).toEqual([]);
  });

  test("other databases that are long not frozen are found too: they stop the whole server", async () => {
    const aged = await found("transaction-id-age", { ageWarning: 250 });
    const toRun = (name: string) => aged.find(({ object }) => object === `database ${name}`)?.remedies;
    expect(toRun("template1")).toMatchObject([{ sql: "VACUUM (FREEZE)" }]);
    // Nobody may connect there.
    expect(toRun("template0")).toMatchObject([
      { sql: expect.stringMatching(/^SELECT /), effect: expect.stringContaining("autovacuum freezes it by itself") },
    ]);
    for (const { sql } of toRun("template0") ?? []) expect(await session.query(sql)).toHaveLength(1);
  });

  test("an extension that no script leads to the server's version is not told to be updated", async () => {
    await session.run("create extension hstore version '1.4'");
    expect(await found("extension-update")).toMatchObject([{ remedies: [{ sql: "ALTER EXTENSION hstore UPDATE" }] }]);
    await session.run(`set allow_system_table_mods = on; update pg_extension set extversion = '0.1' where extname = 'hstore';
      set allow_system_table_mods = off`);
    const [finding, ...others] = await found("extension-update");
    expect(others).toEqual([]);
    expect(finding?.remedies).toMatchObject([{ effect: expect.stringContaining("leads from 0.1 to 1.8") }]);
    for (const { sql } of finding?.remedies ?? []) expect(await session.query(sql)).not.toEqual([]);
    await session.run("drop extension hstore");
  });

  test("a setting that waits for a restart is found", async () => {
    expect(await found("pending-restart")).toEqual([]);
    await session.run("alter system set max_locks_per_transaction = 128");
    await session.query("select pg_reload_conf()");
    await until("(select pending_restart from pg_settings where name = 'max_locks_per_transaction')");
    const waiting = await found("pending-restart");
    expect(waiting.find(({ object }) => object === "setting max_locks_per_transaction")).toMatchObject({
      severity: "info",
      evidence: { inForce: "64" },
    });
    await session.run("alter system reset max_locks_per_transaction");
    await session.query("select pg_reload_conf()");
  });

  test("a server without autovacuum is told of that", async () => {
    expect(await found("autovacuum-off")).toMatchObject([{ object: "server", severity: "warning" }]);
  });

  test("a collation of another version than indexes were built with is found where something sorts by it", async () => {
    await session.run(`
      create collation german (provider = icu, locale = 'de');
      create collation unused (provider = icu, locale = 'fr');
      create table sorted (name text collate german primary key);`);
    expect(await found("collation-changed")).toEqual([]);
    await session.run(`
      set allow_system_table_mods = on;
      update pg_collation set collversion = '1.2' where collname in ('german', 'unused');
      set allow_system_table_mods = off;`);
    const [finding, ...others] = await found("collation-changed");
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      object: "collation public.german",
      severity: "error",
      evidence: { recorded: "1.2", actual: expect.any(String) },
    });
    for (const { sql } of finding?.remedies ?? []) await session.run(sql);
    expect(await found("collation-changed")).toEqual([]);
  });

  test("slow queries are found where the server counts them; without the extension that check is skipped, and says how to have it", async () => {
    const before = await examine(session);
    expect(before.outcomes.find(({ check }) => check === "slow-query")).toMatchObject({
      status: "skipped",
      gap: { next: expect.stringContaining("shared_preload_libraries") },
    });
    await session.run("create extension pg_stat_statements version '1.7'");
    const old = await examine(session);
    expect(old.outcomes.find(({ check }) => check === "slow-query")).toMatchObject({
      status: "skipped",
      gap: { next: "ALTER EXTENSION pg_stat_statements UPDATE" },
    });
    await session.run("drop extension pg_stat_statements");
    await session.run("create extension pg_stat_statements; select pg_stat_statements_reset()");
    for (let i = 0; i < 3; i++) {
      await session.query("select pg_sleep(0.03), n from t where id = 1");
      await session.query("select n from t where id = 1");
    }
    const slow = await found("slow-query", { slowQueryMs: 20, slowQueryCalls: 3, hotQueryRatio: 2 });
    expect(slow).toMatchObject([
      {
        severity: "warning",
        object: expect.stringMatching(/^query -?\d+$/),
        title: expect.stringContaining("pg_sleep"),
        evidence: { calls: 3, rows: 3 },
      },
    ]);
    for (const { sql } of slow[0]?.remedies ?? []) await session.run(sql);
    await session.run("drop extension pg_stat_statements");
  });

  test("a cache that is too small is advice, and only once enough was asked for", async () => {
    expect(await found("low-cache-hit-rate", { cacheBlocks: 1, cacheHitRatio: 1 })).toMatchObject([
      { severity: "info", evidence: { hitRatio: expect.any(Number), sharedBuffers: "64MB" } },
    ]);
    expect(await found("low-cache-hit-rate", { cacheBlocks: 1, cacheHitRatio: 0 })).toEqual([]);
    expect(await found("low-cache-hit-rate", { cacheBlocks: 1e12, cacheHitRatio: 1 })).toEqual([]);
  });

  test("statistics that reach back for a moment only say nothing of indexes that are never used", async () => {
    const { outcomes } = await examine(session);
    expect(outcomes.find(({ check }) => check === "unused-index")).toMatchObject({
      status: "skipped",
      gap: { why: expect.stringMatching(/^statistics reach back 0\.\d days/) },
    });
  });

  test("a role without rights is told what it does not see and how it would; nothing fails", async () => {
    await session.run(`
      create role stranger login password 'a secret';
      create schema private;
      create table private.numbered (id serial primary key);
      revoke connect on database template1 from public;`);
    const url = new URL(withDatabase(cluster.url, "postgres"));
    url.username = "stranger";
    url.password = "a secret";
    const stranger = await openServerSession(url.toString());
    opened.push(stranger);
    const { outcomes } = await examine(stranger);
    const status = (check: string) => outcomes.find((outcome) => outcome.check === check);
    expect(outcomes.filter((outcome) => outcome.status === "failed")).toEqual([]);
    for (const check of ["long-transaction", "blocked-session"]) {
      expect(status(check)).toMatchObject({
        status: "skipped",
        gap: { next: "GRANT pg_read_all_stats TO stranger" },
      });
    }
    expect(status("sequence-near-end")).toMatchObject({
      status: "skipped",
      gap: { why: "stranger may not read private.numbered_id_seq" },
    });
    expect(status("table-without-primary-key")?.status).toBe("ok");
    const ofStatistics = ["bloated-index", "integer-key-near-end"];
    for (const check of ofStatistics) {
      expect(status(check)).toMatchObject({
        status: "skipped",
        gap: {
          why: "stranger sees statistics of columns only where it may read them",
          next: "GRANT pg_read_all_data TO stranger",
        },
      });
    }
    await session.run("grant pg_read_all_data to stranger");
    const reader = await examine(stranger);
    const ofReader = reader.outcomes.filter(({ check }) => ofStatistics.includes(check));
    expect(ofReader.map((outcome) => outcome.status)).toEqual(["ok", "ok"]);
  });
});
