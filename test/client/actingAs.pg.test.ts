import { actingAs, type Database, embedded, execute, openPool } from "verso/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startInMemory } from "../../compiler/session/engine.ts";
import { openSession } from "../../compiler/session/open.ts";
import { NEWEST, ownDatabase } from "../servers.ts";

const SCHEMA = `
  create role reader;
  create table notes (owner text not null, body text not null);
  insert into notes values ('ann', 'hers'), ('bob', 'his');
  alter table notes enable row level security;
  create policy own on notes using (owner = current_setting('app.user', true));
  grant select, insert on notes to reader`;

interface Engine {
  readonly db: Database;
  close(): Promise<void>;
}

async function onServer(): Promise<Engine> {
  const database = await ownDatabase(NEWEST);
  const session = await openSession(database.url);
  await session.run(SCHEMA);
  await session.close();
  const db = await openPool({ connectionString: database.url, poolSize: 1, onError: () => undefined });
  return {
    db,
    close: async () => {
      await db.dispose();
      await database.close();
    },
  };
}

async function onPglite(): Promise<Engine> {
  const lite = await startInMemory();
  await lite.exec(SCHEMA);
  return { db: await embedded(lite), close: () => lite.close() };
}

describe.each([
  ["a server", onServer],
  ["PGlite", onPglite],
] as const)("acting as somebody on %s", (_, open) => {
  let engine: Engine;
  let db: Database;
  beforeAll(async () => {
    engine = await open();
    db = engine.db;
  });
  afterAll(() => engine?.close());

  const bodies = async (on: Database) =>
    (await execute<{ body: string }>(on, "select body from notes order by 1", [])).map(({ body }) => body);
  const session = async (on: Database) =>
    (
      await execute(
        on,
        "select current_user = session_user as own, nullif(current_setting('app.user', true), '') as who",
        [],
      )
    )[0];
  const as = (user: string) => ({ role: "reader", settings: { "app.user": user } });

  test("sees what the policies let that one see", async () => {
    expect(await actingAs(db, as("ann"), bodies)).toEqual(["hers"]);
    expect(await actingAs(db, as("bob"), bodies)).toEqual(["his"]);
    expect(await actingAs(db, as("nobody'; --"), bodies)).toEqual([]);
    expect(await bodies(db)).toEqual(["hers", "his"]);
  });

  test("leaves nothing behind on the connection, whether it goes well or not", async () => {
    await actingAs(db, as("ann"), async () => undefined);
    expect(await session(db)).toEqual({ own: true, who: null });
    await expect(actingAs(db, as("ann"), (own) => execute(own, "select 1 / 0", []))).rejects.toMatchObject({
      code: "22012",
    });
    expect(await session(db)).toEqual({ own: true, who: null });
  });

  test("takes back what it wrote when the body fails", async () => {
    const fails = actingAs(db, as("ann"), async (own) => {
      await execute(own, "insert into notes values ('ann', 'new')", []);
      throw new Error("no");
    });
    await expect(fails).rejects.toThrow("no");
    expect(await bodies(db)).toEqual(["hers", "his"]);
  });

  test("ends with the body inside of a transaction, and goes back to whom it was called by", async () => {
    await db.tx(async (transaction) => {
      await actingAs(transaction, as("ann"), async (ann) => {
        expect(await actingAs(ann, { settings: { "app.user": "bob" } }, bodies)).toEqual(["his"]);
        expect(await bodies(ann)).toEqual(["hers"]);
      });
      expect(await session(transaction)).toEqual({ own: true, who: null });
      expect(await bodies(transaction)).toEqual(["hers", "his"]);
    });
  });
});
