import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { compileDomain } from "../compile/compileDomain.ts";
import { type Delta, diffFacts } from "../diff/diffFacts.ts";
import type { FactId, FactIndex } from "../facts.ts";
import { followsDomain, ownerId } from "../kinds/owners.ts";
import { resolve } from "../prove/proveMigration.ts";
import { domainSource } from "../resolve/definitionsSource.ts";
import type { Source, StandIns } from "../resolve/source.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { type DomainShape, declarationsOf } from "./declarations.ts";
import { filesOf } from "./files.ts";

export interface Pull {
  /** Files that were written, from the working directory. */
  readonly written: readonly string[];
  /** Facts that have no form of their own and stand in plain SQL. */
  readonly inPlainSql: readonly FactId[];
  /** What could not be changed in definitions that are there, in words. */
  readonly leftByHand: readonly string[];
  /** What compiling the definitions does not give as the database has it; empty when all is well. */
  readonly differences: readonly Delta[];
}

export interface PullOptions {
  readonly folder: string;
  readonly name: string;
}

/** A database → definitions that compile to it. */
export async function pull(source: Source, shadow: Shadow, { folder, name }: PullOptions): Promise<Pull> {
  const standIns: StandIns = new Set();
  const facts = await resolve(source, shadow, standIns);
  const shape = shapeOf(facts);
  const pulled = declarationsOf(facts, shape, shadow.version);
  const written: string[] = [];
  for (const file of filesOf(pulled, { ...shape, name })) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, file.text);
    written.push(path);
  }
  const differences = diffFacts(facts, await resolve(domainSource(await compileDomain(folder)), shadow, standIns));
  return { written, inPlainSql: pulled.inPlainSql, leftByHand: [], differences };
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
