import { mkdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Argv } from "yargs";
import { Diagnostic } from "../compiler/diagnostic.ts";
import { examples } from "./options.ts";
import { DEFINITIONS } from "./project.ts";
import { print, printJson, tell } from "./terminal.ts";

export const builder = (args: Argv) =>
  args
    .option("name", { type: "string", describe: "the first domain's name; asked for on a terminal" })
    .option("yes", { alias: "y", type: "boolean", describe: "take the folder's name without asking" })
    .epilogue(examples(["a first domain in definitions/shop/", "verso init --name shop"]));

/** `verso init`: a first domain with one table, ready to compile. Touches no file that is there already. */
export async function run(args: { name?: string; yes?: boolean; json?: boolean }): Promise<number> {
  const name = args.name ?? (await askName(args.yes === true || args.json === true));
  if (!/^[a-z][a-z0-9_-]*$/.test(name)) {
    throw new Diagnostic({
      code: "domain-name",
      what: `${JSON.stringify(name)} cannot name a domain`,
      next: "use lower-case letters, digits, hyphens and underscores: `verso init --name shop`",
    });
  }
  const written: string[] = [];
  for (const [file, text] of Object.entries(filesOf(name))) {
    const exists = await stat(file).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    written.push(file);
  }
  if (args.json) printJson({ domain: name, written });
  else {
    for (const file of written) print(file);
    tell(
      written.length === 0
        ? "everything is here already"
        : `edit ${join(DEFINITIONS, name)}/, then \`npx verso compile\` and \`npx verso plan initial\``,
    );
  }
  return 0;
}

async function askName(isSilent: boolean): Promise<string> {
  const proposed = basename(process.cwd())
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "_")
    .replace(/^[^a-z]+/, "");
  const fallback = proposed === "" ? "app" : proposed;
  if (isSilent || !process.stdin.isTTY || !process.stdout.isTTY) return fallback;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`Name of the first domain (${fallback}): `)).trim() || fallback;
  } finally {
    terminal.close();
  }
}

const filesOf = (name: string): Readonly<Record<string, string>> => ({
  [join(DEFINITIONS, name, "domain.ts")]: `import { domain } from "verso";

export default domain({ name: "${name}" });
`,
  [join(DEFINITIONS, name, "shared.ts")]: `import { fn, sql, timestamptz } from "verso";

/** Keeps \`updated_at\` at the time of the last change. */
export const setUpdatedAt = fn("set_updated_at", {
  returns: "trigger",
  body: sql\`begin new.updated_at := now(); return new; end\`,
});

/** When a row was made and last changed; spread it into a table's columns. */
export const timestamps = {
  created_at: timestamptz({ default: sql\`now()\` }),
  updated_at: timestamptz({ default: sql\`now()\` }),
};

/** Spread it into the triggers of a table that has the columns above. */
export const touched = { set_updated_at: { before: ["update"], execute: setUpdatedAt } } as const;
`,
  [join(DEFINITIONS, name, "users.ts")]: `import { sql, table, uuid, varchar } from "verso";
import { timestamps, touched } from "./shared.ts";

/** Everybody who may log in. */
export const users = table("users", {
  columns: {
    id: uuid({ primaryKey: true, default: sql\`gen_random_uuid()\` }),
    /** Lower case. */
    email: varchar(255, { unique: true }),
    ...timestamps,
  },
  checks: { users_email_is_lower_case: sql\`email = lower(email)\` },
  triggers: { ...touched },
});
`,
});
