import type { ELK, ElkNode, LayoutOptions } from "elkjs/lib/elk-api.js";
import type { FactId } from "../facts.ts";
import type { Box, BoxRow, Diagram, Line } from "./diagram.ts";
import { textWidth } from "./textWidth.ts";

/** Measures of a box, in the SVG's units. */
export const TYPE_SIZE = 12;
export const TITLE_HEIGHT = 28;
export const ROW_HEIGHT = 20;
/** From a box's edge to its marks, and to its names. */
export const PADDING = 10;
export const MARK_WIDTH = 28;
const GAP = 18;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedBox extends Point {
  readonly box: Box;
  readonly width: number;
  readonly height: number;
}

/** From the row that is referred to, to the row that refers. */
export interface PlacedLine {
  readonly line: Line;
  readonly points: readonly Point[];
}

export interface PlacedDiagram {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly PlacedBox[];
  readonly lines: readonly PlacedLine[];
}

/** What a row shows at its right end. */
export const typeText = ({ type, isNullable }: BoxRow): string => {
  const shown = type.length > 44 ? `${type.slice(0, 43)}…` : type;
  return isNullable ? `${shown}?` : shown;
};

/** A name, with the one that it had before. */
export const nameText = (name: string, was: string | undefined): string =>
  was === undefined ? name : `${name} ← ${was}`;

export const hiddenText = ({ hidden }: Box): string => `${hidden} more`;

/**
 * Places tables so that no line crosses one. Deterministic: the same diagram gives the same numbers. What comes out much
 * higher than wide, because many tables refer to the same one, is laid out once more in more columns.
 */
export async function layOut(diagram: Diagram): Promise<PlacedDiagram> {
  const elk = await openElk();
  // The graph is anew each time: elk writes into what it is given.
  const place = async (layoutOptions: LayoutOptions) =>
    placedIn(await elk.layout({ ...graphOf(diagram), layoutOptions }), diagram);
  const placed = await place(OPTIONS);
  if (placed.height <= placed.width * TOO_HIGH) return placed;
  const wider = await place({ ...OPTIONS, "elk.layered.layering.strategy": "MIN_WIDTH" });
  return elongation(wider) < elongation(placed) ? wider : placed;
}

const TOO_HIGH = 2;

const elongation = ({ width, height }: PlacedDiagram): number => Math.max(width / height, height / width);

function graphOf({ boxes, lines }: Diagram): ElkNode {
  const numbers = new Map(boxes.map((box, i) => [box.id, { box, name: `b${i}` }]));
  const port = (of: FactId, [column]: readonly string[], side: "e" | "w"): string => {
    const found = numbers.get(of);
    return `${found?.name}.${rowAt(found?.box, column)}.${side}`;
  };
  return {
    id: "root",
    children: boxes.map((box, i) => nodeOf(box, `b${i}`, lines)),
    edges: lines.map(({ from, columns, to, targetColumns }, i) => ({
      id: `l${i}`,
      sources: [port(to, targetColumns, "e")],
      targets: [port(from, columns, "w")],
    })),
  };
}

function placedIn(root: ElkNode, { boxes, lines }: Diagram): PlacedDiagram {
  const round = ({ x, y }: Partial<Point>): Point => ({ x: Math.round(x ?? 0), y: Math.round(y ?? 0) });
  const nodes = new Map(root.children?.map((node) => [node.id, node]));
  const edges = new Map(root.edges?.map((edge) => [edge.id, edge]));
  return {
    width: Math.round(root.width ?? 0),
    height: Math.round(root.height ?? 0),
    boxes: boxes.map((box, i) => ({ box, ...sizeOf(box), ...round(nodes.get(`b${i}`) ?? {}) })),
    lines: lines.map((line, i) => {
      const [section] = edges.get(`l${i}`)?.sections ?? [];
      const points = section === undefined ? [] : [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
      return { line, points: points.map(round) };
    }),
  };
}

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "RIGHT",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.aspectRatio": "1.5",
  "elk.padding": "[top=24,left=24,bottom=24,right=24]",
  "elk.spacing.nodeNode": "32",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "10",
  "elk.spacing.componentComponent": "36",
  "elk.layered.spacing.nodeNodeBetweenLayers": "56",
  "elk.layered.spacing.edgeNodeBetweenLayers": "22",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.randomSeed": "1",
};

/** Loaded when it is needed: it takes longer than the rest of a command. */
async function openElk(): Promise<ELK> {
  const { default: loaded } = (await import("elkjs/lib/elk.bundled.js")) as { default: unknown };
  const ELK = loaded as new () => ELK;
  return new ELK();
}

function sizeOf(box: Box): { readonly width: number; readonly height: number } {
  const rows = box.rows.map(
    (row) => textWidth(nameText(row.name, row.was), TYPE_SIZE) + GAP + textWidth(typeText(row), TYPE_SIZE),
  );
  const inside = Math.max(
    textWidth(`~ ${nameText(box.title, box.was)}`, TYPE_SIZE + 1),
    ...rows.map((width) => width + MARK_WIDTH),
    90,
  );
  const lines = box.rows.length + (box.hidden > 0 ? 1 : 0);
  return { width: inside + 2 * PADDING, height: TITLE_HEIGHT + lines * ROW_HEIGHT + 4 };
}

/** The row that a line leads to; the title where the column is not shown. */
const rowAt = (box: Box | undefined, column: string | undefined): number =>
  box?.rows.findIndex(({ name }) => name === column) ?? -1;

function nodeOf(box: Box, id: string, lines: readonly Line[]): ElkNode {
  const { width, height } = sizeOf(box);
  const out = lines.filter(({ to }) => to === box.id).map(({ targetColumns }) => rowAt(box, targetColumns[0]));
  const into = lines.filter(({ from }) => from === box.id).map(({ columns }) => rowAt(box, columns[0]));
  const ports = (rows: readonly number[], side: "EAST" | "WEST") =>
    [...new Set(rows)].map((row) => ({
      id: `${id}.${row}.${side === "EAST" ? "e" : "w"}`,
      x: side === "EAST" ? width : 0,
      y: TITLE_HEIGHT + (row + 0.5) * ROW_HEIGHT,
      layoutOptions: { "elk.port.side": side },
    }));
  return {
    id,
    width,
    height,
    ports: [...ports(out, "EAST"), ...ports(into, "WEST")],
    layoutOptions: { "elk.portConstraints": "FIXED_POS" },
  };
}
