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

  async function pulled(sql: string, into?: string) {
    const root = into ?? (await mkdtemp(path.join(os.tmpdir(), "verso-pull-")));
    made.push(root);
    const folder = path.join(root, "shop");
    const source = scriptSource("state.sql", [{ file: "state.sql", text: sql }]);
    const { differences, ...result } = await pull(source, shadow, { folder, name: "shop" });
    return { root, ...result, differences: differences.map(describeDelta), text: await textOf(folder) };
  }

  test.each(CASES)("%s", async (_, __, sql) => {
    const { root, differences, inPlainSql, text } = await pulled(sql);
    expect({ differences, inPlainSql }).toEqual({ differences: [], inPlainSql: [] });
    expect(text).not.toContain("rawSql");
    expect((await pulled(sql, root)).written).toEqual([]);
  });

  test("what differs in them is changed in place", async () => {
    const wrapper = "create foreign data wrapper w;";
    const { root } = await pulled(`${wrapper} create server s foreign data wrapper w options (host 'a');
      create text search configuration c (parser = "default"); create publication p;`);
    const { differences, written, text } = await pulled(
      `${wrapper} create server s foreign data wrapper w options (host 'b', port '1'); comment on server s is 'There.';
       create text search configuration c (parser = "default"); alter text search configuration c add mapping for word with simple;
       create table t (a int primary key); create publication p for table t (a) with (publish = 'insert')`,
      root,
    );
    expect(differences).toEqual([]);
    expect(written.map((file) => path.basename(file))).toEqual([
      "foreign_servers.ts",
      "publications.ts",
      "t.ts",
      "text_search.ts",
    ]);
    expect(text).toContain(
      '/** There. */\nexport const s = foreignServer("s", { wrapper: w, options: { host: "b", port: "1" } });',
    );
    expect(text).toContain('publication("p", { tables: [{ table: t, columns: ["a"] }], publish: ["insert"] });');
    expect(text).toContain('textSearchConfiguration("c", { mappings: { word: ["simple"] } });');
  });

  test("a check on a domain that calls a function of the domain comes after both", async () => {
    const { differences, inPlainSql } = await pulled(
      `create domain d as text; create function ok(d) returns boolean language sql immutable as 'select true';
       alter domain d add constraint c check (ok(value))`,
    );
    expect({ differences, inPlainSql }).toEqual({ differences: [], inPlainSql: ["domain constraint public.d.c"] });
  });

  test("secrets are named, and stand in no definition", async () => {
    const { secrets, differences, text } = await pulled(
      `create foreign data wrapper w; create server s foreign data wrapper w;
       create user mapping for public server s options (user 'reader', password 'hush')`,
    );
    expect({ secrets, differences }).toEqual({ secrets: ["user mapping PUBLIC on s"], differences: [] });
    expect(text).toContain('options: { user: "reader" }');
    expect(text).not.toContain("hush");
  });
});
