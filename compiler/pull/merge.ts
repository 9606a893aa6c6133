import type { ts as TypeScript } from "ts-morph";
import type { Code, Entry, Property } from "./code.ts";
import { type NameOf, printCode, printDoc, printKey } from "./printCode.ts";

/** A stretch of a file and what stands there instead. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What edits need to know of the file that they change. */
export interface Page {
  readonly ts: typeof TypeScript;
  readonly source: TypeScript.SourceFile;
  readonly nameOf: NameOf;
  readonly edits: Edit[];
  /** Names that inserted code uses, for the imports. */
  readonly used: Code[];
  /** What could not be changed, in words. */
  readonly left: string[];
}

/**
 * Edits that do to a written value what turns `base` into `next`: what the two have in common stays as it is written, with its
 * comments, its order and whatever only people know.
 * @param base what would have been written for the definitions as they compile now
 */
export function merge(page: Page, node: TypeScript.Expression, base: Code, next: Code, what: string): void {
  const { ts } = page;
  if (same(base, next)) return;
  const value = unwrap(ts, node);
  if (
    base.code === "call" &&
    next.code === "call" &&
    ts.isCallExpression(value) &&
    sameCallee(page, value, base, next)
  ) {
    mergeArguments(page, value, base.arguments, next.arguments, what);
    return;
  }
  if (base.code === "object" && next.code === "object" && ts.isObjectLiteralExpression(value)) {
    mergeObject(page, value, base.entries, next.entries, what);
    return;
  }
  if (base.code === "list" && next.code === "list" && ts.isArrayLiteralExpression(value) && !isLeaves(next)) {
    mergeList(page, value, base.items, next.items, what);
    return;
  }
  const spread = ts.isIdentifier(value) ? spreadWith(value.text, base, next) : null;
  replace(page, value, spread ?? next);
}

/** A constant of people's own, spread, with what is new or differs after it; null where something of it is gone. */
function spreadWith(name: string, base: Code, next: Code): Code | null {
  if (base.code !== "object" || next.code !== "object") return null;
  const [before, after] = [propertiesOf(base.entries), propertiesOf(next.entries)];
  if (before.some(({ key }) => !after.some((one) => one.key === key))) return null;
  const entries = after.filter(({ key, value }) => !before.some((one) => one.key === key && same(one.value, value)));
  return { ...next, entries: [{ spread: name }, ...entries] };
}

const print = (code: Code): string => printCode(code, ({ id, column }) => `${id} ${column ?? ""}`);
const same = (a: Code, b: Code): boolean => print(a) === print(b);

const isLeaves = (code: Code & { code: "list" }): boolean =>
  code.items.every(({ code: kind }) => kind === "text" || kind === "plain");

export function unwrap(ts: Page["ts"], node: TypeScript.Expression): TypeScript.Expression {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node)) {
    return unwrap(ts, node.expression);
  }
  return node;
}

function sameCallee(
  page: Page,
  node: TypeScript.CallExpression,
  base: Code & { code: "call" },
  next: Code & { code: "call" },
) {
  const nameOf = ({ callee }: Code & { code: "call" }) => (typeof callee === "string" ? callee : page.nameOf(callee));
  const written = node.expression.getText(page.source);
  return nameOf(base) === nameOf(next) && written === nameOf(base);
}

function mergeArguments(
  page: Page,
  node: TypeScript.CallExpression,
  base: readonly Code[],
  next: readonly Code[],
  what: string,
): void {
  const written = node.arguments;
  // An options object that only one of them has is added or taken away; anything else is another call.
  const shared = Math.min(base.length, next.length);
  if (written.length < shared || written.length > Math.max(base.length, next.length)) {
    replaceCall(page, node, next);
    return;
  }
  for (let i = 0; i < shared; i++) {
    const [argument, from, to] = [written[i], base[i], next[i]];
    if (argument !== undefined && from !== undefined && to !== undefined) merge(page, argument, from, to, what);
  }
  const added = next.slice(shared);
  const last = written[shared - 1];
  if (added.length > 0) {
    const options = written[shared];
    const [only] = added;
    // People may have said there what no catalog knows.
    if (options !== undefined && only !== undefined && added.length === 1) {
      merge(page, options, { code: "object", entries: [] }, only, what);
      return;
    }
    const indent = indentOf(page, node);
    const text = added.map((code) => printCode(code, page.nameOf, indent, columnOf(page, node.getEnd()))).join(", ");
    page.used.push(...added);
    page.edits.push({
      start: node.getEnd() - 1,
      end: node.getEnd() - 1,
      text: last === undefined ? text : `, ${text}`,
    });
  }
  const options = written[shared];
  const gone = base[shared];
  if (next.length < base.length && options !== undefined && gone !== undefined) {
    const isAll = unwrap(page.ts, options);
    const entries = gone.code === "object" ? gone.entries : [];
    if (page.ts.isObjectLiteralExpression(isAll) && isAll.properties.length > entries.length) {
      merge(page, options, gone, { code: "object", entries: [] }, what);
      return;
    }
    page.edits.push({ start: last?.getEnd() ?? options.getStart(page.source), end: node.getEnd() - 1, text: "" });
  }
}

function replaceCall(page: Page, node: TypeScript.CallExpression, next: readonly Code[]): void {
  const callee = node.expression.getText(page.source);
  const code: Code = { code: "call", callee, arguments: next };
  page.used.push(...next);
  page.edits.push({
    start: node.getStart(page.source),
    end: node.getEnd(),
    text: printCode(code, page.nameOf, indentOf(page, node), columnOf(page, node.getStart(page.source)), 1),
  });
}

function replace(page: Page, node: TypeScript.Node, next: Code): void {
  const start = node.getStart(page.source);
  page.used.push(next);
  page.edits.push({
    start,
    end: node.getEnd(),
    text: printCode(next, page.nameOf, indentOf(page, node), columnOf(page, start), 1),
  });
}

const columnOf = (page: Page, position: number): number =>
  page.source.getLineAndCharacterOfPosition(position).character;

/** Blanks at the start of the line that the node begins on. */
function indentOf(page: Page, node: TypeScript.Node): number {
  const { line } = page.source.getLineAndCharacterOfPosition(node.getStart(page.source));
  const text = page.source.text.slice(page.source.getPositionOfLineAndCharacter(line, 0));
  return /^ */.exec(text)?.[0].length ?? 0;
}

const propertiesOf = (entries: readonly Entry[]): readonly Property[] =>
  entries.flatMap((entry) => ("spread" in entry ? [] : [entry]));

function mergeObject(
  page: Page,
  node: TypeScript.ObjectLiteralExpression,
  base: readonly Entry[],
  next: readonly Entry[],
  what: string,
): void {
  const { ts } = page;
  const [before, after] = [propertiesOf(base), propertiesOf(next)];
  const written = new Map<string, TypeScript.ObjectLiteralElementLike>();
  for (const property of node.properties) {
    const name = property.name;
    if (name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)))
      written.set(name.text, property);
  }
  const added: { readonly property: Property; readonly after: TypeScript.Node | undefined }[] = [];
  let previous: TypeScript.Node | undefined;
  for (const property of after) {
    const old = before.find(({ key }) => key === property.key);
    const place = written.get(property.key);
    if (place !== undefined && ts.isPropertyAssignment(place)) {
      if (old === undefined) replace(page, place.initializer, property.value);
      else merge(page, place.initializer, old.value, property.value, `${what}.${property.key}`);
      if (old?.doc !== property.doc) setDoc(page, place, property.doc);
    } else if (old === undefined || !same(old.value, property.value) || old.doc !== property.doc) {
      const fresh = old === undefined ? null : newIn(old.value, property.value);
      // What a spread brings is overruled by what stands after it.
      const isSpread = node.properties.some((one) => ts.isSpreadAssignment(one)) && property.value.code === "call";
      if (place === undefined && (old === undefined || isSpread)) {
        added.push({ property, after: old === undefined ? previous : node.properties.at(-1) });
      } else if (place === undefined && fresh !== null) {
        // What is there is said in other words; what is new can stand beside it.
        added.push({ property: { ...property, value: fresh.value }, after: previous });
        page.left.push(...fresh.changed.map((key) => `${what}.${property.key}.${key} ${ELSEWHERE}`));
      } else page.left.push(`${what}.${property.key} ${ELSEWHERE}`);
    }
    previous = place ?? previous;
  }
  const gone = before.filter(({ key }) => !after.some((one) => one.key === key));
  const removed = new Set<TypeScript.Node>();
  for (const { key } of gone) {
    const place = written.get(key);
    if (place === undefined)
      page.left.push(`${what}.${key} is not in the database, but does not stand where it could be taken out`);
    else removed.add(place);
  }
  if (added.length > 0 || removed.size > 0)
    changeElements(
      page,
      node,
      node.properties,
      added.map((one) => ({ ...one, doc: one.property.doc, code: one.property.value, key: one.property.key })),
      removed,
    );
}

const ELSEWHERE = "differs, but does not stand where it could be changed";

/** The elements that only `next` has, and the names of those that differ; null for what has no elements, or no new ones. */
function newIn(base: Code, next: Code): { readonly value: Code; readonly changed: readonly string[] } | null {
  if (base.code === "list" && next.code === "list") {
    const isIn = (all: readonly Code[], one: Code) => all.some((other) => same(other, one));
    const items = next.items.filter((one) => !isIn(base.items, one));
    const gone = base.items.filter((one) => !isIn(next.items, one));
    return items.length === 0 || isLeaves(next) ? null : { value: { ...next, items }, changed: gone.map(() => "[…]") };
  }
  if (base.code !== "object" || next.code !== "object") return null;
  const [before, after] = [propertiesOf(base.entries), propertiesOf(next.entries)];
  const entries = after.filter(({ key }) => !before.some((one) => one.key === key));
  const changed = before.filter(({ key, value }) => {
    const now = after.find((one) => one.key === key);
    return now === undefined || !same(now.value, value);
  });
  return entries.length === 0 ? null : { value: { ...next, entries }, changed: changed.map(({ key }) => key) };
}

interface Addition {
  readonly key?: string;
  readonly code: Code;
  readonly doc?: string | undefined;
  /** Undefined for the front. */
  readonly after: TypeScript.Node | undefined;
}

/** Adds and takes out elements of an object or list, on lines of their own where the others have such. */
function changeElements(
  page: Page,
  node: TypeScript.ObjectLiteralExpression | TypeScript.ArrayLiteralExpression,
  elements: readonly TypeScript.Node[],
  added: readonly Addition[],
  removed: ReadonlySet<TypeScript.Node>,
): void {
  const { source } = page;
  const open = node.getStart(source);
  const isOnLines = source.text.slice(open, elements[0]?.getStart(source) ?? node.getEnd()).includes("\n");
  const indent = indentOf(page, node);
  const inside = indent + 2;
  page.used.push(...added.map(({ code }) => code));
  const textOf = ({ key, code, doc }: Addition, on: number): string => {
    const lead = key === undefined ? "" : `${printKey(key)}: `;
    const above = doc === undefined ? "" : `${printDoc(doc, on)}\n`;
    return `${above}${" ".repeat(on)}${lead}${printCode(code, page.nameOf, on, on + lead.length, 1)}`;
  };
  if (!isOnLines) {
    // All on one line: it is written anew from what its elements are.
    const open = node.getStart(source);
    const inner = page.edits.filter(({ start, end }) => start >= open && end <= node.getEnd());
    const kept = elements.flatMap((element) => (removed.has(element) ? [] : [edited(page, element, inner)]));
    for (const edit of inner) page.edits.splice(page.edits.indexOf(edit), 1);
    const isObject = page.ts.isObjectLiteralExpression(node);
    const lines = [...kept, ...added.map((one) => textOf(one, inside).trimStart())];
    const [left, right] = isObject ? ["{ ", " }"] : ["[", "]"];
    const line = lines.length === 0 ? `${left}${right}`.replace(/\s+/, "") : `${left}${lines.join(", ")}${right}`;
    const fits = !line.includes("\n") && columnOf(page, open) + line.length < 118;
    const broken = `${left.trim()}\n${lines.map((one) => `${" ".repeat(inside)}${one},`).join("\n")}\n${" ".repeat(indent)}${right.trim()}`;
    page.edits.push({ start: open, end: node.getEnd(), text: fits ? line : broken });
    return;
  }
  for (const element of removed) {
    for (const edit of page.edits.filter(
      (one) => one.start >= element.getStart(source) && one.end <= element.getEnd(),
    )) {
      page.edits.splice(page.edits.indexOf(edit), 1);
    }
    page.edits.push({ start: startWithDoc(page, element), end: endWithComma(page, element), text: "" });
  }
  for (const one of added) {
    const at = one.after === undefined ? open + 1 : endWithComma(page, one.after);
    const needsComma = one.after !== undefined && !source.text.slice(one.after.getEnd(), at).includes(",");
    page.edits.push({ start: at, end: at, text: `${needsComma ? "," : ""}\n${textOf(one, inside)},` });
  }
}

/** An element's text with the edits inside it. */
function edited(page: Page, element: TypeScript.Node, edits: readonly Edit[]): string {
  const start = element.getStart(page.source);
  const inside = edits
    .filter((edit) => edit.start >= start && edit.end <= element.getEnd())
    .map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
  return applyEdits(element.getText(page.source), inside);
}

/** From the end of the line before, with the comments above. */
function startWithDoc(page: Page, element: TypeScript.Node): number {
  const { text } = page.source;
  const comments = page.ts.getLeadingCommentRanges(text, element.getFullStart()) ?? [];
  const first = comments.find(({ pos }) => text.lastIndexOf("\n", pos) >= element.getFullStart())?.pos;
  const start = first ?? element.getStart(page.source);
  const line = text.lastIndexOf("\n", start);
  return line >= element.getFullStart() - 1 && text.slice(line, start).trim() === "" ? line : start;
}

function endWithComma(page: Page, element: TypeScript.Node): number {
  const after = /^\s*,/.exec(page.source.text.slice(element.getEnd()));
  return element.getEnd() + (after?.[0].length ?? 0);
}

/** Puts a JSDoc comment above a property or statement, changes or takes away the one that is there. */
export function setDoc(page: Page, node: TypeScript.Node, doc: string | undefined): void {
  const { text } = page.source;
  const comments = page.ts.getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  const old = comments.findLast(({ pos }) => text.startsWith("/**", pos));
  const start = node.getStart(page.source);
  const indent = indentOf(page, node);
  if (doc === undefined) {
    if (old !== undefined) page.edits.push({ start: old.pos, end: start, text: "" });
    return;
  }
  const comment = printDoc(doc, indent).trimStart();
  if (old !== undefined) page.edits.push({ start: old.pos, end: old.end, text: comment });
  else page.edits.push({ start, end: start, text: `${comment}\n${" ".repeat(indent)}` });
}

function mergeList(
  page: Page,
  node: TypeScript.ArrayLiteralExpression,
  base: readonly Code[],
  next: readonly Code[],
  what: string,
): void {
  const gone = base.filter((one) => !next.some((other) => same(one, other)));
  const fresh = next.filter((one) => !base.some((other) => same(one, other)));
  const removed = new Set<TypeScript.Node>();
  const added: Addition[] = [];
  const elementOf = (code: Code): TypeScript.Expression | undefined => {
    const byText = node.elements.find(
      (element) => squeeze(element.getText(page.source)) === squeeze(printCode(code, page.nameOf)),
    );
    const byPlace = node.elements.length === base.length ? node.elements[base.indexOf(code)] : undefined;
    return byText ?? byPlace;
  };
  for (const old of gone) {
    const twin = fresh.find((one) => discriminator(one) === discriminator(old));
    const element = elementOf(old);
    if (element === undefined) {
      page.left.push(`an element of ${what} is not in the database, but does not stand where it could be taken out`);
    } else if (twin === undefined) removed.add(element);
    else {
      fresh.splice(fresh.indexOf(twin), 1);
      merge(page, element, old, twin, what);
    }
  }
  for (const code of fresh) added.push({ code, after: node.elements.at(-1) });
  if (added.length > 0 || removed.size > 0) changeElements(page, node, node.elements, added, removed);
}

/** What makes an element the same one although something of it changes. */
function discriminator(code: Code): string {
  if (code.code === "call") return code.arguments.map(discriminator).join();
  if (code.code !== "object") return print(code);
  const properties = propertiesOf(code.entries);
  const own = ["on", "columns", "elements", "to"].flatMap((key) => properties.filter((one) => one.key === key));
  return own.map(({ value }) => print(value)).join();
}

/** Text without what layout may change. */
export const squeeze = (text: string): string => text.replaceAll(/,(?=\s*[\]})])/g, "").replaceAll(/\s+/g, "");

export function applyEdits(text: string, edits: readonly Edit[]): string {
  const inOrder = edits
    .map((edit, i) => ({ ...edit, i }))
    .sort((a, b) => b.start - a.start || b.end - a.end || b.i - a.i);
  return inOrder.reduce(
    (result, { start, end, text: insert }) => result.slice(0, start) + insert + result.slice(end),
    text,
  );
}
