import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeDelta } from "../../compiler/diff/diffFacts.ts";
import { pull } from "../../compiler/pull/pull.ts";
import { openSource } from "../../compiler/resolve/openSource.ts";
import type { Source } from "../../compiler/resolve/source.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { ownServer } from "../servers.ts";

const sqlState = (text: string): Source => scriptSource("state.sql", [{ file: "state.sql", text }]);
const rental = sqlState(await readFile("test/pull/rental.sql", "utf8"));

const states = (await readFile("test/diff/cases/hard.sql", "utf8"))
  .split(/^### /m)
  .slice(1)
  .filter((text) => !/\[since \d+\]/.test(text))
  .map((text) => text.split(/\n([\s\S]*)/))
  .map(([title = "", body = ""]) => [title, body.split(/^===$/m)[1] ?? ""] as const)
  .filter((_, i) => i % 6 === 0);

const made: string[] = [];
const newFolder = async (): Promise<string> => {
  const root = await mkdtemp(path.join(os.tmpdir(), "verso-pull-"));
  made.push(root);
  return path.join(root, "shop");
};
afterAll(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

let shadow: Shadow;
/** The rental state pulled on the embedded engine, once for all tests that only look at it; it takes longer than any of them. */
let pulledRental: Awaited<ReturnType<typeof pulled>>;
beforeAll(async () => {
  shadow = await openShadow(undefined);
  pulledRental = await pulled(rental);
});
afterAll(() => shadow.close());

async function pullInto(folder: string, source: Source, on = shadow) {
  const { differences, ...result } = await pull(source, on, { folder, name: "shop" });
  return { ...result, differences: differences.map(describeDelta) };
}

async function pulled(source: Source, on = shadow) {
  const folder = await newFolder();
  return {
    folder,
    ...(await pullInto(folder, source, on)),
    read: (file: string) => readFile(path.join(folder, file), "utf8"),
  };
}

/** Every file with its text. */
async function textsOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts")).sort();
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(path.join(folder, file), "utf8")])),
  );
}

const edit = async (file: string, change: (text: string) => string): Promise<void> =>
  writeFile(file, change(await readFile(file, "utf8")));

describe("definitions that are pulled compile to the database that they were pulled from", () => {
  test.each(["embedded", 15, 18] as const)("a database of the common kinds, on %s", async (engine) => {
    // Its roles are no other test's.
    const own = engine === "embedded" ? null : await ownServer(engine);
    const on = own === null ? shadow : await openShadow(own.url);
    try {
      const { differences, inPlainSql } = own === null ? pulledRental : await pulled(rental, on);
      expect(differences).toEqual([]);
      expect(inPlainSql).toEqual([]);
    } finally {
      if (own !== null) await on.close();
      await own?.close();
    }
  });

  test.each(["ai-validation", "fitness", "photo-identifier", "pixcrawler", "pupmatch"])(
    "the system %s, without any plain SQL",
    async (name) => {
      const { differences, inPlainSql } = await pulled(await openSource(`sql/${name}/schema`));
      expect({ differences, inPlainSql }).toEqual({ differences: [], inPlainSql: [] });
    },
  );

  test.each(states)("the hard case: %s", async (_, state) => {
    expect((await pulled(sqlState(state))).differences).toEqual([]);
  });
});

describe("what is pulled is what a person would have written", () => {
  test("neither Biome nor TypeScript finds anything to mend in it", async () => {
    const { folder } = pulledRental;
    const root = process.cwd();
    const run = async (bin: string, ...given: readonly string[]) =>
      promisify(execFile)(process.execPath, [path.join(root, "node_modules", bin), ...given], { cwd: folder }).then(
        () => "",
        ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
      );
    await writeFile(path.join(folder, "package.json"), '{ "type": "module" }\n');
    const { files: _, vcs: __, ...biome } = JSON.parse(await readFile("biome.json", "utf8"));
    await writeFile(path.join(folder, "biome.json"), JSON.stringify(biome));
    const tsconfig = {
      extends: path.join(root, "tsconfig.json"),
      include: ["**/*.ts"],
      compilerOptions: {
        paths: { verso: [path.join(root, "compiler/index.ts")] },
        typeRoots: [path.join(root, "node_modules/@types")],
      },
    };
    await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
    const written = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".ts"));
    expect(await run("@biomejs/biome/bin/biome", "check", "--colors=off", "--diagnostic-level=error", ...written)).toBe(
      "",
    );
    expect(await run("typescript/bin/tsc", "-p", folder)).toBe("");
  });

  test("a table has a file of its own, with all that belongs to it", async () => {
    const { written, read } = await pulled(
      sqlState(`
        create table people (id uuid primary key default gen_random_uuid(), email varchar(255) not null unique);
        create table dogs (
          id bigint generated always as identity primary key, owner_id uuid not null references people on delete cascade,
          name text not null check (name <> ''), tags text[] not null default '{}', born date);
        comment on table dogs is 'Those who bark.'; comment on column dogs.born is 'As far as anybody knows.';
        create index on dogs (owner_id); create index dogs_by_name on dogs (lower(name), born desc) where born is not null;
        alter table dogs enable row level security; create policy own on dogs for select to public using (owner_id is not null);
      `),
    );
    expect(written.map((file) => path.basename(file))).toEqual(["dogs.ts", "domain.ts", "people.ts"]);
    expect(await read("dogs.ts")).toBe(`import { array, bigint, date, references, sql, table, text } from "verso";
import { people } from "./people.ts";

/** Those who bark. */
export const dogs = table("dogs", {
  columns: {
    id: bigint({ primaryKey: true, identity: "always" }),
    owner_id: references(() => people, { onDelete: "cascade" }),
    name: text(),
    tags: array(text(), { default: [] }),
    /** As far as anybody knows. */
    born: date({ nullable: true }),
  },
  checks: { dogs_name_check: sql\`name <> ''::text\` },
  indexes: [
    { on: [sql\`lower(name)\`, { column: "born", order: "desc" }], name: "dogs_by_name", where: sql\`born IS NOT NULL\` },
  ],
  policies: { own: { for: "select", using: sql\`owner_id IS NOT NULL\` } },
});
`);
  });

  test("columns that several tables have alike are shared", async () => {
    const times = "created_at timestamptz not null default now(), updated_at timestamptz not null default now()";
    const { read, differences } = await pulled(
      sqlState(`create table a (id int primary key, ${times}); create table b (id int primary key, x text, ${times});`),
    );
    expect(differences).toEqual([]);
    expect(await read("shared.ts")).toBe(`import { sql, timestamptz } from "verso";

export const timestamps = {
  created_at: timestamptz({ default: sql\`now()\` }),
  updated_at: timestamptz({ default: sql\`now()\` }),
};
`);
    expect(await read("b.ts")).toContain("x: text({ nullable: true }),\n    ...timestamps,\n");
  });

  test("a comment is JSDoc, unless JSDoc would change it", async () => {
    const { read, differences } = await pulled(
      sqlState(`
        create table t (a int, b int); comment on table t is 'One paragraph.\n\nAnother.';
        comment on column t.a is 'a */ b'; comment on column t.b is e'two\nlines';
      `),
    );
    expect(differences).toEqual([]);
    const text = await read("t.ts");
    expect(text).toContain("/**\n * One paragraph.\n *\n * Another.\n */\nexport const t");
    expect(text).toContain('a: integer({ nullable: true, comment: "a */ b" }),\n');
    expect(text).toContain('b: integer({ nullable: true, comment: "two\\nlines" }),');
  });

  test("a base type has no form of its own, and brings its functions along in plain SQL", async () => {
    const { differences, inPlainSql } = await pulled(
      sqlState(`
        create type n; create function n_in(cstring) returns n language internal immutable strict as 'int4in';
        create function n_out(n) returns cstring language internal immutable strict as 'int4out';
        create type n (input = n_in, output = n_out, like = int4); create table t (a n, b n[]);
        create cast (n as int) without function; comment on function n_in(cstring) is 'reads it';
      `),
    );
    expect(differences).toEqual([]);
    expect(inPlainSql).toContain("base type public.n");
  });

  test("tables that refer to one another are named where TypeScript would run in a circle", async () => {
    const { read, differences } = await pulled(
      sqlState(`
        create table a (id uuid primary key, b_id uuid); create table b (id uuid primary key, a_id uuid references a on delete cascade);
        alter table a add foreign key (b_id) references b on delete set null;
      `),
    );
    expect(differences).toEqual([]);
    const both = (await read("a.ts")) + (await read("b.ts"));
    expect(both).toContain("references(() => b, {");
    expect(both).toContain('references<string>("a.id", {');
  });
});

describe("pulling again updates definitions in place", () => {
  test("no byte changes when nothing differs", async () => {
    const { folder } = pulledRental;
    const before = await textsOf(folder);
    const nothing = { written: [], inPlainSql: [], leftByHand: [], secrets: [], differences: [] };
    expect(await pullInto(folder, rental)).toEqual(nothing);
    expect(await textsOf(folder)).toEqual(before);
  });

  const shop = `
    create type size as enum ('s', 'm');
    create table people (id uuid primary key default gen_random_uuid(), email text not null, settings jsonb not null default '{}');
    create table hats (id uuid primary key, person_id uuid not null references people on delete cascade, size size not null);
    create index on hats (person_id); create index on hats (size);
    create view big as select id from hats where size = 'm';
  `;

  test("what differs is changed, and all that was made by hand around it stays", async () => {
    const { folder } = await pulled(sqlState(shop));
    await edit(path.join(folder, "people.ts"), (text) =>
      text
        .replace("jsonb({ default: {} }),", "jsonb<Settings>({ default: {} }), // never null")
        .replace("export const people", "interface Settings {\n  readonly theme?: string;\n}\n\nexport const people"),
    );
    await edit(path.join(folder, "hats.ts"), (text) =>
      text.replace("  indexes: [", "  // Searched by size, mostly.\n  indexes: ["),
    );
    const after = shop
      .replace("email text not null", "email varchar(100), age int not null default 0")
      .replace("'s', 'm'", "'s', 'm', 'l'")
      .replace("create index on hats (size);", "create index on hats (size, person_id);")
      .replace(
        "create view",
        "comment on table hats is 'On heads.'; comment on column people.email is 'Lower case.'; create view",
      );
    const { differences, written, leftByHand } = await pullInto(folder, sqlState(after));
    expect({ differences, leftByHand }).toEqual({ differences: [], leftByHand: [] });
    expect(written.map((file) => path.basename(file))).toEqual(["enums.ts", "hats.ts", "people.ts"]);
    const texts = await textsOf(folder);
    expect(texts["people.ts"]).toBe(`import { integer, jsonb, sql, table, uuid, varchar } from "verso";

interface Settings {
  readonly theme?: string;
}

export const people = table("people", {
  columns: {
    id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
    /** Lower case. */
    email: varchar(100, { nullable: true }),
    age: integer({ default: 0 }),
    settings: jsonb<Settings>({ default: {} }), // never null
  },
});
`);
    expect(texts["hats.ts"]).toContain("/** On heads. */\nexport const hats");
    expect(texts["hats.ts"]).toContain('  // Searched by size, mostly.\n  indexes: [{ on: ["size", "person_id"] }],');
  });

  test("what is new is added, what is gone goes, and what would take hand-made things along stays and is named", async () => {
    const { folder } = await pulled(
      sqlState(`${shop} create table notes (id int primary key); create table old (id int primary key);`),
    );
    await edit(path.join(folder, "old.ts"), (text) =>
      text.replace("columns: {", "columns: {\n    // From the paper years."),
    );
    const after = `${shop} create table shoes (id int primary key, size size);`.replace(/create view.*$/m, "");
    const { written, leftByHand, differences } = await pullInto(folder, sqlState(after));
    expect(written.map((file) => path.basename(file))).toEqual(["notes.ts", "shoes.ts", "views.ts"]);
    expect(leftByHand).toEqual(["old in old.ts is not in the database, but stays: comments in it would be lost"]);
    expect(differences.every((line) => line.includes("public.old"))).toBe(true);
    expect(Object.keys(await textsOf(folder))).toEqual([
      "domain.ts",
      "enums.ts",
      "hats.ts",
      "old.ts",
      "people.ts",
      "shoes.ts",
    ]);
  });

  test("definitions that people wrote in their own manner keep it; what cannot be changed in it is named", async () => {
    const folder = await newFolder();
    await cp("definitions/ai-validation", folder, { recursive: true });
    const scripts = (await readdir("sql/ai-validation/schema")).sort();
    const schema = await Promise.all(scripts.map((file) => readFile(`sql/ai-validation/schema/${file}`, "utf8")));
    const before = await textsOf(folder);
    const after = sqlState(`${schema.join("\n")}
      alter table projects add column nickname text, drop constraint projects_status_check;
      create trigger t after delete on projects for each row execute function set_updated_at();
      alter table videos add constraint named check (filename <> ''), alter created_at type timestamptz(3);
      drop index videos_created_at_idx;`);
    const { differences, leftByHand } = await pullInto(folder, after);
    // The check comes from a helper of people's own.
    expect(differences).toEqual(["- constraint public.projects.projects_status_check"]);
    expect(leftByHand).toEqual([
      "projects.checks.projects_status_check is not in the database, but does not stand where it could be taken out",
    ]);
    const texts = await textsOf(folder);
    expect(Object.keys(texts).filter((file) => texts[file] !== before[file])).toEqual(["projects.ts"]);
    const lines = new Set(before["projects.ts"]?.split("\n"));
    const changed = texts["projects.ts"]?.split("\n").filter((line) => !lines.has(line) && !line.startsWith("import"));
    expect(changed).toEqual([
      "    nickname: text({ nullable: true }),",
      '  triggers: { ...audited, t: { after: ["delete"], execute: set_updated_at } },',
      "    created_at: timestamptz({ precision: 3, default: sql`now()` }),",
      "  checks: { named: sql`(filename)::text <> ''::text` },",
    ]);
  });
});
