import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { buildModel, type ClientModel } from "../../compiler/generate/model.ts";
import { insertType, publicType, updateType } from "../../compiler/generate/tableFile.ts";

const DOMAINS = ["ai-validation", "fitness", "photo-identifier", "pixcrawler", "pupmatch"];
const run = promisify(execFile);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(os.tmpdir(), "verso-types-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What `tsc` finds wrong in a project of these files, under the strictest settings. */
async function typeCheck(files: Readonly<Record<string, string>>, more: object = {}): Promise<string> {
  const compilerOptions = {
    target: "ES2023",
    module: "esnext",
    moduleResolution: "bundler",
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipLibCheck: false,
    types: [],
    paths: { verso: [resolve("compiler/index.ts")], "verso/client": [resolve("compiler/client/index.ts")] },
    ...more,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions, files: Object.keys(files).map((name) => join(folder, name)) }),
  );
  const result = await run("node_modules/.bin/tsc", ["-p", folder, "--pretty", "false"]).catch((error) => error);
  return String(result.stdout);
}

const EQUAL = `type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Differing<A, B> = { [K in keyof A | keyof B]: K extends keyof A & keyof B ? Equal<A[K], B[K]> extends true ? never : K : K }[keyof A | keyof B];
declare function expectSame<D extends never>(): D;
`;

function assertions(model: ClientModel, at: Awaited<ReturnType<typeof compileDomain>>): string {
  const lines = model.tables.map((table, i) => {
    const place = at.exported.get(table.id);
    if (place === undefined) throw new Error(`${table.path} is exported nowhere`);
    const generated = resolve("generated", model.domain, `${table.file}.ts`);
    return `import type { ${place.trail[0]} as d${i} } from ${JSON.stringify(place.file)};
import type G${i} from ${JSON.stringify(generated)};
import type { ${insertType(table)}, ${updateType(table)}, ${publicType(table)} } from ${JSON.stringify(generated)};
expectSame<Differing<RowOf<typeof d${i}>, G${i}>>();
expectSame<Differing<InsertOf<typeof d${i}>, ${insertType(table)}>>();
expectSame<Differing<UpdateOf<typeof d${i}>, ${updateType(table)}>>();
expectSame<Differing<PublicRowOf<typeof d${i}>, ${publicType(table)}>>();`;
  });
  return `import type { InsertOf, PublicRowOf, RowOf, UpdateOf } from "verso";\n${EQUAL}${lines.join("\n")}\n`;
}

test("the types of the definitions and the generated ones are equal, save where a foreign key of several columns tells more", async () => {
  const files: Record<string, string> = {};
  const foreign: string[] = [];
  for (const name of DOMAINS) {
    const domain = await compileDomain(join("definitions", name));
    const model = await buildModel(domain);
    files[`${name}.mts`] = assertions(model, domain);
    // TypeScript does not see what `foreignKeys` of a table says of a plain column.
    for (const table of model.tables) {
      for (const column of table.columns) {
        const alone = table.foreignKeys.some(({ columns }) => columns.join() === column.name);
        const together = table.foreignKeys.some(({ columns }) => columns.length > 1 && columns.includes(column.name));
        if (together && !alone) foreign.push(`"${column.name}"`);
      }
    }
  }
  // As this repository's own sources are read.
  const own = {
    module: "nodenext",
    moduleResolution: "nodenext",
    types: ["node"],
    typeRoots: [resolve("node_modules/@types")],
    skipLibCheck: true,
  };
  const output = await typeCheck(files, own);
  const differing = [...output.matchAll(/Type '([^']*)' does not satisfy the constraint 'never'/g)].map(
    ([, key]) => key,
  );
  expect(output.split("\n").filter((line) => line.includes("error") && !line.includes("constraint 'never'"))).toEqual(
    [],
  );
  expect(new Set(differing)).toEqual(new Set(foreign));
});

describe("a consumer of the generated types", () => {
  const fitness = (file: string) => JSON.stringify(relative(folder, resolve("generated/fitness", `${file}.ts`)));
  const consumer = () => `
import type DatabaseSchema from ${fitness("index")};
import { type GoalStatus, GoalStatus_Labels, serializeValue, type UserGoals, type Users } from ${fitness("index")};
import type ProgressPhotos from ${fitness("progress_photos")};
import type { Users_InsertParameters, Users_Public, Users_UpdateParameters } from ${fitness("users")};

declare const user: Users;
declare const photo: ProgressPhotos;
declare function ofUser(id: Users["id"]): void;
ofUser(user.id);
ofUser(photo.user_id);
ofUser("00000000-0000-0000-0000-000000000000");
// @ts-expect-error a photo's id is no user's
ofUser(photo.id);

const status: GoalStatus = GoalStatus_Labels[0];
// @ts-expect-error no such label
const wrong: GoalStatus = "done";

declare const shown: Users_Public;
// @ts-expect-error a secret
shown.password_hash;

const units: "metric" | "imperial" | undefined = user.preferences.units;
// @ts-expect-error not what the definition says preferences are
user.preferences.colour;

export const insert: Users_InsertParameters = { email: "a@b", username: "abc", password_hash: "", full_name: "A" };
// @ts-expect-error without what has no default
export const short: Users_InsertParameters = { email: "a@b" };
export const change: Users_UpdateParameters = { full_name: "B" };
declare const goal: UserGoals;
// @ts-expect-error what PostgreSQL computes
export const computed: DatabaseSchema["user_goals"]["insert"] = { ...goal, progress_percent: "1" };
export default { status, wrong, units, record: null as DatabaseSchema["users"]["record"] | null, serializeValue };
`;

  test("is checked by TypeScript as bundlers resolve modules", async () => {
    expect(await typeCheck({ "consumer.ts": consumer() })).toBe("");
  });

  test("is checked by TypeScript as Node resolves modules", async () => {
    expect(await typeCheck({ "consumer.mts": consumer() }, { module: "nodenext", moduleResolution: "nodenext" })).toBe(
      "",
    );
  });
});
