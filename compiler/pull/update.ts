import { readFile } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { ts as TypeScript } from "ts-morph";
import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { FactIndex } from "../facts.ts";
import { nameOfRole } from "../kinds/declaring.ts";
import type { Code } from "./code.ts";

import {
  type Declaration,
  type DomainShape,
  declarationsOf,
  LISTS,
  type PulledDomain,
  plainSqlKey,
  type Standing,
} from "./declarations.ts";
import { declarationText, importsOf, importsText, importText, nameOfConstant, type PulledFile } from "./files.ts";
import { applyEdits, merge, type Page, setDoc, squeeze } from "./merge.ts";

/** What becomes of definitions that are there. */
export interface Update {
  /** Files with their new text; null for those that hold nothing any more. */
  readonly files: readonly (Omit<PulledFile, "text"> & { readonly text: string | null })[];
  /** What could not be changed, in words. */
  readonly left: readonly string[];
  readonly pulled: PulledDomain;
}

type SourceFile = TypeScript.SourceFile;

/** A declaration as it is written. */
interface Written {
  readonly file: string;
  readonly source: SourceFile;
  readonly statement: TypeScript.VariableStatement;
  readonly variable: TypeScript.VariableDeclaration;
}

/** What a folder's own domain.ts says. */
export function shapeOfDomain({ domain: { options } }: CompiledDomain): DomainShape {
  const nameOf = (one: string | { readonly name: string }): string => (typeof one === "string" ? one : one.name);
  const schema = nameOf(options.schema ?? "public");
  return {
    schema,
    searchPath: (options.searchPath ?? [schema]).map(nameOf),
    owner: options.owner === undefined ? null : nameOfRole(options.owner),
  };
}

/**
 * Definitions changed in place: a declaration is touched only where what it compiles to differs from the database, and there
 * only what differs. New ones are added, those that are gone taken out unless something hand-made would be lost with them.
 * @param now what the definitions compile to
 * @param wanted what the database is
 * @param whole keys of declarations to write anew as a whole, because changing parts of them did not do
 */
export async function updateDefinitions(
  compiled: CompiledDomain,
  now: FactIndex,
  wanted: FactIndex,
  version: number,
  whole: ReadonlySet<string>,
): Promise<Update> {
  const { ts } = await import("ts-morph");
  const root = compiled.folder;
  const sources = new Map<string, SourceFile>();
  for (const path of compiled.files) {
    const file = relative(root, path).split(sep).join("/");
    sources.set(file, ts.createSourceFile(path, await readFile(path, "utf8"), ts.ScriptTarget.ESNext, true));
  }
  const written = findWritten(ts, compiled, sources, now);
  const known = new Map<string, Standing>(
    [...written].map(([key, { file, variable }]) => [
      key,
      { name: variable.name.getText(), file: file.replace(/\.[mc]?ts$/, "") },
    ]),
  );
  const taken = [...sources.values()].flatMap((source) => topNames(ts, source));
  const shape = shapeOfDomain(compiled);
  const base = declarationsOf(now, shape, version, known, taken);
  const next = declarationsOf(wanted, shape, version, known, taken);

  const left: string[] = [];
  const pages = new Map<string, Page>();
  const pageOf = (file: string): Page => {
    const source = sources.get(file) ?? ts.createSourceFile(join(root, file), "", ts.ScriptTarget.ESNext, true);
    const page = pages.get(file) ?? { ts, source, nameOf: nameOfConstant(next), edits: [], used: [], left };
    pages.set(file, page);
    return page;
  };
  const before = new Map(base.declarations.map((one) => [one.key, one]));
  const after = new Map(next.declarations.map((one) => [one.key, one]));

  const fresh: Declaration[] = [];
  for (const one of next.declarations) {
    const old = before.get(one.key);
    const place = written.get(one.key);
    const isSame = old !== undefined && sameDeclaration(old, one);
    if (isSame && !whole.has(one.key)) continue;
    if (place === undefined) {
      if (old === undefined) fresh.push(one);
      else left.push(`${one.key} differs, but is not written where it could be changed`);
      continue;
    }
    const page = pageOf(place.file);
    const { initializer } = place.variable;
    if (initializer === undefined) continue;
    if (whole.has(one.key) || old === undefined) {
      const why = old === undefined ? null : (handMade(ts, place, old, base) ?? helpersOf(ts, place, old, base));
      if (why !== null) {
        left.push(`${place.variable.name.getText()} in ${place.file} was not written anew: ${why}`);
        continue;
      }
      page.used.push(one.value);
      page.edits.push({
        start: startOfStatement(ts, place.statement, place.source),
        end: place.statement.getEnd(),
        text: declarationText({ ...one, name: place.variable.name.getText() }, page.nameOf),
      });
      left.push(`${place.variable.name.getText()} in ${place.file} was written anew as a whole`);
    } else {
      merge(page, initializer, old.value, one.value, place.variable.name.getText());
      if (old.doc !== one.doc) setDoc(page, place.statement, one.doc);
    }
  }
  for (const [key, old] of before) {
    if (after.has(key)) continue;
    const place = written.get(key);
    if (place === undefined) {
      left.push(`${key} is not in the database, but is not written where it could be taken out`);
      continue;
    }
    const why = handMade(ts, place, old, base);
    if (why !== null)
      left.push(`${place.variable.name.getText()} in ${place.file} is not in the database, but stays: ${why}`);
    else {
      const start = startOfStatement(ts, place.statement, place.source);
      const page = pageOf(place.file);
      page.edits.push({
        start: lineStart(place.source.text, start),
        end: endOfLine(place.source.text, place.statement.getEnd()),
        text: "",
      });
    }
  }
  for (const one of fresh) addDeclaration(ts, one, pageOf(`${one.file}.ts`));

  const files: { path: string; text: string | null }[] = [];
  for (const [file, page] of pages) {
    if (page.edits.length === 0) continue;
    const text = withImports(ts, file, applyEdits(page.source.text, page.edits), page, next);
    files.push({ path: file, text });
  }
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), left, pulled: next };
}

const printed = ({ value, doc }: Declaration): string => JSON.stringify([value, doc ?? null]);
const sameDeclaration = (a: Declaration, b: Declaration): boolean => printed(a) === printed(b);

/** Exported constants by the fact that they declare, found where the compiler says that it was declared. */
function findWritten(
  ts: Page["ts"],
  compiled: CompiledDomain,
  sources: ReadonlyMap<string, SourceFile>,
  facts: FactIndex,
): ReadonlyMap<string, Written> {
  const found = new Map<string, Written>();
  const byPath = new Map([...sources].map(([file, source]) => [resolve(source.fileName), { file, source }]));
  const byPlace = new Map<string, Written>();
  const byName = new Map<string, Written>();
  for (const { file, source } of byPath.values()) {
    for (const statement of source.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
      const [variable, second] = statement.declarationList.declarations;
      if (variable === undefined || second !== undefined || !ts.isIdentifier(variable.name)) continue;
      const { line, character } = source.getLineAndCharacterOfPosition(variable.name.getStart(source));
      const place = { file, source, statement, variable };
      byPlace.set(`${source.fileName}:${line + 1}:${character + 1}`, place);
      byName.set(variable.name.text, place);
    }
  }
  for (const [id, { file, line, column }] of compiled.positions) {
    const place = byPlace.get(`${resolve(file)}:${line}:${column}`);
    // Parts of a declaration may be reported at its own place; the whole comes first.
    if (place !== undefined && facts.has(id) && ![...found.values()].includes(place)) found.set(id, place);
  }
  for (const [id, { file, line, column }] of compiled.positions) {
    const place = byPlace.get(`${resolve(file)}:${line}:${column}`);
    const key = place === undefined ? undefined : plainSqlKey(compiled.facts.get(id), facts);
    if (place !== undefined && key !== undefined) found.set(key, place);
  }
  for (const name of LISTS) {
    const place = byName.get(name);
    const value = place?.variable.initializer;
    if (place !== undefined && value !== undefined && ts.isArrayLiteralExpression(value))
      found.set(`list ${name}`, place);
  }
  return found;
}

function topNames(ts: Page["ts"], source: SourceFile): readonly string[] {
  return source.statements.flatMap((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => name.getText(source));
    }
    const { name } = statement as { name?: TypeScript.Identifier };
    return name === undefined ? [] : [name.text];
  });
}

/** What would be lost with a statement, in words; null when it says no more than the database did. */
function handMade(ts: Page["ts"], place: Written, old: Declaration, base: PulledDomain): string | null {
  const start = startOfStatement(ts, place.statement, place.source);
  const text = place.source.text.slice(start, place.statement.getEnd());
  const plainly = declarationText({ ...old, name: place.variable.name.getText() }, nameOfConstant(base));
  if (squeeze(text) === squeeze(plainly)) return null;
  const comments = text.replace(/^\/\*\*[\s\S]*?\*\//, "");
  if (/\/\/|\/\*(?!\*)/.test(comments.replaceAll(/"[^"\n]*"|`[^`]*`/g, ""))) return "comments in it would be lost";
  const word = /\b(?:backfill|using|secret|renamedFrom|orphans)\b(?=\s*:)/.exec(comments)?.[0];
  if (word !== undefined && !squeeze(plainly).includes(`${word}:`)) return `what it says of ${word} would be lost`;
  return /\w<[^>]+>\(/.test(comments) && !/\w<[^>]+>\(/.test(plainly) ? "types in it would be lost" : null;
}

/** Names of people's own that the statement uses and a pulled one would not. */
function helpersOf(ts: Page["ts"], place: Written, old: Declaration, base: PulledDomain): string | null {
  const text = declarationText({ ...old, name: place.variable.name.getText() }, nameOfConstant(base));
  const plainly = namesIn(ts, ts.createSourceFile("pulled.ts", text, ts.ScriptTarget.ESNext, true).statements);
  const own = [...namesIn(ts, [place.statement])].filter((name) => !plainly.has(name));
  return own.length === 0 ? null : `what it takes from ${own.join(", ")} would be lost`;
}

/** The statement with the JSDoc comment above it. */
function startOfStatement(ts: Page["ts"], statement: TypeScript.Node, source: SourceFile): number {
  const comments = ts.getLeadingCommentRanges(source.text, statement.getFullStart()) ?? [];
  const last = comments.at(-1);
  return last !== undefined && source.text.startsWith("/**", last.pos) ? last.pos : statement.getStart(source);
}

const lineStart = (text: string, position: number): number => text.lastIndexOf("\n", position - 1) + 1;

function endOfLine(text: string, position: number): number {
  const rest = /^[ \t]*\n?\n?/.exec(text.slice(position));
  return position + (rest?.[0].length ?? 0);
}

/** Before the first statement that uses it, else at the end. */
function addDeclaration(ts: Page["ts"], one: Declaration, page: Page): void {
  const { source } = page;
  const text = declarationText(one, page.nameOf);
  page.used.push(one.value);
  const user = source.statements.find(
    (statement) => ts.isVariableStatement(statement) && new RegExp(`\\b${one.name}\\b`).test(statement.getText(source)),
  );
  if (user !== undefined) {
    const start = startOfStatement(ts, user, source);
    page.edits.push({ start, end: start, text: `${text}\n\n` });
    return;
  }
  const end = source.text.length;
  page.edits.push({ start: end, end, text: `${end === 0 || source.text.endsWith("\n\n") ? "" : "\n"}${text}\n` });
}

/** The text with imports of what was put into it, and without those of what it no longer names; null for an empty file. */
function withImports(ts: Page["ts"], file: string, text: string, page: Page, pulled: PulledDomain): string | null {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const own = file.replace(/\.[mc]?ts$/, "");
  const inserted: readonly Code[] = page.used;
  const wanted = importsOf(
    own,
    inserted.map((value) => ({ value })),
    [],
    pulled,
  );
  const rest = source.statements.filter((statement) => !ts.isImportDeclaration(statement));
  if (rest.length === 0) return null;
  const [used, usedBefore] = [
    namesIn(ts, rest),
    namesIn(
      ts,
      page.source.statements.filter((one) => !ts.isImportDeclaration(one)),
    ),
  ];
  const edits: { start: number; end: number; text: string }[] = [];
  const present = new Set<string>();
  let last = 0;
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    last = statement.getEnd();
    const clause = statement.importClause?.namedBindings;
    if (clause === undefined || !ts.isNamedImports(clause)) continue;
    const { text: module } = statement.moduleSpecifier;
    present.add(module);
    const old = clause.elements.map((element) => element.getText(source));
    const add = [...(wanted.get(module) ?? [])].filter((name) => !old.includes(name));
    // What was imported and unused before is nobody's doing here.
    const gone = clause.elements.filter(({ name }) => !used.has(name.text) && usedBefore.has(name.text));
    if (add.length === 0 && gone.length === 0) continue;
    const kept = old.filter((one) => !gone.some((element) => element.getText(source) === one));
    const all = [...kept, ...add];
    const start = statement.getStart(source);
    if (all.length > 0) edits.push({ start, end: statement.getEnd(), text: importText(module, new Set(all)) });
    else edits.push({ start, end: endOfLine(text, statement.getEnd()), text: "" });
  }
  const missing = new Map([...wanted].filter(([module]) => !present.has(module)));
  if (missing.size > 0) {
    const lines = importsText(missing);
    edits.push({ start: last, end: last, text: last === 0 ? `${lines}\n\n` : `\n${lines}` });
  }
  return applyEdits(text, edits)
    .replace(/\n{3,}/g, "\n\n")
    .replace(/\n*$/, "\n");
}

/** Identifiers that stand for something by themselves. */
function namesIn(ts: Page["ts"], statements: readonly TypeScript.Statement[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: TypeScript.Node): void => {
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    const isKey = ts.isPropertyAssignment(node.parent) && node.parent.name === node;
    if (ts.isIdentifier(node) && !isMember && !isKey) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const statement of statements) visit(statement);
  return found;
}
