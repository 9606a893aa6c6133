import { Diagnostic } from "../diagnostic.ts";
import { checksum } from "./fingerprint.ts";
import type { KeptQueries } from "./keptQueries.ts";
import type { ScriptStep } from "./parseScript.ts";
import type { ProofFile } from "./proofFile.ts";

export type Side = "forward" | "rollback";

export interface Script {
  /** Where it was read, for messages. */
  readonly file: string;
  readonly text: string;
  readonly steps: readonly ScriptStep[];
}

/** A plan on disk: `sql/<domain>/migrations/NNNN_name/`. */
export interface Migration {
  readonly domain: string;
  /** `0002_add_goals`. */
  readonly name: string;
  readonly folder: string;
  readonly forward: Script;
  readonly rollback: Script;
  readonly proof: ProofFile;
  /** What was written by hand for where it leads; null where its folder does not keep it. */
  readonly queries: KeptQueries | null;
}

/** @throws Diagnostic `migration-unproved` when a script is not the one that its proof.json speaks of */
export function requireProved({ name, proof, ...migration }: Migration): void {
  for (const side of ["forward", "rollback"] as const) {
    if (checksum(migration[side].text) === proof.scripts[side]) continue;
    throw new Diagnostic({
      code: "migration-unproved",
      what: `${side}.sql of ${name} was edited by hand after it was proved`,
      at: migration[side].file,
      next: `run \`verso prove ${name}\`, which proves both scripts again, or take the file from version control`,
    });
  }
}

/** `0003_slug`, one after the last of the names given. */
export function nextName(names: readonly string[], slug: string): string {
  if (!/^[a-z0-9][a-z0-9_]*$/.test(slug)) {
    throw new Diagnostic({
      code: "migration-name",
      what: `${JSON.stringify(slug)} cannot name a migration's folder`,
      next: "use lower-case letters, digits and underscores, such as `add_goals`",
    });
  }
  const numbers = names.map((name) => Number(/^(\d+)_/.exec(name)?.[1] ?? 0));
  return `${String(Math.max(0, ...numbers) + 1).padStart(4, "0")}_${slug}`;
}
