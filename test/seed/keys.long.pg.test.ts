import { expect, test } from "vitest";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { build, domainOf, seedAll, written } from "./fixtures.ts";

const TABLES = `
import { domain, references, table, text } from "verso";
export default domain({ name: "shop" });
export const countries = table("countries", { columns: { code: text({ primaryKey: true }), name: text({ unique: true }) } });
export const towns = table("towns", { columns: { name: text({ primaryKey: true }), country: references<string>("countries.name", { onDelete: "cascade", onUpdate: "cascade" }) } });
`;
const seeds = (rows: string, towns = "") => `
import { seed, row } from "verso";
import { countries, towns } from "../tables";
export const lands = seed(countries, { environments: ["reference"], key: ["code"], rows: { ${rows} } });
${towns === "" ? "" : `export const places = seed(towns, { environments: ["reference"], key: ["name"], rows: { ${towns} } });`}
`;
const domainWith = (rows: string, towns = "") =>
  domainOf({ "tables.ts": TABLES, "seeds/lands.ts": seeds(rows, towns) });

test("a new key that somebody's own row has makes that row nobody else's; the seed's own goes with consent", async () => {
  const session = await openEmbeddedSession();
  const domain = await domainWith(`de: { code: "DE", name: "Germany" }`);
  await build(session, domain);
  await seedAll(session, domain);
  await session.run(
    "insert into countries values ('D1', 'Own'); update countries set name = 'Germania' where code = 'DE'",
  );
  const changed = await domainWith(`de: { code: "D1", name: "Germany" }`);
  for (const times of [1, 2]) {
    const { kept } = await seedAll(session, changed);
    expect(kept, `time ${times}`).toMatchObject([{ row: "de", key: { code: "DE" }, wantsConsent: true }]);
  }
  expect(written(await seedAll(session, changed, { acceptDataLoss: true }))).toMatchObject({ removed: 1 });
  await seedAll(session, changed);
  const none = await seedAll(session, await domainWith(""), { acceptDataLoss: true });
  expect(none.kept).toEqual([]);
  expect(await session.query("select code, name from countries")).toEqual([{ code: "D1", name: "Germany" }]);
  await session.close();
});

test("keys that move on by one leave no row out, and another key of a seed takes none for gone", async () => {
  const session = await openEmbeddedSession();
  const rows = () => session.query("select code || ' ' || name as row from countries order by code");
  const domain = await domainWith(
    `a: { code: "1", name: "A" }, b: { code: "2", name: "B" }, c: { code: "3", name: "C" }`,
  );
  await build(session, domain);
  await session.run("alter table countries drop constraint countries_name_key cascade");
  await seedAll(session, domain);
  const moved = `n: { code: "1", name: "N" }, a: { code: "2", name: "A" }, b: { code: "3", name: "B" }, c: { code: "4", name: "C" }`;
  const { kept } = await seedAll(session, await domainWith(moved), { acceptDataLoss: true });
  expect(kept).toEqual([]);
  const expected = [{ row: "1 N" }, { row: "2 A" }, { row: "3 B" }, { row: "4 C" }];
  expect(await rows()).toEqual(expected);

  const byName = await domainOf({
    "tables.ts": TABLES,
    "seeds/lands.ts": seeds(moved.replace("n:", "first:")).replace('["code"]', '["name"]'),
  });
  expect(written(await seedAll(session, byName, { acceptDataLoss: true }))).toMatchObject({ unchanged: 4, removed: 0 });
  expect(await rows()).toEqual(expected);
  // What got another name at the same time as well is the seeds' own still.
  await seedAll(session, await domainWith(""), { acceptDataLoss: true });
  expect(await rows()).toEqual([]);
  await session.close();
});

test("a row that is renamed and found by other columns at once is still the seed's own, and goes with consent", async () => {
  const session = await openEmbeddedSession();
  const domain = await domainWith(`de: { code: "DE", name: "Germany" }`);
  await build(session, domain);
  await seedAll(session, domain);
  const files = { "tables.ts": TABLES, "seeds/lands.ts": seeds(`land: { code: "DE", name: "Germany" }`) };
  const other = { ...files, "seeds/lands.ts": files["seeds/lands.ts"].replace('key: ["code"]', 'key: ["name"]') };
  expect(await seedAll(session, await domainOf(other))).toMatchObject({ kept: [], tables: [{ unchanged: 1 }] });
  expect((await seedAll(session, await domainWith(""))).kept).toMatchObject([{ row: "land", wantsConsent: true }]);
  expect(written(await seedAll(session, await domainWith(""), { acceptDataLoss: true })).removed).toBe(1);
  await session.close();
});

test("rows refer to what others are after the run", async () => {
  const session = await openEmbeddedSession();
  const lands = (name: string) =>
    domainWith(`de: { code: "DE", name: "${name}" }`, `bonn: { name: "Bonn", country: lands.rows.de.name }`);
  const domain = await lands("Germany");
  await build(session, domain);
  await seedAll(session, domain);
  await seedAll(session, await lands("Deutschland"));
  expect(await session.query("select country from towns")).toEqual([{ country: "Deutschland" }]);
  await session.close();
});

test("a row of another partition that refers to a seeded one keeps it there", async () => {
  const session = await openEmbeddedSession();
  const domain = (rows: string) =>
    domainOf({
      "tables.ts": `
import { domain, integer, table, text } from "verso";
export default domain({ name: "shop" });
export const folders = table("folders", { columns: { part: integer(), name: text(), in_part: integer({ nullable: true }), in_name: text({ nullable: true }) }, primaryKey: ["part", "name"] });
`,
      "seeds/f.ts": `
import { seed } from "verso";
import { folders } from "../tables";
export const all = seed(folders, { environments: ["reference"], key: ["part", "name"], rows: { ${rows} } });
`,
    });
  await session.run(`create table folders (part int, name text, in_part int, in_name text, primary key (part, name),
    foreign key (in_part, in_name) references folders on delete cascade) partition by list (part);
    create table one partition of folders for values in (1); create table two partition of folders for values in (2)`);
  await seedAll(session, await domain(`top: { part: 1, name: "top" }`));
  await session.run("insert into folders values (2, 'mine', 1, 'top')");
  await seedAll(session, await domain(""), { acceptDataLoss: true });
  expect(await session.query("select name from folders order by 1")).toEqual([{ name: "mine" }, { name: "top" }]);
  await session.close();
});

test("numbers that rows are given are not given out again", async () => {
  const session = await openEmbeddedSession();
  const domain = await domainOf({
    "tables.ts": `
import { domain, integer, table, text } from "verso";
export default domain({ name: "shop" });
export const tickets = table("tickets", { columns: { id: integer({ primaryKey: true, identity: "by default" }), title: text({ unique: true }) } });
`,
    "seeds/tickets.ts": `
import { seed } from "verso";
import { tickets } from "../tables";
export const all = seed(tickets, { environments: ["reference"], key: ["title"], rows: { a: { id: 1, title: "A" }, b: { id: 7, title: "B" } } });
`,
  });
  await build(session, domain);
  const next = () => session.query("insert into tickets (title) values (gen_random_uuid()::text) returning id");
  await seedAll(session, domain, { dryRun: true });
  expect(await next()).toEqual([{ id: 1 }]);
  await session.run("truncate tickets restart identity");
  await seedAll(session, domain);
  expect(await next()).toEqual([{ id: 8 }]);
  await session.run("delete from tickets where title = 'A'");
  await seedAll(session, domain);
  expect(await next()).toEqual([{ id: 9 }]);
  await session.close();
});
