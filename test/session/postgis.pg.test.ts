import { expect, test } from "vitest";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openSession } from "../../compiler/session/open.ts";
import type { Session } from "../../compiler/session/session.ts";
import { freshDatabase, postgisServer } from "../servers.ts";

async function measure(session: Session): Promise<unknown> {
  await session.run("create extension postgis; create table places (at geometry(Point, 4326))");
  await session.run(
    "create index on places using gist (at); insert into places values (st_setsrid(st_point(1, 2), 4326))",
  );
  const [row] = await session.query(
    `select at, st_astext(st_transform(at, 3857), 0) as mercator, st_dwithin(at::geography, 'POINT(1 2)'::geography, 1) as near
     from places`,
  );
  return row;
}

const MEASURED = {
  at: "0101000020E6100000000000000000F03F0000000000000040",
  mercator: expect.stringMatching(/^POINT\s?\(111319 222684\)$/),
  near: true,
};

test("PostGIS works on the embedded engine, one session after the other", async () => {
  for (const _ of ["first", "rewound"]) {
    const session = await openEmbeddedSession({ extensions: ["postgis"] });
    expect(await measure(session)).toEqual(MEASURED);
    await session.close();
  }
});

test("PostGIS works on a server, where one has it", async () => {
  const url = await postgisServer();
  if (url === null) return;
  const database = await freshDatabase(url);
  const session = await openSession(database.url);
  expect(await measure(session)).toEqual(MEASURED);
  await session.close();
  await database.close();
});
