import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CompiledDomain, compileDomain } from "../compile/compileDomain.ts";
import { Diagnostic } from "../diagnostic.ts";
import { type Delta, diffFacts } from "../diff/diffFacts.ts";
import type { FactId, FactIndex } from "../facts.ts";
import { followsDomain, ownerId } from "../kinds/owners.ts";
import { noneOfNothing } from "../missing.ts";
import { resolve } from "../prove/proveMigration.ts";
import { domainSource } from "../resolve/definitionsSource.ts";
import { withoutSecrets } from "../resolve/governed.ts";
import type { Source, StandIns } from "../resolve/source.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { shown } from "../shown.ts";
import { type DomainShape, declarationsOf } from "./declarations.ts";
import { filesOf } from "./files.ts";
import { updateDefinitions } from "./update.ts";

export interface Pull {
  /** Files that were written or removed, from the working directory. */
  readonly written: readonly string[];
  /** Facts that have no form of their own and stand in plain SQL. */
  readonly inPlainSql: readonly FactId[];
  /** What could not be changed in definitions that are there, in words. */
  readonly leftByHand: readonly string[];
  /** Facts of the database with secrets, which no definition holds. */
  readonly secrets: readonly FactId[];
  /** What compiling the definitions does not give as the database has it; empty when all is well. */
  readonly differences: readonly Delta[];
}

export interface PullOptions {
  readonly folder: string;
  readonly name: string;
}

/** A database → definitions that compile to it: new ones, or those that are there with what differs changed. */
export async function pull(source: Source, shadow: Shadow, { folder, name }: PullOptions): Promise<Pull> {
  const standIns: StandIns = new Set();
  const found = await resolve(source, shadow, standIns);
  const facts = withoutSecrets(found);
  const read = async (domain: CompiledDomain) => withoutSecrets(await resolve(domainSource(domain), shadow, standIns));
  const secrets = [...facts.values()].filter((fact) => fact !== found.get(fact.id)).map(({ id }) => id);
  const pulled = (await hasDefinitions(folder))
    ? await update(folder, facts, read, shadow)
    : await create(folder, name, facts, read, shadow);
  return { ...pulled, secrets };
}

type Written = Omit<Pull, "secrets">;
type Read = (domain: CompiledDomain) => Promise<FactIndex>;

async function create(folder: string, name: string, facts: FactIndex, read: Read, shadow: Shadow): Promise<Written> {
  const shape = shapeOf(facts);
  const pulled = declarationsOf(facts, shape, shadow.version);
  const files = filesOf(pulled, { ...shape, name });
  const written = await writeFiles(folder, files);
  const differences = diffFacts(facts, await read(await compileDomain(folder)));
  return { written, inPlainSql: pulled.inPlainSql, leftByHand: [], differences };
}

/** Changes parts; where that does not lead to the database, whole declarations. */
async function update(folder: string, facts: FactIndex, read: Read, shadow: Shadow): Promise<Written> {
  const compiled = await compileDomain(folder);
  const now = await read(compiled);
  const written = new Set<string>();
  if (diffFacts(now, facts).length === 0) return { written: [], inPlainSql: [], leftByHand: [], differences: [] };
  const before = new Map(await Promise.all(compiled.files.map(async (file) => [file, await readFile(file)] as const)));
  const attempt = async (domain: CompiledDomain, from: FactIndex, whole: ReadonlySet<string>) => {
    const changes = await updateDefinitions(domain, from, facts, shadow.version, whole);
    for (const file of await writeFiles(folder, changes.files)) written.add(file);
    try {
      const changed = await compileDomain(folder);
      return { ...changes, changed, reached: await read(changed) };
    } catch (error) {
      // Better the definitions that people know than some that do not compile.
      for (const { path } of changes.files) await rm(join(folder, path), { force: true });
      for (const [file, text] of before) await writeFile(file, text);
      throw notMerged(error);
    }
  };
  const result = (leftByHand: readonly string[], reached: FactIndex): Written => ({
    written: [...written].sort(),
    inPlainSql: first.pulled.inPlainSql.filter((id) => !now.has(id)),
    leftByHand: [...new Set(leftByHand)],
    differences: diffFacts(reached, facts),
  });
  const first = await attempt(compiled, now, new Set());
  const differences = diffFacts(first.reached, facts);
  if (differences.length === 0) return result(first.left, first.reached);
  const whole = new Set(
    differences.map((delta) => topOf(delta.verb === "change" ? delta.to.id : delta.fact.id, facts)),
  );
  const second = await attempt(first.changed, first.reached, whole);
  return result([...first.left, ...second.left], second.reached);
}

function notMerged(error: unknown): unknown {
  if (!(error instanceof Diagnostic)) return error;
  return new Diagnostic(
    {
      code: "pull-not-merged",
      what: `what differs cannot be put into these definitions by itself: ${error.what}`,
      at: error.at,
      why: error.why,
      next: "nothing was changed; pull into another folder with --out, and carry over what you want",
    },
    error,
  );
}

function topOf(id: FactId, facts: FactIndex): FactId {
  const parent = facts.get(id)?.parent ?? null;
  return parent === null ? id : topOf(parent, facts);
}

async function hasDefinitions(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true }).catch(noneOfNothing);
  const files = entries.filter((entry) => entry.endsWith(".ts"));
  if (files.length > 0 && !files.includes("domain.ts")) {
    throw new Diagnostic({
      code: "not-a-domain",
      what: `${shown(folder)} holds TypeScript, but no domain.ts`,
      next: "choose another folder with --out, or put a domain.ts there: `export default domain({ name: … })`",
    });
  }
  return files.length > 0;
}

async function writeFiles(
  folder: string,
  files: readonly { readonly path: string; readonly text: string | null }[],
): Promise<readonly string[]> {
  for (const { path, text } of files) {
    const file = join(folder, path);
    if (text === null) await rm(file);
    else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }
  return files.map(({ path }) => shown(join(folder, path)));
}

/** Where most of it lives, who owns all of it, and where texts find what they name. */
export function shapeOf(facts: FactIndex): DomainShape {
  const counts = new Map<string, number>();
  for (const { attributes, parent } of facts.values()) {
    const { schema } = attributes;
    if (parent === null && typeof schema === "string") counts.set(schema, (counts.get(schema) ?? 0) + 1);
  }
  const schemas = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
  const schema = schemas.includes("public") ? "public" : (schemas[0] ?? "public");
  const others = schemas.filter((one) => one !== schema).sort();
  return { schema, searchPath: [schema, ...others], owner: soleOwner(facts) };
}

/** The role that owns everything that can follow the domain's owner. */
function soleOwner(facts: FactIndex): string | null {
  const owned = [...facts.values()].filter((fact) => followsDomain(fact.kind, fact.attributes));
  const roles = new Set(owned.map(({ id }) => facts.get(ownerId(id))?.attributes.role));
  const [role] = roles;
  return roles.size === 1 && typeof role === "string" ? role : null;
}
