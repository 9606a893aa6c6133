import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import pg from "pg";
import { diffFacts } from "../../compiler/diff/diffFacts.ts";
import type { FactIndex } from "../../compiler/facts.ts";
import { proveDifference } from "../../compiler/prove/proveDifference.ts";
import { openSources } from "../../compiler/resolve/openSource.ts";
import type { Source } from "../../compiler/resolve/source.ts";
import { withDatabase } from "../../compiler/session/databaseUrl.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { findBinaries } from "../../compiler/shadow/binaries.ts";
import { startCluster } from "../../compiler/shadow/cluster.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";
import { median, medians, PG_DUMP, row } from "./timing.ts";

// `npm run bench`: two live databases that differ in three places, read and compared, beside one `pg_dump --schema-only` of
// one of them and beside published engines. The sizes may be given: `npm run bench -- 100 1000 10000`. drizzle-kit is not
// among the engines: it compares its own TypeScript with a database or a snapshot, not two databases.

const READ = "--read";
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

/** Both read as `verso diff` reads them. */
async function compareBoth([from = "", to = ""]: readonly string[]): Promise<readonly [Source, Source]> {
  const [a, b] = await openSources(from, to);
  const none: FactIndex = new Map();
  const found = diffFacts(a.recorded?.facts ?? none, b.recorded?.facts ?? none).length;
  if (found !== 3) throw new Error(`${found} differences instead of three`);
  return [a, b];
}

async function proveBoth(urls: readonly string[]): Promise<void> {
  const [from, to] = await compareBoth(urls);
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

async function bench(size: number, urls: readonly string[]): Promise<void> {
  const dumpOnce = () => execFileSync(PG_DUMP, ["--schema-only", urls[0] ?? ""], { maxBuffer: 2 ** 30 });
  console.log(`\n${size} tables, three changes, on PostgreSQL 15`);
  const [dump = 0, compared = 0] = await medians(RUNS, [dumpOnce, () => compareBoth(urls)]);
  const beside = (what: string, ms: number) => row(what, ms, `${(ms / dump).toFixed(2)} of one pg_dump`);
  row("pg_dump --schema-only of one", dump);
  beside("verso: both read and compared", compared);
  const own = ["node_modules/jiti/lib/jiti-cli.mjs", "test/bench/diff.bench.ts", READ, ...urls];
  console.log(execFileSync(process.execPath, own, { encoding: "utf8" }).trimEnd());
  const few = size > 1000 ? 1 : 3;
  beside("verso: both ways planned and proved", await median(few, () => proveBoth(urls)));
  beside("@supabase/pg-delta: both read, one way planned", await median(few, () => planWithPgDelta(urls)));
  beside("@pgkit/migra: both read, one way planned", await median(few, () => planWithMigra(urls)));
}

async function benchAll(sizes: readonly number[]): Promise<void> {
  const settings = { max_locks_per_transaction: "1024" };
  const cluster = await startCluster(await findBinaries(15), { listen: "loopback", settings });
  const admin = await openServerSession(cluster.url);
  try {
    for (const size of sizes) {
      const urls = ["before", "after"].map((name) => withDatabase(cluster.url, `${name}_${size}`));
      for (const [at, url] of urls.entries()) {
        await admin.run(`create database ${at === 0 ? "before" : "after"}_${size}`);
        const session = await openServerSession(url);
        for (let done = 0; done < size; done += BATCH) await session.run(tables(done, Math.min(BATCH, size - done)));
        if (at === 1) await session.run(CHANGES);
        await session.run("analyze");
        await session.close();
      }
      await bench(size, urls);
    }
  } finally {
    await admin.close();
    await cluster.close();
  }
}

const given = process.argv.slice(2);
if (given[0] === READ) {
  await compareBoth(given.slice(1));
  const [, kilobytes = 0] = /VmHWM:\s*(\d+)/.exec(await readFile("/proc/self/status", "utf8")) ?? [];
  const what = "verso: peak memory of a process that does so";
  console.log(`${what.padEnd(52)} ${(Number(kilobytes) / 1024).toFixed(0).padStart(8)} MB`);
} else {
  await benchAll(given.length > 0 ? given.map(Number) : [100, 1000, 10_000]);
}
