import { execFileSync } from "node:child_process";
import pg from "pg";
import { diffFacts } from "../../compiler/diff/diffFacts.ts";
import { proveDifference } from "../../compiler/prove/proveDifference.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { liveSource } from "../../compiler/resolve/recordedSource.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { findBinaries } from "../../compiler/shadow/binaries.ts";
import { startCluster } from "../../compiler/shadow/cluster.ts";
import { withDatabase } from "../../compiler/shadow/serverShadow.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";

// `npm run bench`: two live databases that differ in three places, read and compared, beside one `pg_dump --schema-only` of
// one of them and beside published engines. The sizes may be given: `npm run bench -- 100 1000 10000`.

const SIZES = process.argv.slice(2).map(Number);
const PG_DUMP = process.env.PG_DUMP ?? "/usr/lib/postgresql/15/bin/pg_dump";
const RUNS = 5;

// A transaction can lock only so many tables.
const BATCH = 500;

const tables = (first: number, count: number): string =>
  Array.from({ length: count }, (_, at) => {
    const i = first + at;
    const columns = Array.from({ length: 8 }, (_, c) => `c${c} text`).join(", ");
    const parent = i > 0 ? `references t${i - 1}` : "";
    return `create table t${i} (id bigint primary key, ${columns}, parent bigint ${parent});
      create index t${i}_a on t${i} (c0); create index t${i}_b on t${i} (c1, c2);`;
  }).join("\n");

const CHANGES = "alter table t1 add n int; drop index t2_a; alter table t3 alter c1 set not null";

async function median(work: () => Promise<unknown> | unknown, runs = RUNS): Promise<number> {
  const taken: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work();
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

async function withSessions<T>(
  urls: readonly string[],
  work: (sessions: readonly Session[]) => Promise<T>,
): Promise<T> {
  const sessions = await Promise.all(urls.map((url) => openServerSession(url)));
  try {
    return await work(sessions);
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
}

const compareBoth = (urls: readonly string[]) =>
  withSessions(urls, async (sessions) => {
    const [from, to] = await Promise.all(sessions.map((session) => readCatalog(session)));
    const found = from === undefined || to === undefined ? 0 : diffFacts(from, to).length;
    if (found !== 3) throw new Error(`${found} differences instead of three`);
  });

async function proveBoth(urls: readonly string[]): Promise<void> {
  const [from, to] = await withSessions(urls, (sessions) => Promise.all(sessions.map(liveSource)));
  if (from === undefined || to === undefined) return;
  const shadow = await openShadow(undefined);
  try {
    await proveDifference(from, to, shadow, { withRows: false, version: from.recorded?.version ?? shadow.version });
  } finally {
    await shadow.close();
  }
}

async function planWithPgDelta(urls: readonly string[]): Promise<void> {
  const { extract } = await import("@supabase/pg-delta/extract");
  const { plan } = await import("@supabase/pg-delta/plan");
  const pools = urls.map((connectionString) => new pg.Pool({ connectionString }));
  try {
    const [from, to] = await Promise.all(pools.map((pool) => extract(pool)));
    if (from !== undefined && to !== undefined) plan(from.factBase, to.factBase);
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
}

async function planWithMigra([from = "", to = ""]: readonly string[]): Promise<void> {
  const { run } = await import("@pgkit/migra");
  await run(from, to, { unsafe: true });
}

const settings = { max_locks_per_transaction: "1024" };
const cluster = await startCluster(await findBinaries(15), { listen: "loopback", settings });
const admin = await openServerSession(cluster.url);
try {
  for (const size of SIZES.length > 0 ? SIZES : [100, 1000]) {
    const urls = ["before", "after"].map((name) => withDatabase(cluster.url, `${name}_${size}`));
    for (const [at, url] of urls.entries()) {
      await admin.run(`create database ${at === 0 ? "before" : "after"}_${size}`);
      await withSessions([url], async ([session]) => {
        for (let done = 0; done < size; done += BATCH) await session?.run(tables(done, Math.min(BATCH, size - done)));
        if (at === 1) await session?.run(CHANGES);
        await session?.run("analyze");
      });
    }
    const dump = await median(() => execFileSync(PG_DUMP, ["--schema-only", urls[0] ?? ""], { maxBuffer: 2 ** 30 }));
    const row = (what: string, ms: number) =>
      console.log(`${what.padEnd(44)} ${ms.toFixed(0).padStart(8)} ms  ${(ms / dump).toFixed(2).padStart(7)}`);
    console.log(`\n${size} tables, three changes                     PostgreSQL 15     of one pg_dump`);
    row("pg_dump --schema-only of one", dump);
    row("verso: both read and compared", await median(() => compareBoth(urls)));
    row("verso: both ways planned and proved", await median(() => proveBoth(urls), 3));
    const peak = process.resourceUsage().maxRSS / 1024;
    console.log(`${"verso: peak memory, with the embedded shadow".padEnd(44)} ${peak.toFixed(0).padStart(8)} MB`);
    row("@supabase/pg-delta: both read, one way planned", await median(() => planWithPgDelta(urls), 3));
    row("@pgkit/migra: both read, one way planned", await median(() => planWithMigra(urls), 3));
  }
} finally {
  await admin.close();
  await cluster.close();
}
