import { type Delta, diffFacts } from "../diff/diffFacts.ts";
import type { Fact, FactId, FactIndex, Hint } from "../facts.ts";
import type { Statement, Surroundings } from "../kinds/kind.ts";
import { kindOf } from "../kinds/registry.ts";
import { type Graph, graphOf } from "./graph.ts";

export type Refusals = ReadonlyMap<FactId, readonly string[]>;

export const wasRefused = (refused: Refusals, id: FactId, sqlstate: string): boolean =>
  refused.get(id)?.includes(sqlstate) === true;

export const withRefusal = (refused: Refusals, id: FactId, sqlstate: string): Refusals =>
  new Map([...refused, [id, [...(refused.get(id) ?? []), sqlstate]]]);

export interface PlanOptions {
  readonly hints: ReadonlyMap<FactId, Hint>;
  /** server_version_num of the database that the plan is for. */
  readonly version: number;
  /** Prefer several short steps to one transaction, where a statement would hold a strong lock for long. */
  readonly online?: boolean;
  /** Facts to be replaced although they could be altered, because altering them would close a cycle. */
  readonly replaced?: ReadonlySet<FactId>;
  /** What the shadow refused in earlier attempts: SQLSTATEs by fact. */
  readonly refused: Refusals;
}

/** What is to happen to each fact; a fact both dropped and created is replaced. */
export interface Changes {
  readonly current: Graph;
  readonly desired: Graph;
  readonly dropped: ReadonlySet<FactId>;
  readonly created: ReadonlySet<FactId>;
  readonly altered: ReadonlyMap<FactId, readonly Statement[]>;
}

const NO_HINT: Hint = {};

export function surroundings(
  facts: Graph,
  others: FactIndex,
  created: ReadonlySet<FactId>,
  folded: (id: FactId) => readonly string[],
  options: PlanOptions,
): Surroundings {
  const around: Surroundings = {
    facts: facts.facts,
    others,
    version: options.version,
    folded,
    create: (id) => {
      const fact = facts.facts.get(id);
      return fact === undefined ? [] : kindOf(fact).create(fact, { ...around, folded: () => [] });
    },
    designate: (id) => {
      const fact = facts.facts.get(id) ?? others.get(id);
      return fact === undefined ? "" : (kindOf(fact).designate?.(fact.attributes) ?? "");
    },
    hint: (id) => options.hints.get(id) ?? NO_HINT,
    dependents: (id) => facts.dependents(id),
    refused: (id, sqlstate) => {
      const codes = options.refused.get(id);
      return codes !== undefined && (sqlstate === undefined || codes.includes(sqlstate));
    },
    inUse: (id) => options.online === true && others.has(id) && !created.has(id),
    isNew: (id) => created.has(id),
  };
  return around;
}

/** Decides for each fact whether it is altered, replaced, or rebuilt because something beneath it is. */
export function decideChanges(currentFacts: FactIndex, desiredFacts: FactIndex, options: PlanOptions): Changes {
  const current = graphOf(currentFacts);
  const desired = graphOf(desiredFacts);
  const dropped = new Set<FactId>();
  const created = new Set<FactId>();
  const altered = new Map<FactId, readonly Statement[]>();
  const deltas = diffFacts(currentFacts, desiredFacts);
  for (const delta of deltas) if (delta.verb === "add") created.add(delta.fact.id);

  const around = surroundings(desired, currentFacts, created, () => [], options);
  const replaced: FactId[] = [];
  const replace = (id: FactId): void => {
    if (dropped.has(id)) return;
    dropped.add(id);
    created.add(id);
    altered.delete(id);
    replaced.push(id);
  };
  for (const delta of deltas) {
    if (delta.verb === "remove") {
      dropped.add(delta.fact.id);
      replaced.push(delta.fact.id);
    } else if (delta.verb === "change") {
      const statements = options.replaced?.has(delta.to.id) ? "replace" : alterStatements(delta, around);
      if (statements === "replace") replace(delta.to.id);
      else altered.set(delta.to.id, statements);
    }
  }
  const carried = new Set([...altered.values()].flat().flatMap(({ carries = [] }) => carries));
  for (const [id, statements] of [...altered]) {
    for (const { rebuilds, replaces = [] } of statements) {
      if (rebuilds !== undefined)
        for (const reader of pinnedBy(id, rebuilds, current, carried)) if (desiredFacts.has(reader)) replace(reader);
      for (const other of replaces) if (desiredFacts.has(other)) replace(other);
    }
  }
  // What stands on them waits for them as for whatever is altered.
  for (const id of carried) if (!altered.has(id)) altered.set(id, []);
  for (let id = replaced.shift(); id !== undefined; id = replaced.shift()) {
    for (const dependent of current.dependents(id)) {
      if (carried.has(dependent.id)) continue;
      if (mustFollow(dependent, id, { current, desired, dropped, altered })) replace(dependent.id);
    }
  }
  for (const id of dropped) altered.delete(id);
  // What is dropped and created meanwhile needs no altering from without.
  for (const delta of deltas) {
    if (delta.verb !== "change" || !altered.has(delta.to.id)) continue;
    const statements = alterStatements(delta, around);
    if (statements !== "replace") altered.set(delta.to.id, statements);
  }
  return { current, desired, dropped, created, altered };
}

function alterStatements(
  delta: Extract<Delta, { verb: "change" }>,
  around: Surroundings,
): readonly Statement[] | "replace" {
  const fates = kindOf(delta.to).alter;
  const statements = new Map<string, Statement>();
  for (const name of delta.attributes) {
    const fate = fates[name];
    if (fate === undefined) throw new Error(`${delta.to.kind}.${name} has no fate`);
    if (fate === "replace") return "replace";
    if (typeof fate === "string") continue;
    const answer = fate(delta, around);
    if (answer === "replace") return "replace";
    for (const one of answer) if (!statements.has(one.sql)) statements.set(one.sql, one);
  }
  return [...statements.values()];
}

/** Facts that cannot stay while `id` is altered, each before those that it depends on. */
function pinnedBy(
  id: FactId,
  rebuilds: "readers" | "all",
  current: Graph,
  carried: ReadonlySet<FactId>,
): readonly FactId[] {
  const pinned: FactId[] = [];
  for (const dependent of current.dependents(id)) {
    const kind = kindOf(dependent);
    const isAttached = kind.attaches === true;
    if (goesAlong(dependent, id)) pinned.push(...pinnedBy(dependent.id, rebuilds, current, carried));
    else if (kind.pins?.(dependent.attributes)) pinned.push(dependent.id);
    else if (rebuilds === "readers") continue;
    else if (kind.holdsData || carried.has(dependent.id))
      pinned.push(...pinnedBy(dependent.id, "all", current, carried));
    else if (!isAttached || !kindOf({ kind: current.kind(id) }).holdsData) pinned.push(dependent.id);
  }
  return pinned;
}

const goesAlong = (fact: Fact, id: FactId): boolean => kindOf(fact).goesAlong?.(fact.attributes).includes(id) === true;

/** Whether a fact that stays must nevertheless be dropped with what it depends on, and created again after. */
function mustFollow(dependent: Fact, gone: FactId, changes: Omit<Changes, "created">): boolean {
  const after = changes.desired.facts.get(dependent.id);
  if (after === undefined || changes.dropped.has(dependent.id)) return false;
  if (dependent.parent === gone) return true;
  if (goesAlong(dependent, gone) && goesAlong(after, gone)) return true;
  const kind = kindOf(dependent);
  if (kind.holdsData && !kind.pins?.(dependent.attributes)) return false;
  const lets = changes.altered.has(dependent.id) && !after.dependsOn.includes(gone);
  return !lets;
}
