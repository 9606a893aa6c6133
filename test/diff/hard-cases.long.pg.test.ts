import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { statementsOf } from "../exact.ts";
import { MAJORS_OF_LONG_SUITES, ownServer } from "../servers.ts";
import { hardCases } from "./hardCases.ts";

const source = (name: string, text: string) => scriptSource(name, [{ file: `${name}.sql`, text }]);

describe.each(MAJORS_OF_LONG_SUITES)("on PostgreSQL %i, from one state to the other and back, exactly", (major) => {
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

  const known = hardCases.filter(({ since }) => major >= since);
  test.each(known)("$title", async ({ before, after, forward, withRows, online }) => {
    const proved = await proveMigration(source("before", before), source("after", after), shadow, {
      withRows,
      withObserver: true,
      online,
    });
    if (forward === undefined || major < 18) return;
    const statements = statementsOf(proved.forward).map((sql) => `${sql};`);
    expect(statements.join("\n")).toBe(forward.trim());
  });
});
