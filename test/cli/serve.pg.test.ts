import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { NEWEST } from "../servers.ts";
import { type DemoProject, demoProject, migratedPlace, type Place } from "../service/places.ts";

// Processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

const TOKEN = "a-token-to-read-with";

let demo: DemoProject;
let place: Place;
beforeAll(async () => {
  demo = await demoProject();
  place = await migratedPlace(NEWEST, demo.project);
  await demo.define();
});
afterAll(async () => {
  await place.close();
  await demo.close();
});

function serve(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [resolve("cli/verso.mjs"), "serve", "--port", "0", ...args], {
    cwd: demo.project,
    env: { ...process.env, NO_COLOR: "1", DATABASE_URL: String(place.database), ...environment },
  });
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.err += text;
  });
  return { child, texts, ended: once(child, "close") };
}

test("verso serve answers on this machine alone, to whoever has the token, until it is told to end", async () => {
  const { child, texts, ended } = serve([], { VERSO_READ_TOKEN: TOKEN });
  await once(child.stdout, "data");
  const url = texts.out.trim();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${url}/verify`)).status).toBe(401);
  const verified = await fetch(`${url}/verify`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(await verified.json()).toMatchObject({ isUpToDate: true, applied: ["0001_m1", "0002_m2"] });
  child.kill("SIGTERM");
  expect([await ended, texts.err]).toEqual([[0, null], expect.stringContaining("ending")]);
});

test("verso serve makes a token where there is none, for this machine alone, and says under which address it opens the schema", async () => {
  const { child, texts, ended } = serve([], { VERSO_READ_TOKEN: "" });
  await once(child.stdout, "data");
  const [, url = "", token = ""] = /^(http:\/\/127\.0\.0\.1:\d+)\/#token=([0-9a-f]{48})\n$/.exec(texts.out) ?? [];
  expect((await fetch(`${url}/standing`)).status).toBe(401);
  const standing = await fetch(`${url}/standing`, { headers: { authorization: `Bearer ${token}` } });
  expect(await standing.json()).toMatchObject({ applied: ["0001_m1", "0002_m2"], drift: [], problems: [] });
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

test("verso serve that nobody could read, or on a port that is taken, says so and ends", async () => {
  const closed = serve(["--host", "0.0.0.0"], { VERSO_READ_TOKEN: "" });
  expect(await closed.ended).toEqual([1, null]);
  expect(closed.texts.err).toContain("error[nobody-may-read]");
  const elsewhere = serve(["--open", "probes", "--host", "192.0.2.1"]);
  expect(await elsewhere.ended).toEqual([1, null]);
  expect(elsewhere.texts.err).toContain("error[not-listening]");
});
