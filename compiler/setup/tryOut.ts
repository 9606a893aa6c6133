import type { FactId, FactIndex } from "../facts.ts";
import type { Trial } from "../kinds/kind.ts";
import { kindOf } from "../kinds/registry.ts";
import { asRecordedBy } from "../resolve/asRecordedBy.ts";
import { DatabaseError, type Session } from "../session/session.ts";

/** What came of a trial. */
export interface Tried {
  readonly of: Trial["of"];
  readonly what: string;
  readonly works: boolean;
  /** It was not seen to work, and could not be: this role may not try it. */
  readonly isOutOfReach: boolean;
  /** What was found; for what does not work, what PostgreSQL said. */
  readonly found: string;
}

/** What of a state can be tried on a live database: extensions, roles, grants, settings. */
export function trialsOf(facts: FactIndex, version: number): readonly Trial[] {
  const lowered = asRecordedBy(version, facts);
  const designate = (id: FactId): string => {
    const fact = lowered.get(id);
    return fact === undefined ? id : (kindOf(fact).designate?.(fact.attributes) ?? id);
  };
  return [...lowered.values()].flatMap((fact) => {
    const trial = kindOf(fact).trial?.(fact, { facts: lowered, designate, version }) ?? null;
    return trial === null ? [] : [trial];
  });
}

/** Tries out, without changing anything. */
export async function tryOut(session: Session, trials: readonly Trial[]): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  await session.run("BEGIN READ ONLY");
  try {
    for (const trial of trials) tried.push(await attempt(session, trial));
  } finally {
    await session.run("ROLLBACK");
  }
  return tried;
}

async function attempt(session: Session, { of, what, sql }: Trial): Promise<Tried> {
  await session.run("SAVEPOINT trial");
  try {
    const [row] = await session.query<{ found: string | null; works: boolean | null; isOutOfReach?: boolean }>(sql);
    const works = row?.works === true;
    return {
      of,
      what,
      works,
      isOutOfReach: !works && row?.isOutOfReach === true,
      found: row === undefined ? "it is not there" : (row.found ?? "nothing"),
    };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { of, what, works: false, isOutOfReach: false, found: `${error.message} (SQLSTATE ${error.code})` };
  } finally {
    // Settings that a trial makes for itself go with it.
    await session.run("ROLLBACK TO SAVEPOINT trial");
  }
}
