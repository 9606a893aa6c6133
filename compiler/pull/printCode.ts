import type { Code, Constant, Entry } from "./code.ts";

const WIDTH = 120;

/** What a constant is called in the file that is printed. */
export type NameOf = (constant: Constant) => string;

/**
 * Code laid out as Biome would at 120 columns: on one line where it fits, else broken from the outside in.
 * @param indent blanks before the line that it starts on
 * @param column characters of that line before it
 * @param after characters that follow it on its last line
 */
export function printCode(code: Code, nameOf: NameOf, indent = 0, column = indent, after = 0): string {
  const line = oneLine(code, nameOf);
  if (line !== null && column + line.length + after <= WIDTH) return line;
  const inside = indent + 2;
  const pad = " ".repeat(inside);
  const close = `\n${" ".repeat(indent)}`;
  switch (code.code) {
    case "object":
      if (code.entries.length === 0) return "{}";
      return `{\n${code.entries.map((entry) => printEntry(entry, nameOf, inside)).join("\n")}${close}}`;
    case "list":
      if (code.items.length === 0) return "[]";
      return `[\n${code.items.map((item) => `${pad}${printCode(item, nameOf, inside, inside, 1)},`).join("\n")}${close}]`;
    case "call":
      return printCall(code, nameOf, indent, column, after);
    case "sql":
      return printSql(code.stands === true ? withMargin(code.parts, indent) : code.parts, nameOf);
    default:
      return printLeaf(code, nameOf);
  }
}

/** Its lines two blanks further in than the line that opens it. */
function withMargin(parts: readonly (string | Code)[], indent: number): readonly (string | Code)[] {
  const pad = " ".repeat(indent + 2);
  const moved = parts.map((part) => (typeof part === "string" ? part.replaceAll(/\n(?=[^\n])/g, `\n${pad}`) : part));
  return [`\n${pad}`, ...moved, `\n${" ".repeat(indent)}`];
}

function printCall(
  code: Code & { code: "call" },
  nameOf: NameOf,
  indent: number,
  column: number,
  after: number,
): string {
  const head = headOf(code, nameOf);
  const last = code.arguments.at(-1);
  const first = code.arguments.slice(0, -1).map((one) => oneLine(one, nameOf));
  // The last argument opens on the line of the call where it can be broken inside.
  if (last !== undefined && isBreakable(last) && !first.includes(null) && !sameKind(code.arguments.at(-2), last)) {
    const lead = `${head}(${first.map((one) => `${one}, `).join("")}`;
    if (column + lead.length < WIDTH) return `${lead}${printCode(last, nameOf, indent, WIDTH, after + 1)})`;
  }
  const inside = indent + 2;
  const lines = code.arguments.map((one) => `${" ".repeat(inside)}${printCode(one, nameOf, inside, inside, 1)},`);
  if (lines.length === 0) return `${head}()`;
  return `${head}(\n${lines.join("\n")}\n${" ".repeat(indent)})`;
}

const isBreakable = (code: Code): boolean =>
  (code.code === "object" && code.entries.length > 0) || (code.code === "list" && code.items.length > 0);

const sameKind = (a: Code | undefined, b: Code): boolean => a !== undefined && a.code === b.code;

function headOf(code: Code & { code: "call" }, nameOf: NameOf): string {
  const callee = typeof code.callee === "string" ? code.callee : nameOf(code.callee);
  return code.typeArgument === undefined ? callee : `${callee}<${code.typeArgument}>`;
}

function printEntry(entry: Entry, nameOf: NameOf, indent: number): string {
  const pad = " ".repeat(indent);
  if ("spread" in entry) return `${pad}...${entry.spread},`;
  const { key, value, doc } = entry;
  const lead = `${printKey(key)}: `;
  const above = doc === undefined ? "" : `${printDoc(doc, indent)}\n`;
  const flat = oneLine(value, nameOf);
  // A text that is too long for the line goes on the next one.
  if (value.code === "text" && flat !== null && indent + lead.length + flat.length + 1 > WIDTH) {
    return `${above}${pad}${lead.trimEnd()}\n${pad}  ${flat},`;
  }
  return `${above}${pad}${lead}${printCode(value, nameOf, indent, indent + lead.length, 1)},`;
}

/** Null for what must be broken. */
function oneLine(code: Code, nameOf: NameOf): string | null {
  switch (code.code) {
    case "object": {
      const entries = code.entries.map((entry) => {
        if ("spread" in entry) return `...${entry.spread}`;
        const value = oneLine(entry.value, nameOf);
        return value === null || entry.doc !== undefined ? null : `${printKey(entry.key)}: ${value}`;
      });
      if (entries.includes(null) || (code.isOnLines && entries.length > 0)) return null;
      return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
    }
    case "list": {
      const items = code.items.map((item) => oneLine(item, nameOf));
      return items.includes(null) || isTable(code.items) ? null : `[${items.join(", ")}]`;
    }
    case "call": {
      const given = code.arguments.map((one) => oneLine(one, nameOf));
      return given.includes(null) ? null : `${headOf(code, nameOf)}(${given.join(", ")})`;
    }
    default: {
      const leaf = printLeaf(code, nameOf);
      return leaf.includes("\n") ? null : leaf;
    }
  }
}

/** Several objects, or several lists, of more than one element each: Biome gives each a line. */
function isTable(items: readonly Code[]): boolean {
  const [first] = items;
  if (first === undefined || items.length < 2) return false;
  if (first.code === "object") return items.every((one) => one.code === "object" && one.entries.length > 1);
  return first.code === "list" && items.every((one) => one.code === "list" && one.items.length > 1);
}

function printLeaf(code: Code, nameOf: NameOf): string {
  switch (code.code) {
    case "text":
      return printText(code.text);
    case "plain":
      return code.text;
    case "lines":
      return code.text.includes("\n") ? `\`${templateText(code.text)}\`` : printText(code.text);
    case "constant":
      return `${nameOf(code)}${code.column === undefined ? "" : member(code.column)}`;
    case "thunk":
      return `() => ${printLeaf(code.of, nameOf)}`;
    case "sql":
      return printSql(code.parts, nameOf);
    default:
      throw new Error(`${code.code} is no leaf`);
  }
}

const member = (column: string): string =>
  isIdentifier(column) ? `.columns.${column}` : `.columns[${printText(column)}]`;

// A raw template keeps backslashes, but has no way to say one before a backtick, a placeholder or its own end.
const UNSAYABLE = /\\(?=`|\$\{|$)/;

function printSql(parts: readonly (string | Code)[], nameOf: NameOf): string {
  const printed = parts.map((part) => {
    if (typeof part !== "string") return `\${${printCode(part, nameOf)}}`;
    if (UNSAYABLE.test(part) || part.includes("\r")) return `\${sql.raw(${printText(part)})}`;
    return part.replaceAll("`", "\\`").replaceAll("${", "\\${");
  });
  return `sql\`${printed.join("")}\``;
}

const templateText = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll("`", "\\`").replaceAll("${", "\\${").replaceAll("\r", "\\r");

/** In the quotes that need fewer backslashes, double ones where that is equal. */
export function printText(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  const doubles = text.split('"').length;
  const singles = text.split("'").length;
  return doubles > singles ? `'${escaped.replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : `"${escaped}"`;
}

export const isIdentifier = (name: string): boolean => /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name);

export function printKey(key: string): string {
  // In a literal this one would be the prototype.
  if (key === "__proto__") return '["__proto__"]';
  return isIdentifier(key) ? key : printText(key);
}

/** A JSDoc comment: on one line where it fits, else wrapped. */
export function printDoc(doc: string, indent: number): string {
  const pad = " ".repeat(indent);
  const line = `${pad}/** ${doc} */`;
  if (!doc.includes("\n") && line.length <= WIDTH) return line;
  const paragraphs = doc.split("\n\n").map((paragraph) => wrap(paragraph, WIDTH - indent - 3));
  const lines = paragraphs.flatMap((paragraph, i) => (i === 0 ? paragraph : ["", ...paragraph]));
  return [`${pad}/**`, ...lines.map((one) => `${pad} * ${one}`.trimEnd()), `${pad} */`].join("\n");
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
