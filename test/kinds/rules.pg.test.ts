import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const base = "create table t (a integer, b text); create table log (a integer); create view v as select * from t;";

onServers("rules", (exactly) => {
  test("are replaced in place", async () => {
    const { forward } = await exactly(
      `${base} create rule r as on insert to t do also insert into log values (new.a); alter table t disable rule r`,
      `${base} create rule r as on update to t where old.a > 0 do instead (insert into log values (new.a); delete from log); alter table t disable rule r`,
    );
    expect(forward).toHaveLength(1);
    expect(forward[0]).toMatch(/^CREATE OR REPLACE RULE r AS\n {2}ON UPDATE TO public\.t/);
  });

  test("fire otherwise, and have another name", async () => {
    const made = `${base} create rule r as on insert to t do also nothing;`;
    await exactly(made, `${made} alter table t enable replica rule r`);
    await exactly("", `${made} alter table t disable rule r; comment on rule r on t is 'words'`);
    const { forward } = await exactly(
      `${base} create rule r as on insert to v do instead nothing`,
      `${base} create rule "we""ird Näme" as on insert to v do instead nothing`,
    );
    expect(forward).toEqual([`ALTER RULE r ON public.v RENAME TO "we""ird Näme"`]);
  });

  test("survive another type of a column that they read", async () => {
    const made = (type: string) => `create table t (a ${type}); create table log (a ${type});
      create rule r as on insert to t do also insert into log values (new.a); comment on rule r on t is 'words'`;
    await exactly(made("integer"), made("bigint"));
  });
});
