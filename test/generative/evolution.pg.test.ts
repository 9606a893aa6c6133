import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { MAJORS, ownServer } from "../servers.ts";
import { schemaArbitrary } from "./schemas.ts";

// More of them: VERSO_RUNS=1000 npm test -- test/generative
const numRuns = Number(process.env.VERSO_RUNS ?? 8);

describe.each(MAJORS)("between any two schemas, on PostgreSQL %i,", (major) => {
  let cluster: Cluster;
  let shadow: Shadow;
  beforeAll(async () => {
    cluster = await ownServer(major);
    shadow = await openShadow(cluster.url);
  });
  afterAll(async () => {
    await shadow.close();
    await cluster.close();
  });

  const source = (name: string, text: string) => scriptSource(name, [{ file: `${name}.sql`, text }]);

  test("forward leads there and rollback back, by two judges; and there is no second difference", async () => {
    await fc.assert(
      fc.asyncProperty(schemaArbitrary, schemaArbitrary, async (before, after) => {
        const options = { withRows: false, withObserver: true };
        await proveMigration(source("before", before), source("after", after), shadow, options);
      }),
      { numRuns },
    );
  }, 600_000);

  test("a schema does not differ from itself", async () => {
    await fc.assert(
      fc.asyncProperty(schemaArbitrary, async (schema) => {
        const same = await proveMigration(source("one", schema), source("other", schema), shadow, { withRows: false });
        expect(same.forward).toEqual([]);
        expect(same.rollback).toEqual([]);
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    );
  }, 600_000);
});
