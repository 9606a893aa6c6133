import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "@databases/pg";
import pgTyped from "@databases/pg-typed";
import { ModuleKind, ModuleResolutionKind, Project, ScriptTarget, type Type, TypeFormatFlags } from "ts-morph";
import { openPool } from "verso/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderClient } from "../../compiler/generate/renderClient.ts";
import { openSession } from "../../compiler/session/open.ts";
import { compileText } from "../definitionsFolder.ts";
import { freshDatabase, NEWEST, type TestDatabase } from "../servers.ts";

// What pg-schema-cli trips over (identity columns, quoted names, arrays, domains …) beside what it does well.
const SHOP = `
export const mood = enumType("mood", ["sad", "ok"]);
export const email = domainType("email", text(), { check: sql\`value ~ '@'\` });
export const nonempty = domainType("nonempty", text(), { nullable: false, check: sql\`value <> ''\` });
export const address = compositeType("address", { street: text(), city: text() });
/** Who buys. */
export const customers = table("customers", {
  columns: {
    id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
    /** Where letters go. */
    email: email({ unique: true }),
    name: nonempty(),
    mood: mood({ default: "ok" }),
    home: address({ nullable: true }),
    born: date({ nullable: true }),
    settings: jsonb({ default: {} }),
    referred_by: references(self, { onDelete: "set null", nullable: true }),
  },
});
export const orders = table("orders", {
  columns: {
    id: bigint({ primaryKey: true, identity: "always" }),
    customer_id: references(() => customers, { onDelete: "cascade" }),
    total: numeric(10, 2),
    tags: array(text(), { default: [] }),
    flags: array(boolean(), { default: [] }),
    moods: array(mood(), { default: [] }),
    documents: array(jsonb(), { default: [] }),
    doubled: numeric({ generated: sql\`total * 2\` }),
  },
});`;

let folder = "";
let database: TestDatabase;
let ours: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(os.tmpdir(), "verso-pg-schema-"));
  database = await freshDatabase(NEWEST);
  const domain = await compileText(SHOP);
  const session = await openSession(database.url);
  for (const { text } of domain.scripts) await session.run(text);
  await session.close();
  ours = Object.fromEntries((await renderClient(domain)).map(({ file, text }) => [file, text]));
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** Types of the properties of the tables' interfaces, expanded, by `Interface.property`. */
function meaning(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { strict: true } });
  for (const [name, text] of Object.entries(files)) {
    if (name.endsWith(".ts")) project.createSourceFile(name, text.replaceAll(/(from ".*)\.js"/g, '$1"'));
  }
  const textOf = (type: Type): string => {
    const members = type.isUnion() && !type.isBoolean() ? type.getUnionTypes() : [type];
    const parts = members.map((one) =>
      one
        .getText(undefined, TypeFormatFlags.NoTruncation)
        .replaceAll(/import\("[^"]*"\)\./g, "")
        .replaceAll(/ & \{ readonly __brand\?: "?'?([^"';]*)"?'?(?: \| undefined)?;? \}/g, " of $1"),
    );
    const joined = [...new Set(parts)].sort().join(" | ");
    return joined.replace("false | true", "boolean");
  };
  const found: [string, string][] = [];
  for (const file of project.getSourceFiles()) {
    for (const one of file.getInterfaces()) {
      if (!/^(?:Customers|Orders)/.test(one.getName())) continue;
      for (const property of one.getType().getProperties()) {
        const type = property.getTypeAtLocation(one);
        found.push([`${one.getName()}.${property.getName()}${property.isOptional() ? "?" : ""}`, textOf(type)]);
      }
    }
  }
  return Object.fromEntries(found.sort());
}

test("what pg-schema-cli writes for the same tables means the same, save where it is wrong", async () => {
  await promisify(execFile)("node_modules/.bin/pg-schema", ["-c", database.url, "-d", folder]);
  const names = ["_custom_types.ts", "_enums.ts", "customers.ts", "orders.ts"];
  const theirs = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const)),
  );
  const same = Object.fromEntries(names.map((name) => [name, ours[name] ?? ""]));
  const [mine, other] = [meaning(same), meaning(theirs)];
  const keys = [...new Set([...Object.keys(mine), ...Object.keys(other)])].sort();
  const differing = keys.filter((key) => mine[key] !== other[key]);
  const lines = differing.map((key) => `${key}: ${other[key] ?? "-"} → ${mine[key] ?? "-"}`);
  const ofRows = lines.filter((line) => !line.includes("_InsertParameters"));
  expect(ofRows).toEqual([
    // A date is a day; theirs is midnight in the zone of the machine.
    "Customers.born: Date | null → null | string",
    "Customers.home: null | string → Address | null",
    // They lose the brand where a table refers to itself.
    "Customers.referred_by: null | string → null | string of customers_id",
    "Customers.settings: any → false | null | number | readonly Json[] | string | true | { readonly [key: string]: Json; }",
    "Orders.documents: any[] → Json[]",
    // `boolean | nul` does not compile, so that TypeScript reads any.
    "Orders.flags: any[] → boolean[]",
    // A number has no room for a bigint.
    "Orders.id: number of orders_id → bigint of orders_id",
    "Orders.tags: (string | null)[] → string[]",
  ]);
  // PostgreSQL refuses a value for either; they ask for the one and allow the other.
  expect(lines.filter((line) => line.endsWith("→ -"))).toEqual([
    "Orders_InsertParameters.doubled?: string | undefined → -",
    "Orders_InsertParameters.id: number of orders_id → -",
  ]);
  expect(lines.length).toBe(2 * ofRows.length + 1);
});

describe("tables of @databases/pg-typed on our schema.json", () => {
  interface Schema {
    customers: {
      record: { id: string; email: string };
      insert: { email: string; name: string; mood?: string; settings?: unknown };
    };
    orders: {
      record: { id: bigint; customer_id: string; total: string };
      insert: { customer_id: string; total: string; tags?: string[]; moods?: string[]; documents?: unknown[] };
    };
  }

  test("insert, find, update and delete, in bulk too, where identities, enums, domains and JSON are", async () => {
    const db = pg.default({ connectionString: database.url, bigIntMode: "bigint", poolSize: 1 });
    const { customers, orders } = pgTyped.default<Schema>({ databaseSchema: JSON.parse(ours["schema.json"] ?? "") });
    try {
      const [ann] = await customers(db).insert({ email: "ann@b", name: "Ann", settings: ["a", { b: 1 }] });
      expect(ann).toMatchObject({ email: "ann@b", settings: ["a", { b: 1 }], mood: "ok" });
      const many = await customers(db).bulkInsert({
        columnsToInsert: ["email", "name", "mood"],
        records: [
          { email: "bob@b", name: "Bob", mood: "sad" },
          { email: "cyd@b", name: "Cyd", mood: "ok" },
        ] as never,
      });
      expect(many).toHaveLength(2);
      const customer_id = ann?.id ?? "";
      const made = await orders(db).bulkInsert({
        columnsToInsert: ["customer_id", "total"],
        records: [
          { customer_id, total: "1.50" },
          { customer_id, total: "2.50" },
        ] as never,
      });
      expect(made.map(({ total }) => total)).toEqual(["1.50", "2.50"]);
      const [tagged] = await orders(db).insert({
        customer_id,
        total: "3",
        tags: ["a,b", '"'],
        moods: ["sad", "ok"],
        documents: [{ a: [1] }, "text"],
      });
      expect(tagged).toMatchObject({ tags: ["a,b", '"'], documents: [{ a: [1] }, "text"], doubled: "6.00" });
      await orders(db).bulkUpdate({
        whereColumnNames: ["id"],
        setColumnNames: ["total"],
        updates: made.map(({ id }) => ({ where: { id }, set: { total: "9" } })) as never,
      });
      expect(await orders(db).count({ total: "9.00" })).toBe(2);
      expect(await orders(db).findOne({ id: tagged?.id ?? 0n })).toMatchObject({ total: "3.00" });
      await customers(db).insertOrUpdate(["email"], { email: "ann@b", name: "Anne" });
      await customers(db).insertOrIgnore({ email: "ann@b", name: "Other" });
      expect(await customers(db).find({ email: "ann@b" }).select("email").all()).toEqual([{ email: "ann@b" }]);
      await customers(db).delete({ id: customer_id });
      expect(await orders(db).count()).toBe(0);
    } finally {
      await db.dispose();
    }
  });
});

// What its output is known to get wrong beside what the first test shows: names, schemas, arrays, views, partitions.
const ODD = `
export const lists = schema("Odd Lists");
export const level = enumType("Level", ["very-low", "low"], { schema: lists });
export const filled = domainType("filled", text(), { schema: lists, nullable: false, check: sql\`value <> ''\` });
/** Ends */
export const logs = table("Log Book", {
  schema: lists,
  comment: "Ends */ here, \\\`and\\\` goes on",
  columns: {
    "weird-col": integer({ primaryKey: true, identity: "by default" }),
    by: filled(),
    levels: array(level(), { default: [] }),
    sizes: array(bigint(), { default: [] }),
    prices: array(numeric(), { default: [] }),
    flags: array(boolean(), { default: [] }),
    tags: array(text(), { default: [] }),
    day: date({ default: sql\`'2026-01-02'\` }),
    at: timestamptz({ nullable: true }),
    span: daterange({ nullable: true }),
    before: references(self, { onDelete: "cascade", nullable: true }),
  },
});
export const parts = table("parts", {
  columns: { id: bigint(), log: references(() => logs, { onDelete: "cascade" }), level: level() },
  partitionBy: { by: "hash", on: ["id"] },
});
export const part0 = partition("parts_0", { of: parts, rows: { modulus: 1, remainder: 0 } });
export const shown = view("shown", { query: sql\`select "weird-col" as id, levels from \${logs}\` });`;

describe("what else pg-schema-cli gets wrong", () => {
  let odd: TestDatabase;
  let pool: Awaited<ReturnType<typeof openPool>>;
  let files: Readonly<Record<string, string>>;
  const project = () => {
    const made = new Project({
      useInMemoryFileSystem: true,
      compilerOptions: {
        strict: true,
        target: ScriptTarget.ES2022,
        lib: ["lib.es2022.d.ts"],
        module: ModuleKind.NodeNext,
        moduleResolution: ModuleResolutionKind.NodeNext,
      },
    });
    const runtime = join("/", "node_modules", "verso");
    made.createSourceFile(join(runtime, "package.json"), '{ "exports": { "./client": { "types": "./client.d.ts" } } }');
    made.createSourceFile(join(runtime, "client.d.ts"), "export {};");
    for (const [name, text] of Object.entries(files)) {
      if (/\.ts$/.test(name) && !/client|validators|kysely/.test(name))
        made.createSourceFile(`/generated/${name}`, text);
    }
    return made;
  };
  beforeAll(async () => {
    odd = await freshDatabase(NEWEST);
    const domain = await compileText(ODD);
    const session = await openSession(odd.url);
    for (const { text } of domain.scripts) await session.run(text);
    await session.close();
    files = Object.fromEntries((await renderClient(domain)).map(({ file, text }) => [file, text]));
    pool = await openPool(odd.url);
  });
  afterAll(async () => {
    await pool?.dispose();
    await odd?.close();
  });

  test("names, comments and imports are TypeScript that Node resolves", () => {
    const told = project().getPreEmitDiagnostics();
    expect(told.map((one) => `${one.getSourceFile()?.getFilePath()} ${JSON.stringify(one.getMessageText())}`)).toEqual(
      [],
    );
    expect(files["Odd_Lists/Log_Book.ts"]).toContain("Ends *\\/ here");
    expect(files["_enums.ts"]).toContain('export const Level_Labels = ["very-low", "low"] as const');
  });

  test("a partition is no table of its own; a NOT NULL domain is not null; brands cross schemas", () => {
    expect(Object.keys(files).filter((file) => file.includes("parts_0"))).toEqual([]);
    expect(files["Odd_Lists/Log_Book.ts"]).toMatch(/ {2}by: Filled;[\s\S]* {2}before: LogBook\["weird-col"\] \| null;/);
    expect(files["parts.ts"]).toMatch(/ {2}log: LogBook\["weird-col"\];\n {2}level: Level;/);
  });

  test("values of arrays, days and ranges are what their types say, also in bulk", async () => {
    const { "Log Book": logs } = pgTyped.default<{
      "Log Book": { record: Record<string, unknown>; insert: Record<string, unknown> };
    }>({
      databaseSchema: JSON.parse(files["Odd_Lists/schema.json"] ?? ""),
      schemaName: "Odd Lists",
    });
    const given = {
      by: "Ann",
      levels: ["very-low"],
      sizes: [9007199254740993n],
      prices: ["0.10"],
      flags: [true, false],
      tags: ["a,b", "NULL"],
      day: "2026-01-02",
      span: "[2026-01-01,2026-02-01)",
    };
    const [one] = await logs(pool).insert(given);
    expect(one).toEqual({ ...given, "weird-col": 1, at: null, before: null });
    const [two] = await logs(pool).bulkInsert({
      columnsToInsert: ["by", "day"] as never,
      records: [{ by: "Bob", day: "2026-01-03" }] as never,
    });
    expect(two).toMatchObject({ by: "Bob", day: "2026-01-03", levels: [] });
  });
});
