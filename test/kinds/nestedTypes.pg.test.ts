import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("types made of types", (exactly) => {
  test("a domain over an enum that loses a label is made anew with it, with its checks", async () => {
    const made = (labels: string) => `create type e as enum (${labels});
      create domain d as e default 'b' check (value is not null); create table t (v d, w e, x d[]); comment on domain d is 'words'`;
    const { forward } = await exactly(made("'a', 'b'"), made("'b'"));
    expect(forward.slice(-2)).toEqual(["DROP TYPE public.d__carried", "DROP TYPE public.e__replaced"]);
  });

  test("a composite type keeps its readers, comments and functions", async () => {
    const made = (labels: string) => `create type e as enum (${labels}); create type c as (x e);
      create table t (v c, z c[]); create view w as select (v).x from t; comment on column c.x is 'words';
      create function f(c) returns integer language sql as 'select 1'`;
    await exactly(made("'a', 'b'"), made("'b'"));
  });

  test("a type that no column holds is dropped and created again", async () => {
    const made = (labels: string) =>
      `create type e as enum (${labels}); create type c as (x e); create domain d as e; comment on column c.x is 'words'`;
    await exactly(made("'a', 'b'"), made("'b'"));
  });

  test("several layers, and one type in another by two ways", async () => {
    const made = (
      labels: string,
    ) => `create type e as enum (${labels}); create domain d as e; create type c as (x d, y e);
      create domain dc as c; create table t (v dc, q c); create table u (z e)`;
    await exactly(made("'a', 'b'"), made("'b', 'c'"));
  });

  test("a domain over a domain whose base changes", async () => {
    const made = (base: string) =>
      `create domain d as ${base}; create domain d2 as d check (value > 0); create table t (v d2)`;
    await exactly(made("integer"), made("bigint"));
  });

  test("the outer type may change at the same time", async () => {
    await exactly(
      "create type e as enum ('a', 'b'); create domain d as e; create table t (v d)",
      "create type e as enum ('b'); create domain d as e default 'b' constraint k check (value = 'b'); create table t (v d)",
    );
  });
});
