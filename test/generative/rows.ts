import { DatabaseError, type Session } from "../../compiler/session/session.ts";
import { type Column, literalOf, typeText } from "./rooms/columns.ts";
import { columnsOf, keyOf, type Table, tablesOf } from "./rooms/tables.ts";
import { pathOf, quote, type Thing, text, thingAt, type World } from "./world.ts";

/** Values by table and column, in the order of the table's key. */
export type Rows = ReadonlyMap<string, readonly (string | null)[]>;

const ROWS = [1, 2, 3];
const placeOf = (table: Thing, column: Column): string => `${table.uid} ${column.uid}`;
const from = (table: Thing<Table>, world: World): string =>
  `${table.attributes.partitionBy === null ? "only " : ""}${pathOf(table, world)}`;

/** Gives every table its rows, and the columns that are new their values. */
export async function fillRows(session: Session, world: World): Promise<void> {
  await session.run("set session_replication_role = replica");
  for (const table of tablesOf(world)) {
    const columns = columnsOf(table, world).filter(({ generatedFrom }) => generatedFrom === null);
    const key = keyOf(table, world);
    const [{ count = 0 } = {}] = await session.query<{ count: number }>(
      `select count(*)::integer as count from ${from(table, world)}`,
    );
    if (count === 0) {
      const rows = ROWS.map((r) => `(${columns.map((column) => literalOf(column, r, world)).join(", ")})`);
      const names = columns.map(({ name }) => quote(name)).join(", ");
      await tryTo(
        session,
        `insert into ${pathOf(table, world)} (${names}) overriding system value values ${rows.join(", ")}`,
      );
    }
    const fresh = columns.filter(({ isFresh, identity }) => isFresh && identity === null);
    if (count === 0 || fresh.length === 0) continue;
    const cases = fresh.map((column) => {
      const type = typeText(column.type, world);
      const values = ROWS.map((r) => `when ${r} then ${literalOf(column, r, world)}::${type}`);
      return `${quote(column.name)} = case ${quote(key.name)} ${values.join(" ")} end`;
    });
    await tryTo(session, `update ${from(table, world)} set ${cases.join(", ")}`);
  }
  await session.run("reset session_replication_role");
}

/** Some tables can have no rows: partitioned ones without the partition that is for them. */
async function tryTo(session: Session, sql: string): Promise<void> {
  await session.run(sql).catch((error) => {
    if (!(error instanceof DatabaseError) || error.code !== "23514" || !/no partition/.test(error.message)) throw error;
  });
}

export async function readRows(session: Session, world: World): Promise<Rows> {
  const queries = tablesOf(world).flatMap((table) =>
    columnsOf(table, world).map((column) => {
      const order = `order by ${quote(keyOf(table, world).name)}`;
      return `select ${text(placeOf(table, column))} as place, array_agg(${quote(column.name)}::text ${order}) as values from ${from(table, world)}`;
    }),
  );
  if (queries.length === 0) return new Map();
  await session.run("set search_path = ''");
  const rows = await session.query<{ place: string; values: (string | null)[] | null }>(
    queries.join(" union all "),
    [],
  );
  await session.run("reset search_path");
  return new Map(rows.map(({ place, values }) => [place, values ?? []]));
}

/** Values that differ although nothing asked for it: the column is on both sides, and of one type. */
export function rowsChanged(rows: Rows, then: Rows, before: World, after: World): readonly string[] {
  return tablesOf(before).flatMap((table) => {
    const next = tablesOf(after).find(({ uid }) => uid === table.uid);
    if (next === undefined || !keepsRows(table, before, after)) return [];
    return columnsOf(table, before).flatMap((column) => {
      const now = columnsOf(next, after).find(({ uid }) => uid === column.uid);
      if (now === undefined || !isAlike(column, now, before, after)) return [];
      const [old, values] = [rows.get(placeOf(table, column)), then.get(placeOf(table, column))];
      if (JSON.stringify(old) === JSON.stringify(values)) return [];
      return [
        `${pathOf(table, before)}.${quote(column.name)} held ${JSON.stringify(old)}, and holds ${JSON.stringify(values)}`,
      ];
    });
  });
}

/** A partition that goes takes rows along. */
const keepsRows = (table: Thing<Table>, before: World, after: World): boolean =>
  table.attributes.partitionBy === null ||
  before.things
    .filter(({ kind, attributes }) => kind === "partition" && "of" in attributes && attributes.of === table.uid)
    .every(({ uid }) => after.things.some((thing) => thing.uid === uid));

function isAlike(column: Column, now: Column, before: World, after: World): boolean {
  if (column.generatedFrom !== null || now.generatedFrom !== null) return false;
  if (column.type !== now.type) return false;
  if (typeof column.type === "string") return true;
  const [type, other] = [thingAt(before, column.type), thingAt(after, column.type)];
  return (
    JSON.stringify(type.attributes) === JSON.stringify(other.attributes) ||
    type.kind === "enum" ||
    type.kind === "domain"
  );
}
