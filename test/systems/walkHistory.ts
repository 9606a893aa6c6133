import { expect } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { check } from "../../compiler/apply/check.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { describeDelta, diffFacts } from "../../compiler/diff/diffFacts.ts";
import type { FactIndex } from "../../compiler/facts.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { withoutIdleRoles } from "../../compiler/resolve/recordedSource.ts";
import type { SystemDatabase } from "./systemDatabase.ts";

/** Looks at the database each time it stands at a migration, going up (`arrived`) and coming down (`returned`). */
export interface Walk {
  readonly arrived?: (migration: string) => Promise<void>;
  readonly returned?: (migration: string) => Promise<void>;
  /** Facts that the way down may leave. */
  readonly stays?: (fact: string) => boolean;
}

/**
 * Empty → latest → empty, one migration at a time: coming down, the catalog at every stop is the one that was there going
 * up, and the ledger never sees drift.
 */
export async function walkHistory({ session, migrations }: SystemDatabase, walk: Walk = {}): Promise<void> {
  const { stays = () => false } = walk;
  const stops: FactIndex[] = [await readCatalog(session)];
  for (const { name } of migrations) {
    await apply(session, migrations, { to: name, acceptDataLoss: true });
    expect((await check(session)).drift).toEqual([]);
    stops.push(await readCatalog(session));
    await walk.arrived?.(name);
  }
  for (const { name } of migrations.toReversed()) {
    await rollback(session, { acceptDataLoss: true });
    stops.pop();
    const before = stops.at(-1);
    if (before === undefined) throw new Error("more came down than went up");
    const deltas = diffFacts(withoutIdleRoles(before), withoutIdleRoles(await readCatalog(session)));
    const unexpected = deltas.filter((delta) => !(delta.verb === "add" && stays(delta.fact.id)));
    expect(unexpected.map(describeDelta), `after the rollback of ${name}`).toEqual([]);
    await walk.returned?.(name);
  }
}
