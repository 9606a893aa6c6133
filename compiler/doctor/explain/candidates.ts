import { type Node, parse } from "libpg-query";
import { textOf } from "../../generate/expressionNodes.ts";
import { quoteName, quotePath } from "../../quote.ts";
import { isSystem, nodesOf, type PlanNode } from "./plan.ts";

/** An index that a plan might use if it were there. */
export interface Candidate {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

export const createIndex = ({ schema, table, columns }: Candidate, concurrently = false): string =>
  `CREATE INDEX ${concurrently ? "CONCURRENTLY " : ""}ON ${quotePath(schema, table)} (${columns.map(quoteName).join(", ")})`;

/** More is rarely worth an index's width, and each is asked about. */
const MOST_COLUMNS = 4;
const MOST_CANDIDATES = 12;

/**
 * From what a plan compares with constants, with other tables, and sorts by, one scan at a time: what is compared for
 * equality first, then a range or what it is sorted by. PostgreSQL prints those conditions, and its own parser reads them;
 * whether an index helps, the planner is asked.
 */
export async function candidatesOf(plan: PlanNode): Promise<readonly Candidate[]> {
  const nodes = [...nodesOf(plan)];
  const compared = await Promise.all(
    nodes.flatMap((node) =>
      [node["Hash Cond"], node["Merge Cond"], node["Join Filter"]].flatMap((text) =>
        text === undefined ? [] : [comparisonsIn(text)],
      ),
    ),
  );
  const joined = compared.flat().filter(({ operator }) => operator === "=");
  const sorted = (
    await Promise.all(nodes.flatMap((node) => (node["Sort Key"] ? [sortKeys(node["Sort Key"])] : [])))
  ).flat();
  const found: Candidate[] = [];
  for (const { Schema: schema, "Relation Name": table, Alias: alias = table, ...node } of nodes) {
    if (schema === undefined || table === undefined || alias === undefined || isSystem(schema)) continue;
    const own = (columns: readonly Compared[]) => columns.filter((one) => one.of === alias).map(({ column }) => column);
    const conditions = [node.Filter, node["Index Cond"], node["Recheck Cond"]].filter((text) => text !== undefined);
    const filters = (await Promise.all(conditions.map(comparisonsIn))).flat();
    const equal = unique(own(filters.filter(({ operator }) => operator === "=")));
    const ranges = unique(own(filters.filter(({ operator }) => operator !== "=")));
    const add = (...columns: readonly string[]) => {
      if (columns.length > 0) found.push({ schema, table, columns: unique(columns).slice(0, MOST_COLUMNS) });
    };
    const order = unique(own(sorted));
    if (order.length > 0) add(...equal, ...order);
    for (const range of ranges) add(...equal, range);
    add(...equal);
    for (const column of unique(own(joined))) add(column, ...equal);
    if (equal.length > 1) for (const column of equal) add(column);
  }
  const seen = new Map(found.map((one) => [createIndex(one), one]));
  return [...seen.values()].slice(0, MOST_CANDIDATES);
}

interface Compared {
  /** The alias of its table. */
  readonly of: string;
  readonly column: string;
  /** `=`, or a comparison that a range of an index answers. */
  readonly operator: string;
}

const RANGES = new Set(["<", "<=", ">", ">="]);

async function comparisonsIn(condition: string): Promise<readonly Compared[]> {
  const where = await parsed(`SELECT WHERE ${condition}`, (select) => select.whereClause);
  return where === undefined ? [] : [...comparisons(where)];
}

/** Columns by which it sorts, as long as they all go the same way: then an index is read forwards or backwards. */
async function sortKeys(keys: readonly string[]): Promise<readonly Compared[]> {
  const clauses = await parsed(`SELECT ORDER BY ${keys.join(", ")}`, (select) => select.sortClause);
  const columns: Compared[] = [];
  const directions = new Set<string>();
  for (const clause of clauses ?? []) {
    const { node, sortby_dir: direction = "SORTBY_DEFAULT" } = "SortBy" in clause ? clause.SortBy : {};
    const column = node === undefined ? null : columnIn(node);
    if (column === null) return [];
    directions.add(direction === "SORTBY_DESC" ? "down" : "up");
    columns.push({ ...column, operator: "sort" });
  }
  const tables = new Set(columns.map((column) => column.of));
  return directions.size === 1 && tables.size === 1 ? columns : [];
}

interface Select {
  readonly whereClause?: Node;
  readonly sortClause?: readonly Node[];
}

/** Undefined where the text is more than SQL, such as `(hashed SubPlan 1)`. */
async function parsed<T>(sql: string, part: (select: Select) => T | undefined): Promise<T | undefined> {
  const { stmts } = await parse(sql).catch(() => ({ stmts: [] }));
  const statement: Node | undefined = stmts?.[0]?.stmt;
  return statement !== undefined && "SelectStmt" in statement ? part(statement.SelectStmt) : undefined;
}

/** What all rows must fulfil: what is under OR narrows nothing by itself. */
function* comparisons(node: Node): Generator<Compared> {
  if ("BoolExpr" in node) {
    const { boolop, args = [] } = node.BoolExpr;
    if (boolop === "AND_EXPR") for (const one of args) yield* comparisons(one);
    const [only] = args;
    if (boolop === "NOT_EXPR" && only !== undefined) yield* asBoolean(only);
    return;
  }
  yield* asBoolean(node);
  if (!("A_Expr" in node)) return;
  const { kind, name, lexpr, rexpr } = node.A_Expr;
  const operator = textOf(name?.at(-1));
  const isPlain = kind === "AEXPR_OP" && (operator === "=" || RANGES.has(operator));
  if (!isPlain && !(kind === "AEXPR_OP_ANY" && operator === "=")) return;
  for (const side of [lexpr, rexpr]) {
    const column = side === undefined ? null : columnIn(side);
    if (column !== null) yield { ...column, operator };
  }
}

/** A boolean column says `column = true` by its name alone. */
function* asBoolean(node: Node): Generator<Compared> {
  const column = "ColumnRef" in node ? columnIn(node) : null;
  if (column !== null) yield { ...column, operator: "=" };
}

/** `o.status`, also as `(o.status)::text`. */
function columnIn(node: Node): Omit<Compared, "operator"> | null {
  if ("TypeCast" in node) return node.TypeCast.arg === undefined ? null : columnIn(node.TypeCast.arg);
  if (!("ColumnRef" in node)) return null;
  const { fields = [] } = node.ColumnRef;
  const [of, column] = fields.map(textOf);
  return fields.length !== 2 || of === undefined || column === undefined ? null : { of, column };
}

const unique = (columns: readonly string[]): readonly string[] => [...new Set(columns)];
