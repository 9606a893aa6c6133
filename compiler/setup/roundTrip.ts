import { apply } from "../apply/apply.ts";
import { check } from "../apply/check.ts";
import { rollback } from "../apply/rollback.ts";
import { history } from "../apply/status.ts";
import { Diagnostic } from "../diagnostic.ts";
import { describeDelta } from "../diff/diffFacts.ts";
import type { Migration } from "../migrations/migration.ts";
import { replaySource } from "../migrations/replay.ts";
import type { Source } from "../resolve/source.ts";
import type { Shadow } from "../shadow/shadow.ts";

export interface RoundTrip {
  /** Where it was made: `PostgreSQL 18.3 (embedded)`. */
  readonly on: string;
  /** Names of migrations, in the order in which they were run. */
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly upAgain: readonly string[];
  /** What the ledger has of it: `applied 0001_initial`. */
  readonly history: readonly string[];
}

/**
 * All migrations up, the last one down, up again, on a scratch database that is dropped after. After each, the database must be
 * what the ledger says.
 * @param start what there was before the first one
 * @throws Diagnostic `round-trip-differs`, and what `apply` and `rollback` throw
 */
export async function roundTrip(
  shadow: Shadow,
  domain: string,
  migrations: readonly Migration[],
  start: Source,
): Promise<RoundTrip> {
  const { extensions } = replaySource(domain, migrations, start);
  const session = await shadow.scratch({ extensions });
  try {
    await start.build(session, new Set());
    const options = { acceptDataLoss: true };
    const namesOf = async ({ moves }: Awaited<ReturnType<typeof apply>>): Promise<readonly string[]> => {
      const { drift } = await check(session, domain);
      if (drift.length > 0) {
        throw new Diagnostic({
          code: "round-trip-differs",
          what: `the migrations of ${domain} do not lead to what their ledger says`,
          why: drift.map(describeDelta).join("; "),
          next: "this is a defect of Verso: please report it with the migration",
        });
      }
      return moves.map(({ name }) => name);
    };
    return {
      on: shadow.label,
      up: await namesOf(await apply(session, migrations, options)),
      down: await namesOf(await rollback(session, options)),
      upAgain: await namesOf(await apply(session, migrations, options)),
      history: (await history(session)).map(({ event, migration }) => `${event} ${migration}`),
    };
  } finally {
    await session.close();
  }
}
