import { join } from "node:path";
import { openPool } from "verso/client";
import { expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { openSession } from "../../compiler/session/open.ts";
import { nearestPlaygrounds, playgrounds } from "../../generated/pupmatch/client.ts";
import { freshDatabase, postgisServer } from "../servers.ts";

const postgis = await postgisServer();

test.skipIf(postgis === null)("a service finds places by where they are, said as GeoJSON or as text", async () => {
  const database = await freshDatabase(postgis ?? "");
  const session = await openSession(database.url);
  for (const { text } of (await compileDomain(join("definitions", "pupmatch"))).scripts) await session.run(text);
  const db = await openPool(database.url);
  try {
    await playgrounds.insertMany(db, [
      { name: "far", location: "SRID=4326;POINT(8.6 47.4)" },
      { name: "near", location: "SRID=4326;POINT(8.5 47.3)" },
    ]);
    const here = JSON.stringify({ type: "Point", coordinates: [8.51, 47.31] });
    const nearest = await playgrounds.nearestByLocation(db, here, { limit: 1 });
    expect(nearest.map(({ name }) => name)).toEqual(["near"]);
    const within = await playgrounds.withinDistanceOfLocation(db, "POINT(8.51 47.31)", 0.05);
    expect(within.map(({ name }) => name)).toEqual(["near"]);
    const measured = await nearestPlaygrounds(db, { longitude: 8.51, latitude: 47.31, at_most: 1 });
    expect(measured).toEqual([{ id: nearest[0]?.id, name: "near", metres: expect.any(Number) }]);
  } finally {
    await db.dispose();
    await session.close();
    await database.close();
  }
});
