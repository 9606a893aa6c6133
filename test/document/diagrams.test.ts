import { describe, expect, test } from "vitest";
import { type Box, type Diagram, type Line, pictures } from "../../compiler/document/diagram.ts";
import { layOut, type PlacedDiagram } from "../../compiler/document/layout.ts";
import { mermaidOf } from "../../compiler/document/mermaid.ts";
import { factId } from "../../compiler/kinds/kind.ts";

const tableId = (n: number) => factId("table", `public.t${n}`);

function box(n: number): Box {
  const row = (name: string, isPrimary = false, isForeign = false) => ({
    id: factId("column", `public.t${n}.${name}`),
    name,
    type: "bigint",
    isNullable: false,
    isPrimary,
    isUnique: false,
    isForeign,
  });
  const rows = [row("id", true), row("parent_id", false, true), row("note"), row("created_at")];
  return { id: tableId(n), schema: "public", title: `t${n}`, rows, hidden: 0 };
}

/** Tables of which each refers to one before it: `hub` to how many of them. */
function diagramOf(tables: number, hub: (n: number) => number): Diagram {
  const boxes = Array.from({ length: tables }, (_, n) => box(n));
  const lines = boxes.slice(1).map(
    ({ id }, i): Line => ({
      id: factId("constraint", `public.t${i + 1}.parent`),
      from: id,
      columns: ["parent_id"],
      to: tableId(hub(i + 1)),
      targetColumns: ["id"],
      isOptional: false,
      isUnique: false,
      deletion: { effect: "go along", says: "" },
    }),
  );
  return { boxes, lines };
}

/** Lines that slant, or run through a table that they do not belong to. */
function faults({ boxes, lines }: PlacedDiagram): readonly string[] {
  return lines.flatMap(({ line, points }) =>
    points.slice(1).flatMap((to, i) => {
      const from = points[i] ?? to;
      const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
      const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
      const slants = right - left > 1 && bottom - top > 1 ? [`${line.id} slants`] : [];
      const crossed = boxes.filter(
        ({ x, y, width, height }) => left < x + width - 1 && right > x + 1 && top < y + height - 1 && bottom > y + 1,
      );
      return [...slants, ...crossed.map(({ box: { title } }) => `${line.id} crosses ${title}`)];
    }),
  );
}

describe("a picture", () => {
  test("has no line that slants or crosses a table, and stands in no column higher than twice its width", async () => {
    // Twenty-four tables that all refer to the first, as details do to what they are details of.
    const placed = await layOut(diagramOf(25, (n) => (n % 6 === 5 ? n - 1 : 0)));
    expect(placed.lines.filter(({ points }) => points.length < 2)).toEqual([]);
    expect(faults(placed)).toEqual([]);
    expect(placed.height).toBeLessThan(2 * placed.width);
  });

  test("shows all columns of sixty tables", () => {
    const [only, ...others] = pictures(diagramOf(60, (n) => n % 7));
    expect(others).toEqual([]);
    expect(only?.diagram.boxes.every(({ rows }) => rows.length === 4)).toBe(true);
  });

  test("shows keys only of more than sixty, and all columns in one for each neighbourhood", () => {
    const whole = diagramOf(100, (n) => (n < 50 ? 0 : 1));
    const [first, ...neighbourhoods] = pictures(whole);
    expect(first?.of).toBe(null);
    expect(first?.diagram.boxes.every(({ rows, hidden }) => rows.length === 2 && hidden === 2)).toBe(true);
    const full = neighbourhoods.flatMap(({ diagram }) => diagram.boxes.filter(({ hidden }) => hidden === 0));
    expect(new Set(full.map(({ id }) => id))).toEqual(new Set(whole.boxes.map(({ id }) => id)));
    for (const { diagram } of neighbourhoods) expect(diagram.boxes.length).toBeLessThanOrEqual(60);
  });

  test("of more than three hundred is none: only the neighbourhoods are drawn", () => {
    expect(pictures(diagramOf(301, (n) => n % 20)).map(({ of }) => of)).not.toContain(null);
  });
});

test("Mermaid gets no more than GitHub draws: keys only, then nothing", () => {
  expect(mermaidOf(diagramOf(20, () => 0))).toContain("note");
  expect(mermaidOf(diagramOf(100, () => 0))).not.toContain("note");
  expect(mermaidOf(diagramOf(600, () => 0))).toBe(null);
});
