import { join } from "node:path";
import { type Database, embedded, openPool } from "verso/client";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { startInMemory } from "../../compiler/session/engine.ts";
import { embeddedExtensions, loadExtension } from "../../compiler/session/extensions.ts";
import { openSession } from "../../compiler/session/open.ts";
import { freshDatabase, NEWEST, ownServer, postgisServer } from "../servers.ts";

export interface Engine {
  readonly db: Database;
  close(): Promise<void>;
}

/** A domain's database, as a service finds it: at its latest state, without rows. */
export type OpenEngine = (domain: string) => Promise<Engine>;

const compiled = (domain: string) => compileDomain(join("definitions", domain));

export const onPglite: OpenEngine = async (domain) => {
  const { scripts, extensions } = await compiled(domain);
  const lite = await startInMemory();
  for (const extension of embeddedExtensions(extensions)) await loadExtension(lite, extension);
  for (const { text } of scripts) await lite.exec(text);
  return { db: await embedded(lite), close: () => lite.close() };
};

const onServer =
  (serverFor: () => Promise<{ readonly url: string; close(): Promise<void> }>): OpenEngine =>
  async (domain) => {
    const { scripts } = await compiled(domain);
    const server = await serverFor();
    const { url, close } = await freshDatabase(server.url);
    const session = await openSession(url);
    for (const { text } of scripts) await session.run(text);
    await session.close();
    const pool = await openPool({ connectionString: url, poolSize: 4, onError: () => undefined });
    return {
      db: pool,
      close: async () => {
        await pool.dispose();
        await close();
        await server.close();
      },
    };
  };

const postgis = await postgisServer();

/** PGlite, and a server: one that no other test sees, since some domains make roles, or one that has PostGIS. */
export const enginesFor = (domain: string): readonly (readonly [name: string, open: OpenEngine])[] => {
  if (domain !== "pupmatch")
    return [
      ["PGlite", onPglite],
      ["a server", onServer(() => ownServer(NEWEST))],
    ];
  const places =
    postgis === null ? [] : [["a server", onServer(async () => ({ url: postgis, close: async () => {} }))] as const];
  return [["PGlite", onPglite], ...places];
};
