import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeDelta, diffFacts } from "../../compiler/diff/diffFacts.ts";
import type { FactId } from "../../compiler/facts.ts";
import { proveMigration, resolve } from "../../compiler/prove/proveMigration.ts";
import { domainSource } from "../../compiler/resolve/definitionsSource.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { compileText, complaint } from "../definitionsFolder.ts";
import { statementsOf } from "../exact.ts";
import { NEWEST } from "../servers.ts";
import { CASES, TABLES } from "./otherKinds.ts";

// What these declare came with one version or another.
const isThere = NEWEST >= 18;

let shadow: Shadow;
beforeAll(async () => {
  // Subscriptions and roles are seen by all that runs on the same server.
  if (isThere) shadow = await openShadow(`binary:${NEWEST}`);
});
afterAll(() => shadow?.close());

/** What differs between definitions and the SQL that says the same. */
async function differences(definitions: string, sql: string): Promise<readonly string[]> {
  const domain = await compileText(definitions);
  const declared = await resolve(domainSource(domain), shadow, new Set());
  const written = await resolve(scriptSource("state.sql", [{ file: "state.sql", text: sql }]), shadow, new Set());
  // A default that is null is none.
  const isNone = (id: FactId) => domain.facts.get(id)?.attributes.expression === "NULL";
  const unknown = [...domain.facts.keys()].filter((id) => !declared.has(id) && !isNone(id));
  return [...diffFacts(declared, written).map(describeDelta), ...unknown.map((id) => `not found: ${id}`)];
}

/** Statements on the way from one text of definitions to another, proved both ways. */
async function way(from: string, to: string): Promise<readonly string[]> {
  const [before, after] = await Promise.all([from, to].map(compileText));
  const sources = [before, after].flatMap((domain) => (domain === undefined ? [] : [domainSource(domain)]));
  const [one, other] = sources;
  if (one === undefined || other === undefined) throw new Error("nothing to prove");
  return statementsOf((await proveMigration(one, other, shadow, { withRows: true })).forward);
}

describe.runIf(isThere)("a declaration makes what the SQL would", () => {
  test.each(CASES)("%s", async (_, definitions, sql) => {
    expect(await differences(definitions, sql)).toEqual([]);
  });
});

describe.runIf(isThere)("what definitions change is changed as a person would", () => {
  test("in place where PostgreSQL can, by a rename where they say so", async () => {
    const before = `${TABLES}
      export const w = foreignDataWrapper("w");
      export const far = foreignServer("far", { wrapper: w, options: { host: "a", port: "1" } });
      export const f = foreignTable("f", { server: far, columns: { a: integer() } });
      export const feed = publication("feed", { tables: [users] });
      export const mine = textSearchDictionary("mine", { template: "simple" });
      export const search = textSearchConfiguration("search", { mappings: { word: [mine] } });
      export const total = aggregate("total", { arguments: [integer()], state: integer(), transition: sql\`int4pl\` });
      export const byte = collation("byte", { locale: "C" });
      export const keep = rule("keep", users, { on: "delete", instead: true, do: [] });`;
    const after = `${TABLES}
      export const w = foreignDataWrapper("w2", { renamedFrom: "w" });
      export const far = foreignServer("far", { wrapper: w, options: { host: "b" } });
      export const f = foreignTable("g", { server: far, columns: { a: bigint() }, renamedFrom: "f" });
      export const feed = publication("feed", { tables: [{ table: users, columns: ["id"] }, posts], publish: ["insert"] });
      export const mine = textSearchDictionary("mine", { template: "simple", options: { stopwords: "english" } });
      export const search = textSearchConfiguration("search2", { mappings: { word: [mine, "simple"] }, renamedFrom: "search" });
      export const total = aggregate("sum_of", { arguments: [integer()], state: integer(), transition: sql\`int4pl\`, initial: "0", renamedFrom: "total" });
      export const byte = collation("bytes", { schema: app, locale: "C", renamedFrom: "public.byte" });
      export const keep = rule("stay", users, { on: "delete", instead: true, do: [], renamedFrom: "keep" });`;
    expect((await way(before, after)).toSorted()).toEqual([
      "ALTER AGGREGATE public.total(integer) RENAME TO sum_of",
      "ALTER COLLATION app.byte RENAME TO bytes",
      "ALTER COLLATION public.byte SET SCHEMA app",
      "ALTER FOREIGN DATA WRAPPER w RENAME TO w2",
      "ALTER FOREIGN TABLE public.f RENAME TO g",
      "ALTER PUBLICATION feed ADD TABLE ONLY app.posts",
      "ALTER PUBLICATION feed ADD TABLE ONLY public.users (id)",
      "ALTER PUBLICATION feed DROP TABLE ONLY public.users",
      "ALTER PUBLICATION feed SET (publish = 'insert')",
      "ALTER RULE keep ON public.users RENAME TO stay",
      "ALTER SERVER far OPTIONS (DROP port, SET host 'b')",
      "ALTER TABLE public.g ALTER COLUMN a TYPE bigint",
      "ALTER TABLE public.g RENAME CONSTRAINT f_a_not_null TO g_a_not_null",
      "ALTER TEXT SEARCH CONFIGURATION public.search RENAME TO search2",
      "ALTER TEXT SEARCH CONFIGURATION public.search2 ALTER MAPPING FOR word WITH public.mine, simple",
      "ALTER TEXT SEARCH DICTIONARY public.mine (stopwords = 'english')",
      "CREATE OR REPLACE AGGREGATE public.sum_of(integer) (\n  SFUNC = int4pl,\n  STYPE = integer,\n  INITCOND = '0'\n)",
    ]);
  });
});

describe("a mistake is told where it stands", () => {
  test.each([
    ["a misspelt option", `export const c = collation("c", { locales: "C" } as never);`, "unknown-option", "locale?"],
    [
      "a name twice",
      `export const a = foreignServer("s", { wrapper: "w" });\nexport const b = foreignServer("s", { wrapper: "w" });`,
      "declared-twice",
      "shop.ts:2:14",
    ],
    [
      "what nobody exports",
      `const hidden = foreignDataWrapper("w");\nexport const s = foreignServer("s", { wrapper: hidden });`,
      "reference-not-found",
      "w",
    ],
    [
      "a password",
      `export const s = subscription("s", { connection: "host=x password=y", publications: ["p"] });`,
      "secret-in-definition",
      "subscription s",
    ],
    [
      "a secret of a user mapping",
      `export const m = userMapping({ for: "public", server: "s", options: { password: "x" } });`,
      "secret-in-definition",
      "password",
    ],
    [
      "a part of an index on what is no partition",
      `export const t = table("t", { columns: { a: integer() }, indexes: [{ on: ["a"], partOf: "i" }] });`,
      "index-not-in-partition",
      "t is no partition",
    ],
    [
      "an inherited column that is nowhere",
      `export const t = table("t", { columns: { a: integer() }, inherited: { b: { default: 1 } } });`,
      "column-not-found",
      "b",
    ],
    [
      "nothing where a function is wanted",
      `export const c = cast({ from: text(), to: integer() } as never);`,
      "definition-malformed",
      "cast",
    ],
  ])("%s", async (_, text, code, says) => {
    const found = await complaint(text);
    expect(found).toMatchObject({ code, at: expect.stringMatching(/^shop\.ts:[23]:\d+$/) });
    expect(found.message).toContain(says);
  });
});
