import { Diagnostic } from "../diagnostic.ts";
import { fingerprint, readerFormat } from "../migrations/fingerprint.ts";
import type { Migration } from "../migrations/migration.ts";
import { readCatalog } from "../read/readCatalog.ts";
import type { Session } from "../session/session.ts";
import { isComparable, major, pendingMigrations } from "./gate.ts";
import { inTransaction, readEntries, recordState, writeHistory } from "./ledger.ts";
import { withLock } from "./lock.ts";

export interface Adoption {
  readonly adopted: readonly string[];
  /** What could not be checked. */
  readonly notes: readonly string[];
}

/**
 * Records migrations as applied without running them, for a database that is already what they lead to.
 * @param migrations all of the domain up to the last one to be adopted
 * @throws Diagnostic `adoption-differs` when the live catalog is not what the last of them leads to
 */
export async function adopt(session: Session, migrations: readonly Migration[]): Promise<Adoption> {
  return withLock(session, async (lease) => {
    const pending = pendingMigrations(await readEntries(session), migrations);
    const last = pending.at(-1);
    if (last === undefined) return { adopted: [], notes: [] };
    const live = await readCatalog(session);
    const notes: string[] = [];
    if (!isComparable(last.proof, session)) {
      notes.push(
        `${last.name} was proved on PostgreSQL ${major(last.proof.version)}, the target is ${major(session.version)}: whether it is what the migration leads to could not be compared`,
      );
    } else if (fingerprint(live) !== last.proof.after) {
      throw new Diagnostic({
        code: "adoption-differs",
        what: `${session.name} is not what ${last.name} leads to`,
        why: "its catalog has another fingerprint than the migration's proof",
        next: `see the difference with \`verso diff --from URL --to definitions/${last.domain}\`, and mend one or the other`,
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
            name === last.name ? fingerprint(live) : null,
            session.version,
            readerFormat(),
            lease.holder,
            forward.steps.length,
            rollback.steps.length,
          ],
        );
        await writeHistory(session, { event: "adopted", migration: name, by: lease.holder });
      }
      await recordState(session, live);
    });
    return { adopted: pending.map(({ name }) => name), notes };
  });
}
