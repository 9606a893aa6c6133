import { check } from "../apply/check.ts";
import { Diagnostic } from "../diagnostic.ts";
import { describeDelta } from "../diff/diffFacts.ts";
import type { Check } from "./check.ts";

/** @param domain whose ledger it is to be, where there are definitions */
export const driftOf = (domain: string | undefined): Check => ({
  name: "drift",
  looksFor: "changes made past Verso",
  examine: async (session) => {
    try {
      const { hasLedger, drift, recordedAt } = await check(session, domain);
      if (!hasLedger || recordedAt === null) {
        return {
          advice: [],
          unseen: { why: "there is no ledger: Verso applied nothing here", next: "`verso apply` begins one" },
        };
      }
      return { unseen: null, advice: drift.length === 0 ? [] : [adviceOn(drift.map(describeDelta), recordedAt)] };
    } catch (error) {
      if (!(error instanceof Diagnostic)) throw error;
      return { advice: [], unseen: { why: error.what, next: error.next } };
    }
  },
});

const MOST_CHANGES = 20;

const adviceOn = (changes: readonly string[], recordedAt: string) => ({
  severity: "warning" as const,
  object: "schema",
  title: `${changes.length === 1 ? "one thing differs" : `${changes.length} things differ`} from what Verso left here`,
  why: "`verso apply` and `verso rollback` refuse a database that is not in the state that a migration starts from; `verso plan` and `verso diff` write what takes the change back, `verso pull` declares it",
  evidence: {
    since: recordedAt,
    changes: [
      ...changes.slice(0, MOST_CHANGES),
      ...(changes.length > MOST_CHANGES ? [`and ${changes.length - MOST_CHANGES} more`] : []),
    ].join("; "),
  },
  remedies: [],
});
