import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { renderClient } from "../../compiler/generate/renderClient.ts";

// What an editor waits for: TypeScript's work on a domain of many tables and the files that use it, beside Drizzle's and
// Kysely's for the same tables and the same uses. The work that the same files are without a use is told too, so that what a
// use costs can be seen.

const TABLES = 300;
const PER_GROUP = 10;
const USED = 60;
const RUNS = 3;

const run = promisify(execFile);
const all = Array.from({ length: TABLES }, (_, i) => i);
/** In each group the first table is the others' parent. */
const parentOf = (i: number): number | null => (i % PER_GROUP === 0 ? null : i - (i % PER_GROUP));
const used = all.filter((i) => parentOf(i) !== null).slice(0, USED);
const COLUMNS = Array.from({ length: 8 }, (_, c) => `c${c}`);

const folder = await mkdtemp(join(tmpdir(), "verso-editor-"));
const put = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
};
await symlink(resolve("node_modules"), join(folder, "node_modules"));
await put("package.json", '{ "type": "module", "dependencies": { "kysely": "*" } }');

// Verso.
const definition = all.map((i) => {
  const parent = parentOf(i);
  const columns = COLUMNS.map((name) => `${name}: text({ nullable: true })`).join(", ");
  const last = parent === null ? "" : `, parent_id: references(() => t${parent}, { onDelete: "cascade" })`;
  return `export const t${i} = table("t${i}", { columns: { id: bigint({ primaryKey: true, identity: "always" }), ${columns}, status: enumerated()${last} } });`;
});
await put("definitions/big/domain.ts", 'import { domain } from "verso";\nexport default domain({ name: "big" });\n');
await put(
  "definitions/big/tables.ts",
  `import { bigint, enumType, references, table, text } from "verso";\nexport const enumerated = enumType("status", ["open", "done"]);\n${definition.join("\n")}\n`,
);
for (const { file, text } of await renderClient(await compileDomain(join(folder, "definitions/big")))) {
  await put(`verso/generated/${file}`, text);
}
await put("verso/empty.ts", 'import * as big from "./generated/client.js";\nexport { big };\n');
await put(
  "verso/uses.ts",
  `import type { Database } from "verso/client";\nimport * as big from "./generated/client.js";\n${used
    .map(
      (i) => `export async function use${i}(db: Database): Promise<string | null | undefined> {
  const found = await big.t${i}.findById(db, 1n);
  const { rows } = await big.t${i}.listByParentId(db, 2n, { limit: 5 });
  const [nested] = (await big.t${i}.list(db, { with: { parent: { with: { t${i}: { limit: 3 } } } } })).rows;
  const made = await big.t${i}.insert(db, { c0: "a", status: "open", parent_id: 3n });
  return found?.c1 ?? rows[0]?.c2 ?? nested?.parent.t${i}[0]?.c3 ?? made.c4;
}`,
    )
    .join("\n")}\n`,
);

// Kysely, on the Database that Verso writes for it.
await put(
  "kysely/empty.ts",
  'import type { Database } from "../verso/generated/kysely.js";\nexport type { Database };\n',
);
await put(
  "kysely/uses.ts",
  `import type { Kysely } from "kysely";\nimport { jsonArrayFrom } from "kysely/helpers/postgres";\nimport type { Database } from "../verso/generated/kysely.js";\n${used
    .map(
      (i) => `export async function use${i}(db: Kysely<Database>): Promise<string | null | undefined> {
  const found = await db.selectFrom("t${i}").selectAll().where("id", "=", 1n).executeTakeFirst();
  const rows = await db.selectFrom("t${i}").selectAll().where("parent_id", "=", 2n).orderBy("id").limit(5).execute();
  const nested = await db.selectFrom("t${i}").selectAll("t${i}").select((eb) => jsonArrayFrom(
    eb.selectFrom("t${parentOf(i)}").selectAll("t${parentOf(i)}").whereRef("t${parentOf(i)}.id", "=", "t${i}.parent_id").select((inner) => jsonArrayFrom(
      inner.selectFrom("t${i} as sibling").selectAll("sibling").whereRef("sibling.parent_id", "=", "t${parentOf(i)}.id").limit(3),
    ).as("siblings")),
  ).as("parents")).limit(50).executeTakeFirst();
  const made = await db.insertInto("t${i}").values({ c0: "a", status: "open", parent_id: 3n }).returningAll().executeTakeFirstOrThrow();
  return found?.c1 ?? rows[0]?.c2 ?? nested?.parents[0]?.siblings[0]?.c3 ?? made.c4;
}`,
    )
    .join("\n")}\n`,
);

// Drizzle.
await put(
  "drizzle/schema.ts",
  `import { relations } from "drizzle-orm";\nimport { bigint, pgEnum, pgTable, text } from "drizzle-orm/pg-core";\nexport const status = pgEnum("status", ["open", "done"]);\n${all
    .map((i) => {
      const parent = parentOf(i);
      const columns = COLUMNS.map((name) => `${name}: text()`).join(", ");
      const last =
        parent === null
          ? ""
          : `, parent_id: bigint({ mode: "bigint" }).notNull().references(() => t${parent}.id, { onDelete: "cascade" })`;
      const children = parent === null ? all.slice(i + 1, i + PER_GROUP) : [];
      const related =
        parent === null
          ? `({ many }) => ({ ${children.map((child) => `t${child}: many(t${child})`).join(", ")} })`
          : `({ one }) => ({ parent: one(t${parent}, { fields: [t${i}.parent_id], references: [t${parent}.id] }) })`;
      return `export const t${i} = pgTable("t${i}", { id: bigint({ mode: "bigint" }).primaryKey().generatedAlwaysAsIdentity(), ${columns}, status: status().notNull()${last} });\nexport const t${i}_relations = relations(t${i}, ${related});`;
    })
    .join("\n")}\n`,
);
await put(
  "drizzle/empty.ts",
  'import type { NodePgDatabase } from "drizzle-orm/node-postgres";\nimport * as schema from "./schema.js";\nexport type Big = NodePgDatabase<typeof schema>;\n',
);
await put(
  "drizzle/uses.ts",
  `import { eq } from "drizzle-orm";\nimport type { NodePgDatabase } from "drizzle-orm/node-postgres";\nimport * as schema from "./schema.js";\ntype Big = NodePgDatabase<typeof schema>;\n${used
    .map(
      (i) => `export async function use${i}(db: Big): Promise<string | null | undefined> {
  const found = await db.query.t${i}.findFirst({ where: eq(schema.t${i}.id, 1n) });
  const rows = await db.select().from(schema.t${i}).where(eq(schema.t${i}.parent_id, 2n)).orderBy(schema.t${i}.id).limit(5);
  const [nested] = await db.query.t${i}.findMany({ with: { parent: { with: { t${i}: { limit: 3 } } } } });
  const [made] = await db.insert(schema.t${i}).values({ c0: "a", status: "open", parent_id: 3n }).returning();
  return found?.c1 ?? rows[0]?.c2 ?? nested?.parent.t${i}[0]?.c3 ?? made?.c4;
}`,
    )
    .join("\n")}\n`,
);

// Declarations of `verso/client`, as the package has them.
const build = {
  extends: resolve("tsconfig.json"),
  compilerOptions: {
    noEmit: false,
    emitDeclarationOnly: true,
    rootDir: resolve("."),
    outDir: join(folder, "declarations"),
  },
  include: [],
  files: [resolve("compiler/client/index.ts")],
};
await put("build/tsconfig.json", JSON.stringify(build));
await run("node_modules/.bin/tsc", ["-p", join(folder, "build")]);

interface Work {
  readonly instantiations: number;
  readonly types: number;
  readonly checkMs: number;
}

async function check(file: string): Promise<Work> {
  const compilerOptions = {
    target: "es2023",
    module: "esnext",
    moduleResolution: "bundler",
    types: [],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    paths: { "verso/client": [join(folder, "declarations/compiler/client/index.d.ts")] },
  };
  await put("tsconfig.json", JSON.stringify({ compilerOptions, files: [file] }));
  const { stdout } = await run("node_modules/.bin/tsc", ["-p", folder, "--extendedDiagnostics", "--singleThreaded"]);
  const told = (what: string): number =>
    Number.parseFloat(new RegExp(`^${what}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1] ?? "");
  return { instantiations: told("Instantiations"), types: told("Types"), checkMs: told("Check time") * 1000 };
}

console.log(
  `${TABLES} tables, ${USED} of them found, listed, loaded with relations and inserted into; TypeScript's work:`,
);
const cells = (cell: readonly (string | number)[]) =>
  cell.map((one, i) => (i === 0 ? String(one).padEnd(34) : String(one).padStart(15))).join("");
console.log(cells(["", "instantiations", "types", "check ms", "of Verso's"]));
let ours: Work | undefined;
for (const what of ["verso", "kysely", "drizzle"]) {
  const works: Record<string, Work> = {};
  for (const file of ["empty", "uses"]) {
    const runs: Work[] = [];
    for (let i = 0; i < RUNS; i++) runs.push(await check(`${what}/${file}.ts`));
    const [middle] = runs.toSorted((one, other) => one.checkMs - other.checkMs).slice(Math.floor(RUNS / 2));
    if (middle !== undefined) works[file] = middle;
  }
  ours ??= works.uses;
  for (const [file, work] of Object.entries(works)) {
    const ratio =
      file === "uses" && ours !== undefined
        ? `${(work.instantiations / ours.instantiations).toFixed(1)}× / ${(work.checkMs / ours.checkMs).toFixed(1)}×`
        : "";
    console.log(
      cells([
        `${what}, ${file === "uses" ? "used" : "imported"}`,
        work.instantiations,
        work.types,
        work.checkMs.toFixed(0),
        ratio,
      ]),
    );
  }
}
await rm(folder, { recursive: true });
