import { escapeXml } from "./svg.ts";

// Comments, strings, words in capitals, as statements that Verso writes have them. Colour only: nothing rests on it.
const COLOURED = /(--[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^']|'')*')|\b([A-Z]{2,})\b/g;

/** A statement or script to be read, with a little colour. */
export function sqlHtml(sql: string): string {
  const text = sql.replace(/^\n+/, "").trimEnd();
  let html = "";
  let done = 0;
  for (const match of text.matchAll(COLOURED)) {
    const [whole, comment, string] = match;
    const tag = comment !== undefined ? "i" : string !== undefined ? "s" : "b";
    html += `${escapeXml(text.slice(done, match.index))}<${tag}>${escapeXml(whole)}</${tag}>`;
    done = match.index + whole.length;
  }
  return `<pre tabindex="0"><code>${html}${escapeXml(text.slice(done))}</code></pre>`;
}
