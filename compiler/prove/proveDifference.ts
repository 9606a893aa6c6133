import { Diagnostic } from "../diagnostic.ts";
import { diffFacts } from "../diff/diffFacts.ts";
import { arePrintedAlike, sliceSources } from "../resolve/slice.ts";
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

/** Two states that were read and are the same, for which no engine need be started; null where that has to be found out. */
export function unchanged(from: Source, to: Source): ProvedMigration | null {
  const [current, desired] = [from.recorded, to.recorded];
  if (current === undefined || desired === undefined || !arePrintedAlike(current, desired)) return null;
  if (diffFacts(current.facts, desired.facts).length > 0) return null;
  return {
    forward: [],
    rollback: [],
    current: current.facts,
    desired: desired.facts,
    starts: current.facts,
    ends: desired.facts,
    returns: current.facts,
    hints: new Map(),
    leaves: new Map(),
    short: { forward: [], rollback: [] },
    renames: [],
    renamed: current.facts,
    suspects: [],
    reached: current.facts,
    isObserved: false,
    unmodelled: { from: current.unmodelled ?? [], to: desired.unmodelled ?? [] },
    proof: {
      shadow: "nothing to prove",
      version: current.version,
      rows: {},
      withoutRows: [],
      forward: [],
      rollback: [],
      valuesLost: [],
      refusedOverRows: null,
    },
  };
}

const wholeOf = async (source: Source): Promise<Source> => source.recorded?.readWhole?.() ?? source;
