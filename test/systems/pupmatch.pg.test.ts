import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { history } from "../../compiler/apply/status.ts";
import type { Parameter, Session } from "../../compiler/session/session.ts";
import { EXTENSIONS, POSTGIS_ENGINES } from "./postgis.ts";
import { type SystemDatabase, seededSystem, seedSystem } from "./systemDatabase.ts";

describe.each(POSTGIS_ENGINES)("pupmatch, on $name", { timeout: 120_000 }, ({ engine }) => {
  let system: SystemDatabase;
  let session: Session;
  beforeAll(async () => {
    system = await seededSystem("pupmatch", engine, EXTENSIONS);
    session = system.session;
  });
  afterAll(() => system?.close());

  const rows = <Row extends object>(sql: string, ...parameters: Parameter[]) => session.query<Row>(sql, parameters);

  test("has the eleven tables, thirty indexes, and an index under every foreign key", async () => {
    expect(
      await rows(`
        select
          (select count(*)::int from pg_class c where relkind = 'r' and relnamespace = 'public'::regnamespace
            and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')) as tables,
          (select count(*)::int >= 30 from pg_index i join pg_class c on c.oid = i.indrelid
            where c.relnamespace = 'public'::regnamespace and not i.indisprimary) as has_thirty_indexes`),
    ).toEqual([{ tables: 11, has_thirty_indexes: true }]);
    expect(
      await rows(`
        select k.conname from pg_constraint k
        where k.connamespace = 'public'::regnamespace and k.contype = 'f' and not exists (
          select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
            and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)`),
    ).toEqual([]);
    expect(
      await rows(`
        select indexdef from pg_indexes where schemaname = 'public' and indexdef ~ 'gist' order by 1`),
    ).toEqual([
      { indexdef: "CREATE INDEX playgrounds_location_idx ON public.playgrounds USING gist (location)" },
      { indexdef: "CREATE INDEX profiles_location_idx ON public.profiles USING gist (location)" },
    ]);
  });

  test("every table is explained, and keeps updated_at", async () => {
    expect(
      await rows(`
        select c.relname from pg_class c
        where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
          and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
          and (obj_description(c.oid, 'pg_class') is null
            or not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'set_updated_at'))`),
    ).toEqual([]);
  });

  test("seeds are safe to run again", async () => {
    const census =
      "select (select count(*) from photos)::int as photos, (select count(*) from matches)::int as matches";
    const before = await rows(census);
    await seedSystem(session, "pupmatch");
    expect(await rows(census)).toEqual(before);
    expect(before).toEqual([{ photos: 12, matches: 1 }]);
  });

  test("defaults are those that were asked for, and `order` is a column like any other", async () => {
    await rows("insert into user_preferences (profile_id) values ('p-balu')");
    expect(
      await rows(`
        select min_age, max_age, max_distance, activity_level, distance_unit from user_preferences
        where profile_id = 'p-balu'`),
    ).toEqual([{ min_age: 0, max_age: 20, max_distance: 25, activity_level: "medium", distance_unit: "miles" }]);
    await rows("delete from user_preferences where profile_id = 'p-balu'");
    expect(await rows(`select "order" from photos where profile_id = 'p-rex' order by "order" desc limit 1`)).toEqual([
      { order: 2 },
    ]);
    expect(await rows("select read from messages where id = 'm-1'")).toEqual([{ read: false }]);
  });

  test("likes that are returned make a match, once", async () => {
    expect(await rows("select user1_id, user2_id from matches")).toEqual([{ user1_id: "u-rex", user2_id: "u-luna" }]);
    await session.run("BEGIN");
    try {
      await rows("insert into likes (user_id, target_id) values ('u-luna', 'u-balu')");
      expect(await rows("select user1_id from matches where user2_id = 'u-balu' or user1_id = 'u-balu'")).toHaveLength(
        1,
      );
    } finally {
      await session.run("ROLLBACK");
    }
    await expect(rows("insert into matches (user1_id, user2_id) values ('u-luna', 'u-rex')")).rejects.toMatchObject({
      code: "23505",
    });
    await expect(rows("insert into likes (user_id, target_id) values ('u-mia', 'u-mia')")).rejects.toMatchObject({
      code: "23514",
    });
  });

  test("a message moves its conversation to the top", async () => {
    await rows("update conversations set created_at = created_at - interval '1 day'");
    await rows(
      "insert into messages (conversation_id, sender_id, recipient_id, body) values ('c-1', 'u-rex', 'u-luna', 'Five it is.')",
    );
    expect(await rows("select updated_at - created_at > interval '23 hours' as moved from conversations")).toEqual([
      { moved: true },
    ]);
  });

  test("PostGIS measures, and finds what is near by the index", async () => {
    expect(await rows("select postgis_lib_version() ~ '^3\\.' as is_three")).toEqual([{ is_three: true }]);
    expect(
      await rows("select id, round(metres / 100) as hectometres from nearest_playgrounds(-73.9566, 40.7736, 2)"),
    ).toEqual([
      { id: "pg-carl-schurz", hectometres: 11 },
      { id: "pg-tompkins", hectometres: 56 },
    ]);
    // Rex looks ten miles round and likes Luna already; Balu lives seven and a half miles away, Mia does not say where.
    expect(await rows("select id, round(distance::numeric, 1) as miles from nearby_profiles('p-rex')")).toEqual([
      { id: "p-balu", miles: "7.5" },
    ]);
    // Luna looks five kilometres round, and only Rex, whom she likes, lives there.
    expect(await rows("select id from nearby_profiles('p-luna')")).toEqual([]);

    await session.run("BEGIN");
    try {
      await session.run(`
        insert into playgrounds (name, location)
        select 'Playground ' || n, st_setsrid(st_makepoint(-180 + (n * 7919) % 36000 / 100.0, -80 + (n * 104729) % 16000 / 100.0), 4326)
        from generate_series(1, 5000) n;
        analyze playgrounds`);
      const plan = async (sql: string) =>
        (await rows<Record<string, string>>(`explain ${sql}`)).map((line) => line["QUERY PLAN"]).join("\n");
      expect(
        await plan(
          "select id from playgrounds order by location <-> st_setsrid(st_makepoint(-73.9, 40.7), 4326) limit 5",
        ),
      ).toMatch(/Index Scan using playgrounds_location_idx/);
      expect(
        await plan("select id from playgrounds where location && st_makeenvelope(-74, 40, -73, 41, 4326)"),
      ).toMatch(/Index Scan (?:using|on) playgrounds_location_idx/);
    } finally {
      await session.run("ROLLBACK");
    }
    await expect(
      rows("insert into playgrounds (name, location) values ('Nowhere', st_setsrid(st_makepoint(1, 2), 3857))"),
    ).rejects.toMatchObject({ code: "22023" });
  });

  test("whoever leaves takes everything along", async () => {
    await session.run("BEGIN");
    try {
      await rows("delete from users where id = 'u-rex'");
      expect(
        await rows(`
          select (select count(*)::int from profiles where user_id = 'u-rex') as profiles,
            (select count(*)::int from photos where profile_id = 'p-rex') as photos,
            (select count(*)::int from matches) as matches, (select count(*)::int from messages) as messages`),
      ).toEqual([{ profiles: 0, photos: 0, matches: 0, messages: 0 }]);
    } finally {
      await session.run("ROLLBACK");
    }
  });

  test("goes up, down one, up again, and remembers", async () => {
    const last = system.migrations.at(-1)?.name ?? "";
    await rollback(session, { acceptDataLoss: true });
    await apply(session, system.migrations, { acceptDataLoss: true });
    const events = (await history(session)).filter(({ migration }) => migration === last).map(({ event }) => event);
    expect(events).toEqual(["applied", "rolled back", "applied"]);
  });
});
