/** Types by the names that people write, and as format_type prints them. */
const PRINTED: Readonly<Record<string, string>> = {
  int: "integer",
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  float: "double precision",
  decimal: "numeric",
  dec: "numeric",
  bool: "boolean",
  varchar: "character varying",
  char: "character",
  bpchar: "character",
  varbit: "bit varying",
  time: "time without time zone",
  timetz: "time with time zone",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
};

/**
 * A type as it stands in a function's signature: PostgreSQL's own name, without length or precision. A name that is not
 * known is left as it is.
 */
export function printedType(type: string): string {
  const [, base = type, dimensions = ""] = /^([\s\S]*?)((?:\s*\[\d*\])*)$/.exec(type.trim()) ?? [];
  const plain = base.includes('"')
    ? base
    : base
        .replace(/\s*\([^)]*\)/, "")
        .replaceAll(/\s+/g, " ")
        .toLowerCase()
        .trim();
  const arrays = dimensions.replaceAll(/[\d\s]/g, "");
  // Whatever the number of dimensions said, PostgreSQL knows one array type.
  return `${PRINTED[plain] ?? plain}${arrays === "" ? "" : "[]"}`;
}
