import type { Attributes, Fact, FactId, FactIndex } from "../facts.ts";
import { breaksInsideQuotes, dedent } from "../kinds/dedent.ts";
import { cleanDoc } from "../load/notes.ts";
import { type Code, type Constant, call, type Property, text as textCode } from "./code.ts";
import { printDoc } from "./printCode.ts";

/** What a room may ask while it says facts in TypeScript. */
export interface Pulling {
  readonly facts: FactIndex;
  /** Schema of what says none itself. */
  readonly schema: string;
  /** Owner of what says none itself; null for who runs the migration. */
  readonly owner: string | null;
  /** Schemas in which a text finds names without their schema. */
  readonly searchPath: readonly string[];
  children(id: FactId): readonly Fact[];
  /** Facts that depend on this one directly. */
  dependents(id: FactId): readonly Fact[];
  /** Marks a fact as said by the declaration that is being written. */
  say(id: FactId): unknown;
  /** Marks a fact as said but for these attributes, which the declaration leaves as they are here: plain SQL does the rest. */
  sayAlmost(id: FactId, left: Attributes): void;
  isSaid(id: FactId): boolean;
  /** The constant that declares a fact, where one does. */
  constant(id: FactId, column?: string): Constant | undefined;
  /** The declared type of this printed name. */
  typeConstant(type: string): Constant | undefined;
  /** False for the foreign keys that would lead in a circle, which are given by name. */
  isThunk(from: FactId, to: FactId): boolean;
  /** SQL in which the names of declarations that the fact depends on are those declarations. */
  sql(given: string, of: Fact<object>): Code;
  /** Constants of what a fact depends on and only plain SQL declares, and that the code does not name. */
  unnamed(of: Fact<object>, code: readonly Code[]): readonly Code[];
}

/** How one kind's facts become declarations. */
export interface Puller<A extends object = Attributes> {
  /** File that its declarations share, without `.ts`; for a kind that has a file of its own for each, that one's name. */
  readonly file: (a: A) => string | { readonly with: FactId };
  readonly hasOwnFile?: true;
  /** What the exported constant is called if nothing else has the name; for what has no name, the list that it stands in. */
  readonly identifier: (a: A, fact: Fact<A>) => string;
  /** They are elements of one exported list. */
  readonly isListed?: true;
  /** Elements of the list that can be said in one. */
  readonly join?: (elements: readonly Code[]) => readonly Code[];
  /** It can do without the constants that lead back to it. */
  readonly breaksCircles?: true;
  /** How SQL texts write it, for kinds whose mention in a text is to be a dependency. */
  readonly mention?: (a: A) => string;
  /** The type that it declares, as PostgreSQL prints it; calling the constant gives a column of it. */
  readonly typeName?: (a: A) => string;
  /** The declaration; null when there is no form for what this fact has. */
  readonly pull: (fact: Fact<A>, pulling: Pulling) => Pulled | null;
  /** Nothing is written for it, although it is a fact: every database has it. */
  readonly isThere?: (fact: Fact<A>, pulling: Pulling) => boolean;
}

export interface Pulled {
  readonly value: Code;
  readonly doc?: string | undefined;
}

/** Closes a puller over its attribute type, so that the record can hold all shapes. */
export const puller = <A extends object>(given: Puller<A>): Puller => given as unknown as Puller;

/** The same text again after it was a JSDoc comment. */
export function fitsDoc(comment: string): boolean {
  return cleanDoc(printDoc(comment, 0).slice(3, -2)) === comment && !comment.includes("*/");
}

export const commentProperty = (comment: string): Property => ({ key: "comment", value: textCode(comment) });

// A constant, a dollar-quoted body, a comment, or a name with its qualifiers.
const TOKENS =
  /(?:\b[eE])?'(?:[^'\\]|''|\\.)*'(?:::regclass)?|(\$[A-Za-z_0-9]*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|OPERATOR\((?:"(?:[^"]|"")*"|[^".()]+)\.[^()]+\)|(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))*/gu;

/** An expression on one line, or where that gets long on lines of its own. */
const SHORT = 100;

export function laidOut(expression: string): { readonly text: string; readonly stands: boolean } {
  if (!expression.includes("\n") || breaksInsideQuotes(expression) || expression.includes("--")) {
    return { text: expression, stands: false };
  }
  const line = expression.replaceAll(/\s*\n\s*/g, " ");
  return line.length <= SHORT ? { text: line, stands: false } : { text: dedent(expression), stands: true };
}

/** Puts constants in the place of names. @param constants by the name as PostgreSQL prints it */
export function mention(given: string, constants: ReadonlyMap<string, Constant>): Code {
  const parts: (string | Code)[] = [];
  let end = 0;
  for (const { 0: token, index } of given.matchAll(TOKENS)) {
    const found = mentioned(token, constants);
    if (found === undefined) continue;
    parts.push(given.slice(end, index), found.code);
    end = index + found.length;
  }
  parts.push(given.slice(end));
  return { code: "sql", parts: parts.filter((part) => part !== "") };
}

function mentioned(
  token: string,
  constants: ReadonlyMap<string, Constant>,
): { readonly code: Code; readonly length: number } | undefined {
  if (token.endsWith("'::regclass")) {
    const name = token.slice(1, -"'::regclass".length).replaceAll("''", "'");
    const constant = constants.get(name);
    return constant === undefined ? undefined : { code: call("sql.regclass", constant), length: token.length };
  }
  const named = constants.get(token);
  if (named !== undefined && token.startsWith("OPERATOR(")) return { code: named, length: token.length };
  for (let path = token; path.includes("."); path = path.slice(0, path.lastIndexOf("."))) {
    const constant = constants.get(path);
    if (constant !== undefined) return { code: constant, length: path.length };
  }
  return undefined;
}

/** A text of several lines with a margin, where it means the same with one. @param read what compiling makes of it */
export function standing(code: Code, read: (text: string) => string): Code {
  if (code.code !== "sql") return code;
  const whole = code.parts.map((part) => (typeof part === "string" ? part : "x")).join("");
  if (!whole.includes("\n")) return code;
  const moved = `\n    ${whole.replaceAll(/\n(?=[^\n])/g, "\n    ")}\n  `;
  return read(moved) === read(whole) ? { ...code, stands: true } : code;
}
