import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { adopt } from "../../compiler/apply/adopt.ts";
import { apply } from "../../compiler/apply/apply.ts";
import { check } from "../../compiler/apply/check.ts";
import type { Progress } from "../../compiler/apply/progress.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { history, status } from "../../compiler/apply/status.ts";
import { PASSING_CHECK } from "../../compiler/kinds/notNullInUse.ts";
import { fingerprint } from "../../compiler/migrations/fingerprint.ts";
import type { Migration } from "../../compiler/migrations/migration.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { embeddedShadow } from "../exact.ts";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import {
  alone,
  closeEmbedded,
  freshTarget,
  migrationsThrough,
  one,
  type Target,
  together,
  withSteps,
} from "./fixtures.ts";

const USERS = "create type mood as enum ('sad'); create table users (id int primary key, name text not null);";
const STATES = [
  USERS,
  `create type mood as enum ('sad', 'ok');
   create table users (id int primary key, name text not null, mood mood);
   create table notes (id int primary key, body text);`,
  `create type mood as enum ('sad', 'ok');
   create table users (id int primary key, name text not null, mood mood);
   create index users_name on users (name);`,
];

let migrations: readonly Migration[];
beforeAll(async () => {
  migrations = await migrationsThrough(...STATES);
});
afterAll(async () => {
  await (await embeddedShadow()).close();
  await closeEmbedded();
});

const at = (i: number): Migration => {
  const found = migrations[i];
  if (found === undefined) throw new Error(`no migration ${i}`);
  return found;
};

describe.each(ENGINES_OF_LONG_SUITES)("on %s", (engine) => {
  let target: Target;
  beforeEach(async () => {
    target = await freshTarget(engine);
  });
  afterEach(async () => {
    await target.close();
  });

  const live = async () => fingerprint(await readCatalog(target.session));
  const states = async () => (await status(target.session, migrations)).migrations.map(({ state }) => state);

  test("goes along all migrations and back to empty, rows of what stays unharmed", async () => {
    const { session } = target;
    const empty = await live();
    const { moves } = await apply(session, migrations.slice(0, 1));
    expect(moves.map(({ name }) => name)).toEqual(["0001_m1"]);
    await session.run("insert into users values (1, 'Ada'), (2, 'Grace')");
    const afterFirst = await live();

    await apply(session, migrations);
    expect(await states()).toEqual(["applied", "applied", "applied"]);
    expect((await apply(session, migrations)).moves).toEqual([]);
    expect(await check(session, "demo")).toMatchObject({ drift: [], applied: migrations.map(({ name }) => name) });

    await rollback(session, { to: "0001_m1", acceptDataLoss: true });
    expect(await live()).toBe(afterFirst);
    expect(await session.query("select * from users order by id")).toEqual([
      { id: 1, name: "Ada" },
      { id: 2, name: "Grace" },
    ]);
    await rollback(session, { to: "empty", acceptDataLoss: true });
    expect(await live()).toBe(empty);
    expect((await history(session)).map(({ event, migration }) => `${event} ${migration}`)).toEqual([
      "applied 0001_m1",
      "applied 0002_m2",
      "applied 0003_m3",
      "rolled back 0003_m3",
      "rolled back 0002_m2",
      "rolled back 0001_m1",
    ]);

    await apply(session, migrations, { to: "2" });
    expect(await states()).toEqual(["applied", "applied", "pending"]);
  });

  test("tells each step as it goes", async () => {
    const told: Progress[] = [];
    await apply(target.session, migrations.slice(0, 2), { onProgress: (progress) => told.push(progress) });
    expect(told.filter(({ event }) => event !== "note").map(({ event }) => event)).toEqual([
      ...["migration started", "step started", "step finished", "migration finished"],
      "migration started",
      ...at(1).forward.steps.flatMap(() => ["step started", "step finished"]),
      "migration finished",
    ]);
  });

  test("a dry run says what would run and changes nothing, not even the ledger", async () => {
    const { moves, isDryRun } = await apply(target.session, migrations, { dryRun: true });
    expect(isDryRun).toBe(true);
    expect(moves.map(({ sql }) => sql)).toEqual(migrations.map(({ forward }) => forward.text));
    expect(await one(target.session, "to_regnamespace('verso') is null")).toBe(true);
  });

  describe("the drift gate", () => {
    test("refuses a first migration on a database that is not empty, and names what is there", async () => {
      await target.session.run("create table stranger (id int)");
      await expect(apply(target.session, migrations)).rejects.toMatchObject({
        code: "target-drifted",
        why: expect.stringContaining("+ table public.stranger"),
      });
      expect(await states()).toEqual(["pending", "pending", "pending"]);
    });

    test("refuses what was changed behind Verso's back, and names it", async () => {
      await apply(target.session, migrations, { steps: 1 });
      await target.session.run("alter table users add hidden int; alter table users alter name drop not null");
      for (const work of [() => apply(target.session, migrations), () => rollback(target.session)]) {
        await expect(work()).rejects.toMatchObject({
          code: "target-drifted",
          why: "+ column public.users.hidden; ~ column public.users.name (notNull)",
        });
      }
      expect((await check(target.session)).drift).toHaveLength(2);
      await target.session.run("alter table users drop hidden; alter table users alter name set not null");
      await apply(target.session, migrations);
    });
  });

  describe("ledger and files", () => {
    beforeEach(async () => {
      await apply(target.session, migrations.slice(0, 2));
    });

    test("an applied migration whose script changed is refused", async () => {
      const edited = withSteps(at(1), at(1).forward.steps.toReversed());
      await expect(apply(target.session, [at(0), edited, at(2)])).rejects.toMatchObject({ code: "migration-edited" });
      expect((await status(target.session, [at(0), edited, at(2)])).migrations[1]?.problem?.code).toBe(
        "migration-edited",
      );
    });

    test("an applied migration without files is refused, and can be rolled back nevertheless", async () => {
      await expect(apply(target.session, [at(0)])).rejects.toMatchObject({ code: "migration-missing" });
      await rollback(target.session);
      await expect(apply(target.session, [at(0)])).resolves.toMatchObject({ moves: [] });
    });

    test("a migration that came in between is refused", async () => {
      const between = { ...at(2), name: "0001_other" };
      await expect(apply(target.session, [at(0), between, at(1)])).rejects.toMatchObject({
        code: "migration-out-of-order",
      });
    });

    test("a migration edited after its proof is refused", async () => {
      const { proof } = at(2);
      const edited = { ...withSteps(at(2), [together("select 1")]), proof };
      await expect(apply(target.session, [at(0), at(1), edited])).rejects.toMatchObject({ code: "migration-unproved" });
    });

    test("a migration planned from another state is refused", async () => {
      const elsewhere = { ...at(2), proof: { ...at(2).proof, before: at(0).proof.before } };
      await expect(apply(target.session, [at(0), at(1), elsewhere])).rejects.toMatchObject({
        code: "migration-chain-broken",
      });
    });

    test("another domain's migrations are refused", async () => {
      const other = migrations.map((migration) => ({ ...migration, domain: "other" }));
      await expect(apply(target.session, other)).rejects.toMatchObject({ code: "target-other-domain" });
    });
  });

  describe("what destroys data", () => {
    test("is refused with the rows it would cost, unless accepted", async () => {
      const { session } = target;
      await apply(session, migrations.slice(0, 2));
      await session.run("insert into notes values (1, 'a'), (2, 'b')");
      await expect(apply(session, migrations)).rejects.toMatchObject({
        code: "data-loss",
        why: "table public.notes and its rows (2 rows)",
      });
      expect(await states()).toEqual(["applied", "applied", "pending"]);
      expect((await apply(session, migrations, { dryRun: true })).moves[0]?.losses).toEqual([
        { migration: "0003_m3", what: "table public.notes and its rows", rows: 2 },
      ]);
      await apply(session, migrations, { acceptDataLoss: true });
    });

    test("needs no consent where there are no rows", async () => {
      await apply(target.session, migrations);
      expect(await states()).toEqual(["applied", "applied", "applied"]);
    });
  });

  describe("a step that fails", () => {
    test("in the first transaction leaves nothing, and says where", async () => {
      const broken = withSteps(at(0), [together("create table t (id int)", "select\n  nonsense")]);
      await expect(apply(target.session, [broken])).rejects.toMatchObject({
        code: "step-failed",
        at: { file: broken.forward.file, line: 12, column: 3 },
        why: 'column "nonsense" does not exist (SQLSTATE 42703)',
        next: expect.stringContaining("nothing was changed"),
      });
      expect(await states()).toEqual(["pending", "pending", "pending"]);
      expect(await one(target.session, "to_regclass('t') is null")).toBe(true);
      expect((await history(target.session)).map(({ event }) => event)).toEqual(["failed"]);
      await apply(target.session, migrations.slice(0, 1));
    });

    test("later leaves the steps before it, and the next run goes on from there", async () => {
      const { session } = target;
      await apply(session, migrations.slice(0, 2));
      const slow = withSteps(at(2), [
        together("drop table public.notes"),
        together("create unique index users_name on users (name)", "drop index users_name"),
        together("create index users_name on users (name)"),
      ]);
      await session.run("insert into users values (1, 'Ada'), (2, 'Ada')");
      const all = [at(0), at(1), slow];
      await expect(apply(session, all)).rejects.toMatchObject({
        code: "step-failed",
        why: expect.stringContaining("Key (name)=(Ada) is duplicated"),
        next: expect.stringContaining("goes on from step 2"),
      });
      expect((await status(session, all)).migrations[2]).toMatchObject({ state: "applying", stepsDone: 1, steps: 3 });
      await session.run("delete from users where id = 2");
      const { moves } = await apply(session, all);
      expect(moves).toMatchObject([{ name: "0003_m3", done: 1 }]);
      expect(await one(session, "to_regclass('users_name') is not null")).toBe(true);
    });

    test("later can be taken back as far as it had come", async () => {
      const { session } = target;
      await apply(session, migrations.slice(0, 2));
      const before = await live();
      const half = withSteps(at(2), [together("create index users_name on users (name)"), together("select nonsense")]);
      await expect(apply(session, [at(0), at(1), half])).rejects.toMatchObject({ code: "step-failed" });
      await rollback(session);
      expect(await live()).toBe(before);
      await apply(session, migrations);
    });

    test("with a check on its way to NOT NULL leaves none behind when it is taken back", async () => {
      const { session } = target;
      await apply(session, migrations.slice(0, 2));
      const before = await live();
      const check = `${PASSING_CHECK}mood`;
      const half = withSteps(at(2), [
        together(`alter table users add constraint ${check} check (mood is not null) not valid`),
        together(`alter table users validate constraint ${check}`, "select nonsense"),
      ]);
      await expect(apply(session, [at(0), at(1), half])).rejects.toMatchObject({ code: "step-failed" });
      await rollback(session);
      expect(await live()).toBe(before);
    });

    test("at its commit is told as well, when a deferred constraint speaks up", async () => {
      const deferred = withSteps(at(0), [
        together("create table d (id int unique deferrable initially deferred)", "insert into d values (1), (1)"),
        together("select 1"),
      ]);
      await expect(apply(target.session, [deferred])).rejects.toMatchObject({
        code: "step-failed",
        what: expect.stringContaining("refuses to commit it"),
      });
    });
  });

  test("a result that is not what was proved is undone and refused", async (context) => {
    if (engine !== "embedded" && engine !== 18) context.skip("printed by another version than the proof");
    const surprising = withSteps(at(0), [
      together(
        ...at(0).forward.steps.flatMap((s) => s.statements.map(({ sql }) => sql)),
        "create table extra (id int)",
      ),
    ]);
    await expect(apply(target.session, [surprising])).rejects.toMatchObject({ code: "result-differs" });
    expect(await one(target.session, "to_regclass('extra') is null")).toBe(true);
    expect(await states()).toEqual(["pending", "pending", "pending"]);
  });

  describe("an index built concurrently", () => {
    const concurrent = () =>
      withSteps(at(2), [
        alone("CREATE UNIQUE INDEX CONCURRENTLY users_name ON users (name)"),
        together("DROP TABLE notes", "DROP INDEX users_name", "CREATE INDEX users_name ON users (name)"),
      ]);

    test("that fails leaves no invalid index behind", async () => {
      const { session } = target;
      await apply(session, migrations.slice(0, 2));
      await session.run("insert into users values (1, 'Ada'), (2, 'Ada')");
      const all = [at(0), at(1), concurrent()];
      await expect(apply(session, all)).rejects.toMatchObject({
        code: "step-failed",
        next: expect.stringContaining("nothing was changed"),
      });
      expect(await one(session, "to_regclass('users_name') is null")).toBe(true);
      await session.run("delete from users where id = 2");
      await apply(session, all);
      expect((await status(session, all)).migrations[2]?.state).toBe("applied");
    });
  });

  describe("adopting", () => {
    test("records migrations on a database that is already there", async () => {
      await target.session.run(STATES[1] ?? "");
      expect(await adopt(target.session, migrations.slice(0, 2))).toMatchObject({ adopted: ["0001_m1", "0002_m2"] });
      expect(await states()).toEqual(["applied", "applied", "pending"]);
      await apply(target.session, migrations);
      await rollback(target.session, { acceptDataLoss: true });
      await expect(rollback(target.session)).rejects.toMatchObject({ code: "baseline-stays" });
    });

    test("refuses a database that is something else", async (context) => {
      if (engine !== "embedded" && engine !== 18) context.skip("printed by another version than the proof");
      await target.session.run("create table users (id int)");
      await expect(adopt(target.session, migrations.slice(0, 2))).rejects.toMatchObject({ code: "adoption-differs" });
    });
  });

  test("names that exist neither applied nor on disk are refused", async () => {
    await expect(apply(target.session, migrations, { to: "9" })).rejects.toMatchObject({ code: "migration-not-found" });
    await expect(rollback(target.session, { to: "0001_m1" })).rejects.toMatchObject({ code: "migration-not-found" });
  });
});
