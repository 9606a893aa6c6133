import { diffFacts } from "../diff/diffFacts.ts";
import type { FactId, FactIndex } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";
import { type Graph, graphOf } from "../plan/graph.ts";
import { recordedSource } from "./recordedSource.ts";
import type { Recorded, Source } from "./source.ts";

/**
 * Of two recorded states, the part that their difference can concern: what differs, all that depends on it, the tables and
 * other wholes that these are parts of, and what it takes to make them. A plan between the parts is a plan between the
 * states, and what proving it costs does not grow with what stays as it is.
 * @returns null where the states must be resolved first, because they were written, or printed by different major versions
 */
export function sliceSources(from: Source, to: Source): readonly [Source, Source] | null {
  const [a, b] = [from.recorded, to.recorded];
  if (a === undefined || b === undefined || !arePrintedAlike(a, b)) return null;
  const kept = concerned(a.facts, b.facts);
  const part = (source: Source, { facts, version }: NonNullable<Source["recorded"]>): Source => ({
    ...source,
    ...recordedSource(source.name, new Map([...facts].filter(([id]) => kept.has(id))), version),
  });
  return [part(from, a), part(to, b)];
}

/** Whether the same text means the same in both. */
export const arePrintedAlike = (a: Recorded, b: Recorded): boolean =>
  Math.floor(a.version / 10_000) === Math.floor(b.version / 10_000);

function concerned(current: FactIndex, desired: FactIndex): ReadonlySet<FactId> {
  const graphs = [graphOf(current), graphOf(desired)];
  const seeds = diffFacts(current, desired).map((delta) => (delta.verb === "change" ? delta.to.id : delta.fact.id));
  const touched = reach(seeds, (id) => graphs.flatMap((graph) => graph.dependents(id).map((fact) => fact.id)));
  const wholes = reach(
    graphs.flatMap((graph) => [...touched].map((id) => rootOf(id, graph))),
    (id) => graphs.flatMap((graph) => graph.children(id).map((fact) => fact.id)),
  );
  const ambient = graphs.flatMap(({ facts }) =>
    [...facts.values()].filter((fact) => kindOf(fact).ambient === true).map(({ id }) => id),
  );
  return reach([...touched, ...wholes, ...ambient], (id) =>
    graphs.flatMap(({ facts }) => facts.get(id)?.dependsOn ?? []),
  );
}

function rootOf(id: FactId, graph: Graph): FactId {
  const parent = graph.facts.get(id)?.parent;
  return parent === null || parent === undefined ? id : rootOf(parent, graph);
}

/** The ids themselves and all that leads on from them. */
function reach(ids: readonly FactId[], next: (id: FactId) => readonly FactId[]): ReadonlySet<FactId> {
  const found = new Set(ids);
  for (const id of found) for (const further of next(id)) found.add(further);
  return found;
}
