import { type Box, type Diagram, keysOnly, type Line } from "./diagram.ts";

// What GitHub and GitLab draw at most.
const CHARACTERS = 50_000;
const LINES = 500;
const READABLE_BOXES = 30;

/** A diagram in Mermaid's language; with keys only where all columns would be too much, null where even that is. */
export function mermaidOf(diagram: Diagram): string | null {
  if (diagram.boxes.length === 0 || diagram.lines.length > LINES) return null;
  const whole = diagram.boxes.length <= READABLE_BOXES ? write(diagram) : null;
  if (whole !== null && whole.length < CHARACTERS) return whole;
  const keys = write(keysOnly(diagram));
  return keys.length < CHARACTERS ? keys : null;
}

function write({ boxes, lines }: Diagram): string {
  const names = new Map<Box["id"], string>();
  const taken = new Set<string>();
  for (const { id, title } of boxes) {
    const word = wordOf(title);
    let name = word;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${word}_${n}`;
    taken.add(name.toLowerCase());
    names.set(id, name);
  }
  return [
    "erDiagram",
    ...boxes.flatMap((box) => boxText(box, names.get(box.id) ?? "")),
    ...lines.map((line) => lineText(line, names)),
    "",
  ].join("\n");
}

function boxText({ title, rows }: Box, name: string): readonly string[] {
  const head = name === title ? name : `${name}["${labelOf(title)}"]`;
  if (rows.length === 0) return [`  ${head}`];
  return [
    `  ${head} {`,
    ...rows.map((row) => {
      const keys = [row.isPrimary ? "PK" : "", row.isForeign ? "FK" : "", row.isUnique ? "UK" : ""].filter(
        (one) => one !== "",
      );
      const word = wordOf(row.name);
      const called = word === row.name ? "" : labelOf(row.name);
      const said = [called, row.isNullable ? "null" : ""].filter((one) => one !== "").join(", ");
      return `    ${typeOf(row.type)} ${word}${keys.length > 0 ? ` ${keys.join(", ")}` : ""}${said === "" ? "" : ` "${said}"`}`;
    }),
    "  }",
  ];
}

function lineText(
  { from, to, columns, isOptional, isUnique, deletion }: Line,
  names: ReadonlyMap<Box["id"], string>,
): string {
  const way = deletion.effect === "go along" ? "--" : "..";
  return `  ${names.get(to)} ${isOptional ? "|o" : "||"}${way}${isUnique ? "o|" : "o{"} ${names.get(from)} : "${labelOf(columns.join(", "))}"`;
}

// Words of Mermaid's own that a table or column may be called.
const RESERVED =
  /^(?:erdiagram|title|acctitle|accdescr|direction|style|class|classdef|one|many|zero|only|optionally|to|u|pk|fk|uk|end|e|as|is|of|or|subgraph)$/i;

/** A name that Mermaid takes bare. */
function wordOf(name: string): string {
  const word = name.replaceAll(/[^A-Za-z0-9_]/g, "_");
  const started = /^[A-Za-z]/.test(word) ? word : `t_${word}`;
  return RESERVED.test(started) ? `${started}_` : started;
}

const typeOf = (type: string): string => {
  const word = type.replaceAll(/[^A-Za-z0-9_()[\]]+/g, "_").replaceAll(/_(?=[)])/g, "");
  const started = /^[A-Za-z]/.test(word) ? word : `t_${word}`;
  return RESERVED.test(started) ? `${started}_` : started;
};

/** Text in double quotes, in which Mermaid takes no quotes, per cent signs, backslashes, brackets or ends of lines. */
const labelOf = (text: string): string => text.replaceAll(/["%\\\r\n\v\b`[\]{}<>#;]/g, "_");
