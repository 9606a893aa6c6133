import { Diagnostic } from "../diagnostic.ts";
import { sliceSources } from "../resolve/slice.ts";
import type { Source } from "../resolve/source.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { type ProvedMigration, type ProveOptions, proveMigration } from "./proveMigration.ts";

/**
 * The same as `proveMigration`, but of two states that were read from databases only the part is built that their difference
 * concerns. Where that part cannot be proved by itself, the whole is.
 * @throws Diagnostic as `proveMigration` does
 */
export async function proveDifference(
  from: Source,
  to: Source,
  shadow: Shadow,
  options: ProveOptions,
): Promise<ProvedMigration> {
  const parts = sliceSources(from, to);
  if (parts !== null) {
    try {
      return await proveMigration(...parts, shadow, options);
    } catch (error) {
      if (!(error instanceof Diagnostic)) throw error;
    }
  }
  return proveMigration(await wholeOf(from), await wholeOf(to), shadow, options);
}

const wholeOf = async (source: Source): Promise<Source> => source.recorded?.readWhole?.() ?? source;
