import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import type { Statement } from "../kinds/kind.ts";
import { kindOf, rankOf } from "../kinds/registry.ts";
import { type Changes, decideChanges, type PlanOptions, surroundings } from "./changes.ts";
import type { Graph } from "./graph.ts";
import { type Node, orderNodes } from "./order.ts";

/** Statements for one fact, with what it is called; folded facts travel with the one whose CREATE holds them. */
export interface Action {
  readonly verb: "rename" | "drop" | "alter" | "create";
  readonly id: FactId;
  readonly statements: readonly Statement[];
}

/**
 * Ordered actions that turn `current` into `desired`. Drops come before what they depend on, creates after; where
 * dependencies leave a choice, drops first, then by kind and name.
 * @throws Diagnostic `cycle` when facts need one another in a way that no split of statements resolves
 */
export function planActions(current: FactIndex, desired: FactIndex, options: PlanOptions): readonly Action[] {
  const replaced = new Set(options.replaced);
  // Facts that must not travel with their parent's statement, because that would close a cycle.
  const apart = new Set<FactId>();
  for (;;) {
    const changes = decideChanges(current, desired, { ...options, replaced });
    const groups = groupChanges(changes, apart, options);
    const result = orderNodes(groups.nodes, groups.edges);
    if (result.cycle === null) return result.ordered.flatMap((node) => groups.actionOf(node));
    const isSplit =
      splitCycle(result.cycle, groups, changes, apart) ||
      replaceInCycle(groups.alteredIn(result.cycle), changes, replaced);
    if (!isSplit) {
      throw new Diagnostic({
        code: "cycle",
        what: `these objects need one another and cannot be ordered: ${result.cycle.map((node) => node.key).join(" → ")}`,
        next: "take one of the dependencies out, or put it in a migration of its own",
      });
    }
  }
}

/** After drops (0) and everything else (1). */
const LATE = 2;
const END = 3;
const EARLY = -1;

interface Groups {
  readonly nodes: readonly Node[];
  readonly edges: ReadonlyMap<string, ReadonlySet<string>>;
  readonly dropNode: (id: FactId) => string;
  readonly createNode: (id: FactId) => string;
  readonly alteredIn: (nodes: readonly Node[]) => readonly FactId[];
  readonly actionOf: (node: Node) => readonly Action[];
}

function groupChanges(changes: Changes, apart: ReadonlySet<FactId>, options: PlanOptions): Groups {
  const { current, desired, dropped, created, altered } = changes;
  const folding = foldClauses(changes, apart, options);
  const around = surroundings(desired, current.facts, created, folding.clauses, options);
  const aroundDrops = surroundings(current, desired.facts, created, () => [], options);

  const dropRoots = new Map<FactId, FactId>();
  const dropRoot = (id: FactId): FactId => {
    const known = dropRoots.get(id);
    if (known !== undefined) return known;
    dropRoots.set(id, id);
    const root = impliedBy(id, current, dropped, apart);
    const answer = root === undefined ? id : dropRoot(root);
    dropRoots.set(id, answer);
    return answer;
  };
  const dropNode = (id: FactId) => `drop ${dropRoot(id)}`;
  const createNode = (id: FactId) => `create ${folding.rootOf(id)}`;
  const alterNode = (id: FactId) => `alter ${id}`;

  const nodes: Node[] = [];
  const edges = new Map<string, Set<string>>();
  const before = (first: string, then: string): void => {
    if (first === then) return;
    const set = edges.get(first);
    if (set === undefined) edges.set(first, new Set([then]));
    else set.add(then);
  };
  const actions = new Map<string, Action>();
  const add = (key: string, fact: Fact, phase: number, action: Action): void => {
    const rank = phase === 0 ? -rankOf(fact) : rankOf(fact);
    const order = kindOf(fact).order?.(fact.attributes) ?? 0;
    // What holds rows within something that does, columns, stay together by that.
    const whole = kindOf(fact).holdsData ? (fact.parent ?? "") : "";
    const phases = new Map<number, Statement[]>();
    for (const one of action.statements) {
      const own = one.early ? EARLY : one.late === undefined ? phase : one.late === "end" ? END : LATE;
      phases.set(own, [...(phases.get(own) ?? []), one]);
    }
    if (phases.size === 0) phases.set(phase, []);
    // Others wait for the first of its parts.
    let previous: string | undefined;
    for (const [own, statements] of [...phases].sort(([a], [b]) => a - b)) {
      const part = previous === undefined ? key : `${own === END ? "end" : "late"} ${key}`;
      nodes.push({ key: part, priority: [own, rank, whole, order, fact.id] });
      actions.set(part, { ...action, statements });
      if (previous !== undefined) before(previous, part);
      previous = part;
    }
  };

  const isEarly = (id: FactId): boolean => altered.get(id)?.some(({ early }) => early === true) === true;
  for (const id of dropped) {
    const fact = must(current.facts, id);
    if (dropRoot(id) === id) {
      // What hangs on something that makes way for its successor goes with it, without a word.
      const goesAlong = kindOf(fact).attaches && created.has(id) && fact.parent !== null && altered.has(fact.parent);
      const statements = goesAlong ? [] : kindOf(fact).drop(fact, aroundDrops);
      add(`drop ${id}`, fact, 0, { verb: "drop", id, statements });
    }
    for (const need of fact.dependsOn) {
      if (dropped.has(need)) before(dropNode(id), dropNode(need));
      else if (altered.has(need) && !isEarly(need)) before(dropNode(id), alterNode(need));
    }
    for (const first of kindOf(fact).follows?.(fact, aroundDrops) ?? []) {
      if (dropped.has(first)) before(dropNode(id), dropNode(first));
    }
    if (created.has(id)) before(dropNode(id), createNode(id));
  }
  for (const id of created) {
    const fact = must(desired.facts, id);
    if (folding.rootOf(id) === id) {
      const statements = [...kindOf(fact).create(fact, around), ...folding.completions(id, around)];
      add(`create ${id}`, fact, 1, { verb: "create", id, statements });
    }
    for (const need of fact.dependsOn) {
      if (created.has(need)) before(createNode(need), createNode(id));
      else if (altered.has(need)) before(alterNode(need), createNode(id));
    }
    for (const first of kindOf(fact).follows?.(fact, around) ?? []) {
      if (created.has(first)) before(createNode(first), createNode(id));
      else if (altered.has(first)) before(alterNode(first), createNode(id));
    }
  }
  for (const id of created) {
    const refill = dropped.has(id) ? kindOf(must(desired.facts, id)).refill?.(must(desired.facts, id), around) : null;
    if (!refill) continue;
    const key = `refill ${id}`;
    add(key, must(desired.facts, id), 1, { verb: "create", id, statements: refill.statements });
    const holders = holdersBeneath(id, desired);
    const first = new Set([...holders, ...refill.after].filter((one) => created.has(one)).map(createNode));
    for (const holder of first) before(holder, key);
    for (const holder of holders) {
      for (const { id: dependent } of desired.dependents(holder)) {
        if (created.has(dependent) && !first.has(createNode(dependent))) before(key, createNode(dependent));
      }
    }
  }
  for (const [id, statements] of altered) {
    const fact = must(desired.facts, id);
    add(alterNode(id), fact, 1, { verb: "alter", id, statements });
    for (const need of fact.dependsOn) {
      if (created.has(need)) before(createNode(need), alterNode(id));
      else if (altered.has(need)) before(alterNode(need), alterNode(id));
    }
    for (const first of kindOf(fact).follows?.(fact, around) ?? []) {
      if (created.has(first)) before(createNode(first), alterNode(id));
      else if (altered.has(first)) before(alterNode(first), alterNode(id));
    }
    for (const need of current.facts.get(id)?.dependsOn ?? []) {
      const isLeft = !created.has(need) || !fact.dependsOn.includes(need);
      if (dropped.has(need) && isLeft) before(alterNode(id), dropNode(need));
    }
  }
  return {
    nodes,
    edges,
    dropNode,
    createNode,
    alteredIn: (among) =>
      among.flatMap(({ key }) => (actions.get(key)?.verb === "alter" ? [actions.get(key)?.id ?? []].flat() : [])),
    actionOf: (node) => {
      const action = actions.get(node.key);
      return action === undefined || action.statements.length === 0 ? [] : [action];
    },
  };
}

/** The fact itself and all that it holds rows in: columns, partitions and theirs. */
function holdersBeneath(id: FactId, graph: Graph): readonly FactId[] {
  const found = new Set([id]);
  for (const one of found) {
    for (const fact of graph.dependents(one)) {
      const isWithin = fact.parent === one || fact.ownedBy.includes(one);
      if (isWithin && kindOf(fact).holdsData) found.add(fact.id);
    }
  }
  return [...found];
}

/** The dropped fact that takes this one along without a word, if there is one. */
function impliedBy(
  id: FactId,
  current: Graph,
  dropped: ReadonlySet<FactId>,
  apart: ReadonlySet<FactId>,
): FactId | undefined {
  if (apart.has(id)) return undefined;
  const fact = must(current.facts, id);
  if (fact.parent !== null && dropped.has(fact.parent)) return fact.parent;
  return kindOf(fact).losesMembers ? undefined : fact.ownedBy.find((owner) => dropped.has(owner));
}

/** Which created facts are written as clauses of their parent's CREATE statement. */
function foldClauses({ current, desired, created }: Changes, apart: ReadonlySet<FactId>, options: PlanOptions) {
  const memo = new Map<FactId, readonly { readonly fact: Fact; readonly text: string }[]>();
  const foldedInto = (id: FactId): readonly { readonly fact: Fact; readonly text: string }[] => {
    const known = memo.get(id);
    if (known !== undefined) return known;
    const children = desired
      .children(id)
      .filter((child) => created.has(child.id) && !apart.has(child.id) && created.has(id))
      .sort(bySiblingOrder)
      .flatMap((fact) => {
        const text = kindOf(fact).clause?.(fact, around) ?? null;
        return text === null ? [] : [{ fact, text }];
      });
    memo.set(id, children);
    return children;
  };
  const clauses = (id: FactId) => foldedInto(id).map(({ text }) => text);
  const around = surroundings(desired, current.facts, created, clauses, options);
  const rootOf = (id: FactId): FactId => {
    const fact = must(desired.facts, id);
    const host = apart.has(id) ? null : (kindOf(fact).comesWith?.(fact, around) ?? null);
    if (host !== null && created.has(host)) return rootOf(host);
    const { parent } = fact;
    if (parent === null || !created.has(parent)) return id;
    return foldedInto(parent).some((child) => child.fact.id === id) ? rootOf(parent) : id;
  };
  const completions = (id: FactId, within: typeof around): readonly Statement[] => {
    const fact = must(desired.facts, id);
    const own = kindOf(fact).complete?.(fact, within) ?? [];
    return [...own, ...foldedInto(id).flatMap((child) => completions(child.fact.id, within))];
  };
  return { clauses, rootOf, completions };
}

function bySiblingOrder(a: Fact, b: Fact): number {
  const order = (fact: Fact) => kindOf(fact).order?.(fact.attributes) ?? 0;
  return rankOf(a) - rankOf(b) || order(a) - order(b) || (a.id < b.id ? -1 : 1);
}

/** Takes facts whose dependencies close the cycle out of the statements that they were to travel with. */
function splitCycle(cycle: readonly Node[], groups: Groups, changes: Changes, apart: Set<FactId>): boolean {
  const keys = new Set(cycle.map((node) => node.key));
  const size = apart.size;
  const detach = (ids: ReadonlySet<FactId>, graph: Graph, nodeOf: (id: FactId) => string): void => {
    for (const id of ids) {
      const own = nodeOf(id);
      const fact = must(graph.facts, id);
      if (!keys.has(own) || apart.has(id) || own.endsWith(` ${id}`) || kindOf(fact).holdsData) continue;
      const isInWay = (need: FactId) =>
        (ids.has(need) && nodeOf(need) !== own && keys.has(nodeOf(need))) || keys.has(`alter ${need}`);
      if (fact.dependsOn.some(isInWay)) apart.add(id);
    }
  };
  detach(changes.created, changes.desired, groups.createNode);
  detach(changes.dropped, changes.current, groups.dropNode);
  return apart.size > size;
}

/** Drops and creates what holds no data instead of altering it: the two halves can stand on either side of the others. */
function replaceInCycle(ids: readonly FactId[], changes: Changes, replaced: Set<FactId>): boolean {
  const size = replaced.size;
  for (const id of ids) if (!kindOf(must(changes.desired.facts, id)).holdsData) replaced.add(id);
  return replaced.size > size;
}

function must(facts: FactIndex, id: FactId): Fact {
  const fact = facts.get(id);
  if (fact === undefined) throw new Error(`no fact ${id}`);
  return fact;
}
