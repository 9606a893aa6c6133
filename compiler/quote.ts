/**
 * An identifier as PostgreSQL must read it: bare when it is lower case and no keyword, else in double quotes.
 * @see PostgreSQL manual, "Lexical Structure", identifiers and key words
 */
export function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !KEYWORDS.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A schema-qualified name, each part quoted as it must be. */
export function quotePath(...parts: readonly string[]): string {
  return parts.map(quoteName).join(".");
}

/** A text constant; E'' form when it holds a backslash, so that it reads the same whatever standard_conforming_strings is. */
export function quoteText(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return text.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

/** A dollar-quoted body whose tag does not occur inside it. */
export function quoteBody(body: string, tag = "body"): string {
  let candidate = tag;
  for (let n = 1; body.includes(`$${candidate}$`) || body.endsWith(`$${candidate}`); n++) candidate = `${tag}${n}`;
  return `$${candidate}$${body}$${candidate}$`;
}

/** An expression in exactly one pair of parentheses, as USING and WHERE want it; pg_get_expr often brings its own. */
export function inParentheses(expression: string): string {
  const text = expression.trim();
  return opensAndCloses(text) && !QUERY.test(text) ? text : `(${text})`;
}

// A query's own parentheses make it an expression.
const QUERY = /^\(\s*(?:select|values|with|table)\b/i;

/** An expression without the pairs of parentheses that enclose all of it. */
export function withoutParentheses(expression: string): string {
  const text = expression.trim();
  return opensAndCloses(text) && !QUERY.test(text) ? withoutParentheses(text.slice(1, -1)) : text;
}

/** True when the first character opens a parenthesis that the last one closes. */
function opensAndCloses(text: string): boolean {
  // Dollar quotes, comments and escapes would need a real lexer; a pair too many does no harm.
  if (!text.startsWith("(") || /\$|--|\/\*|\\/.test(text)) return false;
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (token === "(") depth++;
    else if (token === ")" && --depth === 0) return index === text.length - 1;
  }
  return false;
}

// pg_get_keywords() of PostgreSQL 18, every category but unreserved.
const KEYWORDS = new Set(
  `
all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case
cast char character check coalesce collate collation column concurrently constraint create cross
current_catalog current_date current_role current_schema current_time current_timestamp current_user dec
decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign
freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect
interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query
json_scalar json_serialize json_table json_value lateral leading least left like limit localtime
localtimestamp merge_action national natural nchar none normalize not notnull null nullif numeric offset on
only or order out outer overlaps overlay placing position precision primary real references returning right
row select session_user setof similar smallint some substring symmetric system_user table tablesample then
time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where
window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot
xmlserialize xmltable
`
    .trim()
    .split(/\s+/),
);
