import { plural } from "../quantities.ts";
import { type Relation, readCounted } from "./relations.ts";
import type { Job, Surroundings, Task } from "./task.ts";
import { notAllowed, SHARE_OF_AUTOVACUUM } from "./words.ts";

const NEVER_ANALYZED = 100;

/** The planner's statistics. Of partitioned tables nobody else makes them: autovacuum looks at partitions only. */
export const analyze: Task = {
  does: "ANALYZE of tables that changed, and of partitioned ones",
  find: async (around) =>
    [...around.relations.values()]
      .filter(({ oid }) => !around.vacuumed.has(oid))
      .map((relation) => jobOf(relation, around))
      .sort((a, b) => b.need - a.need),
};

function jobOf(one: Relation, { session, relations }: Surroundings): Job {
  const relation = one.isPartitioned ? asWhole(one, [...relations.values()]) : one;
  const { oid, path, isPartitioned, bytes, changedRows, analyses } = relation;
  const [reason, need] = needOf(relation);
  // Before PostgreSQL 18 its partitions come along.
  const only = isPartitioned && session.version >= 180_000 ? "ONLY " : "";
  return {
    object: path,
    relation,
    bytes,
    need,
    reason,
    obstacle: relation.mayVacuum ? undefined : notAllowed(path, session),
    sql: [`ANALYZE (SKIP_LOCKED) ${only}${path}`],
    before: { changedRows },
    measure: async (hasWarned) => {
      const after = await readCounted(session, oid, (one) => one.analyses > analyses);
      return after === undefined || (hasWarned && after.analyses === analyses)
        ? null
        : { changedRows: after.changedRows };
    },
  };
}

/** Nobody counts what changes in a partitioned table; its partitions do, until they are analysed themselves. */
function asWhole(relation: Relation, relations: readonly Relation[]): Relation {
  const partitions = relations.filter(({ ancestors }) => ancestors.includes(relation.path));
  const sum = (of: (one: Relation) => number): number => partitions.reduce((all, one) => all + of(one), 0);
  const liveRows = sum((one) => one.liveRows);
  const drifted = relation.isAnalyzed ? Math.abs(liveRows - relation.rowEstimate) : 0;
  const changedRows = Math.max(
    sum((one) => one.changedRows),
    drifted,
  );
  return { ...relation, bytes: sum((one) => one.bytes), liveRows, changedRows };
}

function needOf({ isAnalyzed, liveRows, changedRows, analyzeAt }: Relation): readonly [reason: string, need: number] {
  if (!isAnalyzed) return liveRows > 0 ? ["never analysed", NEVER_ANALYZED] : ["empty", 0];
  const need = changedRows / (analyzeAt * SHARE_OF_AUTOVACUUM);
  return [`${plural(changedRows, "changed row")} since its last ANALYZE`, need >= 1 ? need : 0];
}
