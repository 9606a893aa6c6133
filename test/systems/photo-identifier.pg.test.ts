import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "../../compiler/session/session.ts";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { takeInventory } from "./inventory.ts";
import { countRows, holding, sizesOf } from "./refusal.ts";
import { type SystemDatabase, seededSystem, seedSystem } from "./systemDatabase.ts";

const DETAILS = [
  ["plant", "mushroom", "bird", "insect"],
  ["coin", "vinyl", "card", "banknote"],
  ["calo", "fruit", "lazyfit", "musclefit"],
  ["dog", "cat", "vehicle", "fish"],
]
  .flat()
  .map((app) => `${app}_identifications`);

const DEMO = "10000000-0000-4000-8000-000000000001";
const photo = (n: number) => `'20000000-0000-4000-8000-00000000000${n}'`;
const identification = (n: number) => `'30000000-0000-4000-8000-00000000000${n}'`;

describe.each(ENGINES_OF_LONG_SUITES)("photo-identifier, on %s", (engine) => {
  let system: SystemDatabase;
  let session: Session;
  beforeAll(async () => {
    system = await seededSystem("photo-identifier", engine, { extensions: ["pg_trgm"] });
    session = system.session;
  });
  afterAll(() => system?.close());

  test("has its 21 tables, complete, and at least 80 indexes", async () => {
    const { tables, indexes, lacks } = await takeInventory(session);
    expect(tables).toEqual(
      ["users", "photos", "photo_identifications", "collections", "collection_photos", ...DETAILS].sort(),
    );
    expect(indexes).toBeGreaterThanOrEqual(80);
    expect(lacks).toEqual([]);
  });

  test("has indexes for what it searches by: arrays, documents, words, likeness, ranges", async () => {
    const [row] = await session.query(`
      select count(*) filter (where indexdef ~ 'gin \\(\\w+\\)')::int > 10 as arrays,
        count(*) filter (where indexdef ~ 'jsonb_path_ops')::int >= 16 as documents,
        count(*) filter (where indexdef ~ 'gin \\(search\\)')::int as words,
        count(*) filter (where indexdef ~ 'gin_trgm_ops')::int > 10 as likeness,
        count(*) filter (where indexdef ~ 'btree \\(value_low, value_high\\)')::int as ranges
      from pg_indexes where schemaname = 'public'`);
    expect(row).toEqual({ arrays: true, documents: true, words: 2, likeness: true, ranges: 4 });
  });

  test("has UUID keys that PostgreSQL makes", async () => {
    expect(
      await session.query(`
        select table_name from information_schema.columns
        where table_schema = 'public' and column_name = 'id'
          and (data_type <> 'uuid' or column_default <> 'gen_random_uuid()')`),
    ).toEqual([]);
    expect(
      await countRows(session, "information_schema.columns where table_schema = 'public' and column_name = 'id'"),
    ).toBe(20);
  });

  test("gives every detail table the same shared part, one to one with its identification", async () => {
    const shared = await session.query(`
      select table_name, string_agg(column_name, ' ' order by ordinal_position) as columns
      from information_schema.columns
      where table_name like '%\\_identifications' and table_schema = 'public' and table_name <> 'photo_identifications'
        and column_name in ('id', 'photo_identification_id', 'description', 'extra', 'created_at', 'updated_at')
      group by 1 order by 1`);
    const columns = "id photo_identification_id description extra created_at updated_at";
    expect(shared).toEqual([...DETAILS].sort().map((table_name) => ({ table_name, columns })));
    expect(
      await holding(session, {
        plant_identifications_photo_identification_id_key: `
          insert into plant_identifications (photo_identification_id, common_name) values (${identification(1)}, 'Twice')`,
      }),
    ).toEqual([]);
  });

  test("takes its seeds any number of times", async () => {
    const { tables } = await takeInventory(session);
    const before = await sizesOf(session, tables);
    expect(before).toMatchObject({
      users: 1,
      photos: 8,
      photo_identifications: 8,
      collections: 2,
      collection_photos: 4,
    });
    await seedSystem(session, "photo-identifier");
    await seedSystem(session, "photo-identifier");
    expect(await sizesOf(session, tables)).toEqual(before);
  });

  test("holds confidences to 0..1 and statuses to their words", async () => {
    const set = (what: string) => `update photo_identifications set ${what}`;
    expect(
      await holding(session, {
        photo_identifications_confidence_check: set("confidence = 1.001"),
        photo_identifications_status_check: set("status = 'perhaps'"),
        photo_identifications_app_check: set("app = 'rock'"),
        photo_identifications_review_is_whole: set("status = 'confirmed', reviewed_at = null"),
        photos_status_check: "update photos set status = 'lost'",
        photos_place_is_whole: "update photos set latitude = 1, longitude = null",
        musclefit_identifications_form_score_check: "update musclefit_identifications set form_score = -0.1",
        users_email_check: "update users set email = 'Demo@Example.com'",
        value_range: "update coin_identifications set value_low = value_high + 1",
        coin_identifications_rarity_check: "update coin_identifications set rarity = 'nice'",
        bird_identifications_conservation_status_check: "update bird_identifications set conservation_status = 'XX'",
      }),
    ).toEqual([]);
  });

  test("never takes a mushroom without a word on eating it, nor one that is both edible and poisonous", async () => {
    const required = await session.query(`
      select column_name, is_nullable, column_default from information_schema.columns
      where table_name = 'mushroom_identifications' and column_name in ('edibility', 'toxicity') order by 1`);
    expect(required).toEqual([
      { column_name: "edibility", is_nullable: "NO", column_default: null },
      { column_name: "toxicity", is_nullable: "NO", column_default: null },
    ]);
    const set = (what: string) => `update mushroom_identifications set ${what}`;
    expect(
      await holding(session, {
        mushroom_identifications_edibility_check: set("edibility = 'tasty'"),
        mushroom_identifications_toxicity_check: set("toxicity = 'some'"),
        mushroom_edible_means_not_toxic: set("edibility = 'edible'"),
        mushroom_danger_has_a_warning: set("safety_warning = null"),
      }),
    ).toEqual([]);
  });

  test("finds by words, by likeness, by tag and by what a document holds", async () => {
    const found = async (sql: string) => (await session.query<{ label: string }>(sql)).map(({ label }) => label);
    expect(
      await found("select label from photo_identifications where search @@ websearch_to_tsquery('simple', 'agaric')"),
    ).toEqual(["Fly agaric"]);
    expect(await found("select label from photo_identifications where label % 'Folkswagen Betle'")).toEqual([
      "Volkswagen Beetle",
    ]);
    expect(await found("select caption as label from photos where tags @> '{bird}'")).toEqual(["At the feeder"]);
    expect(
      await found(`select label from photo_identifications where alternatives @> '[{"label": "Peace dollar"}]'`),
    ).toEqual(["Morgan dollar"]);
  });

  test("lets two photos of a collection change places", async () => {
    await session.run(`
      begin;
      update collection_photos set position = 1 where photo_id = ${photo(1)};
      update collection_photos set position = 0 where photo_id = ${photo(2)};
      commit`);
    expect(await countRows(session, `collection_photos where photo_id = ${photo(2)} and position = 0`)).toBe(1);
  });

  test("deletes with a user everything down to the details", async () => {
    await session.run(`delete from users where id = '${DEMO}'`);
    const sizes = await sizesOf(session, (await takeInventory(session)).tables);
    expect(Object.entries(sizes).filter(([, rows]) => rows > 0)).toEqual([]);
  });
});
