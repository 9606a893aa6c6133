/**
 * A pattern that means the same to JavaScript (with the flags `s` and `u`) as to PostgreSQL, or null: anchors, letters, dots,
 * groups, alternatives, classes of listed characters and ranges, repetitions. Classes by name or backslash depend on the
 * locale in PostgreSQL.
 * @see PostgreSQL manual, "POSIX Regular Expressions"
 */
export function patternOf(source: string): string | null {
  const atom = String.raw`\.|[^\\[\](){}*+?|^$.*]|\\[.*+?|^$()[\]{}\\/]`;
  const one = String.raw`(?:\[\^?\]?(?:[^\\[\]-]|-)*\]|\((?!\?)|\(\?:|\)|\||\^|\$|${atom})`;
  const repeat = String.raw`(?:[*+?]|\{\d{1,3}(?:,\d{0,3})?\})?(?![*+?{])`;
  const isPlain = new RegExp(`^(?:${one}${repeat})*$`, "u").test(source);
  if (
    !isPlain ||
    source.startsWith("***") ||
    /\[\^?\]/.test(source) ||
    /[\^(|](?:[*+?]|\{)/.test(source.replaceAll("(?:", "("))
  )
    return null;
  const counts = [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, least, most]) => [
    Number(least),
    Number(most ?? 0),
  ]);
  // PostgreSQL's limit.
  if (counts.some((count) => count > 255)) return null;
  try {
    new RegExp(source, "su");
    return source.replaceAll(/\//g, (slash, at: number) => (source[at - 1] === "\\" ? slash : "\\/"));
  } catch {
    return null;
  }
}
