import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { emitDomain, staleFiles } from "../../compiler/compile/emit.ts";
import { compileText, definitionsFolder, statementsOf } from "../definitionsFolder.ts";

test("a table's definition reads as one CREATE TABLE, what follows in scripts of its own", async () => {
  const domain = await compileText(`
/** A customer. */
export const users = table("users", {
  columns: {
    id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
    /** Lower case. */
    email: varchar(255, { unique: true, check: sql\`email = lower(email)\` }),
    tags: array(text(), { default: ["a", "b c", 'd"e'] }),
    preferences: jsonb({ default: { theme: "it's" } }),
    number: integer({ identity: { generated: "always", start: 100 } }),
    upper_email: text({ generated: sql\`upper(email)\` }),
  },
  checks: { users_email_not_blank: sql\`email <> ''\` },
  indexes: [{ on: ["number", { column: "email", order: "desc", nulls: "last" }], where: sql\`number > 0\`, include: ["tags"] }],
});`);
  expect(domain.scripts.map(({ file }) => file)).toEqual([
    "30_tables.sql",
    "35_constraints.sql",
    "40_indexes.sql",
    "70_comments.sql",
  ]);
  expect(statementsOf(domain)).toEqual([
    `CREATE TABLE public.users (
  id uuid DEFAULT gen_random_uuid() NOT NULL,
  email varchar(255) NOT NULL,
  tags text[] DEFAULT '{a,"b c","d\\"e"}' NOT NULL,
  preferences jsonb DEFAULT '{"theme":"it''s"}' NOT NULL,
  number integer GENERATED ALWAYS AS IDENTITY (START WITH 100) NOT NULL,
  upper_email text GENERATED ALWAYS AS (upper(email)) STORED NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_check CHECK (email = lower(email)),
  CONSTRAINT users_email_not_blank CHECK (email <> '')
)`.replace(`'{a,"b c","d\\"e"}'`, `E'{a,"b c","d\\\\"e"}'`),
    "ALTER TABLE public.users ADD CONSTRAINT users_email_key UNIQUE (email)",
    "CREATE INDEX users_number_email_tags_idx ON public.users (number, email DESC NULLS LAST) INCLUDE (tags) WHERE number > 0",
    "COMMENT ON COLUMN public.users.email IS 'Lower case.'",
    "COMMENT ON TABLE public.users IS 'A customer.'",
  ]);
});

test("a foreign key takes its target's type and gets an index unless one serves it already", async () => {
  const domain = await compileText(`
export const users = table("users", { columns: { id: varchar(36, { primaryKey: true }) } });
export const orders = table("orders", {
  columns: {
    id: uuid({ primaryKey: true }),
    user_id: references(() => users, { onDelete: "cascade" }),
    seller_id: references(() => users, { onDelete: "restrict", index: { none: "never searched by seller" } }),
    owner_id: references(() => users, { onDelete: "set null", nullable: true, unique: true }),
    parent_id: references(self, { onDelete: "set null", nullable: true }),
    at: timestamptz(),
  },
  indexes: [{ on: ["parent_id", "at"] }],
});`);
  const statements = statementsOf(domain).join("\n");
  expect(statements).toContain("user_id varchar(36) NOT NULL");
  expect(statements).toContain("parent_id uuid,");
  expect(statements).toContain(
    "ADD CONSTRAINT orders_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES public.orders(id) ON DELETE SET NULL",
  );
  expect(statements.match(/CREATE INDEX \w+/g)).toEqual([
    "CREATE INDEX orders_parent_id_at_idx",
    "CREATE INDEX orders_user_id_idx",
  ]);
});

test("tables that point at each other are created before their foreign keys", async () => {
  const domain = await compileText(`
export const teams = table("teams", {
  columns: { id: uuid({ primaryKey: true }), lead_id: references("people.id", { onDelete: "set null", nullable: true }) },
});
export const people = table("people", {
  columns: { id: uuid({ primaryKey: true }), team_id: references(() => teams, { onDelete: "cascade" }) },
});
export const deputy = foreignKey(teams, { columns: ["id"], references: () => people, onDelete: "cascade" });`);
  const statements = statementsOf(domain);
  const index = (text: string) => statements.findIndex((statement) => statement.includes(text));
  expect(index("teams_lead_id_fkey")).toBeGreaterThan(index("CREATE TABLE public.people"));
  expect(index("people_team_id_fkey")).toBeGreaterThan(index("CREATE TABLE public.teams"));
  expect(index("teams_id_fkey")).toBeGreaterThan(0);
});

test("shared columns carry their comments into every table, and positions to where they are written", async () => {
  const folder = await definitionsFolder({
    "shared.ts": `import { timestamptz, sql } from "verso";
export const timestamps = {
  /** When the row was written. */
  created_at: timestamptz({ default: sql\`now()\` }),
};`,
    "tables.ts": `import { type ColumnMap, table, type TableDefinition, uuid } from "verso";
import { timestamps } from "./shared.ts";
const detail = <const C extends ColumnMap>(name: string, own: TableDefinition<C>) =>
  table(name, { ...own, columns: { id: uuid({ primaryKey: true }), ...own.columns, ...timestamps } });
/** Plants. */
export const plants = detail("plants", {
  columns: {
    /** Which plant. */
    species: uuid(),
  },
  indexes: [
    { on: ["species"] },
  ],
});
export const others = {
  /** Birds. */
  birds: detail("birds", { columns: {} }),
};`,
  });
  const domain = await compileDomain(folder);
  const position = (id: string) => {
    const found = domain.positions.get(id as never);
    return found === undefined ? undefined : `${path.basename(found.file)}:${found.line}:${found.column}`;
  };
  expect(position("table public.plants")).toBe("tables.ts:6:14");
  expect(position("column public.plants.species")).toBe("tables.ts:9:5");
  expect(position("index public.plants_species_idx")).toBe("tables.ts:12:5");
  expect(position("column public.plants.created_at")).toBe("shared.ts:4:3");
  expect(position("table public.birds")).toBe("tables.ts:17:3");
  expect(statementsOf(domain).filter((statement) => statement.startsWith("COMMENT"))).toEqual([
    "COMMENT ON COLUMN public.birds.created_at IS 'When the row was written.'",
    "COMMENT ON COLUMN public.plants.created_at IS 'When the row was written.'",
    "COMMENT ON COLUMN public.plants.species IS 'Which plant.'",
    "COMMENT ON TABLE public.birds IS 'Birds.'",
    "COMMENT ON TABLE public.plants IS 'Plants.'",
  ]);
});

test("a backfill is a value, as a default is, or an expression", async () => {
  const domain = await compileText(`
export const people = table("people", {
  columns: {
    id: uuid({ primaryKey: true }),
    plan: text({ backfill: "it's free" }),
    seats: integer({ backfill: 3 }),
    flags: jsonb({ backfill: { a: [1] } }),
    label: text({ backfill: sql\`'no. ' || id\` }),
  },
});`);
  expect([...domain.hints.values()].map(({ backfill }) => backfill)).toEqual([
    "'it''s free'",
    "3",
    `'{"a":[1]}'`,
    "'no. ' || id",
  ]);
});

test("what definitions say of the way is kept as hints", async () => {
  const domain = await compileText(`
export const people = table("people", {
  columns: {
    id: uuid({ primaryKey: true }),
    mail: text({ renamedFrom: "email", backfill: sql\`''\`, using: sql\`mail::text\` }),
    team_id: references(self, { onDelete: "cascade", orphans: "set aside" }),
  },
  renamedFrom: "persons",
});`);
  expect(Object.fromEntries(domain.hints)).toEqual({
    "table public.people": { renamedFrom: "table public.persons" },
    "column public.people.mail": { renamedFrom: "column public.people.email", backfill: "''", using: "mail::text" },
    "constraint public.people.people_team_id_fkey": { orphans: "set aside" },
  });
});

test("a function comes after the table whose rows it returns, and before what calls it", async () => {
  const domain = await compileText(`
export const users = table("users", { columns: { id: uuid({ primaryKey: true }), ok: boolean() } });
export const find = fn("find", { arguments: { wanted: uuid() }, returns: { setof: users }, language: "sql", volatility: "stable", body: sql\`select * from \${users} where id = wanted\` });
export const may = fn("may", { arguments: { id: uuid(), n: integer({ default: 1 }) }, returns: boolean(), body: sql\`begin return true; end\` });
export const seen = policy("seen", users, { using: sql\`\${may}(\${users.columns.id})\` });`);
  const files = Object.fromEntries(domain.scripts.map(({ file, text }) => [file, text]));
  expect(files["25_functions.sql"]).toContain("CREATE FUNCTION public.may(id uuid, n integer DEFAULT 1)");
  expect(files["25_functions.sql"]).not.toContain("public.find");
  expect(files["30_tables.sql"]).toMatch(
    /CREATE TABLE public.users[\s\S]*CREATE FUNCTION public.find\(wanted uuid\)\nRETURNS SETOF public.users/,
  );
  expect(files["55_policies.sql"]).toContain("CREATE POLICY seen ON public.users USING (public.may(id));");
  expect([...domain.facts.keys()]).toContain("function public.may(uuid, integer)");
});

test("hostile names are quoted wherever they stand", async () => {
  const domain = await compileText(`
export const app = schema('we"ird schema');
export const mood = enumType("Mood 😀", ["it's", "b\\\\c"], { schema: app });
export const t = table('Or"der', {
  schema: app,
  columns: { "select": uuid({ primaryKey: true }), "o'k": mood({ default: "it's" }), "a b": references(self, { onDelete: "cascade" }) },
  checks: { "chk ü": sql\`\${sql.name("o'k")} is not null\` },
  indexes: [{ on: ["a b", "o'k"] }],
});
export const v = view("V", { query: sql\`select \${t.columns["o'k"]}, \${"x'y"} as c from \${t}\` });`);
  expect(statementsOf(domain)).toMatchInlineSnapshot(`
    [
      "CREATE SCHEMA "we""ird schema"",
      "CREATE TYPE "we""ird schema"."Mood 😀" AS ENUM ('it''s', E'b\\\\c')",
      "CREATE TABLE "we""ird schema"."Or""der" (
      "select" uuid NOT NULL,
      "o'k" "we""ird schema"."Mood 😀" DEFAULT 'it''s' NOT NULL,
      "a b" uuid NOT NULL,
      CONSTRAINT "Or""der_pkey" PRIMARY KEY ("select"),
      CONSTRAINT "chk ü" CHECK ("o'k" is not null)
    )",
      "ALTER TABLE "we""ird schema"."Or""der" ADD CONSTRAINT "Or""der_a b_fkey" FOREIGN KEY ("a b") REFERENCES "we""ird schema"."Or""der"("select") ON DELETE CASCADE",
      "CREATE INDEX "Or""der_a b_o'k_idx" ON "we""ird schema"."Or""der" ("a b", "o'k")",
      "CREATE VIEW public."V" AS
    select "o'k", 'x''y' as c from "we""ird schema"."Or""der"",
    ]
  `);
});

test("the same definitions give the same bytes, and emitted files that are no longer made are removed", async () => {
  const folder = await definitionsFolder({
    "a.ts": `import { table, uuid } from "verso";\nexport const a = table("a", { columns: { id: uuid({ primaryKey: true }) }, comment: "c" });`,
  });
  const out = await mkdtemp(path.join(os.tmpdir(), "verso-out-"));
  const folders = { sql: path.join(out, "sql"), generated: path.join(out, "generated") };
  try {
    const all = await staleFiles(await compileDomain(folder), folders);
    const names = all.map((file) => path.basename(file));
    for (const name of ["30_tables.sql", "70_comments.sql", "a.ts", "client.ts", "schema.json"]) {
      expect(names).toContain(name);
    }
    expect(await emitDomain(await compileDomain(folder), folders)).toEqual(all);
    expect(await staleFiles(await compileDomain(folder), folders)).toEqual([]);
    expect(await emitDomain(await compileDomain(folder), folders)).toEqual([]);
    const mine = path.join(folders.sql, "shop/schema/99_mine.sql");
    await writeFile(mine, "-- mine\n");
    await writeFile(
      path.join(folder, "a.ts"),
      `import { table, uuid } from "verso";\nexport const a = table("a", { columns: { id: uuid({ primaryKey: true }) } });`,
    );
    const stale = await staleFiles(await compileDomain(folder), folders);
    const others = stale.map((file) => path.basename(file));
    expect(others).toEqual(expect.arrayContaining(["70_comments.sql", "a.ts"]));
    expect(others).not.toContain("30_tables.sql");
    await emitDomain(await compileDomain(folder), folders);
    expect(await staleFiles(await compileDomain(folder), folders)).toEqual([]);
    expect(await readFile(mine, "utf8")).toBe("-- mine\n");
  } finally {
    await rm(out, { recursive: true });
  }
});

test("grants are joined, and say how they differ from what PostgreSQL gives unasked", async () => {
  const domain = await compileText(`
export const reader = role("reader");
export const a = table("a", { columns: { id: uuid(), secret: text() }, grants: [{ to: reader, privileges: ["select"], columns: ["id"] }] });
export const b = table("b", { columns: { id: uuid() } });
export const f = fn("f", { returns: "void", body: sql\`begin end\` });
export const g = [
  grant({ on: all("tables", { except: [a] }), to: [reader, "public"], privileges: "all" }),
  grant({ on: f, to: "public", privileges: ["execute"] }),
  revoke({ on: f, from: "public", privileges: "all" }),
  grant({ on: database, to: reader, privileges: ["connect"] }),
];`);
  const grants = domain.scripts
    .find(({ file }) => file === "65_grants.sql")
    ?.statements.slice(2)
    .map(({ sql }) => sql);
  expect(grants).toEqual([
    "GRANT SELECT (id) ON TABLE public.a TO reader",
    expect.stringContaining("GRANT CONNECT"),
    "REVOKE EXECUTE ON FUNCTION public.f() FROM PUBLIC",
    "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON TABLE public.b TO PUBLIC",
    "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON TABLE public.b TO reader",
  ]);
});

test("a name left to Verso keeps clear of every name that is given", async () => {
  const domain = await compileText(`
export const t = table("t", {
  columns: { a: integer({ check: sql\`a > 0\` }), b: integer({ unique: true }) },
  checks: { t_a_check: sql\`a < 9\` },
});
export const u = table("u", { columns: { b: integer() }, indexes: [{ on: ["b"], name: "t_b_key" }] });`);
  const names = [...domain.facts.values()]
    .filter(({ kind }) => kind === "constraint")
    .map(({ attributes }) => attributes.name);
  expect(names.sort()).toEqual(["t_a_check", "t_a_check1", "t_b_key1"]);
});
