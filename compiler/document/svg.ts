import type { Fate } from "./diagram.ts";
import {
  hiddenText,
  MARK_WIDTH,
  nameText,
  PADDING,
  type PlacedBox,
  type PlacedDiagram,
  type PlacedLine,
  ROW_HEIGHT,
  TITLE_HEIGHT,
  TYPE_SIZE,
  typeText,
} from "./layout.ts";
import { textWidth } from "./textWidth.ts";

/** A text that XML takes, in elements and in attributes; what it has no characters for becomes a sign for that. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

export interface SvgOptions {
  readonly title: string;
  /** What fates mean, for the picture of a difference. */
  readonly showsFates?: true;
}

const LEGEND_HEIGHT = 34;
const LEGEND_SIZE = 11;

/** A picture that stands by itself, light or dark as its reader's screen is. */
export function svgOf(placed: PlacedDiagram, { title, showsFates }: SvgOptions): string {
  const legend = showsFates === true ? FATE_LEGEND : LEGEND;
  const legendWidth = legend.reduce((width, { says }) => width + textWidth(says, LEGEND_SIZE) + 60, 24);
  const width = Math.max(placed.width, legendWidth, 200);
  const height = placed.height + LEGEND_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="verso-erd" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${DIAGRAM_STYLE}</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...placed.lines.map(lineSvg),
    ...placed.boxes.map(boxSvg),
    legendSvg(legend, placed.height + 4),
    "</svg>",
    "",
  ].join("\n");
}

const fateClass = (fate: Fate | undefined): string => (fate === undefined ? "" : ` ${fate}`);

const SIGNS: Readonly<Record<Fate, string>> = { added: "+", removed: "−", changed: "~" };

function boxSvg({ box, x, y, width, height }: PlacedBox): string {
  const right = x + width - PADDING;
  const title = y + TITLE_HEIGHT / 2 + 4.5;
  const rows = box.rows.map((row, i) => {
    const top = y + TITLE_HEIGHT + i * ROW_HEIGHT;
    const line = top + ROW_HEIGHT / 2 + 4;
    const marks = [row.isPrimary ? "PK" : row.isUnique ? "UK" : "", row.isForeign ? "FK" : ""].filter(
      (one) => one !== "",
    );
    const mark = row.fate === undefined ? marks.join(" ") : SIGNS[row.fate];
    return [
      ...(row.fate === undefined
        ? []
        : [`<rect class="band ${row.fate}" x="${x + 1}" y="${top}" width="${width - 2}" height="${ROW_HEIGHT}"/>`]),
      ...(mark === ""
        ? []
        : [
            `<text class="mark${fateClass(row.fate)}" x="${x + PADDING - 2}" y="${line}"${mark.length > 2 ? ' textLength="25" lengthAdjust="spacingAndGlyphs"' : ""}>${mark}</text>`,
          ]),
      `<text class="name${row.isPrimary ? " key" : ""}${fateClass(row.fate)}" x="${x + PADDING + MARK_WIDTH}" y="${line}">${escapeXml(nameText(row.name, row.was))}</text>`,
      `<text class="type" x="${right}" y="${line}">${escapeXml(typeText(row))}</text>`,
    ].join("");
  });
  const more =
    box.hidden > 0
      ? [`<text class="more" x="${x + PADDING + MARK_WIDTH}" y="${y + height - 10}">${hiddenText(box)}</text>`]
      : [];
  const sign = box.fate === undefined ? "" : `${SIGNS[box.fate]} `;
  return [
    `<g class="box${fateClass(box.fate)}" data-table="${escapeXml(box.id)}">`,
    `<rect class="body" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/>`,
    `<path class="head" d="M${x} ${y + TITLE_HEIGHT}v${6 - TITLE_HEIGHT}a6 6 0 0 1 6 -6h${width - 12}a6 6 0 0 1 6 6v${TITLE_HEIGHT - 6}z"/>`,
    `<text class="title" x="${x + PADDING}" y="${title}">${escapeXml(`${sign}${nameText(box.title, box.was)}`)}</text>`,
    ...rows,
    ...more,
    "</g>",
  ].join("\n");
}

/** A crow's foot where many rows may refer, a bar where one at most does. */
function lineSvg({ line, points }: PlacedLine): string {
  const [start] = points;
  const end = points.at(-1);
  if (start === undefined || end === undefined) return "";
  const path = points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x} ${y}`).join("");
  const foot = line.isUnique
    ? `M${end.x - 7} ${end.y - 5}v10`
    : `M${end.x - 9} ${end.y}L${end.x} ${end.y - 5}M${end.x - 9} ${end.y}L${end.x} ${end.y + 5}`;
  const says = `${line.columns.join(", ")} → ${line.targetColumns.join(", ")}`;
  return [
    `<g class="line${line.deletion.effect === "go along" ? " along" : ""}${fateClass(line.fate)}" data-from="${escapeXml(line.from)}" data-to="${escapeXml(line.to)}">`,
    `<title>${escapeXml(says)}</title>`,
    `<path class="way" d="${path}"/>`,
    `<path class="end" d="${foot}"/>`,
    "</g>",
  ].join("");
}

/** A sign, drawn 28 units wide around y = 0, and what it says. */
interface LegendEntry {
  readonly says: string;
  readonly sign: string;
}

export const LEGEND: readonly LegendEntry[] = [
  {
    says: "goes along when what it refers to is deleted",
    sign: '<g class="line along"><path class="way" d="M0 0h28"/><path class="end" d="M19 0L28 -5M19 0L28 5"/></g>',
  },
  {
    says: "stays, or stops that",
    sign: '<g class="line"><path class="way" d="M0 0h28"/><path class="end" d="M19 0L28 -5M19 0L28 5"/></g>',
  },
  {
    says: "at most one refers",
    sign: '<g class="line"><path class="way" d="M0 0h28"/><path class="end" d="M21 -5v10"/></g>',
  },
  { says: "may be null", sign: '<text class="type" x="28" y="4">?</text>' },
];

const FATE_LEGEND: readonly LegendEntry[] = (["added", "removed", "changed"] as const).map((fate) => ({
  says: fate,
  sign: `<rect class="band ${fate}" x="6" y="-8" width="18" height="16"/><text class="mark ${fate}" x="11" y="4">${SIGNS[fate]}</text>`,
}));

function legendSvg(entries: readonly LegendEntry[], top: number): string {
  let x = 24;
  const drawn = entries.map(({ says, sign }) => {
    const at = x;
    x += textWidth(says, LEGEND_SIZE) + 60;
    return `<g transform="translate(${at} ${top + 10})">${sign}<text class="legend" x="36" y="4">${escapeXml(says)}</text></g>`;
  });
  return `<g class="legends">${drawn.join("")}</g>`;
}

interface Colours {
  readonly ground: string;
  readonly body: string;
  readonly head: string;
  readonly edge: string;
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly along: string;
  readonly added: string;
  readonly removed: string;
  readonly changed: string;
}

const LIGHT: Colours = {
  ground: "#ffffff",
  body: "#ffffff",
  head: "#eaeef3",
  edge: "#b6bfca",
  text: "#1f2328",
  dim: "#5f6873",
  line: "#8a94a1",
  along: "#3f6fb5",
  added: "#1a7f37",
  removed: "#cf222e",
  changed: "#9a6700",
};

const DARK: Colours = {
  ground: "#0d1117",
  body: "#151b23",
  head: "#252d38",
  edge: "#454e5a",
  text: "#e6edf3",
  dim: "#9aa4af",
  line: "#75808d",
  along: "#6ea0ec",
  added: "#3fb950",
  removed: "#f85149",
  changed: "#d29922",
};

// Colours are written out: what shows SVG outside a browser knows no custom properties.
const coloursCss = (c: Colours): string =>
  [
    `.ground{fill:${c.ground}}`,
    `.body{fill:${c.body};stroke:${c.edge}}`,
    `.head{fill:${c.head};stroke:${c.edge}}`,
    `.title,.name{fill:${c.text}}`,
    `.type,.mark,.more,.legend{fill:${c.dim}}`,
    `.way,.end{stroke:${c.line}}`,
    `.along .way,.along .end{stroke:${c.along}}`,
    ...(["added", "removed", "changed"] as const).flatMap((fate) => [
      `.${fate} .body,.${fate} .head,.line.${fate} .way,.line.${fate} .end{stroke:${c[fate]}}`,
      `.mark.${fate},.name.${fate},.${fate} .title{fill:${c[fate]}}`,
      `.band.${fate}{fill:${c[fate]}}`,
    ]),
  ]
    .map((rule) => rule.replaceAll(/(^|,)\./g, "$1.verso-erd ."))
    .join("");

/** What every diagram looks like, also where several stand in one page. */
export const DIAGRAM_STYLE = [
  `.verso-erd text{font:${TYPE_SIZE}px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace}`,
  `.verso-erd .title{font-size:${TYPE_SIZE + 1}px;font-weight:bold}`,
  ".verso-erd .key{font-weight:bold}",
  ".verso-erd .mark{font-size:9px}",
  `.verso-erd .legend{font-size:${LEGEND_SIZE}px}`,
  ".verso-erd .type{text-anchor:end}",
  ".verso-erd .more{font-style:italic}",
  ".verso-erd .way,.verso-erd .end{fill:none;stroke-width:1.3;stroke-linejoin:round}",
  ".verso-erd .line .way{stroke-dasharray:5 3}",
  ".verso-erd .line.along .way{stroke-dasharray:none}",
  ".verso-erd .band{opacity:.16}",
  ".verso-erd .mark.added,.verso-erd .mark.removed,.verso-erd .mark.changed{font-size:12px;font-weight:bold}",
  ".verso-erd .added .body,.verso-erd .removed .body,.verso-erd .changed .body,.verso-erd .line.added .way,.verso-erd .line.removed .way,.verso-erd .line.changed .way{stroke-width:2}",
  coloursCss(LIGHT),
  `@media (prefers-color-scheme:dark){${coloursCss(DARK)}}`,
].join("");
