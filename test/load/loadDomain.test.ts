import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { loadDomain } from "../../compiler/load/loadDomain.ts";
import { readNotes } from "../../compiler/load/notes.ts";
import { definitionsFolder } from "../definitionsFolder.ts";

const TABLE = (name: string) => `import { table, uuid } from "verso";
export const ${name} = table("${name}", { columns: { id: uuid({ primaryKey: true }) } });`;

const names = async (folder: string) =>
  (await loadDomain(folder)).declarations.map(({ declaration }) => (declaration as { name?: string }).name);

test("every file of the folder counts, at any depth, but no tests, types or other files", async () => {
  const folder = await definitionsFolder({
    "users.ts": TABLE("users"),
    "deep/er/orders.ts": TABLE("orders"),
    "users.test.ts": TABLE("nothing"),
    "types.d.ts": "export type A = string;",
    "readme.md": "not this",
  });
  expect(await names(folder)).toEqual(["orders", "users"]);
});

test("declarations are found inside exported lists and records; parts and helpers are not declarations", async () => {
  const folder = await definitionsFolder({
    "a.ts": `import { role, sql, table, text, uuid } from "verso";
export const timestamps = { note: text() };
export const fragment = sql\`true\`;
export const helper = () => table("unused", { columns: {} });
export const roles = [role("a"), role("b")];
export const tables = { inner: { t: table("t", { columns: { id: uuid() } }) } };
export default table("d", { columns: {} });`,
  });
  expect(await names(folder)).toEqual(["a", "b", "t", "d"]);
});

test("what several files export is one declaration, said to be where it is written", async () => {
  const folder = await definitionsFolder({
    "a-index.ts": `export * from "./users.ts";\nexport { users as again } from "./users.ts";`,
    "users.ts": TABLE("users"),
  });
  const { declarations } = await loadDomain(folder);
  expect(declarations).toHaveLength(1);
  expect(declarations[0]?.source.position).toMatchObject({
    file: expect.stringMatching(/users\.ts$/),
    line: 2,
    column: 14,
  });
});

test("a changed file is loaded anew in the same process, also when another imports it", async () => {
  const folder = await definitionsFolder({
    "shared.ts": `export const NAME = "before";`,
    "t.ts": `import { table } from "verso";\nimport { NAME } from "./shared.ts";\nexport const t = table(NAME, { columns: {} });`,
  });
  expect(await names(folder)).toEqual(["before"]);
  await writeFile(path.join(folder, "shared.ts"), `export const NAME = "after";`);
  expect(await names(folder)).toEqual(["after"]);
});

test("several folders load at the same time without mixing", async () => {
  const folders = await Promise.all(["a", "b", "c"].map((name) => definitionsFolder({ "t.ts": TABLE(name) })));
  expect(await Promise.all(folders.map(names))).toEqual([["a"], ["b"], ["c"]]);
});

test("the domain's name is the folder's unless it says another", async () => {
  const plain = await definitionsFolder({ "a.ts": TABLE("a") });
  expect((await loadDomain(plain)).domain).toMatchObject({ name: "shop", options: {} });
  const said = await definitionsFolder({
    "domain.ts": `import { domain } from "verso";\nexport default domain({ name: "store", schema: "s", postgres: 15 });`,
  });
  expect((await loadDomain(said)).domain).toMatchObject({ name: "store", options: { schema: "s", postgres: 15 } });
});

test("the SQL that a domain starts from is read, and missed at the place that names it", async () => {
  const text = (file: string) => `import { domain } from "verso";\nexport default domain({ startsFrom: "${file}" });`;
  const folder = await definitionsFolder({ "domain.ts": text("legacy.sql"), "legacy.sql": "create table t ();" });
  expect((await compileDomain(folder)).startsFrom?.text).toBe("create table t ();");
  const missing = await definitionsFolder({ "domain.ts": text("gone.sql") });
  await expect(compileDomain(missing)).rejects.toMatchObject({ code: "start-not-found", at: { line: 2 } });
});

test("notes know comments, places and lists", async () => {
  const folder = await definitionsFolder({
    "a.ts": `import { table, text } from "verso";
/**
 * Two lines
 * of one paragraph.
 *
 * Another one.
 * @deprecated not this
 */
export const a = table("a", {
  columns: {
    /** One line. */ "odd name": text(),
    plain: text(), // not this
    /* nor this */ other: text(),
  },
  indexes: [
    /** Of odd names. */
    { on: ["odd name", { column: "plain" }] },
  ],
});`,
  });
  const file = path.join(folder, "a.ts");
  const first = (await readNotes([file])).get(file);
  const second = (await readNotes([file])).get(file);
  for (const notes of [first, second]) {
    expect(notes?.at("a")).toMatchObject({ line: 9, column: 14, doc: "Two lines of one paragraph.\n\nAnother one." });
    expect(notes?.property("a", "columns", "odd name")).toMatchObject({ line: 11, column: 22, doc: "One line." });
    expect(notes?.property("a", "columns", "plain")?.doc).toBeUndefined();
    expect(notes?.property("a", "columns", "other")?.doc).toBeUndefined();
    expect(notes?.element("a", "indexes", "odd name,plain")).toMatchObject({ line: 17, doc: "Of odd names." });
    expect(notes?.made("plain", 12)).toMatchObject({ line: 12 });
    expect(notes?.around(14)).toMatchObject({ owner: "a" });
  }
});
