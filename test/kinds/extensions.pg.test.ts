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

  test("an older version than the server's own is asked for by name, and nothing updates it unasked", async () => {
    const { forward } = await exactly("", "create extension citext version '1.4'");
    expect(forward).toEqual(["CREATE EXTENSION citext WITH SCHEMA public VERSION '1.4'"]);
  });

  test("extensions that need one another come in order", async () => {
    await exactly("", "create extension cube; create extension earthdistance");
  });
});
