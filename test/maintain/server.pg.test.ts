import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { withLock } from "../../compiler/apply/lock.ts";
import { type MaintainProgress, maintain } from "../../compiler/maintain/maintain.ts";
import type { Session } from "../../compiler/session/session.ts";
import { one } from "../apply/fixtures.ts";
import { type BloatedDatabase, bloatedDatabase, SERVERS, settle } from "./target.ts";

describe.each(SERVERS)("upkeep beside others, on PostgreSQL %s", (major) => {
  let database: BloatedDatabase;
  let session: Session;
  let other: Session;
  beforeEach(async () => {
    database = await bloatedDatabase(major);
    ({ session, other } = database);
  });
  afterEach(() => database?.close());

  test("a table that somebody has locked is passed over, and told with who has it", async () => {
    await session.run("create table open (id int) with (autovacuum_enabled = off); insert into open values (1)");
    await settle(session);
    await other.run("begin; lock table bloated in access exclusive mode");
    const { done } = await maintain(session, {
      lockAttempts: 2,
      retryWaitMs: 10,
      all: true,
      only: ["bloated", "open"],
    });
    expect(done.map(({ task, object, outcome }) => `${task} ${object} ${outcome}`).sort()).toEqual([
      "reindex public.bloated_pkey skipped",
      "reindex public.bloated_t skipped",
      "vacuum public.bloated skipped",
      "vacuum public.open done",
    ]);
    expect(done[0]?.why).toContain('skipping vacuum of "bloated"');
    const holder = `backend ${await one<number>(other, "pg_backend_pid()")} (another) has it locked, open since `;
    for (const { object, why } of done) if (object !== "public.open") expect(why).toContain(holder);
  });

  test("while it is at work a second one and migrations are refused, and the server tells how far it is", async () => {
    await database.holdSnapshot();
    const told: MaintainProgress[] = [];
    const watcher = await database.another();
    const onProgress = (progress: MaintainProgress) => told.push(progress);
    const first = maintain(session, { tasks: ["reindex"], watcher, onProgress });
    await database.untilItWaits();
    const second = await database.another();
    const refusal = { code: "target-locked", why: expect.stringContaining("held by verso maintain of ") };
    await expect(maintain(second)).rejects.toMatchObject(refusal);
    await expect(apply(second, [])).rejects.toMatchObject(refusal);
    const isTold = () => told.some((one) => one.event === "working" && one.phase.startsWith("waiting"));
    while (!isTold()) await second.query("select pg_sleep(0.02)");
    await other.run("commit");
    expect((await first).done).toMatchObject([{ object: "public.bloated_t", outcome: "done" }]);
    expect(told).toContainEqual({
      event: "working",
      task: "reindex",
      object: "public.bloated_t",
      phase: expect.stringMatching(/^waiting for .* \(backend \d+\)$/),
      done: expect.any(Number),
      total: expect.any(Number),
    });
    expect(told.map(({ event }) => event).filter((event) => event !== "working")).toEqual(["started", "finished"]);
  });

  test("while a migration runs it is refused, by the lease too, where a pooler has let go of the lock", async () => {
    await withLock(other, async ({ holder }) => {
      const refusal = { code: "target-locked", why: expect.stringContaining(`held by ${holder} (backend `) };
      await expect(maintain(session)).rejects.toMatchObject(refusal);
      await other.run("select pg_advisory_unlock_all()");
      await expect(maintain(session)).rejects.toMatchObject(refusal);
    });
    expect((await maintain(session, { tasks: ["vacuum"] })).done).toEqual([]);
  });

  test("when the time is up it breaks off, leaves no invalid index, and begins nothing else", async () => {
    await database.holdSnapshot();
    const { done } = await maintain(session, { tasks: ["reindex", "statistics"], budgetMs: 1_000 });
    expect(done).toMatchObject([
      {
        object: "public.bloated_t",
        outcome: "broken off",
        why: "the time is up",
        notes: ["dropped public.bloated_t_ccnew, which was not finished"],
      },
      { task: "statistics", outcome: "not started", why: "the time is up" },
    ]);
    expect(await database.countInvalid()).toBe(0);
  });
});
