import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openServerSession } from "../../compiler/session/server.ts";
import { newProject, type Project } from "../cli/project.ts";
import { freshDatabase, type TestDatabase } from "../servers.ts";

// Processes, each with an engine of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

let project: Project;
let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase(15);
  project = await newProject();
});
afterAll(async () => {
  await project.close();
  await database.close();
});

async function sql(text: string): Promise<void> {
  const session = await openServerSession(database.url);
  await session.run(text).finally(() => session.close());
}

test("verso pull makes a domain of a live database, and brings it up to date later", async () => {
  await sql(`
    create type mood as enum ('calm', 'wild');
    create table dogs (id int primary key, name text not null, mood mood not null default 'calm');
    comment on table dogs is 'Those who bark.';
    create view calm as select id, name from dogs where mood = 'calm';
  `);
  const first = await project.verso("pull", "--from", database.url, "--domain", "shop");
  expect(first).toMatchObject({
    code: 0,
    out: "definitions/shop/dogs.ts\ndefinitions/shop/domain.ts\ndefinitions/shop/enums.ts\ndefinitions/shop/views.ts\n",
    err: expect.stringMatching(/^definitions\/shop compiles to postgres:\/\/.*, by PostgreSQL 18\.\d+ \(embedded\)\n$/),
  });
  expect(await project.verso("diff", "--from", database.url, "--to", "definitions/shop", "--exit-code")).toMatchObject({
    code: 0,
    err: expect.stringContaining("no difference"),
  });

  await sql("alter table dogs add column born date");
  const { code, out } = await project.verso("pull", "--from", database.url, "--json");
  expect([code, JSON.parse(out)]).toMatchObject([
    0,
    { domain: "shop", written: ["definitions/shop/dogs.ts"], differences: [] },
  ]);
  expect(await project.read("definitions/shop/dogs.ts")).toContain("    born: date({ nullable: true }),\n");
  const again = await project.verso("pull", "--from", database.url);
  expect([again.code, again.out]).toEqual([0, ""]);
  expect(again.err).toContain("already");
});

test("verso pull asks for a domain's name where there is none to choose, and touches no folder of another sort", async () => {
  const empty = await newProject();
  try {
    expect((await empty.verso("pull", "--from", database.url)).err).toContain("error[domain-not-chosen]");
    await empty.write("src/index.ts", "export const x = 1;\n");
    const refused = await empty.verso("pull", "--from", database.url, "--out", "src");
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("error[not-a-domain]")]);
    expect(Object.keys(await empty.files())).toHaveLength(1);
  } finally {
    await empty.close();
  }
});
