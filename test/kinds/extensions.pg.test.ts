import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("extensions", (exactly) => {
  test("come before what uses them and go after", async () => {
    const { forward } = await exactly(
      "",
      "create extension citext; create extension pg_trgm; create table t (a citext); create index i on t using gin ((a::text) gin_trgm_ops)",
    );
    expect(forward.slice(0, 2)).toEqual([
      "CREATE EXTENSION citext WITH SCHEMA public",
      "CREATE EXTENSION pg_trgm WITH SCHEMA public",
    ]);
  });

  test("move to another schema with what uses them", async () => {
    const { forward } = await exactly(
      "create schema ext; create extension citext; create table t (a citext)",
      "create schema ext; create extension citext schema ext; create table t (a ext.citext)",
    );
    expect(forward).toContain("ALTER EXTENSION citext SET SCHEMA ext");
  });

  test("an older version than the server's own is asked for by name", async () => {
    const { forward } = await exactly("", "create extension citext version '1.4'");
    expect(forward).toEqual(["CREATE EXTENSION citext WITH SCHEMA public VERSION '1.4'"]);
  });

  test("are updated where the server knows a way, with what uses them in place; what it knows no way to is told", async () => {
    const [old, own] = ["create extension citext version '1.4'", "create extension citext"].map(
      (made) => `${made}; create table t (a citext)`,
    ) as [string, string];
    const newer = await exactly(old, own);
    expect(newer.forward).toEqual(["ALTER EXTENSION citext UPDATE"]);
    expect(newer.rollback).toEqual([]);
    expect(newer.short).toEqual({ forward: [], rollback: ["extension citext"] });
    expect((await exactly(old, own.replace("citext;", "citext version '1.5';"))).forward).toEqual([
      "ALTER EXTENSION citext UPDATE TO '1.5'",
    ]);
    const older = await exactly(own, old);
    expect(older.forward).toEqual([]);
    expect(older.short).toEqual({ forward: ["extension citext"], rollback: [] });
  });

  test("what is declared to go with an extension", async () => {
    const made = `create extension citext; create table t (a text); create index i on t (a); create materialized view m as select 1 as a;
      create function f() returns integer language sql as 'select 1';
      create trigger g before update on t for each row execute function suppress_redundant_updates_trigger();`;
    const { forward } = await exactly(
      made,
      `${made} alter function f() depends on extension citext; alter index i depends on extension citext;
       alter trigger g on t depends on extension citext; alter materialized view m depends on extension citext`,
    );
    expect(forward.toSorted()).toEqual([
      "ALTER FUNCTION public.f() DEPENDS ON EXTENSION citext",
      "ALTER INDEX public.i DEPENDS ON EXTENSION citext",
      "ALTER MATERIALIZED VIEW public.m DEPENDS ON EXTENSION citext",
      "ALTER TRIGGER g ON public.t DEPENDS ON EXTENSION citext",
    ]);
    await exactly(
      `${made} alter function f() depends on extension citext`,
      "create table t (a text); create function f() returns integer language sql as 'select 1'",
    );
  });

  test("extensions that need one another come in order", async () => {
    await exactly("", "create extension cube; create extension earthdistance");
  });
});
