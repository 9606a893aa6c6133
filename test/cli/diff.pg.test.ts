import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { run } from "../../cli/diff.ts";
import { reportFailure } from "../../cli/terminal.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { freshDatabase, ownServer, type TestDatabase } from "../servers.ts";
import { newProject, type Project, type Ran } from "./project.ts";

let cluster: Cluster;
let project: Project;
const databases: TestDatabase[] = [];
beforeAll(async () => {
  vi.stubEnv("NO_COLOR", "1");
  vi.stubEnv("FORCE_COLOR", undefined);
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

interface Options {
  readonly json?: boolean;
  readonly observer?: boolean;
  readonly strict?: boolean;
  readonly columnOrder?: boolean;
  readonly out?: string;
  readonly shadow?: string;
}

/** `verso diff --exit-code` in this process: a process of its own takes longer to start than the command to run. */
async function diff(from: string, to: string, options: Options = {}): Promise<Ran> {
  const texts = { out: "", err: "" };
  const collect = (stream: "stdout" | "stderr", name: keyof typeof texts) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      texts[name] += String(text);
      return true;
    });
  const spies = [collect("stdout", "out"), collect("stderr", "err")];
  try {
    return { code: await run({ from, to, exitCode: true, ...options }), ...texts };
  } catch (error) {
    reportFailure(error, false);
    return { code: 1, ...texts };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The path of a script. */
async function script(name: string, sql: string): Promise<string> {
  await project.write(name, sql);
  return join(project.folder, name);
}

describe("the outside observer", () => {
  const schema = readFileSync("test/judges/keys-before.sql", "utf8");

  test("judges forward, rollback, and what was read of either database", async () => {
    const [from, to] = [await live(schema), await live(`${schema}; create view more as select 1 as one`)];
    const { code, out, err } = await diff(from, to, { observer: true, json: true });
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
    const { code, err } = await diff(odd, odd, { observer: true });
    expect(code).toBe(0);
    expect(err).toContain("warning: the observer sees in postgres://postgres@");
    expect(err.match(/warning: type public\.shell in .* is of a kind that is not modelled/g)).toHaveLength(2);
    expect(err).toContain('- pg_type {"typname":"shell"');
  });

  test("is a user like another, and says what it is not shown", async () => {
    const before = "create role reader login password 'reader'; create table t (a int)";
    const { code, err } = await diff(await live(before, "reader"), "empty", { observer: true });
    expect(err).toContain("does not show pg_authid");
    expect(err).toContain("the observer agrees with");
    expect(code).toBe(2);
  });
});

describe("an object of a kind that is not modelled", () => {
  test("is named in a warning, in a database and in a script; --strict makes it an error", async () => {
    const odd = await live("create type shell");
    const file = await script("odd.sql", "create type shell; create type other_shell;");
    const { code, out, err } = await diff(odd, file, { json: true });
    expect(code).toBe(0);
    expect(err).toContain(`warning: type public.other_shell in ${file} is of a kind that is not modelled`);
    expect(JSON.parse(out).unmodelled).toEqual({
      from: ["type public.shell"],
      to: ["type public.other_shell", "type public.shell"],
    });
    const strict = await diff(odd, file, { strict: true, out: join(project.folder, "scripts") });
    expect([strict.code, strict.err]).toEqual([1, expect.stringContaining("error[not-modelled]")]);
    expect(strict.err).toContain("odd.sql: type public.other_shell");
    expect(Object.keys(await project.files())).toEqual([expect.stringContaining("odd.sql")]);
  });
});

test("between databases that are the same there is nothing to prove, and no engine is started", async () => {
  const url = await live("create table t (a int)");
  const { code, out, err } = await diff(url, url, { shadow: "no engine" });
  expect([code, out, err]).toEqual([0, "", expect.stringContaining("no difference")]);
});

test("what cannot be read is named", async () => {
  const url = await live(
    `create role mapped login password 'mapped'; create role gazer login password 'gazer';
     create foreign data wrapper w; create server far foreign data wrapper w;
     create user mapping for mapped server far options (user 'x', password 'secret');
     create subscription s connection 'host=x password=secret' publication p with (connect = false, slot_name = none)`,
    "gazer",
  );
  const { out, err } = await diff(url, url, { json: true });
  const beside = await diff(await live("create table t (a int)"), "empty", { json: true });
  expect(JSON.parse(beside.out)).toMatchObject({ unmodelled: { from: [], to: [] }, unread: [] });
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
    const { code, out, err } = await diff(from, to, { json: true });
    expect(code).toBe(0);
    expect(err).toContain("note: table public.t has (a, b) and is to have (b, a); only --column-order");
    expect(JSON.parse(out)).toMatchObject({
      deltas: [],
      columnOrder: [{ parent: "table public.t", actual: ["a", "b"], wanted: ["b", "a"] }],
    });
    const asked = await diff(from, to, { columnOrder: true });
    expect([asked.code, asked.out]).toEqual([1, ""]);
    expect(asked.err).toContain("error[column-order]");
  });

  test("is not what it should be where columns come between others", async () => {
    const before = await script("one.sql", "create table t (a int, b text);");
    const after = await script(
      "two.sql",
      "create table t (a int, c int, b text, d int); create table u (x int, y int);",
    );
    const { code, err } = await diff(before, after, { columnOrder: true });
    expect([code, err]).toEqual([
      1,
      expect.stringContaining("table public.t has (a, b, c, d) and is to have (a, c, b, d)"),
    ]);
  });
});
