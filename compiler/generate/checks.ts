import type { Node } from "libpg-query";
import { type ColumnOperand, type RowCondition, rowCondition } from "./conditions.ts";
import { callOf, columnOf, listOf, numberOf, stringOf, textOf } from "./expressionNodes.ts";
import { patternOf } from "./patterns.ts";

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

/** What a check says, in the forms that validators have for it. */
export interface ReadCheck {
  /** Of single columns. */
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  /** Of the row. */
  readonly conditions: readonly RowCondition[];
}

export interface CheckedColumn {
  readonly sort: ValueSort;
  readonly operand: ColumnOperand;
}

export interface CheckReader {
  /**
   * All that a check says, or null where that is more than can be carried over.
   * @param definition as ALTER TABLE takes it: `CHECK (…)`
   */
  read(definition: string, columnNamed: (column: string) => CheckedColumn | undefined): ReadCheck | null;
}

export async function openCheckReader(): Promise<CheckReader> {
  const { loadModule, parseSync } = await import("libpg-query");
  await loadModule();
  return {
    read(definition, columnNamed) {
      const expression = expressionOf(parseSync(`alter table t add ${definition}`).stmts?.[0]?.stmt);
      if (expression === null) return null;
      const claims = new Map<string, Claim[]>();
      const conditions: RowCondition[] = [];
      for (const one of conjuncts(expression)) {
        const claimed = claimsOf(one, (column) => columnNamed(column)?.sort);
        if (claimed !== null) {
          claims.set(claimed.column, [...(claims.get(claimed.column) ?? []), ...claimed.claims]);
          continue;
        }
        const condition = rowCondition(one, (column) => columnNamed(column)?.operand);
        if (condition === null) return null;
        conditions.push(condition);
      }
      return { claims, conditions };
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
  if (kind === "AEXPR_LIKE" && operator === "~~") return like(lexpr, rexpr, sortOf);
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
  const values = items.map((item) => stringOf(item));
  if (values.length === 0 || !values.every((value) => value !== null)) return null;
  return { column, claims: [{ rule: "one of", values }] };
}

function like(left: Node, right: Node, sortOf: SortOf): Claimed | null {
  const column = columnOf(left);
  const text = stringOf(right);
  // A backslash makes the next character plain; a line's end cannot stand in a pattern.
  if (column === null || sortOf(column) !== "text" || text === null || /[\\\p{Cc}\u2028\u2029]/u.test(text))
    return null;
  const source = text
    .replaceAll(/[.*+?|^$()[\]{}/]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return { column, claims: [{ rule: "pattern", source: `^${source}$` }] };
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
  const call = callOf(left);
  const [argument, ...more] = call?.args ?? [];
  const column = argument === undefined ? null : columnOf(argument);
  if (call === null || column === null || more.length > 0) return null;
  const { name } = call;
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
