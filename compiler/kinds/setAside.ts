import { createHash } from "node:crypto";
import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactId } from "../facts.ts";
import { quoteName, quotePath } from "../quote.ts";
import type { Column } from "./columns.ts";
import type { Constraint } from "./constraints.ts";
import { factId, ofKind, type Statement, type Surroundings, statement } from "./kind.ts";
import { withoutTriggers } from "./triggers.ts";

/*
 * Rows that a new constraint refuses can be set aside: they move into a table of the schema verso_attic, whole, before the
 * constraint takes hold, and move back when a rollback has dropped it. Each constraint has its own table there, so what
 * returns is exactly what went, and one constraint's rows never wait for another's.
 */

const NAME = String.raw`(?:"(?:[^"]|"")+"|[^\s"(),.]+)`;
const LIST = String.raw`\(${NAME}(?:, ${NAME})*\)`;
const FOREIGN_KEY = new RegExp(
  String.raw`^FOREIGN KEY (${LIST}) REFERENCES (${NAME}(?:\.${NAME})*)(${LIST})( MATCH FULL)?(?: |$)`,
);
const UNIQUE = new RegExp(`^(?:UNIQUE|PRIMARY KEY)( NULLS NOT DISTINCT)? (${LIST})(?: INCLUDE ${LIST})?$`);
const CHECK = /^CHECK \((.*)\)(?: NO INHERIT)?$/s;

/** What a constraint asks, taken from the text that pg_get_constraintdef prints; names stay as printed. */
export type Demand =
  | {
      readonly type: "foreign key";
      readonly columns: readonly string[];
      readonly target: string;
      readonly targetColumns: readonly string[];
      readonly isFull: boolean;
    }
  | { readonly type: "unique"; readonly columns: readonly string[]; readonly nullsAreEqual: boolean }
  | { readonly type: "check"; readonly expression: string };

/** Null where no query can tell which of the rows are in the way: exclusion constraints, keys over periods. */
export function demandOf({ type, definition }: Constraint): Demand | null {
  if (type === "foreign key") {
    const [, columns, target, targetColumns, isFull] = FOREIGN_KEY.exec(definition) ?? [];
    if (columns === undefined || target === undefined || targetColumns === undefined) return null;
    return {
      type,
      columns: namesIn(columns),
      target,
      targetColumns: namesIn(targetColumns),
      isFull: isFull !== undefined,
    };
  }
  if (type === "unique" || type === "primary key") {
    const [, nulls, columns] = UNIQUE.exec(definition) ?? [];
    return columns === undefined
      ? null
      : { type: "unique", columns: namesIn(columns), nullsAreEqual: nulls !== undefined };
  }
  const [, expression] = type === "check" ? (CHECK.exec(definition) ?? []) : [];
  return expression === undefined ? null : { type: "check", expression };
}

const namesIn = (list: string): readonly string[] =>
  [...list.slice(1, -1).matchAll(new RegExp(NAME, "g"))].map(([name]) => name);

/**
 * True for the rows of `row`, an alias, that a constraint refuses. For a foreign key the rows of `target` count as there;
 * of rows that are equal where they must not be, the first stays.
 */
export function refusedRows(demand: Demand, row: string, rows: { readonly target?: string; readonly own: string }) {
  switch (demand.type) {
    case "check":
      return `NOT (${demand.expression})`;
    case "foreign key": {
      const isGiven = demand.columns.map((column) => `${row}.${column} IS NOT NULL`);
      const matches = demand.targetColumns.map((column, i) => `parent.${column} = ${row}.${demand.columns[i]}`);
      const hasNone = `NOT EXISTS (\n      SELECT FROM ${rows.target ?? demand.target} AS parent WHERE ${matches.join(" AND ")})`;
      return demand.isFull && isGiven.length > 1
        ? `(${isGiven.join(" OR ")})\n    AND ${hasNone}`
        : `${isGiven.join(" AND ")}\n    AND ${hasNone}`;
    }
    case "unique": {
      const equals = demand.nullsAreEqual ? "IS NOT DISTINCT FROM" : "=";
      const same = demand.columns.map((column) => `first.${column} ${equals} ${row}.${column}`);
      return `EXISTS (\n      SELECT FROM ${rows.own} AS first WHERE ${same.join(" AND ")} AND first.ctid < ${row}.ctid)`;
    }
  }
}

/** The other rows. In a form that PostgreSQL answers by a join: it looks into the table once for each row otherwise. */
export function keptRows(
  demand: Demand,
  ...where: [row: string, rows: { readonly target?: string; readonly own: string }]
) {
  const refused = refusedRows(demand, ...where);
  return demand.type === "unique" ? `NOT ${refused}` : `(${refused}) IS NOT TRUE`;
}

const tableOf = (a: Constraint): string => quotePath(a.schema, a.table);
const tableIdOf = (a: Constraint): FactId => factId(a.relation, tableOf(a));

/** Whether rows must move out of the way of a constraint that is about to be created, or back once it is dropped. */
export function movesRows(
  { id, attributes: a }: Fact<Constraint>,
  way: "set aside" | "bring back",
  around: Surroundings,
): boolean {
  if (around.hint(id).orphans !== way || a.isInherited || !a.isValidated || !a.isEnforced) return false;
  // The same constraint there and here is only rebuilt around something else: its rows already obey it.
  const other = around.others.get(id);
  return around.others.has(tableIdOf(a)) && (other === undefined || other.attributes.definition !== a.definition);
}

/**
 * Constraints whose rows must have moved before this one is created: those of its own table in the order of creation, and
 * those of the table it points at, since a row set aside there makes orphans here.
 */
export function movedBefore(
  fact: Fact<Constraint>,
  around: Surroundings,
  orderOf: (a: Constraint) => number,
): readonly FactId[] {
  const a = fact.attributes;
  if (!around.others.has(tableIdOf(a))) return [];
  const own = constraintsOf(tableIdOf(a), around);
  const moves = (one: Fact<Constraint>) => movesRows(one, "set aside", around) || movesRows(one, "bring back", around);
  const isBefore = (one: Fact<Constraint>) =>
    orderOf(one.attributes) < orderOf(a) || (orderOf(one.attributes) === orderOf(a) && one.id < fact.id);
  const earlier = own.some(moves) ? own.filter((one) => one.id !== fact.id && isBefore(one)) : [];
  const demand = a.type === "foreign key" ? demandOf(a) : null;
  const target = demand?.type === "foreign key" ? factId("table", demand.target) : null;
  const above = target === null || target === tableIdOf(a) ? [] : constraintsOf(target, around).filter(moves);
  return [...earlier, ...above].map((one) => one.id);
}

function constraintsOf(table: FactId, around: Surroundings): readonly Fact<Constraint>[] {
  return ofKind<Constraint>(around.dependents(table), "constraint").filter((one) => one.parent === table);
}

/** Where a row lies: beside the table's own columns, whatever they are called. */
const [PART, PLACE] = [quoteName("verso part"), quoteName("verso place")];

/** Statements that move what the constraint refuses into its attic. They run when its columns are what they will be. */
export function setAside(fact: Fact<Constraint>, around: Surroundings): readonly Statement[] {
  const a = fact.attributes;
  const demand = demandOf(a);
  if (demand === null) {
    throw new Diagnostic({
      code: "cannot-set-aside",
      what: `rows that ${a.name} of ${tableOf(a)} refuses cannot be told by a query, so they cannot be set aside`,
      why: a.definition,
      next: 'take `orphans: "set aside"` out and mend the rows by hand',
    });
  }
  refuseCascades(fact, around);
  const attic = atticOf(fact, around);
  const table = tableOf(a);
  const isOwn = demand.type === "foreign key" && demand.target === table;
  const doomed = isOwn
    ? `WITH RECURSIVE orphan AS (
  SELECT child.*, child.tableoid AS ${PART}, child.ctid AS ${PLACE} FROM ${table} AS child
  WHERE ${refusedRows(demand, "child", { own: table })}
  UNION ALL
  SELECT child.*, child.tableoid, child.ctid FROM ${table} AS child JOIN orphan ON ${demand.columns
    .map((column, i) => `child.${column} = orphan.${demand.targetColumns[i]}`)
    .join(" AND ")}
), set_aside AS (
  DELETE FROM ${table} AS child WHERE (child.tableoid, child.ctid) IN (SELECT ${PART}, ${PLACE} FROM orphan)`
    : `WITH set_aside AS (
  DELETE FROM ${table} AS child
  WHERE ${refusedRows(demand, "child", { own: table })}`;
  return [
    statement("CREATE SCHEMA IF NOT EXISTS verso_attic"),
    statement(`CREATE TABLE ${attic} AS TABLE ${table} WITH NO DATA`),
    ...settled(a, around, [statement(`${doomed}\n  RETURNING child.*\n)\nINSERT INTO ${attic} TABLE set_aside`)]),
  ];
}

/** Statements that bring the rows back from the attic, for when the constraint has been dropped. */
export function bringBack(fact: Fact<Constraint>, around: Surroundings): readonly Statement[] {
  const a = fact.attributes;
  const attic = atticOf(fact, around);
  const columns = ofKind<Column>(around.dependents(tableIdOf(a)), "column")
    .filter((one) => one.parent === tableIdOf(a))
    .map(({ attributes }) => attributes)
    .filter((column) => column.generated === null)
    .toSorted((one, other) => one.position - other.position);
  const names = columns.map(({ name }) => quoteName(name)).join(", ");
  const overriding = columns.some(({ identity }) => identity?.always === true) ? " OVERRIDING SYSTEM VALUE" : "";
  return [
    ...settled(a, around, [
      statement(`INSERT INTO ${tableOf(a)} (${names})${overriding}\nSELECT ${names} FROM ${attic}`),
    ]),
    statement(`DROP TABLE ${attic}`),
  ];
}

const ATTIC_TABLE = String.raw`verso_attic\.(?:"(?:[^"]|"")+"|\w+)`;

/** Tables of the attic that a script fills, as it names them: `verso_attic.projects_user_id_fkey`. */
export const atticFilledBy = (script: string): readonly string[] =>
  [...script.matchAll(new RegExp(`^CREATE TABLE (${ATTIC_TABLE}) AS TABLE `, "gm"))].map(([, name = ""]) => name);

/** Tables of the attic out of which a script brings rows back. */
export const atticEmptiedBy = (script: string): readonly string[] =>
  [...script.matchAll(new RegExp(`^SELECT .* FROM (${ATTIC_TABLE});$`, "gm"))].map(([, name = ""]) => name);

/** `verso_attic.projects_user_id_fkey`. Where the constraint existed in another form, that form's attic may still be there. */
function atticOf({ id, attributes: a }: Fact<Constraint>, around: Surroundings): string {
  const name = a.name.startsWith(`${a.table}_`) ? a.name : `${a.table}_${a.name}`;
  const mark = createHash("sha256").update(`${id} ${a.definition}`).digest("hex").slice(0, 8);
  const isAgain = around.others.has(id);
  const isLong = Buffer.byteLength(name) > (isAgain ? 54 : 63) || a.schema !== "public";
  if (!isAgain && !isLong) return quotePath("verso_attic", name);
  return quotePath("verso_attic", `${Buffer.from(name).subarray(0, 54).toString().replaceAll("\uFFFD", "")}_${mark}`);
}

/** Foreign keys that stay would delete or change the rows that point at those set aside, which nothing could bring back. */
function refuseCascades({ id, attributes: a }: Fact<Constraint>, around: Surroundings): void {
  const table = tableIdOf(a);
  for (const fact of ofKind<Constraint>(around.facts.values(), "constraint")) {
    if (fact.id === id || around.isNew(fact.id)) continue;
    const { attributes: other } = fact;
    if (other.type !== "foreign key" || !/ ON DELETE (CASCADE|SET NULL|SET DEFAULT)/.test(other.definition)) continue;
    const demand = demandOf(other);
    if (demand?.type !== "foreign key" || factId("table", demand.target) !== table) continue;
    throw new Diagnostic({
      code: "set-aside-would-cascade",
      what: `rows of ${tableOf(a)} cannot be set aside for ${a.name}: ${other.name} of ${tableOf(other)} would act on the rows that point at them`,
      why: other.definition,
      next: `mend the rows that ${a.name} refuses first, or plan with ${other.name} taken out and put it back after`,
    });
  }
}

/** PostgreSQL alters no table with checks still to come. */
function settled(a: Constraint, around: Surroundings, moves: readonly Statement[]): readonly Statement[] {
  const isDeferred = constraintsOf(tableIdOf(a), around).some(({ attributes }) => attributes.initiallyDeferred);
  const all = isDeferred ? [...moves, statement("SET CONSTRAINTS ALL IMMEDIATE")] : moves;
  return withoutTriggers(tableIdOf(a), all, around, ["INSERT", "DELETE"]);
}
