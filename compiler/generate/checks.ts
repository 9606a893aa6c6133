import type { Node } from "libpg-query";

/** A condition of a check constraint that is carried over: for one column, and exactly what PostgreSQL means by it. */
export type Claim =
  | { readonly rule: "min" | "above" | "max" | "below"; readonly limit: string }
  | { readonly rule: "one of"; readonly values: readonly string[] }
  | { readonly rule: "shortest" | "longest"; readonly length: number }
  | { readonly rule: "pattern"; readonly source: string }
  | { readonly rule: "not blank" }
  | { readonly rule: "json type"; readonly type: string };

/** What values of a column are, as far as conditions on them can be carried over. */
export type ValueSort = "text" | "number" | "bigint" | "decimal" | "json" | "jsonb" | "label" | "other";

export interface CheckReader {
  /**
   * The claims of a check by column; null where it says more than can be carried over, or says it of several columns.
   * @param definition as ALTER TABLE takes it: `CHECK (…)`
   */
  read(
    definition: string,
    sortOf: (column: string) => ValueSort | undefined,
  ): ReadonlyMap<string, readonly Claim[]> | null;
}

export async function openCheckReader(): Promise<CheckReader> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return {
    read(definition, sortOf) {
      const expression = expressionOf(parseSync(`alter table t add ${definition}`).stmts?.[0]?.stmt);
      if (expression === null) return null;
      const claims = new Map<string, Claim[]>();
      for (const one of conjuncts(expression)) {
        const found = claimsOf(one, sortOf);
        if (found === null) return null;
        claims.set(found.column, [...(claims.get(found.column) ?? []), ...found.claims]);
      }
      return claims;
    },
  };
}

function expressionOf(statement: Node | undefined): Node | null {
  if (statement === undefined || !("AlterTableStmt" in statement)) return null;
  const [command] = statement.AlterTableStmt.cmds ?? [];
  if (command === undefined || !("AlterTableCmd" in command)) return null;
  const { def } = command.AlterTableCmd;
  return def !== undefined && "Constraint" in def ? (def.Constraint.raw_expr ?? null) : null;
}

const conjuncts = (expression: Node): readonly Node[] =>
  "BoolExpr" in expression && expression.BoolExpr.boolop === "AND_EXPR"
    ? (expression.BoolExpr.args ?? []).flatMap(conjuncts)
    : [expression];

interface Claimed {
  readonly column: string;
  readonly claims: readonly Claim[];
}

type SortOf = (column: string) => ValueSort | undefined;

function claimsOf(condition: Node, sortOf: SortOf): Claimed | null {
  if ("BoolExpr" in condition && condition.BoolExpr.boolop === "OR_EXPR")
    return unlessNull(condition.BoolExpr.args ?? [], sortOf);
  if (!("A_Expr" in condition)) return null;
  const { kind, lexpr, rexpr, name } = condition.A_Expr;
  const operator = textOf(name?.[0]);
  if (lexpr === undefined || rexpr === undefined || name?.length !== 1) return null;
  if (kind === "AEXPR_BETWEEN") return between(lexpr, listOf(rexpr), sortOf);
  if (kind === "AEXPR_IN" && operator === "=") return oneOf(lexpr, listOf(rexpr), sortOf);
  if (kind === "AEXPR_OP_ANY" && operator === "=") {
    return "A_ArrayExpr" in rexpr ? oneOf(lexpr, rexpr.A_ArrayExpr.elements ?? [], sortOf) : null;
  }
  if (kind !== "AEXPR_OP") return null;
  // `0 < x` is `x > 0`.
  const turned = TURNED[operator];
  if (columnOf(lexpr) === null && columnOf(rexpr) !== null && turned !== undefined) {
    return comparison(rexpr, turned, lexpr, sortOf);
  }
  return comparison(lexpr, operator, rexpr, sortOf);
}

const TURNED: Readonly<Record<string, string>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>" };

/** `x is null or …`: a check holds for null anyway. */
function unlessNull(args: readonly Node[], sortOf: SortOf): Claimed | null {
  const [one, other, ...more] = args;
  if (one === undefined || other === undefined || more.length > 0) return null;
  const [test, condition] = "NullTest" in one ? [one, other] : [other, one];
  if (!("NullTest" in test) || test.NullTest.nulltesttype !== "IS_NULL" || test.NullTest.arg === undefined) return null;
  const claimed = claimsOf(condition, sortOf);
  return claimed !== null && claimed.column === columnOf(test.NullTest.arg) ? claimed : null;
}

function between(left: Node, [low, high]: readonly Node[], sortOf: SortOf): Claimed | null {
  if (low === undefined || high === undefined) return null;
  const [min, max] = [comparison(left, ">=", low, sortOf), comparison(left, "<=", high, sortOf)];
  return min === null || max === null ? null : { column: min.column, claims: [...min.claims, ...max.claims] };
}

function oneOf(left: Node, items: readonly Node[], sortOf: SortOf): Claimed | null {
  const column = columnOf(left);
  const sort = column === null ? undefined : sortOf(column);
  if (column === null || (sort !== "text" && sort !== "label")) return null;
  const values = items.map(stringOf);
  if (values.length === 0 || !values.every((value) => value !== null)) return null;
  return { column, claims: [{ rule: "one of", values }] };
}

const RULES: Readonly<Record<string, "min" | "above" | "max" | "below">> = {
  ">=": "min",
  ">": "above",
  "<=": "max",
  "<": "below",
};

function comparison(left: Node, operator: string, right: Node, sortOf: SortOf): Claimed | null {
  const column = columnOf(left);
  if (column === null) return ofCall(left, operator, right, sortOf);
  const sort = sortOf(column);
  const rule = RULES[operator];
  const limit = numberOf(right);
  if (rule !== undefined && limit !== null && isExact(limit, sort)) return { column, claims: [{ rule, limit }] };
  const text = stringOf(right);
  if (text === null) return null;
  if (sort === "text" && operator === "<>" && text === "") return { column, claims: [{ rule: "shortest", length: 1 }] };
  if ((sort === "text" || sort === "label") && operator === "=") return oneOf(left, [right], sortOf);
  if (sort === "text" && operator === "~") {
    const source = patternOf(text);
    return source === null ? null : { column, claims: [{ rule: "pattern", source }] };
  }
  return null;
}

/** Numbers in JavaScript are exact for whole numbers and some others; a bigint is compared with whole numbers alone. */
function isExact(limit: string, sort: ValueSort | undefined): boolean {
  if (sort === "decimal") return true;
  if (sort === "bigint") return /^-?\d+$/.test(limit);
  return sort === "number" && Number.isFinite(Number(limit)) && limit.replace(/\D/g, "").length <= 15;
}

/** `length(x) <= 5`, `btrim(x) <> ''`, `jsonb_typeof(x) = 'array'`. */
function ofCall(left: Node, operator: string, right: Node, sortOf: SortOf): Claimed | null {
  if (!("FuncCall" in left)) return null;
  const { funcname = [], args = [] } = left.FuncCall;
  const [argument, ...more] = args;
  const name = textOf(funcname.at(-1));
  const isBuiltIn = funcname.length === 1 || textOf(funcname[0]) === "pg_catalog";
  const column = argument === undefined ? null : columnOf(argument);
  if (column === null || more.length > 0 || !isBuiltIn) return null;
  const sort = sortOf(column);
  const text = stringOf(right);
  if (sort === "text" && /^(?:btrim|ltrim|rtrim)$/.test(name) && operator === "<>" && text === "") {
    return { column, claims: [{ rule: "not blank" }] };
  }
  if (name === `${sort}_typeof` && operator === "=" && text !== null) {
    return { column, claims: [{ rule: "json type", type: text }] };
  }
  const size = numberOf(right);
  if (sort !== "text" || !/^(?:length|char_length|character_length)$/.test(name)) return null;
  if (size === null || !/^\d{1,9}$/.test(size)) return null;
  const length = Number(size);
  const rules: Readonly<Record<string, readonly Claim[]>> = {
    "<=": [{ rule: "longest", length }],
    "<": [{ rule: "longest", length: length - 1 }],
    ">=": [{ rule: "shortest", length }],
    ">": [{ rule: "shortest", length: length + 1 }],
    "=": [
      { rule: "shortest", length },
      { rule: "longest", length },
    ],
    "<>": length === 0 ? [{ rule: "shortest", length: 1 }] : [],
  };
  const claims = rules[operator] ?? [];
  return claims.length === 0 || (operator === "<" && length === 0) ? null : { column, claims };
}

const textOf = (node: Node | undefined): string =>
  node !== undefined && "String" in node ? (node.String.sval ?? "") : "";

const listOf = (node: Node): readonly Node[] => ("List" in node ? (node.List.items ?? []) : []);

function columnOf(node: Node): string | null {
  if (!("ColumnRef" in node)) return null;
  const { fields = [] } = node.ColumnRef;
  const [only, ...more] = fields;
  return more.length > 0 || only === undefined || !("String" in only) ? null : textOf(only);
}

function stringOf(node: Node): string | null {
  if ("TypeCast" in node) return castOf(node, ["text", "varchar"], stringOf);
  if (!("A_Const" in node) || !("sval" in node.A_Const)) return null;
  return node.A_Const.sval?.sval ?? "";
}

/** Decimal text of a number constant. */
function numberOf(node: Node): string | null {
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
