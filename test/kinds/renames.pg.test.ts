import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FactId } from "../../compiler/facts.ts";
import { kindOf } from "../../compiler/kinds/registry.ts";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { statementsOf } from "../exact.ts";
import { MAJORS_OF_LONG_SUITES } from "../servers.ts";

/** What is made, the name it is given instead, and the identities before and after. */
const RENAMES: readonly (readonly [
  sql: string,
  to: Readonly<Record<string, string>>,
  before: string,
  after: string,
])[] = [
  ["create sequence s", { schema: "S s", name: "N n" }, "sequence public.s", `sequence "S s"."N n"`],
  ["create domain d as int", { schema: "S s", name: "N n" }, "domain public.d", `domain "S s"."N n"`],
  [
    "create domain d as int constraint c check (value > 0)",
    { name: "N n" },
    "domain constraint public.d.c",
    `domain constraint public.d."N n"`,
  ],
  ["create type t as enum ('a')", { schema: "S s", name: "N n" }, "enum public.t", `enum "S s"."N n"`],
  ["create type t as (a int)", { schema: "S s", name: "N n" }, "composite type public.t", `composite type "S s"."N n"`],
  [
    "create type t as (a int); create table o of t",
    { name: "N n" },
    "composite attribute public.t.a",
    `composite attribute public.t."N n"`,
  ],
  [
    "create type t as range (subtype = int)",
    { schema: "S s", name: "N n" },
    "range type public.t",
    `range type "S s"."N n"`,
  ],
  ["create collation c (locale = 'C')", { schema: "S s", name: "N n" }, "collation public.c", `collation "S s"."N n"`],
  [
    "create function f(a int, out b text) language sql as 'select 1::text'",
    { schema: "S s", name: "N n" },
    "function public.f(integer)",
    `function "S s"."N n"(integer)`,
  ],
  [
    "create procedure f(a int, inout b text) language plpgsql as 'begin end'",
    { schema: "S s", name: "N n" },
    "function public.f(integer, text)",
    `function "S s"."N n"(integer, text)`,
  ],
  [
    "create aggregate a(*) (sfunc = int8inc, stype = int8, initcond = '0')",
    { schema: "S s", name: "N n" },
    "aggregate public.a()",
    `aggregate "S s"."N n"()`,
  ],
  [
    `create aggregate a(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi, stype = internal, finalfunc = rank_final, finalfunc_extra, hypothetical)`,
    { schema: "S s", name: "N n" },
    `aggregate public.a("any")`,
    `aggregate "S s"."N n"("any")`,
  ],
  [
    "create table t (a int); create trigger g before update on t for each row execute function suppress_redundant_updates_trigger()",
    { name: "N n" },
    "trigger public.t.g",
    `trigger public.t."N n"`,
  ],
  [
    "create function f() returns event_trigger language plpgsql as 'begin end'; create event trigger e on sql_drop execute function f()",
    { name: "N n" },
    "event trigger e",
    `event trigger "N n"`,
  ],
  [
    "create table t (a int); create rule r as on insert to t do nothing",
    { name: "N n" },
    "rule public.t.r",
    `rule public.t."N n"`,
  ],
  ["create view v as select 1 as a", { schema: "S s", name: "N n" }, "view public.v", `view "S s"."N n"`],
  [
    "create materialized view m as select 1 as a",
    { schema: "S s", name: "N n" },
    "materialized view public.m",
    `materialized view "S s"."N n"`,
  ],
  [
    "create table t (a int, b int); create statistics s on a, b from t",
    { schema: "S s", name: "N n" },
    "statistics public.s",
    `statistics "S s"."N n"`,
  ],
  ["create role old", { name: "N n" }, "role old", `role "N n"`],
  ["create language l handler plpgsql_call_handler", { name: "N n" }, "language l", `language "N n"`],
  [
    "create conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
    { schema: "S s", name: "N n" },
    "conversion public.c",
    `conversion "S s"."N n"`,
  ],
  [
    "create operator === (function = int4eq, leftarg = int, rightarg = int)",
    { schema: "S s" },
    "operator public.===(integer, integer)",
    `operator "S s".===(integer, integer)`,
  ],
  [
    "create operator family f using btree",
    { schema: "S s", name: "N n" },
    "operator family public.f USING btree",
    `operator family "S s"."N n" USING btree`,
  ],
  [
    "create operator class k for type int using gist as storage int",
    { schema: "S s", name: "N n" },
    "operator class public.k USING gist",
    `operator class "S s"."N n" USING gist`,
  ],
  [
    "create text search parser p (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)",
    { schema: "S s", name: "N n" },
    "text search parser public.p",
    `text search parser "S s"."N n"`,
  ],
  [
    "create text search template te (lexize = dsimple_lexize)",
    { schema: "S s", name: "N n" },
    "text search template public.te",
    `text search template "S s"."N n"`,
  ],
  [
    "create text search dictionary d (template = simple)",
    { schema: "S s", name: "N n" },
    "text search dictionary public.d",
    `text search dictionary "S s"."N n"`,
  ],
  [
    "create text search configuration c (parser = default)",
    { schema: "S s", name: "N n" },
    "text search configuration public.c",
    `text search configuration "S s"."N n"`,
  ],
  ["create foreign data wrapper w", { name: "N n" }, "foreign data wrapper w", `foreign data wrapper "N n"`],
  [
    "create foreign data wrapper w; create server s foreign data wrapper w",
    { name: "N n" },
    "server s",
    `server "N n"`,
  ],
  [
    "create foreign data wrapper w; create server s foreign data wrapper w; create foreign table f (a int) server s",
    { schema: "S s", name: "N n" },
    "foreign table public.f",
    `foreign table "S s"."N n"`,
  ],
  ["create publication p", { name: "N n" }, "publication p", `publication "N n"`],
  [
    "create subscription s connection 'host=x' publication p with (connect = false, slot_name = none)",
    { name: "N n" },
    "subscription s",
    `subscription "N n"`,
  ],
];

for (const major of MAJORS_OF_LONG_SUITES) {
  describe(`renames, on PostgreSQL ${major}`, () => {
    let shadow: Shadow;
    beforeAll(async () => {
      shadow = await openShadow(`binary:${major}`);
    });
    afterAll(() => shadow?.close());

    const renamedTable = async (before: string, after: string, to: string, renamedFrom: string) => {
      const source = (name: string, text: string) => scriptSource(name, [{ file: `${name}.sql`, text }]);
      const hints = new Map([[to as FactId, { renamedFrom: renamedFrom as FactId }]]);
      const options = { withRows: true, withObserver: true };
      const { forward } = await proveMigration(source("a", before), { ...source("b", after), hints }, shadow, options);
      return statementsOf(forward);
    };

    test("a table takes the name of an index that goes", async () => {
      const forward = await renamedTable(
        "create table t (a int); create table u (b int); create index taken on t (a)",
        "create table t (a int); create table taken (b int)",
        "table public.taken",
        "table public.u",
      );
      expect(forward).toEqual([
        "ALTER INDEX public.taken RENAME TO taken__replaced",
        "ALTER TABLE public.u RENAME TO taken",
        "DROP INDEX public.taken__replaced",
      ]);
    });

    test("a table moves under another name to a schema that comes with it", async () => {
      const forward = await renamedTable(
        "create table t (a int)",
        "create schema s; create table s.u (a int)",
        "table s.u",
        "table public.t",
      );
      expect(forward).toEqual(["CREATE SCHEMA s", "ALTER TABLE public.t SET SCHEMA s", "ALTER TABLE s.t RENAME TO u"]);
    });

    test("a table moves under another name where both others are taken", async () => {
      const forward = await renamedTable(
        "create schema s; create table t (a int); create table s.t (b int); create table u (c int)",
        "create schema s; create table s.u (a int); create table s.t (b int); create table u (c int)",
        "table s.u",
        "table public.t",
      );
      expect(forward).toEqual([
        "ALTER TABLE public.t RENAME TO u__moving",
        "ALTER TABLE public.u__moving SET SCHEMA s",
        "ALTER TABLE s.u__moving RENAME TO u",
      ]);
    });

    test("what PostgreSQL named after a table, cut to fit, is named after it still", async () => {
      const [old, now] = ["an_old_name_of_many_words_for_a_table", "a_new_name_of_many_words_for_a_table"];
      const columns = "(of_a_name_that_is_longer_still int generated always as identity)";
      const forward = await renamedTable(
        `create table ${old} ${columns}`,
        `create table ${now} ${columns}`,
        `table public.${now}`,
        `table public.${old}`,
      );
      expect(forward.filter((sql) => !sql.includes(" RENAME CONSTRAINT "))).toEqual([
        `ALTER TABLE public.${old} RENAME TO ${now}`,
        "ALTER SEQUENCE public.an_old_name_of_many_words_for_of_a_name_that_is_longer_stil_seq RENAME TO a_new_name_of_many_words_for__of_a_name_that_is_longer_stil_seq",
      ]);
    });

    test.each(RENAMES)("%s", async (sql, to, before, after) => {
      const session = await shadow.scratch();
      try {
        await session.run(`create schema "S s"; ${sql}`);
        const fact = (await readCatalog(session)).get(before as FactId);
        expect(fact, before).toBeDefined();
        if (fact === undefined) return;
        const statements = kindOf(fact).rename?.(fact.attributes, { ...fact.attributes, ...to }) ?? [];
        for (const one of statements) await session.run(one.sql);
        const renamed = await readCatalog(session);
        expect([...renamed.keys()]).toContain(after);
        expect([...renamed.keys()]).not.toContain(before);
      } finally {
        await session.close();
      }
    });
  });
}
