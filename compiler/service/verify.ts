import { type Check, check } from "../apply/check.ts";
import { listDeltas } from "../apply/gate.ts";
import { status } from "../apply/status.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { Delta } from "../diff/diffFacts.ts";
import type { Migration } from "../migrations/migration.ts";
import type { Session } from "../session/session.ts";

/** Whether a database is what the migrations of this release lead to. */
export interface Verification {
  /** Names of migrations, in their order. */
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** How it differs from what Verso left. */
  readonly drift: readonly Delta[];
  /** When Verso left it so. */
  readonly recordedAt: string | null;
  /** What is not as it should be; empty for a database that is up to date. */
  readonly problems: readonly Diagnostic[];
  /** What could not be compared. */
  readonly notes: readonly string[];
}

/**
 * Verifies by the ledger and the catalog alone, without a shadow. Reads only.
 * @throws Diagnostic `ledger-refused`, `target-other-domain`
 */
export async function verify(
  session: Session,
  domain: string,
  migrations: readonly Migration[],
): Promise<Verification> {
  const found = await check(session, domain);
  const standing = await status(session, migrations);
  const nameAll = (isMeant: (state: (typeof standing.migrations)[number]["state"]) => boolean): readonly string[] =>
    standing.migrations.filter(({ state }) => isMeant(state)).map(({ name }) => name);
  const pending = nameAll((state) => state === "pending");
  const problems = standing.migrations.flatMap(({ name, problem }) =>
    problem === null ? [] : [new Diagnostic({ ...problem, what: `${name}: ${problem.what}` })],
  );
  return {
    applied: nameAll((state) => state === "applied"),
    pending,
    drift: found.drift,
    recordedAt: found.recordedAt,
    problems: [
      ...problems,
      ...unfinished(
        nameAll((state) => state === "applying" || state === "rolling back"),
        standing.lockedBy?.holder,
      ),
      ...waiting(pending, session),
      ...drifted(found, session),
    ],
    notes: found.notes,
  };
}

const unfinished = (names: readonly string[], holder: string | undefined): readonly Diagnostic[] =>
  names.map(
    (name) =>
      new Diagnostic({
        code: "migration-unfinished",
        what: `${name} is applied in part`,
        why: holder === undefined ? "the run that applied it broke off" : `${holder} is at it now`,
        next:
          holder === undefined
            ? "`verso status` shows how far it came; run `verso apply` to go on"
            : "wait for its end",
      }),
  );

function waiting(pending: readonly string[], { name }: Session): readonly Diagnostic[] {
  if (pending.length === 0) return [];
  return [
    new Diagnostic({
      code: "migrations-pending",
      what: `${pending.length === 1 ? "1 migration is" : `${pending.length} migrations are`} not applied to ${name}`,
      why: pending.join(", "),
      next: "run `verso apply`",
    }),
  ];
}

function drifted({ drift, recordedAt }: Check, { name }: Session): readonly Diagnostic[] {
  if (drift.length === 0) return [];
  return [
    new Diagnostic({
      code: "target-drifted",
      what: `${name} was changed outside of Verso since ${recordedAt}`,
      why: listDeltas(drift),
      next: "undo these changes, or take them into the definitions; `verso check` lists them all",
    }),
  ];
}
