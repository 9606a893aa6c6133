import { geometry } from "verso/validators";
import { expect, test } from "vitest";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { writeGeometry } from "../../compiler/session/geojson.ts";

const SQUARE = [
  [0, 0],
  [0, 1],
  [1, 1],
  [0, 0],
];
const HIGH = SQUARE.map((one) => [...one, 5]);

/** Places of each shape, well formed and not. */
const GIVEN: readonly (readonly [type: string, inside: unknown])[] = [
  ...[[1, 2], [1, 2, 3], [], [1], [1, 2, 3, "x"], [1, "2"], [[1, 2]], [1, null]].map((one) => ["Point", one] as const),
  ...[
    SQUARE,
    HIGH,
    [],
    [[1, 2]],
    [1, 2],
    [SQUARE],
    [[0, 0], [1]],
    [
      [0, 0],
      [1, 1, 1],
    ],
    [[0, 0], []],
  ].map((one) => ["LineString", one] as const),
  ...[
    [SQUARE],
    [HIGH],
    [SQUARE, SQUARE],
    [],
    [SQUARE.slice(0, 3)],
    [SQUARE.slice(1)],
    SQUARE,
    [[...SQUARE, [2, 2]]],
  ].map((one) => ["Polygon", one] as const),
  ...[SQUARE, [[1, 2]], [], [1, 2], [SQUARE], [[1, 2], []]].map((one) => ["MultiPoint", one] as const),
  ...[[SQUARE, SQUARE], [HIGH, HIGH], [], SQUARE, [[[1, 2]]], [SQUARE, HIGH], [SQUARE, []]].map(
    (one) => ["MultiLineString", one] as const,
  ),
  ...[[[SQUARE]], [[SQUARE], [SQUARE, SQUARE]], [], [SQUARE], [[SQUARE.slice(1)]]].map(
    (one) => ["MultiPolygon", one] as const,
  ),
  ...[[{ type: "Point", coordinates: [1, 2] }], [], [{ type: "LineString", coordinates: [[1, 2]] }]].map(
    (one) => ["GeometryCollection", one] as const,
  ),
  ["Circle", [1, 2]],
];

/** What cannot be written is taken by nobody. */
function written(place: object): string {
  try {
    return writeGeometry(place as never);
  } catch {
    return "nothing";
  }
}

test("what a validator takes for a place PostGIS takes, and the other way round", async () => {
  const places = GIVEN.map(([type, inside]) => ({
    type,
    [type === "GeometryCollection" ? "geometries" : "coordinates"]: inside,
  }));
  const session = await openEmbeddedSession({ extensions: ["postgis"] });
  try {
    await session.run(`create extension postgis;
      create function takes(place text) returns boolean language plpgsql as $$
      begin return place::geometry is not null; exception when others then return false; end $$`);
    const answers = await session.query<{ taken: boolean }>(
      "select takes(place) as taken from unnest($1::text[]) with ordinality u(place, n) order by n",
      [places.map(written)],
    );
    const verdicts = places.map((place, i) => [JSON.stringify(place), answers[i]?.taken]);
    expect(places.map((place) => [JSON.stringify(place), geometry().safeParse(place).success])).toEqual(verdicts);
    expect(new Set(answers.map(({ taken }) => taken))).toEqual(new Set([true, false]));
  } finally {
    await session.close();
  }
  expect(geometry().safeParse("POINTM(1 2 3)").success).toBe(true);
  // A number that JSON does not have.
  expect(geometry().safeParse({ type: "Point", coordinates: [1, Number.NaN] }).success).toBe(false);
  for (const odd of [null, 1, {}, [1, 2], { type: "Point" }, { type: "GeometryCollection" }]) {
    expect(geometry().safeParse(odd).success).toBe(false);
  }
});
