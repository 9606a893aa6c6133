import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ScanToken } from "libpg-query";
import { Diagnostic, type Position } from "../diagnostic.ts";
import { camel } from "../generate/names.ts";
import { noneOfNothing } from "../missing.ts";
import { shown } from "../shown.ts";

/** How many rows a query gives: any number, exactly one, one or none, or none that anybody wants. */
export type Cardinality = "many" | "one" | "maybe" | "exec";

/** One statement of `definitions/<domain>/queries/*.sql`. */
export interface WrittenQuery {
  readonly name: string;
  readonly cardinality: Cardinality;
  /** The comment above its header. */
  readonly doc: string | null;
  /** The statement with `$1`, `$2` … for its named parameters, without comments. */
  readonly text: string;
  /** In the order of their numbers. */
  readonly parameters: readonly QueryParameter[];
  /** What is said of result columns by `as "name!"` (never null) and `as "name?"`. */
  readonly nullable: Readonly<Record<string, boolean>>;
  readonly position: Position;
  /** The place in the file of a character of `text`, counted in characters from 1 as PostgreSQL does. */
  readonly positionAt: (character: number) => Position;
}

export interface QueryParameter {
  readonly name: string;
  /** Written `:name?`: takes null. */
  readonly isNullable: boolean;
}

/** A domain's queries by name. @throws Diagnostic at the place of a mistake */
export async function readQueries(folder: string): Promise<readonly WrittenQuery[]> {
  const inside = join(folder, "queries");
  const files = (await readdir(inside).catch(noneOfNothing)).filter((file) => file.endsWith(".sql")).sort();
  const queries: WrittenQuery[] = [];
  for (const file of files) {
    const path = join(inside, file);
    queries.push(...(await parseQueries(shown(path), await readFile(path, "utf8"))));
  }
  const byName = new Map<string, WrittenQuery>();
  for (const query of queries) {
    const other = byName.get(query.name);
    if (other !== undefined) {
      throw new Diagnostic({
        code: "query-named-twice",
        what: `two queries are called ${query.name}`,
        at: query.position,
        why: `the other is at ${other.position.file}:${other.position.line}`,
        next: "give one of them another name",
      });
    }
    byName.set(query.name, query);
  }
  return [...byName.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
}

const HEADER = /^--\s*name:\s*(\S*)\s*(\S*)\s*$/;
const CARDINALITIES: Readonly<Record<string, Cardinality>> = {
  ":many": "many",
  ":one": "one",
  ":maybe": "maybe",
  ":exec": "exec",
};

interface Token extends Pick<ScanToken, "text"> {
  /** In UTF-16 units of the file. */
  readonly start: number;
  readonly end: number;
  readonly isComment: boolean;
}

/** The statements of one file, divided by PostgreSQL's own lexer. */
export async function parseQueries(file: string, text: string): Promise<readonly WrittenQuery[]> {
  const tokens = await tokensOf(file, text);
  const place = (offset: number): Position => placeIn(file, text, offset);
  const headers = tokens.flatMap((token, i) => (token.isComment && /^--\s*name:/.test(token.text) ? [i] : []));
  const firstHeader = headers[0] ?? tokens.length;
  const astray = tokens.slice(0, firstHeader).find(({ isComment }) => !isComment);
  if (astray !== undefined) {
    throw new Diagnostic({
      code: "query-without-name",
      what: "a statement has no name",
      at: place(astray.start),
      next: "write `-- name: findSomething :many` on the line above it",
    });
  }
  return headers.map((at, n) => {
    const header = tokens[at];
    if (header === undefined) throw new Error("a header that is not there");
    const [, name = "", word = ""] = HEADER.exec(header.text) ?? [];
    const cardinality = CARDINALITIES[word];
    const position = place(header.start);
    if (cardinality === undefined || !/^[A-Za-z]\w*$/.test(name) || camel(name) !== name) {
      throw new Diagnostic({
        code: "query-header",
        what: `this header does not name a query: ${header.text}`,
        at: position,
        why: "a name becomes a function in TypeScript; what follows says how many rows there are",
        next: "write `-- name: findSomething :many`, or :one, :maybe (one or none), :exec",
      });
    }
    return {
      name,
      cardinality,
      doc: docAbove(tokens, at, text),
      position,
      ...statementOf(tokens.slice(at + 1, headers[n + 1]), text, position, place),
    };
  });
}

async function tokensOf(file: string, text: string): Promise<readonly Token[]> {
  const { hasSqlDetails, loadModule, parseSync, scanSync } = await import("libpg-query");
  await loadModule();
  try {
    const bytes = Buffer.from(text, "utf8");
    let from = 0;
    let offset = 0;
    // The lexer counts bytes.
    const offsetAt = (byte: number): number => {
      offset += bytes.toString("utf8", from, byte).length;
      from = byte;
      return offset;
    };
    return scanSync(text).tokens.map((token) => {
      const start = offsetAt(token.start);
      const end = offsetAt(token.end);
      return { text: text.slice(start, end), start, end, isComment: /^(?:--|\/\*)/.test(token.text) };
    });
  } catch {
    // The lexer does not say where it stopped; the parser does, once nothing before that place disturbs it.
    let problem: unknown;
    try {
      parseSync(text.replaceAll(/:(?=[\p{L}_])/gu, " "));
    } catch (error) {
      problem = error;
    }
    const details = hasSqlDetails(problem) ? problem.sqlDetails : undefined;
    const before = Buffer.from(text, "utf8").subarray(0, details?.cursorPosition ?? 0);
    throw new Diagnostic(
      {
        code: "query-unreadable",
        what: `${file} is not SQL that can be read`,
        at: placeIn(file, text, before.toString("utf8").length),
        why: details?.message,
        next: "close the quote or comment that is left open",
      },
      problem,
    );
  }
}

function placeIn(file: string, text: string, offset: number): Position {
  const lines = text.slice(0, offset).split("\n");
  return { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** The comments that stand above a header without a blank line between. */
function docAbove(tokens: readonly Token[], header: number, text: string): string | null {
  const lines: string[] = [];
  let below = tokens[header]?.start ?? 0;
  for (let i = header - 1; i >= 0; i--) {
    const token = tokens[i];
    if (!token?.isComment || /\n\s*\n/.test(text.slice(token.end, below))) break;
    const isBehindStatement = text.slice(text.lastIndexOf("\n", token.start) + 1, token.start).trim() !== "";
    if (isBehindStatement) break;
    lines.unshift(wordsOf(token.text));
    below = token.start;
  }
  return lines.length === 0 ? null : lines.join("\n").trim();
}

const wordsOf = (comment: string): string =>
  comment.startsWith("--")
    ? comment.slice(2).trim()
    : comment
        .slice(2, -2)
        .split("\n")
        .map((line) => line.trim().replace(/^\*+\s?/, ""))
        .join("\n")
        .trim();

/** A part of a statement's text, and where in the file it comes from. */
interface Piece {
  readonly text: string;
  readonly from: number;
}

function statementOf(
  given: readonly Token[],
  source: string,
  header: Position,
  place: (offset: number) => Position,
): Pick<WrittenQuery, "text" | "parameters" | "nullable" | "positionAt"> {
  const tokens = withoutEnd(given, place);
  const [first] = tokens;
  if (first === undefined) {
    throw new Diagnostic({
      code: "query-empty",
      what: "no statement follows this header",
      at: header,
      next: "write the statement below it, or take the header out",
    });
  }
  const parameters: { readonly name: string; isNullable: boolean }[] = [];
  const nullable: Record<string, boolean> = {};
  const pieces: Piece[] = [];
  let end = first.start;
  let brackets = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    const gap = source.slice(end, token.start);
    if (gap !== "") pieces.push({ text: gap, from: end });
    end = token.end;
    if (token.text === "[") brackets++;
    if (token.text === "]") brackets--;
    const next = tokens[i + 1];
    if (token.text === ":" && next?.start === token.end && /^[\p{L}_]/u.test(next.text)) {
      // In brackets the colon of `a[1:n]` divides a slice.
      const before = tokens[i - 1];
      const isSlice = brackets > 0 && before?.end === token.start && before.text !== "[";
      if (!isSlice) {
        const mark = tokens[i + 2];
        const isNullable = mark?.text === "?" && mark.start === next.end;
        let number = parameters.findIndex(({ name }) => name === next.text);
        if (number < 0) number = parameters.push({ name: next.text, isNullable }) - 1;
        const known = parameters[number];
        if (known !== undefined) known.isNullable ||= isNullable;
        pieces.push({ text: `$${number + 1}`, from: token.start });
        end = isNullable ? mark.end : next.end;
        i += isNullable ? 2 : 1;
        continue;
      }
    }
    if (/^\$\d+$/.test(token.text)) {
      throw new Diagnostic({
        code: "query-parameter",
        what: `the parameter ${token.text} has no name`,
        at: place(token.start),
        next: "write it as `:userId`",
      });
    }
    const [, alias, mark] = /^"(.+)([!?])"$/.exec(token.text) ?? [];
    if (alias !== undefined && /^as$/i.test(tokens[i - 1]?.text ?? ""))
      nullable[alias.replaceAll('""', '"')] = mark === "?";
    if (alias !== undefined && nullable[alias.replaceAll('""', '"')] !== undefined) {
      pieces.push({ text: `"${alias}"`, from: token.start });
    } else if (!token.isComment) pieces.push({ text: token.text, from: token.start });
    else if (token.text.startsWith("--")) {
      // With the spaces before it, and with its line where it has one for itself.
      const before = pieces.pop();
      if (before !== undefined) pieces.push({ ...before, text: before.text.replace(/\n?[ \t]*$/, "") });
    } else pieces.push({ text: " ", from: token.start });
  }
  const text = pieces.map((piece) => piece.text).join("");
  return {
    text,
    parameters,
    nullable,
    positionAt: (character) => {
      let left = [...text].slice(0, character - 1).join("").length;
      for (const piece of pieces) {
        if (left < piece.text.length) return place(piece.from + left);
        left -= piece.text.length;
      }
      return place(end);
    },
  };
}

/** Without the semicolon at its end and the comments behind it. @throws Diagnostic where another statement follows */
function withoutEnd(tokens: readonly Token[], place: (offset: number) => Position): readonly Token[] {
  const first = tokens.findIndex(({ isComment }) => !isComment);
  const last = tokens.findLastIndex(({ isComment, text }) => !isComment && text !== ";");
  const found = first < 0 || last < 0 ? [] : tokens.slice(first, last + 1);
  const semicolon = found.findIndex(({ text }) => text === ";");
  const second = found[semicolon + 1];
  if (semicolon >= 0 && second !== undefined) {
    throw new Diagnostic({
      code: "query-two-statements",
      what: "another statement follows without a name",
      at: place(second.start),
      next: "write `-- name: doSomething :exec` above it, or make the two one with WITH",
    });
  }
  return found;
}
