import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { type MaintainProgress, maintain } from "../../compiler/maintain/maintain.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { one } from "../apply/fixtures.ts";
import { MAJORS, ownDatabase, type TestDatabase } from "../servers.ts";
import { runEach, settle } from "./target.ts";

describe.each(MAJORS)("upkeep on a server of its own, PostgreSQL %s", (major) => {
  let database: TestDatabase;
  let owner: Session;
  beforeEach(async () => {
    database = await ownDatabase(major);
    owner = await openServerSession(database.url);
  });
  afterEach(async () => {
    await owner.close();
    await database.close();
  });

  test("what a role may not do is told with what would let it, and what it may is done", async () => {
    await runEach(
      owner,
      `create role helper login password 'h'; grant create on schema public to helper; create table theirs (id int primary key);
      insert into theirs values (1); create materialized view seen as select * from theirs;
      set role helper; create table mine (id int primary key); insert into mine values (1); reset role`,
    );
    // A ledger that the role may not read.
    await apply(owner, []);
    const url = new URL(database.url);
    [url.username, url.password] = ["helper", "h"];
    const helper = await openServerSession(url.toString());
    const outcomes = async () =>
      (await maintain(helper, { all: true })).done.map(({ task, object, outcome, why }) => [
        `${task} ${object} ${outcome}`,
        why,
      ]);
    try {
      const why =
        major >= 17
          ? "not yours: GRANT MAINTAIN ON public.theirs TO … lets others"
          : "not yours: its owner may, and members of that role";
      const found = await outcomes();
      expect(found).toContainEqual(["vacuum public.theirs skipped", why]);
      expect(found).toContainEqual(["reindex public.theirs_pkey skipped", why]);
      expect(found.map(([what]) => what)).toEqual(
        expect.arrayContaining([
          "refresh public.seen skipped",
          "vacuum public.mine done",
          "reindex public.mine_pkey done",
        ]),
      );
      if (major >= 17) {
        await owner.run("grant maintain on theirs, seen to helper");
        const left = (await outcomes()).filter(([what, why]) => why !== null && !what?.includes(" verso."));
        expect(left).toEqual([]);
      }
    } finally {
      await helper.close();
    }
  });

  test("a VACUUM that takes its time is told block by block, as the server counts them", async () => {
    await runEach(
      owner,
      `create table long_one (id int, t text) with (autovacuum_enabled = off);
      insert into long_one select g, repeat('x', 400) from generate_series(1, 20000) g;
      delete from long_one where id % 2 = 0`,
    );
    await settle(owner);
    // Some seconds for its thousand pages, which cost little each: they lie in memory, changed already.
    await owner.run("set vacuum_cost_delay = 10; set vacuum_cost_limit = 5");
    const told: MaintainProgress[] = [];
    const watcher = await openServerSession(database.url);
    await maintain(owner, { watcher, onProgress: (progress) => told.push(progress) });
    await watcher.close();
    const scanning = told.filter((one) => one.event === "working" && one.phase === "scanning heap");
    const pages = await one<number>(owner, "select relpages from pg_class where relname = 'long_one'");
    expect(scanning.length).toBeGreaterThan(0);
    for (const stage of scanning)
      expect(stage).toMatchObject({ task: "vacuum", object: "public.long_one", total: pages });
  });

  test("a table whose rows have not been frozen for long is vacuumed", async () => {
    await runEach(
      owner,
      "create table old (id int) with (autovacuum_enabled = off); insert into old values (1); vacuum analyze old",
    );
    expect((await maintain(owner, { dryRun: true })).done).toEqual([]);
    await owner.run("set vacuum_freeze_table_age = 3");
    for (let n = 0; n < 5; n++) await owner.run("create table passing (); drop table passing");
    expect((await maintain(owner)).done).toMatchObject([
      {
        task: "vacuum",
        object: "public.old",
        outcome: "done",
        reason: expect.stringContaining("since it was last frozen"),
      },
    ]);
  });
});
