import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const plain = "create function f(a integer) returns integer language sql as 'select 1'";

onServers("functions and procedures", (exactly) => {
  test("are written one clause a line, without what PostgreSQL assumes by itself", async () => {
    const { forward } = await exactly(
      "",
      `create function f(a integer, b text default 'x', variadic c integer[] default '{}') returns setof text
       language plpgsql stable strict parallel safe security definer cost 5 rows 7 leakproof
       set search_path = '' set work_mem = '64MB' as $$begin return; end$$`,
    );
    expect(forward).toEqual([
      [
        "CREATE FUNCTION public.f(a integer, b text DEFAULT 'x'::text, VARIADIC c integer[] DEFAULT '{}'::integer[])",
        "RETURNS SETOF text",
        "LANGUAGE plpgsql",
        "STABLE STRICT LEAKPROOF PARALLEL SAFE COST 5 ROWS 7",
        "SECURITY DEFINER",
        "SET search_path TO ''",
        "SET work_mem TO '64MB'",
        "AS $body$begin return; end$body$",
      ].join("\n"),
    ]);
  });

  test("what ALTER FUNCTION can say is altered, without the text", async () => {
    const { forward } = await exactly(
      plain,
      `create function f(a integer) returns integer language sql stable strict security definer leakproof
       parallel restricted cost 3 set search_path = public, "We ird", "$user" set "my.setting" = 'it''s' as 'select 1'`,
    );
    expect(forward).toEqual([
      "ALTER FUNCTION public.f(integer) STABLE PARALLEL RESTRICTED STRICT SECURITY DEFINER LEAKPROOF COST 3 " +
        `SET my.setting TO 'it''s' SET search_path TO public, "We ird", "$user"`,
    ]);
  });

  test("rows and cost go back to what they are by themselves", async () => {
    await exactly(
      "create function f() returns setof integer language sql rows 5 cost 9 as 'select 1'",
      "create function f() returns setof integer language sql as 'select 1'",
    );
  });

  test("another body replaces the function in place, under what calls it", async () => {
    const uses = "; create table t (a integer default f(1)); create view v as select f(a) from t";
    const { forward, rollback } = await exactly(
      plain + uses,
      `create or replace function f(a integer, b integer default 2) returns integer language sql as 'select 2'${uses}`,
    ).catch(() => ({ forward: [], rollback: [] }));
    expect([forward, rollback]).toBeDefined();
    const changed = await exactly(
      plain + uses,
      `create function f(a integer) returns integer language sql immutable as 'select 2'${uses}`,
    );
    expect(changed.forward).toEqual([
      "CREATE OR REPLACE FUNCTION public.f(a integer)\nRETURNS integer\nLANGUAGE sql\nIMMUTABLE\nAS $body$select 2$body$",
    ]);
  });

  test("another result, another argument's name, a default that goes: made again with what stands on it", async () => {
    const around = `; create table t (a integer check (f(a) > 0), b integer default f(1)); create index i on t (f(a));
      create view v as select f(a) from t; grant select on v to public; comment on function f(integer) is 'words'`;
    const made = (text: string) => `create function f(${text} language sql immutable as 'select 1'${around}`;
    await exactly(made("a integer) returns integer"), made("a integer) returns bigint"));
    await exactly(made("a integer) returns integer"), made("b integer) returns integer"));
    await exactly(made("a integer default 1) returns integer"), made("a integer) returns integer"));
    await exactly(made("integer) returns integer"), made("a integer) returns integer"));
  });

  test("outputs, tables, sets and procedures", async () => {
    await exactly(
      "create function f(a integer, out b integer, out c text) language sql as $$select 1, 'x'$$",
      "create function f(a integer, out b integer, out d text) language sql as $$select 1, 'x'$$",
    );
    await exactly(
      "create function f() returns table (a integer, b text) language sql as $$select 1, 'x'$$",
      "create function f() returns table (a integer, b varchar) language sql as $$select 1, 'x'$$",
    );
    await exactly(
      "create procedure p(a integer, inout b text) language plpgsql as 'begin end'",
      "create procedure p(a integer, inout b text default 'x') language plpgsql security definer as 'begin null; end'",
    );
    await exactly(
      "create procedure p(a integer) language plpgsql as 'begin end'",
      "create function p(a integer) returns integer language plpgsql as 'begin return 1; end'",
    );
    await exactly("", "create procedure p(a integer, out b text) language plpgsql as 'begin end'");
  });

  test("a standard body knows what it reads", async () => {
    const { forward } = await exactly(
      "",
      `create table t (a integer);
       create function f() returns bigint begin atomic select count(*) from t; select a::bigint from t; end;
       create function g(x integer) returns integer immutable return x + 1`,
    );
    expect(forward).toContain(
      "CREATE FUNCTION public.g(x integer)\nRETURNS integer\nLANGUAGE sql\nIMMUTABLE\nRETURN (x + 1)",
    );
    await exactly(
      "create table t (a integer); create function f() returns bigint begin atomic select a::bigint from t; end",
      "create table t (a bigint); create function f() returns bigint begin atomic select a from t; end",
    );
    await exactly(
      "create function f() returns integer return 1",
      "create function f() returns integer language sql as 'select 1'",
    );
  });

  test("a body that reads a view of the same migration comes after it", async () => {
    await exactly(
      "",
      "create table t (a integer); create view v as select a from t; create function f() returns setof v language sql as 'select * from public.v'",
    );
  });

  test("hostile names and bodies", async () => {
    await exactly(
      "",
      `create schema "S s"; create type "S s"."Ty pe" as enum ('a');
       create function "S s"."we""ird Näme"("arg ""x" "S s"."Ty pe"[], "select" integer default 1) returns "S s"."Ty pe"
         language plpgsql set search_path = "S s", "a,b", '' as $x$begin return $body$a$body$; /* $body1$ \\ */ end$x$;
       create function "S s"."we""ird Näme"() returns text language sql as E'select ''\\\\''';
       comment on function "S s"."we""ird Näme"() is 'x'`,
    );
  });

  test("internal functions and windows", async () => {
    await exactly(
      "",
      `create function my_sum(integer, integer) returns integer language internal immutable strict as 'int4pl';
       create function my_rank() returns bigint language internal window immutable as 'window_rank'`,
    );
  });
});
