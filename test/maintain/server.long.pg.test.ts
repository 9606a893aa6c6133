import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { maintain } from "../../compiler/maintain/maintain.ts";
import type { Session } from "../../compiler/session/session.ts";
import { one } from "../apply/fixtures.ts";
import { type BloatedDatabase, bloatedDatabase, SERVERS, settle } from "./target.ts";
// The same on more servers.
import "./maintain.pg.test.ts";
import "./server.pg.test.ts";

describe.each(SERVERS)("upkeep in the way of others, on PostgreSQL %s", (major) => {
  let database: BloatedDatabase;
  let session: Session;
  let other: Session;
  beforeEach(async () => {
    database = await bloatedDatabase(major);
    ({ session, other } = database);
  });
  afterEach(() => database?.close());

  test("nothing that waits for all transactions is begun while one has been open for long", async () => {
    await database.holdSnapshot();
    const { done } = await maintain(session, { tasks: ["reindex"], longTransactionMs: 0, lockAttempts: 1 });
    expect(done).toMatchObject([
      {
        object: "public.bloated_t",
        outcome: "skipped",
        why: expect.stringMatching(
          /^backend \d+ \(another\) has a long transaction, which it would wait for, open since /,
        ),
      },
    ]);
  });

  test("what it cannot clear away at once it names, and clears away the next time", async () => {
    await database.holdSnapshot("bloated");
    const first = await maintain(session, { tasks: ["reindex"], budgetMs: 500 });
    expect(first.done[0]?.notes).toEqual([
      expect.stringMatching(
        /^public\.bloated_t_ccnew is not finished, and could not be dropped .*: DROP INDEX CONCURRENTLY/,
      ),
    ]);
    expect(await database.countInvalid()).toBe(1);
    await other.run("commit");
    const { done } = await maintain(session, { tasks: ["reindex"] });
    expect(done.map(({ sql, outcome }) => [...sql, outcome])).toEqual([
      ["DROP INDEX CONCURRENTLY public.bloated_t_ccnew", "done"],
      ["REINDEX INDEX CONCURRENTLY public.bloated_t", "done"],
    ]);
    expect(await database.countInvalid()).toBe(0);
  });

  test("cancelled by somebody, it begins nothing else", async () => {
    await database.holdSnapshot();
    const running = maintain(session, { tasks: ["reindex", "statistics"] });
    await database.untilItWaits();
    await other.query("select pg_cancel_backend($1)", [(await database.pidOfMaintenance()) ?? 0]);
    expect((await running).done.map(({ outcome, why }) => `${outcome}: ${why}`)).toEqual([
      "failed: canceling statement due to user request (SQLSTATE 57014)",
      "not started: the run was cancelled",
    ]);
    expect(await database.countInvalid()).toBe(0);
  });

  test("an index that is not valid is made so; rows that it cannot have are a failure, and the rest goes on", async () => {
    const twice = "insert into doubled values (1), (1)";
    await session.run(`create table doubled (id int); ${twice}; create table late (id int)`);
    await session.run("create unique index concurrently doubled_id on doubled (id)").catch(() => undefined);
    expect(await database.countInvalid()).toBe(1);
    const failed = await maintain(session, { tasks: ["reindex"] });
    expect(failed.done.map(({ object, outcome }) => `${object} ${outcome}`)).toEqual([
      "public.doubled_id failed",
      "public.bloated_t done",
    ]);
    expect(failed.done[0]).toMatchObject({
      why: expect.stringContaining("SQLSTATE 23505"),
      reason: expect.stringMatching(/^invalid/),
    });
    expect(await database.countInvalid()).toBe(1);
    await session.run("truncate doubled");
    expect((await maintain(session, { tasks: ["reindex"] })).done).toMatchObject([{ outcome: "done" }]);
    expect(await database.countInvalid()).toBe(0);
  });

  test("dead rows that somebody may still see stay, and are told with who that is", async () => {
    await database.holdSnapshot();
    await session.run("delete from bloated where id % 20 = 0");
    await settle(session);
    const { done } = await maintain(session, { tasks: ["vacuum"], all: true });
    expect(done[0]).toMatchObject({ outcome: "done", after: { deadRows: 1000 } });
    expect(done[0]?.notes).toEqual([
      expect.stringMatching(
        new RegExp(
          `^1,000 dead rows cannot go yet: backend ${await one<number>(other, "pg_backend_pid()")} \\(another\\) has a transaction open since`,
        ),
      ),
    ]);
  });

  test("an exclusion constraint's index is left alone, because it would keep everybody out meanwhile", async () => {
    await session.run("create table times (during tsrange, exclude using gist (during with &&))");
    const { done } = await maintain(session, { tasks: ["reindex"], all: true, only: ["times"] });
    const why = "PostgreSQL rebuilds indexes of exclusion constraints under an exclusive lock only";
    expect(done).toMatchObject([{ object: "public.times_during_excl", outcome: "skipped", why }]);
  });
});
