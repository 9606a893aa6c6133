import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Domain, DomainOptions, PoolSettings } from "../declare/schemas.ts";
import { Diagnostic, type Position } from "../diagnostic.ts";
import type { FactId, FactIndex, Hint } from "../facts.ts";
import { DECLARERS } from "../kinds/declarations.ts";
import { checkOptions, declareAll } from "../kinds/declaring.ts";
import { extensionNames } from "../kinds/extensions.ts";
import { type Exported, loadDomain } from "../load/loadDomain.ts";
import { type GatheredLoader, loaderGatherer } from "../logs/gatherLoaders.ts";
import { refuseWhatIsTooNew } from "../plan/tooNew.ts";
import { type GatheredSeeds, seedGatherer } from "../seed/gatherSeeds.ts";
import { type EmittedScript, renderScripts, searchPathNames } from "./renderScripts.ts";

export type { EmittedScript } from "./renderScripts.ts";

/** What a definitions folder comes to, without a database. */
export interface CompiledDomain {
  readonly name: string;
  readonly folder: string;
  readonly domain: Domain;
  /** Facts with texts as they were written; what they mean, PostgreSQL says. */
  readonly facts: FactIndex;
  readonly hints: ReadonlyMap<FactId, Hint>;
  readonly positions: ReadonlyMap<FactId, Position>;
  /** What was declared, and where TypeScript finds it. */
  readonly exported: ReadonlyMap<FactId, Exported>;
  /** Extensions that it creates. */
  readonly extensions: readonly string[];
  readonly scripts: readonly EmittedScript[];
  readonly seeds: GatheredSeeds;
  /** How logs become rows. */
  readonly loaders: readonly GatheredLoader[];
  /** The database that existed before Verso, where the domain says one. */
  readonly startsFrom: EmittedSource | null;
  /** Definition files, for those who watch. */
  readonly files: readonly string[];
}

export interface EmittedSource {
  readonly file: string;
  readonly text: string;
}

/**
 * Definitions → facts and scripts.
 * @throws Diagnostic at the definition that cannot be loaded or does not fit the others
 */
export async function compileDomain(folder: string): Promise<CompiledDomain> {
  const { domain, position, declarations, files, folder: root } = await loadDomain(folder);
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(domain.name)) {
    throw new Diagnostic({
      code: "domain-name",
      what: `a domain cannot be called ${JSON.stringify(domain.name)}`,
      at: position,
      why: "its generated files lie in folders of that name",
      next: "use letters, digits, hyphens and underscores",
    });
  }
  checkOptions(domain.options, OPTIONS, `the domain ${domain.name}`, { position });
  requirePool(domain, position);
  const gatherer = seedGatherer(searchPathNames(domain));
  const loaders = loaderGatherer();
  const { facts, hints, places } = declareAll(domain, declarations, {
    ...DECLARERS,
    ...gatherer.declarers,
    ...loaders.declarers,
  });
  const positions = new Map([...places].map(([id, place]) => [id, place.position]));
  const exported = [...places].flatMap(([id, place]) =>
    place.exported === undefined ? [] : [[id, place.exported] as const],
  );
  refuseBeyondOldest(domain, facts, positions);
  refuseUnclearRenames(hints, positions);
  return {
    name: domain.name,
    folder: root,
    domain,
    facts,
    hints,
    positions,
    exported: new Map(exported),
    extensions: extensionNames(facts),
    scripts: renderScripts(domain, facts, positions),
    seeds: gatherer.result(),
    loaders: loaders.result(),
    startsFrom: await readStart(root, domain, position),
    files,
  };
}

const OPTIONS = {
  schema: true,
  searchPath: true,
  owner: true,
  startsFrom: true,
  postgres: true,
  pool: true,
  comment: true,
  accepts: true,
} satisfies Record<keyof DomainOptions, true>;

/** @throws Diagnostic `pool-settings` */
function requirePool({ options: { pool = {} }, name }: Domain, position: Position): void {
  checkOptions(pool, { size: true, overflow: true } satisfies Record<keyof PoolSettings, true>, `the pool of ${name}`, {
    position,
  });
  for (const [key, least] of [
    ["size", 1],
    ["overflow", 0],
  ] as const) {
    const value = pool[key];
    if (value === undefined || (Number.isInteger(value) && value >= least)) continue;
    throw new Diagnostic({
      code: "pool-settings",
      what: `the pool of ${name} has ${key} ${value}`,
      at: position,
      next: `write a whole number from ${least} on: pool: { size: 20, overflow: 10 }`,
    });
  }
}

/** @throws Diagnostic `feature-too-new` at what the domain's oldest PostgreSQL does not have */
function refuseBeyondOldest({ options, name }: Domain, facts: FactIndex, positions: CompiledDomain["positions"]): void {
  if (options.postgres === undefined) return;
  refuseWhatIsTooNew(facts, {
    version: options.postgres * 10_000,
    because: `the domain ${name} is for PostgreSQL ${options.postgres} and later`,
    positions,
    next: (major) => `do without, or say postgres: ${major} in domain.ts`,
  });
}

/**
 * Whether a `renamedFrom` is still to be done or was done long ago, the names in the database tell. Where two things change
 * names with each other they cannot, and values would end up under the wrong name.
 * @throws Diagnostic `rename-in-circle`, `renamed-twice`
 */
function refuseUnclearRenames(hints: CompiledDomain["hints"], positions: CompiledDomain["positions"]): void {
  const taken = new Map<FactId, FactId>();
  for (const [id, { renamedFrom }] of hints) {
    if (renamedFrom === undefined) continue;
    const other = taken.get(renamedFrom);
    if (other !== undefined) {
      throw new Diagnostic({
        code: "renamed-twice",
        what: `${id} and ${other} are both renamed from ${renamedFrom}`,
        at: positions.get(id),
        next: "take `renamedFrom` out of the one that is not what became of it, or whose renaming is done",
      });
    }
    taken.set(renamedFrom, id);
    const circle = [id];
    for (let old: FactId | undefined = renamedFrom; old !== undefined; old = hints.get(old)?.renamedFrom) {
      if (circle.length > 1 && old !== id && circle.includes(old)) break;
      circle.push(old);
      if (old !== id) continue;
      throw new Diagnostic({
        code: "rename-in-circle",
        what: `renamedFrom leads in a circle: ${circle.join(" ← ")}`,
        at: positions.get(id),
        why: "the names are the same before and after, so nothing would tell whether it has been done",
        next: "rename one of them to a third name in a migration of its own, then go on from there",
      });
    }
  }
}

async function readStart(root: string, { options, name }: Domain, at: Position): Promise<EmittedSource | null> {
  if (options.startsFrom === undefined) return null;
  const file = join(root, options.startsFrom);
  try {
    return { file, text: await readFile(file, "utf8") };
  } catch (error) {
    throw new Diagnostic(
      {
        code: "start-not-found",
        what: `the domain ${name} starts from ${options.startsFrom}, which cannot be read`,
        at,
        why: error instanceof Error ? error.message : String(error),
        next: "write the path as it is seen from the domain's folder",
      },
      error,
    );
  }
}
