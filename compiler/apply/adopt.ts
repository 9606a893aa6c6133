import { Diagnostic } from "../diagnostic.ts";
import type { FactIndex } from "../facts.ts";
import { fingerprint, readerFormat } from "../migrations/fingerprint.ts";
import type { Migration } from "../migrations/migration.ts";
import { readCatalog } from "../read/readCatalog.ts";
import type { Session } from "../session/session.ts";
import { inTransaction } from "../session/transaction.ts";
import { incomparable, isComparable, listDeltas, pendingMigrations } from "./gate.ts";
import type { Judge } from "./judge.ts";
import { readEntries, recordState, writeHistory } from "./ledger.ts";
import { withLock } from "./lock.ts";

export interface AdoptOptions {
  /** Verify, say what would be recorded, change nothing. */
  readonly dryRun?: boolean;
  /** Asked where the target prints its catalog otherwise than the shadow of the proof, or to say what differs. */
  readonly judge?: Judge;
}

export interface Adoption {
  /** Names of migrations, in their order; those that were recorded before are not among them. */
  readonly adopted: readonly string[];
  /** What could not be checked. */
  readonly notes: readonly string[];
}

/**
 * Records migrations as applied without running them, for a database that is already what they lead to. Nothing is changed but
 * the ledger, and that only once the database was found to be so.
 * @param migrations all of the domain up to the last one to be adopted
 * @throws Diagnostic `adoption-differs` when the live catalog is not what the last of them leads to, and what
 *   `pendingMigrations` throws
 */
export async function adopt(
  session: Session,
  migrations: readonly Migration[],
  { dryRun = false, judge }: AdoptOptions = {},
): Promise<Adoption> {
  const missing = async () => pendingMigrations(await readEntries(session), migrations);
  const pending = await missing();
  const last = pending.at(-1);
  if (last === undefined) return { adopted: [], notes: [] };
  const live = await readCatalog(session);
  const doubt = await requireSame(session, live, last, migrations.length, judge);
  const found = { adopted: pending.map(({ name }) => name), notes: doubt === null ? [] : [doubt] };
  if (dryRun) return found;
  return withLock(session, async (lease) => {
    const now = await readCatalog(session);
    const isSame = fingerprint(now) === fingerprint(live) && (await missing()).length === pending.length;
    if (!isSame) {
      throw new Diagnostic({
        code: "target-changed",
        what: `${session.name} was changed while it was compared`,
        next: "run this again once whoever changes it is done",
      });
    }
    await inTransaction(session, async () => {
      for (const { domain, name, forward, rollback, proof } of pending) {
        await session.query(
          `insert into verso.migrations (domain, name, state, is_adopted, forward_sql, rollback_sql, proof, live_after,
            server_version, reader, applied_by, finished_at, duration_ms, steps_done, steps_total, undo_total)
          values ($1, $2, 'applied', true, $3, $4, $5, $6, $7, $8, $9, clock_timestamp(), 0, $10, $10, $11)`,
          [
            domain,
            name,
            forward.text,
            rollback.text,
            JSON.stringify(proof),
            name === last.name ? fingerprint(now) : null,
            session.version,
            readerFormat(),
            lease.holder,
            forward.steps.length,
            rollback.steps.length,
          ],
        );
        await writeHistory(session, { event: "adopted", migration: name, by: lease.holder });
      }
      await recordState(session, now);
    });
    return found;
  });
}

/**
 * @param count how many migrations lead there
 * @returns what could not be compared, or null
 * @throws Diagnostic `adoption-differs`
 */
async function requireSame(
  session: Session,
  live: FactIndex,
  last: Migration,
  count: number,
  judge: Judge | undefined,
): Promise<string | null> {
  const isAlike = isComparable(last.proof, session);
  if (isAlike && fingerprint(live) === last.proof.after) return null;
  const judged = await judge?.differences(session, live, count);
  if (judged === undefined || typeof judged === "string") {
    if (!isAlike) return incomparable(last, session, "what is there", judged);
  } else if (judged.length === 0) return null;
  throw new Diagnostic({
    code: "adoption-differs",
    what: `${session.name} is not what ${last.name} leads to`,
    why:
      judged === undefined || typeof judged === "string"
        ? (judged ?? "its catalog has another fingerprint than the migration's proof")
        : listDeltas(judged),
    next: `mend one or the other: \`verso diff --from URL --to definitions/${last.domain}\` writes both ways; nothing was changed`,
  });
}
