import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type CompiledDomain, compileDomain } from "../../compiler/compile/compileDomain.ts";
import { type SeedOptions, type SeedOutcome, seedDatabase } from "../../compiler/seed/seedDatabase.ts";
import type { Session } from "../../compiler/session/session.ts";

/** A domain of these files, compiled. */
export async function domainOf(files: Readonly<Record<string, string>>): Promise<CompiledDomain> {
  const folder = await mkdtemp(join(tmpdir(), "verso-seeds-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return compileDomain(folder);
}

/** Its tables in an empty database. */
export async function build(session: Session, domain: CompiledDomain): Promise<void> {
  for (const { text } of domain.scripts) await session.run(text);
  await session.run("reset search_path");
}

export const seedAll = (session: Session, domain: CompiledDomain, options: SeedOptions = {}): Promise<SeedOutcome> =>
  seedDatabase(session, { domain: domain.name, files: domain.seeds.files }, options);

/** Of all tables together. */
export function written({ tables }: SeedOutcome): {
  inserted: number;
  updated: number;
  unchanged: number;
  removed: number;
} {
  const sum = (pick: (table: SeedOutcome["tables"][number]) => number) => tables.reduce((n, one) => n + pick(one), 0);
  return {
    inserted: sum((one) => one.inserted),
    updated: sum((one) => one.updated),
    unchanged: sum((one) => one.unchanged),
    removed: sum((one) => one.removed),
  };
}
