import { join } from "node:path";
import type { CompiledDomain } from "../compile/compileDomain.ts";
import { type Delta, diffFacts } from "../diff/diffFacts.ts";
import { nextName } from "../migrations/migration.ts";
import { queriesToKeep } from "../migrations/queriesToKeep.ts";
import { migrationsFolder } from "../migrations/readMigrations.ts";
import { composeMigration, writeMigration } from "../migrations/writeMigration.ts";
import { type ProveOptions, proveMigration, resolve } from "../prove/proveMigration.ts";
import { domainSource } from "../resolve/definitionsSource.ts";
import { withoutSecrets } from "../resolve/governed.ts";
import { emptySource, type Source, type StandIns } from "../resolve/source.ts";
import type { Shadow } from "../shadow/shadow.ts";

/** What a state has otherwise than definitions say, secrets aside, which these do not hold. */
export async function comparedWith(source: Source, domain: CompiledDomain, shadow: Shadow): Promise<readonly Delta[]> {
  const standIns: StandIns = new Set();
  const found = withoutSecrets(await resolve(source, shadow, standIns));
  return diffFacts(withoutSecrets(await resolve(domainSource(domain), shadow, standIns)), found);
}

export interface BaselineOptions {
  /** The folder that emitted SQL is in. */
  readonly sql: string;
  /** server_version_num of the oldest server that it is for. */
  readonly version: number;
  readonly onPhase?: NonNullable<ProveOptions["onPhase"]>;
}

/**
 * The first migration of a domain whose database is there already: from nothing to what the definitions say, proved like any
 * other, so that further databases are made by it.
 * @returns the migration's folder
 */
export async function writeBaseline(
  domain: CompiledDomain,
  shadow: Shadow,
  { sql, version, onPhase }: BaselineOptions,
): Promise<string> {
  const name = nextName([], "baseline");
  const proved = await proveMigration(emptySource, domainSource(domain), shadow, {
    withRows: true,
    online: true,
    version,
    ...(onPhase === undefined ? {} : { onPhase }),
  });
  const files = composeMigration(proved, { domain: domain.name, name, positions: domain.positions });
  const folder = join(migrationsFolder(sql, domain.name), name);
  await writeMigration(folder, { ...files, queries: await queriesToKeep(domain) });
  return folder;
}
