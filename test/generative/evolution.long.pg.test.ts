import fc from "fast-check";
import { expect, test } from "vitest";
import { MAJORS_OF_LONG_SUITES } from "../servers.ts";
import { lifeArbitrary, worldsOf } from "./lives.ts";
import { EVOLUTIONS, liveThrough } from "./liveThrough.ts";
import { ROOMS } from "./rooms.ts";

// The same lives every time; `npm run test:nightly` lives others every night, and many more.
const numRuns = Number(process.env.VERSO_RUNS ?? 16);
const seed = Number(process.env.VERSO_SEED ?? 7);

liveThrough({ numRuns, seed, isShrunk: process.env.VERSO_RUNS !== undefined });

test.each(MAJORS_OF_LONG_SUITES)("things of every kind come in these lives on PostgreSQL %i", (major) => {
  const lives = fc.sample(lifeArbitrary(EVOLUTIONS), { numRuns, seed });
  const kinds = new Set(
    lives.flatMap((life) => worldsOf(life, major).flatMap(({ things }) => things.map(({ kind }) => kind))),
  );
  expect(ROOMS.map(({ kind }) => kind).filter((kind) => !kinds.has(kind))).toEqual([]);
});
