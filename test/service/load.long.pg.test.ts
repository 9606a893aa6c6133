import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { nodeListener, openHealth } from "verso/service";
import { expect, test } from "vitest";
import { NEWEST } from "../servers.ts";
import { fire, REQUESTS } from "./load.ts";
import { demoProject, migratedPlace } from "./places.ts";

test("of ten thousand requests over HTTP, none fails, and they take one connection", async () => {
  const demo = await demoProject();
  const { database, sql, close } = await migratedPlace(NEWEST, demo.project);
  // A busy machine is not what is tested.
  const health = openHealth("demo", { database, project: demo.project, open: "all", answerWithinMs: 30_000 });
  const server = createServer(nodeListener(health));
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
    const counts = await fire(async () => {
      const answer = await fetch(url);
      await answer.arrayBuffer();
      return answer.status;
    });
    expect(counts).toEqual(new Map([[200, REQUESTS]]));
    const own = "application_name = 'verso health demo' and datname = current_database()";
    expect(await sql(`select count(*)::int as n from pg_stat_activity where ${own}`)).toEqual([{ n: 1 }]);
  } finally {
    server.closeAllConnections();
    server.close();
    await health.close();
    await close();
    await demo.close();
  }
}, 300_000);
