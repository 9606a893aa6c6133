import { describe, expect, test } from "vitest";
import { parseSeedFile, type SeedFile, seedFileText } from "../../compiler/seed/seedFile.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { freshDatabase, MAJORS_OF_LONG_SUITES } from "../servers.ts";
import { build, domainOf, seedAll, written } from "./fixtures.ts";

const TABLES = `
import { array, bytea, domainType, enumType, integer, jsonb, bigint, boolean, numeric, references, row, seed, self, sql, table, text, timestamptz, uuid, varchar, char, domain, fn } from "verso";
export default domain({ name: "shop" });
export const level = enumType("level", ["low", "high"]);
export const email = domainType("email", text(), { check: sql\`value like '%@%'\` });
export const countries = table("countries", { columns: { code: char(2, { primaryKey: true }), name: text() } });
export const users = table("users", { columns: {
  id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
  number: integer({ identity: "always" }),
  email: email({ unique: true }),
  country: references(() => countries, { onDelete: "restrict" }),
  level: level({ default: "low" }),
  tags: array(text(), { default: [] }),
  settings: jsonb<{ theme?: string; $row?: string }>({ default: {} }),
  height: numeric(5, 1, { nullable: true }),
  photo: bytea({ nullable: true }),
  big: bigint({ nullable: true }),
  twice: integer({ nullable: true, generated: sql\`2\` }),
  favourite_id: references<string>("posts.id", { onDelete: "set null", nullable: true }),
  invited_by: references(self, { onDelete: "set null", nullable: true }),
  joined_at: timestamptz({ default: sql\`now()\` }),
  changes: integer({ default: 0 }),
} });
export const posts = table("posts", { columns: {
  id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
  user_id: references(() => users, { onDelete: "cascade" }),
  slug: varchar(40),
  body: text({ default: "" }),
}, unique: [["user_id", "slug"]] });
`;

const SEEDS = `
import { row, seed, sql } from "verso";
import { countries, posts, users } from "../tables";
export const lands = seed(countries, { environments: ["reference"], key: ["code"], rows: {
  ch: { code: "CH", name: "Switzerland" }, de: { code: "DE", name: "Germany" },
} });
export const people = seed(users, { environments: ["demo"], key: ["email"], rows: {
  bob: { email: "bob@example.org", country: lands.rows.de.code, invited_by: row(users, "ann").id },
  ann: {
    email: "ann@example.org", country: lands.rows.ch.code, level: "high", tags: ["a", 'b "c" \\\\ {d}'],
    settings: { theme: "dark", $row: "is no mark" }, height: "170", photo: new Uint8Array([0, 255]), big: 9007199254740993n,
    favourite_id: row(posts, "hello").id, joined_at: sql\`now() - interval '1 day'\`,
  },
} });
export const writings = seed(posts, { environments: ["demo"], key: ["user_id", "slug"], rows: {
  hello: { user_id: people.rows.ann.id, slug: "hello", body: "It's me" },
} });
`;

const ENGINES = ["embedded", ...MAJORS_OF_LONG_SUITES] as const;

describe.each(ENGINES)("seeds on %s", (engine) => {
  const open = async (): Promise<{ session: Session; close: () => Promise<void> }> => {
    if (engine === "embedded") {
      const session = await openEmbeddedSession();
      return { session, close: () => session.close() };
    }
    const database = await freshDatabase(engine);
    const session = await openServerSession(database.url);
    return { session, close: () => session.close().then(() => database.close()) };
  };

  test("rows refer to one another by name, in circles too; the second run writes nothing", async () => {
    const { session, close } = await open();
    const domain = await domainOf({ "tables.ts": TABLES, "seeds/people.ts": SEEDS });
    await build(session, domain);
    const first = await seedAll(session, domain, { environments: ["demo"] });
    expect(written(first)).toEqual({ inserted: 5, updated: 0, unchanged: 0, removed: 0 });
    const read = () =>
      session.query(
        "select u.*, p.slug, i.email as inviter, u.xmin::text from users u left join posts p on p.id = u.favourite_id left join users i on i.id = u.invited_by order by u.email",
      );
    const rows = await read();
    const second = await seedAll(session, domain, { environments: ["demo"] });
    expect(written(second)).toEqual({ inserted: 0, updated: 0, unchanged: 5, removed: 0 });
    expect(await read()).toEqual(rows);
    await close();
  });
});

describe("seeds", () => {
  const lands = (rows: string) => `
import { seed } from "verso";
import { countries } from "../tables";
export const lands = seed(countries, { environments: ["reference"], key: ["code"], rows: { ${rows} } });
`;
  const both = `ch: { code: "CH", name: "Switzerland" }, de: { code: "DE", name: "Germany" }`;
  const domainWith = (rows: string) => domainOf({ "tables.ts": TABLES, "seeds/lands.ts": lands(rows) });
  const codes = async (session: Session) =>
    (await session.query<{ line: string }>("select code || ' ' || name as line from countries order by code")).map(
      ({ line }) => line,
    );

  test("keep reference data in step: changed, renamed, and removed with consent", async () => {
    const session = await openEmbeddedSession();
    const domain = await domainWith(both);
    await build(session, domain);
    await session.run("insert into countries values ('AT', 'Austria'), ('CH', 'Suisse')");
    expect(written(await seedAll(session, domain))).toMatchObject({ inserted: 1, updated: 1 });
    expect(await codes(session)).toEqual(["AT Austria", "CH Switzerland", "DE Germany"]);

    // What somebody wrote over is as declared again; a key that changed is the same row by its name.
    await session.run("update countries set name = 'Allemagne' where code = 'DE'");
    const moved = await domainWith(`ch: { code: "CH", name: "Switzerland" }, de: { code: "D1", name: "Germany" }`);
    expect(written(await seedAll(session, moved))).toEqual({ inserted: 0, updated: 1, unchanged: 1, removed: 0 });
    expect(await codes(session)).toEqual(["AT Austria", "CH Switzerland", "D1 Germany"]);

    // Declared under another name it is the same row by its key.
    const renamed = await domainWith(`germany: { code: "D1", name: "Germany" }`);
    const kept = await seedAll(session, renamed);
    expect(kept.kept).toEqual([]);
    expect(await codes(session)).toEqual(["AT Austria", "CH Switzerland", "D1 Germany"]);

    const none = await domainWith("");
    const named = await seedAll(session, none);
    expect(named.kept).toMatchObject([{ table: "public.countries", row: "germany", wantsConsent: true }]);
    expect(await codes(session)).toHaveLength(3);
    expect(written(await seedAll(session, none, { acceptDataLoss: true, dryRun: true }))).toMatchObject({ removed: 1 });
    expect(await codes(session)).toHaveLength(3);
    expect(written(await seedAll(session, none, { acceptDataLoss: true }))).toMatchObject({ removed: 1 });
    // Switzerland was there before: somebody's own row, whatever seeds said of it.
    expect(await codes(session)).toEqual(["AT Austria", "CH Switzerland"]);
    await session.close();
  });

  test("never take along what others wrote: a row that is referred to stays, and says why", async () => {
    const session = await openEmbeddedSession();
    const domain = await domainWith(both);
    await build(session, domain);
    await seedAll(session, domain);
    await session.run("insert into users (email, country) values ('zoe@example.org', 'DE')");
    const none = await domainWith(`ch: { code: "CH", name: "Switzerland" }`);
    const { kept } = await seedAll(session, none, { acceptDataLoss: true });
    expect(kept).toMatchObject([{ row: "de", why: "1 row of users refers to it", wantsConsent: false }]);
    expect(await codes(session)).toHaveLength(2);
    await session.close();
  });

  test("come from the emitted files as they come from definitions", async () => {
    const domain = await domainOf({ "tables.ts": TABLES, "seeds/people.ts": SEEDS });
    for (const file of domain.seeds.files) {
      const read = parseSeedFile(seedFileText(domain.name, file), file.environment, "demo.json");
      const plain = ({ seeds }: SeedFile) => seeds.map((one) => one.rows.map(({ name, values }) => [name, ...values]));
      expect(plain(read)).toEqual(plain(file));
      expect(read.seeds.map(({ key }) => key)).toEqual(file.seeds.map(({ key }) => key));
    }
  });

  test("of one environment leave those of another alone", async () => {
    const session = await openEmbeddedSession();
    const domain = await domainOf({ "tables.ts": TABLES, "seeds/people.ts": SEEDS });
    await build(session, domain);
    await seedAll(session, domain);
    expect(await session.query("select count(*)::int as n from users")).toEqual([{ n: 0 }]);
    expect(await codes(session)).toHaveLength(2);
    await session.close();
  });

  test.each([
    [`bob: { email: "bob@x", country: lands.rows.fr.code }`, "definition-failed", "4:5"],
    [`bob: { email: "bob@x", country: row(countries, "fr").code }`, "seed-row-not-found", "4:28"],
    [`bob: { email: "bob@x", country: "CH", nmae: "Bob" }`, "seed-column-unknown", "4:43"],
    [`bob: { country: "CH" }`, "seed-key-missing", "4:5"],
    [`bob: { email: "b@x", country: "CH" }, ben: { email: "b@x", country: "DE" }`, "seed-row-twice", "4:43"],
  ])("that are wrong are told at their place: %s", async (row, code, at) => {
    const text = `import { row, seed } from "verso"; import { countries, users } from "../tables"; import { lands } from "./lands";
export const people = seed(users, { environments: ["demo"], key: ["email"],
  rows: {
    ${row} } });`;
    const error = await domainOf({ "tables.ts": TABLES, "seeds/lands.ts": lands(both), "seeds/people.ts": text }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code });
    expect(String(error)).toMatch(new RegExp(`people\\.ts:${at}`));
  });

  test("that PostgreSQL refuses are told at their row, and nothing is written", async () => {
    const session = await openEmbeddedSession();
    const domain = await domainWith(`ch: { code: "CH", name: "Switzerland" }, bad: { code: "LONG", name: "?" }`);
    await build(session, domain);
    await expect(seedAll(session, domain)).rejects.toMatchObject({
      code: "seed-refused",
      what: "PostgreSQL refuses the row bad of public.countries",
      at: { line: 4 },
    });
    expect(await codes(session)).toEqual([]);
    await session.close();
  });
});
