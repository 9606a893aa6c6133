import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { apply } from "../../compiler/apply/apply.ts";
import { migrationsFolder, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import type { ServiceDatabase } from "../../compiler/service/connect.ts";
import { nodeListener, openHealth, prepareDatabase } from "../../compiler/service/index.ts";
import { startInMemory } from "../../compiler/session/engine.ts";
import { borrowEmbedded } from "../../compiler/session/lent.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { findBinaries } from "../../compiler/shadow/binaries.ts";
import { startCluster } from "../../compiler/shadow/cluster.ts";
import { medians } from "./timing.ts";

// `npm run bench -- health`: what a service waits for when it starts on a database that is up to date, and what /health adds
// to the database's own answer, one request at a time and with fifty at once.

const DOMAIN = "ai-validation";
const RUNS = 9;
const REQUESTS = 2_000;
const AT_ONCE = 50;

const told = (what: string, ms: number): void => console.log(`${what.padEnd(60)} ${ms.toFixed(2).padStart(9)} ms`);

async function prepareOnce(database: ServiceDatabase): Promise<void> {
  const { state, reasons } = await prepareDatabase(DOMAIN, { database });
  if (state !== "ready") throw new Error(reasons.join("\n"));
}

async function askOnce(url: string): Promise<void> {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
}

/** Milliseconds that the middle one of many takes, so many at once. */
async function medianOf(atOnce: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  const one = async () => {
    for (let n = 0; n < REQUESTS / atOnce; n++) {
      const start = performance.now();
      await work();
      taken.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)] ?? 0;
}

const migrations = await readMigrations(migrationsFolder("sql", DOMAIN));
const cluster = await startCluster(await findBinaries(18), { listen: "loopback" });
const lite = await startInMemory();
const session = await openServerSession(cluster.url);
const health = openHealth(DOMAIN, { database: cluster.url, open: "all" });
const server = createServer(nodeListener(health));
try {
  await apply(session, migrations);
  const borrowed = await borrowEmbedded(lite);
  await apply(borrowed, migrations);
  await borrowed.close();
  const [onServer = 0, onEmbedded = 0] = await medians(RUNS, [() => prepareOnce(cluster.url), () => prepareOnce(lite)]);
  told(`prepareDatabase, ${DOMAIN} is up to date, PostgreSQL 18`, onServer);
  told(`prepareDatabase, ${DOMAIN} is up to date, PGlite`, onEmbedded);

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await askOnce(`${base}/health`);
  told("select 1, on a connection that is open", await medianOf(1, () => session.query("select 1")));
  told("/livez over HTTP, which asks no database", await medianOf(1, () => askOnce(`${base}/livez`)));
  told("/health over HTTP", await medianOf(1, () => askOnce(`${base}/health`)));
  told(`/livez over HTTP, ${AT_ONCE} at once`, await medianOf(AT_ONCE, () => askOnce(`${base}/livez`)));
  told(`/health over HTTP, ${AT_ONCE} at once`, await medianOf(AT_ONCE, () => askOnce(`${base}/health`)));
} finally {
  server.closeAllConnections();
  server.close();
  await health.close();
  await session.close();
  await lite.close();
  await cluster.close();
}
