import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, test } from "vitest";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { ownServer } from "../servers.ts";

const WITHOUT_ROWS = " [without rows]";

const cases = readFileSync("test/diff/cases/hard.sql", "utf8")
  .split(/^### /m)
  .slice(1)
  .map((text) => {
    const title = text.slice(0, text.indexOf("\n"));
    const [before = "", after = ""] = text.slice(title.length).split(/^===$/m);
    return { title: title.replace(WITHOUT_ROWS, ""), before, after, withRows: !title.endsWith(WITHOUT_ROWS) };
  });

const source = (name: string, text: string) => scriptSource(name, [{ file: `${name}.sql`, text }]);

describe("from one state to the other and back, the catalog is exactly what it should be", () => {
  let cluster: Cluster;
  let shadow: Shadow;
  beforeAll(async () => {
    cluster = await ownServer(18);
    shadow = await openShadow(cluster.url);
  });
  afterAll(async () => {
    await shadow.close();
    await cluster.close();
  });

  test.each(cases)("$title", async ({ before, after, withRows }) => {
    await proveMigration(source("before", before), source("after", after), shadow, {
      withRows,
      withObserver: true,
    });
  });
});
