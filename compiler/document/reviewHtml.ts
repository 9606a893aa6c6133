import { Marked } from "marked";
import { escapeXml } from "./svg.ts";

// What a review quotes may look like HTML, and stays text; nothing in it leads away from the page.
const marked = new Marked({
  renderer: {
    html: ({ text }) => escapeXml(text),
    link({ tokens }) {
      return this.parser.parseInline(tokens);
    },
    image: ({ text }) => escapeXml(text),
    heading({ tokens, depth }) {
      const level = Math.min(depth + 1, 6);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
    },
  },
});

const SCRIPT = /^(?:forward|rollback)\.sql$/;

/** `review.md` without its title and its scripts, which stand beside it. */
export function reviewHtml(review: string): string {
  const tokens = marked.lexer(review);
  const end = tokens.findIndex((token) => token.type === "heading" && SCRIPT.test(token.text));
  const told = tokens.slice(0, end < 0 ? undefined : end);
  const [first] = told;
  return marked.parser(first?.type === "heading" && first.depth === 1 ? told.slice(1) : told);
}
