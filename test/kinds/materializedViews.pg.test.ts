import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const base = "create table t (a integer, b text);";

onServers("materialized views", (exactly) => {
  test("another query makes it again with its indexes, statistics, comments and grants", async () => {
    const around = `create unique index i on m (a); cluster m using i; comment on index i is 'x'; create statistics s on a, b from m;
      grant select on m to public; comment on column m.a is 'y'; create view v as select a from m;`;
    const { forward } = await exactly(
      `${base} create materialized view m with (fillfactor = 70) as select a, b from t; ${around}`,
      `${base} create materialized view m with (fillfactor = 70) as select b, a from t; ${around}`,
    );
    expect(forward.find((sql) => sql.includes("CREATE MATERIALIZED"))).toMatch(
      /^CREATE MATERIALIZED VIEW public\.m WITH \(fillfactor=70\) AS\n SELECT /,
    );
  });

  test("options and settings of columns change in place", async () => {
    const made = `${base} create materialized view m as select a, b from t;`;
    const { forward } = await exactly(
      made,
      `${made} alter materialized view m set (fillfactor = 50, toast.autovacuum_enabled = off);
       alter materialized view m alter column b set storage external; alter materialized view m alter column b set compression pglz;
       alter materialized view m alter a set statistics 500; alter materialized view m alter a set (n_distinct = 7)`,
    );
    expect(forward).toHaveLength(5);
    await exactly(
      "",
      `${made} alter materialized view m alter column b set storage external; alter materialized view m alter a set statistics 500`,
    );
  });

  test("without data, it is created without data", async () => {
    const { forward } = await exactly(base, `${base} create materialized view m as select a from t with no data`);
    expect(forward[0]).toMatch(/\nWITH NO DATA$/);
  });

  test("hostile names", async () => {
    await exactly(
      "",
      `create schema "S s"; create materialized view "S s"."we""ird Näme" as select 1 as "c ""c";
       create index "i ""i" on "S s"."we""ird Näme" ("c ""c")`,
    );
  });
});
