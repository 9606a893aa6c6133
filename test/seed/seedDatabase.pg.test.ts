import { describe, expect, test } from "vitest";
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
