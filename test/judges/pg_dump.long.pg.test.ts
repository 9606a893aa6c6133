import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { migrationsFolder, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import { renderScript } from "../../compiler/render/renderScript.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";
import { expectExact } from "../exact.ts";
import { freshDatabase, MAJORS, ownServer, pgDump } from "../servers.ts";

const run = promisify(execFile);
// pg_dump must be as new as the server, and no npm package carries one: Debian's is for 15.
const dump = await pgDump(15);
const majors = dump === null ? [] : MAJORS.filter((major) => major <= 15);

/** What pg_dump says of a database, as sorted lines: the order of columns and of objects is no difference. */
async function dumped(url: string): Promise<readonly string[]> {
  const { stdout } = await run(
    dump ?? "",
    ["--schema-only", "--exclude-schema=verso", "--exclude-schema=verso_attic", url],
    {
      maxBuffer: 1 << 26,
    },
  );
  return stdout
    .split("\n")
    .map((line) => line.replace(/,$/, ""))
    .filter((line) => line !== "" && !/^(--|\\(un)?restrict)/.test(line))
    .sort();
}

/** The same of a copy made by pg_dump and psql: some conditions print otherwise once PostgreSQL has read its own print. */
async function dumpedCopy(server: string, url: string): Promise<readonly string[]> {
  const copy = await freshDatabase(server);
  const exclude = ["--exclude-schema=verso", "--exclude-schema=verso_attic"];
  const { stdout } = await run(dump ?? "", ["--schema-only", ...exclude, url], { maxBuffer: 1 << 26 });
  const restoring = run("psql", ["-X", "-q", "-f", "-", copy.url], { maxBuffer: 1 << 26 });
  restoring.child.stdin?.end(stdout);
  await restoring;
  const lines = await dumped(copy.url);
  await copy.close();
  return lines;
}

const SCENARIOS = {
  "tables, keys and an enum that loses a label": ["keys-before.sql", "keys-after.sql"],
  "views, policies and privileges around a column that changes type": ["readers-before.sql", "readers-after.sql"],
} as const;

const scenario = (file: string): string => readFileSync(join("test/judges", file), "utf8");

describe.each(majors)("pg_dump, which shares nothing with Verso, agrees on PostgreSQL %i", (major) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await ownServer(major);
  });
  afterAll(() => cluster.close());

  test.for(["ai-validation", "fitness", "photo-identifier", "pixcrawler"])(
    "that the migrations of %s lead to what its emitted scripts create",
    { timeout: 120_000 },
    async (name, { skip }) => {
      const domain = await compileDomain(join("definitions", name));
      skip(major < (domain.domain.options.postgres ?? 0), "it is for later versions");
      const [migrated, scripted] = [await freshDatabase(cluster.url), await freshDatabase(cluster.url)];
      const [target, plain] = [await openServerSession(migrated.url), await openServerSession(scripted.url)];
      try {
        if (domain.startsFrom !== null) await target.run(domain.startsFrom.text);
        await apply(target, await readMigrations(migrationsFolder("sql", name)), { acceptDataLoss: true });
        for (const { file } of domain.scripts) {
          await run("psql", [
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            join("sql", name, "schema", file),
            scripted.url,
          ]);
        }
        expect(await dumpedCopy(cluster.url, migrated.url)).toEqual(await dumpedCopy(cluster.url, scripted.url));
      } finally {
        await target.close();
        await plain.close();
        await migrated.close();
        await scripted.close();
      }
    },
  );

  test.each(Object.entries(SCENARIOS))(
    "that forward.sql leads there and rollback.sql back: %s",
    async (_, [before, after]) => {
      const shadow = await openShadow(cluster.url);
      const { forward, rollback } = await expectExact(scenario(before), scenario(after), shadow);
      await shadow.close();
      const [live, wanted] = [await freshDatabase(cluster.url), await freshDatabase(cluster.url)];
      const psql = async (url: string, sql: string) => {
        const child = run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", url]);
        child.child.stdin?.end(sql);
        await child;
      };
      try {
        await psql(live.url, scenario(before));
        await psql(wanted.url, scenario(after));
        const start = await dumped(live.url);
        await psql(live.url, renderScript(forward, { title: "forward" }));
        expect(await dumped(live.url)).toEqual(await dumped(wanted.url));
        await psql(live.url, renderScript(rollback, { title: "rollback" }));
        expect(await dumped(live.url)).toEqual(start);
      } finally {
        await live.close();
        await wanted.close();
      }
    },
    120_000,
  );
});

test.runIf(dump === null)(
  "pg_dump is missing, so equality has one judge less: install Debian's postgresql-client-15",
  () => {
    expect(process.env.CI, "CI installs it").not.toBe("true");
  },
);
