import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

const base = `create table t (a integer, b text); create view v as select * from t;
  create function f() returns trigger language plpgsql as 'begin return new; end';
  create function g() returns trigger language plpgsql as 'begin return new; end';`;

onServers("triggers", (exactly) => {
  test("have the function on a line of its own", async () => {
    const { forward } = await exactly(
      base,
      `${base} create trigger tr before insert or update of a on t for each row when (new.a > 0) execute function f('x', ' FOR EACH ROW ')`,
    );
    expect(forward).toEqual([
      "CREATE TRIGGER tr\n  BEFORE INSERT OR UPDATE OF a ON public.t\n" +
        "  FOR EACH ROW WHEN ((new.a > 0)) EXECUTE FUNCTION public.f('x', ' FOR EACH ROW ')",
    ]);
  });

  test("are replaced in place, and keep how they fire", async () => {
    const { forward } = await exactly(
      `${base} create trigger tr before insert on t for each row execute function f(); alter table t enable always trigger tr`,
      `${base} create trigger tr after update or delete on t for each statement execute function g(); alter table t enable always trigger tr`,
    );
    expect(forward).toEqual([
      "CREATE OR REPLACE TRIGGER tr\n  AFTER DELETE OR UPDATE ON public.t\n  FOR EACH STATEMENT EXECUTE FUNCTION public.g()",
      "ALTER TABLE public.t ENABLE ALWAYS TRIGGER tr",
    ]);
  });

  test.each(["disable", "enable replica", "enable always"])("%s", async (fires) => {
    const made = `${base} create trigger tr before insert on t for each row execute function f();`;
    const { forward } = await exactly(made, `${made} alter table t ${fires} trigger tr`);
    expect(forward).toEqual([`ALTER TABLE public.t ${fires.toUpperCase()} TRIGGER tr`]);
    await exactly("", `${made} alter table t ${fires} trigger tr`);
  });

  test("constraint triggers are made again", async () => {
    await exactly(
      `${base} create constraint trigger tr after insert on t deferrable for each row execute function f()`,
      `${base} create constraint trigger tr after insert on t deferrable initially deferred for each row execute function f()`,
    );
    await exactly(
      `${base} create trigger tr after insert on t for each row execute function f()`,
      `${base} create table o (x integer); create constraint trigger tr after insert or update on t from o for each row execute function f();
       comment on trigger tr on t is 'words'`,
    );
  });

  test("another name is a rename", async () => {
    const { forward } = await exactly(
      `${base} create trigger one before insert on t for each row execute function f()`,
      `${base} create trigger two before insert on t for each row execute function f()`,
    );
    expect(forward).toEqual(["ALTER TRIGGER one ON public.t RENAME TO two"]);
  });

  test("transition tables, views, truncation", async () => {
    await exactly(
      base,
      `${base} create trigger a after update on t referencing old table as old_rows new table as new_rows for each statement execute function f();
       create trigger b instead of insert on v for each row execute function f();
       create trigger c after truncate on t execute function f()`,
    );
  });

  test("survive another type of their column, and the function's own replacement", async () => {
    const made = (type: string, result: string) => `create table t (a ${type}, b text);
      create function f() returns trigger language plpgsql as 'begin ${result} end';
      create trigger tr before update of a on t for each row when (new.a is not null) execute function f();
      alter table t disable trigger tr; comment on trigger tr on t is 'words'`;
    await exactly(made("integer", "return new;"), made("bigint", "return null;"));
  });

  test("go with their table, and partitions have their parent's", async () => {
    const parts = `${base} create table p (a integer) partition by range (a); create table p1 partition of p for values from (0) to (9);`;
    await exactly(parts, `${parts} create trigger tr after insert on p for each row execute function f()`);
    const { rollback } = await exactly(
      "create function f() returns trigger language plpgsql as 'begin return new; end'",
      `create function f() returns trigger language plpgsql as 'begin return new; end';
       create table t (a integer); create trigger tr after insert on t for each row execute function f()`,
    );
    expect(rollback).toEqual(["DROP TABLE public.t"]);
  });

  test("a partition's copy may fire otherwise than its parent's", async () => {
    const parts = `${base} create table p (a integer) partition by range (a); create table p1 partition of p for values from (0) to (9);
      create trigger tr after insert on p for each row execute function f();`;
    const { forward } = await exactly(parts, `${parts} alter table p1 disable trigger tr`);
    expect(forward).toEqual(["ALTER TABLE ONLY public.p1 DISABLE TRIGGER tr"]);
    await exactly("", `${parts} alter table p1 enable always trigger tr`);
    await exactly(
      `${parts} alter table p1 disable trigger tr`,
      `${parts} create or replace trigger tr after update on p for each row execute function g(); alter table only p1 disable trigger tr`,
    );
    await exactly(`${parts} alter table p1 disable trigger tr`, `${parts} alter table only p disable trigger tr`);
  });

  test("hostile names", async () => {
    await exactly(
      "",
      `create schema "S s"; create table "S s"."ta ""b" ("c ""c" integer);
       create function "S s"."f ""n"() returns trigger language plpgsql as 'begin return new; end';
       create trigger "we""ird Näme" before update of "c ""c" on "S s"."ta ""b" for each row execute function "S s"."f ""n"('it''s', E'\\\\');
       alter table "S s"."ta ""b" disable trigger "we""ird Näme"`,
    );
  });
});
