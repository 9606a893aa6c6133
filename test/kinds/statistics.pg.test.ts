import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const base = "create table t (a integer, b text, c date);";

onServers("statistics objects", (exactly) => {
  test("of columns and expressions, with kinds and target", async () => {
    const { forward } = await exactly(
      base,
      `${base} create statistics s (ndistinct, mcv) on a, b, (a * 2) from t; alter statistics s set statistics 200;
       create statistics e on (lower(b)) from t`,
    );
    expect(forward).toEqual([
      "CREATE STATISTICS public.e ON lower(b) FROM public.t",
      "CREATE STATISTICS public.s (ndistinct, mcv) ON a, b, (a * 2) FROM public.t",
      "ALTER STATISTICS public.s SET STATISTICS 200",
    ]);
  });

  test("target, name and definition change", async () => {
    const made = `${base} create statistics s on a, b from t;`;
    await exactly(made, `${made} alter statistics s set statistics 0; comment on statistics s is 'words'`);
    const { forward } = await exactly(made, `${base} create statistics "we""ird Näme" on a, b from t`);
    expect(forward).toEqual([`ALTER STATISTICS public.s RENAME TO "we""ird Näme"`]);
    await exactly(made, `${base} create schema x; create statistics x.s on a, b from t`);
    await exactly(made, `${base} create statistics s (dependencies) on a, c from t`);
  });

  test("go with their column, and stay when its type changes", async () => {
    const { forward } = await exactly(
      `${base} create statistics s on a, b from t`,
      "create table t (a integer, c date)",
    );
    expect(forward).toEqual(["ALTER TABLE public.t DROP COLUMN b"]);
    await exactly(
      "create table t (a integer, b text); create statistics s on a, b, (a + 1) from t; comment on statistics s is 'x'",
      "create table t (a bigint, b text); create statistics s on a, b, (a + 1) from t; comment on statistics s is 'x'",
    );
  });
});
