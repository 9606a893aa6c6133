import { Diagnostic } from "../diagnostic.ts";
import { type Delta, diffFacts } from "../diff/diffFacts.ts";
import type { FactIndex } from "../facts.ts";
import { fingerprint } from "../migrations/fingerprint.ts";
import type { Migration } from "../migrations/migration.ts";
import { replaySource } from "../migrations/replay.ts";
import { withoutLeft } from "../prove/leftBehind.ts";
import { resolve } from "../prove/proveMigration.ts";
import { governed } from "../resolve/governed.ts";
import { recordedSource } from "../resolve/recordedSource.ts";
import type { Source } from "../resolve/source.ts";
import type { Session } from "../session/session.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { isComparable } from "./gate.ts";

/** Compares a live catalog with what migrations lead to, where fingerprints cannot, or cannot say what differs. */
export interface Judge {
  /**
   * What turns the state that the first `count` migrations lead to into the live one, both printed by the shadow.
   * @returns the reason in words where the shadow cannot build one of the two
   */
  readonly differences: (session: Session, live: FactIndex, count: number) => Promise<readonly Delta[] | string>;
}

/**
 * A judge for the time of `work`. The shadow is opened when it is first asked, since most runs never ask.
 * @param start what the database was before its first migration
 */
export async function withJudge<T>(
  openShadow: () => Promise<Shadow>,
  migrations: readonly Migration[],
  start: () => Promise<Source>,
  work: (judge: Judge) => Promise<T>,
): Promise<T> {
  let opened: Promise<Shadow> | undefined;
  const differences: Judge["differences"] = async (session, live, count) => {
    // What an earlier rollback left in place belongs to no state before the migration that brings it.
    const left = migrations.slice(count).flatMap(({ proof }) => proof.leaves ?? []);
    const domain = migrations[0]?.domain ?? session.name;
    try {
      opened ??= openShadow();
      const shadow = await opened;
      const facts = withoutLeft(governed(live), left);
      const found = await resolve(recordedSource(session.name, facts, session.version), shadow);
      if (isProved(migrations, count, shadow, found)) return [];
      const wanted = await resolve(replaySource(domain, migrations.slice(0, count), await start()), shadow);
      return diffFacts(governed(wanted), governed(found));
    } catch (error) {
      if (error instanceof Diagnostic) return error.why ?? error.what;
      throw error;
    }
  };
  try {
    return await work({ differences });
  } finally {
    await (await opened?.catch(() => undefined))?.close();
  }
}

/** Most often the shadow prints what the proof saw, and the migrations need not be run again to compare. */
function isProved(migrations: readonly Migration[], count: number, shadow: Shadow, found: FactIndex): boolean {
  const proof = migrations[Math.max(0, count - 1)]?.proof;
  if (proof === undefined || !isComparable(proof, shadow)) return false;
  return fingerprint(found) === (count === 0 ? proof.before : proof.after);
}
