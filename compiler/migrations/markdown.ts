/** A statement in one short line. */
export function headline(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}

/** A code span of Markdown, also of text with backticks in it. */
export function code(text: string): string {
  if (!text.includes("`")) return `\`${text}\``;
  const fence = "`".repeat(1 + Math.max(...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
  return `${fence} ${text} ${fence}`;
}
