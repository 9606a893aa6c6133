import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("range types", (exactly) => {
  test("say what is not PostgreSQL's own choice", async () => {
    const { forward } = await exactly(
      "",
      `create type floatrange as range (subtype = float8, subtype_diff = float8mi);
       create type words as range (subtype = text, collation = "C", multirange_type_name = many_words);
       create type patterns as range (subtype = text, subtype_opclass = text_pattern_ops)`,
    );
    expect(forward).toEqual([
      "CREATE TYPE public.floatrange AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi)",
      "CREATE TYPE public.patterns AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = pg_catalog.text_pattern_ops)",
      `CREATE TYPE public.words AS RANGE (SUBTYPE = text, COLLATION = pg_catalog."C", MULTIRANGE_TYPE_NAME = public.many_words)`,
    ]);
  });

  test("another subtype converts the columns that hold it, the multirange type's too", async () => {
    await exactly(
      `create type r as range (subtype = integer); create table t (a r, b r_multirange, c r[]);
       create view v as select lower(a) from t; create function f(r) returns integer language sql as 'select 1'`,
      `create type r as range (subtype = bigint); create table t (a r, b r_multirange, c r[]);
       create view v as select lower(a) from t; create function f(r) returns integer language sql as 'select 1'`,
    );
  });

  test("the multirange type's name changes by itself", async () => {
    await exactly(
      "create type r as range (subtype = integer); create table t (a r, b r_multirange)",
      "create type r as range (subtype = integer, multirange_type_name = rr); create table t (a r, b rr)",
    );
  });

  test("a subtype_diff comes and goes", async () => {
    await exactly(
      "create type r as range (subtype = float8)",
      "create type r as range (subtype = float8, subtype_diff = float8mi, multirange_type_name = rr)",
    );
  });

  test("another schema takes the multirange type and the constructors along", async () => {
    await exactly(
      "create schema a; create schema b; create type a.r as range (subtype = integer)",
      `create schema a; create schema b; create type a.r as range (subtype = integer, multirange_type_name = b."m m")`,
    );
  });

  test("hostile names", async () => {
    await exactly(
      "",
      `create schema "S s"; create type "S s"."we""ird Näme" as range (subtype = integer);
       create type "S s"."a range of ""things" as range (subtype = date);
       create table t (x "S s"."we""ird Näme")`,
    );
  });
});
