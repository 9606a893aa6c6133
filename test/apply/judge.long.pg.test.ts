import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApplyOptions, apply } from "../../compiler/apply/apply.ts";
import { withJudge } from "../../compiler/apply/judge.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import type { Migration } from "../../compiler/migrations/migration.ts";
import { emptySource } from "../../compiler/resolve/source.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";
import { embeddedShadow } from "../exact.ts";
import { ownServer } from "../servers.ts";
import {
  closeEmbedded,
  freshTarget,
  migrationsBetween,
  migrationsThrough,
  type Target,
  together,
  withSteps,
} from "./fixtures.ts";

// PostgreSQL 15 prints the view with its columns qualified, 18 without.
const STATES = [
  "create table t (id int, name text)",
  "create table t (id int, name text); create view v as select id, name from t",
];

test.each([15, 18, "embedded"] as const)(
  "texts that a rollback makes again may print otherwise, on %s",
  async (on) => {
    // What BETWEEN prints is printed otherwise once it was read again.
    const legacy = "create table r (id int, n int constraint n_range check (n between 1 and 10 and n <> 5))";
    const [migration] = await migrationsBetween(legacy, "create table r (id int, n int)");
    const { session, close } = await freshTarget(on);
    await session.run(legacy);
    for (let round = 0; round < 2; round++) {
      await apply(session, [migration]);
      await rollback(session);
    }
    await close();
  },
  120_000,
);

afterAll(async () => {
  await (await embeddedShadow()).close();
  await closeEmbedded();
});

describe("on a server of another major version than the proof's", () => {
  let migrations: readonly Migration[];
  let target: Target;
  beforeAll(async () => {
    migrations = await migrationsThrough(...STATES);
  });
  beforeEach(async () => {
    target = await freshTarget(15);
  });
  afterEach(async () => {
    await target.close();
  });
  const judged = (given: readonly Migration[], options: ApplyOptions = {}) =>
    withJudge(
      () => openShadow(undefined),
      given,
      () => Promise.resolve(emptySource),
      (judge) => apply(target.session, given, { ...options, judge }),
    );

  test("without a judge a note says that the result could not be compared", async () => {
    expect((await apply(target.session, migrations)).notes).toEqual([
      "0002_m2 was proved on PostgreSQL 18, the target is 15: its result could not be compared with the proof",
    ]);
    await rollback(target.session, { to: "empty" });
  });

  test("the judge compares both on the shadow, and finds them equal", async () => {
    expect((await judged(migrations)).notes).toEqual([]);
  });

  test("the judge names what differs after the last migration", async () => {
    const [first, second] = migrations;
    if (first === undefined || second === undefined) throw new Error("no migrations");
    await apply(target.session, [first]);
    // The proof of these steps is the proof of others, so what they lead to is not what replaying the files leads to.
    const onlyHere = withSteps(second, [
      together(
        "do $$ begin if current_setting('server_version_num')::int < 160000 then create table extra (id int); end if; end $$",
      ),
    ]);
    await expect(judged([first, onlyHere])).rejects.toMatchObject({
      code: "result-differs",
      why: "+ table public.extra",
    });
  });

  test("the judge names what stands in the way of a first migration on a legacy database", async () => {
    await target.session.run("create table t (id int); create view w as select id from t");
    await expect(judged(migrations)).rejects.toMatchObject({
      code: "target-drifted",
      why: expect.stringContaining("+ view public.w"),
    });
  });
});

describe("the ledger", () => {
  test("of another role is told apart from drift, and refused in words where it may not be read", async () => {
    const cluster = await ownServer(18);
    const migrations = await migrationsThrough(...STATES);
    try {
      const first = await openServerSession(cluster.url);
      await first.run(
        "create role deployer login superuser; create role another login superuser; create role stranger login",
      );
      const asRole = async (role: string) => {
        const session = await openServerSession(cluster.url);
        await session.run(`set role ${role}`);
        return session;
      };
      const deployer = await asRole("deployer");
      await apply(deployer, migrations.slice(0, 1));
      const another = await asRole("another");
      await expect(apply(another, migrations)).rejects.toMatchObject({
        code: "target-drifted",
        why: expect.stringContaining("Verso ran here as deployer and now as another, which makes owners differ"),
      });
      const stranger = await asRole("stranger");
      await expect(apply(stranger, migrations)).rejects.toMatchObject({ code: "ledger-refused" });
      await stranger.run("set default_transaction_read_only = on");
      await first.run("drop schema verso cascade");
      await expect(apply(stranger, [])).rejects.toMatchObject({ code: "ledger-refused" });
      await first.run("set default_transaction_read_only = on");
      await expect(apply(first, [])).rejects.toMatchObject({
        code: "ledger-refused",
        next: "connect to the primary server: this one takes no writes",
      });
      await first.run("set default_transaction_read_only = off");
      await apply(first, []);
      await first.run("update verso.target set ledger_version = 99");
      await expect(apply(first, [])).rejects.toMatchObject({ code: "ledger-too-new" });
      await Promise.all([first, deployer, another, stranger].map((session) => session.close()));
    } finally {
      await cluster.close();
    }
  });
});
