import type { Fact, FactId } from "../facts.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import type { Column } from "./columns.ts";
import { factId, ofKind, type Statement, type Surroundings, statement } from "./kind.ts";
import type { Sequence } from "./sequences.ts";

const SERIAL: Readonly<Record<string, { readonly type: string; readonly maximum: string }>> = {
  smallint: { type: "smallserial", maximum: "32767" },
  integer: { type: "serial", maximum: "2147483647" },
  bigint: { type: "bigserial", maximum: "9223372036854775807" },
};

/** Kinds that share one name space with sequences. */
const RELATIONS = ["table", "foreign table", "view", "materialized view", "index", "composite type"];

/**
 * `serial`, where a new column's default and sequence are new too and just what that word stands for. Rows that exist get
 * their numbers then, and the sequence knows them. Null for any other column.
 */
export function serialType(column: FactId, around: Surroundings): string | null {
  return serialOf(column, around)?.type ?? null;
}

/** Whether the sequence is made by the statement that makes the column. */
export const comesWithColumn = (column: FactId, sequence: FactId, around: Surroundings): boolean =>
  serialOf(column, around)?.sequence === sequence || ownSequence(column, around)?.id === sequence;

function serialOf(id: FactId, around: Surroundings): { readonly type: string; readonly sequence: FactId } | null {
  const column = around.facts.get(id) as Fact<Column> | undefined;
  if (column === undefined || !around.isNew(id) || around.hint(id).backfill !== undefined) return null;
  const { schema, table, name, type, relation, notNull, notNullName, isInherited, storage } = column.attributes;
  const kind = SERIAL[type];
  if (kind === undefined || !notNull || notNullName !== null || isInherited || storage !== null) return null;
  const sequenceName = `${table}_${name}_seq`;
  const path = quotePath(schema, sequenceName);
  const sequence = around.facts.get(factId("sequence", path)) as Fact<Sequence> | undefined;
  const owner = around.facts.get(factId(relation, quotePath(schema, table)));
  const filled = around.facts.get(factId("default", quotePath(schema, table, name)));
  if (sequence === undefined || owner === undefined || filled === undefined) return null;
  if (!around.isNew(sequence.id) || !around.isNew(filled.id)) return null;
  // PostgreSQL chooses the name, and chooses another one where it is too long or taken.
  if (Buffer.byteLength(sequenceName) > 63) return null;
  if (RELATIONS.some((other) => around.others.has(factId(other, path)))) return null;
  if (filled.attributes.expression !== `nextval(${quoteText(path)}::regclass)`) return null;
  const a = sequence.attributes;
  const isPlain =
    a.ownedBy === quotePath(schema, table, name) &&
    a.type === type &&
    a.isUnlogged === (owner.attributes.isUnlogged === true) &&
    [a.start, a.increment, a.minimum, a.cache].every((number) => number === "1") &&
    a.maximum === kind.maximum &&
    !a.cycle;
  return isPlain ? { type: kind.type, sequence: sequence.id } : null;
}

/** A new sequence that a new column of an old table both owns and takes its default from, so that rows get numbers from it. */
export function ownSequence(id: FactId, around: Surroundings): Fact<Sequence> | null {
  const column = around.facts.get(id) as Fact<Column> | undefined;
  if (column === undefined || !around.isNew(id) || column.parent === null || around.isNew(column.parent)) return null;
  const { schema, table, name } = column.attributes;
  const filled = around.facts.get(factId("default", quotePath(schema, table, name)));
  if (filled === undefined || !around.isNew(filled.id) || around.hint(id).backfill !== undefined) return null;
  const needs = filled.dependsOn.flatMap((need) => around.facts.get(need) ?? []);
  const own = ofKind<Sequence>(needs, "sequence").find(
    (one) => around.isNew(one.id) && one.attributes.ownedBy === quotePath(schema, table, name),
  );
  return own ?? null;
}

/** Sets a sequence behind the last number that rows have in a column, unless it starts beyond that. */
export function continueNumbers(
  sequence: string,
  { schema, table, name }: Pick<Column, "schema" | "table" | "name">,
  { start, increment }: Pick<Sequence, "start" | "increment">,
): Statement {
  const [last, reaches] = increment.startsWith("-")
    ? [`min(${quoteName(name)})`, "<="]
    : [`max(${quoteName(name)})`, ">="];
  return statement(
    `SELECT setval(${sequence}, ${last}) FROM ${quotePath(schema, table)} HAVING ${last} ${reaches} ${start}`,
  );
}

/** The column with rows that a new sequence is to give its numbers from now on. */
export function columnToCount(sequence: Fact<Sequence>, around: Surroundings): Column | null {
  const { ownedBy } = sequence.attributes;
  const column =
    ownedBy === null ? undefined : (around.facts.get(factId("column", ownedBy)) as Fact<Column> | undefined);
  if (column === undefined || around.isNew(column.id) || !around.others.has(column.id)) return null;
  const takes = around.facts.get(factId("default", ownedBy ?? ""))?.dependsOn.includes(sequence.id) === true;
  return takes && column.attributes.relation === "table" && column.attributes.type in SERIAL ? column.attributes : null;
}
