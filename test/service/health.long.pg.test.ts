import { type Health, type HealthOptions, openHealth } from "verso/service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openServerSession } from "../../compiler/session/server.ts";
import { freshDatabase, NEWEST } from "../servers.ts";
import { fire, REQUESTS } from "./load.ts";
import { closeEngine, type DemoProject, demoProject, migratedPlace, PLACES, type Place, place } from "./places.ts";

const READER = "a-token-to-read-with";
const ADMIN = "a-token-to-migrate-with";
const JSON_TYPE = { "content-type": "application/json" };

let demo: DemoProject;
beforeAll(async () => {
  demo = await demoProject();
});
afterAll(async () => {
  await closeEngine();
  await demo.close();
});

interface Open extends Place {
  readonly health: Health;
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  readonly json: (path: string, token?: string) => Promise<unknown>;
}

async function within(opened: Promise<Place>, options: Partial<HealthOptions>, work: (open: Open) => Promise<void>) {
  const here = await opened;
  const tokens = { readToken: READER, adminToken: ADMIN };
  // A busy machine is not what is tested.
  const patient = { answerWithinMs: 30_000 };
  const health = openHealth("demo", {
    ...{ database: here.database, project: demo.project, ...tokens, ...patient },
    ...options,
  });
  const ask: Open["ask"] = (path, init) => health.fetch(new Request(`http://service${path}`, init));
  const json: Open["json"] = async (path, token) =>
    (await ask(path, token === undefined ? {} : { headers: bearer(token) })).json();
  try {
    await work({ ...here, health, ask, json });
  } finally {
    await health.close();
    await here.close();
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const migration = (headers: Readonly<Record<string, string>>) => ({ method: "POST", headers, body: "{}" });
const MIGRATE = migration({ ...JSON_TYPE, ...bearer(ADMIN) });
const READING = ["/health", "/livez", "/readyz", "/schema", "/statistics", "/verify", "/connection-test"];

describe.each(PLACES)("the pages of a database on %s", (on) => {
  test("tell how it is, once it is migrated", () =>
    within(migratedPlace(on, demo.project), { open: "all" }, async ({ ask, json }) => {
      const health = await ask("/health");
      expect([health.status, health.headers.get("content-type")]).toEqual([200, "application/health+json"]);
      const measured = { componentType: "datastore", observedValue: expect.any(Number), status: "pass" };
      expect(await health.json()).toMatchObject({
        status: "pass",
        serviceId: "demo",
        releaseId: "0002_m2",
        checks: {
          "postgres:responseTime": [{ ...measured, observedUnit: "ms" }],
          "postgres:connections": [{ ...measured, observedUnit: "connections" }],
          "migrations:pending": [{ componentType: "component", observedValue: 0, status: "pass" }],
        },
      });
      expect(await json("/livez")).toEqual({ status: "pass" });
      expect(await json("/readyz")).toEqual({ status: "pass" });
      expect(await json("/schema")).toMatchObject({
        domain: "demo",
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
        objects: { table: ["public.notes", "public.users"], column: expect.arrayContaining(["public.users.email"]) },
      });
      expect(await json("/statistics")).toMatchObject({
        bytes: expect.any(Number),
        commits: expect.any(Number),
        tables: expect.arrayContaining([expect.objectContaining({ name: "public.users", bytes: expect.any(Number) })]),
      });
      expect(await json("/verify")).toMatchObject({
        isUpToDate: true,
        applied: ["0001_m1", "0002_m2"],
        pending: [],
        drift: [],
        problems: [],
      });
      expect(await json("/connection-test")).toMatchObject({
        engine: on === "embedded" ? "embedded" : "server",
        isReplica: false,
        connectMs: expect.any(Number),
        answerMs: expect.any(Number),
      });
    }));

  test("migrate it for an administrator, once, however many ask at once", () =>
    within(place(on), {}, async ({ ask, json, sql }) => {
      expect(await json("/readyz", READER)).toEqual({ status: "fail" });
      expect((await ask("/health", { headers: bearer(READER) })).status).toBe(503);
      const answers = await Promise.all([1, 2, 3].map(() => ask("/migrate", MIGRATE)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const names = await Promise.all(
        answers.map(async (answer) => ((await answer.json()) as { migrations: { name: string }[] }).migrations),
      );
      expect(names.map((one) => one.map(({ name }) => name))).toEqual([["0001_m1", "0002_m2"], [], []]);
      expect(await sql("select from notes")).toEqual([]);
      expect(await json("/readyz", READER)).toEqual({ status: "pass" });
    }));

  test("say what migrating would do, with its SQL where the administrator asks for it", () =>
    within(place(on), {}, async ({ ask, sql }) => {
      const plain = await (await ask("/migrate?dryRun=true", MIGRATE)).json();
      expect(plain).toEqual({
        isDryRun: true,
        migrations: ["0001_m1", "0002_m2"].map((name) => ({ name, steps: 1, durationMs: 0 })),
      });
      const whole = await (await ask("/migrate?dryRun=true&details=true", MIGRATE)).text();
      expect(whole).toContain("CREATE TABLE public.users");
      expect(await sql("select from pg_namespace where nspname = 'verso'")).toEqual([]);
    }));

  test("name what was changed by hand, and refuse to migrate over it", () =>
    within(migratedPlace(on, demo.project), { project: demo.destructive }, async ({ ask, json, sql }) => {
      await sql("alter table users alter email drop not null");
      const problems = [{ code: "migrations-pending" }, { code: "target-drifted" }];
      const drift = ["~ column public.users.email (notNull)"];
      expect(await json("/verify", READER)).toMatchObject({ isUpToDate: false, problems, drift });
      const refused = await ask("/migrate", MIGRATE);
      expect([refused.status, await refused.json()]).toEqual([409, { error: { code: "target-drifted" } }]);
    }));

  test("destroy nothing: that wants the command line", () =>
    within(migratedPlace(on, demo.project), { project: demo.destructive }, async ({ ask, sql }) => {
      await sql("insert into users values (1, 'ann@example.org', 41)");
      const refused = await ask("/migrate", MIGRATE);
      expect([refused.status, await refused.json()]).toEqual([409, { error: { code: "data-loss" } }]);
      expect(await sql("select age from users")).toEqual([{ age: 41 }]);
    }));

  test("go on serving a release whose database a later one has migrated", () =>
    within(migratedPlace(on, demo.destructive), {}, async ({ json }) => {
      expect(await json("/readyz", READER)).toEqual({ status: "warn" });
      expect(await json("/health", READER)).toMatchObject({
        status: "warn",
        checks: { "migrations:pending": [{ observedValue: 0, output: "migrated-by-a-later-release" }] },
      });
    }));
});

describe("who may ask", () => {
  const here = (options: Partial<HealthOptions>, work: (open: Open) => Promise<void>) =>
    within(place("embedded"), options, work);
  const statuses = ({ ask }: Open, init: RequestInit) =>
    Promise.all(READING.map(async (path) => (await ask(path, init)).status));

  test("nobody without a token, as long as nothing else is said", () =>
    here({}, async (open) => {
      const refused = await open.ask("/health");
      expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
      for (const headers of [{}, bearer("another-token-than-that"), { authorization: READER }, bearer(`${READER}x`)]) {
        expect(await statuses(open, { headers })).toEqual(READING.map(() => 401));
      }
    }));

  test("a reader and an administrator, with their tokens", () =>
    here({}, async (open) => {
      for (const token of [READER, ADMIN]) {
        expect(await statuses(open, { headers: bearer(token) })).not.toContain(401);
      }
    }));

  test("an orchestrator its two probes, where those are open", () =>
    here({ open: "probes" }, async ({ ask, json }) => {
      expect(await json("/livez")).toEqual({ status: "pass" });
      expect(await json("/readyz")).toEqual({ status: "fail" });
      expect((await ask("/health")).status).toBe(401);
    }));

  test("nobody for details without a token, even where all is open", () =>
    here({ open: "all" }, async ({ ask }) => {
      expect((await ask("/schema?details=true")).status).toBe(401);
      expect((await ask("/schema?details=true", { headers: bearer(READER) })).status).toBe(200);
    }));

  test("nobody to migrate, without an administrator's token in the options", () =>
    here({ adminToken: undefined }, async ({ ask }) => {
      const refused = await ask("/migrate", MIGRATE);
      expect([refused.status, await refused.json()]).toEqual([404, { error: { code: "no-such-page" } }]);
    }));

  test.each([
    ["a reader", migration({ ...JSON_TYPE, ...bearer(READER) }), 401, "token-wanted"],
    ["anybody", migration(JSON_TYPE), 401, "token-wanted"],
    ["a GET", { headers: bearer(ADMIN) }, 405, "method"],
    ["a form", migration({ "content-type": "text/plain", ...bearer(ADMIN) }), 415, "content-type"],
    [
      "a page of another site",
      { ...MIGRATE, headers: { ...MIGRATE.headers, origin: "https://evil.example" } },
      403,
      "from-a-page",
    ],
    [
      "a page of this site",
      { ...MIGRATE, headers: { ...MIGRATE.headers, origin: "http://service" } },
      403,
      "from-a-page",
    ],
    ["a page that hides its site", { ...MIGRATE, headers: { ...MIGRATE.headers, origin: "null" } }, 403, "from-a-page"],
    [
      "a navigation",
      { ...MIGRATE, headers: { ...MIGRATE.headers, "sec-fetch-site": "cross-site" } },
      403,
      "from-a-page",
    ],
  ])("%s may not migrate", (_, init, status, code) =>
    here({ open: "all" }, async ({ ask, sql }) => {
      const refused = await ask("/migrate", init);
      expect([refused.status, await refused.json()]).toMatchObject([status, { error: { code } }]);
      expect(await sql("select from pg_namespace where nspname = 'verso'")).toEqual([]);
    }),
  );

  test("no page of another site reads an answer: none carries a CORS header, a preflight is no method", () =>
    here({ open: "all" }, async ({ ask }) => {
      const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
      const preflight = await ask("/migrate", { method: "OPTIONS", headers });
      const answers = [preflight, ...(await Promise.all(READING.map((path) => ask(path, { headers }))))];
      expect(preflight.status).toBe(405);
      for (const answer of answers) {
        const names = [...answer.headers.keys()];
        expect(names.filter((name) => name.startsWith("access-control"))).toEqual([]);
        expect(answer.headers.get("cache-control")).toBe("no-store");
      }
    }));

  test("tokens that can be guessed, and options by which nobody could read, are refused when the service starts", () => {
    const open = (options: HealthOptions) => () => openHealth("demo", { database: "pglite:memory", ...options });
    expect(open({ readToken: "" })).toThrow("token-unfit");
    expect(open({ readToken: READER, adminToken: "admin" })).toThrow("token-unfit");
    expect(open({})).toThrow("nobody-may-read");
  });
});

describe("no answer", () => {
  const SECRET = "hunter2";

  test("holds SQL, unless a caller with a token asks", () =>
    within(migratedPlace(NEWEST, demo.project), { open: "all" }, async ({ ask, json, sql }) => {
      await sql("create function leak() returns int language sql as 'select 4242'");
      for (const path of READING) expect(await (await ask(path)).text()).not.toMatch(/4242|select|create/i);
      expect(JSON.stringify(await json("/schema?details=true", READER))).toContain("select 4242");
    }));

  test("holds a password, the server's name or a user's, also when the server refuses", () =>
    within(place(NEWEST), { open: "all" }, async ({ database }) => {
      const url = new URL(String(database));
      url.password = SECRET;
      const health = openHealth("demo", {
        database: url.toString(),
        open: "all",
        readToken: READER,
        project: demo.project,
      });
      for (const path of READING.filter((one) => one !== "/livez")) {
        const answer = await health.fetch(new Request(`http://service${path}`));
        const text = await answer.text();
        expect([path, answer.status]).toEqual([path, 503]);
        expect(text).toContain("login-refused");
        expect(text).not.toMatch(new RegExp(`${SECRET}|${url.hostname}|${url.port}|${url.username}|test_`));
        const asked = await health.fetch(
          new Request(`http://service${path}?details=true`, { headers: bearer(READER) }),
        );
        const words = await asked.text();
        expect(words).toContain("refuses the login");
        expect(words).not.toContain(SECRET);
      }
      await health.close();
    }));
});

describe("/livez", () => {
  test("never touches the database", async () => {
    const untouched = {
      transaction: () => {
        throw new Error("the database was touched");
      },
    };
    const health = openHealth("demo", { database: untouched, open: "probes", project: demo.project });
    expect((await health.fetch(new Request("http://service/livez"))).status).toBe(200);
    expect((await health.fetch(new Request("http://service/readyz"))).status).toBe(503);
    await health.close();
  });
});

describe("/readyz", () => {
  test("fails while the database hangs, and passes when it answers again", () =>
    within(migratedPlace(NEWEST, demo.project), { answerWithinMs: 1_000 }, async ({ json, sql, database }) => {
      expect(await json("/readyz", READER)).toEqual({ status: "pass" });
      const other = await openServerSession(String(database));
      await other.run("begin; lock table verso.migrations");
      expect(await json("/readyz", READER)).toEqual({ status: "fail", output: "no-answer" });
      // What was asked is taken back, and not asked again.
      const asking =
        "select from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()";
      for (let look = 0; look < 3; look++) await expect.poll(() => sql(asking)).toEqual([]);
      await other.run("rollback");
      await other.close();
      await expect.poll(() => json("/readyz", READER)).toEqual({ status: "pass" });
      expect(await sql("select 1 as n")).toEqual([{ n: 1 }]);
    }));

  test("passes at once after the server has broken its connection", () =>
    within(migratedPlace(NEWEST, demo.project), {}, async ({ json, sql }) => {
      expect(await json("/readyz", READER)).toEqual({ status: "pass" });
      await sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'verso health demo' and datname = current_database()",
      );
      expect(await json("/readyz", READER)).toEqual({ status: "pass" });
    }));
});

test("of ten thousand requests to a service on PGlite, none fails", () =>
  within(migratedPlace("embedded", demo.project), { open: "all" }, async ({ ask }) => {
    expect(await fire(async () => (await ask("/health")).status)).toEqual(new Map([[200, REQUESTS]]));
  }));

test("a service that ends gives its connections up, after the migration that runs", async () => {
  const { url, close } = await freshDatabase(NEWEST);
  const health = openHealth("demo", { database: url, project: demo.project, adminToken: ADMIN, open: "all" });
  await health.fetch(new Request("http://service/readyz"));
  const migrating = health.fetch(new Request("http://service/migrate", MIGRATE));
  await health.close();
  expect((await migrating).status).toBe(200);
  const session = await openServerSession(url);
  const others =
    "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'";
  await expect.poll(() => session.query(others)).toEqual([]);
  await session.close();
  const answers = ["/readyz", "/verify"].map(async (path) =>
    (await health.fetch(new Request(`http://service${path}`))).json(),
  );
  const [ready, verified] = await Promise.all(answers);
  expect(ready).toEqual({ status: "fail", output: "service-closing" });
  expect(verified).toEqual({ error: { code: "service-closing" } });
  await close();
});
