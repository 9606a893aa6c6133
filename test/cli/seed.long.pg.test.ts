import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase, NEWEST, type TestDatabase } from "../servers.ts";
import { newProject, type Project } from "./project.ts";

const seeds = (rows: string) => `import { seed } from "verso";
import { lands } from "../tables";
export const all = seed(lands, { environments: ["reference"], key: ["code"], rows: { ${rows} } });
`;

let project: Project;
let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase(NEWEST);
  project = await newProject({ DATABASE_URL: database.url });
  await project.write("package.json", `{ "type": "module" }`);
  await project.write(
    "definitions/shop/tables.ts",
    `import { char, domain, references, table, text, uuid, sql } from "verso";
export default domain({ name: "shop" });
export const lands = table("lands", { columns: { code: char(2, { primaryKey: true }), name: text() } });
export const visits = table("visits", { columns: { id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }), land: references(() => lands, { onDelete: "restrict" }) } });
`,
  );
  await project.write("definitions/shop/domain.ts", `export { default } from "./tables";\n`);
  await project.write(
    "definitions/shop/seeds/lands.ts",
    seeds(`ch: { code: "CH", name: "Switzerland" }, at: { code: "AT", name: "Austria" }`),
  );
});
afterAll(() => Promise.all([project.close(), database.close()]));

test("verso seed wants what was reviewed, tells what it did, removes with consent, and generates", {
  timeout: 300_000,
}, async () => {
  const stale = await project.verso("seed");
  expect(stale).toMatchObject({ code: 1, out: "" });
  expect(stale.err).toContain("error[seeds-stale]");
  expect((await project.verso("compile")).code).toBe(0);
  expect((await project.verso("seed")).err).toMatch(/seed-table-missing[\s\S]*lands\.ts:3[\s\S]*`verso apply`/);
  expect((await project.verso("plan", "initial")).code).toBe(0);
  expect((await project.verso("apply")).code).toBe(0);

  const json = async (...args: readonly string[]) => JSON.parse((await project.verso("seed", ...args, "--json")).out);
  expect(await json("--dry-run")).toMatchObject({ isDryRun: true, tables: [{ table: "public.lands", inserted: 2 }] });
  expect((await project.verso("seed")).err).toContain("2 rows written");
  expect((await project.verso("seed")).err).toContain("0 rows written, 2 as declared already");

  // Reference data is as declared: what is generated refers to it.
  expect(await json("--generate", "500", "--seed", "3")).toMatchObject({
    generated: [{ table: "public.visits", rows: 500, why: null }],
  });

  await project.write("definitions/shop/seeds/lands.ts", seeds(`ch: { code: "CH", name: "Schweiz" }`));
  await project.verso("compile");
  expect(await json("--accept-data-loss")).toMatchObject({
    tables: [{ updated: 1, removed: 0 }],
    kept: [{ row: "at", why: expect.stringMatching(/rows of visits refer to it/) }],
  });
  expect((await project.verso("seed", "--env", "dmo")).err).toContain("seed-environment-unknown");
});
