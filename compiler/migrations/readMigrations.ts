import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Diagnostic } from "../diagnostic.ts";
import { noneOfNothing, nullOfNothing } from "../missing.ts";
import { KEPT_QUERIES, parseKeptQueries } from "./keptQueries.ts";
import type { Migration, Script } from "./migration.ts";
import { parseScript } from "./parseScript.ts";
import { parseProof } from "./proofFile.ts";

/** Where a domain's migrations are: `sql/<domain>/migrations`. */
export const migrationsFolder = (root: string, domain: string): string => join(root, domain, "migrations");

/** Names of a domain's migrations in their order, without reading them; none when the folder is not there. */
export async function migrationNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(noneOfNothing);
  return entries
    .filter((entry) => entry.isDirectory() && /^\d{4,}_/.test(entry.name))
    .map((entry) => entry.name)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1));
}

/**
 * A domain's migrations in their order.
 * @param folder `sql/<domain>/migrations`
 * @throws Diagnostic `migration-number-taken` when two have the same number, and what `readMigration` throws
 */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = await migrationNames(folder);
  for (const [i, name] of names.entries()) {
    const previous = names[i - 1];
    if (previous === undefined || Number.parseInt(previous, 10) !== Number.parseInt(name, 10)) continue;
    throw new Diagnostic({
      code: "migration-number-taken",
      what: `${previous} and ${name} have the same number`,
      at: folder,
      why: "both were planned from the same state, on two branches perhaps",
      next: `remove the folder of the one that is applied nowhere and plan it again with \`verso plan\``,
    });
  }
  return Promise.all(names.map((name) => readMigration(join(folder, name))));
}

/**
 * One migration's folder. Scripts edited by hand are read as they are; `requireProved` tells whether they were.
 * @throws Diagnostic `migration-not-found`, `migration-incomplete` or `migration-unreadable`
 */
export async function readMigration(folder: string): Promise<Migration> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) {
    throw new Diagnostic({
      code: "migration-not-found",
      what: `there is no migration ${folder}`,
      next: "name a folder such as sql/<domain>/migrations/0001_initial; `verso status` lists them",
    });
  }
  const whole = resolve(folder);
  const [forward, rollback, proofJson] = await Promise.all([
    readScript(join(folder, "forward.sql")),
    readScript(join(folder, "rollback.sql")),
    readPart(join(folder, "proof.json")),
  ]);
  const proof = parseProof(proofJson);
  if (proof === null) {
    throw new Diagnostic({
      code: "migration-unreadable",
      what: `${join(folder, "proof.json")} is not a proof that this version of Verso can read`,
      next: "take the file from version control, or use the version of Verso that wrote it",
    });
  }
  const queries = parseKeptQueries(await readFile(join(folder, KEPT_QUERIES), "utf8").catch(nullOfNothing));
  return {
    domain: basename(dirname(dirname(whole))),
    name: basename(whole),
    folder,
    forward,
    rollback,
    proof,
    queries,
  };
}

async function readScript(file: string): Promise<Script> {
  const text = await readPart(file);
  return { file, text, steps: parseScript(text, file) };
}

async function readPart(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Diagnostic(
      {
        code: "migration-incomplete",
        what: `${file} is missing`,
        why: error instanceof Error ? error.message : String(error),
        next: "take the folder from version control; a migration is forward.sql, rollback.sql, review.md and proof.json",
      },
      error,
    );
  }
}
