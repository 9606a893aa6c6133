import {
  allNodes,
  isNode,
  listAt,
  nodeAt,
  nodesAt,
  nodesIn,
  numberAt,
  parseTree,
  type TreeNode,
  textAt,
} from "./nodeTree.ts";

/** What the catalog of the shadow says of the things that statements mention, by object id. */
export interface Known {
  /** `16384.2` → its names and whether it is NOT NULL, a NOT NULL domain included. */
  readonly columns: ReadonlyMap<string, KnownColumn>;
  /** What views select, as pg_node_tree. */
  readonly views: ReadonlyMap<string, string>;
  /** Aggregates that give a value even over no rows: count. */
  readonly counting: ReadonlySet<string>;
  /** Aggregates and functions that give a value when no argument is null, and there is a row. */
  readonly faithful: ReadonlySet<string>;
  /** Operators of which the same is true. */
  readonly operators: ReadonlySet<string>;
}

export interface KnownColumn {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly isNotNull: boolean;
}

/** A result column as PostgreSQL analysed it. */
export interface AnalyzedColumn {
  readonly name: string;
  readonly isNullable: boolean;
  /** The table's column that it is, with nothing done to it. */
  readonly column: KnownColumn | null;
}

export interface AnalyzedParameter {
  /** It goes into a column that takes null, or the statement asks whether it is null. */
  readonly isNullable: boolean;
  /** The column that it is written to or compared with. */
  readonly column: KnownColumn | null;
  /** It is a list of such values. */
  readonly isList: boolean;
}

interface Analyzed {
  readonly writes: boolean;
  readonly columns: readonly AnalyzedColumn[];
  /** By number, from 1. */
  readonly parameters: ReadonlyMap<number, AnalyzedParameter>;
}

/** A query with those around it, innermost first: its own CTEs and tables are found here. */
type Scope = readonly [TreeNode, ...TreeNode[]];

/**
 * Reads which results can be null, and what parameters are for, from a statement as PostgreSQL analysed it. What the tree
 * does not settle can be null.
 * @param takesNull numbers of the parameters that are declared to take null
 */
export function analyze(tree: string, known: Known, takesNull: ReadonlySet<number>): Analyzed {
  const [query] = [...allNodes(parseTree(tree))].filter(({ node }) => node === "QUERY");
  if (query === undefined) throw new Error("PostgreSQL stored no statement");
  const parameters = parametersOf(query, known);
  const nullable = new Set([...takesNull, ...[...parameters].flatMap(([id, one]) => (one.isNullable ? [id] : []))]);
  const writes = [...allNodes(query)].some((one) => one.node === "QUERY" && textAt(one, "commandType") !== SELECT);
  return { writes, columns: columnsOf(query, reader(known, nullable), known), parameters };
}

/** Columns of a view. */
export function analyzeView(id: string, known: Known): readonly AnalyzedColumn[] {
  const query = viewQuery(id, known);
  return query === null ? [] : columnsOf(query, reader(known, new Set()), known);
}

type Reader = ReturnType<typeof reader>;

function columnsOf(query: TreeNode, { isNullable }: Reader, known: Known): readonly AnalyzedColumn[] {
  return resultsOf(query).map((entry, i) => ({
    name: textAt(entry, "resname"),
    isNullable: isNullable([query], i),
    column: originOf(textAt(entry, "resorigtbl"), numberAt(entry, "resorigcol"), known),
  }));
}

/** What a statement gives: its select list, or what it returns. */
function resultsOf(query: TreeNode): readonly TreeNode[] {
  const list = nodesAt(query, textAt(query, "commandType") === SELECT ? "targetList" : "returningList");
  return list.filter((entry) => textAt(entry, "resjunk") !== "true");
}

// Values of enums in PostgreSQL's headers: CmdType, RTEKind, SubLinkType, NullTestType, ParamKind, SQLValueFunctionOp.
const SELECT = "1";
const RELATION = "0";
const SUBQUERY = "1";
const JOIN = "2";
const FUNCTION = "3";
const VALUES = "5";
const CTE = "6";
const GROUP = "9";
const EXISTS = "0";
const EXPRESSION = "4";
const ARRAY = "6";
const IS_NOT_NULL = "1";
const EXTERNAL = "0";
const MERGE = "5";
const CURRENT_SCHEMA = "14";

const viewQuery = (id: string, known: Known): TreeNode | null => {
  const text = known.views.get(id);
  return text === undefined ? null : (nodesIn(parseTree(text)).find(({ node }) => node === "QUERY") ?? null);
};

/** The table's column that a relation's is: its own, or that of a table which a view shows. */
function originOf(relation: string, number: number, known: Known): KnownColumn | null {
  const view = viewQuery(relation, known);
  if (view === null) return known.columns.get(`${relation}.${number}`) ?? null;
  const entry = resultsOf(view)[number - 1];
  return originOf(textAt(entry, "resorigtbl"), numberAt(entry, "resorigcol"), known);
}

const rangeOf = (query: TreeNode, number: number): TreeNode | undefined => nodesAt(query, "rtable")[number - 1];

/** The common table expression that an entry of a query's tables names, and the query that has it. */
function cteOf(entry: TreeNode, scope: Scope): Scope | null {
  const outer = scope.slice(numberAt(entry, "ctelevelsup"));
  const [owner] = outer;
  const found = nodesAt(owner, "cteList").find((one) => textAt(one, "ctename") === textAt(entry, "ctename"));
  const query = nodeAt(found, "ctequery");
  return query === undefined ? null : [query, ...outer];
}

function reader(known: Known, nullableParameters: ReadonlySet<number>) {
  // Columns whose question is being answered: a recursive query asks about itself.
  const asking = new Set<string>();
  const ids = new Map<TreeNode, number>();
  const idOf = (query: TreeNode): number => {
    const id = ids.get(query) ?? ids.size;
    ids.set(query, id);
    return id;
  };

  /** Whether a query's result column, counted from 0, can be null. */
  function isNullable(scope: Scope, column: number): boolean {
    const [query] = scope;
    const key = `${idOf(query)}.${column}`;
    if (asking.has(key)) return false;
    asking.add(key);
    try {
      // How its two sides are joined is decided later.
      if (textAt(query, "commandType") === MERGE) return true;
      const set = nodeAt(query, "setOperations");
      if (set !== undefined) return branchesOf(set, query).some((branch) => isNullable([branch, ...scope], column));
      const expression = nodeAt(resultsOf(query)[column], "expr");
      return expression === undefined || !isGiven(expression, scope);
    } finally {
      asking.delete(key);
    }
  }

  function branchesOf(set: TreeNode, query: TreeNode): readonly TreeNode[] {
    return [nodeAt(set, "larg"), nodeAt(set, "rarg")].flatMap((side) => {
      if (side === undefined) return [];
      if (side.node !== "RANGETBLREF") return branchesOf(side, query);
      const branch = nodeAt(rangeOf(query, numberAt(side, "rtindex")), "subquery");
      return branch === undefined ? [] : [branch];
    });
  }

  /** True where an expression gives a value in every row. */
  function isGiven(expression: TreeNode | undefined, scope: Scope): boolean {
    if (expression === undefined) return false;
    const one = (field: string): boolean => isGiven(nodeAt(expression, field), scope);
    const all = (field: string): boolean => nodesAt(expression, field).every((each) => isGiven(each, scope));
    switch (expression.node) {
      case "VAR":
        return isGivenVariable(expression, scope);
      case "CONST":
        return textAt(expression, "constisnull") === "false";
      case "PARAM":
        return textAt(expression, "paramkind") === EXTERNAL && !nullableParameters.has(numberAt(expression, "paramid"));
      case "COALESCEEXPR":
      case "MINMAXEXPR":
        return nodesAt(expression, "args").some((each) => isGiven(each, scope));
      case "CASEEXPR":
        return one("defresult") && nodesAt(expression, "args").every((each) => isGiven(nodeAt(each, "result"), scope));
      case "BOOLEXPR":
        return all("args");
      case "NULLTEST":
      case "BOOLEANTEST":
      case "DISTINCTEXPR":
      case "ARRAYEXPR":
      case "ROWEXPR":
      case "GROUPINGFUNC":
        return true;
      case "SQLVALUEFUNCTION":
        return textAt(expression, "op") !== CURRENT_SCHEMA;
      case "RELABELTYPE":
      case "COERCEVIAIO":
      case "ARRAYCOERCEEXPR":
      case "COERCETODOMAIN":
      case "COLLATEEXPR":
        return one("arg");
      case "OPEXPR":
        return known.operators.has(textAt(expression, "opno")) && all("args");
      case "FUNCEXPR":
        return known.faithful.has(textAt(expression, "funcid")) && all("args");
      case "WINDOWFUNC":
        return isGivenInWindow(expression) && all("args");
      case "AGGREF":
        return isGivenAggregate(expression, scope);
      case "SUBLINK":
        return isGivenSubquery(expression, scope);
      default:
        return false;
    }
  }

  /** A window may have no rows for an aggregate. */
  const isGivenInWindow = (call: TreeNode): boolean => {
    const id = textAt(call, "winfnoid");
    return known.counting.has(id) || (known.faithful.has(id) && textAt(call, "winagg") === "false");
  };

  function isGivenAggregate(aggregate: TreeNode, scope: Scope): boolean {
    const id = textAt(aggregate, "aggfnoid");
    if (known.counting.has(id)) return true;
    const [query] = scope.slice(numberAt(aggregate, "agglevelsup"));
    const isOverRows = listAt(query, "groupClause").length > 0 && listAt(query, "groupingSets").length === 0;
    const hasFilter = aggregate.fields.aggfilter !== null;
    return (
      isOverRows &&
      !hasFilter &&
      known.faithful.has(id) &&
      nodesAt(aggregate, "args").every((entry) => isGiven(nodeAt(entry, "expr"), scope))
    );
  }

  function isGivenSubquery(link: TreeNode, scope: Scope): boolean {
    const type = textAt(link, "subLinkType");
    if (type === EXISTS || type === ARRAY) return true;
    const query = nodeAt(link, "subselect");
    if (type !== EXPRESSION || query === undefined) return false;
    // Of one row at any rate.
    const isOneRow =
      textAt(query, "hasAggs") === "true" &&
      listAt(query, "groupClause").length === 0 &&
      listAt(query, "groupingSets").length === 0 &&
      query.fields.havingQual === null &&
      query.fields.limitOffset === null &&
      query.fields.limitCount === null;
    return isOneRow && !isNullable([query, ...scope], 0);
  }

  function isGivenVariable(variable: TreeNode, scope: Scope): boolean {
    const outer = scope.slice(numberAt(variable, "varlevelsup"));
    const [query, ...others] = outer;
    if (query === undefined) return false;
    const inside: Scope = [query, ...others];
    if (isAsserted(variable, query, known)) return true;
    // Before version 16 a variable does not tell whether an outer join can make it null.
    const nulling = variable.fields.varnullingrels;
    if (nulling === undefined || listAt(variable, "varnullingrels").length > 1) return false;
    if (!["", "0"].includes(textAt(variable, "varreturningtype"))) return false;
    // Nor, before 18, whether GROUPING SETS can.
    if (listAt(query, "groupingSets").length > 0 && textAt(query, "hasGroupRTE") !== "true") return false;
    const entry = rangeOf(query, numberAt(variable, "varno"));
    const number = numberAt(variable, "varattno");
    if (entry === undefined) return false;
    // The whole row, or a system column.
    if (number <= 0) return true;
    switch (textAt(entry, "rtekind")) {
      case RELATION:
        return isGivenColumn(textAt(entry, "relid"), number);
      case SUBQUERY: {
        const subquery = nodeAt(entry, "subquery");
        return subquery !== undefined && !isNullable([subquery, ...inside], number - 1);
      }
      case JOIN:
        return isGiven(nodesAt(entry, "joinaliasvars")[number - 1], inside);
      case GROUP:
        return isGiven(nodesAt(entry, "groupexprs")[number - 1], inside);
      case FUNCTION: {
        const [only, ...more] = nodesAt(entry, "functions");
        return number === 1 && more.length === 0 && isGiven(nodeAt(only, "funcexpr"), inside);
      }
      case VALUES:
        return listAt(entry, "values_lists").every((row) => isGiven(nodesIn(row)[number - 1], inside));
      case CTE: {
        const cte = cteOf(entry, inside);
        return cte !== null && !isNullable(cte, number - 1);
      }
      default:
        return false;
    }
  }

  function isGivenColumn(relation: string, number: number): boolean {
    const view = viewQuery(relation, known);
    if (view !== null) return !isNullable([view], number - 1);
    return known.columns.get(`${relation}.${number}`)?.isNotNull === true;
  }

  return { isNullable };
}

/** Whether WHERE lets no row through in which this is null: `x is not null`, or a comparison. */
function isAsserted(variable: TreeNode, query: TreeNode, known: Known): boolean {
  if (textAt(query, "commandType") !== SELECT || numberAt(variable, "varlevelsup") > 0) return false;
  const isSame = (other: TreeNode | undefined): boolean =>
    other?.node === "VAR" &&
    textAt(other, "varno") === textAt(variable, "varno") &&
    textAt(other, "varattno") === textAt(variable, "varattno") &&
    numberAt(other, "varlevelsup") === 0;
  const holds = (condition: TreeNode | undefined): boolean => {
    if (condition === undefined) return false;
    const args = nodesAt(condition, "args");
    switch (condition.node) {
      case "BOOLEXPR":
        return textAt(condition, "boolop") === "and" && args.some(holds);
      case "NULLTEST":
        return textAt(condition, "nulltesttype") === IS_NOT_NULL && isSame(nodeAt(condition, "arg"));
      case "OPEXPR":
        return known.operators.has(textAt(condition, "opno")) && args.some((one) => isSame(uncoerced(one)));
      default:
        return false;
    }
  };
  return holds(nodeAt(nodeAt(query, "jointree"), "quals"));
}

/** Without the conversions that PostgreSQL, or the author, put around it. */
function uncoerced(expression: TreeNode | undefined): TreeNode | undefined {
  if (expression === undefined) return undefined;
  const { node } = expression;
  if (node === "RELABELTYPE" || node === "COERCEVIAIO" || node === "ARRAYCOERCEEXPR" || node === "COERCETODOMAIN") {
    return uncoerced(nodeAt(expression, "arg"));
  }
  const isCast = node === "FUNCEXPR" && ["1", "2"].includes(textAt(expression, "funcformat"));
  return isCast ? uncoerced(nodesAt(expression, "args")[0]) : expression;
}

function parametersOf(statement: TreeNode, known: Known): ReadonlyMap<number, AnalyzedParameter> {
  const found = new Map<number, AnalyzedParameter>();
  const note = (expression: TreeNode | undefined, more: Partial<AnalyzedParameter>): void => {
    const parameter = uncoerced(expression);
    if (parameter?.node !== "PARAM" || textAt(parameter, "paramkind") !== EXTERNAL) return;
    const id = numberAt(parameter, "paramid");
    const before = found.get(id) ?? { isNullable: false, column: null, isList: false };
    const isFirst = before.column === null && more.column !== undefined && more.column !== null;
    found.set(id, {
      isNullable: before.isNullable || more.isNullable === true,
      column: isFirst ? (more.column ?? null) : before.column,
      isList: isFirst ? more.isList === true : before.isList,
    });
  };
  for (const query of allNodes(statement)) {
    if (query.node !== "QUERY") continue;
    const columnAt = (variable: TreeNode | undefined): KnownColumn | null => {
      if (variable?.node !== "VAR" || numberAt(variable, "varlevelsup") > 0) return null;
      const entry = rangeOf(query, numberAt(variable, "varno"));
      if (textAt(entry, "rtekind") !== RELATION) return null;
      return originOf(textAt(entry, "relid"), numberAt(variable, "varattno"), known);
    };
    noteWrites(query, known, note);
    for (const node of nodesOf(query)) {
      const [left, right] = nodesAt(node, "args").map(uncoerced);
      if (node.node === "NULLTEST") note(nodeAt(node, "arg"), { isNullable: true });
      if (node.node === "COALESCEEXPR") {
        const args = nodesAt(node, "args");
        const column = columnAt(args.map(uncoerced).find((one) => columnAt(one) !== null));
        for (const one of args.slice(0, -1)) note(one, { isNullable: true, column });
      }
      if (node.node === "OPEXPR" && known.operators.has(textAt(node, "opno"))) {
        note(left, { column: columnAt(right) });
        note(right, { column: columnAt(left) });
      }
      if (node.node === "SCALARARRAYOPEXPR") note(right, { column: columnAt(left), isList: true });
    }
  }
  return found;
}

/** Nodes of a query without those of queries inside it. */
function* nodesOf(query: TreeNode): Generator<TreeNode> {
  for (const field of Object.values(query.fields)) {
    for (const part of Array.isArray(field) ? field : [field]) {
      if (isNode(part) && part.node !== "QUERY") {
        yield part;
        yield* nodesOf(part);
      } else if (Array.isArray(part)) {
        for (const node of nodesIn(part)) {
          yield node;
          yield* nodesOf(node);
        }
      }
    }
  }
}

/** What INSERT and UPDATE write to columns. */
function noteWrites(
  query: TreeNode,
  known: Known,
  note: (expression: TreeNode | undefined, more: Partial<AnalyzedParameter>) => void,
): void {
  const target = rangeOf(query, numberAt(query, "resultRelation"));
  if (target === undefined) return;
  const relation = textAt(target, "relid");
  const entries = [
    ...nodesAt(query, "targetList"),
    ...nodesAt(nodeAt(query, "onConflict"), "onConflictSet"),
    ...nodesAt(query, "mergeActionList").flatMap((action) => nodesAt(action, "targetList")),
  ];
  for (const entry of entries) {
    const column = known.columns.get(`${relation}.${numberAt(entry, "resno")}`);
    if (column === undefined || textAt(entry, "resjunk") === "true") continue;
    const write = { column, isNullable: !column.isNotNull };
    const value = uncoerced(nodeAt(entry, "expr"));
    note(value, write);
    if (value?.node !== "VAR") continue;
    const source = rangeOf(query, numberAt(value, "varno"));
    const number = numberAt(value, "varattno");
    if (textAt(source, "rtekind") === VALUES) {
      for (const row of listAt(source, "values_lists")) note(nodesIn(row)[number - 1], write);
    }
    const subquery = nodeAt(source, "subquery");
    if (subquery !== undefined) note(nodeAt(resultsOf(subquery)[number - 1], "expr"), write);
  }
}
