import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("aggregates", (exactly) => {
  test("are written one option a line", async () => {
    const { forward } = await exactly(
      "",
      "create aggregate total(integer) (sfunc = int4pl, stype = integer, initcond = '0', combinefunc = int4pl, parallel = safe)",
    );
    expect(forward).toEqual([
      "CREATE AGGREGATE public.total(integer) (\n  SFUNC = int4pl,\n  STYPE = integer,\n  INITCOND = '0',\n" +
        "  COMBINEFUNC = int4pl,\n  PARALLEL = SAFE\n)",
    ]);
  });

  test("change in place under a view where the result stays", async () => {
    const { forward } = await exactly(
      `create aggregate total(integer) (sfunc = int4pl, stype = integer);
       create table t (a integer); create view v as select total(a) from t`,
      `create aggregate total(integer) (sfunc = int4pl, stype = integer, initcond = '5', msfunc = int4pl, minvfunc = int4mi,
         mstype = integer, minitcond = '0', sspace = 8, sortop = >);
       create table t (a integer); create view v as select total(a) from t`,
    );
    expect(forward[0]).toMatch(/^CREATE OR REPLACE AGGREGATE/);
  });

  test("are made again where the result changes", async () => {
    await exactly(
      `create aggregate total(integer) (sfunc = int4pl, stype = integer, initcond = '0');
       create table t (a integer); create view v as select total(a) from t; comment on aggregate total(integer) is 'x'`,
      `create function text_of(integer) returns text language sql as 'select $1::text';
       create aggregate total(integer) (sfunc = int4pl, stype = integer, finalfunc = text_of, initcond = '0');
       create table t (a integer); create view v as select total(a) from t; comment on aggregate total(integer) is 'x'`,
    );
  });

  test("ordered sets, hypothetical sets, any arguments, none", async () => {
    await exactly(
      "",
      `create aggregate my_percentile(float8 order by anyelement) (
         sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra, finalfunc_modify = read_write);
       create aggregate my_rank(variadic "any" order by variadic "any") (
         sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical);
       create aggregate how_many(*) (sfunc = int8inc, stype = int8, initcond = '0');
       comment on aggregate my_rank(variadic "any" order by variadic "any") is 'y';
       comment on aggregate how_many(*) is 'x'`,
    );
  });

  test("hostile names", async () => {
    await exactly(
      "",
      `create schema "S s"; create function "S s"."f ""n"(integer, integer) returns integer language sql as 'select 1';
       create aggregate "S s"."we""ird Näme"("a ""b" integer) (sfunc = "S s"."f ""n", stype = integer)`,
    );
  });
});
