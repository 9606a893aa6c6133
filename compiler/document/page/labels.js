import { one } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";
/** Height of a line, in letters' sizes. */
const LINE = 1.15;
/** Size in which texts are measured, in pixels. */
const INK = 100;
const MOST_LINES = 4;

const ink = document.createElement("canvas").getContext("2d");
if (ink) ink.font = `600 ${INK}px ${getComputedStyle(document.body).fontFamily}`;

/**
 * In letters' sizes.
 * @param {string} line
 */
const widthOf = (line) => (ink?.measureText(line).width ?? 0) / INK;

/**
 * A name in lines of at most so many letters, where its parts allow it.
 * @param {readonly string[]} parts
 * @param {number} most
 */
const filled = (parts, most) => {
  /** @type {string[]} */
  const lines = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length <= most) lines[lines.length - 1] = last + part;
    else lines.push(part);
  }
  return lines;
};

/** @param {string} name */
const splits = (name) => {
  const parts = name.split(/(?<=[_.])/);
  return Array.from({ length: name.length }, (_, i) => filled(parts, i + 1)).filter(
    (lines) => lines.length <= MOST_LINES,
  );
};

/**
 * Seen from far, a table is its name, in as many lines as make it largest.
 * @param {SVGGraphicsElement} box
 */
export const label = (box) => {
  const name = one(".title", SVGGraphicsElement, box).textContent;
  const { x, y, width, height } = one(".body", SVGGraphicsElement, box).getBBox();
  /** @param {readonly string[]} lines */
  const sizeOf = (lines) =>
    Math.min((width - 8) / Math.max(...lines.map(widthOf)), (height - 6) / (lines.length * LINE));
  const lines = splits(name).reduce((best, next) => (sizeOf(next) > sizeOf(best) + 0.5 ? next : best), [name]);
  const text = document.createElementNS(SVG, "text");
  text.setAttribute("class", "label");
  text.setAttribute("aria-hidden", "true");
  text.setAttribute("y", String(y + height / 2));
  text.style.fontSize = `max(var(--least), min(var(--label), ${sizeOf(lines).toFixed(1)}px))`;
  for (const [i, line] of lines.entries()) {
    const span = document.createElementNS(SVG, "tspan");
    span.setAttribute("x", String(x + width / 2));
    span.setAttribute("dy", `${i === 0 ? 0.35 - ((lines.length - 1) * LINE) / 2 : LINE}em`);
    span.textContent = line;
    text.append(span);
  }
  box.append(text);
};
