/**
 * A text of several lines without the margin that it has in the definition file. One that has a line break inside a quoted
 * constant or name stays as it is: the margin may be part of the value.
 */
export function dedent(text: string): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  while (lines[0]?.trim() === "") lines.shift();
  while (lines.at(-1)?.trim() === "") lines.pop();
  if (lines.length < 2 || breaksInsideQuotes(text)) return text.trim();
  // The first line starts where the template does, so that it has no margin to measure.
  const isFirstFlush = lines[0] === lines[0]?.trimStart();
  const measured = lines.slice(isFirstFlush ? 1 : 0).filter((line) => line.trim() !== "");
  const margin = Math.min(...measured.map((line) => line.length - line.trimStart().length));
  return lines
    .map((line, i) => (i === 0 && isFirstFlush ? line : line.slice(Math.min(margin, line.length))).trimEnd())
    .join("\n");
}

export function breaksInsideQuotes(text: string): boolean {
  const quoted = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$[A-Za-z_0-9]*\$)[\s\S]*?\1/g;
  return [...text.matchAll(quoted)].some(
    ([match]) => match.includes("\n") && !match.startsWith("--") && !match.startsWith("/*"),
  );
}
