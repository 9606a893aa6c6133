import { expect, test } from "vitest";
import { generateRows } from "../../compiler/seed/generateRows.ts";
import { seedDatabase } from "../../compiler/seed/seedDatabase.ts";
import { parseSeedFile } from "../../compiler/seed/seedFile.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { NEWEST, ownDatabase } from "../servers.ts";

const FILE = parseSeedFile(
  `{ "searchPath": ["app"], "seeds": [{ "schema": "app", "table": "notes", "key": ["name"], "rows": { "a": { "name": "a", "size": 1 } } }] }`,
  "reference",
  "reference.json",
);

test("policies hold for seeds as for others: the owner passes, and whom they would hide rows from is told", async () => {
  const database = await ownDatabase(NEWEST);
  const admin = await openServerSession(database.url);
  await admin.run(`
    create role owner_of_notes login password 'pw';
    create schema app authorization owner_of_notes;
    do $$ begin execute format('grant create on database %I to owner_of_notes', current_database()); end $$;
    set role owner_of_notes;
    create table app.notes (name text primary key, size int);
    alter table app.notes enable row level security;
    create policy big on app.notes using (size > 5);
    reset role`);
  const session = await openServerSession(database.url.replace(/\/\/[^@]*@/, "//owner_of_notes:pw@"));
  const seedIt = () => seedDatabase(session, { domain: "app", files: [FILE] });
  const generateIt = () =>
    generateRows(
      session,
      { tables: [{ schema: "app", name: "notes" }], rules: [], given: [], searchPath: ["app"] },
      { rows: 5 },
    );
  expect(await seedIt()).toMatchObject({ tables: [{ inserted: 1 }] });
  expect(await seedIt()).toMatchObject({ tables: [{ inserted: 0, unchanged: 1 }] });
  expect(await generateIt()).toMatchObject([{ rows: 5, why: null }]);
  await admin.run("alter table app.notes force row level security");
  await expect(seedIt()).rejects.toMatchObject({ code: "seed-refused", next: expect.stringContaining("BYPASSRLS") });
  await expect(generateIt()).rejects.toMatchObject({
    code: "generate-refused",
    next: expect.stringContaining("BYPASSRLS"),
  });
  expect(await admin.query("select count(*)::int as n from app.notes")).toEqual([{ n: 6 }]);
  await session.close();
  await admin.close();
  await database.close();
});
