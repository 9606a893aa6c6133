import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const base = "create table t (a integer, b text, c date);";

onServers("views", (exactly, major) => {
  test("read as a person would have written them", async () => {
    const { forward } = await exactly(
      base,
      `${base} create view v with (security_barrier) as select a from t where b <> ''`,
    );
    expect(forward).toHaveLength(1);
    expect(forward[0]?.split("\n").slice(0, 2)).toEqual([
      "CREATE VIEW public.v WITH (security_barrier=true) AS",
      major >= 16 ? " SELECT a" : " SELECT t.a",
    ]);
  });

  test("new columns at the end and another query are replaced in place under what reads the view", async () => {
    const reader = "create view w as select a from v; grant select on v to public; comment on column v.a is 'x';";
    const { forward } = await exactly(
      `${base} create view v as select a, b from t; ${reader}`,
      `${base} create view v as select a, b, c from t where a > 1; ${reader} comment on column v.c is 'y'`,
    );
    expect(forward.map((sql) => sql.split("\n")[0])).toEqual([
      "CREATE OR REPLACE VIEW public.v AS",
      "COMMENT ON COLUMN public.v.c IS 'y'",
    ]);
  });

  test("another column, type or order makes it again, with its readers, grants, comments and defaults", async () => {
    const around = `create view w as select a from v; create view x as select * from w; grant select on v to public;
      grant select (a) on w to public; comment on view w is 'words'; alter view v alter column a set default 4;
      create rule r as on insert to v do instead nothing; create materialized view m as select * from v; create index i on m (a);`;
    await exactly(
      `${base} create view v as select a, b, c from t; ${around}`,
      `${base} create view v as select a, c from t; ${around}`,
    );
    await exactly(
      `${base} create view v as select a, b from t; ${around}`,
      `${base} create view v as select b, a from t; ${around}`,
    );
    await exactly(
      `${base} create view v as select a from t; ${around}`,
      `${base} create view v as select a::bigint from t; ${around}`,
    );
  });

  test("columns that only have other names are renamed", async () => {
    const { forward } = await exactly(
      `${base} create view v as select a, b from t; create view w as select b from v`,
      `${base} create view v as select a, b as "B b" from t; create view w as select "B b" as b from v`,
    );
    expect(forward[0]).toBe(`ALTER VIEW public.v RENAME COLUMN b TO "B b"`);
    await exactly(
      `${base} create view v as select a as x, c as y from t`,
      `${base} create view v as select a as y, c as x from t`,
    );
  });

  test("options change by themselves, and with the query in one statement", async () => {
    const { forward } = await exactly(
      `${base} create view v with (security_barrier) as select a from t`,
      `${base} create view v as select a from t with local check option`,
    );
    expect(forward).toEqual([
      "ALTER VIEW public.v RESET (security_barrier)",
      "ALTER VIEW public.v SET (check_option=local)",
    ]);
    const both = await exactly(
      `${base} create view v with (security_barrier) as select a from t`,
      `${base} create view v as select a, b from t with cascaded check option`,
    );
    expect(both.forward).toHaveLength(1);
  });

  test.runIf(major >= 15)("security_invoker is kept when a view is made again", async () => {
    await exactly(
      `${base} create view v with (security_invoker) as select a, b from t`,
      `${base} create view v with (security_invoker) as select b from t`,
    );
  });

  test("follow a column's other type, name and end", async () => {
    const reader = "create view v as select a from t; create view w as select a from v; comment on view w is 'words'";
    await exactly(`create table t (a integer); ${reader}`, `create table t (a bigint); ${reader}`);
    await exactly(
      `create table t (a integer, b integer); create view v as select a, b from t`,
      `create table t (a integer); create view v as select a from t`,
    );
  });

  test("recursive views, values, unions, whole rows", async () => {
    await exactly(
      base,
      `${base} create recursive view n (i) as values (1) union all select i + 1 from n where i < 5;
       create view u as select a from t union select 1 order by 1; create view r as select t from t; create view q as select 1 as "?column?"`,
    );
  });

  test("hostile names", async () => {
    await exactly(
      "",
      `create schema "S s"; create table "S s"."ta ""b" ("c ""c" integer);
       create view "S s"."we""ird Näme" as select "c ""c" as "d ""d" from "S s"."ta ""b";
       comment on column "S s"."we""ird Näme"."d ""d" is 'x'`,
    );
  });
});
