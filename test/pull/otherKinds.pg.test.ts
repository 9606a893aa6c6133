import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeDelta } from "../../compiler/diff/diffFacts.ts";
import { pull } from "../../compiler/pull/pull.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { CASES } from "../declare/otherKinds.ts";
import { NEWEST } from "../servers.ts";

const made: string[] = [];
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

async function textOf(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts")).sort();
  return (await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")))).join("\n");
}

describe.runIf(NEWEST >= 18)("the rarer kinds have a form of their own", () => {
  let shadow: Shadow;
  beforeAll(async () => {
    shadow = await openShadow(`binary:${NEWEST}`);
  });
  afterAll(() => shadow?.close());

  test.each(CASES)("%s", async (_, __, sql) => {
    const root = await mkdtemp(path.join(os.tmpdir(), "verso-pull-"));
    made.push(root);
    const folder = path.join(root, "shop");
    const source = scriptSource("state.sql", [{ file: "state.sql", text: sql }]);
    const { differences, inPlainSql } = await pull(source, shadow, { folder, name: "shop" });
    expect({ differences: differences.map(describeDelta), inPlainSql }).toEqual({ differences: [], inPlainSql: [] });
    const again = await pull(source, shadow, { folder, name: "shop" });
    expect(again.written).toEqual([]);
    expect(await textOf(folder)).not.toContain("rawSql");
  });
});
