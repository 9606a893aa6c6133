/** What PostgreSQL prints, cut where its own grammar allows no doubt. Null from these means: not understood. */

// Constants, quoted names and dollar quotes are taken whole; parentheses by themselves.
const TOKENS = /(?:\b[eE])?'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|(\$[A-Za-z_0-9]*\$)[\s\S]*?\1|[^'"()[\]$,;]+|[\s\S]/g;

/** Pieces between separators that stand outside quotes and parentheses. */
export function splitOutside(text: string, separator: string): readonly string[] {
  const pieces: string[] = [];
  let depth = 0;
  let piece = "";
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === "(" || token === "[") depth++;
    if (token === ")" || token === "]") depth--;
    if (depth === 0 && token === separator) {
      pieces.push(piece.trim());
      piece = "";
    } else piece += token;
  }
  return piece.trim() === "" && pieces.length === 0 ? [] : [...pieces, piece.trim()];
}

/** The group in parentheses at the start of a text, without them, and what follows it. */
export function takeGroup(text: string): { readonly inside: string; readonly rest: string } | null {
  if (!text.startsWith("(")) return null;
  let depth = 0;
  let length = 0;
  for (const [token] of text.matchAll(TOKENS)) {
    length += token.length;
    if (token === "(" || token === "[") depth++;
    if (token === ")" || token === "]") depth--;
    if (depth === 0) return { inside: text.slice(1, length - 1), rest: text.slice(length).trimStart() };
  }
  return null;
}

const NAME = /^(?:"((?:[^"]|"")*)"|([\p{L}_][\p{L}\p{N}_$]*))/u;
const PATH = /^(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?:\.(?:"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*))*/u;

/** A name without its quotes, when it is all there is. */
export function soleName(text: string): string | null {
  const found = NAME.exec(text);
  if (found === null || found[0].length !== text.length) return null;
  return found[1]?.replaceAll('""', '"') ?? found[2] ?? null;
}

/** A name with its qualifiers at the start of a text, as it stands there, and what follows it. */
export function takePath(text: string): { readonly path: string; readonly rest: string } | null {
  const found = PATH.exec(text)?.[0];
  return found === undefined ? null : { path: found, rest: text.slice(found.length).trimStart() };
}

/** Names of a list such as `a, "B"`. */
export function nameList(text: string): readonly string[] | null {
  const names = splitOutside(text, ",").map(soleName);
  return names.includes(null) ? null : (names as readonly string[]);
}

/** What follows a word at the start of a text, or null. */
export function afterWord(text: string, word: string): string | null {
  return text === word ? "" : text.startsWith(`${word} `) ? text.slice(word.length + 1).trimStart() : null;
}

/** The value of a text constant, when it is all there is. */
export function soleText(constant: string): string | null {
  const [, mark, inside] = /^([eE]?)'((?:[^'\\]|''|\\.)*)'$/s.exec(constant) ?? [];
  if (inside === undefined) return null;
  const text = inside.replaceAll("''", "'");
  if (mark === "") return text;
  return /\\[^\\]/.test(text.replaceAll("\\\\", "")) ? null : text.replaceAll("\\\\", "\\");
}
