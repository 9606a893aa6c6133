import { type Box, type Diagram, type Neighbourhood, neighbourhoods } from "./diagram.ts";
import type { Point } from "./layout.ts";
import { DIAGRAM_STYLE, escapeXml } from "./svg.ts";

/** Measures in the SVG's units: of a table, between tables, around those that belong together. */
const TABLE = { width: 116, height: 40 };
const GAP = 10;
const FRAME = 12;
const FRAME_TITLE = 26;
const GROUP = 12;
const ASPECT = 1.5;

interface Placed extends Point {
  readonly box: Box;
}

interface Frame extends Neighbourhood {
  /** None of them refers to another. */
  readonly isLoose: boolean;
  readonly width: number;
  readonly height: number;
  readonly columns: number;
}

/**
 * Tables by their names alone, those together that belong together: what there is at a glance, where a picture with columns
 * would be too large to read. Deterministic.
 */
export function mapSvg(diagram: Diagram, title: string): string {
  const frames = neighbourhoods(diagram, GROUP).map((one) => frameOf(one, diagram));
  const { corners, width, height } = shelve(frames);
  const boxes = new Map(diagram.boxes.map((box) => [box.id, box]));
  const placed = new Map(
    frames.flatMap(({ ids, columns }, n) =>
      [...ids].flatMap((id, i) => {
        const box = boxes.get(id);
        const corner = corners[n];
        if (box === undefined || corner === undefined) return [];
        const x = corner.x + FRAME + (i % columns) * (TABLE.width + GAP);
        const y = corner.y + FRAME_TITLE + Math.floor(i / columns) * (TABLE.height + GAP);
        return [[id, { box, x, y }] as const];
      }),
    ),
  );
  const drawn = new Set<string>();
  const lines = diagram.lines.flatMap(({ from, to, deletion }) => {
    const [start, end] = [placed.get(to), placed.get(from)];
    if (start === undefined || end === undefined || from === to || drawn.has(`${from} ${to}`)) return [];
    drawn.add(`${from} ${to}`);
    const along = deletion.effect === "go along" ? " along" : "";
    return `<g class="line${along}" data-from="${escapeXml(from)}" data-to="${escapeXml(to)}"><path class="way" d="${curve(start, end)}"/></g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="verso-erd" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${DIAGRAM_STYLE}</style>`,
    ...frames.map((frame, n) => frameSvg(frame, corners[n] ?? { x: 0, y: 0 })),
    ...lines,
    ...[...placed.values()].map(tableSvg),
    "</svg>",
    "",
  ].join("\n");
}

function frameOf(neighbourhood: Neighbourhood, { lines }: Diagram): Frame {
  const { ids } = neighbourhood;
  const count = ids.size;
  const columns = Math.max(1, Math.round(Math.sqrt((count * ASPECT * TABLE.height) / TABLE.width)));
  const rows = Math.ceil(count / columns);
  return {
    ...neighbourhood,
    isLoose: !lines.some(({ from, to }) => from !== to && ids.has(from) && ids.has(to)),
    columns,
    width: columns * (TABLE.width + GAP) - GAP + 2 * FRAME,
    height: rows * (TABLE.height + GAP) - GAP + FRAME_TITLE + FRAME,
  };
}

/** Frames side by side in rows of about the same width, the whole a little wider than high. */
function shelve(frames: readonly Frame[]) {
  const area = frames.reduce((sum, { width, height }) => sum + (width + GAP) * (height + GAP), 0);
  const most = Math.max(Math.sqrt(area * ASPECT), ...frames.map(({ width }) => width));
  let [x, y, shelf, widest] = [0, 0, 0, 0];
  const corners = frames.map(({ width, height }): Point => {
    if (x > 0 && x + width > most) {
      y += shelf + GAP;
      [x, shelf] = [0, 0];
    }
    const corner = { x, y };
    x += width + GAP;
    shelf = Math.max(shelf, height);
    widest = Math.max(widest, x - GAP);
    return corner;
  });
  return { corners, width: Math.max(widest, 1), height: Math.max(y + shelf, 1) };
}

const middle = ({ x, y }: Point): Point => ({ x: x + TABLE.width / 2, y: y + TABLE.height / 2 });

function curve(start: Point, end: Point): string {
  const [a, b] = [middle(start), middle(end)];
  const bend = (a.x + b.x) / 2;
  return `M${a.x} ${a.y}C${bend} ${a.y} ${bend} ${b.y} ${b.x} ${b.y}`;
}

const frameSvg = ({ of, isLoose, width, height }: Frame, { x, y }: Point): string =>
  `<g class="frame"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/><text class="legend" x="${x + FRAME}" y="${y + 17}">${escapeXml(isLoose ? "by themselves" : of)}</text></g>`;

const tableSvg = ({ box, x, y }: Placed): string =>
  `<g class="box" data-table="${escapeXml(box.id)}"><rect class="body" x="${x}" y="${y}" width="${TABLE.width}" height="${TABLE.height}" rx="6"/><text class="title" x="${x + 8}" y="${y + 24}">${escapeXml(box.title)}</text></g>`;
