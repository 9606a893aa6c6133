import { withRelations } from "../client/relations.ts";
import { callOf } from "../client/routines.ts";
import type { CompiledDomain } from "../compile/compileDomain.ts";
import type { FactId, FactIndex } from "../facts.ts";
import type { WrittenQuery } from "../queries/parseQueries.ts";
import { quoteName } from "../quote.ts";
import { type AccessPath, accessPaths, columnList } from "./accessPaths.ts";
import { relationNames } from "./clientFiles.ts";
import { buildModel, type ClientModel, type TableModel } from "./model.ts";
import { domainRelations, relationsOf, tableKey } from "./relations.ts";
import { calledRoutines } from "./routines.ts";
import { writePaths } from "./writePaths.ts";

/** A statement that services issue: of a generated function, or written by hand. */
export interface Issued {
  /** What services call it by: `users.findByEmail`, `personalRecords`. */
  readonly name: string;
  readonly sql: string;
  /** What it reads, writes or calls; null for one written by hand. */
  readonly of: FactId | null;
  /** What it reads besides. */
  readonly with?: FactId;
  /** The table, as SQL, whose rows are its one parameter, as JSON. */
  readonly rowsOf?: string;
  /** Where a statement written by hand stands: `definitions/shop/queries/orders.sql:12:1`. */
  readonly at?: string;
}

/**
 * Every statement of the client that `verso compile` writes for a domain in this state. Where several have the same names in
 * them, one stands for all: a list is the one that goes on from a place, related rows are one level deep, and what finds
 * rows of a materialized view is its list.
 * @param facts the state, from definitions or from a catalog
 * @param columnsOf names of the columns of views, by their names as SQL, which only PostgreSQL knows
 */
export async function issuedByClient(
  domain: CompiledDomain,
  facts: FactIndex,
  columnsOf: ReadonlyMap<string, readonly string[]>,
): Promise<readonly Issued[]> {
  const model = await buildModel({ ...domain, facts, exported: new Map() });
  if (model.tables.length === 0) return [];
  const names = relationNames(model);
  const relations = relationsOf(model);
  const loaded = domainRelations(model);
  const ofTables = model.tables.flatMap((table): readonly Issued[] => {
    const called = names.get(table) ?? table.name;
    const issue = (name: string, sql: string): Issued => ({ name: `${called}.${name}`, sql, of: table.id });
    const rows = `select ${columnList(table)} from ${table.path}`;
    const related = (relations.get(table.id) ?? []).map(({ name, to }) => ({
      name: `${called} with ${name}`,
      sql: withRelations(rows, { [name]: true }, { table: tableKey(table), domain: loaded }),
      of: table.id,
      with: to.id,
    }));
    const written = writePaths(table).flatMap(({ name, statements }) =>
      statements.map((sql) => ({
        ...issue(name, sql),
        ...(sql.includes("jsonb_to_recordset") ? { rowsOf: table.path } : {}),
      })),
    );
    return [...readsOf(table, model, issue), ...related, ...written];
  });
  const ofViews = model.views.flatMap((view): readonly Issued[] => {
    const called = names.get(view) ?? view.name;
    const issue = (name: string, sql: string): Issued => ({ name: `${called}.${name}`, sql, of: view.id });
    const columns = columnsOf.get(view.path) ?? [];
    return [
      issue("list", `select ${columns.map(quoteName).join(", ")} from ${view.path} limit $1`),
      ...(view.refresh === null ? [] : [issue("refresh", view.refresh.plain)]),
    ];
  });
  const ofRoutines = calledRoutines(facts, model, [...names.values()]).flatMap(({ fact, name, call, given }) => {
    const texts = [given, given.filter(({ isOptional }) => !isOptional)].map(
      (taken) => callOf(call, Object.fromEntries(taken.map(({ key }) => [key, null]))).text,
    );
    // CALL cannot be prepared, and so takes no parameters.
    const taken = call.isProcedure === true ? texts.map((text) => text.replaceAll(/\$\d+/g, "null")) : texts;
    return [...new Set(taken)].map((sql): Issued => ({ name, sql, of: fact.id }));
  });
  return [...ofTables, ...ofViews, ...ofRoutines];
}

const readsOf = (
  table: TableModel,
  model: ClientModel,
  issue: (name: string, sql: string) => Issued,
): readonly Issued[] => accessPaths(table, model).map(({ name, query }) => issue(name, textOf(query)));

const textOf = (query: AccessPath["query"]): string => (query.gives === "list" ? query.after : query.text);

export const issuedByHand = (queries: readonly WrittenQuery[]): readonly Issued[] =>
  queries.map(({ name, text, position: { file, line, column } }) => ({
    name,
    sql: text,
    of: null,
    at: `${file}:${line}:${column}`,
  }));
