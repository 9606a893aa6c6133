import type { Fact, FactId, FactIndex } from "../facts.ts";
import { factId, ofKind, type Surroundings } from "./kind.ts";

type Partition = { readonly partitionOf: string | null; readonly partitionBound: string | null };
type ForeignKey = { readonly type: string; readonly isInherited: boolean };

/** The partitioned tables above a partition, nearest first. */
export function tablesAbove(id: FactId, facts: FactIndex): readonly FactId[] {
  const parent = facts.get(id)?.attributes.partitionOf;
  if (typeof parent !== "string") return [];
  return [factId("table", parent), ...tablesAbove(factId("table", parent), facts)];
}

/** Whether the table is no partition for a while, or becomes one, so that it gets what its parent has after all else. */
export function isAttachedLate(id: FactId, around: Surroundings): boolean {
  const [now, was] = [around.facts.get(id)?.attributes, around.others.get(id)?.attributes];
  if (now === undefined || was === undefined || around.isNew(id) || now.partitionOf === null) return false;
  return now.partitionOf !== was.partitionOf || now.partitionBound !== was.partitionBound;
}

/** Foreign keys of both states that point at one of the tables. */
export function keysPointingAt(tables: readonly FactId[], around: Surroundings): readonly FactId[] {
  return ofKind<ForeignKey>(around.others.values(), "constraint")
    .filter(({ id, attributes: a }) => a.type === "foreign key" && !a.isInherited && around.facts.has(id))
    .filter((key) => targetsOf(key, around.others).some((target) => tables.includes(target)))
    .map(({ id }) => id);
}

/** The table of the key that it leans on, which may be its own. */
const targetsOf = (key: Fact<ForeignKey>, facts: FactIndex): readonly FactId[] =>
  key.dependsOn.flatMap((id) => {
    const fact = facts.get(id);
    return fact === undefined || fact.kind === "column" ? [] : (fact.parent ?? []);
  });

/** Whether rows move between the partitions of what the foreign key points at, and are not all there before the end. */
export const waitsForRows = (key: Fact, around: Surroundings): boolean =>
  around.others.has(key.id) &&
  ofKind<Partition>(around.facts.values(), "table").some(({ id, attributes: a }) => {
    const was = around.others.get(id)?.attributes;
    if (a.partitionOf === null || was?.partitionOf !== a.partitionOf || was.partitionBound === a.partitionBound)
      return false;
    const above = tablesAbove(id, around.facts);
    return targetsOf(key as Fact<object> as Fact<ForeignKey>, around.facts).some((target) => above.includes(target));
  });
