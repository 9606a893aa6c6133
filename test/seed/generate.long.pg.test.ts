import { describe, expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { quotePath } from "../../compiler/quote.ts";
import { tablesOf } from "../../compiler/seed/generateRequest.ts";
import { type GenerateOptions, generateRows } from "../../compiler/seed/generateRows.ts";
import { seedAndGenerate } from "../../compiler/seed/seedAndGenerate.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { freshDatabase, MAJORS_OF_LONG_SUITES } from "../servers.ts";
import { build, domainOf, seedAll, written } from "./fixtures.ts";

const SYSTEMS = {
  "photo-identifier": ["pg_trgm"],
  pixcrawler: [],
  pupmatch: ["postgis"],
  "ai-validation": [],
  fitness: ["uuid-ossp", "pg_trgm", "unaccent", "pgcrypto"],
} as const;

const countOf = async (session: Session, table: string): Promise<number> => {
  const [row] = await session.query<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row?.n ?? 0;
};

const VISITS = `
import { char, domain, references, seed, sql, table, text, uuid } from "verso";
export default domain({ name: "shop" });
export const lands = table("lands", { columns: { code: char(2, { primaryKey: true }), name: text() } });
export const visits = table("visits", { columns: { id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }), land: references(() => lands, { onDelete: "restrict" }) } });
export const all = seed(lands, { environments: ["reference"], key: ["code"], rows: { ch: { code: "CH", name: "Switzerland" } } });
`;

test("a dry run generates among the rows that it seeds, as the run itself does, and leaves neither", async () => {
  const session = await openEmbeddedSession();
  const domain = await domainOf({ "tables.ts": VISITS });
  await build(session, domain);
  const run = async (dryRun: boolean) => {
    const seeds = { domain: domain.name, files: domain.seeds.files };
    const generating = { request: tablesOf(domain), options: { rows: 20 } };
    const { generated, tables } = await seedAndGenerate(session, seeds, { dryRun }, generating);
    return [tables, generated.map(({ table, rows, wanted, why }) => ({ table, rows, wanted, why }))];
  };
  const told = await run(true);
  expect(told).toMatchObject([[{ inserted: 1 }], [{ table: "public.visits", rows: 20, why: null }]]);
  expect([await countOf(session, "lands"), await countOf(session, "visits")]).toEqual([0, 0]);
  expect(await run(false)).toEqual(told);
  expect([await countOf(session, "lands"), await countOf(session, "visits")]).toEqual([1, 20]);
  await session.close();
});

// That constraints hold PostgreSQL says, by taking the rows: nothing is switched off meanwhile.
describe.each(Object.entries(SYSTEMS))("%s", (name, extensions) => {
  test("takes its seeds, writes nothing the second time, and has every table filled with generated rows", async () => {
    const session = await openEmbeddedSession({ extensions });
    const domain = await compileDomain(`definitions/${name}`);
    await build(session, domain);
    const first = await seedAll(session, domain, { environments: ["demo"] });
    expect(first.tables.length).toBeGreaterThan(3);
    expect(written(await seedAll(session, domain, { environments: ["demo"] }))).toMatchObject({
      inserted: 0,
      updated: 0,
    });
    const request = tablesOf(domain);
    const generated = await generateRows(session, request, { rows: 300, seed: 7 });
    expect(generated.filter(({ why }) => why !== null)).toEqual([]);
    for (const { schema, name: table } of request.tables) {
      expect(await countOf(session, quotePath(schema, table)), table).toBeGreaterThan(0);
    }
    // Once more, among the rows that are there.
    const again = await generateRows(session, request, { rows: 50, seed: 7 });
    expect(again.filter(({ why }) => why !== null)).toEqual([]);
    await session.close();
  });
});

const SHOP = `
import { array, column, date, domain, domainType, enumType, integer, numeric, references, sql, table, text, timestamptz, uuid, varchar } from "verso";
export default domain({ name: "shop" });
export const slug = domainType("slug", text(), { check: sql\`value ~ '^[a-z][a-z0-9-]{2,30}$'\` });
export const state = enumType("state", ["new", "paid", "sent"]);
export const tenants = table("tenants", { columns: { id: integer({ primaryKey: true, identity: "always" }), slug: slug({ unique: true }) } });
export const rooms = table("rooms", {
  columns: { id: uuid({ default: sql\`gen_random_uuid()\` }), tenant_id: references(() => tenants, { onDelete: "cascade" }), name: varchar(20) },
  primaryKey: ["tenant_id", "id"], unique: [["tenant_id", "name"]],
});
export const guests = table("guests", {
  columns: {
    id: uuid({ default: sql\`gen_random_uuid()\` }), tenant_id: references(() => tenants, { onDelete: "cascade" }),
    email: text({ check: sql\`email ~ '^[^@ ]+@[^@ ]+$' and email = lower(email)\` }),
    invited_by: integer({ nullable: true }),
  },
  primaryKey: ["tenant_id", "id"], indexes: [{ on: [sql\`lower(email)\`], unique: true, name: "guests_email" }],
});
export const stays = table("stays", {
  columns: {
    number: integer({ identity: "always", primaryKey: true }), tenant_id: integer(), room_id: uuid(), guest_id: uuid(),
    nights: column<string>("daterange"), low: numeric(8, 2), high: numeric(8, 2), state: state({ default: "new" }),
    paid_at: timestamptz({ nullable: true }), total: numeric(6, 2, { nullable: true, generated: sql\`low + high\` }),
    note: text({ nullable: true }), tags: array(text(), { default: [] }),
  },
  foreignKeys: [
    { columns: ["tenant_id", "room_id"], references: () => rooms, target: ["tenant_id", "id"], onDelete: "cascade" },
    { columns: ["tenant_id", "guest_id"], references: () => guests, target: ["tenant_id", "id"], onDelete: "cascade" },
  ],
  exclusions: [{ elements: [["nights", "&&"]] }],
  checks: { stays_low_high: sql\`low >= 0 and low <= high\`, stays_paid: sql\`(state = 'new') = (paid_at is null)\`, stays_nights: sql\`not isempty(nights)\` },
});
export const profiles = table("profiles", {
  columns: { tenant_id: references(() => tenants, { onDelete: "cascade", primaryKey: true }), born: date({ check: sql\`born < '2020-01-01'\` }) },
});
`;
const RULES = `
import { generate } from "verso";
import { stays } from "./tables";
export const manyStays = generate(stays, { note: (n) => \`stay \${n}\`, low: (_, chance) => chance.pick(["1.00", "2.00"]) });
`;

describe.each(["embedded", ...MAJORS_OF_LONG_SUITES] as const)("rows generated on %s", (engine) => {
  const withShop = async (
    files: Readonly<Record<string, string>>,
    work: (run: Run, session: Session) => Promise<void>,
  ) => {
    const database = engine === "embedded" ? null : await freshDatabase(engine);
    const session = database === null ? await openEmbeddedSession() : await openServerSession(database.url);
    const domain = await domainOf({ "tables.ts": SHOP, ...files });
    await build(session, domain);
    await work((options) => generateRows(session, tablesOf(domain), options), session).finally(() => session.close());
    await database?.close();
  };
  type Run = (options: GenerateOptions) => ReturnType<typeof generateRows>;
  const STAYS = "select tenant_id, nights, low, high, state, paid_at, note from stays order by number";

  test("keep composite keys of one tenant together, ranges apart, 1:1 rows apart, and what is computed in its type", async () => {
    await withShop({}, async (run, session) => {
      const generated = await run({ rows: 2000 });
      expect(generated.filter(({ why }) => why !== null)).toEqual([]);
      expect(await countOf(session, "stays")).toBe(2000);
      expect(await countOf(session, "profiles")).toBe(2000);
      const [spread] = await session.query(
        "select count(distinct room_id) > 5 as rooms, count(distinct state) as states from stays",
      );
      expect(spread).toEqual({ rooms: true, states: 3n });
    });
  });

  test("are the same for the same seed number, and others for another", async () => {
    const found: unknown[] = [];
    for (const seed of [1, 1, 2]) {
      await withShop({}, async (run, session) => {
        await run({ rows: 300, seed });
        found.push(await session.query(STAYS));
      });
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).not.toEqual(found[0]);
  });

  test("follow rules, go into the tables that are named, and leave nothing behind in a dry run", async () => {
    await withShop({ "rules.ts": RULES }, async (run, session) => {
      await run({ rows: 100, tables: ["stays"], dryRun: true });
      expect(await countOf(session, "tenants")).toBe(0);
      await run({ rows: 100, tables: ["stays"] });
      expect(await countOf(session, "profiles")).toBe(0);
      const rows = await session.query("select note, low from stays order by number");
      expect(rows.slice(0, 2).map((row) => (row as { note: string }).note)).toEqual(["stay 0", "stay 1"]);
      expect(new Set(rows.map((row) => (row as { low: string }).low))).toEqual(new Set(["1.00", "2.00"]));
    });
  });

  test("fire triggers that find what they name where the domain's services find it", async () => {
    await withShop({}, async (run, session) => {
      await session.run(`create table public.said (slug text);
        create function public.tell() returns trigger language plpgsql as $$begin insert into said values (new.slug); return new; end$$;
        create trigger tell before insert on public.tenants for each row execute function public.tell()`);
      expect(await run({ rows: 5, tables: ["tenants"] })).toMatchObject([{ rows: 5, why: null }]);
      expect(await countOf(session, "public.said")).toBe(5);
    });
  });

  test("that no values were found for are named, with what to do", async () => {
    await withShop({}, async (run, session) => {
      await session.run("alter table guests add constraint odd check (md5(email) like 'ffffffff%')");
      const generated = await run({ rows: 50, tables: ["guests"] });
      expect(generated.at(-1)).toMatchObject({
        table: "public.guests",
        rows: 0,
        why: expect.stringMatching(/odd.*give rules for email/),
      });
      await expect(run({ rows: 1, tables: ["gests"] })).rejects.toMatchObject({ next: "did you mean guests?" });
    });
  });
});
