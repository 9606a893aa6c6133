import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CompiledDomain, compileDomain } from "../../compiler/compile/compileDomain.ts";
import type { Migration } from "../../compiler/migrations/migration.ts";
import { migrationsFolder, readMigrations } from "../../compiler/migrations/readMigrations.ts";
import { emptySource } from "../../compiler/resolve/source.ts";
import { roundTrip } from "../../compiler/setup/roundTrip.ts";
import { type SetUp, type StepReport, setUp } from "../../compiler/setup/setUp.ts";
import { writeBaseline } from "../../compiler/setup/writeBaseline.ts";
import { openShadow } from "../../compiler/shadow/shadow.ts";

/** A domain with something of all that a set-up looks at. */
export const SHOP = {
  "domain.ts": `import { domain } from "verso";
export default domain({ name: "shop", pool: { size: 4, overflow: 2 } });
`,
  "access.ts": `import { databaseSetting, extension, role } from "verso";
export const trgm = extension("pg_trgm");
export const crypto = extension("pgcrypto");
export const uuid = extension("uuid-ossp");
export const accents = extension("unaccent");
export const look = extension("pageinspect", { keep: true });
export const app = role("shop_app", { login: true });
export const settings = [databaseSetting("statement_timeout", "30s"), databaseSetting("work_mem", "8MB")];
`,
  "users.ts": `import { integer, table, text } from "verso";
import { app } from "./access.ts";
export const users = table("users", {
  columns: { id: integer({ primaryKey: true }), name: text() },
  grants: [{ to: [app], privileges: ["select", "insert"] }],
});
`,
};

/** A table with a row in environment `demo`. */
export const SEEDED = {
  "domain.ts": 'import { domain } from "verso";\nexport default domain({ name: "shop" });\n',
  "users.ts": `import { integer, seed, table, text } from "verso";
export const users = table("users", { columns: { id: integer({ primaryKey: true }), name: text() } });
export const demo = seed(users, { environments: ["demo"], key: ["id"], rows: { ann: { id: 1, name: "Ann" } } });
`,
};

export interface Shop {
  readonly folder: string;
  readonly domain: CompiledDomain;
  readonly migrations: readonly Migration[];
  readonly close: () => Promise<void>;
}

/** A project's folder with the domain \`shop\`, and its first migration. */
export async function shopProject(files: Readonly<Record<string, string>> = SHOP): Promise<Shop> {
  const folder = await mkdtemp(join(tmpdir(), "verso-setup-"));
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, "definitions", "shop", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const domain = await compileDomain(join(folder, "definitions", "shop"));
  const shadow = await openShadow(undefined, { extensions: domain.extensions });
  await writeBaseline(domain, shadow, { sql: join(folder, "sql"), version: 140_000 }).finally(() => shadow.close());
  const migrations = await readMigrations(migrationsFolder(join(folder, "sql"), "shop"));
  return { folder, domain, migrations, close: () => rm(folder, { recursive: true }) };
}

/** What a set-up reports, by its steps. */
export async function stepsOf(
  { domain, migrations }: Pick<Shop, "domain" | "migrations">,
  url: string,
  more: Partial<SetUp> = {},
): Promise<Readonly<Record<string, StepReport>>> {
  const reports = await setUp({
    domain,
    migrations,
    url,
    mode: "set up",
    seed: null,
    withSession: (session, work) => work(session).finally(() => session.close()),
    roundTrip: async () => {
      const shadow = await openShadow(undefined, { extensions: domain.extensions });
      return roundTrip(shadow, domain.name, migrations, emptySource).finally(() => shadow.close());
    },
    ...more,
  });
  return Object.fromEntries(reports.map((report) => [report.step, report]));
}

export const outcomes = (steps: Readonly<Record<string, StepReport>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(steps).map(([step, { outcome }]) => [step, outcome]));
