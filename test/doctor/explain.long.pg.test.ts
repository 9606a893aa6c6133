import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { explainHotQueries } from "../../compiler/doctor/explain/explanation.ts";
import { withDatabase } from "../../compiler/session/databaseUrl.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { type Cluster, startCluster } from "../../compiler/shadow/cluster.ts";
import { MAJORS, ownServer } from "../servers.ts";

const SETTINGS = { shared_preload_libraries: "pg_stat_statements" };

const SHOP = `
  create extension pg_stat_statements;
  create role shop_app;
  create schema shop;
  create table shop.customers (id int primary key, name text not null);
  create table shop.orders (id int primary key, customer_id int not null references shop.customers, status varchar(10) not null,
    created_at timestamptz not null);
  insert into shop.customers select g, 'c' || g from generate_series(1, 2000) g;
  insert into shop.orders select g, 1 + g % 2000, case when g % 50 = 0 then 'open' else 'done' end, now() - g * interval '1 min'
    from generate_series(1, 50000) g;
  grant usage on schema shop to shop_app;
  grant select on all tables in schema shop to shop_app;
  alter role shop_app set search_path = shop;
  create role surveyor login password 'a secret';
  grant pg_read_all_stats, shop_app to surveyor;
  grant create, usage on schema shop to surveyor;
  alter table shop.customers owner to surveyor;
  alter table shop.orders owner to surveyor;`;

const loggedIn = (url: string, role: string): Promise<Session> => {
  const own = new URL(withDatabase(url, "postgres"));
  own.username = role;
  own.password = "a secret";
  return openServerSession(own.toString());
};

// As a service asks them: by a role and a search_path of its own.
const BY_CUSTOMER = "select * from orders where customer_id = 5 order by created_at desc limit 20";
const JOINED =
  "select count(*) from orders o join customers c on c.id = o.customer_id where c.name = 'c77' and o.status = 'open'";
const BY_KEY = "select * from orders where id = 7";
const INTERVAL = "select count(*) from orders where created_at > now() - interval '1 day'";

async function askAsService(session: Session): Promise<void> {
  await session.run("select pg_stat_statements_reset(); set search_path = shop; set role shop_app");
  for (const sql of [BY_CUSTOMER, JOINED, BY_KEY, INTERVAL]) for (let i = 0; i < 2; i++) await session.query(sql);
  await session.run("reset role; reset search_path");
}

const indexesOf = async (session: Session): Promise<readonly object[]> =>
  session.query("select indexrelid::regclass::text as name from pg_index where indrelid >= 16384 order by 1");

type Explained = Awaited<ReturnType<typeof explainHotQueries>>;
const about = ({ queries }: Explained, part: RegExp) => queries.find(({ query }) => part.test(query));
const madeBy = (found: ReturnType<typeof about>) => found?.proposals.map(({ sql }) => sql);

const expectTried = (explained: Explained) => {
  const listed = about(explained, /order by created_at/);
  expect(madeBy(listed)).toEqual(["CREATE INDEX CONCURRENTLY ON shop.orders (customer_id, created_at)"]);
  expect(listed?.before?.lines.join()).toContain("Seq Scan on shop.orders");
  expect(listed?.after?.lines.join()).toContain("a new index (customer_id, created_at)");
  expect(listed?.after?.cost).toBeLessThan((listed?.before?.cost ?? 0) / 10);
  expect(listed?.proposals[0]?.sizeBytes).toBeGreaterThan(8192);
  const joined = about(explained, /join customers/);
  expect(madeBy(joined)).toContain("CREATE INDEX CONCURRENTLY ON shop.customers (name)");
  expect(joined?.after?.cost).toBeLessThan(joined?.before?.cost ?? 0);
  // An index serves it already.
  expect(about(explained, /where id = /)).toMatchObject({
    after: null,
    proposals: [],
    before: { cost: expect.any(Number) },
  });
};

describe.each(MAJORS)("hot queries on PostgreSQL %i", (major) => {
  let cluster: Cluster;
  let session: Session;
  /** Who plans is no superuser. */
  let surveyor: Session;
  beforeAll(async () => {
    cluster = await ownServer(major, SETTINGS);
    session = await openServerSession(cluster.url);
    await session.run(SHOP);
    await session.run("analyze");
    surveyor = await loggedIn(cluster.url, "surveyor");
  });
  beforeEach(() => askAsService(session));
  afterAll(async () => {
    await surveyor.close();
    await session.close();
    await cluster.close();
  });

  test("have their plans shown without anything being built, and what might help", async () => {
    const before = await indexesOf(session);
    const explained = await explainHotQueries(surveyor);
    expect(explained).toMatchObject({
      gap: null,
      judge: { how: "none", says: expect.stringContaining("--try-indexes") },
    });
    const listed = about(explained, /order by created_at/);
    expect(listed).toMatchObject({ calls: 2, after: null, refusal: null, before: { lines: expect.any(Array) } });
    expect(madeBy(listed)).toEqual(["CREATE INDEX CONCURRENTLY ON shop.orders (customer_id, created_at)"]);
    expect(await indexesOf(session)).toEqual(before);
  });

  test("have their plans shown before and after indexes that are really built, and rolled back", async () => {
    const before = await indexesOf(session);
    const explained = await explainHotQueries(surveyor, { tryIndexes: true });
    expect(explained.judge.how).toBe("real");
    expectTried(explained);
    expect(await indexesOf(session)).toEqual(before);
    // Nothing is left prepared, nor another role or search_path.
    expect(await surveyor.query("select name from pg_prepared_statements")).toEqual([]);
    expect(await surveyor.query("select current_user::text as role, current_setting('search_path') as path")).toEqual([
      { role: "surveyor", path: '"$user", public' },
    ]);
  });

  test("are planned as for the role that asks them, by its policies", async () => {
    await session.run(`
      create table shop.secrets (id int primary key, owner text not null);
      alter table shop.secrets enable row level security;
      create policy own on shop.secrets using (owner = 'me');
      grant select on shop.secrets to shop_app`);
    await session.run("set role shop_app; set search_path = shop");
    await session.query("select id from secrets");
    await session.run("reset role; reset search_path");
    const found = about(await explainHotQueries(surveyor), /from secrets/);
    expect(found?.before?.lines.join()).toContain("filter (secrets.owner = 'me'::text)");
  });

  test("that are counted without what PostgreSQL needs to plan them are said to be so", async () => {
    const found = about(await explainHotQueries(surveyor), /interval/);
    expect(found).toMatchObject({ before: null, proposals: [], refusal: expect.stringContaining("SQLSTATE 42601") });
  });

  test("whose table another session writes to are planned, and the index is said not to have been tried", async () => {
    const writer = await openServerSession(cluster.url);
    await writer.run("begin; insert into shop.orders values (0, 1, 'open', now())");
    try {
      const found = about(await explainHotQueries(surveyor, { tryIndexes: true }), /order by created_at/);
      expect(found).toMatchObject({ after: null, refusal: expect.stringContaining("lock timeout") });
      expect(found?.before).not.toBeNull();
    } finally {
      await writer.close();
    }
  });

  test("do not run: what a query would do is not done", async () => {
    await session.run(
      "create table shop.counted (n int primary key); insert into shop.counted values (1); alter table shop.counted owner to surveyor",
    );
    for (let i = 2; i < 5; i++) await session.query("update shop.counted set n = n + 1 where n > 0");
    await session.query("select pg_stat_statements_reset()");
    await session.query("update shop.counted set n = n + 1 where n > 0");
    const explained = await explainHotQueries(surveyor, { tryIndexes: true });
    expect(about(explained, /update shop.counted/)?.before).not.toBeNull();
    expect(await session.query("select n from shop.counted")).toEqual([{ n: 5 }]);
  });

  test("of roles that are no superusers are not planned for one, whose rights their functions could take", async () => {
    await session.run("create function shop.taken() returns int stable language plpgsql as 'begin return 1; end'");
    await session.run("set role shop_app; set search_path = shop");
    await session.query("select id from orders where id = taken()");
    await session.run("reset role; reset search_path");
    const explained = await explainHotQueries(session);
    const found = about(explained, /taken/);
    expect(found).toMatchObject({
      before: null,
      refusal: expect.stringContaining("member of pg_read_all_stats and of shop_app"),
    });
    expect(about(explained, /order by created_at/)?.before).toBeNull();
    // What superusers ask themselves is planned.
    await session.query("select count(*) from shop.customers where name = 'c9'");
    expect(about(await explainHotQueries(session), /from shop.customers/)?.before).not.toBeNull();
  });

  test("of other roles are not seen by a role without rights, and it is said who may", async () => {
    await session.run(`create role stranger login password 'a secret'; grant usage on schema shop to stranger;`);
    const stranger = await loggedIn(cluster.url, "stranger");
    try {
      expect(await explainHotQueries(stranger)).toMatchObject({
        queries: [],
        gap: { next: "GRANT pg_read_all_stats TO stranger" },
      });
    } finally {
      await stranger.close();
    }
  });
});

test("an embedded database counts no queries, and says so", async () => {
  const session = await openEmbeddedSession();
  try {
    expect(await explainHotQueries(session)).toMatchObject({
      queries: [],
      gap: { why: "the embedded engine has no pg_stat_statements" },
    });
  } finally {
    await session.close();
  }
});

const [HYPOPG] = (await readdir("/usr/lib/postgresql").catch(() => [])).map(Number).filter((major) => major > 0);
const hasHypopg =
  HYPOPG !== undefined &&
  (await readdir(`/usr/share/postgresql/${HYPOPG}/extension`).catch((): string[] => [])).includes("hypopg.control");
if (!hasHypopg)
  process.stderr.write(
    "\n!!! no hypopg here: install Debian's postgresql-15-hypopg. Hypothetical indexes are NOT tested.\n\n",
  );

describe.skipIf(!hasHypopg)("a server with hypopg", () => {
  test("shows plans before and after indexes that are never built, while others write", async () => {
    const cluster = await startCluster(
      { bin: `/usr/lib/postgresql/${HYPOPG}/bin`, major: HYPOPG ?? 0 },
      { listen: "loopback", settings: SETTINGS },
    );
    const [session, writer] = [await openServerSession(cluster.url), await openServerSession(cluster.url)];
    await session.run(SHOP);
    const surveyor = await loggedIn(cluster.url, "surveyor");
    try {
      await session.run(
        "create schema tools; create extension hypopg schema tools; grant usage on schema tools to surveyor; analyze",
      );
      await askAsService(session);
      const before = await indexesOf(session);
      await writer.run("begin; insert into shop.orders values (0, 1, 'open', now())");
      const explained = await explainHotQueries(surveyor);
      expect(explained.judge.how).toBe("hypothetical");
      expectTried(explained);
      expect(await indexesOf(session)).toEqual(before);
      expect(await surveyor.query("select from tools.hypopg()")).toEqual([]);
    } finally {
      await writer.close();
      await surveyor.close();
      await session.close();
      await cluster.close();
    }
  });
});
