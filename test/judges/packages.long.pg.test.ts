import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import PgBoss from "pg-boss";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { expectExact } from "../exact.ts";
import { MAJORS_OF_LONG_SUITES, ownServer } from "../servers.ts";

// Schemas that npm packages bring to their users' databases, as their authors wrote and evolved them.

const WORKER = join(dirname(createRequire(import.meta.url).resolve("graphile-worker/package.json")), "sql");
const WORKER_HEAD = `create schema graphile_worker;
  create table graphile_worker.migrations (id int primary key, ts timestamptz default now() not null);`;

const MIGRATIONS = readdirSync(WORKER)
  .sort()
  .map((file) => readFileSync(join(WORKER, file), "utf8").replaceAll(":GRAPHILE_WORKER_SCHEMA", "graphile_worker"));

/** graphile-worker's schema after its first migrations. */
const worker = (count: number): string =>
  [WORKER_HEAD, ...MIGRATIONS.slice(0, count).map((text) => `begin;\n${text}\ncommit;`)].join("\n");

/** Version 11 fills a NOT NULL column by a function that reads other rows, which no definition says here. */
const FILLS_BY_HAND = 11;

describe.each(MAJORS_OF_LONG_SUITES)("the schema of a package, on PostgreSQL %i", (major) => {
  let cluster: Cluster;
  let shadow: Shadow;
  beforeAll(async () => {
    cluster = await ownServer(major);
    shadow = await openShadow(cluster.url);
  });
  afterAll(async () => {
    await shadow.close();
    await cluster.close();
  });

  test("graphile-worker comes and goes exactly", async () => {
    const { desired } = await expectExact("", worker(MIGRATIONS.length), shadow);
    expect(desired.size).toBeGreaterThan(50);
  });

  test.each(MIGRATIONS.map((_, i) => i + 1).filter((version) => version !== FILLS_BY_HAND))(
    "graphile-worker goes to version %i and back, over rows",
    async (version) => {
      await expectExact(worker(version - 1), worker(version), shadow);
    },
  );

  test("pg-boss comes and goes exactly, and so does a queue with a partition of its own", async () => {
    const boss = PgBoss.getConstructionPlans("pgboss");
    await expectExact("", boss, shadow);
    await expectExact(boss, `${boss}; select pgboss.create_queue('mails', '{"policy": "standard"}'::json)`, shadow);
  });
});
