import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { withDatabase } from "../compiler/session/databaseUrl.ts";
import { openServerSession } from "../compiler/session/server.ts";
import { findBinaries } from "../compiler/shadow/binaries.ts";
import { type Cluster, startCluster } from "../compiler/shadow/cluster.ts";
import type { BrokerAnswer, ServerName } from "./serverBroker.ts";
import { SUPPORTED } from "./supported.ts";

export type Major = (typeof SUPPORTED)[number];

/** The servers that tests run on: two as a rule, those that VERSO_TEST_MAJORS names where it is set (`npm run test:matrix`). */
export const MAJORS: readonly Major[] = wantedMajors() ?? [15, 18];

/** Where a suite takes long: the newest as a rule, all of them in the matrix. */
export const MAJORS_OF_LONG_SUITES: readonly Major[] = wantedMajors() ?? [18];

/** The same for what a database in memory shows as well: that is version 18 too, and the matrix is for servers. */
export const ENGINES_OF_LONG_SUITES: readonly ("embedded" | Major)[] = wantedMajors() ?? ["embedded"];

export const OLDEST: Major = MAJORS.reduce((one, other) => (other < one ? other : one));
export const NEWEST: Major = MAJORS.reduce((one, other) => (other > one ? other : one));

export interface TestDatabase {
  readonly url: string;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

/** A superuser's URL of a running server of this version. Roles on it are shared by all tests: give them their own names. */
export async function server(major: Major): Promise<string> {
  const { url, reason } = await askBroker(`${major}`);
  if (url === undefined) throw new Error(`no PostgreSQL ${major} to test on: ${reason}`);
  return url;
}

/** A superuser's URL of a server with PostGIS, or null where there is none; the reason is on standard error then. */
export async function postgisServer(): Promise<string | null> {
  return (await askBroker("postgis")).url ?? null;
}

/** An empty database, UTF8 with locale C, on the server of this version or on the one given. */
export async function freshDatabase(on: Major | string): Promise<TestDatabase> {
  const url = typeof on === "string" ? on : await server(on);
  const name = `test_${randomBytes(6).toString("hex")}`;
  const once = async (sql: string): Promise<void> => {
    const session = await openServerSession(url, { applicationName: "verso test" });
    await session.run(sql).finally(() => session.close());
  };
  await once(`create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`);
  return { url: withDatabase(url, name), close: () => once(`drop database if exists ${name} with (force)`) };
}

/** A server that no other test sees, for tests of roles and other things that belong to a whole server. About a second. */
export async function ownServer(major: Major, settings: Readonly<Record<string, string>> = {}): Promise<Cluster> {
  return startCluster(await findBinaries(major), { listen: "loopback", settings });
}

/** An empty database on such a server, which goes with it. */
export async function ownDatabase(major: Major): Promise<TestDatabase> {
  const cluster = await ownServer(major);
  const { url } = await freshDatabase(cluster.url);
  return { url, close: () => cluster.close() };
}

/** A pg_dump that can dump a server of this version, or null: it must be as new as the server, and npm has none. */
export async function pgDump(major: Major): Promise<string | null> {
  const installed = await readdir("/usr/lib/postgresql").catch(() => []);
  const debian = installed.map((version) => path.join("/usr/lib/postgresql", version, "bin", "pg_dump"));
  for (const candidate of [process.env.PG_DUMP ?? "pg_dump", ...debian]) {
    const printed = await promisify(execFile)(candidate, ["--version"]).catch(() => null);
    const version = Number(/\(PostgreSQL\) (\d+)/.exec(printed?.stdout ?? "")?.[1] ?? 0);
    if (version >= major) return candidate;
  }
  return null;
}

function wantedMajors(): readonly Major[] | null {
  const named = process.env.VERSO_TEST_MAJORS?.split(",").map(Number);
  const wanted = SUPPORTED.filter((major) => named?.includes(major));
  return wanted.length === 0 ? null : wanted;
}

async function askBroker(name: ServerName): Promise<BrokerAnswer> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = net.connect(inject("serverBroker"), () => socket.write(name));
    socket
      .setEncoding("utf8")
      .on("data", (chunk: string) => {
        answer += chunk;
      })
      .on("end", () => resolve(JSON.parse(answer)))
      .on("error", reject);
  });
}
