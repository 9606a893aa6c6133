import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FactId } from "../../compiler/facts.ts";
import { kindOf } from "../../compiler/kinds/registry.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { MAJORS } from "../servers.ts";

/** What is made, the name it is given instead, and the identities before and after. */
const RENAMES: readonly (readonly [
  sql: string,
  to: Readonly<Record<string, string>>,
  before: string,
  after: string,
])[] = [
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

for (const major of MAJORS) {
  describe(`renames, on PostgreSQL ${major}`, () => {
    let shadow: Shadow;
    beforeAll(async () => {
      shadow = await openShadow(`binary:${major}`);
    });
    afterAll(() => shadow?.close());

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
