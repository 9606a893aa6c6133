import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { freshDatabase, ownServer, type TestDatabase } from "../servers.ts";
import { newProject, type Project } from "./project.ts";

vi.setConfig({ testTimeout: 300_000 });

let cluster: Cluster;
let project: Project;
const databases: TestDatabase[] = [];
beforeAll(async () => {
  cluster = await ownServer(18);
  project = await newProject();
});
afterAll(async () => {
  for (const database of databases) await database.close();
  await project.close();
  await cluster.close();
});

/** The URL of a database that this script leads to. */
async function live(sql: string, user?: string): Promise<string> {
  const database = await freshDatabase(cluster.url);
  databases.push(database);
  const session = await openServerSession(database.url);
  await session.run(sql).finally(() => session.close());
  const url = new URL(database.url);
  if (user === undefined) return database.url;
  [url.username, url.password] = [user, user];
  return url.toString();
}

const diff = (from: string, to: string, ...options: string[]) =>
  project.verso("diff", "--from", from, "--to", to, "--exit-code", ...options);

describe("the outside observer", () => {
  const schema = readFileSync("test/judges/keys-before.sql", "utf8");

  test("judges forward, rollback, and what was read of either database", async () => {
    const [from, to] = [await live(schema), await live(`${schema}; create view more as select 1 as one`)];
    const { code, out, err } = await diff(from, to, "--observer", "--json");
    expect(err).toMatch(/the observer agrees with forward and rollback on .*, what was read of .*, what was read of /);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      deltas: ["+ view public.more"],
      proof: { isObserved: true },
      unmodelled: { from: [], to: [] },
      observer: [
        { verdict: "agrees", differences: [], unseen: [] },
        { verdict: "agrees", differences: [], unseen: [] },
      ],
    });
  });

  test("says what the reader overlooked", async () => {
    const odd = await live("create table t (a int); create type shell; comment on type shell is 'words'");
    const { code, err } = await diff(odd, odd, "--observer");
    expect(code).toBe(0);
    expect(err).toContain("warning: the observer sees in postgres://postgres@");
    expect(err).toContain('- pg_type {"typname":"shell"');
  });

  test("is a user like another, and says what it is not shown", async () => {
    const before = "create role reader login password 'reader'; create table t (a int)";
    const { code, err } = await diff(await live(before, "reader"), "empty", "--observer");
    expect(err).toContain("does not show pg_authid");
    expect(err).toContain("the observer agrees with");
    expect(code).toBe(2);
  });
});

describe("an object of a kind that is not modelled", () => {
  test("is named in a warning, in a database and in a script; --strict makes it an error", async () => {
    const odd = await live("create type shell");
    await project.write("odd.sql", "create type shell; create type other_shell;");
    const { code, out, err } = await diff(odd, "odd.sql", "--json");
    expect(code).toBe(0);
    expect(err).toContain("warning: type public.other_shell in odd.sql is of a kind that is not modelled");
    expect(JSON.parse(out).unmodelled).toEqual({
      from: ["type public.shell"],
      to: ["type public.other_shell", "type public.shell"],
    });
    const strict = await diff(odd, "odd.sql", "--strict", "--out", "scripts");
    expect([strict.code, strict.err]).toEqual([1, expect.stringContaining("error[not-modelled]")]);
    expect(strict.err).toContain("odd.sql: type public.other_shell");
    expect(Object.keys(await project.files())).toEqual([expect.stringContaining("odd.sql")]);
  });
});

test("what cannot be read is named", async () => {
  const url = await live(
    `create role mapped login password 'mapped'; create role gazer login password 'gazer';
     create foreign data wrapper w; create server far foreign data wrapper w;
     create user mapping for mapped server far options (user 'x', password 'secret');
     create subscription s connection 'host=x password=secret' publication p with (connect = false, slot_name = none)`,
    "gazer",
  );
  const { out, err } = await diff(url, url, "--json");
  expect(err).toContain("the options of the user mapping FOR mapped SERVER far");
  expect(err).toContain("the connection of subscription s");
  expect(err).toContain("the password of role mapped");
  expect(err + out).not.toContain("secret");
  expect(JSON.parse(out).unread).toHaveLength(3);
  const session = await openServerSession(cluster.url.replace(/\/postgres$/, new URL(url).pathname));
  await session.run("alter subscription s disable; alter subscription s set (slot_name = none); drop subscription s");
  await session.close();
});

describe("the order of columns", () => {
  test("is seen and told of, and no difference unless it is asked for", async () => {
    const [from, to] = [await live("create table t (a int, b text)"), await live("create table t (b text, a int)")];
    const { code, out, err } = await diff(from, to, "--json");
    expect(code).toBe(0);
    expect(err).toContain("note: table public.t has (a, b) and is to have (b, a); only --column-order");
    expect(JSON.parse(out)).toMatchObject({
      deltas: [],
      columnOrder: [{ parent: "table public.t", actual: ["a", "b"], wanted: ["b", "a"] }],
    });
    const asked = await diff(from, to, "--column-order");
    expect([asked.code, asked.out]).toEqual([1, ""]);
    expect(asked.err).toContain("error[column-order]");
  });

  test("is not what it should be where columns come between others", async () => {
    await project.write("one.sql", "create table t (a int, b text);");
    await project.write("middle.sql", "create table t (a int, c int, b text, d int); create table u (x int, y int);");
    const { code, err } = await diff("one.sql", "middle.sql", "--column-order");
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("table public.t has (a, b, c, d) and is to have (a, c, b, d)"),
    ]);
  });
});
