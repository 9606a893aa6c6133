import type { Fact, FactId } from "../facts.ts";
import { kindOf } from "../kinds/registry.ts";
import { surroundings } from "../plan/changes.ts";
import { graphOf } from "../plan/graph.ts";
import type { CompiledDomain } from "./compileDomain.ts";
import type { EmittedStatement } from "./renderScripts.ts";

/**
 * The fact whose words stand at a place of an emitted statement: a column's default rather than its table.
 * @param position in characters from 1, as PostgreSQL reports it
 */
export function factAt(domain: CompiledDomain, { sql, id }: EmittedStatement, position: number): FactId | null {
  if (id === null) return null;
  const at = [...sql].slice(0, position - 1).join("").length;
  const graph = graphOf(domain.facts);
  const options = {
    hints: new Map(),
    version: (domain.domain.options.postgres ?? 14) * 10_000,
    refused: new Map(),
  };
  const clauseOf = (fact: Fact): string | null => kindOf(fact).clause?.(fact, around) ?? null;
  const clausesOf = (parent: FactId): readonly string[] =>
    graph.children(parent).flatMap((child) => {
      const text = clauseOf(child);
      return text === null || !sql.includes(text) ? [] : [text];
    });
  const around = surroundings(graph, new Map(), new Set(domain.facts.keys()), clausesOf, options);
  const inside = (parent: FactId, from: number, to: number): FactId => {
    for (const child of graph.children(parent)) {
      const text = clauseOf(child);
      const start = text === null ? -1 : sql.indexOf(text, from);
      if (text === null || start < 0 || start >= to) continue;
      if (start <= at && at < start + text.length) return inside(child.id, start, start + text.length);
    }
    return parent;
  };
  return inside(id, 0, sql.length);
}
