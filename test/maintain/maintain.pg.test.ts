import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { maintain } from "../../compiler/maintain/maintain.ts";
import type { Session } from "../../compiler/session/session.ts";
import { one } from "../apply/fixtures.ts";
import { ENGINES_OF_LONG_SUITES, MAJORS } from "../servers.ts";
import { type MaintainedDatabase, maintainedDatabase, runEach, settle } from "./target.ts";

describe.each(process.env.MODE === "long" ? MAJORS : ENGINES_OF_LONG_SUITES)("upkeep, on %s", (engine) => {
  let database: MaintainedDatabase;
  let session: Session;
  beforeAll(async () => {
    database = await maintainedDatabase(engine);
    session = database.session;
  });
  afterAll(() => database?.close());
  beforeEach(() => session.run("create schema house; set search_path = house"));
  afterEach(() => session.run("reset search_path; drop schema house cascade"));

  const names = (done: readonly { readonly task: string; readonly object: string }[]) =>
    done.map(({ task, object }) => `${task} ${object}`);

  test("clears dead rows where there are many, tells how many, and leaves other tables alone", async () => {
    await runEach(
      session,
      `
      create table full_of_dead (id int, t text) with (autovacuum_enabled = off);
      create table tidy (id int);
      insert into full_of_dead select g, repeat('x', 200) from generate_series(1, 5000) g;
      insert into tidy select generate_series(1, 10);
      vacuum analyze full_of_dead; vacuum analyze tidy;
      delete from full_of_dead where id > 1000`,
    );
    await settle(session);
    const { done, gained } = await maintain(session);
    expect(names(done)).toEqual(["vacuum house.full_of_dead"]);
    expect(done[0]).toMatchObject({
      outcome: "done",
      reason: "4,000 dead rows; autovacuum comes at 1,050",
      before: { deadRows: 4000 },
      after: { deadRows: 0, changedRows: 0 },
    });
    expect(gained.deadRows).toBe(4000);
    // Pages at the end of the table, which held nothing else, went back to the disk.
    expect(gained.bytes).toBeGreaterThan(500_000);
    const dead = "select n_dead_tup::int from pg_stat_user_tables where relname = 'full_of_dead'";
    expect(await one(session, dead)).toBe(0);
    expect(await one(session, "select pg_table_size('full_of_dead')::int")).toBe(done[0]?.after?.bytes);
    expect((await maintain(session)).done).toEqual([]);
  });

  test("analyses what was never analysed, and partitioned tables as a whole, which nobody else does", async () => {
    await session.run(`
      create table changed (id int) with (autovacuum_enabled = off); insert into changed select generate_series(1, 100);
      create table months (m int, id int) partition by range (m);
      create table m1 partition of months for values from (1) to (2);
      create table m2 partition of months for values from (2) to (3);
      insert into months select 1 + g % 2, g from generate_series(1, 500) g`);
    await settle(session);
    const { done } = await maintain(session, { tasks: ["analyze"] });
    expect(names(done).sort()).toEqual([
      "analyze house.changed",
      "analyze house.m1",
      "analyze house.m2",
      "analyze house.months",
    ]);
    expect(done.find(({ object }) => object === "house.months")).toMatchObject({
      outcome: "done",
      reason: "never analysed",
    });
    expect(await one(session, "select reltuples::int from pg_class where oid = 'months'::regclass")).toBe(500);
    expect((await maintain(session, { tasks: ["analyze"] })).done).toEqual([]);
    await session.run("insert into months select 1, g from generate_series(1, 5000) g");
    await settle(session);
    await session.run("analyze m1");
    await settle(session);
    expect((await maintain(session, { tasks: ["analyze"] })).done).toMatchObject([
      { object: "house.months", before: { changedRows: 5000 }, after: { changedRows: 0 } },
    ]);
  });

  test("refreshes materialized views after those that they read, through plain views too", async () => {
    await session.run(`
      create table sales (n int); insert into sales values (1);
      create materialized view z_first as select sum(n) as total from sales;
      create view between_them as select total from z_first;
      create materialized view m_second as select total from between_them; create unique index on m_second (total);
      create materialized view a_third as select total from m_second with no data;
      insert into sales values (2)`);
    const { done } = await maintain(session, { tasks: ["refresh"] });
    expect(done.map(({ object, reason }) => [object, reason])).toEqual([
      ["house.z_first", "as old as its last refresh; who reads it waits, because it has no unique index of columns"],
      ["house.m_second", "as old as its last refresh"],
      ["house.a_third", "never filled"],
    ]);
    expect(done.map(({ sql }) => sql.join())).toEqual([
      "REFRESH MATERIALIZED VIEW house.z_first",
      `REFRESH MATERIALIZED VIEW ${session.engine === "server" ? "CONCURRENTLY " : ""}house.m_second`,
      "REFRESH MATERIALIZED VIEW house.a_third",
    ]);
    expect(await one(session, "select total::int from a_third")).toBe(3);
    expect(done.at(-1)).toMatchObject({ before: { rows: 0 }, after: { rows: 1 } });
  });

  test("rebuilds an index that holds more room than rows, and it stays valid", async () => {
    await runEach(
      session,
      `
      create table bloated (id int primary key, t text) with (autovacuum_enabled = off);
      insert into bloated select g, md5(g::text) || md5(g::text) from generate_series(1, 20000) g;
      create index bloated_t on bloated (t);
      delete from bloated where id % 10 <> 0; vacuum analyze bloated`,
    );
    const { done, gained } = await maintain(session, { tasks: ["reindex"] });
    expect(names(done)).toEqual(["reindex house.bloated_t"]);
    expect(done[0]?.reason).toMatch(/^about (8|9)\d % of it is empty/);
    expect(gained.bytes).toBeGreaterThan(1_000_000);
    expect(await session.query("select indisvalid from pg_index where indexrelid = 'bloated_t'::regclass")).toEqual([
      { indisvalid: true },
    ]);
    expect(await one(session, "select pg_relation_size('bloated_t')::int")).toBe(done[0]?.after?.bytes);
    expect((await maintain(session, { tasks: ["reindex"] })).done).toEqual([]);
  });

  test("calls clean-up functions and procedures, and tells what they say they removed", async () => {
    await session.run(`
      create table sessions (ended int); insert into sessions values (1), (2), (30);
      create function forget(before int default 10) returns bigint language sql as
        $$ with gone as (delete from sessions where ended < before returning 1) select count(*) from gone $$;
      create procedure rewrite() language plpgsql as $$ begin update sessions set ended = 31; commit; end $$;
      create function fails() returns void language plpgsql as $$ begin raise 'not today'; end $$`);
    const cleanUps = ["SELECT house.fails", "SELECT house.forget", "SELECT house.missing", "CALL house.rewrite"].map(
      (call) => ({
        schema: "house",
        name: call.replace(/.*\./, ""),
        call: `${call}()`,
      }),
    );
    const { done, gained } = await maintain(session, { tasks: ["clean-up"], cleanUps });
    expect(done.map(({ object, outcome, why, after }) => [object, outcome, why, after])).toEqual([
      ["house.fails", "failed", "not today (SQLSTATE P0001)", null],
      ["house.forget", "done", null, { removedRows: 2 }],
      ["house.missing", "skipped", "it is not in this database, or may not be called by this role", null],
      ["house.rewrite", "done", null, {}],
    ]);
    expect(gained.removedRows).toBe(2);
    expect(await session.query("select ended from sessions")).toEqual([{ ended: 31 }]);
  });

  test("resets counters only when it is asked to, and analyses afterwards, so that autovacuum is not blind", async () => {
    await session.run("create table counted (id int); insert into counted select generate_series(1, 100)");
    await session.run("select * from counted");
    await settle(session);
    const scans = () => one<number>(session, "select seq_scan::int from pg_stat_user_tables where relname = 'counted'");
    await maintain(session);
    expect(await scans()).toBeGreaterThan(0);
    const { done } = await maintain(session, { tasks: ["statistics"] });
    expect(done).toMatchObject([{ object: "tables and indexes", outcome: "done" }]);
    await settle(session);
    expect(await scans()).toBe(0);
    const row = "select last_analyze > now() - interval '1 hour' from pg_stat_user_tables where relname = 'counted'";
    expect(await one(session, row)).toBe(true);
  });

  test("does what it is told: some tables, a size, everything, or nothing but tell", async () => {
    await runEach(
      session,
      `
      create table small (id int primary key); insert into small values (1);
      create table large (id int primary key, t text); insert into large select g, repeat('x', 500) from generate_series(1, 2000) g;
      create table parts (id int primary key) partition by range (id);
      create table part_1 partition of parts for values from (0) to (10);
      vacuum analyze small; vacuum analyze large; vacuum analyze part_1; analyze parts`,
    );
    const planned = async (options: Parameters<typeof maintain>[1]) =>
      names((await maintain(session, { dryRun: true, all: true, ...options })).done);
    expect(await planned({ only: ["small"] })).toEqual(["vacuum house.small", "reindex house.small_pkey"]);
    expect(await planned({ only: ["house.parts"] })).toEqual([
      "vacuum house.part_1",
      "analyze house.parts",
      "reindex house.part_1_pkey",
    ]);
    expect(await planned({ minBytes: 500_000 })).toEqual(["vacuum house.large"]);
    await expect(maintain(session, { only: ["smal"] })).rejects.toMatchObject({
      code: "table-not-found",
      next: "did you mean small?",
    });
    const before = await one(session, "select vacuum_count::int from pg_stat_user_tables where relname = 'small'");
    const { done, isDryRun } = await maintain(session, { dryRun: true, all: true, tasks: ["vacuum"], only: ["small"] });
    expect([isDryRun, done]).toMatchObject([
      true,
      [{ outcome: "planned", sql: ["VACUUM (ANALYZE, SKIP_LOCKED) house.small"], after: null }],
    ]);
    expect(await one(session, "select vacuum_count::int from pg_stat_user_tables where relname = 'small'")).toBe(
      before,
    );
  });

  test("purges the attic only when it is asked to, and with consent, before anything else is done", async () => {
    await session.run("create schema verso_attic; create table verso_attic.kept as select 1 as a");
    try {
      expect(names((await maintain(session, { all: true })).done)).not.toContain("attic verso_attic.kept");
      await expect(maintain(session, { tasks: ["attic"] })).rejects.toMatchObject({ code: "data-loss" });
      expect(await one(session, "select count(*)::int from verso_attic.kept")).toBe(1);
      const { done, gained } = await maintain(session, { tasks: ["attic"], acceptDataLoss: true });
      expect(done).toMatchObject([{ outcome: "done", after: { bytes: 0, removedRows: 1 } }]);
      expect(gained.bytes).toBeGreaterThan(0);
      expect(await one(session, "select to_regclass('verso_attic.kept') is null")).toBe(true);
    } finally {
      await session.run("drop schema verso_attic cascade");
    }
  });

  test("asks consent to what was chosen of the attic, and purges no more", async () => {
    await session.run(`create schema verso_attic; create table verso_attic.empty (a int);
      create table verso_attic.small as select 1 as a; create table verso_attic.large as select generate_series(1, 9000) as a`);
    try {
      const large = { tasks: ["attic"], minBytes: 100_000 } as const;
      await expect(maintain(session, large)).rejects.toMatchObject({
        code: "data-loss",
        why: expect.not.stringContaining("verso_attic.small"),
      });
      const { done } = await maintain(session, { tasks: ["attic"], only: ["verso_attic.empty"] });
      expect(done).toMatchObject([{ object: "verso_attic.empty", outcome: "done" }]);
      await maintain(session, { ...large, acceptDataLoss: true });
      expect(await one(session, "select count(*)::int from verso_attic.small")).toBe(1);
      expect(await one(session, "select to_regclass('verso_attic.large') is null")).toBe(true);
    } finally {
      await session.run("drop schema verso_attic cascade");
    }
  });

  test("refuses a replica", async () => {
    const replica: Session = {
      ...session,
      query: (sql, parameters) => session.query(sql.replace("pg_is_in_recovery()", "true"), parameters),
    };
    await expect(maintain(replica)).rejects.toMatchObject({ code: "target-takes-no-writes" });
  });
});
