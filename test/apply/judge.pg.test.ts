import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ApplyOptions, apply } from "../../compiler/apply/apply.ts";
import { withJudge } from "../../compiler/apply/judge.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import type { Migration } from "../../compiler/migrations/migration.ts";
import { emptySource } from "../../compiler/resolve/source.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";
import { embeddedShadow } from "../exact.ts";
import { freshTarget, migrationsThrough, type Target, together, withSteps } from "./fixtures.ts";

// PostgreSQL 15 prints the view with its columns qualified, 18 without.
const STATES = [
  "create table t (id int, name text)",
  "create table t (id int, name text); create view v as select id, name from t",
];

describe("on a server of another major version than the proof's", () => {
  let migrations: readonly Migration[];
  let target: Target;
  beforeAll(async () => {
    migrations = await migrationsThrough(...STATES);
  });
  afterAll(async () => {
    await (await embeddedShadow()).close();
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
      why: "+ table public.extra; + column public.extra.id",
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
