import { join } from "node:path";
import { type Database, observeStatements, openPool } from "verso/client";
import { expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { openSession } from "../../compiler/session/open.ts";
import { crawlJobs, images, profiles, projects } from "../../generated/pixcrawler/client.ts";
import { freshDatabase, NEWEST } from "../servers.ts";

const MANY = 100_000;

/** Writes a hundred thousand rows and changes them, and says in how many statements. */
async function writeMany(db: Database): Promise<readonly string[]> {
  const profile = await profiles.insert(db, { email: "ann@example.org" });
  const project = await projects.insert(db, { user_id: profile.id, name: "Birds" });
  const { id } = await crawlJobs.insert(db, { project_id: project.id, name: "Crows" });
  const statements: string[] = [];
  const end = observeStatements(({ text }) => statements.push(text.split(" ")[0] ?? ""));
  try {
    const written = await images.insertMany(
      db,
      Array.from({ length: MANY }, (_, i) => ({
        crawl_job_id: id,
        url: `${i}`,
        byte_size: BigInt(i),
        metadata: { i },
      })),
    );
    expect(written.map(({ url }) => url)).toEqual(Array.from({ length: MANY }, (_, i) => `${i}`));
    const changed = await images.updateMany(
      db,
      written.map((image, i) => ({ id: image.id, width: i + 1 })),
    );
    expect(changed).toHaveLength(MANY);
    const upserted = await images.upsertManyById(
      db,
      changed.map((image) => ({ id: image.id, crawl_job_id: id, url: image.url, height: image.width })),
    );
    expect(upserted.every(({ width, height, url }) => width === height && width === Number(url) + 1)).toBe(true);
    return statements;
  } finally {
    end();
  }
}

const scripts = async () => (await compileDomain(join("definitions", "pixcrawler"))).scripts.map(({ text }) => text);

test("a hundred thousand rows are inserted, changed and upserted in a statement each", async () => {
  const database = await freshDatabase(NEWEST);
  const session = await openSession(database.url);
  for (const text of await scripts()) await session.run(text);
  const pool = await openPool(database.url);
  try {
    expect(await writeMany(pool)).toEqual(["insert", "update", "insert"]);
  } finally {
    await pool.dispose();
    await session.close();
    await database.close();
  }
});
