import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { purge } from "../../compiler/apply/attic.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { history } from "../../compiler/apply/status.ts";
import type { Migration } from "../../compiler/migrations/migration.ts";
import { embeddedShadow } from "../exact.ts";
import { MAJORS } from "../servers.ts";
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

/** As the planner writes it: rows that a check refuses go into the attic, and come back by the rollback's second step. */
async function checkWithAttic(): Promise<readonly Migration[]> {
  const [first, second] = await migrationsThrough(
    "create table t (id int, n int)",
    "create table t (id int, n int check (n > 0)); create index t_n on t (n)",
  );
  if (first === undefined || second === undefined) throw new Error("two states give two migrations");
  const forward = [
    together(
      "CREATE SCHEMA IF NOT EXISTS verso_attic",
      "CREATE TABLE verso_attic.t_n_check AS TABLE public.t WITH NO DATA",
      "WITH set_aside AS (\n  DELETE FROM public.t AS child\n  WHERE NOT (n > 0)\n  RETURNING child.*\n)\nINSERT INTO verso_attic.t_n_check TABLE set_aside",
      "ALTER TABLE public.t ADD CONSTRAINT t_n_check CHECK (n > 0)",
    ),
    together("CREATE INDEX t_n ON public.t (n)"),
  ];
  const back = [
    alone("DROP INDEX CONCURRENTLY public.t_n"),
    together(
      "ALTER TABLE public.t DROP CONSTRAINT t_n_check",
      "INSERT INTO public.t (id, n)\nSELECT id, n FROM verso_attic.t_n_check",
      "DROP TABLE verso_attic.t_n_check",
    ),
  ];
  const migration = withSteps(second, forward, back);
  return [first, { ...migration, proof: { ...migration.proof, obstacles: [] } }];
}

let migrations: readonly Migration[];
beforeAll(async () => {
  migrations = await checkWithAttic();
});
afterAll(async () => {
  await closeEmbedded();
  await (await embeddedShadow()).close();
});

describe.each(["embedded", ...MAJORS] as const)("what a migration set aside, on %s", (engine) => {
  let target: Target;
  beforeEach(async () => {
    target = await freshTarget(engine);
    await apply(target.session, migrations.slice(0, 1));
    await target.session.run("insert into t values (1, 1), (2, -2), (3, -3)");
    await apply(target.session, migrations);
  });
  afterEach(async () => {
    await target.session.run("drop schema if exists verso_attic cascade");
    await target.close();
  });
  const ids = async () =>
    (await target.session.query<{ id: number }>("select id from t order by id")).map(({ id }) => id);

  test("is named with rows, bytes and the rollback that will lack it, and stays unless its loss is accepted", async () => {
    const { session } = target;
    const { tables, isDryRun } = await purge(session, { dryRun: true });
    expect(isDryRun).toBe(true);
    expect(tables).toMatchObject([{ name: "verso_attic.t_n_check", migration: "0002_m2", rows: 2 }]);
    expect(tables[0]?.bytes).toBeGreaterThan(0);
    await expect(purge(session)).rejects.toMatchObject({
      code: "data-loss",
      why: expect.stringMatching(
        /^2 rows of verso_attic\.t_n_check \(\d+ kB\), set aside by 0002_m2; the rollback of 0002_m2 will not/,
      ),
    });
    await rollback(session);
    expect(await ids()).toEqual([1, 2, 3]);
  });

  test("is purged by age and by migration, and the ledger's history remembers it", async () => {
    const { session } = target;
    expect((await purge(session, { olderThanMs: 60_000, acceptDataLoss: true })).tables).toEqual([]);
    await expect(purge(session, { migration: "1", acceptDataLoss: true })).rejects.toMatchObject({
      code: "migration-not-found",
    });
    await session.run("update verso.migrations set finished_at = finished_at - interval '2 days' where name ~ 'm2'");
    await purge(session, { olderThanMs: 24 * 3_600_000, migration: "2", acceptDataLoss: true });
    expect(await one(session, "select count(*)::int from verso_attic.t_n_check")).toBe(0);
    expect((await history(session)).at(-1)).toMatchObject({
      event: "purged",
      migration: "0002_m2",
      detail: expect.stringMatching(/^2 rows of verso_attic\.t_n_check/),
    });
    expect((await purge(session, { acceptDataLoss: true })).tables).toEqual([]);
  });

  test("once purged does not come back: rollback says so before its first step, and then leads to the same schema", async () => {
    const { session } = target;
    await purge(session, { acceptDataLoss: true });
    await expect(rollback(session)).rejects.toMatchObject({
      code: "rows-purged",
      why: expect.stringMatching(/^does not come back: 0002_m2: 2 rows of verso_attic\.t_n_check .* purged \d{4}-/),
    });
    expect(await one(session, "select to_regclass('public.t_n') is not null")).toBe(true);
    expect((await rollback(session, { dryRun: true })).notes).toEqual([expect.stringContaining("does not come back")]);
    await rollback(session, { acceptDataLoss: true });
    expect(await ids()).toEqual([1]);
    expect(await one(session, "select to_regclass('verso_attic.t_n_check') is null")).toBe(true);
    // What is set aside when it is applied again comes back again.
    await session.run("insert into t values (4, -4)");
    await apply(session, migrations);
    await rollback(session);
    expect(await ids()).toEqual([1, 4]);
  });

  test("where somebody dropped it by hand, rollback refuses before its first step", async () => {
    const { session } = target;
    await session.run("drop table verso_attic.t_n_check");
    await expect(rollback(session, { acceptDataLoss: true })).rejects.toMatchObject({ code: "attic-missing" });
    expect(await one(session, "select to_regclass('public.t_n') is not null")).toBe(true);
  });

  test("and what no applied migration would bring back is dropped", async () => {
    const { session } = target;
    await session.run("create table verso_attic.from_elsewhere as select 1 as a");
    const { tables } = await purge(session, { acceptDataLoss: true });
    expect(tables.map(({ name, migration }) => [name, migration])).toEqual([
      ["verso_attic.from_elsewhere", null],
      ["verso_attic.t_n_check", "0002_m2"],
    ]);
    expect(await one(session, "select to_regclass('verso_attic.from_elsewhere') is null")).toBe(true);
    expect(await one(session, "select to_regclass('verso_attic.t_n_check') is not null")).toBe(true);
  });

  test("stays where it was set aside after the question, and what was asked about goes", async () => {
    const { session } = target;
    const { tables } = await purge(session, { dryRun: true });
    await session.run("create table verso_attic.since as select 1 as a");
    await expect(purge(session, { acceptDataLoss: tables })).rejects.toMatchObject({
      why: expect.stringMatching(/^1 row of verso_attic\.since \(\d+ kB\)$/),
    });
    expect(await one(session, "select count(*)::int from verso_attic.t_n_check")).toBe(2);
    await session.run("drop table verso_attic.since");
    await purge(session, { acceptDataLoss: tables });
    expect(await one(session, "select count(*)::int from verso_attic.t_n_check")).toBe(0);
  });

  test("stays while its migration is not applied to its end", async () => {
    const { session } = target;
    await session.run("update verso.migrations set state = 'rolling back' where name ~ 'm2'");
    await expect(purge(session, { acceptDataLoss: true })).rejects.toMatchObject({ code: "migration-unfinished" });
    expect(await one(session, "select count(*)::int from verso_attic.t_n_check")).toBe(2);
  });
});
