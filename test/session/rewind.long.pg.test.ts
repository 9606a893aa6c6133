import { describe, expect, test } from "vitest";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import type { Session } from "../../compiler/session/session.ts";

/** A checksum of every row of every system catalog, and of what the server counts and sets. */
async function printOf(session: Session): Promise<Record<string, string>> {
  const relations = await session.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r' order by 1`,
  );
  const parts = relations.map(
    ({
      name,
    }) => `select '${name}' as name, count(*) || ' ' || md5(string_agg(t::text, e'\\n' order by t::text)) as print
      from ${name} t`,
  );
  const rows = await session.query<{ name: string; print: string }>(parts.join(" union all "));
  const prints = Object.fromEntries(rows.map(({ name, print }) => [name, print]));
  const [settings] = await session.query<{ print: string }>(
    "select md5(string_agg(name || setting, ',' order by name)) as print from pg_settings",
  );
  return { ...prints, settings: settings?.print ?? "" };
}

/** Scripts of a session, parted by `;;`. */
const WORKLOADS: Readonly<Record<string, string>> = {
  "tables with rows": `create table t (id int primary key, body text);
    insert into t select i, repeat(md5(i::text), 30) from generate_series(1, 2000) i;
    create index on t (body); update t set body = body || 'x' where id % 3 = 0; ;; vacuum full t ;; checkpoint`,
  "roles, databases, settings": `create role r login superuser; create schema r authorization r; alter role r set work_mem = '1MB';; create database other;;
    set role r; set session authorization r; set work_mem = '8MB'; set timezone = 'Asia/Tokyo'; create temp table temporary (a int)`,
  "a transaction left open": "begin; create table half (a int); insert into half values (1); savepoint s",
  "large objects, sequences, types": `select lo_create(42); create sequence s; select nextval('s'); create type mood as enum ('a');
    create domain d as int check (value > 0); prepare p as select 1; listen channel; declare c cursor with hold for select 1`,
  "dropped catalogs' rows":
    "drop schema public cascade; create schema elsewhere; drop function if exists pg_catalog.nothing()",
  "memory that grew": `set work_mem = '300MB'; create table big as select i, md5(i::text) m from generate_series(1, 10000) i;
    select count(distinct m) from big; select length(array_agg(m order by m)::text) from big;
    select length(repeat('x', 120000000))`,
  "functions and triggers": `create table t (a int); create function f() returns trigger language plpgsql as $$ begin return new; end $$;
    create trigger t before insert on t for each row execute function f(); insert into t values (1)`,
};

describe("a session in memory", () => {
  test("finds the engine as new, whatever the session before it did", async () => {
    let session = await openEmbeddedSession();
    const expected = await printOf(session);
    for (const [name, script] of Object.entries(WORKLOADS)) {
      for (const part of script.split(";;")) await session.run(part);
      await session.close();
      session = await openEmbeddedSession();
      expect(await printOf(session), `after ${name}`).toEqual(expected);
    }
    await session.close();
  });

  test("finds it as new after an error and in an aborted transaction", async () => {
    const session = await openEmbeddedSession();
    await session.run("begin; create table a (b int)");
    await expect(session.run("select 1 / 0")).rejects.toMatchObject({ code: "22012" });
    await session.close();
    const next = await openEmbeddedSession();
    expect(await next.query("select to_regclass('a') as a")).toEqual([{ a: null }]);
    await next.run("vacuum");
    await next.close();
  });

  test("does the same work again, the same way, many times", async () => {
    const work = async (): Promise<unknown> => {
      const session = await openEmbeddedSession({ extensions: ["hstore", "pg_trgm"] });
      await session.run(`create extension hstore; create extension pg_trgm;
        create table t (id bigint generated always as identity primary key, tags hstore, words tsvector);
        create index on t using gin (tags); create index on t using gin (words);
        insert into t (tags, words) select hstore('k', i::text), to_tsvector('english', 'running ' || i) from generate_series(1, 500) i`);
      const rows = await session.query(
        `select count(*) as n, max(id) as last, similarity('verso', 'versa') as s, min(words::text) as words,
           (select sum(oid::int8) from pg_class where oid >= 16384) as oids from t where tags ? 'k'`,
      );
      await session.close();
      return rows;
    };
    const first = await work();
    for (let round = 0; round < 4; round++) expect(await work()).toEqual(first);
  });

  test("goes straight to where costly scripts led before, and finds there what they made", async () => {
    const scripts = [
      "create role builder; create schema built authorization builder; set timezone = 'Asia/Tokyo'",
      "do $$ begin raise notice 'building'; perform pg_sleep(1.5); end $$; create table built.t (id int primary key); create table built.born as select clock_timestamp() as at",
      "insert into built.t select generate_series(1, 1000)",
    ];
    const build = async (last: string): Promise<unknown> => {
      const session = await openEmbeddedSession();
      const notices: string[] = [];
      session.onNotice(({ message }) => notices.push(message));
      for (const script of [...scripts, last]) await session.run(script);
      const found = await session.query(
        `select count(*) as n, sum(id) as ids, current_setting('timezone') as zone, to_regrole('builder') as role,
           (select reltuples from pg_class where oid = 'built.t'::regclass) as counted,
           (select at::text from built.born) as born from built.t`,
      );
      const prints = await printOf(session);
      await session.close();
      return { found, notices, prints };
    };
    const built = await build("analyze built.t");
    expect(await build("analyze built.t")).toEqual(built);
    expect(await build("delete from built.t where id > 10")).toMatchObject({ found: [{ n: 10n, counted: -1 }] });
    expect(await build("analyze built.t")).toEqual(built);
  });

  test("is apart from another one that is open at the same time", async () => {
    const [one, two] = await Promise.all([openEmbeddedSession(), openEmbeddedSession()]);
    await one.run("create table mine (a int)");
    expect(await two.query("select to_regclass('mine') as mine")).toEqual([{ mine: null }]);
    await Promise.all([one.close(), two.close()]);
  });

  test("is refused once it is closed, so that it cannot meddle with the next one", async () => {
    const session = await openEmbeddedSession();
    await session.close();
    await expect(session.query("select 1")).rejects.toMatchObject({ code: "session-closed" });
  });

  test("loads an extension that a script mentions, though nobody announced it", async () => {
    const session = await openEmbeddedSession();
    await session.run("create extension if not exists earthdistance cascade");
    expect(await session.query("select earth_distance(ll_to_earth(0, 0), ll_to_earth(0, 1))::int as metres")).toEqual([
      { metres: 111320 },
    ]);
    await session.close();
  });
});
