import { isDeepStrictEqual } from "node:util";
import type { Fact, FactId, FactIndex, Hint } from "../facts.ts";
import { columnId } from "../kinds/columns.ts";
import { factId, userSchema } from "../kinds/kind.ts";
import { tableId } from "../kinds/tables.ts";
import type { PlannedStatement } from "../plan/steps.ts";
import { quoteName, quotePath } from "../quote.ts";
import type { Session } from "../session/session.ts";

/**
 * Digest of the values of each stored column, by column fact, and of the rows of each table, by table fact. A partition
 * counts for itself, so that attaching it moves nothing, and its root with all partitions, so that rows may move between them.
 */
export type RowCensus = ReadonlyMap<FactId, string>;

interface TableRow {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  readonly isPartitioned: boolean;
}

const TABLES = `
  select n.nspname as schema, c.relname as name, c.relkind = 'p' as "isPartitioned", array(
    select a.attname::text from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attname) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where (c.relkind = 'r' or c.relkind = 'p' and not c.relispartition and not exists (
      select from pg_partition_tree(c.oid) p join pg_class f on f.oid = p.relid where f.relkind = 'f'))
    and c.relpersistence <> 't' and ${userSchema("n.nspname")} order by 1, 2`;

// Printed values must not depend on what the migration left set.
const SETTINGS = `set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'; set local timezone = 'UTC';
  set local bytea_output = 'hex'; set local extra_float_digits = 1; set local row_security = off`;

const TABLES_A_QUERY = 50;

/** Counts and digests what the tables of `facts` hold, values as text, without regard to their order. */
export async function takeCensus(session: Session, facts: FactIndex): Promise<RowCensus> {
  const census = new Map<FactId, string>();
  await session.run("BEGIN");
  try {
    await session.run(SETTINGS);
    const all = await session.query<TableRow>(TABLES);
    const tables = all.filter(({ schema, name }) => facts.has(tableId(schema, name)));
    for (let start = 0; start < tables.length; start += TABLES_A_QUERY) {
      const some = tables.slice(start, start + TABLES_A_QUERY);
      const query = some.map((table, i) => digestQuery(table, i)).join("\nunion all ");
      const rows = await session.query<{ at: number; digests: readonly string[] }>(query);
      for (const { at, digests } of rows) {
        const table = some[at];
        if (table === undefined) continue;
        const { schema, name, columns } = table;
        census.set(tableId(schema, name), digests[0] ?? "");
        for (const [i, column] of columns.entries()) census.set(columnId(schema, name, column), digests[i + 1] ?? "");
      }
    }
  } finally {
    await session.run("ROLLBACK");
  }
  return census;
}

/** Each digest begins with the number of rows. */
function digestQuery({ schema, name, columns, isPartitioned }: TableRow, at: number): string {
  const digest = (value: string): string =>
    `count(*) || ' ' || coalesce(md5(string_agg(${value}, ',' order by ${value} collate "C")), '')`;
  // A digest would have its column's collation, and a query that is asked again may not give another type.
  const values = columns.map((column) => `coalesce(md5(t.${quoteName(column)}::text collate "C"), '-')`);
  const row = values.length === 0 ? "''" : `concat_ws(',', ${values.join(", ")})`;
  return `select ${at} as at, array[${[row, ...values].map(digest).join(", ")}] as digests
    from ${isPartitioned ? "" : "only "}${quotePath(schema, name)} t`;
}

/** What a migration did to the values of columns that it had no business with, and what its rollback did not mend. */
export interface RowChanges {
  /** Columns, and tables, whose values forward followed by rollback does not bring back. */
  readonly lost: readonly FactId[];
  /** Columns that both states have, of one type, and whose values are others after going forward. */
  readonly changed: readonly FactId[];
  /** Those of both that nothing in the migration announces: no statement that destroys, no hint, no other type. */
  readonly unannounced: readonly FactId[];
}

export interface Journey {
  readonly current: FactIndex;
  readonly desired: FactIndex;
  readonly hints: ReadonlyMap<FactId, Hint>;
  readonly renames: readonly { readonly from: Fact; readonly to: Fact }[];
  /** All statements, forward and back. */
  readonly statements: readonly PlannedStatement[];
}

/** Compares the censuses of a way forward and back. */
export function compareCensus(before: RowCensus, between: RowCensus, after: RowCensus, journey: Journey): RowChanges {
  const { current, desired, renames, hints } = journey;
  const destroyed = new Set(journey.statements.flatMap(({ id, destroys }) => (destroys === undefined ? [] : [id])));
  const touched = touchedFacts(journey);
  const isAnnounced = (id: FactId): boolean => {
    const [from, to] = [current.get(id), desired.get(nameAfter(id, renames))];
    const names = [from, to].flatMap((fact) => (fact === undefined ? [] : [fact.id, fact.parent ?? fact.id]));
    if (names.some((name) => destroyed.has(name))) return true;
    // A column's values may be made up so that they are the same, in other rows.
    if ([...destroyed].some((one) => current.get(one)?.parent === id)) return true;
    if (from === undefined || to === undefined) return true;
    if (from.attributes.type !== to.attributes.type) return true;
    if (changesPartitions(from, current, desired)) return true;
    if (restsOn(from, current, touched) || restsOn(to, desired, touched)) return true;
    // An UPDATE that fills one column may fire triggers that write others.
    return [...hints].some(([hinted, { backfill, using, orphans }]) => {
      if (backfill === undefined && using === undefined && orphans === undefined) return false;
      const table = desired.get(hinted)?.parent;
      return hinted === to.id || table === to.parent || table === to.id;
    });
  };

  const lost = lostValues(before, after, current).filter((id) => !movedWithin(id, current, before, after));
  const changed = [...before.keys()].filter((id) => {
    const then = nameAfter(id, renames);
    if (movedWithin(id, current, before, between)) return false;
    if (current.get(id)?.parent == null || before.get(id) === between.get(then)) return false;
    const [from, to] = [current.get(id), desired.get(then)];
    return from !== undefined && to !== undefined && between.has(then) && isDeepStrictEqual(typeOf(from), typeOf(to));
  });
  const unannounced = [...new Set([...lost, ...changed])].filter((id) => !isAnnounced(id));
  return { lost, changed, unannounced };
}

/** Whether the fact is of a partition whose root still holds the same rows. */
function movedWithin(id: FactId, facts: FactIndex, before: RowCensus, then: RowCensus): boolean {
  const fact = facts.get(id);
  const table = fact?.parent == null ? fact : facts.get(fact.parent);
  if (table === undefined || typeof table.attributes.partitionOf !== "string") return false;
  const root = rootOf(table, facts);
  const { schema, name } = root.attributes;
  const there = fact === table ? root.id : columnId(String(schema), String(name), String(fact?.attributes.name));
  return before.has(there) && before.get(there) === then.get(there);
}

/** Whether tables with rows come under a partitioned table, or leave it. */
function changesPartitions(fact: Fact, current: FactIndex, desired: FactIndex): boolean {
  const table = fact.parent ?? fact.id;
  if (typeof current.get(table)?.attributes.partitionKey !== "string") return false;
  const under = (facts: FactIndex) =>
    [...facts.values()].flatMap((one) =>
      typeof one.attributes.partitionOf === "string" && rootOf(one, facts).id === table ? [one.id] : [],
    );
  const [before, after] = [new Set(under(current)), new Set(under(desired))];
  return [...before].some((one) => !after.has(one)) || [...after].some((one) => !before.has(one) && current.has(one));
}

function rootOf(table: Fact, facts: FactIndex): Fact {
  const { partitionOf } = table.attributes;
  const parent = typeof partitionOf === "string" ? facts.get(factId(table.kind, partitionOf)) : undefined;
  return parent === undefined ? table : rootOf(parent, facts);
}

/**
 * Columns whose values were there before and are not there afterwards, and tables whose columns all have their values, but
 * not in the same rows.
 */
export function lostValues(before: RowCensus, after: RowCensus, facts: FactIndex): readonly FactId[] {
  const lost = [...before.keys()].filter((id) => before.get(id) !== after.get(id));
  const parents = new Set(lost.map((id) => facts.get(id)?.parent));
  return lost.filter((id) => !parents.has(id));
}

const typeOf = ({ attributes }: Fact) => [attributes.type, attributes.collation];

/** True when something that the column needs, its type for instance, is among `touched`; its table does not count. */
function restsOn(fact: Fact, facts: FactIndex, touched: ReadonlySet<FactId>, seen = new Set<FactId>()): boolean {
  return fact.dependsOn.some((id) => {
    if (id === fact.parent || seen.has(id)) return false;
    seen.add(id);
    const other = facts.get(id);
    return touched.has(id) || (other !== undefined && restsOn(other, facts, touched, seen));
  });
}

/** Facts that are added, removed or altered, with everything that such a fact lives in. */
function touchedFacts({ current, desired }: Journey): ReadonlySet<FactId> {
  const touched = new Set<FactId>();
  const touch = (facts: FactIndex, others: FactIndex): void => {
    for (const fact of facts.values()) {
      const other = others.get(fact.id);
      if (other !== undefined && isDeepStrictEqual(fact.attributes, other.attributes)) continue;
      for (
        let at: Fact | undefined = fact;
        at !== undefined;
        at = at.parent === null ? undefined : facts.get(at.parent)
      ) {
        touched.add(at.id);
      }
    }
  };
  touch(current, desired);
  touch(desired, current);
  return touched;
}

/** What a fact is called once it, or what it lives in, has been renamed. */
function nameAfter(id: FactId, renames: Journey["renames"]): FactId {
  return renames.reduce((name, { from, to }) => {
    if (name === from.id) return to.id;
    const [path, old, now] = [name, from.id, to.id].map((text) => text.slice(text.indexOf(" ") + 1));
    if (path === undefined || old === undefined || now === undefined || !path.startsWith(`${old}.`)) return name;
    return `${name.slice(0, name.indexOf(" "))} ${now}${path.slice(old.length)}` as FactId;
  }, id);
}
