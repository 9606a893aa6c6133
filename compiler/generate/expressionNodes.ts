// Readers of the nodes that PostgreSQL's parser makes of an expression.
import type { Node } from "libpg-query";

export const textOf = (node: Node | undefined): string =>
  node !== undefined && "String" in node ? (node.String.sval ?? "") : "";

export const listOf = (node: Node): readonly Node[] => ("List" in node ? (node.List.items ?? []) : []);

/** The column that is all of an expression. */
export function columnOf(node: Node): string | null {
  if (!("ColumnRef" in node)) return null;
  const { fields = [] } = node.ColumnRef;
  const [only, ...more] = fields;
  return more.length > 0 || only === undefined || !("String" in only) ? null : textOf(only);
}

export interface Call {
  readonly name: string;
  readonly args: readonly Node[];
}

/** A call of a function of PostgreSQL's own. */
export function callOf(node: Node): Call | null {
  if (!("FuncCall" in node)) return null;
  const { funcname = [], args = [] } = node.FuncCall;
  const isBuiltIn = funcname.length === 1 || textOf(funcname[0]) === "pg_catalog";
  return isBuiltIn ? { name: textOf(funcname.at(-1)), args } : null;
}

/** A string constant, with no cast or one of these. */
export function stringOf(node: Node, casts: readonly string[] = ["text", "varchar"]): string | null {
  if ("TypeCast" in node) return castOf(node, casts, (inside) => stringOf(inside, casts));
  if (!("A_Const" in node) || !("sval" in node.A_Const)) return null;
  return node.A_Const.sval?.sval ?? "";
}

/** Decimal text of a number constant. */
export function numberOf(node: Node): string | null {
  if ("TypeCast" in node) return castOf(node, ["int2", "int4", "int8", "numeric"], numberOf);
  if ("A_Expr" in node) {
    const { kind, name, lexpr, rexpr } = node.A_Expr;
    if (kind !== "AEXPR_OP" || textOf(name?.[0]) !== "-" || lexpr !== undefined || rexpr === undefined) return null;
    const found = numberOf(rexpr);
    return found === null ? null : found.startsWith("-") ? found.slice(1) : `-${found}`;
  }
  if (!("A_Const" in node)) return null;
  const constant = node.A_Const;
  if ("ival" in constant) return String(constant.ival?.ival ?? 0);
  const written = "fval" in constant ? constant.fval?.fval : undefined;
  return written !== undefined && /^-?(?:\d+\.?\d*|\.\d+)$/.test(written) ? written : null;
}

/** A constant with a cast that leaves it as it is. */
function castOf(
  node: Extract<Node, { TypeCast: unknown }>,
  types: readonly string[],
  read: (node: Node) => string | null,
): string | null {
  const { arg, typeName } = node.TypeCast;
  const isPlain = typeName?.typmods === undefined && typeName?.arrayBounds === undefined;
  const type = textOf(typeName?.names?.at(-1));
  return arg !== undefined && isPlain && types.includes(type) ? read(arg) : null;
}
