import { join } from "node:path";
import databases, { type ConnectionPool, sql } from "@databases/pg";
import { asc, eq, relations } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { bigint, boolean, integer, jsonb, pgTable, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";
import { Kysely, PostgresDialect } from "kysely";
import { jsonArrayFrom } from "kysely/helpers/postgres";
import pg from "pg";
import postgres from "postgres";
import { openPool } from "../../compiler/client/index.ts";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { findBinaries } from "../../compiler/shadow/binaries.ts";
import { startCluster } from "../../compiler/shadow/cluster.ts";
import * as client from "../../generated/pixcrawler/client.ts";
import type { Database } from "../../generated/pixcrawler/kysely.ts";
import { medianOf, turns } from "./timing.ts";

// `npm run bench -- client`: what a query costs by the generated client, beside others on the same server, each by one
// connection. Rounds go by turns, and each is compared with that of hand-written @databases/pg in the same turn.

const PROJECT = "50000000-0000-4000-8000-000000000001";
const job = (number: number): string => `60000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const JOBS = 10;
const IMAGES = 500;
const PAGE = 50;
const NESTED = 5;
const BULK = 1000;
const SEED = `
  insert into profiles (id, email) values ('${PROJECT}', 'bench@example.org');
  insert into projects (id, user_id, name) values ('${PROJECT}', '${PROJECT}', 'Bench');
  insert into crawl_jobs (id, project_id, name)
    select ('60000000-0000-4000-8000-' || lpad(j::text, 12, '0'))::uuid, '${PROJECT}', 'Job ' || j from generate_series(1, ${JOBS}) j;
  insert into images (crawl_job_id, url, filename, byte_size, width, height, format, metadata)
    select ('60000000-0000-4000-8000-' || lpad(j::text, 12, '0'))::uuid, 'https://example.org/' || i, i || '.jpeg', i * 1000, 640, 480,
      'jpeg', '{"camera": "X100", "tags": ["a", "b"]}' from generate_series(1, ${IMAGES}) i, generate_series(1, ${JOBS}) j;
  analyze`;

const COLUMNS = `id, crawl_job_id, url, storage_path, filename, byte_size, width, height, format, content_hash, is_duplicate,
  metadata, created_at, updated_at`;
const rowsToWrite = Array.from({ length: BULK }, (_, i) => ({
  crawl_job_id: job(JOBS),
  url: `https://example.org/new/${i}`,
  byte_size: BigInt(i),
  width: 640,
  height: 480,
  format: "jpeg",
}));
const numbersOfRows = (values: readonly bigint[]) => values.map(String);

/** The same work by one of them. What it returns is counted, so that all do the same. */
interface Contestant {
  readonly name: string;
  readonly single: (id: number) => Promise<unknown>;
  readonly list: (after: number) => Promise<readonly unknown[]>;
  readonly nested: () => Promise<readonly { readonly images: readonly unknown[] }[]>;
  readonly insert: (number: number) => Promise<unknown>;
  readonly bulk: () => Promise<readonly unknown[]>;
  readonly close: () => Promise<unknown>;
}

const BULK_TEXT = `insert into images (crawl_job_id, url, byte_size, width, height, format)
  select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::int[], $5::int[], $6::text[]) returning ${COLUMNS}`;
const bulkValues = () => [
  rowsToWrite.map((row) => row.crawl_job_id),
  rowsToWrite.map((row) => row.url),
  numbersOfRows(rowsToWrite.map((row) => row.byte_size)),
  rowsToWrite.map((row) => row.width),
  rowsToWrite.map((row) => row.height),
  rowsToWrite.map((row) => row.format),
];
const NESTED_TEXT = (project: string) => `select j.*, (
    select coalesce(json_agg(i), '[]') from (
      select ${COLUMNS} from images where crawl_job_id = j.id order by id limit ${NESTED}) i) as images
  from crawl_jobs j where j.project_id = ${project} order by j.id limit ${PAGE}`;

function byHand(name: string, pool: ConnectionPool): Contestant {
  const columns = sql.__dangerous__rawValue(COLUMNS);
  const before = sql.__dangerous__rawValue(NESTED_TEXT("@").split("@")[0] ?? "");
  const behind = sql.__dangerous__rawValue(NESTED_TEXT("@").split("@")[1] ?? "");
  return {
    name,
    single: async (id) => (await pool.query(sql`select ${columns} from images where id = ${id}`))[0],
    list: (after) =>
      pool.query(
        sql`select ${columns} from images where crawl_job_id = ${job(1)} and id > ${after} order by id limit ${PAGE}`,
      ),
    nested: () => pool.query(sql`${before}${PROJECT}${behind}`),
    insert: async (number) =>
      (
        await pool.query(
          sql`insert into images (crawl_job_id, url, byte_size) values (${job(JOBS)}, ${"https://example.org/one"}, ${number})
            returning ${columns}`,
        )
      )[0],
    bulk: () => {
      const [jobs, urls, sizes, widths, heights, formats] = bulkValues();
      return pool.query(sql`insert into images (crawl_job_id, url, byte_size, width, height, format)
        select * from unnest(${jobs}::uuid[], ${urls}::text[], ${sizes}::bigint[], ${widths}::int[], ${heights}::int[], ${formats}::text[])
        returning ${columns}`);
    },
    close: () => pool.dispose(),
  };
}

async function byVerso(name: string, url: string, prepared: boolean): Promise<Contestant> {
  const pool = await openPool({ connectionString: url, poolSize: 1 }, { prepared });
  // A page behind a row, as somebody who leafs through has it.
  const cursor = (id: number) =>
    Buffer.from(JSON.stringify([1, "images.listByCrawlJobId", String(id)])).toString("base64url");
  return {
    name,
    single: (id) => client.images.findById(pool, BigInt(id)),
    list: async (after) =>
      (await client.images.listByCrawlJobId(pool, job(1), { limit: PAGE, after: cursor(after) })).rows,
    nested: async () =>
      (await client.crawlJobs.listByProjectId(pool, PROJECT, { limit: PAGE, with: { images: { limit: NESTED } } }))
        .rows,
    insert: (number) =>
      client.images.insert(pool, {
        crawl_job_id: job(JOBS),
        url: "https://example.org/one",
        byte_size: BigInt(number),
      }),
    bulk: () => client.images.insertMany(pool, rowsToWrite),
    close: () => pool.dispose(),
  };
}

function byPg(url: string): Contestant {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  return {
    name: "pg",
    single: async (id) => (await pool.query(`select ${COLUMNS} from images where id = $1`, [id])).rows[0],
    list: async (after) =>
      (
        await pool.query(`select ${COLUMNS} from images where crawl_job_id = $1 and id > $2 order by id limit $3`, [
          job(1),
          after,
          PAGE,
        ])
      ).rows,
    nested: async () => (await pool.query(NESTED_TEXT("$1"), [PROJECT])).rows,
    insert: async (number) =>
      (
        await pool.query(`insert into images (crawl_job_id, url, byte_size) values ($1, $2, $3) returning ${COLUMNS}`, [
          job(JOBS),
          "https://example.org/one",
          number,
        ])
      ).rows[0],
    bulk: async () => (await pool.query(BULK_TEXT, bulkValues())).rows,
    close: () => pool.end(),
  };
}

function byPostgres(url: string): Contestant {
  const on = postgres(url, { max: 1 });
  const columns = on.unsafe(COLUMNS);
  return {
    name: "postgres (prepares by itself)",
    single: async (id) => (await on`select ${columns} from images where id = ${id}`)[0],
    list: (after) =>
      on`select ${columns} from images where crawl_job_id = ${job(1)} and id > ${after} order by id limit ${PAGE}`,
    nested: async () => on.unsafe(NESTED_TEXT("$1"), [PROJECT], { prepare: true }) as never,
    insert: async (number) =>
      (
        await on`insert into images (crawl_job_id, url, byte_size) values (${job(JOBS)}, ${"https://example.org/one"}, ${number})
          returning ${columns}`
      )[0],
    bulk: () =>
      on`insert into images ${on(rowsToWrite.map((row) => ({ ...row, byte_size: String(row.byte_size) })))} returning ${columns}`,
    close: () => on.end(),
  };
}

function byKysely(url: string): Contestant {
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 1 }) }),
  });
  return {
    name: "Kysely",
    single: (id) => db.selectFrom("images").selectAll().where("id", "=", BigInt(id)).executeTakeFirst(),
    list: (after) =>
      db
        .selectFrom("images")
        .selectAll()
        .where("crawl_job_id", "=", job(1))
        .where("id", ">", BigInt(after))
        .orderBy("id")
        .limit(PAGE)
        .execute(),
    nested: () =>
      db
        .selectFrom("crawl_jobs as j")
        .selectAll("j")
        .select((of) =>
          jsonArrayFrom(
            of
              .selectFrom("images as i")
              .selectAll("i")
              .whereRef("i.crawl_job_id", "=", "j.id")
              .orderBy("i.id")
              .limit(NESTED),
          ).as("images"),
        )
        .where("j.project_id", "=", PROJECT)
        .orderBy("j.id")
        .limit(PAGE)
        .execute(),
    insert: (number) =>
      db
        .insertInto("images")
        .values({ crawl_job_id: job(JOBS), url: "https://example.org/one", byte_size: BigInt(number) })
        .returningAll()
        .executeTakeFirst(),
    bulk: () => db.insertInto("images").values(rowsToWrite).returningAll().execute(),
    close: () => db.destroy(),
  };
}

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "string" }).notNull().defaultNow();
const crawlJobs = pgTable("crawl_jobs", {
  id: uuid().primaryKey().defaultRandom(),
  project_id: uuid().notNull(),
  name: varchar({ length: 255 }).notNull(),
  status: text().notNull(),
  keywords: text().array().notNull(),
  max_images: integer().notNull(),
  progress: integer().notNull(),
  created_at: moment("created_at"),
  updated_at: moment("updated_at"),
});
const images = pgTable("images", {
  id: bigint({ mode: "bigint" }).primaryKey().generatedByDefaultAsIdentity(),
  crawl_job_id: uuid().notNull(),
  url: text().notNull(),
  storage_path: text(),
  filename: varchar({ length: 255 }),
  byte_size: bigint({ mode: "bigint" }),
  width: integer(),
  height: integer(),
  format: varchar({ length: 10 }),
  content_hash: text(),
  is_duplicate: boolean().notNull().default(false),
  metadata: jsonb().notNull().default({}),
  created_at: moment("created_at"),
  updated_at: moment("updated_at"),
});
const crawlJobsRelations = relations(crawlJobs, ({ many }) => ({ images: many(images) }));
const imagesRelations = relations(images, ({ one }) => ({
  job: one(crawlJobs, { fields: [images.crawl_job_id], references: [crawlJobs.id] }),
}));

function byDrizzle(url: string): Contestant {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const db = drizzle(pool, { schema: { crawlJobs, images, crawlJobsRelations, imagesRelations } });
  return {
    name: "Drizzle",
    single: async (id) =>
      (
        await db
          .select()
          .from(images)
          .where(eq(images.id, BigInt(id)))
      )[0],
    list: (after) =>
      db.query.images.findMany({
        where: (of, { and, gt }) => and(eq(of.crawl_job_id, job(1)), gt(of.id, BigInt(after))),
        orderBy: asc(images.id),
        limit: PAGE,
      }),
    nested: () =>
      db.query.crawlJobs.findMany({
        where: eq(crawlJobs.project_id, PROJECT),
        orderBy: asc(crawlJobs.id),
        limit: PAGE,
        with: { images: { limit: NESTED, orderBy: (of) => asc(of.id) } },
      }),
    insert: async (number) =>
      (
        await db
          .insert(images)
          .values({ crawl_job_id: job(JOBS), url: "https://example.org/one", byte_size: BigInt(number) })
          .returning()
      )[0],
    bulk: () => db.insert(images).values(rowsToWrite).returning(),
    close: () => pool.end(),
  };
}

/** What is measured, how often in a round, and whether all of it came back. Short rounds, so that all meet the same noise. */
const KINDS = [
  {
    what: "a row by its key",
    times: 10,
    rounds: 201,
    run: (one: Contestant, i: number) => one.single(i + 1).then(Boolean),
  },
  {
    what: `a page of ${PAGE} rows`,
    times: 4,
    rounds: 101,
    run: (one: Contestant, i: number) => one.list(i * 10).then(({ length }) => length === PAGE),
  },
  {
    what: `${JOBS} rows, ${NESTED} in each`,
    times: 2,
    rounds: 101,
    run: (one: Contestant) =>
      one.nested().then((found) => found.length === JOBS && found.every((row) => row.images.length === NESTED)),
  },
  {
    what: "one row inserted",
    times: 10,
    rounds: 101,
    run: (one: Contestant, i: number) => one.insert(i).then(Boolean),
  },
  {
    what: `${BULK} rows inserted at once`,
    times: 1,
    rounds: 31,
    run: (one: Contestant) => one.bulk().then(({ length }) => length === BULK),
  },
] as const;

const cluster = await startCluster(await findBinaries(18), { listen: "loopback" });
try {
  const session = await openServerSession(cluster.url);
  for (const { text: script } of (await compileDomain(join("definitions", "pixcrawler"))).scripts)
    await session.run(script);
  await session.run(SEED);
  const { url } = cluster;
  const hand = databases.default({ connectionString: url, poolSize: 1, bigIntMode: "bigint" });
  const contestants = [
    byHand("@databases/pg, written by hand", hand),
    await byVerso("verso", url, false),
    await byVerso("verso, prepared", url, true),
    byPg(url),
    byPostgres(url),
    byKysely(url),
    byDrizzle(url),
  ];
  for (const { what, times, rounds, run } of KINDS) {
    const works = contestants.map((one) => async () => {
      for (let i = 0; i < times; i++) if (!(await run(one, i))) throw new Error(`${one.name} did not do: ${what}`);
    });
    await turns(5, works);
    const taken = await turns(rounds, works);
    console.log(`\n${what}`);
    taken.forEach((measured, at) => {
      const ratio = medianOf(measured.map((ms, round) => ms / (taken[0]?.[round] ?? ms)));
      const each = (medianOf(measured) / times) * 1000;
      console.log(
        `  ${(contestants[at]?.name ?? "").padEnd(36)} ${each.toFixed(0).padStart(8)} µs  ${ratio.toFixed(2).padStart(6)}`,
      );
    });
    await session.run(`delete from images where id > ${JOBS * IMAGES}`);
  }
  await Promise.all(contestants.map((one) => one.close()));
  await session.close();
} finally {
  await cluster.close();
}
