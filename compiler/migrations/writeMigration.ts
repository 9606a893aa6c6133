import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Diagnostic, type Position } from "../diagnostic.ts";
import type { FactId } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";
import type { ProvedMigration } from "../prove/proveMigration.ts";
import { renderScript } from "../render/renderScript.ts";
import { KEPT_QUERIES, type KeptQueries, keptQueriesText } from "./keptQueries.ts";
import { type ProofFile, proofFileOf, proofText } from "./proofFile.ts";
import { renderReview } from "./renderReview.ts";

/** The files of a migration. */
export interface MigrationFiles {
  readonly forward: string;
  readonly rollback: string;
  readonly review: string;
  readonly proof: ProofFile;
  /** What services issue that was written by hand for where it leads, so that the next one is judged by it. */
  readonly queries?: KeptQueries | null;
}

export interface MigrationNaming {
  readonly domain: string;
  /** `0002_add_goals`. */
  readonly name: string;
  /** Where facts were defined, so that the review points at definitions. */
  readonly positions?: ReadonlyMap<FactId, Position>;
}

/** What `writeMigration` will write: pure, and the same for the same proof. */
export function composeMigration(proved: ProvedMigration, naming: MigrationNaming): MigrationFiles {
  const title = `${naming.domain}/${naming.name}`;
  const header = [
    `Written by \`verso plan\` and proved on ${proved.proof.shadow}. After an edit: \`verso prove ${naming.name}\`.`,
    "Runs by `verso apply` and `verso rollback`, or by psql.",
  ];
  const forward = renderScript(proved.forward, { title: `${title}, forward`, header });
  const rollback = renderScript(proved.rollback, {
    title: `${title}, rollback`,
    header: [...header, ...staying(proved)],
  });
  return composeProof(proved, naming, { forward, rollback });
}

const staying = ({ leaves }: ProvedMigration): readonly string[] =>
  [...leaves.values()]
    .filter(({ kind }) => kindOf({ kind }).attaches !== true)
    .map(({ id }) => `Leaves ${id} in place, since others may have come to use it.`);

/** The same for scripts that are there already, as a person left them. */
export function composeProof(
  proved: ProvedMigration,
  naming: MigrationNaming,
  scripts: { readonly forward: string; readonly rollback: string },
): MigrationFiles {
  const proof = proofFileOf(proved, scripts);
  return { ...scripts, proof, review: renderReview(proved, naming, scripts, proof) };
}

/**
 * Writes a migration's folder, all of it or nothing.
 * @throws Diagnostic `migration-exists` when the folder is there already and is not to be replaced
 */
export async function writeMigration(
  folder: string,
  files: MigrationFiles,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<void> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  if (exists && !replace) {
    throw new Diagnostic({
      code: "migration-exists",
      what: `the folder ${folder} is there already`,
      next: "choose another name, or remove the folder when the migration is applied nowhere",
    });
  }
  await mkdir(dirname(folder), { recursive: true });
  const draft = join(dirname(folder), `.draft-${randomUUID()}`);
  await mkdir(draft);
  try {
    await Promise.all([
      writeFile(join(draft, "forward.sql"), files.forward),
      writeFile(join(draft, "rollback.sql"), files.rollback),
      writeFile(join(draft, "review.md"), files.review),
      writeFile(join(draft, "proof.json"), proofText(files.proof)),
      ...(files.queries == null ? [] : [writeFile(join(draft, KEPT_QUERIES), keptQueriesText(files.queries))]),
    ]);
    // The old one is out of the way only for a moment, and removed when the new one is in its place.
    const former = `${draft}-former`;
    if (exists) await rename(folder, former);
    await rename(draft, folder);
    if (exists) await rm(former, { recursive: true });
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}
