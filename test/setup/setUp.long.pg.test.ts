import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { withDatabase } from "../../compiler/session/databaseUrl.ts";
import { openSession } from "../../compiler/session/open.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { MAJORS, ownServer } from "../servers.ts";
import { outcomes, SHOP, type Shop, shopProject, stepsOf } from "./fixtures.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await shopProject();
});
afterAll(() => shop.close());

const EVERYTHING_THERE = {
  database: "there",
  connection: "there",
  pool: "there",
  migrations: "there",
  extensions: "there",
  "roles and grants": "there",
  "database settings": "there",
  schema: "there",
};

describe.each(MAJORS)("a set-up on a server, PostgreSQL %s", (major) => {
  // PostgreSQL 16 can keep connections for roles that are no superusers.
  const keepsSome = major >= 16;
  let cluster: Cluster;
  let url: string;
  beforeAll(async () => {
    cluster = await ownServer(major, keepsSome ? { reserved_connections: "5" } : {});
    url = withDatabase(cluster.url, "shop");
  });
  afterAll(() => cluster.close());

  const run = async (sql: string, where = url): Promise<void> => {
    const session = await openServerSession(where);
    await session.run(sql).finally(() => session.close());
  };
  const databases = async (): Promise<readonly object[]> => {
    const session = await openServerSession(cluster.url);
    return session.query("select datname from pg_database where datname like 'shop%'").finally(() => session.close());
  };
  const catalog = async () => {
    const session = await openServerSession(url);
    return readCatalog(session).finally(() => session.close());
  };
  const as = (role: string, database = "shop"): string => {
    const { port } = new URL(cluster.url);
    return `postgres://${role}:word@127.0.0.1:${port}/${database}`;
  };

  test("that is tried dry says what it would do, and makes nothing", async () => {
    const steps = await stepsOf(shop, url, { mode: "dry run" });
    expect(steps.database?.told).toEqual([expect.stringContaining("does not exist")]);
    expect(steps.migrations).toMatchObject({ outcome: "would be done", told: ["0001_baseline"] });
    expect(await databases()).toEqual([]);
  });

  test("that is to test only fails where there is nothing to test, and makes nothing", async () => {
    const steps = await stepsOf(shop, url, { mode: "test" });
    expect(steps.database?.problem).toMatchObject({ code: "database-missing" });
    expect(steps["round trip"]?.outcome).toBe("there");
    expect(await databases()).toEqual([]);
  });

  test("makes the database, migrates it and tries everything out in it", async () => {
    const steps = await stepsOf(shop, url);
    expect(outcomes(steps)).toEqual({ ...EVERYTHING_THERE, database: "done", migrations: "done" });
    expect(steps.extensions?.told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^pg_trgm: likeness of verso and versus: 0\.\d+$/),
        "pgcrypto: SHA-256: ba7816bf8f01cfea",
        "unaccent: accents: Hotel",
        "uuid-ossp: a UUID by name: 2ed6657d-e927-568b-95e1-2665a8aea6a2",
        expect.stringMatching(/^pageinspect: its version: 1\.\d+$/),
      ]),
    );
    expect(steps["roles and grants"]?.told).toEqual(
      expect.arrayContaining(["role shop_app: may log in", "SELECT, INSERT on table public.users to shop_app: holds"]),
    );
    expect(steps["database settings"]?.told.toSorted()).toEqual(["statement_timeout: 30s", "work_mem: 8MB"]);
  });

  test("tells how the connection is protected, and the pool beside what the server takes", async () => {
    const { connection, pool } = await stepsOf(shop, url);
    expect(connection?.told[0]).toBe("not encrypted, on this machine, as postgres");
    expect(pool?.told).toEqual([
      "4 connections, by domain.ts",
      "and 2 more while all are busy, by domain.ts",
      `6 in all; the server takes ${keepsSome ? "42" : "47"}: room for 7 such processes`,
    ]);
    const { domain } = shop;
    const large = { ...domain.domain, options: { ...domain.domain.options, pool: { size: 200 } } };
    const greedy = await stepsOf({ ...shop, domain: { ...domain, domain: large } }, url);
    expect(greedy.pool?.warnings).toEqual([expect.stringContaining("lower DATABASE_POOL_SIZE")]);
  });

  test("run again finds all of it there, and changes nothing", async () => {
    const before = await catalog();
    expect(outcomes(await stepsOf(shop, url))).toEqual(EVERYTHING_THERE);
    expect(await catalog()).toEqual(before);
  });

  test("that loses its server on the way reports the step that failed, and what was done until then", async () => {
    let opened = 0;
    const closedAfterwards = await stepsOf(shop, url, {
      withSession: async (session, work) => {
        await work(session).finally(() => session.close());
        await run("alter database shop allow_connections false", cluster.url);
      },
    });
    await run("alter database shop allow_connections true", cluster.url);
    expect(outcomes(closedAfterwards)).toMatchObject({
      migrations: "there",
      connection: "failed",
      extensions: "left out",
      schema: "left out",
    });
    const cutOff = await stepsOf(shop, url, {
      withSession: async (session, work) => {
        opened += 1;
        const [own] = await session.query<{ pid: number }>("select pg_backend_pid() as pid");
        if (opened === 2) await run(`select pg_terminate_backend(${own?.pid}, 5000)`, cluster.url);
        await work(session).finally(() => session.close());
      },
    });
    expect(outcomes(cutOff)).toMatchObject({
      connection: "there",
      migrations: "there",
      extensions: "failed",
      schema: "failed",
    });
  });

  test("by a role that has a setting of its own does not take that for the database's", async () => {
    await run("alter role postgres set statement_timeout = '5min'");
    const steps = await stepsOf(shop, url);
    expect(steps["database settings"]).toMatchObject({
      outcome: "there",
      told: expect.arrayContaining(["statement_timeout: 5min, which postgres has of its own", "work_mem: 8MB"]),
    });
    await run("alter role postgres reset statement_timeout");
  });

  test("by a role that may not set or read a setting tells that it was not tried; with the right to, it is", async () => {
    const logged = await shopProject({
      "domain.ts": SHOP["domain.ts"],
      "access.ts": `import { databaseSetting } from "verso";
export const settings = [databaseSetting("log_min_duration_statement", "500ms"), databaseSetting("log_lock_waits", "on"),
  databaseSetting("dynamic_library_path", "$libdir"), databaseSetting("work_mem", "8MB")];
`,
    });
    await stepsOf(logged, withDatabase(cluster.url, "shop_logged"));
    await run("create role tester login password 'word'", cluster.url);
    await run(
      "grant select on all tables in schema verso to tester; grant usage on schema verso to tester",
      withDatabase(cluster.url, "shop_logged"),
    );
    const tried = async () =>
      (await stepsOf(logged, as("tester", "shop_logged"), { mode: "test" }))["database settings"];
    const compared = "log_min_duration_statement: 500, not compared: tester may not set it";
    const hidden = "dynamic_library_path: not tried: tester may not read it";
    const before = await tried();
    expect(before).toMatchObject({ outcome: "there", problem: null });
    expect(before?.told.toSorted()).toEqual(["log_lock_waits: on", "work_mem: 8MB"]);
    expect(before?.warnings.toSorted()).toEqual([hidden, compared]);
    await run("alter database shop_logged set log_min_duration_statement = '600ms'", cluster.url);
    if (major >= 15) {
      await run("grant set on parameter log_min_duration_statement to tester", cluster.url);
      expect((await tried())?.problem?.why).toBe("log_min_duration_statement: 600ms");
    }
    const asPostgres = await stepsOf(logged, withDatabase(cluster.url, "shop_logged"), { mode: "test" });
    expect(asPostgres["database settings"]?.problem?.why).toBe("log_min_duration_statement: 600ms");
    await logged.close();
  });

  test("to test only names what does not work, changes nothing, and goes up, down and up on a scratch database", async () => {
    await run(
      "revoke insert on users from shop_app; alter database shop reset statement_timeout; drop extension pg_trgm",
    );
    const before = await catalog();
    const steps = await stepsOf(shop, url, { mode: "test" });
    expect(steps["roles and grants"]?.problem?.why).toBe(
      "SELECT, INSERT on table public.users to shop_app: lacks INSERT",
    );
    expect(steps["database settings"]?.problem?.why).toBe("statement_timeout: 0");
    expect(steps.extensions?.problem?.why).toMatch(
      /^pg_trgm: likeness of verso and versus: .*similarity.* \(SQLSTATE 42883\)$/,
    );
    expect(steps.schema?.problem).toMatchObject({ code: "target-drifted" });
    expect(steps["round trip"]?.told).toEqual([
      expect.stringMatching(/^on PostgreSQL 18\.\d+ \(embedded\)$/),
      "1 migration up, 1 down, 1 up again; its ledger has",
      "applied 0001_baseline",
      "rolled back 0001_baseline",
      "applied 0001_baseline",
    ]);
    expect(await catalog()).toEqual(before);
  });

  test("by a role that may not make databases tells what somebody who may can run, and goes on after that", async () => {
    await run("create role maker login createrole password 'word'", cluster.url);
    const steps = await stepsOf(shop, as("maker", "shop two"));
    expect(steps.database?.problem).toMatchObject({ code: "database-not-created" });
    const [statement = ""] = /CREATE DATABASE [^;]*/.exec(steps.database?.problem?.next ?? "") ?? [];
    await run(statement, cluster.url);
    const after = await stepsOf(shop, as("maker", "shop two"));
    expect(after.database?.outcome).toBe("there");
    // PostgreSQL lets superusers alone create it.
    expect(after.migrations?.problem).toMatchObject({
      code: "rights-missing",
      what: "only a superuser may create extension pageinspect",
    });
    const [own = ""] = /CREATE EXTENSION [^;]*;/.exec(after.migrations?.problem?.next ?? "") ?? [];
    await run(own, withDatabase(cluster.url, "shop two"));
    expect((await stepsOf(shop, as("maker", "shop two"))).migrations).toMatchObject({ outcome: "done", problem: null });
  });

  test("by a role that may not make roles names those, with the statement", async () => {
    const other = await shopProject({
      ...SHOP,
      "access.ts": SHOP["access.ts"].replaceAll("shop_app", "other_app").replace(/.*pageinspect.*\n/, ""),
    });
    await run("create role plain login createdb password 'word'", cluster.url);
    const { migrations } = await stepsOf(other, as("plain", "shop_three"));
    expect(migrations?.problem).toMatchObject({
      code: "rights-missing",
      what: "plain may not create role other_app",
      next: expect.stringContaining("CREATE ROLE other_app LOGIN;"),
    });
    await run("create role other_app login", cluster.url);
    expect((await stepsOf(other, as("plain", "shop_three"))).migrations?.problem).toBeNull();
    await other.close();
  });

  test("for an extension that the server does not have stops before it changes anything", async () => {
    const places = await shopProject({
      "domain.ts": SHOP["domain.ts"],
      "places.ts": 'import { extension } from "verso";\nexport const postgis = extension("postgis");\n',
    });
    const steps = await stepsOf(places, withDatabase(cluster.url, "shop_four"));
    expect(steps.migrations?.problem).toMatchObject({
      code: "server-lacks",
      what: "the server does not have extension postgis",
    });
    expect(outcomes(steps)).toMatchObject({ extensions: "left out", schema: "left out" });
    await places.close();
  });

  test("with a wrong password, or where nothing listens, says so and leaves the rest out", async () => {
    const { port } = new URL(cluster.url);
    await run("create role nameless superuser login password 'word'", cluster.url);
    const wrong = await stepsOf(shop, `postgres://postgres:wrong@127.0.0.1:${port}/shop`);
    expect(wrong.database?.problem).toMatchObject({ code: "login-refused" });
    const unnamed = await stepsOf(shop, `postgres://nameless:word@127.0.0.1:${port}`);
    expect(unnamed.database?.problem).toMatchObject({ code: "database-not-named" });
    const nobody = await stepsOf(shop, "postgres://postgres@127.0.0.1:1/shop");
    expect(nobody.database?.problem).toMatchObject({ code: "server-unreachable" });
    expect(
      Object.values(outcomes(nobody))
        .slice(1)
        .every((outcome) => outcome === "left out"),
    ).toBe(true);
  });
});

test("an embedded database is set up in its folder, PostGIS tried by a distance; one in memory would be gone", async () => {
  const places = await shopProject({
    "domain.ts": SHOP["domain.ts"],
    "places.ts": 'import { extension } from "verso";\nexport const postgis = extension("postgis", { keep: true });\n',
  });
  const url = `pglite:${places.folder}/db`;
  const steps = await stepsOf(places, url, {
    seed: async (session) => {
      await session.run("create table seeded ()");
      return ["seeded: 1 inserted"];
    },
  });
  expect(outcomes(steps)).toMatchObject({ database: "done", migrations: "done", extensions: "there", seeds: "done" });
  expect(steps.extensions?.told).toEqual([expect.stringMatching(/^postgis: Berlin to Paris: 8\d\d km, PostGIS 3\.\d/)]);
  expect(steps.connection?.told[0]).toBe("within this process, as postgres");
  // What seeds made beyond rows is drift.
  expect(steps.schema?.problem).toMatchObject({ code: "target-drifted" });
  const session = await openSession(url, { mustExist: true });
  expect(await session.query("select count(*) from seeded")).toEqual([{ count: 0n }]);
  await session.close();
  expect((await stepsOf(places, "pglite:memory")).database?.problem).toMatchObject({ code: "database-in-memory" });
  await places.close();
});
