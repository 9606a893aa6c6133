import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";
import { median, row } from "./timing.ts";

// `npm run bench`: what compiling costs, beside what PostgreSQL itself needs to run the scripts that come out.

const TABLES = 1000;
const PER_FILE = 10;

function file(number: number): string {
  const tables = Array.from({ length: PER_FILE }, (_, i) => {
    const name = `t${number * PER_FILE + i}`;
    return `/** Table ${name}. */
export const ${name} = table("${name}", {
  columns: {
    id: bigint({ primaryKey: true, identity: "always" }),
${Array.from({ length: 8 }, (_, c) => `    /** Column ${c}. */\n    c${c}: text({ nullable: true }),`).join("\n")}
    ${i === 0 ? "amount: integer({ default: 0 })" : `parent: references(() => t${number * PER_FILE}, { onDelete: "cascade" })`},
  },
  indexes: [{ on: ["c0"] }, { on: ["c1", "c2"] }],
});`;
  });
  return `import { bigint, integer, references, table, text } from "verso";\nvoid integer; void references;\n${tables.join("\n")}\n`;
}

const folder = await mkdtemp(join(tmpdir(), "verso-bench-"));
const definitions = join(folder, "definitions", "big");
await mkdir(definitions, { recursive: true });
await writeFile(
  join(definitions, "domain.ts"),
  'import { domain } from "verso";\nexport default domain({ name: "big" });\n',
);
for (let n = 0; n < TABLES / PER_FILE; n++) await writeFile(join(definitions, `f${n}.ts`), file(n));

const domains = ["ai-validation", "fitness", "photo-identifier", "pixcrawler", "pupmatch"];
const five = async () => {
  for (const name of domains) await compileDomain(join("definitions", name));
};
await five();
row("the five domains, warm", await median(5, five));

row(
  `${TABLES} tables in ${TABLES / PER_FILE} files, cold`,
  await median(1, async () => void (await compileDomain(definitions))),
);
const warm = await median(3, async () => void (await compileDomain(definitions)));
const { scripts } = await compileDomain(definitions);
const shadow = await openShadow("binary:18");
const load = await median(3, async () => {
  const session = await shadow.scratch();
  for (const { text } of scripts) await session.run(text);
  await session.close();
});
row(`${TABLES} tables, warm`, warm, `${(warm / load).toFixed(2)} of what PostgreSQL 18 needs to run them`);
row("PostgreSQL 18 runs the scripts", load);
await shadow.close();
await rm(folder, { recursive: true });
