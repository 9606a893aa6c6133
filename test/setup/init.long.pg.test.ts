import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { onTerminal } from "../cli/onTerminal.ts";
import { newProject, type Project } from "../cli/project.ts";
import { freshDatabase, MAJORS, NEWEST, ownDatabase, type TestDatabase } from "../servers.ts";

// Processes, each with an engine of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

const EXISTING = `
  create role shop_owner; create role shop_app login;
  create schema shop authorization shop_owner;
  create extension pg_trgm;
  set role shop_owner;
  create type shop.mood as enum ('calm', 'wild');
  create table shop.customers (id bigint generated always as identity primary key, email text not null unique,
    gone int, mood shop.mood default 'calm');
  alter table shop.customers drop column gone;
  create table shop.orders (id uuid primary key default gen_random_uuid(),
    customer_id bigint not null references shop.customers on delete cascade, total numeric(10, 2) not null);
  create view shop.rich as select c.email, sum(o.total) as total from shop.customers c
    join shop.orders o on o.customer_id = c.id group by 1;
  grant usage on schema shop to shop_app;
  grant select, insert on all tables in schema shop to shop_app;
  alter table shop.orders enable row level security;
  create policy own on shop.orders to shop_app using (total > 0);
  insert into shop.customers (email) values ('ann'), ('bob');`;

describe.each(MAJORS)("verso init around a database of PostgreSQL %s", (major) => {
  let database: TestDatabase;
  let project: Project;
  beforeAll(async () => {
    database = await ownDatabase(major);
    project = await newProject({ DATABASE_URL: database.url });
    await ask(EXISTING);
  });
  afterAll(async () => {
    await project.close();
    await database.close();
  });

  const ask = async (sql: string): Promise<readonly object[]> => {
    const session = await openServerSession(database.url);
    const isQuery = /^\s*(select|with)/i.test(sql);
    try {
      if (isQuery) return await session.query(sql);
      await session.run(sql);
      return [];
    } finally {
      await session.close();
    }
  };
  const catalog = async () => {
    const session = await openServerSession(database.url);
    return readCatalog(session).finally(() => session.close());
  };
  const hasLedger = async () =>
    (await ask("select from pg_namespace where nspname in ('verso', 'verso_attic')")).length > 0;

  test("writes definitions, what is emitted of them, and a proved baseline, and changes nothing in the database", async () => {
    const before = await catalog();
    const { code, out, err } = await project.verso("init", "--name", "shop", "--from", database.url);
    expect([code, err]).toEqual([0, expect.stringContaining("verso baseline --domain shop")]);
    expect(out).toContain("definitions/shop/shop/orders.ts\n");
    expect(out).toContain("sql/shop/migrations/0001_baseline/\n");
    expect(`${out}${err}`).not.toContain(new URL(database.url).password);
    const files = Object.keys(await project.files()).map((file) => file.slice(project.folder.length + 1));
    expect(files).toEqual(
      expect.arrayContaining([
        "definitions/shop/domain.ts",
        "generated/shop/client.ts",
        "sql/shop/migrations/0001_baseline/forward.sql",
        "sql/shop/migrations/0001_baseline/rollback.sql",
        "sql/shop/schema/30_tables.sql",
      ]),
    );
    expect(await catalog()).toEqual(before);
    expect(await hasLedger()).toBe(false);
    expect((await project.verso("compile", "--check")).code).toBe(0);
  });

  test("run again, with consent, records the baseline in the ledger, and only there", async () => {
    const [before, files] = [await catalog(), await project.files()];
    expect(await project.verso("baseline", "--dry-run")).toMatchObject({ code: 0, out: "0001_baseline\n" });
    expect(await hasLedger()).toBe(false);
    const { code, out } = await project.verso("init", "--name", "shop", "--from", database.url, "--baseline", "--json");
    expect([code, JSON.parse(out)]).toEqual([
      0,
      { domain: "shop", emitted: [], baseline: null, adoption: { adopted: ["0001_baseline"], notes: [] } },
    ]);
    expect(await project.files()).toEqual(files);
    expect(await catalog()).toEqual(before);
    expect(await ask("select email from shop.customers order by 1")).toEqual([{ email: "ann" }, { email: "bob" }]);
    const again = await project.verso("baseline");
    expect([again.code, again.out, again.err]).toEqual([0, "", expect.stringContaining("recorded already")]);
  });

  test("leaves nothing to do: status, check, plan and apply say so", async () => {
    const status = await project.verso("status", "--json");
    expect(JSON.parse(status.out)).toMatchObject({ migrations: [{ name: "0001_baseline", state: "applied" }] });
    expect(await project.verso("check")).toMatchObject({ code: 0, out: "" });
    expect((await project.verso("plan", "more", "--target", database.url)).err).toContain("nothing to plan");
    expect((await project.verso("apply")).err).toContain("nothing to apply");
  });

  test("goes on from there like any domain, and the baseline makes further databases", async () => {
    const file = "definitions/shop/shop/orders.ts";
    const orders = await project.read(file);
    await project.write(
      file,
      orders
        .replace(/total: numeric\((.*)\),/, "total: numeric($1),\n    note: text({ nullable: true }),")
        .replace("import {", "import { text, "),
    );
    expect((await project.verso("plan", "notes", "--target", database.url)).code).toBe(0);
    expect((await project.verso("apply")).code).toBe(0);
    expect(await ask("select note from shop.orders")).toEqual([]);
    expect((await project.verso("rollback")).code).toBe(0);
    expect((await project.verso("check")).code).toBe(0);
    const other = await project.verso("apply", "--target", "pglite:./other", "--json");
    expect(JSON.parse(other.out)).toMatchObject({ moves: [{ name: "0001_baseline" }, { name: "0002_notes" }] });
  });
});

test("verso init on a terminal asks first, and broken off leaves nothing behind", async () => {
  const project = await newProject();
  const asked = [
    ["Name of the first domain", "shop\r"],
    ["Record the baseline", "\u0003"],
  ] as const;
  const database = await freshDatabase(NEWEST);
  const { code, screen } = await onTerminal(project.folder, ["init", "--from", database.url], asked);
  expect([code, screen]).toEqual([130, expect.stringContaining("error[cancelled]")]);
  expect(await project.files()).toEqual({});
  await database.close();
  await project.close();
});

describe("verso baseline", () => {
  test("records nothing for a database that is otherwise, and names what differs", async () => {
    const project = await newProject();
    await project.write("before.sql", "create table dogs (id int primary key, name text);");
    expect((await project.verso("init", "--name", "shop", "--from", "before.sql", "--json")).code).toBe(0);
    const refused = await project.verso("baseline", "--target", "pglite:memory");
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("error[adoption-differs]")]);
    expect(refused.err).toContain("- table public.dogs");
    const impossible = await project.verso("init", "--name", "x", "--from", "before.sql", "--baseline");
    expect([impossible.code, impossible.err]).toEqual([1, expect.stringContaining("before.sql is none")]);
    const unknown = await project.verso("baseline", "--to", "7", "--target", "pglite:memory");
    expect(unknown.err).toContain("error[migration-not-found]");
    await project.close();
  });

  test("needs migrations; and definitions that are there are never overwritten by verso init", async () => {
    const project = await newProject();
    await project.verso("init", "--name", "shop");
    expect((await project.verso("baseline", "--target", "pglite:memory")).err).toContain("error[migrations-not-found]");
    await project.write("before.sql", "create table dogs (id int primary key, name text);");
    const files = await project.files();
    const refused = await project.verso("init", "--name", "shop", "--from", "before.sql");
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("error[definitions-differ]")]);
    expect(await project.files()).toEqual(files);
    await project.close();
  });
});
