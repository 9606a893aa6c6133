import { readFile, writeFile } from "node:fs/promises";
import { renderCoverage } from "../../compiler/observe/renderCoverage.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { findBinaries } from "../../compiler/shadow/binaries.ts";
import { startCluster } from "../../compiler/shadow/cluster.ts";
import { installBinaries } from "../installBinaries.ts";
import { SUPPORTED } from "../supported.ts";
import {
  INVENTORY,
  type Inventory,
  inventoryText,
  joinInventory,
  parseInventory,
  readRelations,
  relationsOf,
  type Seen,
  TABLE,
  WRITTEN_BY,
} from "./inventory.ts";

/**
 * `npm run docs:catalog`: the table of pg_catalog, from the inventory and the rooms. With `-- --servers` all supported
 * versions are asked first what they have.
 */
async function run(): Promise<void> {
  if (process.argv.includes("--servers")) await writeFile(INVENTORY, inventoryText(await takeInventory()));
  const inventory = parseInventory(await readFile(INVENTORY, "utf8"));
  await writeFile(TABLE, renderCoverage(relationsOf(inventory), WRITTEN_BY));
}

async function takeInventory(): Promise<Inventory> {
  await installBinaries(SUPPORTED);
  const servers = new Map<number, readonly Seen[]>();
  for (const major of SUPPORTED) {
    const cluster = await startCluster(await findBinaries(major), { listen: "loopback" });
    const session = await openServerSession(cluster.url);
    servers.set(major, await readRelations(session));
    await session.close();
    await cluster.close();
  }
  return joinInventory(servers);
}

await run();
