import { Diagnostic } from "../diagnostic.ts";
import type { Delta } from "../diff/diffFacts.ts";
import { readCatalog } from "../read/readCatalog.ts";
import type { Session } from "../session/session.ts";
import { driftSince, major, otherRole } from "./gate.ts";
import { ledgerVersion, readEntries, readRecorded } from "./ledger.ts";

export interface Check {
  readonly hasLedger: boolean;
  /** Names of the migrations that are applied, in order; one that was interrupted is the last. */
  readonly applied: readonly string[];
  /** How the live catalog differs from what Verso left. */
  readonly drift: readonly Delta[];
  /** When Verso left it so. */
  readonly recordedAt: string | null;
  /** What could not be compared. */
  readonly notes: readonly string[];
}

/**
 * Whether a target has drifted: its live catalog against the one that the ledger remembers. Reads only.
 * @throws Diagnostic `target-other-domain` when a domain is named and the ledger is another one's
 */
export async function check(session: Session, domain?: string): Promise<Check> {
  const entries = await readEntries(session);
  const other = domain === undefined ? undefined : entries.find((entry) => entry.domain !== domain);
  if (other !== undefined) {
    throw new Diagnostic({
      code: "target-other-domain",
      what: `${session.name} holds the migrations of ${other.domain}, not of ${domain}`,
      next: "give each domain a database of its own, and name it with --target",
    });
  }
  const recorded = await readRecorded(session);
  const applied = entries.map(({ name }) => name);
  const hasLedger = (await ledgerVersion(session)) > 0;
  const notes: string[] = [];
  const unfinished = entries.find(({ state }) => state === "applying" || state === "rolling back");
  if (unfinished !== undefined) {
    notes.push(
      `${unfinished.name} is unfinished; run \`${unfinished.state === "applying" ? "verso apply" : "verso rollback"}\` to go on`,
    );
  }
  if (recorded === null) return { hasLedger, applied, drift: [], recordedAt: null, notes };
  if (major(recorded.serverVersion) !== major(session.version)) {
    notes.push(
      `the server was upgraded from PostgreSQL ${major(recorded.serverVersion)} to ${major(session.version)} since: texts that differ may be the same, printed differently`,
    );
  }
  const drift = driftSince(recorded, await readCatalog(session));
  const role = otherRole(recorded);
  if (drift.length > 0 && role !== null) notes.push(role);
  return { hasLedger, applied, drift, recordedAt: recorded.at, notes };
}
