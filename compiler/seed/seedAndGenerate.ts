import type { Session } from "../session/session.ts";
import { inTransaction } from "../session/transaction.ts";
import {
  type GeneratedTable,
  type GenerateOptions,
  type GenerateRequest,
  generateRows,
  generateWithin,
} from "./generateRows.ts";
import {
  hasMemory,
  type SeedOptions,
  type SeedOutcome,
  type SeedRequest,
  seedDatabase,
  seedWithin,
} from "./seedDatabase.ts";

export interface Generating {
  readonly request: GenerateRequest;
  readonly options: Omit<GenerateOptions, "dryRun" | "onProgress">;
}

/**
 * Seeds, then fills tables with rows that refer to what was seeded. A dry run takes both back together, so that it finds the
 * rows that the run itself would find.
 * @throws Diagnostic as `seedDatabase` and `generateRows` do
 */
export async function seedAndGenerate(
  session: Session,
  request: SeedRequest,
  options: SeedOptions,
  generating: Generating,
): Promise<SeedOutcome & { readonly generated: readonly GeneratedTable[] }> {
  const { dryRun, onProgress } = options;
  const wanted = { ...generating.options, ...(onProgress === undefined ? {} : { onProgress }) };
  if (dryRun !== true) {
    const seeded = await seedDatabase(session, request, options);
    return { ...seeded, generated: await generateRows(session, generating.request, wanted) };
  }
  const remembers = await hasMemory(session);
  const both = async () => {
    const seeded = await seedWithin(session, request, options, remembers);
    return { ...seeded, generated: await generateWithin(session, generating.request, wanted) };
  };
  return inTransaction(session, both, { isTrial: true });
}
