export interface ScriptStatement {
  /** Without the comments before it and the semicolon after it. */
  readonly sql: string;
  /** Line of its first character, from 1. */
  readonly line: number;
}

/** A place in a script that psql would not read as SQL. */
export class ScriptUnreadable extends Error {
  override readonly name = "ScriptUnreadable";
  readonly line: number;

  constructor(what: string, line: number) {
    super(what);
    this.line = line;
  }
}

const TOKENS = [
  ["space", /\s+|--[^\n]*/y],
  ["string", /[eE]'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*'/y],
  ["string", /'[^']*(?:''[^']*)*'/y],
  ["quoted", /"[^"]*(?:""[^"]*)*"/y],
  ["word", /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y],
  ["number", /[0-9][A-Za-z0-9_.]*|\$[0-9]+/y],
] as const;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;

/**
 * Cuts a script into statements where psql does: at semicolons outside quotes, comments, parentheses and the body of a
 * function written in standard SQL (BEGIN ATOMIC … END).
 * @param firstLine number of the text's first line in its file
 * @throws ScriptUnreadable at a psql command or at a quotation that does not end
 * @see PostgreSQL source, psqlscan.l
 */
export function splitStatements(text: string, firstLine = 1): readonly ScriptStatement[] {
  const statements: ScriptStatement[] = [];
  const lineAt = lineCounter(text, firstLine);
  let start: number | null = null;
  let parentheses = 0;
  let body = newBodyTracker();
  const finish = (end: number): void => {
    if (start !== null) statements.push({ sql: text.slice(start, end).trimEnd(), line: lineAt(start) });
    start = null;
    parentheses = 0;
    body = newBodyTracker();
  };
  for (let i = 0; i < text.length; ) {
    const { kind, end } = tokenAt(text, i, lineAt);
    if (kind === "space") {
      i = end;
      continue;
    }
    const character = text[i];
    if (character === "\\") {
      throw new ScriptUnreadable("a command of psql stands here; only SQL can be run", lineAt(i));
    }
    if (character === ";" && parentheses === 0 && !body.isOpen()) {
      finish(i);
      i = end;
      continue;
    }
    start ??= i;
    if (character === "(") parentheses++;
    else if (character === ")") parentheses = Math.max(0, parentheses - 1);
    else if (kind === "word" && parentheses === 0) body.see(text.slice(i, end).toLowerCase());
    i = end;
  }
  finish(text.length);
  return statements;
}

function tokenAt(text: string, i: number, lineAt: (offset: number) => number): { kind: string; end: number } {
  if (text.startsWith("/*", i)) return { kind: "space", end: commentEnd(text, i, lineAt) };
  for (const [kind, pattern] of TOKENS) {
    pattern.lastIndex = i;
    if (pattern.test(text)) return { kind, end: pattern.lastIndex };
  }
  DOLLAR_TAG.lastIndex = i;
  const tag = DOLLAR_TAG.exec(text)?.[0];
  if (tag !== undefined) {
    const end = text.indexOf(tag, i + tag.length);
    if (end < 0) throw new ScriptUnreadable(`the quotation that ${tag} opens here does not end`, lineAt(i));
    return { kind: "string", end: end + tag.length };
  }
  if (text[i] === "'" || text[i] === '"') {
    throw new ScriptUnreadable(`the quotation that ${text[i]} opens here does not end`, lineAt(i));
  }
  return { kind: "sign", end: i + 1 };
}

/** Comments nest. */
function commentEnd(text: string, from: number, lineAt: (offset: number) => number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  throw new ScriptUnreadable("the comment that opens here does not end", lineAt(from));
}

/** Follows the words of CREATE [OR REPLACE] FUNCTION | PROCEDURE … BEGIN ATOMIC … END, CASE … END inside it included. */
function newBodyTracker(): { readonly see: (word: string) => void; readonly isOpen: () => boolean } {
  let words = "";
  let count = 0;
  let depth = 0;
  return {
    isOpen: () => depth > 0,
    see: (word) => {
      if (count < 4) words += ` ${word}`;
      count++;
      if (!/^ create( or replace)? (function|procedure)/.test(words)) return;
      if (word === "begin") depth++;
      else if (word === "case" && depth > 0) depth++;
      else if (word === "end" && depth > 0) depth--;
    },
  };
}

/** Line numbers for offsets that only grow. */
function lineCounter(text: string, firstLine: number): (offset: number) => number {
  let line = firstLine;
  let seen = 0;
  return (offset) => {
    for (let at = text.indexOf("\n", seen); at >= 0 && at < offset; at = text.indexOf("\n", seen)) {
      line++;
      seen = at + 1;
    }
    return line;
  };
}
