import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openBrowser } from "../../compiler/browse/browser.ts";
import { TOKEN_MARK } from "../../compiler/browse/signIn.ts";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { livePages } from "../../compiler/document/documentFiles.ts";
import { migrationsFolder } from "../../compiler/migrations/readMigrations.ts";
import { nodeListener } from "../../compiler/service/nodeListener.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";
import { NEWEST } from "../servers.ts";
import { type DemoProject, demoProject, migratedPlace, type Place } from "../service/places.ts";
import { barriers, CHROMIUM, inChromium, launch, openPage } from "./chromium.ts";

const TOKEN = "a-token-to-read-with";
const bearer = { authorization: `Bearer ${TOKEN}` };

const AS_MIGRATED = `
import { integer, references, table, text } from "verso";
export const users = table("users", {
  columns: { id: integer({ primaryKey: true }), email: text(), age: integer({ nullable: true }) },
});
export const notes = table("notes", {
  columns: { id: integer({ primaryKey: true }), user_id: references(() => users, { index: { none: "as migrated" }, onDelete: "no action" }) },
});
`;

let demo: DemoProject;
let place: Place;
let server: Server;
let url: string;
let health: ReturnType<typeof openBrowser>;
let shadows = 0;

const define = (text: string) => writeFile(join(demo.project, "definitions", "demo", "tables.ts"), text);

interface Answer {
  readonly drift: readonly object[];
  readonly groups: readonly { readonly differences: readonly object[] }[];
  readonly picture: string | null;
  readonly comparedOn: string;
}

/** What the page is told when it asks. */
const ask = async (path: string): Promise<Answer> =>
  (await fetch(`${url}${path}?details=true`, { headers: bearer })).json() as Promise<Answer>;

beforeAll(async () => {
  demo = await demoProject();
  await demo.define();
});
afterAll(() => demo.close());
beforeEach(async () => {
  await define(AS_MIGRATED);
  place = await migratedPlace(NEWEST, demo.project);
  shadows = 0;
  health = openBrowser("demo", {
    database: place.database,
    project: demo.project,
    readToken: TOKEN,
    open: "all",
    hosts: ["localhost", "127.0.0.1"],
    // A busy machine is not what is tested.
    answerWithinMs: 30_000,
    compile: () => compileDomain(join(demo.project, "definitions", "demo")),
    write: livePages(
      { generated: join(demo.project, "generated") },
      migrationsFolder(join(demo.project, "sql"), "demo"),
    ),
    openShadow: () => {
      shadows++;
      return openShadow(undefined);
    },
  });
  server = createServer(nodeListener(health)).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return async () => {
    server.close();
    server.closeAllConnections();
    await health.close();
    await place.close();
  };
});

describe("what a database differs in", () => {
  test("is nothing, where it is what the definitions declare", async () => {
    expect(await ask("/standing")).toMatchObject({
      applied: ["0001_m1", "0002_m2"],
      pending: [],
      drift: [],
      problems: [],
    });
    expect(await ask("/differences")).toMatchObject({ groups: [], picture: null });
  });

  test("is told in words by what it is in, what others changed and what is declared since", async () => {
    await place.sql("alter table users add nickname text");
    await place.sql("alter table users alter email drop not null");
    await place.sql("drop table notes");
    await define(AS_MIGRATED.replace("age: integer", "age: text"));
    const at = (position: string) => ({ at: expect.stringContaining(`tables.ts:${position}`) });
    expect((await ask("/standing")).drift).toEqual([
      { object: "table public.notes", differences: [{ fate: "removed", what: "table", says: "was dropped" }] },
      {
        object: "table public.users",
        differences: [
          { fate: "changed", what: "column email", says: "not null was true, and is false" },
          { fate: "added", what: "column nickname", says: "was made" },
        ],
      },
    ]);
    const { groups, picture, comparedOn } = await ask("/differences");
    expect(comparedOn).toMatch(/^PostgreSQL 18\.\d+ \(embedded\)$/);
    expect(groups).toEqual([
      {
        object: "table public.notes",
        differences: [{ fate: "added", what: "table", says: "is declared, and not in the database", ...at("6") }],
      },
      {
        object: "table public.users",
        differences: [
          {
            fate: "changed",
            what: "column age",
            says: "type is integer in the database, and declared as text",
            ...at("4"),
          },
          {
            fate: "changed",
            what: "column email",
            says: "not null is false in the database, and declared as true",
            ...at("4"),
          },
          { fate: "removed", what: "column nickname", says: "is in the database, and not declared" },
        ],
      },
    ]);
    expect(picture).toMatch(/^<svg [\s\S]*integer\? → text\?/);
  });

  test("starts a shadow once, as long as neither changes, and none to say how far the migrations are", async () => {
    await ask("/standing");
    expect(shadows).toBe(0);
    await ask("/differences");
    await ask("/differences");
    expect(shadows).toBe(1);
    await place.sql("alter table users add nickname text");
    expect((await ask("/differences")).groups).toHaveLength(1);
    expect(shadows).toBe(2);
  });

  test("names a column that is to be renamed as that", async () => {
    await define(AS_MIGRATED.replace("email: text()", 'mail: text({ renamedFrom: "email" })'));
    const [group] = (await ask("/differences")).groups;
    expect(group?.differences).toContainEqual(
      expect.objectContaining({
        fate: "renamed",
        what: "column mail",
        says: "is called column public.users.email in the database",
      }),
    );
  });
});

describe("the page, whatever else is open,", () => {
  test.each(["/page", "/standing", "/differences"])("%s wants a token", async (path) => {
    expect((await fetch(`${url}${path}`)).status).toBe(401);
    expect(
      (await fetch(`${url}${path}`, { headers: { authorization: "Bearer another-token-altogether" } })).status,
    ).toBe(401);
  });

  test("comes after one that says nothing, may ask nobody else, and stands in no frame", async () => {
    const first = await fetch(url);
    expect(await first.text()).not.toMatch(/users|notes/);
    const policy = first.headers.get("content-security-policy");
    expect(policy).toMatch(/default-src 'none'; .*connect-src 'self'; .*frame-ancestors 'none'$/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(first.headers.get("access-control-allow-origin")).toBe(null);
  });

  test("is open under this machine's names alone: a page of another site may lead its own name here", async () => {
    const verified = (host: string, headers = {}) =>
      health.fetch(new Request("http://localhost/verify", { headers: { host, ...headers } }));
    expect((await verified("localhost:8080")).status).toBe(200);
    expect((await verified("127.0.0.1")).status).toBe(200);
    expect((await verified("evil.example:8080")).status).toBe(401);
    expect((await verified("evil.example:8080", bearer)).status).toBe(200);
    const probe = new Request("http://localhost/livez", { headers: { host: "10.0.0.7:8080" } });
    expect((await health.fetch(probe)).status).toBe(200);
  });
});

describe.skipIf(CHROMIUM === null)(inChromium("the served page in a browser"), () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser?.close());

  test("opens by the address that holds the token, which does not stay in it, and asks this service alone", async () => {
    const { page, asked, complaints } = await openPage(browser, `${url}/${TOKEN_MARK}${TOKEN}`);
    await page.getByText("as the migrations leave it").waitFor();
    await page.getByText("say the same").waitFor();
    expect(page.url()).toBe(`${url}/`);
    expect(await page.locator("nav").innerText()).toContain("Live database");
    expect([...new Set(asked)].sort()).toEqual(
      ["/differences", "/page", "/standing"].map((path) => expect.stringContaining(url + path)),
    );
    expect(complaints).toEqual([]);
    await page.reload();
    await page.getByText("as the migrations leave it").waitFor();
    await page.close();
  });

  test("asks for the token, says when it is another's, and takes the right one by keyboard", async () => {
    const { page } = await openPage(browser, url);
    await page.locator("#token:focus").waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.type("another-token-altogether");
    await page.keyboard.press("Enter");
    await page.getByText("That token opens nothing here.").waitFor();
    await page.locator("#token:focus").fill(TOKEN);
    await page.keyboard.press("Enter");
    await page.getByText("as the migrations leave it").waitFor();
    await page.close();
  });

  test.each(["light", "dark"] as const)(
    "shows, in %s, what others changed and what is declared otherwise; asked again, what is so now",
    async (scheme) => {
      await place.sql("alter table users add nickname text");
      const { page } = await openPage(browser, `${url}/${TOKEN_MARK}${TOKEN}`, { scheme });
      await page.getByText("changed by others", { exact: true }).waitFor();
      await page.getByText("is in the database, and not declared").waitFor();
      const live = page.locator("#live");
      expect(await live.innerText()).toContain("column nickname was made");
      expect(await live.locator("svg text.name.removed").textContent()).toBe("nickname");
      expect(await barriers(page)).toEqual([]);
      await page.keyboard.press("/");
      await page.keyboard.press("Escape");
      await place.sql("alter table users drop nickname");
      await page.locator("#refresh").focus();
      await page.keyboard.press("Enter");
      await page.getByText("say the same").waitFor();
      await page.getByText("as the migrations leave it").waitFor();
      await page.close();
    },
  );

  test("says which definition does not compile, and where", async () => {
    await define(AS_MIGRATED.replace("() => users", "() => nobody"));
    const { page } = await openPage(browser, `${url}/${TOKEN_MARK}${TOKEN}`);
    await page.getByText("There is no page to show").waitFor();
    expect(await page.locator("pre").innerText()).toMatch(/nobody[\s\S]*tables\.ts/);
    await page.close();
  });
});
