import type { FactId } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";
import { lookAtRows, type Obstacle } from "../kinds/rowsToBe.ts";
import type { ProvedMigration } from "../prove/proveMigration.ts";
import { DatabaseError, type Session } from "../session/session.ts";
import { statementsOf } from "./steps.ts";

export type { Obstacle } from "../kinds/rowsToBe.ts";

/** An obstacle that is really there: how many rows, and the first few by their keys. */
export interface FoundObstacle extends Obstacle {
  /** Null when PostgreSQL could not tell, because a value converts to no value of its column's next type. */
  readonly rows: number | null;
  readonly sample: readonly Readonly<Record<string, unknown>>[];
  /** What PostgreSQL said, where it could not tell. */
  readonly error?: string;
}

const SHOWN = 5;

/** What a proved migration asks of the rows of a database that stands at its start, in the order in which it meets them. */
export function obstaclesOn({ current, desired, hints, forward }: ProvedMigration): readonly Obstacle[] {
  const changes = statementsOf(forward);
  const looks = lookAtRows({ current, desired, hints, changes });
  const touched = new Set<FactId>();
  for (const { verb, id } of changes) if (verb === "create" || verb === "alter") touched.add(id);
  return [...touched].flatMap((id) => {
    const fact = desired.get(id);
    return (fact === undefined ? null : kindOf(fact).obstacle?.(fact, looks)) ?? [];
  });
}

/**
 * Counts on a live database the rows that stand in a migration's way, or will be set aside by it. Only reads.
 * @returns those obstacles of which there is at least one row, in the order in which the migration meets them
 */
export async function findObstacles(
  session: Session,
  obstacles: readonly Obstacle[],
): Promise<readonly FoundObstacle[]> {
  const found: FoundObstacle[] = [];
  for (const obstacle of obstacles) {
    const one = await countObstacle(session, obstacle);
    if (one.rows !== 0) found.push(one);
  }
  return found;
}

async function countObstacle(session: Session, obstacle: Obstacle): Promise<FoundObstacle> {
  try {
    const [row] = await session.query<{ rows: number; sample: FoundObstacle["sample"] }>(`
      with found as (select q, row_number() over () as n from (${obstacle.query}) as q)
      select (select count(*)::int from found) as rows,
        (select coalesce(jsonb_agg(to_jsonb(q) order by n), '[]') from found where n <= ${SHOWN}) as sample`);
    return { ...obstacle, rows: row?.rows ?? 0, sample: row?.sample ?? [] };
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return { ...obstacle, rows: null, sample: [], error: error.message };
  }
}

/** In one line: `2 rows of public.projects whose user_id is in no row of public.profiles will be set aside: (id b4, user_id …)`. */
export function describeObstacle({ rows, what, fate, sample, error }: FoundObstacle): string {
  if (rows === null) return `it cannot be told whether there are ${what}: ${error}`;
  const verb = fate === "refused" ? (rows === 1 ? "stands in the way" : "stand in the way") : "will be set aside";
  const keys = sample.map((row) =>
    Object.entries(row)
      .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
      .join(", "),
  );
  const more = rows > sample.length ? "; …" : "";
  return `${rows} ${rows === 1 ? what.replace(/^rows/, "row") : what} ${verb}: ${keys.join("; ")}${more}`;
}
