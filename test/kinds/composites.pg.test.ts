import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("composite types", (exactly) => {
  test("are written one attribute a line", async () => {
    const { forward } = await exactly("", `create type addr as (street text collate "C", "No." integer)`);
    expect(forward).toEqual([`CREATE TYPE public.addr AS (\n  street text COLLATE "C",\n  "No." integer\n)`]);
    await exactly("", "create type nothing as ()");
  });

  test("attributes come, go and change in one statement", async () => {
    const { forward } = await exactly(
      "create type addr as (a text, b integer, c text)",
      "create type addr as (a text, c varchar(20), d date)",
    );
    expect(forward).toEqual([
      "ALTER TYPE public.addr\n  DROP ATTRIBUTE b,\n  ALTER ATTRIBUTE c TYPE character varying(20),\n  ADD ATTRIBUTE d date",
    ]);
  });

  test("a table's columns keep their values when an attribute comes", async () => {
    await exactly(
      "create type addr as (a text); create table t (x addr, y addr[])",
      "create type addr as (a text, b integer); create table t (x addr, y addr[])",
    );
  });

  test("a table's columns are converted when an attribute changes its type or place", async () => {
    await exactly(
      "create type addr as (a text, b integer); create table t (x addr); create view v as select (x).a from t",
      "create type addr as (a text, b bigint); create table t (x addr); create view v as select (x).a from t",
    );
    await exactly(
      "create type addr as (a text, b integer); create table t (x addr)",
      "create type addr as (b integer, a text, c date); create table t (x addr)",
    );
  });

  test("typed tables follow", async () => {
    await exactly(
      "create type addr as (a text, b integer); create table t of addr",
      "create type addr as (a text, b bigint, c date); create table t of addr",
    );
  });

  test("attributes have comments", async () => {
    const { forward } = await exactly(
      "create type addr as (a text)",
      "create type addr as (a text, b text); comment on column addr.b is 'second'; comment on column addr.a is 'first'",
    );
    expect(forward).toHaveLength(3);
  });

  test("hostile names", async () => {
    await exactly(
      `create schema "S s"; create type "S s"."we""ird Näme" as ("a""b" text)`,
      `create schema "S s"; create type "S s"."we""ird Näme" as ("a""b" varchar(5), "select" text)`,
    );
  });
});
