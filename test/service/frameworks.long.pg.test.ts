import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { type Health, nodeListener, openHealth } from "verso/service";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { closeEngine, type DemoProject, demoProject, migratedPlace } from "./places.ts";

const ADMIN = "a-token-to-migrate-with";

let demo: DemoProject;
let health: Health;
beforeAll(async () => {
  demo = await demoProject();
  const { database } = await migratedPlace("embedded", demo.project);
  health = openHealth("demo", {
    ...{ database, project: demo.project, adminToken: ADMIN, open: "all" },
    answerWithinMs: 30_000,
  });
});
afterAll(async () => {
  await health.close();
  await closeEngine();
  await demo.close();
});

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

interface Mounted {
  readonly ask: Ask;
  readonly close: () => Promise<void>;
}

/** Each mounts the pages under /database, in the one line that README gives, beside a page of its own. */
const FRAMEWORKS: Readonly<Record<string, () => Promise<Mounted>>> = {
  Hono: async () => {
    const app = new Hono();
    app.mount("/database", health.fetch);
    app.get("/own", (context) => context.text("own"));
    return { ask: async (path, init) => app.request(path, init), close: async () => {} };
  },
  Express: async () => {
    const app = express();
    app.use(express.json());
    app.use("/database", nodeListener(health));
    app.get("/own", (_, response) => void response.send("own"));
    return listening(createServer(app));
  },
  Fastify: async () => {
    const app = fastify();
    app.all("/database/*", ({ raw }, reply) => nodeListener(health, "/database")(raw, reply.hijack().raw));
    app.get("/own", async () => "own");
    await app.listen({ port: 0, host: "127.0.0.1" });
    return { ...askingAt(app.server), close: () => app.close() };
  },
  "Node's own http": async () => {
    const listener = nodeListener(health, "/database");
    return listening(
      createServer((request, response) => {
        if (request.url?.startsWith("/database/")) return listener(request, response);
        response.end("own");
      }),
    );
  },
};

const askingAt = (server: Server): { readonly ask: Ask } => ({
  ask: (path, init) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init),
});

async function listening(server: Server): Promise<Mounted> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { ...askingAt(server), close };
}

describe.each(Object.entries(FRAMEWORKS))("mounted in %s", (_, mount) => {
  let app: Mounted;
  beforeAll(async () => {
    app = await mount();
  });
  afterAll(() => app.close());

  test("the pages answer, and the service's own do", async () => {
    const found = await app.ask("/database/health");
    expect([found.status, found.headers.get("content-type")]).toEqual([200, "application/health+json"]);
    expect(await found.json()).toMatchObject({ status: "pass", serviceId: "demo" });
    expect(await (await app.ask("/database/livez")).json()).toEqual({ status: "pass" });
    expect(await (await app.ask("/own")).text()).toContain("own");
    const head = await app.ask("/database/readyz", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  test("a script with the token migrates, also where the framework has read the body", async () => {
    const headers = { authorization: `Bearer ${ADMIN}`, "content-type": "application/json" };
    const answer = await app.ask("/database/migrate", { method: "POST", headers, body: "{}" });
    expect([answer.status, await answer.json()]).toEqual([200, { isDryRun: false, migrations: [] }]);
    const without = await app.ask("/database/migrate", { method: "POST", headers: { ...headers, authorization: "" } });
    expect([400, 401]).toContain(without.status);
  });

  test("there are no other pages, and none of theirs is reached beside its place", async () => {
    expect((await app.ask("/database/nothing")).status).toBe(404);
    expect((await app.ask("/database/migrate")).status).toBe(405);
    expect((await app.ask("/database/database/health")).status).toBe(404);
  });
});
