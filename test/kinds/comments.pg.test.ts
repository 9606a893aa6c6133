import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("comments", (exactly) => {
  test("come, change and go, whatever is in them", async () => {
    const { forward, rollback } = await exactly(
      "create table t (id int); comment on table t is 'old'; comment on column t.id is 'gone'",
      `create table t (id int); comment on table t is 'it''s a \\ "new" one
on two lines'`,
    );
    expect(forward).toEqual([
      "COMMENT ON COLUMN public.t.id IS NULL",
      `COMMENT ON TABLE public.t IS E'it''s a \\\\ "new" one\non two lines'`,
    ]);
    expect(rollback).toEqual(["COMMENT ON COLUMN public.t.id IS 'gone'", "COMMENT ON TABLE public.t IS 'old'"]);
  });

  test("on everything that a table holds", async () => {
    const table = `create schema "S s"; create table "S s"."T t" ("A a" int default 1 primary key, b int not null check (b > 0));
      create index "I i" on "S s"."T t" (b); create view "S s".v as select b from "S s"."T t";
      create function "S s".f() returns trigger language plpgsql as 'begin return new; end';
      create trigger "Tr" before insert on "S s"."T t" for each row execute function "S s".f();
      create rule "R r" as on delete to "S s".v do instead nothing; create policy "P p" on "S s"."T t";`;
    const { forward } = await exactly(
      table,
      `${table}
       comment on schema "S s" is '1'; comment on table "S s"."T t" is '2'; comment on column "S s"."T t"."A a" is '3';
       comment on constraint "T t_pkey" on "S s"."T t" is '4'; comment on constraint "T t_b_check" on "S s"."T t" is '5';
       comment on index "S s"."I i" is '6'; comment on index "S s"."T t_pkey" is '7'; comment on view "S s".v is '8';
       comment on column "S s".v.b is '9'; comment on function "S s".f() is '10'; comment on trigger "Tr" on "S s"."T t" is '11';
       comment on rule "R r" on "S s".v is '12'; comment on policy "P p" on "S s"."T t" is '13'`,
    );
    expect(forward).toHaveLength(13);
    expect(forward).toContain(`COMMENT ON COLUMN "S s".v.b IS '9'`);
    expect(forward).toContain(`COMMENT ON INDEX "S s"."T t_pkey" IS '7'`);
  });

  test("on what is made anew are made anew", async () => {
    await exactly(
      "create table t (a int); create index i on t (a); comment on index i is 'x'; create view v as select a from t; comment on column v.a is 'y'",
      "create table t (a int); create index i on t (a desc); comment on index i is 'x'; create view v as select 1 as b, a from t; comment on column v.a is 'y'",
    );
  });

  test("on schema public and on the database are the ones that people wrote", async () => {
    const { forward, rollback } = await exactly(
      "",
      `comment on schema public is 'ours';
       do $do$ begin execute format('comment on database %I is %L', current_database(), '100% "ours"'); end $do$`,
    );
    expect(forward).toEqual([
      `DO $body$BEGIN EXECUTE format($sql$COMMENT ON DATABASE %I IS '100%% "ours"'$sql$, current_database()); END$body$`,
      "COMMENT ON SCHEMA public IS 'ours'",
    ]);
    expect(rollback).toContain("COMMENT ON SCHEMA public IS 'standard public schema'");
  });

  test("that an extension brings are the extension's", async () => {
    const { forward } = await exactly("", "create extension pg_trgm; comment on extension pg_trgm is 'ours'");
    expect(forward).toEqual([expect.stringMatching(/^CREATE EXTENSION/), "COMMENT ON EXTENSION pg_trgm IS 'ours'"]);
    const plain = await exactly("", "create extension pg_trgm");
    expect(plain.forward).toHaveLength(1);
  });
});
