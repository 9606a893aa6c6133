import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newProject, type Project } from "./project.ts";

const SHOP = `import { bigint, table, text } from "verso";
export const users = table("users", { columns: { id: bigint({ primaryKey: true }), name: text(), nick: text({ nullable: true }) } });
`;
const QUERIES = `-- name: everybody :many
select id, name from users;

-- name: nicknames :many
select id,
  nick from users where nick is not null;

-- name: renamed :exec
update users set name = :name where nick = :nick;
`;

let project: Project;
beforeAll(async () => {
  project = await newProject();
  await project.write("package.json", `{ "type": "module" }`);
  await project.write(
    "definitions/shop/domain.ts",
    `import { domain } from "verso";\nexport default domain({ name: "shop" });\n`,
  );
  await project.write("definitions/shop/shop.ts", SHOP);
  await project.write("definitions/shop/queries/users.sql", QUERIES);
});
afterAll(() => project.close());

describe("verso check --queries", () => {
  test("asks the shadow about every query, and writes nothing", async () => {
    const before = await project.files();
    const { code, out, err } = await project.verso("check", "--queries", "--json");
    expect({ code, out: JSON.parse(out), err }).toEqual({ code: 0, out: { judged: 3, refused: [] }, err: "" });
    expect(await project.files()).toEqual(before);
  });

  test("tells of each query that no longer fits where it is, and exits with 1", async () => {
    await project.write("definitions/shop/shop.ts", SHOP.replace("nick:", "alias:"));
    const { code, out, err } = await project.verso("check", "--queries");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.match(/^ {2}at +(.*)$/gm)).toEqual([
      "  at   definitions/shop/queries/users.sql:6:3",
      "  at   definitions/shop/queries/users.sql:9:37",
    ]);
    expect(err).toContain('why  column "nick" does not exist (SQLSTATE 42703)');
    expect(err).toContain("2 of 3 queries no longer fit\n");
    await project.write("definitions/shop/shop.ts", SHOP);
  });

  test("needs no target, and takes none", async () => {
    const { code, err } = await project.verso("check", "--queries", "--target", "pglite:./here");
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("queries and target") });
  });
});

describe("a folder of queries that cannot be read", () => {
  test("is told, not taken for none", async () => {
    const folder = join(project.folder, "definitions/shop/queries");
    await rm(folder, { recursive: true });
    await project.write("definitions/shop/queries", "a file where the folder was");
    for (const command of [["check", "--queries"], ["compile"]]) {
      const { code, err } = await project.verso(...command);
      expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("ENOTDIR") });
    }
  });
});
