import type { Session } from "../../session/session.ts";

/** A node of what EXPLAIN says in JSON, as far as it is read here. @see PostgreSQL manual, "EXPLAIN" */
export interface PlanNode {
  readonly "Node Type": string;
  readonly "Total Cost": number;
  readonly Schema?: string;
  readonly "Relation Name"?: string;
  readonly Alias?: string;
  readonly "Index Name"?: string;
  readonly Filter?: string;
  readonly "Index Cond"?: string;
  readonly "Recheck Cond"?: string;
  readonly "Hash Cond"?: string;
  readonly "Merge Cond"?: string;
  readonly "Join Filter"?: string;
  readonly "Sort Key"?: readonly string[];
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly "QUERY PLAN": readonly [{ readonly Plan: PlanNode }];
}

/** Whose query it is, and how that role reads names. */
export interface Asker {
  /** Printed; null to stay who one is. */
  readonly role: string | null;
  readonly searchPath: string | null;
}

/**
 * How PostgreSQL would run a query whatever its parameters are; nothing of it is run. Inside a transaction, which it leaves
 * as it was. It does what EXPLAIN (GENERIC_PLAN) of PostgreSQL 16 does, which drivers that send parameters apart cannot use.
 * @throws DatabaseError where PostgreSQL cannot plan it: a constant's place that no parameter can take, a table that is gone
 */
export async function genericPlan(session: Session, query: string, asker: Asker): Promise<PlanNode> {
  await session.run("SAVEPOINT verso_explain; SET LOCAL plan_cache_mode = force_generic_plan");
  try {
    if (asker.searchPath !== null)
      await session.query("select set_config('search_path', $1, true)", [asker.searchPath]);
    if (asker.role !== null) await session.run(`SET LOCAL ROLE ${asker.role}`);
    await session.query(`PREPARE verso_hot AS ${query}`);
    try {
      return await planOfPrepared(session);
    } finally {
      await session.run("ROLLBACK TO verso_explain; DEALLOCATE verso_hot");
    }
  } finally {
    await session.run("ROLLBACK TO verso_explain; RELEASE verso_explain");
  }
}

async function planOfPrepared(session: Session): Promise<PlanNode> {
  const [prepared] = await session.query<{ count: number }>(
    "select cardinality(parameter_types) as count from pg_catalog.pg_prepared_statements where name = 'verso_hot'",
  );
  const nulls = Array.from({ length: prepared?.count ?? 0 }, () => "null").join(", ");
  const call = nulls === "" ? "verso_hot" : `verso_hot(${nulls})`;
  const [explained] = await session.query<Explained>(`EXPLAIN (VERBOSE, FORMAT JSON) EXECUTE ${call}`);
  if (explained === undefined) throw new Error("EXPLAIN said nothing");
  return explained["QUERY PLAN"][0].Plan;
}

/** Whether it reads or writes a table that is not PostgreSQL's own. */
export const readsTables = (plan: PlanNode): boolean =>
  [...nodesOf(plan)].some(
    (node) => node["Relation Name"] !== undefined && node.Schema !== undefined && !isSystem(node.Schema),
  );

export const isSystem = (schema: string): boolean => /^(pg_|information_schema$|verso$|verso_attic$)/.test(schema);

export function* nodesOf(node: PlanNode): Generator<PlanNode> {
  yield node;
  for (const child of node.Plans ?? []) yield* nodesOf(child);
}

const MOST_LINES = 8;

/**
 * A plan in a few lines, indented as it nests.
 * @param called what to call an index that is there for a trial only
 */
export function linesOf(plan: PlanNode, called: ReadonlyMap<string, string> = new Map()): readonly string[] {
  const lines = [...linesBelow(plan, 0, called)];
  return lines.length <= MOST_LINES
    ? lines
    : [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`];
}

function* linesBelow(node: PlanNode, depth: number, called: ReadonlyMap<string, string>): Generator<string> {
  const { Schema: schema, "Relation Name": relation, "Index Name": index, Filter: filter } = node;
  const words = [
    node["Node Type"],
    ...(index === undefined ? [] : [`using ${called.get(index) ?? index}`]),
    ...(relation === undefined ? [] : [`on ${schema === undefined ? "" : `${schema}.`}${relation}`]),
    ...(node["Sort Key"] === undefined ? [] : [`by ${node["Sort Key"].join(", ")}`]),
    ...(node["Index Cond"] === undefined ? [] : [node["Index Cond"]]),
    ...(filter === undefined ? [] : [`filter ${filter}`]),
  ];
  yield "  ".repeat(depth) + words.join(" ");
  for (const child of node.Plans ?? []) yield* linesBelow(child, depth + 1, called);
}
