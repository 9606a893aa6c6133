import net from "node:net";
import { type PrepareOptions, prepareDatabase } from "verso/service";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { withDatabase } from "../../compiler/session/databaseUrl.ts";
import { startInMemory } from "../../compiler/session/engine.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { freshDatabase, NEWEST, server } from "../servers.ts";
import { closeEngine, type DemoProject, demoProject, migratedPlace, PLACES, type Place, place } from "./places.ts";

let demo: DemoProject;
beforeAll(async () => {
  demo = await demoProject();
});
afterAll(async () => {
  await closeEngine();
  await demo.close();
});
afterEach(() => vi.unstubAllEnvs());

const prepare = (options: PrepareOptions) => prepareDatabase("demo", { project: demo.project, ...options });
const codes = ({ reasons }: Awaited<ReturnType<typeof prepare>>) => reasons.map(({ code }) => code);

async function within(opened: Promise<Place>, work: (place: Place) => Promise<void>): Promise<void> {
  const here = await opened;
  await work(here).finally(() => here.close());
}

const hasLedger = async ({ sql }: Place) => (await sql("select from pg_namespace where nspname = 'verso'")).length > 0;

describe.each(PLACES)("a database on %s", (on) => {
  test("that is empty is not touched in production, which is what it is when nothing is said", () =>
    within(place(on), async (here) => {
      const found = await prepare({ database: here.database });
      expect(found).toMatchObject({ state: "degraded", applied: [] });
      expect(found.reasons.map(({ code, why, next }) => ({ code, why, next }))).toEqual([
        { code: "migrations-pending", why: "0001_m1, 0002_m2", next: "run `verso apply`" },
      ]);
      expect(await hasLedger(here)).toBe(false);
    }));

  test("is migrated in development, and is then as it should be for production", () =>
    within(place(on), async ({ database, sql }) => {
      const steps: string[] = [];
      const development = { database, mode: "development" as const };
      const first = await prepare({ ...development, onProgress: ({ event }) => steps.push(event) });
      expect(first).toMatchObject({ state: "ready", reasons: [], applied: ["0001_m1", "0002_m2"] });
      expect(steps).toContain("migration finished");
      expect(await sql("select from notes")).toEqual([]);
      expect(await prepare(development)).toMatchObject({ state: "ready", applied: [] });
      expect(await prepare({ database, mode: "production" })).toMatchObject({
        state: "ready",
        reasons: [],
        applied: [],
      });
    }));

  test("is migrated where AUTO_INIT_DATABASE says so, unless the call says production", () =>
    within(place(on), async (here) => {
      vi.stubEnv("AUTO_INIT_DATABASE", "true");
      expect(await prepare({ database: here.database, mode: "production" })).toMatchObject({ applied: [] });
      expect(await hasLedger(here)).toBe(false);
      expect(await prepare({ database: here.database })).toMatchObject({ applied: ["0001_m1", "0002_m2"] });
    }));

  test.each(["production", "development"] as const)("that was changed by hand is told, and left so, in %s", (mode) =>
    within(migratedPlace(on, demo.project), async ({ database, sql }) => {
      await sql("alter table users drop column age");
      const found = await prepare({ database, mode });
      expect(found).toMatchObject({ state: "degraded", applied: [] });
      expect(found.reasons).toMatchObject([{ code: "target-drifted", why: expect.stringContaining("users.age") }]);
    }),
  );

  test("whose migration broke off is told in production, with what to do", () =>
    within(migratedPlace(on, demo.project), async ({ database, sql }) => {
      await sql(
        "update verso.migrations set state = 'applying', steps_done = 0, step_begun = 0 where name = '0002_m2'",
      );
      const found = await prepare({ database });
      expect(found.reasons).toMatchObject([
        {
          code: "migration-unfinished",
          what: "0002_m2 is applied in part",
          next: expect.stringContaining("verso apply"),
        },
      ]);
    }));

  test("loses nothing in development: what destroys values is left to a person", () =>
    within(migratedPlace(on, demo.project), async ({ database, sql }) => {
      await sql("insert into users values (1, 'ann@example.org', 41)");
      const found = await prepare({ database, mode: "development", project: demo.destructive });
      expect(codes(found)).toEqual(["data-loss"]);
      expect(await sql("select age from users")).toEqual([{ age: 41 }]);
    }));
});

describe("a server", () => {
  test("that only starts is waited for", () =>
    within(migratedPlace(NEWEST, demo.project), async ({ database }) => {
      const gate = await gateTo(String(database));
      const waiting = prepare({ database: gate.url });
      setTimeout(gate.open, 400);
      expect(await waiting).toMatchObject({ state: "ready" });
      expect(gate.refused()).toBeGreaterThan(1);
      await gate.close();
    }));

  test("that does not come is a reason, not an exception", async () => {
    const found = await prepare({ database: "postgres://me:hunter2@127.0.0.1:1/shop", patienceMs: 300 });
    expect(codes(found)).toEqual(["server-unreachable"]);
    expect(String(found.reasons[0])).not.toContain("hunter2");
  });

  test("without the database is told in production, at once, and given one in development", async () => {
    const database = withDatabase(await server(NEWEST), `missing_${process.pid}`);
    expect(codes(await prepare({ database }))).toEqual(["database-missing"]);
    try {
      expect(await prepare({ database, mode: "development" })).toMatchObject({ state: "ready" });
    } finally {
      const session = await openServerSession(await server(NEWEST));
      await session.run(`drop database missing_${process.pid}`).finally(() => session.close());
    }
  });

  test("to which several instances come at once is migrated by one of them", async () => {
    const { url, close } = await freshDatabase(NEWEST);
    const instances = [1, 2, 3].map(() => prepare({ database: url, mode: "development" }));
    const found = await Promise.all(instances);
    expect(found.map(({ state }) => state)).toEqual(["ready", "ready", "ready"]);
    expect(found.flatMap(({ applied }) => applied)).toEqual(["0001_m1", "0002_m2"]);
    await close();
  });
});

test("the service's PGlite keeps its settings, and what it asks meanwhile waits", async () => {
  const lite = await startInMemory();
  try {
    await lite.exec("set timezone = 'Asia/Tokyo'; set intervalstyle = 'iso_8601'; create table log (n int)");
    const [prepared] = await Promise.all([
      prepare({ database: lite, mode: "development" }),
      ...[1, 2, 3].map((n) => lite.query("insert into log values ($1)", [n])),
    ]);
    expect(prepared).toMatchObject({ state: "degraded", reasons: [{ code: "target-drifted" }] });
    const { rows } = await lite.query(
      "select count(*)::int as n, current_setting('timezone') as zone, current_setting('intervalstyle') as style from log",
    );
    expect(rows).toEqual([{ n: 3, zone: "Asia/Tokyo", style: "iso_8601" }]);
  } finally {
    await lite.close();
  }
});

test("a folder without migrations, and a URL that is none, are told", async () => {
  expect(codes(await prepare({ database: "pglite:memory", project: "/nowhere" }))).toEqual(["migrations-not-found"]);
  vi.stubEnv("DATABASE_URL", "");
  expect(codes(await prepare({}))).toEqual(["no-target"]);
  expect(codes(await prepare({ database: "mysql://x" }))).toEqual(["url-scheme-unknown"]);
});

/** A door to a server that refuses connections until it is opened. */
async function gateTo(url: string) {
  const { hostname, port } = new URL(url);
  let isOpen = false;
  let refused = 0;
  const gate = net.createServer((socket) => {
    if (!isOpen) {
      refused++;
      socket.destroy();
      return;
    }
    const through = net.connect(Number(port), hostname);
    for (const end of [socket, through]) end.on("error", () => undefined);
    socket.pipe(through).pipe(socket);
  });
  await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
  const own = new URL(url);
  own.host = `127.0.0.1:${(gate.address() as net.AddressInfo).port}`;
  return {
    url: own.toString(),
    open: () => {
      isOpen = true;
    },
    refused: () => refused,
    close: () => new Promise((resolve) => gate.close(resolve)),
  };
}
