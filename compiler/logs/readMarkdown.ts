import { lexer, type Token, type Tokens } from "marked";
import type { LogFile } from "../declare/loaders.ts";
import type { Position } from "../diagnostic.ts";

/** A text with the place where it stands. */
export interface Told {
  readonly text: string;
  readonly at: Position;
}

/** `- Weight: 82.4 kg`: the name in lower case. */
export interface Field {
  readonly name: string;
  readonly value: string;
  readonly at: Position;
}

export interface Task extends Told {
  readonly isDone: boolean;
}

/** Rows of a table, each cell under its head in lower case. */
export type TableRow = { readonly at: Position; readonly cells: ReadonlyMap<string, Told> };

/** A heading, and what stands under it before the next one of its rank. */
export interface Section {
  readonly title: Told;
  /** `- Name: value` */
  readonly fields: readonly Field[];
  /** Other items of bullet lists. */
  readonly bullets: readonly Told[];
  readonly numbered: readonly Told[];
  /** `- [x] …` */
  readonly tasks: readonly Task[];
  readonly rows: readonly TableRow[];
  /** Paragraphs, with an empty line between them. */
  readonly prose: string;
  readonly sections: readonly Section[];
}

export interface MarkdownLog {
  /** Lines `name: value` between two `---` at the top. */
  readonly about: ReadonlyMap<string, Field>;
  /** Where it begins. */
  readonly at: Position;
  /** What has a heading of the second rank; one of the first is the log's title. */
  readonly sections: readonly Section[];
}

type Open = { -readonly [K in keyof Section]: Section[K] extends readonly (infer E)[] ? E[] : Section[K] } & {
  readonly depth: number;
};

const ABOUT = /^---\r?\n([\s\S]*?)\r?\n---\r?(?:\n|$)/;
const FIELD = /^([^:]{1,40}):(?:\s+([\s\S]*))?$/;

/** Takes a log in Markdown apart into headings and what stands under them, each with its place in the file. */
export function readMarkdown({ path, text }: LogFile): MarkdownLog {
  const lines = text.split(/\r?\n/);
  const at = (line: number, wanted = ""): Position => {
    const found = (lines[line - 1] ?? "").indexOf(wanted.split("\n")[0] ?? "");
    return { file: path, line, column: Math.max(found, 0) + 1 };
  };
  const [front = "", said = ""] = ABOUT.exec(text) ?? [];
  const about = said.split(/\r?\n/).flatMap((line, i): [string, Field][] => {
    const [, name = "", value = ""] = FIELD.exec(line.trim()) ?? [];
    return name === "" ? [] : [[name.trim().toLowerCase(), fieldOf(name, value, at(i + 2, value))]];
  });
  const root = openSection({ text: "", at: at(1) }, 1);
  const open: Open[] = [root];
  let line = 1 + newlines(front);
  for (const token of lexer(text.slice(front.length)) as Token[]) {
    const current = open.at(-1) ?? root;
    if (isA(token, "heading")) {
      const depth = Math.max(token.depth, 1);
      const title = plain(token.tokens);
      if (depth > 1) {
        while ((open.at(-1)?.depth ?? 1) >= depth) open.pop();
        const section = openSection({ text: title, at: at(line, title) }, depth);
        (open.at(-1) ?? root).sections.push(section);
        open.push(section);
      }
    } else if (isA(token, "list")) readList(token, line, current, at);
    else if (isA(token, "table")) readTable(token, line, current, at);
    else if (isA(token, "paragraph") || isA(token, "blockquote")) {
      current.prose += `${current.prose === "" ? "" : "\n\n"}${plain(token.tokens)}`;
    }
    line += newlines(token.raw);
  }
  return { about: new Map(about), at: at(1), sections: root.sections };
}

type At = (line: number, wanted?: string) => Position;

/** Tokens of extensions, of which there are none, have names of their own. */
const isA = <T extends Tokens.Generic["type"]>(token: Token, type: T): token is Extract<Token, { type: T }> =>
  token.type === type;

const openSection = (title: Told, depth: number): Open => ({
  ...{ title, depth, prose: "" },
  ...{ fields: [], bullets: [], numbered: [], tasks: [], rows: [], sections: [] },
});

const newlines = (raw: string): number => raw.split("\n").length - 1;

const fieldOf = (name: string, value: string, at: Position): Field => ({
  name: name.trim().toLowerCase(),
  value: value.trim(),
  at,
});

function readList({ items, ordered }: Tokens.List, start: number, into: Open, at: At): void {
  let line = start;
  for (const item of items) {
    const text = plain(item.tokens.filter(({ type }) => type !== "list")).trim();
    const told: Told = { text, at: at(line, text) };
    const [, name, value = ""] = FIELD.exec(text) ?? [];
    if (item.task) into.tasks.push({ ...told, isDone: item.checked === true });
    else if (ordered) into.numbered.push(told);
    else if (name !== undefined) into.fields.push(fieldOf(name, value, at(line, value === "" ? name : value)));
    else into.bullets.push(told);
    line += newlines(item.raw) + (item.raw.endsWith("\n") ? 0 : 1);
  }
}

function readTable({ header, rows }: Tokens.Table, start: number, into: Open, at: At): void {
  const heads = header.map(({ tokens }) => plain(tokens).trim().toLowerCase());
  for (const [i, row] of rows.entries()) {
    const line = start + 2 + i;
    const cells = row.flatMap(({ tokens }, n): [string, Told][] => {
      const text = plain(tokens).trim();
      return text === "" ? [] : [[heads[n] ?? "", { text, at: at(line, text) }]];
    });
    into.rows.push({ at: at(line), cells: new Map(cells) });
  }
}

/** What a reader sees of it. */
function plain(tokens: readonly Token[] | undefined): string {
  return (tokens ?? [])
    .map((token) => {
      if (token.type === "br") return "\n";
      if (token.type === "space") return "\n\n";
      if (token.type === "html") return "";
      if ("tokens" in token && token.tokens !== undefined) return plain(token.tokens);
      return "text" in token ? String(token.text) : "";
    })
    .join("");
}
