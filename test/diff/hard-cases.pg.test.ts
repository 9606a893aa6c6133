import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { statementsOf } from "../exact.ts";
import { MAJORS_OF_LONG_SUITES, ownServer } from "../servers.ts";

const WITHOUT_ROWS = " [without rows]";
const SINCE = / \[since (\d+)\]/;

const FOLDER = "test/diff/cases";

const cases = readdirSync(FOLDER).flatMap((file) =>
  readFileSync(`${FOLDER}/${file}`, "utf8")
    .split(/^### /m)
    .slice(1)
    .map((text) => {
      const title = text.slice(0, text.indexOf("\n"));
      const [before = "", after = "", forward] = text.slice(title.length).split(/^===$/m);
      const since = Number(SINCE.exec(title)?.[1] ?? 0);
      const withRows = !title.includes(WITHOUT_ROWS);
      return { title: title.replace(WITHOUT_ROWS, "").replace(SINCE, ""), before, after, forward, withRows, since };
    }),
);

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

  test.each(cases.filter(({ since }) => major >= since))("$title", async ({ before, after, forward, withRows }) => {
    const proved = await proveMigration(source("before", before), source("after", after), shadow, {
      withRows,
      withObserver: true,
    });
    if (forward === undefined || major < 18) return;
    const statements = statementsOf(proved.forward).map((sql) => `${sql};`);
    expect(statements.join("\n")).toBe(forward.trim());
  });
});
