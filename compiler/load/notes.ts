import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ts } from "ts-morph";
import { readCached, writeCached } from "../session/cache.ts";

/** A named place in a definition file: an exported constant, a property, an element of a list. Lines and columns from 1. */
export interface Note {
  /** Name of the top-level declaration it stands in; `default` for a default export. */
  readonly owner: string;
  /** Property names and list indexes from there to it; empty for the declaration itself. */
  readonly trail: readonly string[];
  readonly line: number;
  readonly column: number;
  /** Last line of the declaration. */
  readonly endLine: number;
  /** Line of the call that makes its value, as a stack trace has it; 0 when the value is no call. */
  readonly callLine: number;
  /** JSDoc text above it, without the tags. */
  readonly doc?: string;
  /** For an element of a list: the texts in its `on` or `columns`, or in itself, by which to find it again. */
  readonly key?: string;
}

/** The notes of one file, to be searched. */
export interface FileNotes {
  /** The declaration exported under this name, or what stands at `trail` inside it. */
  at(owner: string, trail?: readonly string[]): Note | undefined;
  /** What is called `name` and made by a call on this line. */
  made(name: string, callLine: number): Note | undefined;
  /** The top-level declaration that a line belongs to. */
  around(line: number): Note | undefined;
  /** An element of the list `section` inside a declaration, by its key. */
  element(owner: string, section: string, key: string): Note | undefined;
  /** A property `name` of a record `section` inside a declaration. */
  property(owner: string, section: string, name: string): Note | undefined;
}

const FORMAT = 1;

/** Notes on definition files, by path. Read from the cache by the file's content; TypeScript is loaded only for new content. */
export async function readNotes(files: readonly string[]): Promise<ReadonlyMap<string, FileNotes>> {
  const notes = new Map<string, FileNotes>();
  await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, "utf8");
      const key = `notes-${FORMAT}-${createHash("sha256").update(text).digest("hex").slice(0, 32)}.json`;
      const cached = await readCached(key);
      const found =
        cached === null ? await takeNotes(file, text) : (JSON.parse(Buffer.from(cached).toString()) as readonly Note[]);
      if (cached === null) await writeCached(key, Buffer.from(JSON.stringify(found)));
      notes.set(file, searchable(found));
    }),
  );
  return notes;
}

function searchable(notes: readonly Note[]): FileNotes {
  const byTrail = new Map(notes.map((note) => [path(note.owner, note.trail), note]));
  const byCall = new Map<string, Note>();
  const byKey = new Map<string, Note>();
  const bySection = new Map<string, Note>();
  const once = (map: Map<string, Note>, key: string, note: Note): void => {
    if (!map.has(key)) map.set(key, note);
  };
  for (const note of notes) {
    const name = note.trail.at(-1) ?? note.owner;
    const section = note.trail.at(-2);
    if (note.callLine > 0) once(byCall, path(name, [String(note.callLine)]), note);
    if (section === undefined) continue;
    once(bySection, path(note.owner, [section, name]), note);
    if (note.key !== undefined) once(byKey, path(note.owner, [section, note.key]), note);
  }
  const declarations = notes.filter(({ trail }) => trail.length === 0);
  return {
    at: (owner, trail = []) => byTrail.get(path(owner, trail)),
    made: (name, callLine) => byCall.get(path(name, [String(callLine)])),
    around: (line) => declarations.find((note) => note.line <= line && line <= note.endLine),
    element: (owner, section, key) => byKey.get(path(owner, [section, key])),
    property: (owner, section, name) => bySection.get(path(owner, [section, name])),
  };
}

const path = (owner: string, trail: readonly string[]): string => [owner, ...trail].join("\u0000");

async function takeNotes(file: string, text: string): Promise<readonly Note[]> {
  const { ts } = await import("ts-morph");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const notes: Note[] = [];
  const positionOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source));

  const note = (
    node: ts.Node,
    value: ts.Node | undefined,
    owner: string,
    trail: readonly string[],
    doc: ts.Node,
    key?: string,
  ): void => {
    const { line, character } = positionOf(node);
    const text = docOf(doc);
    notes.push({
      owner,
      trail,
      line: line + 1,
      column: character + 1,
      endLine: source.getLineAndCharacterOfPosition(doc.getEnd()).line + 1,
      callLine: callLineOf(value),
      ...(text === undefined ? {} : { doc: text }),
      ...(key === undefined ? {} : { key }),
    });
  };

  const docOf = (node: ts.Node): string | undefined => {
    const ranges = ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
    const last = ranges.findLast(({ pos }) => text.startsWith("/**", pos) && text[pos + 3] !== "/");
    return last === undefined ? undefined : cleanDoc(text.slice(last.pos + 3, last.end - 2));
  };

  const unwrap = (node: ts.Node | undefined): ts.Node | undefined =>
    node !== undefined &&
    (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
      ? unwrap(node.expression)
      : node;

  const callLineOf = (value: ts.Node | undefined): number => {
    const call = unwrap(value);
    if (call === undefined || !ts.isCallExpression(call)) return 0;
    const callee = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
    return positionOf(callee).line + 1;
  };

  const nameOf = (name: ts.PropertyName): string | undefined =>
    ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;

  const keyOf = (element: ts.Node): string | undefined => {
    const node = unwrap(element);
    if (node === undefined) return undefined;
    if (ts.isArrayLiteralExpression(node)) return node.elements.map(elementText).join(",");
    if (!ts.isObjectLiteralExpression(node)) return undefined;
    for (const property of node.properties) {
      if (!ts.isPropertyAssignment(property)) continue;
      const name = nameOf(property.name);
      if (name === "on" || name === "columns" || name === "elements") return keyOf(property.initializer);
    }
    return undefined;
  };

  const elementText = (node: ts.Node): string => {
    if (ts.isStringLiteralLike(node)) return node.text;
    if (ts.isObjectLiteralExpression(node)) {
      const column = node.properties.find(
        (p) => p.name !== undefined && ts.isIdentifier(p.name) && p.name.text === "column",
      );
      return column !== undefined && ts.isPropertyAssignment(column) ? elementText(column.initializer) : "…";
    }
    if (ts.isArrayLiteralExpression(node) && node.elements[0] !== undefined) return elementText(node.elements[0]);
    return "…";
  };

  // Calls and functions are looked through: a table's definition is an argument.
  const walk = (node: ts.Node, owner: string, trail: readonly string[]): void => {
    const name = ts.isPropertyAssignment(node) ? nameOf(node.name) : undefined;
    if (ts.isPropertyAssignment(node) && name !== undefined) {
      note(node.name, node.initializer, owner, [...trail, name], node);
      walk(node.initializer, owner, [...trail, name]);
    } else if (ts.isShorthandPropertyAssignment(node)) {
      note(node.name, undefined, owner, [...trail, node.name.text], node);
    } else if (ts.isArrayLiteralExpression(node)) {
      for (const [i, element] of node.elements.entries()) {
        const inside = [...trail, String(i)];
        const key = keyOf(element);
        if (key !== undefined || ts.isCallExpression(element)) note(element, element, owner, inside, element, key);
        walk(element, owner, inside);
      }
    } else ts.forEachChild(node, (child) => walk(child, owner, trail));
  };

  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) {
        if (!ts.isIdentifier(declaration.name)) continue;
        note(declaration.name, declaration.initializer, declaration.name.text, [], statement);
        if (declaration.initializer !== undefined) walk(declaration.initializer, declaration.name.text, []);
      }
    } else if (ts.isExportAssignment(statement)) {
      note(statement.expression, statement.expression, "default", [], statement);
      walk(statement.expression, "default", []);
    } else if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) {
      note(statement.name, undefined, statement.name.text, [], statement);
      walk(statement, statement.name.text, []);
    }
  }
  return notes;
}

/** The text of a JSDoc comment: no stars, no tags, the lines of a paragraph joined, paragraphs apart. */
export function cleanDoc(comment: string): string | undefined {
  const lines = comment.split(/\r?\n/).map((line) => line.replace(/^\s*\*? ?/, "").trimEnd());
  const tag = lines.findIndex((line) => /^\s*@\w/.test(line));
  const text = (tag < 0 ? lines : lines.slice(0, tag))
    .join("\n")
    .trim()
    .split(/\n\s*\n/)
    .map((paragraph) =>
      paragraph
        .split("\n")
        .map((line) => line.trim())
        .join(" "),
    )
    .join("\n\n");
  return text === "" ? undefined : text;
}
