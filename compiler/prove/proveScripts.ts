import { Diagnostic } from "../diagnostic.ts";
import { describeDelta, diffFacts } from "../diff/diffFacts.ts";
import type { FactId, FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";
import type { PlannedStatement, Step } from "../plan/steps.ts";
import { readCatalog } from "../read/readCatalog.ts";
import type { Source } from "../resolve/source.ts";
import type { Shadow } from "../shadow/shadow.ts";
import { withoutLeft } from "./leftBehind.ts";
import { observeStatements } from "./observe.ts";
import { type Phase, type ProvedMigration, tryRenames } from "./proveMigration.ts";
import { judgeReleases, type ReleasesAsked } from "./releases.ts";
import { lostValues, plantRows, takeCensus } from "./rows.ts";
import { type RunnableStep, runSteps, StatementRefused } from "./runSteps.ts";

/** Statements as a person left them in a script, with what the last proof knew of those that are still there. */
export interface EditedSide {
  readonly file: string;
  readonly steps: readonly RunnableStep<{ readonly sql: string }>[];
  readonly destroys: readonly { readonly id: FactId; readonly sql: string; readonly what: string }[];
  readonly observations: readonly { readonly id: FactId; readonly sql: string }[];
}

/**
 * Proves scripts that were edited by hand: forward from `from`, then rollback, which must lead back to exactly what was
 * there. Where forward leads is what it is; the caller compares it with what it should be.
 * @throws Diagnostic `statement-refused` or `proof-failed`
 */
export async function proveScripts(
  from: Source,
  forward: EditedSide,
  rollback: EditedSide,
  shadow: Shadow,
  {
    left,
    hints,
    releases: asked,
    onPhase = () => {},
  }: {
    /** What rollback may leave in place. */
    readonly left: readonly FactId[];
    /** What definitions say of the state that forward leads to. */
    readonly hints: Source["hints"];
    /** Run the statements of services too, after each step. */
    readonly releases?: ReleasesAsked;
    readonly onPhase?: (phase: Phase) => void;
  },
): Promise<ProvedMigration> {
  const build = async () => {
    const built = await shadow.scratch({ extensions: from.extensions });
    await from.build(built, new Set());
    return built;
  };
  onPhase("building the states");
  let session = await build();
  try {
    const current = await readCatalog(session);
    const steps = { forward: plannedSteps(forward), rollback: plannedSteps(rollback) };
    const planned = steps.forward.flatMap(({ statements }) => statements);
    const plant = () => plantRows(session, current, { plan: () => planned, hints });
    onPhase("planting rows");
    const planted = await plant();
    const before = await takeCensus(session, current);
    const sides = { forward: observeStatements(), rollback: observeStatements() };
    onPhase("going forward");
    await runSteps(session, steps.forward, sides.forward).catch((error) => Promise.reject(refusal(error, forward)));
    const desired = await readCatalog(session);
    onPhase("going back");
    await runSteps(session, steps.rollback, sides.rollback).catch((error) => Promise.reject(refusal(error, rollback)));
    const deltas = diffFacts(withoutLeft(await readCatalog(session), left), current);
    if (deltas.length > 0) {
      throw new Diagnostic({
        code: "proof-failed",
        what: "rollback.sql does not lead back to the state that forward.sql starts from",
        at: rollback.file,
        why: `still different: ${deltas.map(describeDelta).join("; ")}`,
        next: "mend rollback.sql and prove again; nothing was written",
      });
    }
    // Only now is it known which of the statements make what was not there before.
    const told = ({ statements, ...step }: Step): Step => ({
      ...step,
      statements: statements.map((one) =>
        desired.has(one.id) && !current.has(one.id) ? { ...one, verb: "create" } : one,
      ),
    });
    const valuesLost = lostValues(before, await takeCensus(session, current), current);
    const renamed = await tryRenames(session, current, desired, hints);
    if (asked !== undefined) onPhase("running services' statements after each step");
    const releases =
      asked === undefined
        ? undefined
        : await judgeReleases(
            {
              atStart: async () => {
                if (valuesLost.length === 0) return session;
                await session.close();
                session = await build();
                await plant();
                return session;
              },
              forward: steps.forward.map(placed(current, desired)),
              rollback: steps.rollback.map(placed(current, desired)),
              current,
              desired,
              beforeRollback: async () => {},
            },
            asked,
          );
    return {
      forward: steps.forward.map(told),
      rollback: steps.rollback,
      current,
      desired,
      starts: current,
      ends: desired,
      returns: current,
      hints,
      leaves: new Map([...desired].filter(([id]) => left.includes(id))),
      short: { forward: [], rollback: [] },
      ...renamed,
      suspects: [],
      reached: desired,
      isObserved: false,
      unmodelled: { from: [], to: [] },
      proof: {
        shadow: shadow.label,
        version: shadow.version,
        ...planted,
        forward: sides.forward.observations(),
        rollback: sides.rollback.observations(),
        refusedOverRows: null,
        valuesLost,
        ...(releases === undefined ? {} : { releases }),
      },
    };
  } finally {
    await session.close();
  }
}

const BY_HAND = "by hand" as FactId;

function plannedSteps({ steps, destroys, observations }: EditedSide): readonly Step[] {
  const destructions = new Map(destroys.map((one) => [one.sql, one]));
  const ids = new Map([...observations, ...destroys].map(({ sql, id }) => [sql, id]));
  const planned = ({ sql }: { readonly sql: string }): PlannedStatement => {
    const destruction = destructions.get(sql);
    return {
      sql,
      verb: "alter",
      id: ids.get(sql) ?? BY_HAND,
      ...(destruction === undefined ? {} : { destroys: destruction.what }),
    };
  };
  return steps.map(({ transactional, statements }) => ({ transactional, statements: statements.map(planned) }));
}

/** Gives what is written by hand the change that it speaks of: the one all of whose names it has, and the most. */
function placed(current: FactIndex, desired: FactIndex): (step: Step) => Step {
  const changed = diffFacts(current, desired).map((delta) => {
    const fact = delta.verb === "change" ? delta.to : delta.fact;
    return { id: fact.id, words: wordsIn(kindOf(fact).path(fact.attributes)) };
  });
  const place = (one: PlannedStatement): PlannedStatement => {
    if (one.id !== BY_HAND) return one;
    const words = new Set(wordsIn(one.sql));
    const spoken = changed.filter((change) => change.words.every((word) => words.has(word)));
    const [found] = spoken.sort((a, b) => b.words.length - a.words.length);
    return found === undefined ? one : { ...one, id: found.id };
  };
  return (step) => ({ ...step, statements: step.statements.map(place) });
}

const wordsIn = (text: string): readonly string[] => text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];

function refusal(error: unknown, side: EditedSide): unknown {
  if (!(error instanceof StatementRefused)) return error;
  return new Diagnostic(
    {
      code: "statement-refused",
      what: `PostgreSQL refuses a statement: ${error.statement.sql}`,
      at: side.file,
      why: `${error.refusal.message} (SQLSTATE ${error.refusal.code})`,
      next: "mend the script and prove again; nothing was written",
    },
    error,
  );
}
