import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ConnectionPool, sql } from "@databases/pg";
import pgTyped from "@databases/pg-typed";
import {
  ConstraintViolation,
  CursorError,
  callForMany,
  callForOne,
  type Database,
  EmptyUpdate,
  type Encoding,
  embedded,
  encoded,
  execute,
  findRow,
  insertRows,
  isViolation,
  observeStatements,
  openPool,
} from "verso/client";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { startInMemory } from "../../compiler/session/engine.ts";
import { openSession } from "../../compiler/session/open.ts";
import { activityLogs, crawlJobs, images, profiles, projects } from "../../generated/pixcrawler/client.ts";
import type Images from "../../generated/pixcrawler/images.ts";
import type DatabaseSchema from "../../generated/pixcrawler/index.ts";
import type Profiles from "../../generated/pixcrawler/profiles.ts";
import { freshDatabase, NEWEST, type TestDatabase } from "../servers.ts";

const TYPES = `
  create table codes (c character(3), b bit(3), n numeric(4, 1));
  create table stays (during int4range, constraint one_guest_at_a_time exclude using gist (during with &&));
  create type mood as enum ('sad', 'it''s');
  create domain email as text;
  create type address as (street text, "house no" int, at point, tags text[]);
  create type person as (name text, homes address[], mood mood);
  create type house as (street text, "house no" int, at point, tags text[], note jsonb);
  create type owner as (name text, houses house[], mood mood);
  create function total(first int, second int default 10, variadic more int[] default '{}') returns bigint
    language sql return first + second + (select coalesce(sum(m), 0) from unnest(more) m);
  create function plain(int, jsonb) returns table (n int, doc jsonb) language sql as 'select $1, $2 union all select $1 + 1, null';
  create function echo(anyelement) returns anyelement language sql as 'select $1';
  create procedure take(inout amount numeric, out note text) language plpgsql as $$ begin amount := amount / 3; note := 'done'; end $$`;

interface Engine {
  readonly db: Database;
  close(): Promise<void>;
}

const scripts = async (): Promise<readonly string[]> =>
  (await compileDomain(join("definitions", "pixcrawler"))).scripts.map(({ text }) => text);

async function onServer(): Promise<Engine> {
  const database = await freshDatabase(NEWEST);
  const session = await openSession(database.url);
  for (const text of [...(await scripts()), TYPES]) await session.run(text);
  await session.close();
  const pool = await openPool({ connectionString: database.url, poolSize: 3, onError: () => undefined });
  return {
    db: pool,
    close: async () => {
      await pool.dispose();
      await database.close();
    },
  };
}

async function onPglite(): Promise<Engine> {
  const lite = await startInMemory();
  for (const text of [...(await scripts()), TYPES]) await lite.exec(text);
  return { db: await embedded(lite, sql), close: () => lite.close() };
}

describe.each([
  ["a server, by @databases/pg", onServer],
  ["PGlite", onPglite],
] as const)("a generated client on %s", (_, open) => {
  let engine: Engine;
  let db: Database;
  let job: string;
  beforeAll(async () => {
    engine = await open();
    db = engine.db;
  });
  afterAll(() => engine?.close());
  beforeEach(async () => {
    for (const { email } of (await profiles.list(db, { limit: 1000 })).rows) await profiles.deleteByEmail(db, email);
    const profile = await profiles.insert(db, { email: "ann@example.org" });
    const project = await projects.insert(db, { user_id: profile.id, name: "Birds" });
    job = (await crawlJobs.insert(db, { project_id: project.id, name: "Crows" })).id;
  });

  test("writes a row with its defaults, finds it by its keys, and returns it when it goes", async () => {
    const profile = await profiles.insert(db, {
      email: "bob@example.org",
      settings: { notify: "always", more: ["'"] },
    });
    expect(profile).toMatchObject({ role: "user", full_name: null, settings: { notify: "always", more: ["'"] } });
    expect(profile.created_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:/);
    expect(await profiles.findByEmail(db, "bob@example.org")).toEqual(profile);
    expect(await profiles.findById(db, profile.id)).toEqual(profile);
    expect(await profiles.findManyById(db, [profile.id])).toEqual([profile]);
    expect(await profiles.existsByEmail(db, "bob@example.org")).toBe(true);
    expect(await profiles.deleteById(db, profile.id)).toEqual(profile);
    expect(await profiles.deleteById(db, profile.id)).toBeNull();
    expect(await profiles.findById(db, profile.id)).toBeNull();
  });

  test("writes many rows of different shapes in their order, and loses nothing of their values", async () => {
    const given = [
      { crawl_job_id: job, url: 'a,"b"', byte_size: 9007199254740993n, metadata: { list: [1, null, { deep: "\\" }] } },
      { crawl_job_id: job, url: "{}" },
      { crawl_job_id: job, url: "c", byte_size: null, metadata: { text: "é\u{1F600}" } },
    ];
    const written = await images.insertMany(db, given);
    expectTypeOf(written).toEqualTypeOf<readonly Images[]>();
    expect(written.map(({ url, byte_size, metadata }) => ({ url, byte_size, metadata }))).toEqual([
      { url: 'a,"b"', byte_size: 9007199254740993n, metadata: { list: [1, null, { deep: "\\" }] } },
      { url: "{}", byte_size: null, metadata: {} },
      { url: "c", byte_size: null, metadata: { text: "é\u{1F600}" } },
    ]);
    const keywords = ["", "null", "NULL", '"', "\\", "{a,b}", "two words"];
    expect(await crawlJobs.updateById(db, job, { keywords })).toMatchObject({ keywords });
    expect(await images.insertMany(db, [])).toEqual([]);
  });

  test("what is too long, or breaks a rule, is refused in one row and in many; nothing is cut off", async () => {
    const image = (more: object) => ({ crawl_job_id: job, url: "x", ...more });
    for (const rows of [
      [image({ format: "elevenchars" })],
      [image({ format: "a" }), image({ format: "elevenchars" })],
    ]) {
      await expect(images.insertMany(db, rows)).rejects.toMatchObject({ code: "22001" });
    }
    await expect(images.insert(db, image({ format: "elevenchars" }))).rejects.toMatchObject({ code: "22001" });
    const broken = images.insertMany(db, [image({ width: 1 }), image({ width: 0 })]);
    await expect(broken).rejects.toMatchObject({ violation: { constraint: "images_width_check" } });
    const table = {
      name: "codes",
      columns: { c: "character(3)", b: "bit(3)", n: "numeric(4,1)" },
      quoted: {},
      returning: "c, b, n",
      constraints: {},
    };
    const codes = [
      { c: "abc", b: "101", n: "1.24" },
      { c: "x", b: "000", n: null },
    ];
    expect(await insertRows(db, table, codes)).toEqual([
      { c: "abc", b: "101", n: "1.2" },
      { c: "x  ", b: "000", n: null },
    ]);
  });

  test("pages through a list in both directions and stops at its ends", async () => {
    const urls = Array.from({ length: 5 }, (_, i) => `image ${i}`);
    await images.insertMany(
      db,
      urls.map((url) => ({ crawl_job_id: job, url })),
    );
    const texts = ({ rows }: { readonly rows: readonly Images[] }) => rows.map(({ url }) => url);
    const first = await images.listByCrawlJobId(db, job, { limit: 2 });
    expect([texts(first), first.previous]).toEqual([urls.slice(0, 2), null]);
    const second = await images.listByCrawlJobId(db, job, { limit: 2, after: first.next ?? "" });
    expect(texts(second)).toEqual(urls.slice(2, 4));
    const third = await images.listByCrawlJobId(db, job, { limit: 2, after: second.next ?? "" });
    expect([texts(third), third.next]).toEqual([urls.slice(4), null]);
    const back = await images.listByCrawlJobId(db, job, { limit: 3, before: third.previous ?? "" });
    expect(texts(back)).toEqual(urls.slice(1, 4));
    const start = await images.listByCrawlJobId(db, job, { limit: 3, before: back.previous ?? "" });
    expect([texts(start), start.previous]).toEqual([urls.slice(0, 1), null]);
    expect(await images.countByCrawlJobId(db, job)).toBe(5);
    await expect(images.list(db, { after: first.next ?? "" })).rejects.toThrow(CursorError);
    await expect(images.list(db, { after: "what?" })).rejects.toThrow(CursorError);
  });

  test("pages by a moment, to the microsecond, the newest first", async () => {
    const moments = [1, 2, 3].map((n) => `2026-01-01 00:00:00.00000${n}+00`);
    await activityLogs.insertMany(
      db,
      moments.map((timestamp) => ({ action: "project.created", timestamp })),
    );
    const bounds = ["2026-01-01 00:00:00+00", "2026-01-02 00:00:00+00"] as const;
    const first = await activityLogs.listByTimestampBetween(db, ...bounds, { limit: 2 });
    const rest = await activityLogs.listByTimestampBetween(db, ...bounds, { limit: 2, after: first.next ?? "" });
    expect([...first.rows, ...rest.rows].map(({ timestamp }) => timestamp.slice(20, 26))).toEqual([
      "000003",
      "000002",
      "000001",
    ]);
  });

  test("inserts or updates by a key, leaves out what is there, and updates many rows with values of their own", async () => {
    const ann = await profiles.upsertByEmail(db, { email: "ann@example.org", full_name: "Ann" });
    expect(ann.full_name).toBe("Ann");
    const [, bob] = await profiles.upsertManyByEmail(db, [
      { email: "ann@example.org", role: "admin" },
      { email: "bob@example.org" },
    ]);
    expect(await profiles.findByEmail(db, "ann@example.org")).toMatchObject({ full_name: "Ann", role: "admin" });
    const some = [{ email: "ann@example.org" }, { email: "cyd@example.org" }];
    expect((await profiles.insertOrIgnore(db, some)).map(({ email }) => email)).toEqual(["cyd@example.org"]);
    const changed = await profiles.updateMany(db, [
      { id: ann.id, full_name: "Anne" },
      { id: bob?.id ?? "", full_name: null, role: "admin" },
    ]);
    expect(changed.map(({ full_name, role }) => [full_name, role])).toEqual([
      ["Anne", "admin"],
      [null, "admin"],
    ]);
    await expect(profiles.updateById(db, ann.id, {})).rejects.toThrow(EmptyUpdate);
    // @ts-expect-error no such column
    await expect(profiles.updateById(db, ann.id, { fullname: "x" })).rejects.toThrow("takes no value for fullname");
  });

  test("brings related rows along in one round trip, as deep as asked, with the values that they have elsewhere", async () => {
    const written = await images.insertMany(
      db,
      Array.from({ length: 12 }, (_, i) => ({ crawl_job_id: job, url: `${i}`, byte_size: 9007199254740993n })),
    );
    const statements: string[] = [];
    const end = observeStatements(({ text }) => statements.push(text));
    const [ann] = (
      await profiles.list(db, {
        with: {
          projects: { with: { crawlJobs: { with: { images: { limit: 11 }, project: true } } } },
          exportJobs: true,
        },
      })
    ).rows;
    end();
    expect(statements).toHaveLength(1);
    const [project] = ann?.projects ?? [];
    expect(ann?.exportJobs).toEqual([]);
    const [crawl] = project?.crawlJobs ?? [];
    expect(crawl?.images).toEqual(written.slice(0, 11));
    expectTypeOf(crawl?.images).toEqualTypeOf<readonly Images[] | undefined>();
    expect(crawl?.project).toEqual(await projects.findById(db, project?.id ?? ""));
    const found = await crawlJobs.findById(db, job, { with: { project: { with: { user: true } } } });
    expect(found?.project.user.email).toBe("ann@example.org");
    expect(found).toMatchObject((await crawlJobs.findById(db, job)) ?? {});
    const log = await activityLogs.insert(db, { action: "nothing" });
    const nobody = await activityLogs.findById(db, log.id, { with: { user: true } });
    expectTypeOf(nobody?.user).toEqualTypeOf<Profiles | null | undefined>();
    expect(nobody?.user).toBeNull();
    // @ts-expect-error no such relation
    await expect(profiles.list(db, { with: { photos: true } })).rejects.toThrow("has no relation photos");
    // @ts-expect-error a single row has no limit
    await crawlJobs.findById(db, job, { with: { project: { limit: 1 } } });
  });

  test("composites and lists of them inside related rows lose no digit, and have the form that they have in a row", async () => {
    const person = `row('Ann', array[row('x "y"', null, '(1,2)', '{"a,b"}')::address], 'sad')::person`;
    const seen = `select 1 as id, 9007199254740993 as big, ${person} as person, array[${person}] as people, array[1.10, 2] as exact`;
    const number = {
      row: {
        name: null,
        homes: { list: { row: { street: null, "house no": "int4", at: null, tags: "text[]" } } },
        mood: null,
      },
    };
    const texts = ["big", "person", "people", "exact"].map((name) => `${name}::text as ${name}`).join(", ");
    const domain = {
      one: {
        name: "(select 1 as id)",
        columns: "id",
        decode: {},
        order: [],
        relations: { other: { table: "two", isMany: true, on: [["id", "id"]] } },
      },
      two: {
        name: `(${seen})`,
        columns: `id, ${texts}`,
        decode: { big: "int8", person: number, people: { list: number }, exact: "numeric[]" },
        order: ["id"],
        relations: {},
      },
    } as const;
    const [row] = await execute(db, seen, []);
    const found = await findRow<{ other: unknown }>(
      db,
      "select 1 as id",
      [],
      { with: { other: true } },
      { table: "one", domain },
    );
    expect(found?.other).toEqual([row]);
  });

  test("serves @databases/pg-typed as well, with the same values", async () => {
    const databaseSchema = JSON.parse(await readFile("generated/pixcrawler/schema.json", "utf8"));
    const typed = pgTyped.default<DatabaseSchema>({ databaseSchema });
    const on = db as unknown as ConnectionPool;
    const [image] = await typed.images(on).insert({ crawl_job_id: job, url: "a", byte_size: 9007199254740993n });
    expect(image).toEqual(await images.findById(db, image?.id ?? 0n));
    const [again] = await typed.crawl_jobs(on).update({ id: job }, { keywords: ["x,y"] });
    expect(again?.keywords).toEqual(["x,y"]);
    const bulk = await typed.images(on).bulkInsert({
      columnsToInsert: ["crawl_job_id", "url", "metadata"],
      records: [{ crawl_job_id: job, url: "b", metadata: { a: [1] } }],
    });
    expect(bulk.map(({ metadata }) => metadata)).toEqual([{ a: [1] }]);
  });

  test("a broken constraint is told in the definition's words, and TypeScript knows each of the table's", async () => {
    const taken = await profiles.insert(db, { email: "ann@example.org" }).catch((error: unknown) => error);
    expect(isViolation(taken, profiles)).toBe(true);
    expect(isViolation(taken, projects)).toBe(false);
    if (!isViolation(taken, profiles)) throw taken;
    expectTypeOf(taken.violation.constraint).toEqualTypeOf<keyof typeof profiles.constraints | null>();
    expect(taken.violation).toEqual({
      kind: "unique",
      constraint: "profiles_email_key",
      columns: ["email"],
      comment: null,
    });
    expect(taken.table).toBe("public.profiles");
    const told = (({ violation }: typeof taken): string => {
      switch (violation.constraint) {
        case "profiles_email_key":
          return violation.columns[0];
        case "profiles_email_looks_like_one":
        case "profiles_role_check":
        case "profiles_pkey":
        case null:
          return violation.kind;
        default:
          return violation satisfies never;
      }
    })(taken);
    expect(told).toBe("email");

    const odd = await profiles.insert(db, { email: "nobody" }).catch((error: unknown) => error);
    expect(odd).toMatchObject({ violation: { constraint: "profiles_email_looks_like_one", columns: ["email"] } });
    const lost = await projects
      .insert(db, { user_id: "00000000-0000-0000-0000-000000000000", name: "x" })
      .catch((error: unknown) => error);
    expect(lost).toMatchObject({ violation: { kind: "foreign key", columns: ["user_id"] } });
    const empty = await profiles.insert(db, { email: null as never }).catch((error: unknown) => error);
    expect(empty).toBeInstanceOf(ConstraintViolation);
    expect(empty).toMatchObject({ violation: { kind: "not null", constraint: null, columns: ["email"] } });
  });

  test("so is an exclusion", async () => {
    const guest = { kind: "exclusion", columns: ["during"], comment: "Rooms are small." } as const;
    const stays = { constraints: { one_guest_at_a_time: guest } };
    const book = () => execute(db, "insert into stays values ('[1,5)')", [], {}, { "public.stays": stays.constraints });
    await book();
    const taken = await book().catch((error: unknown) => error);
    if (!isViolation(taken, stays)) throw taken;
    expect(taken.violation).toEqual({ ...guest, constraint: "one_guest_at_a_time" });
  });

  test("a transaction takes the place of the database, and is undone as a whole", async () => {
    const undone = db.tx(async (transaction) => {
      await profiles.insert(transaction, { email: "dan@example.org" });
      const inner = transaction.tx(async (inside) => {
        await profiles.insert(inside, { email: "eve@example.org" });
        throw new Error("inside");
      });
      await expect(inner).rejects.toThrow("inside");
      expect(await profiles.existsByEmail(transaction, "dan@example.org")).toBe(true);
      expect(await profiles.existsByEmail(transaction, "eve@example.org")).toBe(false);
      throw new Error("outside");
    });
    await expect(undone).rejects.toThrow("outside");
    expect(await profiles.existsByEmail(db, "dan@example.org")).toBe(false);
  });

  test("values of any type are what the generated types say", async () => {
    const [row] = await execute(
      db,
      `select array['sad', 'it''s']::mood[] as moods, array['a,b', null]::email[] as emails,
        row('x "y"', null, '(1,2)', '{"a\\\\b",c}')::address as home,
        row('Ann', array[row('', 3, null, '{}')::address], 'sad')::person as person,
        9007199254740993 as big, array[1, 2]::bigint[] as bigs, 1.10::numeric(4, 2) as exact, date '2026-01-02' as day,
        '[1,5)'::int4range as range, interval '1 day 2 hours' as span, '\\x00ff'::bytea as bytes, 'NaN'::float8 as nan,
        timestamptz '2026-01-02 03:04:05.000006+00' at time zone 'UTC' as moment, '{"n": 1.0}'::jsonb as json`,
      [],
    );
    expect(row).toEqual({
      moods: ["sad", "it's"],
      emails: ["a,b", null],
      home: { street: 'x "y"', "house no": null, at: "(1,2)", tags: ["a\\b", "c"] },
      person: { name: "Ann", homes: [{ street: "", "house no": 3, at: null, tags: [] }], mood: "sad" },
      big: 9007199254740993n,
      bigs: [1n, 2n],
      exact: "1.10",
      day: "2026-01-02",
      range: "[1,5)",
      span: "1 day 02:00:00",
      bytes: new Uint8Array([0, 255]),
      nan: Number.NaN,
      moment: "2026-01-02 03:04:05.000006",
      json: { n: 1 },
    });
  });

  test("a statement is sent as it is written, whatever stands in its comments and quotes", async () => {
    const written = `select $1::int + $2::int as sum, $1 as again, E'it\\'s $1' as escaped, $$'$1;'$$ as dollars, '1;2' as two,
      "a$1" as "b""$2" /* isn't $3 /* $4 */ */ from (values (3)) v("a$1") -- isn't $5;`;
    expect(await execute(db, written, [1, 2])).toEqual([
      { sum: 3, again: 1, escaped: "it's $1", dollars: "'$1;'", two: "1;2", 'b"$2': 3 },
    ]);
  });

  test("functions and procedures are called with what is given, the rest as they have it by default", async () => {
    const number = (name: string) => ({ name, named: null, type: "int" });
    const total = {
      name: "total",
      gives: "values",
      parameters: [number("first"), number("second"), { name: "more", named: null, type: "int[]", isVariadic: true }],
    } as const;
    expect(await callForOne(db, total, { first: 1 }, undefined, {})).toBe(11n);
    expect(await callForOne(db, total, { first: 1, second: 2, more: [2, 3] }, undefined, {})).toBe(8n);
    await expect(callForOne(db, total, { first: 1, more: [2] }, undefined, {})).rejects.toThrow("without second");
    const plain = {
      name: "plain",
      gives: "rows",
      parameters: [
        { name: "argument1", named: null, type: "int" },
        { name: "argument2", named: null, type: "jsonb", isJson: true },
      ],
    } as const;
    expect(await callForMany(db, plain, { argument1: 1, argument2: [1] }, undefined, {})).toEqual([
      { n: 1, doc: [1] },
      { n: 2, doc: null },
    ]);
    const take = {
      name: "take",
      isProcedure: true,
      gives: "rows",
      parameters: [
        { name: "amount", named: "amount", type: "numeric" },
        { name: "note", named: "note", type: "text", isOut: true },
      ],
    } as const;
    const taken = await callForOne<{ amount: string }>(db, take, { amount: "1" }, undefined, {});
    expect(taken).toEqual({ amount: expect.stringMatching(/^0\.3333/), note: "done" });
  });

  test("composites and lists of them go as parameters and come back the same", async () => {
    const house: Encoding = {
      row: [
        ["street", null],
        ["house no", null],
        ["at", null],
        ["tags", null],
        ["note", "json"],
      ],
    };
    const houses: Encoding = { list: house };
    const owner: Encoding = {
      row: [
        ["name", null],
        ["houses", houses],
        ["mood", null],
      ],
    };
    const echo = async (type: string, encoding: Encoding, given: unknown) => {
      const parameters = [{ name: "given", named: null, type, encoding }];
      return callForOne(db, { name: "echo", gives: "values", parameters }, { given }, undefined, {});
    };
    const home = {
      street: 'x "y", (\\z)',
      "house no": -3,
      at: "(1,2)",
      tags: ["a,b", null, '"', ""],
      note: ["é", null],
    };
    const nowhere = { street: "", "house no": null, at: null, tags: null, note: null };
    const ann = { name: null, houses: [home, nowhere, null], mood: "it's" };
    expect(await echo("house", house, home)).toEqual(home);
    expect(await echo("house[]", houses, [nowhere, home, null])).toEqual([nowhere, home, null]);
    expect(await echo("owner", owner, ann)).toEqual(ann);
    expect(await echo("owner[]", { list: owner }, [ann, ann])).toEqual([ann, ann]);
    expect(await echo("owner", owner, null)).toBeNull();
    expect(await echo("jsonb[]", { list: "json" }, ["a", { b: 1 }])).toEqual(["a", { b: 1 }]);
    const tag = "select ($1::owner).houses[1].tags[1] as tag";
    expect(await execute(db, tag, [encoded(ann, owner)])).toEqual([{ tag: "a,b" }]);
  });

  test("statements carry tags, and whoever wants to know is told of them", async () => {
    const seen: unknown[] = [];
    const end = observeStatements(({ tags, rows, error }) => seen.push({ tags, rows, error }));
    try {
      const tags = { route: "/profiles/*/", "it's": "50%" };
      expect(await profiles.findByEmail(db, "ann@example.org", { tags })).not.toBeNull();
      expect(seen).toEqual([{ tags, rows: 1, error: null }]);
    } finally {
      end();
    }
  });
});

describe("prepared statements", () => {
  let database: TestDatabase;
  let db: ConnectionPool;
  beforeAll(async () => {
    database = await freshDatabase(NEWEST);
    db = await openPool({ connectionString: database.url, poolSize: 1 }, { prepared: true });
  });
  afterAll(async () => {
    await db?.dispose();
    await database?.close();
  });
  const preparedOn = (db: Database) =>
    execute<{ statement: string }>(
      db,
      "select statement from pg_prepared_statements where statement like '%things%' order by 1",
      [],
    );

  test("are the server's, one for each text, where the pool says so, and only there", async () => {
    await execute(db, "create table things (id int primary key, name varchar(3))", []);
    for (const id of [1, 2]) await execute(db, "insert into things values ($1, $2)", [id, "a"]);
    await db.tx((transaction) => execute(transaction, "insert into things values ($1, $2)", [3, "b"]));
    expect((await preparedOn(db)).map(({ statement }) => statement)).toEqual([
      "insert into things values ($1, $2)",
      expect.stringContaining("pg_prepared_statements"),
    ]);
    const plain = await openPool({ connectionString: database.url, poolSize: 1 });
    expect(await execute(plain, "select name from things where id = $1", [1])).toEqual([{ name: "a" }]);
    expect(await preparedOn(plain)).toEqual([]);
    await plain.dispose();
  });

  test("go on after a migration that gave a result another type", async () => {
    const read = () => execute(db, "select name from things where id = $1", [1]);
    expect(await read()).toEqual([{ name: "a" }]);
    await execute(db, "alter table things alter name type varchar(30)", []);
    expect(await read()).toEqual([{ name: "a" }]);
    expect(await read()).toEqual([{ name: "a" }]);
  });
});

describe("limits of time, on a server", () => {
  let engine: Engine;
  let pool: ConnectionPool;
  beforeAll(async () => {
    engine = await onServer();
    pool = engine.db as ConnectionPool;
    await pool.query(pool.sql`
      create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
      create trigger slow before insert on profiles for each row execute function slow()`);
  });
  afterAll(() => engine?.close());

  test("a statement time-out ends the statement, and holds for that one only", async () => {
    const slow = profiles.insert(pool, { email: "a@example.org" }, { timeoutMs: 50 });
    await expect(slow).rejects.toMatchObject({ code: "57014" });
    expect(await pool.query(pool.sql`show statement_timeout`)).toEqual([{ statement_timeout: "0" }]);
  });

  test.each([
    ["by itself", {}],
    ["beside a time-out", { timeoutMs: 60_000 }],
  ])("an aborted signal, %s, breaks the statement off on the server", async (_, more) => {
    const controller = new AbortController();
    const slow = profiles.insert(pool, { email: "a@example.org" }, { signal: controller.signal, ...more });
    const running = pool.sql`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and query like 'insert into%' and state = 'active'`;
    while ((await pool.query(running))[0]?.n === 0);
    controller.abort(new Error("enough"));
    await expect(slow).rejects.toThrow("enough");
    while ((await pool.query(running))[0]?.n !== 0);
    await expect(profiles.list(pool, { signal: controller.signal })).rejects.toThrow("enough");
  });
});
