import { describe, expect, test } from "vitest";
import type { Attributes, Fact, FactId, FactIndex, Hint } from "../../compiler/facts.ts";
import { compareCensus, type Journey, lostValues } from "../../compiler/prove/census.ts";

const T = "table public.t" as FactId;
const A = "column public.t.a" as FactId;
const B = "column public.t.b" as FactId;
const MOOD = "enum public.mood" as FactId;

const fact = (id: FactId, parent: FactId | null, attributes: Attributes, dependsOn: readonly FactId[] = []): Fact => ({
  kind: id.slice(0, id.indexOf(" ")),
  id,
  parent,
  attributes,
  dependsOn: parent === null ? dependsOn : [parent, ...dependsOn],
  ownedBy: [],
});

const index = (...facts: readonly Fact[]): FactIndex => new Map(facts.map((one) => [one.id, one]));

const table = fact(T, null, {});
const a = fact(A, T, { type: "integer" });
const b = fact(B, T, { type: "mood" }, [MOOD]);
const mood = fact(MOOD, null, { labels: ["x"] });
const state = index(table, a, b, mood);

const journey = (more: Partial<Journey> = {}): Journey => ({
  current: state,
  desired: state,
  hints: new Map<FactId, Hint>(),
  renames: [],
  statements: [],
  ...more,
});

const census = (values: Readonly<Record<string, string>>): ReadonlyMap<FactId, string> =>
  new Map(Object.entries(values).map(([id, digest]) => [id as FactId, digest]));

const before = census({ [T]: "1 r", [A]: "1 a", [B]: "1 b" });
const without = census({ [T]: "1 s", [A]: "1 -", [B]: "1 b" });

describe("values that forward and rollback do not leave as they were", () => {
  test("are nothing when every digest comes back", () => {
    expect(compareCensus(before, before, before, journey())).toEqual({ lost: [], changed: [], unannounced: [] });
  });

  test("are told by column, and unannounced when no statement said so", () => {
    const changes = compareCensus(before, without, without, journey());
    expect(changes).toEqual({ lost: [A], changed: [A], unannounced: [A] });
  });

  test("count as changed even if the rollback mends them", () => {
    expect(compareCensus(before, without, before, journey())).toEqual({ lost: [], changed: [A], unannounced: [A] });
  });

  test("are announced by a statement that destroys the column or its table", () => {
    for (const id of [A, T]) {
      const statements = [{ id, sql: "", verb: "drop", destroys: "values" } as const];
      expect(compareCensus(before, without, without, journey({ statements })).unannounced).toEqual([]);
    }
  });

  test("are announced by another type, of the column or beneath it", () => {
    const retyped = index(table, fact(A, T, { type: "text" }), b, mood);
    expect(compareCensus(before, without, without, journey({ desired: retyped }))).toEqual({
      lost: [A],
      changed: [],
      unannounced: [],
    });
    const relabelled = index(table, a, b, fact(MOOD, null, { labels: ["y"] }));
    const other = census({ [T]: "1 r", [A]: "1 a", [B]: "1 y" });
    expect(compareCensus(before, other, before, journey({ desired: relabelled })).unannounced).toEqual([]);
    expect(compareCensus(before, without, before, journey({ desired: relabelled })).unannounced).toEqual([A]);
  });

  test("are announced by a hint in the same table", () => {
    const hints = new Map<FactId, Hint>([[B, { backfill: "'x'" }]]);
    expect(compareCensus(before, without, without, journey({ hints })).unannounced).toEqual([]);
  });

  test("follow the columns of a renamed table", () => {
    const renamed = fact("table public.u" as FactId, null, {});
    const moved = fact("column public.u.a" as FactId, renamed.id, { type: "integer" });
    const more = { current: index(table, a), desired: index(renamed, moved), renames: [{ from: table, to: renamed }] };
    const start = census({ [T]: "1 r", [A]: "1 a" });
    const kept = census({ [renamed.id]: "1 r", [moved.id]: "1 a" });
    expect(compareCensus(start, kept, start, journey(more)).unannounced).toEqual([]);
    const other = census({ [renamed.id]: "1 r", [moved.id]: "1 z" });
    expect(compareCensus(start, other, start, journey(more)).changed).toEqual([A]);
  });

  test("name the table when all columns are as before, but not in the same rows", () => {
    expect(lostValues(before, census({ [T]: "1 s", [A]: "1 a", [B]: "1 b" }), state)).toEqual([T]);
    expect(lostValues(before, without, state)).toEqual([A]);
  });
});
