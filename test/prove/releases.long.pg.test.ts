import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issuedByClient, issuedByHand } from "../../compiler/generate/issued.ts";
import { composeMigration } from "../../compiler/migrations/writeMigration.ts";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import type { Breakage, Felt, Order } from "../../compiler/prove/releases.ts";
import { searchPathOf } from "../../compiler/queries/askShadow.ts";
import { parseQueries } from "../../compiler/queries/parseQueries.ts";
import { domainSource } from "../../compiler/resolve/definitionsSource.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { compileText } from "../definitionsFolder.ts";
import { embeddedShadow } from "../exact.ts";
import { NEWEST, server } from "../servers.ts";

afterAll(async () => (await embeddedShadow()).close());

interface State {
  readonly definitions: string;
  readonly queries?: string;
}

interface Judged {
  readonly order: readonly [forward: Order, rollback: Order];
  /** By its side and release: what PostgreSQL says, at which step, of how many, and the statement that it is due to. */
  readonly breaks: (side: "forward" | "rollback", release: Breakage["release"]) => readonly string[];
  readonly names: readonly string[];
  readonly felt: readonly string[];
  readonly review: string;
}

/** What the proof of a migration between two states says of the releases that were written for them. */
async function between(before: State, after: State, shadow?: Shadow): Promise<Judged> {
  const [from, to] = [await compileText(before.definitions), await compileText(after.definitions)];
  const byHand = async ({ queries }: State) =>
    queries === undefined ? [] : issuedByHand(await parseQueries("queries/all.sql", queries));
  const proved = await proveMigration(domainSource(from), domainSource(to), shadow ?? (await embeddedShadow()), {
    withRows: true,
    online: true,
    releases: {
      issuedByClient: (facts, columnsOf) => issuedByClient(to, facts, columnsOf),
      byHand: { previous: await byHand(before), next: await byHand(after) },
      searchPath: searchPathOf(to),
    },
  });
  const { releases } = proved.proof;
  if (releases === undefined) throw new Error("the releases were not judged");
  expect(releases.unjudged).toEqual([]);
  const { review } = composeMigration(proved, { domain: "shop", name: "0002_next", positions: to.positions });
  const told = ({ from: first, why, by }: Breakage) => `${first}: ${why} (${by?.sql})`;
  return {
    order: [releases.forward.order, releases.rollback.order],
    breaks: (side, release) => releases[side].breakages.filter((one) => one.release === release).map(told),
    names: [...releases.forward.breakages, ...releases.rollback.breakages].flatMap(({ statements }) => statements),
    felt: releases.felt.map(({ release, from: first, what }: Felt) => `${release} ${first}: ${what}`),
    review,
  };
}

const users = (columns: string, more = "", queries?: string): State => ({
  definitions: `export const users = table("users", { columns: { id: integer({ primaryKey: true }), ${columns} } });${more}`,
  ...(queries === undefined ? {} : { queries }),
});

describe.each(["embedded", NEWEST] as const)("on %s, a column", (engine) => {
  let shadow: Shadow;
  beforeAll(async () => {
    shadow = engine === "embedded" ? await embeddedShadow() : await openShadow(await server(engine));
  });
  afterAll(async () => (engine === "embedded" ? undefined : shadow.close()));

  test("that is new and nullable wants the schema first: the release before it never notices", async () => {
    const { order, breaks } = await between(
      users("name: text()"),
      users("name: text(), age: integer({ nullable: true })"),
      shadow,
    );
    expect(order).toEqual(["schema first", "code first"]);
    expect(breaks("forward", "previous")).toEqual([]);
    expect(breaks("rollback", "next")).toEqual([
      '1: column "age" does not exist (ALTER TABLE public.users DROP COLUMN age)',
    ]);
  });

  test("that is new and NOT NULL breaks the INSERT of the release that does not know it, at the statement that says so", async () => {
    const { order, breaks, names } = await between(
      users("name: text()"),
      users("name: text(), age: integer({ backfill: sql`1` })"),
      shadow,
    );
    expect(order).toEqual(["in phases", "in phases"]);
    expect(breaks("forward", "previous")).toEqual([
      '1: null value in column "age" of relation "users" violates not-null constraint (ALTER TABLE public.users ALTER COLUMN age DROP DEFAULT)',
    ]);
    expect(names).toContain("users.insert");
  });

  test("that goes wants the code first, when the release before it could do without", async () => {
    const { order, breaks } = await between(
      users("name: text(), age: integer({ nullable: true })"),
      users("name: text()"),
      shadow,
    );
    expect(order).toEqual(["code first", "schema first"]);
    expect(breaks("forward", "previous")).toEqual([
      '1: column "age" does not exist (ALTER TABLE public.users DROP COLUMN age)',
    ]);
  });
});

describe("a migration between two releases", () => {
  test("that renames a column goes in phases, and the review says where in the definitions", async () => {
    const { order, review } = await between(users("name: text()"), users('\n  called: text({ renamedFrom: "name" })'));
    expect(order).toEqual(["in phases", "in phases"]);
    const section = review.slice(review.indexOf("## Releases"), review.indexOf("### Rolling back"));
    expect(section.replaceAll(/\(\S+shop\.ts/g, "(shop.ts")).toMatchInlineSnapshot(`
      "## Releases

      Services of the previous release, written for the start of this migration, issue 14 statements, those of the next, written for its end, 14: in generated functions, and by hand. Those that the migration can touch ran after every step, over rows.

      ### Deploying: in phases

      Neither order keeps services working: add first what the next release needs, beside what the previous one uses; deploy; then do the rest.

      - the previous release **breaks** at step 1, \`ALTER TABLE public.users RENAME COLUMN name TO called\` (shop.ts:3:3)
        - \`users.list\`, \`users.findById\`, \`users.findManyById\` and 10 more: column "name" does not exist (SQLSTATE 42703)
      - the next release **works only after** step 1, \`ALTER TABLE public.users RENAME COLUMN name TO called\` (shop.ts:3:3)
        - \`users.list\`, \`users.findById\`, \`users.findManyById\` and 10 more: column "called" does not exist (SQLSTATE 42703)

      "
    `);
  });

  test("that gives a column another type breaks who writes the old one, and tells who reads it", async () => {
    const text = users("name: text(), age: text()");
    const toNumber = await between(text, users("name: text(), age: integer({ using: sql`1` })"));
    expect(toNumber.order).toEqual(["code first", "schema first"]);
    expect(toNumber.breaks("forward", "previous")).toEqual([
      expect.stringContaining('column "age" is of type integer but expression is of type text'),
    ]);
    const wider = await between(users("age: integer()"), users("age: bigint()"));
    expect(wider.order).toEqual(["either", "either"]);
    expect(wider.felt).toEqual([
      "previous 1: column public.users.age is bigint, not integer",
      "next 0: column public.users.age is integer, not bigint",
    ]);
  });

  test("that moves a table to another schema goes in phases", async () => {
    const table = (more: string) => `
      export const app = schema("app");
      export const users = table("users", { columns: { id: integer({ primaryKey: true }) }${more} });`;
    const { order, breaks } = await between(
      { definitions: table("") },
      { definitions: table(', schema: app, renamedFrom: "public.users"') },
    );
    expect(order).toEqual(["in phases", "in phases"]);
    expect(breaks("forward", "previous")).toEqual([
      '1: relation "public.users" does not exist (ALTER TABLE public.users SET SCHEMA app)',
    ]);
  });

  test("that renames a function's parameter breaks those who name it", async () => {
    const twice = (parameter: string): State => ({
      definitions: `
        export const t = table("t", { columns: { id: integer({ primaryKey: true }) } });
        export const twice = fn("twice", { arguments: { ${parameter}: integer() }, returns: integer(), language: "sql",
          body: sql\`select $1 * 2\` });`,
    });
    const { order, names } = await between(twice("n"), twice("amount"));
    expect(order).toEqual(["in phases", "in phases"]);
    expect(new Set(names)).toEqual(new Set(["twice"]));
  });

  test("is judged by queries written by hand, too, at their lines", async () => {
    const shop = (view: string, queries: string) =>
      users(
        "name: text()",
        `export const names = view("names", { query: sql\`select ${view} from \${users}\` });`,
        queries,
      );
    const found = await between(
      shop("id, name", "\n-- name: findNames :many\nselect id from names where name = :name"),
      shop("id", "-- name: findNames :many\nselect id from names"),
    );
    expect(found.order).toEqual(["code first", "schema first"]);
    expect(found.names).toEqual(["names.list", "findNames", "names.list", "findNames"]);
    expect(found.review).toContain('`findNames` (queries/all.sql:2:1): column "name" does not exist (SQLSTATE 42703)');
  });

  test("that drops a view breaks who reads it; one that only adds an index is felt by nobody", async () => {
    const view = "export const names = view('names', { query: sql`select name from users`, dependsOn: [users] });";
    const dropped = await between(users("name: text()", view), users("name: text()"));
    expect(dropped.order).toEqual(["code first", "schema first"]);
    expect(dropped.names).toEqual(["names.list", "names.list"]);
    const index = {
      definitions: users("name: text()").definitions.replace("} });", '}, indexes: [{ on: ["name"] }] });'),
    };
    expect((await between(users("name: text()"), index)).order).toEqual(["either", "either"]);
  });

  test("that adds a label to an enum wants the schema first, and the release before it may read what it does not know", async () => {
    const moods = (labels: string): State => ({
      definitions: `export const mood = enumType("mood", [${labels}]);
        export const t = table("t", { columns: { id: integer({ primaryKey: true }), mood: mood() } });`,
    });
    const { order, breaks, felt } = await between(moods('"ok"'), moods('"ok", "sad"'));
    expect(order).toEqual(["schema first", "code first"]);
    expect(breaks("forward", "next")).toEqual([
      "0: public.mood does not take the label 'sad', which the release may write (ALTER TYPE public.mood ADD VALUE 'sad')",
    ]);
    expect(felt).toEqual(["previous 1: public.mood may be 'sad'"]);
  });

  test("sees what a trigger does that PostgreSQL reads only when it runs", async () => {
    const logged = (columns: string, values: string): State => ({
      definitions: `
        export const log = table("log", { columns: { id: integer({ primaryKey: true, identity: "always" }), ${columns} } });
        export const note = fn("note", { returns: "trigger", language: "plpgsql",
          body: sql\`begin insert into public.log (what) values (\${${values}}); return new; end\` });
        export const users = table("users", { columns: { id: integer({ primaryKey: true }), name: text() },
          triggers: { note: { after: ["insert"], forEach: "row", execute: note } } });`,
    });
    const { breaks } = await between(
      logged("what: text()", "sql`'x'`"),
      logged("what: text(), who: text({ backfill: sql`'x'` })", "sql`'x'`"),
    );
    expect(breaks("forward", "previous")).toEqual(
      expect.arrayContaining([expect.stringContaining('column "who" of relation "log"')]),
    );
  });
});
