import { afterAll, beforeAll, expect, test } from "vitest";
import { newProject, type Project } from "./project.ts";

const users = (columns: string) => `import { bigint, table, text } from "verso";
export const users = table("users", { columns: { id: bigint({ primaryKey: true }), ${columns} } });
`;

const FIRST = "sql/shop/migrations/0001_initial";
const SECOND = "sql/shop/migrations/0002_no_nick";

let project: Project;
beforeAll(async () => {
  project = await newProject();
  await project.write("package.json", `{ "type": "module" }`);
  await project.write(
    "definitions/shop/domain.ts",
    `import { domain } from "verso";\nexport default domain({ name: "shop" });\n`,
  );
  await project.write("definitions/shop/users.ts", users("name: text(), nick: text({ nullable: true })"));
  await project.write("definitions/shop/queries/users.sql", "-- name: everybody :many\nselect id, name from users;\n");
});
afterAll(() => project.close());

test("a plan is judged by the queries of the release before it, which compile keeps up until definitions go on", {
  timeout: 300_000,
}, async () => {
  expect((await project.verso("plan", "initial", "--json")).code).toBe(0);
  expect(await project.read(`${FIRST}/review.md`)).not.toContain("## Releases");

  // The next release has another query, for the same schema.
  await project.write("definitions/shop/queries/users.sql", "-- name: nicknames :many\nselect nick from users;\n");
  expect((await project.verso("compile", "--check")).out).toContain(`${FIRST}/queries.json`);
  expect((await project.verso("compile")).code).toBe(0);
  const kept = await project.read(`${FIRST}/queries.json`);
  expect(JSON.parse(kept)).toMatchObject({ queries: [{ name: "nicknames", sql: "select nick from users" }] });

  // And the one after it another schema.
  await project.write("definitions/shop/users.ts", users("name: text()"));
  await project.write("definitions/shop/queries/users.sql", "-- name: names :many\nselect name from users;\n");
  expect((await project.verso("compile")).code).toBe(0);
  expect(await project.read(`${FIRST}/queries.json`)).toBe(kept);
  const { code, err } = await project.verso("plan", "no_nick", "--accept-data-loss");
  expect({ code, err }).toMatchObject({
    code: 0,
    err: expect.stringContaining("deploying: code first: deploy the next release, then apply it\n"),
  });
  expect(JSON.parse(await project.read(`${SECOND}/proof.json`))).toMatchObject({
    releases: { forward: { order: "code first" }, rollback: { order: "schema first" }, knowsPreviousQueries: true },
  });
  const review = await project.read(`${SECOND}/review.md`);
  expect(review).toContain("`nicknames` (definitions/shop/queries/users.sql:1:1)");

  // Proved again, it says the same.
  expect((await project.verso("prove", "0002")).code).toBe(0);
  expect(await project.read(`${SECOND}/review.md`)).toBe(review);
});
