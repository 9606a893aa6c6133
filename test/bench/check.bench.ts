import { execFileSync } from "node:child_process";
import { apply } from "../../compiler/apply/apply.ts";
import { check } from "../../compiler/apply/check.ts";
import { migrationsFolder, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import { withDatabase } from "../../compiler/session/databaseUrl.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { findBinaries } from "../../compiler/shadow/binaries.ts";
import { startCluster } from "../../compiler/shadow/cluster.ts";
import { medians, PG_DUMP, row } from "./timing.ts";

// `npm run bench`: what `verso check` takes to find a database as Verso left it, beside one `pg_dump --schema-only` of it.

const DOMAIN = "ai-validation";
const RUNS = 7;

const cluster = await startCluster(await findBinaries(15), { listen: "loopback" });
const url = withDatabase(cluster.url, "checked");

async function checkOnce(): Promise<void> {
  const session = await openServerSession(url);
  try {
    const { drift, applied } = await check(session, DOMAIN);
    if (drift.length > 0 || applied.length === 0) throw new Error(`${DOMAIN} is not what its migrations made`);
  } finally {
    await session.close();
  }
}

try {
  const admin = await openServerSession(cluster.url);
  await admin.run("create database checked");
  await admin.close();
  const session = await openServerSession(url);
  await apply(session, await readMigrations(migrationsFolder("sql", DOMAIN)), { acceptDataLoss: true });
  await session.close();
  const dumpOnce = () => execFileSync(PG_DUMP, ["--schema-only", url], { maxBuffer: 2 ** 30 });
  const [dump = 0, checked = 0] = await medians(RUNS, [dumpOnce, checkOnce]);
  console.log();
  row(`${DOMAIN}: pg_dump --schema-only`, dump);
  row(`${DOMAIN}: verso check, nothing has drifted`, checked, `${(checked / dump).toFixed(2)} of one pg_dump`);
} finally {
  await cluster.close();
}
