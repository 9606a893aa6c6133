import { encodeParameter } from "../session/codecs.ts";
import type { Parameter } from "../session/session.ts";
import type { Value } from "./statement.ts";

/**
 * How a value is sent that PostgreSQL reads part by part: a composite's attributes in their order, a list's elements, JSON.
 * Null: as it is.
 */
export type Encoding =
  | null
  | "json"
  | { readonly list: Encoding }
  | { readonly row: readonly (readonly [name: string, encoding: Encoding])[] };

/** A value as a parameter. @see PostgreSQL manual, "Composite Types", input and output syntax */
export function encoded(value: unknown, encoding: Encoding): Value {
  if (value === null || value === undefined) return null;
  if (encoding === null) return value as Value;
  if (encoding === "json") return JSON.stringify(value);
  if ("list" in encoding) {
    return (value as readonly unknown[]).map((one) => encoded(one, encoding.list)) as readonly Parameter[];
  }
  const given = value as Readonly<Record<string, unknown>>;
  const fields = encoding.row.map(([name, of]) => {
    const field = encodeParameter(encoded(given[name], of) ?? null);
    return field === null ? "" : `"${field.replaceAll(/["\\]/g, "\\$&")}"`;
  });
  return `(${fields.join(",")})`;
}
