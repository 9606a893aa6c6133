import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolve } from "../../compiler/prove/proveMigration.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { definitionsSource, domainSource } from "../../compiler/resolve/definitionsSource.ts";
import type { Session } from "../../compiler/session/session.ts";
import { openShadow, type Shadow } from "../../compiler/shadow/shadow.ts";
import { compileText } from "../definitionsFolder.ts";

let shadow: Shadow;
beforeAll(async () => {
  shadow = await openShadow(undefined);
});
afterAll(() => shadow.close());

async function inScratch<T>(
  extensions: readonly string[],
  run: (session: Session) => Promise<T>,
  on: Shadow = shadow,
): Promise<T> {
  const session = await on.scratch({ extensions });
  try {
    return await run(session);
  } finally {
    await session.close();
  }
}

/** Compiles, runs the scripts on an empty database, and returns what the catalog then holds. */
async function build(text: string, on: Shadow) {
  const domain = await compileText(text);
  const buildAndRead = async (session: Session) => {
    await domainSource(domain).build(session, new Set());
    return readCatalog(session);
  };
  return { domain, facts: await inScratch(domain.extensions, buildAndRead, on) };
}

/** One of everything that can be declared, some of it with hostile names. */
const EVERYTHING = `
export const app = schema('we"ird schema', { comment: "it's" });
export const trigrams = extension("pg_trgm", { schema: app });
export const gist = extension("btree_gist");
export const mood = enumType("Mood 😀", ["it's", "b\\\\c", "select"], { schema: app, comment: "How one feels" });
export const email = domainType("email", text({}), { check: { has_at: sql\`value like '%@%'\` }, default: "a@b", comment: "An address" });
export const money = domainType("money_amount", numeric(12, 2), { check: sql\`value >= 0\` });
export const address = compositeType("address", {
  /** With its number. */
  street: text({ collate: "C" }),
  city: varchar(80),
});
export const span = rangeType("float_span", { subtype: column("float8"), subtypeDiff: "float8mi" });
export const numbers = sequence("invoice numbers", { start: 1000, increment: 5, ownedBy: '"Or""der".number' });
export const down = sequence("down", { as: "smallint", increment: -1, maximum: 10, cycle: true });
/** Keeps updated_at. */
export const touch = fn("touch", { returns: "trigger", set: { search_path: "" }, body: sql\`
  begin
    new.updated_at := now(); -- at the end
    return new;
  end
\` });
export const add = fn("add", { arguments: { a: integer(), b: integer({ default: 1 }) }, returns: integer(), language: "sql", volatility: "immutable", strict: true, parallel: "safe", cost: 5, atomic: sql\`return a + b\` });
export const add2 = fn("add", { arguments: { a: bigint(), rest: variadic(array(bigint())) }, returns: bigint(), language: "sql", body: sql\`select a\` });
export const both = fn("both", { arguments: { a: inout(integer()), b: out(text()) }, body: sql\`begin b := a::text; end\` });
export const job = procedure("job", { arguments: { n: integer() }, language: "sql", body: sql\`select 1\`, securityDefiner: true });
const times = { created_at: timestamptz({ default: sql\`now()\` }), updated_at: timestamptz({ precision: 3, default: sql\`now()\` }) };
/** Orders; it's
 * a long text.
 *
 * Second paragraph. */
export const orders = table('Or"der', {
  columns: {
    select: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
    number: bigint({ default: sql\`nextval(\${sql.regclass(numbers)})\`, unique: "uniq number" }),
    "o'k": mood({ default: "it's", check: sql\`true\` }),
    moods: array(mood(), { default: ["b\\\\c", "it's"] }),
    mail: email({ nullable: true }),
    price: money({ default: 1.5 }),
    home: address({ nullable: true }),
    span: span({ nullable: true }),
    at: column("int4range", { nullable: true }),
    room: integer({ identity: { generated: "by default", start: 7, increment: 2, cache: 3 } }),
    data: jsonb({ default: { a: [1, "x'y"], b: null } }),
    matrix: array(array(integer()), { default: [[1, 2], [3, 4]] }),
    doubled: integer({ generated: sql\`room * 2\`, statistics: 200 }),
    note: text({ nullable: true, collate: "C", storage: "external", with: { n_distinct: -0.5 } }),
    parent: references(self, { onDelete: { action: "set null", columns: ["parent"] }, nullable: true, deferrable: "initially deferred" }),
    ...times,
  },
  unique: [["number", "o'k"], { columns: ["room"], nullsNotDistinct: true, include: ["number"], name: "one room", with: { fillfactor: 80 } }],
  checks: { positive: { expression: sql\`room > 0\`, notValid: true, comment: "said" }, "no inherit": { expression: sql\`\${add}(room) > 0\`, noInherit: true } },
  exclusions: [{ elements: [["room", "="], ["at", "&&"]], where: sql\`room > 1\`, with: { fillfactor: 90 } }],
  indexes: [
    { on: ["o'k", { column: "number", order: "desc", nulls: "last" }], where: sql\`\${sql.name("o'k")} <> 'select'\`, include: ["room"], comment: "of moods" },
    { on: [sql\`lower(note)\`, { expression: sql\`room + 1\`, order: "desc" }], unique: true, statistics: { 1: 500 } },
    { on: [{ column: "note", opclass: sql.name('we"ird schema', "gin_trgm_ops") }], using: "gin", with: { fastupdate: false } },
    { on: [{ column: "note", collate: "C", opclass: "text_pattern_ops" }], name: "pattern 😀" },
  ],
  policies: {
    mine: { for: "select", to: ["verso_a", "verso_b"], using: sql\`(select true)\`, comment: "p" },
    strict: { as: "restrictive", using: sql\`room > 0\`, withCheck: sql\`(room > 0) and (room < 9)\` },
  },
  forceRowSecurity: true,
  triggers: {
    touch: { before: ["insert", { update: ["o'k", "room"] }], when: sql\`new.room > 0\`, execute: touch, arguments: ["it's"] },
    later: { after: ["delete"], constraint: true, deferrable: "initially deferred", execute: touch, enabled: "always", comment: "t" },
    all: { after: ["insert"], forEach: "statement", referencing: { new: "new_rows" }, execute: touch, enabled: false },
  },
  statistics: { "st at": { on: ["room", "number"], kinds: ["dependencies"], target: 50 }, st2: { on: [sql\`room + number\`] } },
  grants: [{ to: "verso_a", privileges: ["select", "update"], columns: ["room"] }, { to: "verso_a", privileges: ["insert"], withGrantOption: true }],
  owner: "verso_b",
  with: { fillfactor: 70, "toast.autovacuum_enabled": false },
  replicaIdentity: { index: "one room" },
  clusterOn: "one room",
});
export const parts = table("parts", {
  columns: { id: integer(), day: date(), amount: numeric(10, 2, { default: 0 }) },
  primaryKey: { columns: ["id", "day"], name: "parts pk" },
  partitionBy: { by: "range", on: ["day"] },
});
export const january = partition("parts_2026_01", { of: parts, rows: { from: ["2026-01-01"], to: ["2026-02-01"] }, with: { fillfactor: 90 } });
export const rest = partition("parts_rest", { of: parts, rows: "default", indexes: [{ on: ["amount"] }] });
export const hashed = table("hashed", { columns: { id: integer() }, partitionBy: { by: "hash", on: ["id"] } });
export const h0 = partition("h0", { of: hashed, rows: { modulus: 2, remainder: 0 } });
export const listed = table("listed", { columns: { k: text({ nullable: true }) }, partitionBy: { by: "list", on: [sql\`lower(k)\`] } });
export const l0 = partition("l0", { of: listed, rows: { in: ["a", "it's", null] } });
export const base = table("base", { columns: { id: integer(), ...times }, unlogged: true });
export const child = table("child", { columns: { more: text() }, inherits: [base], unlogged: true });
export const fk2 = foreignKey(base, { columns: ["id"], references: () => orders, target: ["number"], onDelete: "cascade", onUpdate: "set null", match: "full", name: "far", notValid: true });
export const seen = view("V", {
  securityInvoker: true, securityBarrier: true, checkOption: "cascaded", comment: "Seen",
  columns: { /** The key. */ select: uuid() },
  query: sql\`
    select \${orders.columns.select}, \${orders.columns["o'k"]}
    from \${orders} o
    where o.\${orders.columns.room} > \${5};
  \`,
});
export const over = view("over", { query: sql\`select * from \${seen}\`, triggers: { instead: { insteadOf: ["insert"], execute: touch } } });
export const sums = materializedView("sums", {
  query: sql\`select room, count(*) as n from \${orders} group by room\`,
  indexes: [{ on: ["room"], unique: true }], with: { fillfactor: 50 }, comment: "Sums", grants: [{ to: "verso_a", privileges: "all" }],
});
export const byFunction = policy("by function", parts, { to: "verso_a", using: sql\`\${add}(id) > 0\` });
export const roles = [
  role("verso_a", { login: true, connectionLimit: 5, settings: { statement_timeout: "5s", search_path: "app, public" }, comment: "A", validUntil: "2030-01-01T00:00:00Z" }),
  role("verso_b", { memberOf: ["verso_a"], inherit: false }),
];
export const access = [
  grant({ on: [app, mood, numbers, add], to: "verso_a", privileges: "all" }),
  revoke({ on: [add, email], from: "public", privileges: "all" }),
  grant({ on: all("tables", { except: [orders] }), to: "verso_b", privileges: ["select"] }),
  grant({ on: database, to: "verso_a", privileges: ["create"] }),
  defaultPrivileges({ inSchema: app, on: "tables", privileges: ["select"], to: "verso_a" }),
  defaultPrivileges({ forRole: "verso_b", on: "functions", privileges: "all", from: "public" }),
  databaseSetting("timezone", "UTC"),
  roleSetting("verso_b", "work_mem", "8MB"),
  comment(trigrams, "fuzzy"),
  comment(orders.columns.room, "Said apart"),
  comment(job, "A job"),
];
export const textToLevel = rawSql({ name: "text to mood", create: sql\`create cast (text as \${address}) with inout\`, drop: sql\`drop cast (text as \${address})\` });
export const ev = eventTrigger("watch", { on: "ddl_command_end", tags: ["CREATE TABLE"], execute: sql\`\${watch}()\` , enabled: false });
`.replace(
  "export const ev =",
  `export const watch = fn("watch", { returns: "event_trigger", body: sql\`begin end\` });\nexport const ev =`,
);

// Servers of their own: roles are seen by all that runs on a server.
describe.each([undefined, "binary:15", "binary:18"])("on %s", (spec) => {
  let own: Shadow;
  beforeAll(async () => {
    own = await openShadow(spec);
  });
  afterAll(() => own.close());

  test("one of everything is created, and every declared fact is what the catalog then calls it", async () => {
    const { domain, facts } = await build(EVERYTHING, own);
    const read = new Set(facts.keys());
    const notRead = [...domain.facts.keys()].filter((id) => !read.has(id));
    expect(notRead).toEqual(["raw sql text to mood"]);
    const inherited =
      /^(?:constraint|index|partition index|identity sequence|column|default|trigger|database|cast) |^schema public$/;
    expect([...read].filter((id) => !domain.facts.has(id) && !inherited.test(id))).toEqual([]);
    // What a declaration says outright must be what is read back; texts are PostgreSQL's to print.
    for (const fact of domain.facts.values()) {
      const attributes = facts.get(fact.id)?.attributes ?? fact.attributes;
      for (const [name, value] of Object.entries(fact.attributes)) {
        if (typeof value === "boolean") expect([fact.id, name, attributes[name]]).toEqual([fact.id, name, value]);
      }
    }
    expect(facts.get('comment table public."Or""der"' as never)?.attributes.text).toBe(
      "Orders; it's a long text.\n\nSecond paragraph.",
    );
  });
});

test("names left to Verso are the names PostgreSQL chooses", async () => {
  const long = "a_rather_long_table_name_that_leaves_little_room";
  const wide = "ünïcödé_çölümn_nämé_thät_ïs_löng";
  const domain = await compileText(`
export const u = table("u", { columns: { id: integer({ primaryKey: true }) } });
export const t = table("${long}", {
  columns: {
    a_long_column_name_too: integer({ check: sql\`true\`, unique: true }),
    b: integer({ check: sql\`b > 0\` }),
    "${wide}": integer({ unique: true }),
    c: text(),
    u_id: references(() => u, { onDelete: "cascade", index: { none: "test" } }),
  },
  unique: [["a_long_column_name_too", "b", "${wide}"]],
  indexes: [
    { on: ["a_long_column_name_too"] }, { on: ["b"] }, { on: ["b"], using: "hash" }, { on: ["b"], include: ["c"] },
    { on: [sql\`lower(c)\`, sql\`upper(c)\`, sql\`b + 1\`, sql\`b + 2\`] }, { on: [sql\`pg_catalog.lower(c)\`, sql\`lower(c)\`] },
    { on: ["a_long_column_name_too", "b", "${wide}", "c"] },
  ],
});`);
  const ours = [...domain.facts.values()]
    .filter(({ kind, attributes }) => (kind === "index" || kind === "constraint") && attributes.table === long)
    .map(({ attributes }) => String(attributes.name));
  const theirs = await inScratch([], async (session) => {
    await session.run(`
      create table u (id integer primary key);
      create table ${long} (
        a_long_column_name_too integer check (true and a_long_column_name_too > 0) unique, b integer check (b > 0),
        ${wide} integer unique, c text, u_id integer references u on delete cascade,
        unique (a_long_column_name_too, b, ${wide}));
      create index on ${long} (a_long_column_name_too);
      create index on ${long} (b);
      create index on ${long} using hash (b);
      create index on ${long} (b) include (c);
      create index on ${long} (lower(c), upper(c), (b + 1), (b + 2));
      create index on ${long} (pg_catalog.lower(c), lower(c));
      create index on ${long} (a_long_column_name_too, b, ${wide}, c);`);
    const rows = await session.query<{ name: string }>(`
      select conname as name from pg_constraint where conrelid = '${long}'::regclass and contype <> 'n'
      union select i.relname from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = '${long}'::regclass`);
    return rows.map(({ name }) => name);
  });
  expect(ours.sort()).toEqual(theirs.sort());
});

test.each([
  [
    "an index",
    'indexes: [{ on: ["a"] },\n{ on: [sql`nowhere(a)`] }]',
    7,
    1,
    "function nowhere(integer) does not exist",
  ],
  ["a check", "checks: { fine: sql`a > 0`,\n  bad: sql`missing > 0` }", 7, 3, 'column "missing" does not exist'],
  ["a policy", "policies: {\n bad: { using: sql`a = 'x'::nowhere` } }", 7, 2, 'type "nowhere" does not exist'],
])("what PostgreSQL refuses of %s is reported where it is written", async (_, more, line, column, why) => {
  const domain = await compileText(`export const t = table("t", {
  columns: {
    "😀": integer({ nullable: true, check: { "😀 ok": sql\`true\` } }), a: integer({ default: 1 }),
  },
${more}
});`);
  const refused = inScratch([], (session) => domainSource(domain).build(session, new Set()));
  await expect(refused).rejects.toMatchObject({
    code: "definition-refused",
    at: { line, column: column },
    why: expect.stringContaining(why),
  });
});

test("an extension that the shadow lacks is reported where it is asked for", async () => {
  const source = domainSource(await compileText(`export const vectors = extension("vectr");`));
  const shadow = await openShadow(undefined);
  await expect(resolve(source, shadow).finally(() => shadow.close())).rejects.toMatchObject({
    code: "extension-missing-on-shadow",
    at: { line: 2, column: 14 },
  });
});

test("what PostgreSQL refuses of a column's type or default is reported at the column", async () => {
  const refusedAt = async (column: string) => {
    const domain = await compileText(`export const t = table("t", {
  columns: {
    "😀": integer({ default: 1, nullable: true }),
    ${column},
  },
});`);
    const error = await inScratch([], (session) => domainSource(domain).build(session, new Set())).catch((e) => e);
    return [error.code, error.at?.line, error.at?.column];
  };
  expect(await refusedAt('bad: column("nowhere")')).toEqual(["definition-refused", 5, 5]);
  expect(await refusedAt("bad: integer({ default: sql`nowhere()` })")).toEqual(["definition-refused", 5, 5]);
});

test.each(["pixcrawler", "photo-identifier", "ai-validation", "fitness"])(
  "the scripts of %s build an empty database, and every declared fact is there",
  async (name) => {
    const source = await definitionsSource(`definitions/${name}`);
    const facts = await inScratch(source.extensions, async (session) => {
      await source.build(session, new Set());
      return readCatalog(session);
    });
    expect([...source.positions.keys()].filter((id) => !facts.has(id))).toEqual([]);
  },
);

describe("a function's body", () => {
  test("that mentions what does not exist is refused at its definition, with the line", async () => {
    const text = `
export const a = fn("a", { returns: integer(), language: "sql", body: sql\`
  select 1
  from nowhere\` });`;
    await expect(build(text, shadow)).rejects.toMatchObject({
      code: "definition-refused",
      at: { line: 3, column: 14 },
      why: 'relation "nowhere" does not exist (SQLSTATE 42P01), at: from nowhere',
    });
  });

  test("that PL/pgSQL cannot read is refused, too", async () => {
    const text = `export const a = fn("a", { returns: "trigger", body: sql\`begn return new; end\` });`;
    await expect(build(text, shadow)).rejects.toMatchObject({
      code: "definition-refused",
      at: { line: 2, column: 14 },
    });
  });

  test("may mention what the scripts make later, and what its own settings and the domain's schema let it find", async () => {
    const { facts } = await build(
      `export const s = schema("s");
export const a = fn("a", { returns: integer(), language: "sql", set: { search_path: "s" }, body: sql\`select 1 from t\` });
export const b = fn("b", { returns: integer(), language: "sql", body: sql\`select 1 from u where a() > 0\`, dependsOn: [a] });
export const t = table("t", { schema: s, columns: { id: integer() } });
export const u = table("u", { columns: { id: integer(), b: integer({ default: sql\`\${b}()\` }) } });`,
      shadow,
    );
    expect([...facts.keys()]).toEqual(expect.arrayContaining(["function public.a()", "function public.b()"]));
  });
});
