import type { CatalogRelation } from "../../compiler/observe/renderCoverage.ts";
import type { Session } from "../../compiler/session/session.ts";
import { SUPPORTED } from "../supported.ts";

/** Relations of pg_catalog with their columns in order; each column with the first and the last major version that has it. */
export type Inventory = Readonly<Record<string, Relation>>;
interface Relation {
  readonly is: "table" | "view";
  readonly columns: Readonly<Record<string, readonly [first: number, last: number]>>;
}

export const INVENTORY = "test/observe/inventory.txt";
export const TABLE = "docs/catalog.md";
export const WRITTEN_BY = "npm run docs:catalog";

export interface Seen {
  readonly relation: string;
  readonly is: "table" | "view";
  readonly columns: readonly string[];
}

/** What one server has. */
export const readRelations = (session: Session): Promise<Seen[]> =>
  session.query<Seen>(`
    select c.relname as relation, case c.relkind when 'v' then 'view' else 'table' end as is,
      array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind in ('r', 'v') and a.attnum > 0 and not a.attisdropped
    group by 1, 2 order by c.relname collate "C"`);

/** The columns that a version has, by what the inventory knows. */
export const columnsIn = ({ columns }: Relation, major: number): readonly string[] =>
  Object.entries(columns)
    .filter(([, [first, last]]) => first <= major && major <= last)
    .map(([name]) => name);

/** One inventory of what all supported versions have. */
export function joinInventory(servers: ReadonlyMap<number, readonly Seen[]>): Inventory {
  const joined: Record<string, { is: "table" | "view"; columns: Record<string, [number, number]> }> = {};
  // From the newest down, so that columns stand as they stand now, those that are gone last.
  for (const major of SUPPORTED.toReversed()) {
    for (const { relation, is, columns } of servers.get(major) ?? []) {
      joined[relation] ??= { is, columns: {} };
      for (const column of columns) {
        const known = joined[relation].columns[column];
        joined[relation].columns[column] = known === undefined ? [major, major] : [major, known[1]];
      }
    }
  }
  return Object.fromEntries(Object.entries(joined).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const [FIRST, LAST] = [SUPPORTED[0], SUPPORTED[SUPPORTED.length - 1]] as const;

/** A line for each relation: `table pg_class oid relname … relallfrozen:18-18`; no versions where all have the column. */
export const inventoryText = (inventory: Inventory): string =>
  Object.entries(inventory)
    .map(([relation, { is, columns }]) => {
      const named = Object.entries(columns).map(([name, [first, last]]) =>
        first === FIRST && last === LAST ? name : `${name}:${first}-${last}`,
      );
      return `${is} ${relation} ${named.join(" ")}\n`;
    })
    .join("");

export function parseInventory(text: string): Inventory {
  const lines = text.split("\n").filter((line) => line !== "");
  const relations = lines.map((line): readonly [string, Relation] => {
    const [is, relation = "", ...columns] = line.split(" ");
    const ranges = columns.map((column): readonly [string, readonly [number, number]] => {
      const [, name = column, first = FIRST, last = LAST] = /^(\w+):(\d+)-(\d+)$/.exec(column) ?? [];
      return [name, [Number(first), Number(last)]];
    });
    return [relation, { is: is === "view" ? "view" : "table", columns: Object.fromEntries(ranges) }];
  });
  return Object.fromEntries(relations);
}

/** The inventory as the table is made from. */
export const relationsOf = (inventory: Inventory): readonly CatalogRelation[] =>
  Object.entries(inventory).map(([name, { is, columns }]) => ({
    name,
    is,
    columns: Object.entries(columns).map(([column, [first, last]]) => ({ name: column, first, last })),
  }));
