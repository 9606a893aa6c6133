import { join } from "node:path";
import { sql } from "@databases/pg";
import pgTyped from "@databases/pg-typed";
import {
  type Database,
  type Encoding,
  embedded,
  encoded,
  execute,
  type GeoJSON,
  insertRows,
  openPool,
} from "verso/client";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { startInMemory } from "../../compiler/session/engine.ts";
import { embeddedExtensions, loadExtension } from "../../compiler/session/extensions.ts";
import { openSession } from "../../compiler/session/open.ts";
import { nearestPlaygrounds, playgrounds, profiles, users } from "../../generated/pupmatch/client.ts";
import type DatabaseSchema from "../../generated/pupmatch/index.ts";
import { serializeValue } from "../../generated/pupmatch/index.ts";
import type Profiles from "../../generated/pupmatch/profiles.ts";
import databaseSchema from "../../generated/pupmatch/schema.json" with { type: "json" };
import { freshDatabase, postgisServer } from "../servers.ts";

const postgis = await postgisServer();

const SHAPES = `
  create type stop as (at geometry(Point, 4326), passengers bigint, days date[]);
  create table shapes (
    any_shape geometry, flat geometry(MultiPolygon, 4326), high geometry(PointZ, 4326), mercator geometry(LineString, 3857),
    measured geometry(PointM, 4326), on_globe geography(Point), many geometry(Point, 4326)[], stop stop
  )`;

interface Engine {
  readonly db: Database;
  close(): Promise<void>;
}

async function onServer(): Promise<Engine> {
  const { scripts } = await compileDomain(join("definitions", "pupmatch"));
  const database = await freshDatabase(postgis ?? "");
  const session = await openSession(database.url);
  for (const text of [...scripts.map((one) => one.text), SHAPES]) await session.run(text);
  await session.close();
  const pool = await openPool(database.url);
  return {
    db: pool,
    close: async () => {
      await pool.dispose();
      await database.close();
    },
  };
}

async function onPglite(): Promise<Engine> {
  const { scripts, extensions } = await compileDomain(join("definitions", "pupmatch"));
  const lite = await startInMemory();
  for (const extension of embeddedExtensions(extensions)) await loadExtension(lite, extension);
  for (const text of [...scripts.map((one) => one.text), SHAPES]) await lite.exec(text);
  return { db: await embedded(lite, sql), close: () => lite.close() };
}

const ENGINES = [
  ["a server", onServer],
  ["PGlite", onPglite],
] as const;

const point = (...coordinates: number[]): GeoJSON.Point => ({ type: "Point", coordinates });
const EPSG_3857 = { type: "name", properties: { name: "EPSG:3857" } } as const;

describe.each(ENGINES.filter(([, open]) => open !== onServer || postgis !== null))("places on %s", (_, open) => {
  let engine: Engine;
  let db: Database;
  beforeAll(async () => {
    engine = await open();
    db = engine.db;
  });
  afterAll(() => engine?.close());

  test("are GeoJSON in rows, lists, streams, related rows and what writes return, and are written as it", async () => {
    expectTypeOf<Profiles["location"]>().toEqualTypeOf<GeoJSON.Point | null>();
    const here = point(8.51, 47.31);
    const [far, near] = await playgrounds.insertMany(db, [
      { name: "far", location: point(8.6, 47.4) },
      { name: "near", location: point(8.5, 47.3) },
    ]);
    expect([far?.location, near?.location]).toEqual([point(8.6, 47.4), point(8.5, 47.3)]);
    for (const place of [here, "POINT(8.51 47.31)", JSON.stringify(here)]) {
      const nearest = await playgrounds.nearestByLocation(db, place, { limit: 1 });
      expect(nearest.map(({ name, location }) => [name, location])).toEqual([["near", point(8.5, 47.3)]]);
      expect(await playgrounds.withinDistanceOfLocation(db, place, 0.05)).toEqual(nearest);
    }
    const measured = await nearestPlaygrounds(db, { longitude: 8.51, latitude: 47.31, at_most: 1 });
    expect(measured).toEqual([{ id: near?.id, name: "near", metres: expect.any(Number) }]);

    const user = await users.insert(db, { email: "ann@example.org", password_hash: "x" });
    await profiles.insert(db, { user_id: user.id, name: "Rex", age: 3, location: here });
    const found = await users.findById(db, user.id, { with: { profiles: true } });
    expect(found?.profiles?.location).toEqual(here);
    const moved = await profiles.updateByUserId(db, user.id, { location: point(0, 0) });
    expect(moved?.location).toEqual(point(0, 0));
    for await (const { location } of profiles.stream(db)) expect(location).toEqual(point(0, 0));

    const typed = pgTyped.default<DatabaseSchema>({ databaseSchema, serializeValue });
    const [own] = await typed.playgrounds(db as never).insert({ name: "typed", location: here });
    expect(own?.location).toEqual(here);
  });

  test("lose nothing: heights, reference systems, what is empty, lists; GeoJSON's limits stay PostGIS's text", async () => {
    const table = {
      name: "shapes",
      columns: {
        any_shape: "geometry",
        flat: "geometry(MultiPolygon,4326)",
        high: "geometry(PointZ,4326)",
        mercator: "geometry(LineString,3857)",
        on_globe: "geography(Point)",
        many: "geometry(Point,4326)[]",
      },
      quoted: {},
      returning: "any_shape, flat, high, mercator, on_globe, many",
      constraints: {},
    };
    const square = [
      [0, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ];
    const row = {
      any_shape: {
        type: "GeometryCollection",
        geometries: [
          point(0.1, 1e-300),
          { type: "MultiPoint", coordinates: [[1, 2]] },
          { type: "Polygon", coordinates: [square] },
        ],
        crs: EPSG_3857,
      },
      flat: { type: "MultiPolygon", coordinates: [[square], [square, square]] },
      high: point(1, 2, 3),
      mercator: {
        type: "LineString",
        coordinates: [
          [1, 2],
          [3, 4],
        ],
        crs: EPSG_3857,
      },
      on_globe: point(8.5, 47.3),
      many: [point(1, 2), null, point()],
    };
    expect(await insertRows(db, table, [row])).toEqual([row]);
    const [nowhere] = await insertRows(db, table, [{ any_shape: { ...point(1, 2), crs: null } }]);
    expect(nowhere).toMatchObject({ any_shape: { ...point(1, 2), crs: null } });
    const wrong = insertRows(db, table, [
      {
        mercator: {
          type: "LineString",
          coordinates: [
            [1, 2],
            [3, 4],
          ],
        },
      },
    ]);
    await expect(wrong).rejects.toThrow("SRID (4326) does not match column SRID (3857)");
    const [read] = await execute(
      db,
      `select $1::geometry = 'SRID=4326;POINT(1 2)' as parameter, 'SRID=4326;POINT M(1 2 3)'::geometry as measured,
        'SRID=4326;CIRCULARSTRING(0 0,1 1,2 0)'::geometry as curve, 'SRID=4326;POLYGON EMPTY'::geometry as empty,
        row('SRID=4326;POINT(1 2)', 9007199254740993, array[date '2026-01-02'])::stop as stop`,
      [point(1, 2)],
    );
    expect(read).toEqual({
      parameter: true,
      measured: expect.stringMatching(/^0101000060/),
      curve: expect.stringMatching(/^0108000020/),
      empty: { type: "Polygon", coordinates: [] },
      stop: { at: point(1, 2), passengers: 9007199254740993n, days: ["2026-01-02"] },
    });
  });

  test("are GeoJSON inside composites, written in one row and in many, and as parameters", async () => {
    const stop = { at: point(1, 2), passengers: 9007199254740993n, days: ["2026-01-02"] };
    const table = {
      name: "shapes",
      columns: { stop: "public.stop" },
      quoted: {},
      returning: "stop",
      constraints: {},
    };
    const nowhere = { stop: { at: null, passengers: null, days: null } };
    expect(await insertRows(db, table, [{ stop }])).toEqual([{ stop }]);
    expect(await insertRows(db, table, [{ stop }, nowhere])).toEqual([{ stop }, nowhere]);
    const encoding: Encoding = {
      row: [
        ["at", null],
        ["passengers", null],
        ["days", null],
      ],
    };
    const both = "select $1::stop as one, $2::stop[] as many";
    const given = [encoded(stop, encoding), encoded([stop, null], { list: encoding })];
    expect(await execute(db, both, given)).toEqual([{ one: stop, many: [stop, null] }]);
  });
});

test("the types of places say what can be in a column", () => {
  expectTypeOf<GeoJSON.Value<"Point", 4326>>().toEqualTypeOf<GeoJSON.Point>();
  expectTypeOf<GeoJSON.Value<"POLYGONZ", 4326>>().toEqualTypeOf<GeoJSON.Polygon>();
  expectTypeOf<GeoJSON.Value<"Point", 3857>>().toEqualTypeOf<GeoJSON.Point & { crs: GeoJSON.Crs }>();
  expectTypeOf<GeoJSON.Value<"Point">>().toEqualTypeOf<GeoJSON.InAnySystem<GeoJSON.Point>>();
  expectTypeOf<GeoJSON.Value<"PointM", 4326>>().toEqualTypeOf<string>();
  expectTypeOf<GeoJSON.Value<"CircularString", 4326>>().toEqualTypeOf<string>();
  expectTypeOf<GeoJSON.Value<"Geometry", 4326>>().toEqualTypeOf<GeoJSON.Geometry | string>();
  // @ts-expect-error text is no place
  void ({ name: "x", location: "POINT(1 2)" } satisfies Parameters<typeof playgrounds.insert>[1]);
});
