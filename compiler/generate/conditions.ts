import type { Node } from "libpg-query";
import { callOf, columnOf, listOf, numberOf, stringOf, textOf } from "./expressionNodes.ts";
import { patternOf } from "./patterns.ts";

/** A value in a condition, as TypeScript compares it, and its type as PostgreSQL prints it. */
interface Operand {
  readonly text: string;
  readonly type: string;
}

/** A column in a condition. */
export interface ColumnOperand extends Operand {
  /** As `row` has it. */
  readonly value: string;
}

/** A condition on a row as TypeScript, in terms of `verso/validators`. */
export interface RowCondition {
  readonly text: string;
  readonly columns: ReadonlySet<string>;
}

const WHOLE = ["smallint", "integer", "bigint"];
const EXACT = [...WHOLE, "numeric"];
const FLOATS = ["real", "double precision"];

/** By type, what reads a value, how a constant is cast, and which constants mean the same wherever they are read. */
const MOMENTS: Readonly<Record<string, { readonly reader: string; readonly cast: string; readonly form: RegExp }>> = {
  date: { reader: "dayOf", cast: "date", form: /^\d{4}-\d\d-\d\d$/ },
  "timestamp without time zone": {
    reader: "momentOf",
    cast: "timestamp",
    form: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
  },
  "timestamp with time zone": {
    reader: "instantOf",
    cast: "timestamptz",
    form: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[+-]\d\d$/,
  },
};

/** How a row's value reads in a condition: what JavaScript compares as PostgreSQL does. */
export function operandOf(
  printed: string,
  { limit, scale }: { readonly limit: number | null; readonly scale: number | null },
  value: string,
): ColumnOperand {
  const moment = MOMENTS[printed];
  if (moment !== undefined) return { value, text: `${moment.reader}(${value})`, type: printed };
  switch (printed) {
    case "numeric":
      return { value, text: `decimalOf(${value}${scale === null ? "" : `, ${scale}`})`, type: printed };
    case "real":
      return { value, text: `single(${value})`, type: printed };
    case "uuid":
      return { value, text: `uuidOf(${value})`, type: printed };
    case "text":
    case "character varying":
      return { value, text: limit === null ? value : `cut(${value}, ${limit})`, type: "text" };
    default:
      return { value, text: value, type: printed.endsWith("[]") ? "array" : printed };
  }
}

const COMPARISONS: Readonly<Record<string, string>> = {
  "=": "equals",
  "<>": "differs",
  "<": "lessThan",
  "<=": "atMost",
  ">": "greaterThan",
  ">=": "atLeast",
};

/**
 * A condition on several columns, or of a form that no rule of one column has, where it means exactly the same in JavaScript:
 * numbers, days and times compared, texts equal or not, what is null, all joined by AND, OR and NOT, with null as SQL has it.
 * @returns null where it says more
 */
export function rowCondition(
  condition: Node,
  operandOf: (column: string) => ColumnOperand | undefined,
): RowCondition | null {
  const columns = new Set<string>();
  const operand = (node: Node): ColumnOperand | null => {
    const name = columnOf(node);
    const found = name === null ? undefined : operandOf(name);
    if (name === null || found === undefined) return null;
    columns.add(name);
    return found;
  };

  function truth(node: Node): string | null {
    if ("BoolExpr" in node) {
      const { boolop, args = [] } = node.BoolExpr;
      const parts = args.map(truth);
      if (!parts.every((part) => part !== null)) return null;
      return `${boolop === "AND_EXPR" ? "both" : boolop === "OR_EXPR" ? "either" : "not"}(${parts.join(", ")})`;
    }
    if ("NullTest" in node) {
      const tested = node.NullTest.arg === undefined ? null : operand(node.NullTest.arg);
      if (tested === null) return null;
      return `${node.NullTest.nulltesttype === "IS_NULL" ? "isNull" : "isGiven"}(${tested.value})`;
    }
    const value = operand(node);
    if (value !== null) return value.type === "boolean" ? value.text : null;
    if (!("A_Expr" in node)) return null;
    const { kind, lexpr, rexpr, name } = node.A_Expr;
    const operator = textOf(name?.[0]);
    if (lexpr === undefined || rexpr === undefined || name?.length !== 1) return null;
    if (kind === "AEXPR_BETWEEN") {
      const [low, high] = listOf(rexpr);
      if (low === undefined || high === undefined) return null;
      const limits = [compared(lexpr, ">=", low), compared(lexpr, "<=", high)];
      return limits.every((limit) => limit !== null) ? `both(${limits.join(", ")})` : null;
    }
    if (kind === "AEXPR_IN") return listed(lexpr, listOf(rexpr), operator === "=");
    if (kind === "AEXPR_OP_ANY" && operator === "=" && "A_ArrayExpr" in rexpr) {
      return listed(lexpr, rexpr.A_ArrayExpr.elements ?? [], true);
    }
    if (kind !== "AEXPR_OP") return null;
    if (operator === "~") {
      const tested = operand(lexpr);
      const pattern = stringOf(rexpr);
      const source = pattern === null ? null : patternOf(pattern);
      return tested?.type === "text" && source !== null ? `matchesPattern(${tested.text}, /${source}/su)` : null;
    }
    return compared(lexpr, operator, rexpr);
  }

  function compared(left: Node, operator: string, right: Node): string | null {
    const verb = COMPARISONS[operator];
    if (verb === undefined) return null;
    const isEquality = operator === "=" || operator === "<>";
    const [given, other] = [measured(left), measured(right)];
    const one = given ?? (other === null ? null : constantOf(left, other.type));
    const two = other ?? (given === null ? null : constantOf(right, given.type));
    if (one !== null && two !== null) {
      return areComparable(one.type, two.type, isEquality) ? `${verb}(${one.text}, ${two.text})` : null;
    }
    // `(a is null) = (b is null)`
    const truths = isEquality ? [truth(left), truth(right)] : [];
    return truths.length > 0 && truths.every((side) => side !== null) ? `${verb}(${truths.join(", ")})` : null;
  }

  function listed(left: Node, items: readonly Node[], isIn: boolean): string | null {
    const value = operand(left);
    if (value === null || items.length === 0) return null;
    const constants = items.map((item) => constantOf(item, value.type));
    if (!constants.every((one) => one !== null && areComparable(value.type, one.type, true))) return null;
    const test = `oneOf(${value.text}, [${constants.map((one) => one?.text).join(", ")}])`;
    return isIn ? test : `not(${test})`;
  }

  /** A column, or what is made of columns. */
  function measured(node: Node): Operand | null {
    const found = operand(node);
    if (found !== null) return found;
    const call = callOf(node);
    if (call !== null) {
      const given = call.args.map(operand);
      if (!given.every((one) => one !== null)) return null;
      const values = given.map(({ value }) => value).join(", ");
      if (call.name === "num_nonnulls") return { text: `countGiven(${values})`, type: "integer" };
      return call.name === "cardinality" && given[0]?.type === "array"
        ? { text: `sizeOf(${values})`, type: "integer" }
        : null;
    }
    return null;
  }

  /** A comparison with a sum: alone, since elsewhere it depends on the way there whether it is ever made, and overflows. */
  function comparedSum(node: Node): string | null {
    if (!("A_Expr" in node) || node.A_Expr.kind !== "AEXPR_OP") return null;
    const { lexpr, rexpr, name = [] } = node.A_Expr;
    const verb = COMPARISONS[textOf(name[0])];
    if (lexpr === undefined || rexpr === undefined || verb === undefined) return null;
    const [left, right] = [sumOf(lexpr) ?? measured(lexpr), sumOf(rexpr) ?? measured(rexpr)];
    const one = left ?? (right === null ? null : constantOf(lexpr, right.type));
    const two = right ?? (left === null ? null : constantOf(rexpr, left.type));
    if (one === null || two === null || !areComparable(one.type, two.type, false)) return null;
    return `${verb}(${one.text}, ${two.text})`;
  }

  function sumOf(node: Node): Operand | null {
    if (!("A_Expr" in node) || node.A_Expr.kind !== "AEXPR_OP") return null;
    const { lexpr, rexpr, name = [] } = node.A_Expr;
    const verb = { "+": "plus", "-": "minus" }[textOf(name[0])];
    if (lexpr === undefined || rexpr === undefined || verb === undefined) return null;
    const [left, right] = [operand(lexpr), operand(rexpr)];
    if (left === null || right === null) return null;
    const group = [WHOLE, FLOATS].find((types) => types.includes(left.type) && types.includes(right.type));
    // The wider of the two.
    const type = group?.findLast((one) => one === left.type || one === right.type);
    return type === undefined ? null : { text: `${verb}(${JSON.stringify(type)}, ${left.text}, ${right.text})`, type };
  }

  const text = truth(condition) ?? comparedSum(condition);
  return text === null ? null : { text, columns };
}

/** A constant beside a value of some type. */
function constantOf(node: Node, type: string): Operand | null {
  if (EXACT.includes(type)) {
    const written = numberOf(node);
    if (written === null) return null;
    const isSafe = /^-?\d{1,15}$/.test(written);
    return isSafe
      ? { text: String(Number(written)), type: "integer" }
      : { text: `decimalOf(${JSON.stringify(written)})`, type: "numeric" };
  }
  if (FLOATS.includes(type)) {
    const written = numberOf(node);
    return written === null || written.replace(/\D/g, "").length > 15
      ? null
      : { text: String(Number(written)), type: "double precision" };
  }
  const moment = MOMENTS[type];
  if (moment !== undefined) {
    const written = stringOf(node, [moment.cast]);
    return written !== null && moment.form.test(written)
      ? { text: `${moment.reader}(${JSON.stringify(written)})`, type }
      : null;
  }
  const written = type === "text" || type.startsWith("enum ") ? stringOf(node) : null;
  return written === null ? null : { text: JSON.stringify(written), type };
}

function areComparable(one: string, other: string, isEquality: boolean): boolean {
  if (EXACT.includes(one)) return EXACT.includes(other) || (FLOATS.includes(other) && isNarrow(one));
  if (FLOATS.includes(one)) return FLOATS.includes(other) || isNarrow(other);
  if (MOMENTS[one] !== undefined) return one === other;
  return (
    isEquality && one === other && (one === "text" || one === "uuid" || one === "boolean" || one.startsWith("enum "))
  );
}

/** A double holds all of them. */
const isNarrow = (type: string): boolean => type === "smallint" || type === "integer";
