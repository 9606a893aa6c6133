/** A statement group to be ordered; where edges leave a choice, the lower priority goes first. */
export interface Node {
  readonly key: string;
  readonly priority: readonly [phase: number, rank: number, whole: string, order: number, name: string];
}

interface Order {
  readonly ordered: readonly Node[];
  /** Nodes on cycles, when there are any; the order is then incomplete. */
  readonly cycle: readonly Node[] | null;
}

/** Topological order (Kahn), deterministic by priority. @param edges from each key to the keys that come after it */
export function orderNodes(nodes: readonly Node[], edges: ReadonlyMap<string, ReadonlySet<string>>): Order {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const waiting = new Map<string, number>(nodes.map((node) => [node.key, 0]));
  for (const [from, followers] of edges) {
    if (!byKey.has(from)) continue;
    for (const to of followers) {
      const count = waiting.get(to);
      if (count !== undefined) waiting.set(to, count + 1);
    }
  }
  const ready = heap(nodes.filter((node) => waiting.get(node.key) === 0));
  const ordered: Node[] = [];
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    ordered.push(node);
    for (const to of edges.get(node.key) ?? []) {
      const count = waiting.get(to);
      const follower = byKey.get(to);
      if (count === undefined || follower === undefined) continue;
      waiting.set(to, count - 1);
      if (count === 1) ready.push(follower);
    }
  }
  if (ordered.length === nodes.length) return { ordered, cycle: null };
  const done = new Set(ordered.map((node) => node.key));
  return {
    ordered,
    cycle: onCycles(
      nodes.filter((node) => !done.has(node.key)),
      edges,
    ),
  };
}

/** Drops, again and again, what has no follower left: what remains lies on a cycle or between two. */
function onCycles(stuck: readonly Node[], edges: ReadonlyMap<string, ReadonlySet<string>>): readonly Node[] {
  let remaining = stuck;
  for (;;) {
    const keys = new Set(remaining.map((node) => node.key));
    const next = remaining.filter((node) => [...(edges.get(node.key) ?? [])].some((to) => keys.has(to)));
    if (next.length === remaining.length) return remaining;
    remaining = next;
  }
}

function precedes(a: Node, b: Node): boolean {
  for (const i of [0, 1, 2, 3, 4] as const) {
    if (a.priority[i] !== b.priority[i]) return a.priority[i] < b.priority[i];
  }
  return a.key < b.key;
}

/** A binary heap of nodes, the smallest priority on top. */
function heap(initial: readonly Node[]) {
  const items: Node[] = [];
  const at = (i: number): Node => items[i] as Node;
  const swap = (i: number, j: number): void => {
    [items[i], items[j]] = [at(j), at(i)];
  };
  const push = (node: Node): void => {
    items.push(node);
    for (let i = items.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!precedes(at(i), at(parent))) break;
      swap(i, parent);
      i = parent;
    }
  };
  const pop = (): Node | undefined => {
    const top = items[0];
    const last = items.pop();
    if (items.length > 0 && last !== undefined) {
      items[0] = last;
      for (let i = 0; ; ) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        let least = i;
        if (left < items.length && precedes(at(left), at(least))) least = left;
        if (right < items.length && precedes(at(right), at(least))) least = right;
        if (least === i) break;
        swap(i, least);
        i = least;
      }
    }
    return top;
  };
  for (const node of initial) push(node);
  return { push, pop };
}
