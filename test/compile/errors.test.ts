import { expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../../compiler/diagnostic.ts";
import { complaint, complaintOf, definitionsFolder } from "../definitionsFolder.ts";

const USERS = `export const users = table("users", { columns: { id: uuid({ primaryKey: true }), code: text() } });\n`;

test("a reference to what is not unique says how to make it so", async () => {
  const found = await complaint(`${USERS}
export const orders = table("orders", {
  columns: {
    user_code: references(() => users.columns.code, { onDelete: "cascade" }),
  },
});`);
  expect(found).toMatchObject({ code: "fk-target-not-unique", at: "shop.ts:6:5" });
  expect(found.message).toContain("orders.user_code references users.code, which is not unique");
  expect(found.message).toContain("add `unique: true` to users.code, or reference users.id");
});

test("a reference by name to what does not exist stands at its column", async () => {
  const found = await complaint(`${USERS}
export const orders = table("orders", {
  columns: {
    id: uuid({ primaryKey: true }),
    user_id: references("usres.id", { onDelete: "cascade" }),
  },
});`);
  expect(found).toMatchObject({ code: "reference-not-found", at: "shop.ts:7:5" });
  expect(found.message).toContain("did you mean users?");
});

test("what a text mentions must be exported", async () => {
  const found = await complaint(`const hidden = table("hidden", { columns: { id: uuid() } });
export const seen = view("seen", { query: sql\`select * from \${hidden}\` });`);
  expect(found).toMatchObject({ code: "reference-not-found", at: "shop.ts:3:14" });
});

test("two objects of one name name both places", async () => {
  const found = await complaint(`${USERS}
export const again = view("users", { query: sql\`select 1\` });`);
  expect(found).toMatchObject({ code: "declared-twice", at: "shop.ts:4:14" });
  expect(found.message).toMatch(/table public.users has the name already; the other one is at .*shop.ts:2:14/);
});

test("two tables of one name name both places", async () => {
  const found = await complaint(`${USERS}export const users2 = table("users", { columns: { id: uuid() } });`);
  expect(found).toMatchObject({ code: "declared-twice", at: "shop.ts:3:14" });
});

test("an index cannot have a table's name", async () => {
  const found = await complaint(`${USERS}
export const orders = table("orders", {
  columns: { id: uuid() },
  indexes: [{ on: ["id"], name: "users" }],
});`);
  expect(found).toMatchObject({ code: "declared-twice", at: "shop.ts:6:13" });
});

test("a name of more than 63 bytes is refused, however few characters it has", async () => {
  const found = await complaint(`export const t = table("${"ü".repeat(32)}", { columns: { id: uuid() } });`);
  expect(found).toMatchObject({ code: "name-too-long", at: "shop.ts:2:14" });
  expect(found.message).toContain("64 bytes");
});

test.each([
  ['""', "name-missing"],
  ["undefined as never", "name-missing"],
  ['"a\\0b"', "name-impossible"],
  ['"a\\ud83db"', "name-impossible"],
])("a table cannot be called %s", async (name, code) => {
  const found = await complaint(`export const t = table(${name}, { columns: { id: uuid() } });`);
  expect(found).toMatchObject({ code, at: "shop.ts:2:14" });
});

test("an unknown option of a column is found where it stands", async () => {
  const found = await complaint(`export const t = table("t", {
  columns: {
    id: uuid({ primaryKey: true }),
    name: text({ nulable: true }),
  },
});`);
  expect(found).toMatchObject({ code: "unknown-option", at: "shop.ts:5:5" });
  expect(found.message).toContain("did you mean nullable?");
});

test("an unknown option of a table, an index and a policy is found", async () => {
  const t = (more: string) => `export const t = table("t", {
  columns: { id: uuid() },
  ${more}
});`;
  expect(await complaint(t("indices: [],"))).toMatchObject({ code: "unknown-option", at: "shop.ts:2:14" });
  expect(await complaint(t('indexes: [{ on: ["id"], uniqe: true }],'))).toMatchObject({ at: "shop.ts:4:13" });
  expect(await complaint(t("policies: { p: { usng: sql`true` } },"))).toMatchObject({ at: "shop.ts:4:15" });
});

test("a column that an index, key or constraint names must exist", async () => {
  const t = (more: string) => `export const t = table("t", { columns: { name: text() }, ${more} });`;
  for (const more of ['indexes: [{ on: ["nam"] }]', 'unique: [["nam"]]', 'primaryKey: ["nam"]']) {
    const found = await complaint(t(more));
    expect(found.code).toBe("column-not-found");
    expect(found.message).toContain("did you mean name?");
  }
});

test("two primary keys are one too many", async () => {
  const found = await complaint(`export const t = table("t", {
  columns: {
    a: uuid({ primaryKey: true }),
    b: uuid({ primaryKey: true }),
  },
});`);
  expect(found).toMatchObject({ code: "two-primary-keys", at: "shop.ts:5:5" });
  expect(found.message).toContain('primaryKey: ["a", "b"]');
});

test("a foreign key without onDelete is not let through", async () => {
  const found = await complaint(
    `${USERS}export const t = table("t", { columns: { user_id: references(() => users, {}) } });`,
  );
  expect(found).toMatchObject({ code: "on-delete-missing", at: "shop.ts:3:42" });
});

test("types that lead in a circle are found", async () => {
  const found = await complaint(`
export const a = table("a", { columns: { id: references("b.id", { onDelete: "cascade", primaryKey: true }) } });
export const b = table("b", { columns: { id: references("a.id", { onDelete: "cascade", primaryKey: true }) } });`);
  expect(found.code).toBe("type-of-circle");
});

test("a default that no constant can say asks for SQL", async () => {
  const found = await complaint(
    `export const t = table("t", { columns: { at: column("point", { default: { x: 1 } }) } });`,
  );
  expect(found.code).toBe("default-not-understood");
});

test("a trigger says exactly one time to fire", async () => {
  const found = await complaint(`
export const f = fn("f", { returns: "trigger", body: sql\`begin return new; end\` });
export const t = table("t", { columns: { id: uuid() }, triggers: { x: { before: ["insert"], after: ["insert"], execute: f } } });`);
  expect(found.code).toBe("trigger-timing");
});

test("a misspelt constructor is named with the one that was meant", async () => {
  const folder = await definitionsFolder({
    "users.ts": `import { table, uuidd } from "verso";
export const users = table("users", { columns: {
  id: uuidd(),
} });`,
  });
  const found = complaintOf(await compileDomain(folder).catch((error) => error));
  expect(found).toMatchObject({ code: "unknown-constructor", at: "users.ts:3:7" });
  expect(found.message).toContain("did you mean uuid?");
});

test("a syntax error is reported where it is", async () => {
  const folder = await definitionsFolder({
    "users.ts": `import { table } from "verso";\nexport const a = table("a", { columns: { );\n`,
  });
  const error = await compileDomain(folder).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Diagnostic);
  expect(complaintOf(error)).toMatchObject({ code: "syntax-error", at: "users.ts:2:42" });
});

test("an import that leads nowhere and a constant used too early are explained", async () => {
  const missing = await definitionsFolder({ "a.ts": `import { x } from "./nowhere.ts";\nexport const y = x;` });
  expect(complaintOf(await compileDomain(missing).catch((e) => e))).toMatchObject({
    code: "import-not-found",
    at: "a.ts:1:20",
  });
  const early = await complaint(`export const v = view("v", { query: sql\`select * from \${later}\` });
const later = table("later", { columns: {} });`);
  expect(early).toMatchObject({ code: "definition-failed", at: "shop.ts:2:57" });
  expect(early.message).toContain("declare later before it is used");
});

test("a folder that is not there is said to be missing", async () => {
  const error = await compileDomain("/nowhere/definitions/none").catch((thrown) => thrown);
  expect(error.code).toBe("domain-not-found");
});

test("a constant declared twice is found where it is declared again", async () => {
  const found = await complaint(`export const a = schema("a");\nexport const a = schema("b");`);
  expect(found).toMatchObject({ code: "syntax-error", at: "shop.ts:3:14" });
});

test("what the domain's oldest PostgreSQL does not have is refused", async () => {
  const found = await complaint(`export default domain({ name: "shop", postgres: 15 });
export const t = table("t", {
  columns: {
    a: integer(),
    b: integer({ generated: sql\`a + 1\`, virtual: true }),
  },
});`);
  expect(found).toMatchObject({ code: "feature-too-new", at: "shop.ts:6:5" });
  expect(found.message).toContain("virtual generated columns, which PostgreSQL has since 18");
});

test("an unknown option of the domain is found", async () => {
  expect(await complaint(`export default domain({ shema: "x" });`)).toMatchObject({
    code: "unknown-option",
    at: "shop.ts:2:16",
  });
});

test("a domain's name must do as a folder's", async () => {
  expect(await complaint(`export default domain({ name: "../up" });`)).toMatchObject({
    code: "domain-name",
    at: "shop.ts:2:16",
  });
});

test("columns that change names with each other are refused, for nothing would tell whether it has been done", async () => {
  const found = await complaint(`export const t = table("t", {
  columns: {
    a: text({ renamedFrom: "b" }),
    b: text({ renamedFrom: "a" }),
  },
});`);
  expect(found).toMatchObject({ code: "rename-in-circle", at: "shop.ts:4:5" });
  expect(found.message).toContain("column public.t.a ← column public.t.b ← column public.t.a");
});

test("one thing cannot become two", async () => {
  const found = await complaint(`export const a = table("a", { renamedFrom: "old", columns: { id: uuid() } });
export const b = table("b", { renamedFrom: "old", columns: { id: uuid() } });`);
  expect(found).toMatchObject({ code: "renamed-twice", at: "shop.ts:3:14" });
});

test("a misspelt columns is found like any other option", async () => {
  const found = await complaint(`export const t = table("t", { colums: { a: text() } } as never);`);
  expect(found).toMatchObject({ code: "unknown-option", at: "shop.ts:2:14" });
  expect(found.message).toContain("did you mean columns?");
});

test("a foreign key without any option asks for onDelete as well", async () => {
  const found = await complaint(`${USERS}
export const orders = table("orders", { columns: { user_id: references(() => users, undefined as never) } });`);
  expect(found).toMatchObject({ at: "shop.ts:4:52" });
  expect(found.message).toContain("onDelete");
});

test("what only the type checker would notice is reported at its declaration", async () => {
  const named = await complaint(
    `export const v = view("v", { query: sql\`select 1\`, dependsOn: ["users"] as never });`,
  );
  expect(named).toMatchObject({ code: "definition-malformed", at: "shop.ts:2:14" });
  expect(named.message).toContain('"users" is no declaration');
  const column = await complaint(`export const t = table("t", { columns: { a: undefined as never } });`);
  expect(column).toMatchObject({ code: "definition-malformed", at: "shop.ts:2:14" });
});

test("what upkeep is to call must be callable without arguments", async () => {
  const needy = await complaint(`export const forget = fn("forget", {
  maintenance: true,
  arguments: { before: integer() },
  returns: "integer",
  body: sql\`begin return 0; end\`,
});`);
  expect(needy).toMatchObject({ code: "maintenance-uncallable", at: "shop.ts:2:14" });
  expect(needy.message).toContain("it has a parameter without a default: before");
  const triggered = await complaint(`export const touch = fn("touch", {
  maintenance: true,
  returns: "trigger",
  body: sql\`begin return new; end\`,
});`);
  expect(triggered.message).toContain("only a trigger calls it");
});
