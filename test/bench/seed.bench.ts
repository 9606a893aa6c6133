import { execFileSync } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { tablesOf } from "../../compiler/seed/generateRequest.ts";
import { generateRows } from "../../compiler/seed/generateRows.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { findBinaries } from "../../compiler/shadow/binaries.ts";
import { startCluster } from "../../compiler/shadow/cluster.ts";
import { row } from "./timing.ts";

// `npm run bench -- seed`: a million rows generated into a table with a foreign key, checks and indexes, beside
// `psql \copy` of the same rows into the same table, on PostgreSQL 18. `npm run bench -- seed 100000` takes fewer.

const PSQL = process.env.PSQL ?? "psql";
const TABLE = "activity_logs";
const rows = Number(process.argv[2] ?? 1_000_000);

const domain = await compileDomain("definitions/pixcrawler");
const cluster = await startCluster(await findBinaries(18), { listen: "loopback" });
const folder = await mkdtemp(join(tmpdir(), "verso-bench-"));
const session = await openServerSession(cluster.url);
const psql = (command: string) => execFileSync(PSQL, ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command, cluster.url]);
const timed = async (work: () => unknown): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
try {
  for (const { text } of domain.scripts) await session.run(text);
  const found = await generateRows(session, tablesOf(domain), { rows, tables: [TABLE] });
  const generated = found.at(-1);
  if (generated === undefined || generated.rows !== rows) throw new Error(JSON.stringify(found));
  const columns = await session.query<{ name: string }>(
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [TABLE],
  );
  const into = `${TABLE} (${columns.map(({ name }) => name).join(", ")})`;
  const file = join(folder, "rows.txt");
  psql(`\\copy ${into} to '${file}'`);
  const empty = () => session.run(`truncate ${TABLE} cascade; checkpoint`);
  await empty();
  const byPsql = await timed(() => psql(`\\copy ${into} from '${file}'`));
  await empty();
  // As a stream it is what generated rows are: text in pieces.
  const pieces = await readPieces(file);
  const bySession = await timed(() => session.copy(into, pieces));
  const bytes = (await readFile(file)).length;
  console.log(`${rows} rows of ${TABLE}, ${Math.round(bytes / 1_000_000)} MB`);
  row("psql \\copy", byPsql);
  row("Verso, the same text", bySession, `${(bySession / byPsql).toFixed(2)} × psql`);
  row(
    "verso seed --generate: made, loaded, counted",
    generated.durationMs,
    `${(generated.durationMs / byPsql).toFixed(2)} × psql`,
  );
} finally {
  await session.close();
  await cluster.close();
  await rm(folder, { recursive: true, force: true });
}

async function readPieces(file: string): Promise<readonly string[]> {
  const pieces: string[] = [];
  for await (const piece of createReadStream(file, { encoding: "utf8", highWaterMark: 256 * 1024 }))
    pieces.push(String(piece));
  return pieces;
}
