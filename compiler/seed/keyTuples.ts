import type { Bed, Garden } from "../rows/garden.ts";
import type { Value } from "../rows/judge.ts";
import type { ForeignKeyShape } from "../rows/tableShapes.ts";

/** Keys of rows that are there, in the order of the foreign key's columns. */
export type KeysOf = (key: ForeignKeyShape) => Promise<readonly (readonly Value[])[]>;

/** What foreign keys that share columns may hold together. */
export interface KeyTuples {
  readonly keys: readonly ForeignKeyShape[];
  readonly columns: readonly number[];
  readonly size: number;
  readonly at: (index: number) => readonly Value[];
}

/** Foreign keys that have something to refer to, those that share columns together. */
export async function keyTuples(garden: Garden, bed: Bed, keysOf: KeysOf): Promise<readonly KeyTuples[]> {
  const usable = bed.table.foreignKeys.filter((key) => {
    const parent = garden.beds.get(key.parent);
    return !key.hasPeriod && parent !== bed && parent?.isPlanted !== false;
  });
  const groups: ForeignKeyShape[][] = [];
  for (const key of usable) {
    const touched = groups.filter((group) => group.some((other) => sharedBy(other, key).length > 0));
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push([...touched.flat(), key]);
  }
  return Promise.all(groups.map((keys) => tuplesOf(keys, keysOf)));
}

const sharedBy = (a: ForeignKeyShape, b: ForeignKeyShape): readonly number[] =>
  a.columns.filter((column) => b.columns.includes(column));

async function tuplesOf(keys: readonly ForeignKeyShape[], keysOf: KeysOf): Promise<KeyTuples> {
  // What a key of several columns leads to leads on to what keys of some of them refer to.
  const [first, ...others] = keys
    .filter(
      (key) =>
        !keys.some((other) => covers(other, key) && (!covers(key, other) || keys.indexOf(other) < keys.indexOf(key))),
    )
    .toSorted((a, b) => b.columns.length - a.columns.length);
  if (first === undefined) return { keys, columns: [], size: 0, at: () => [] };
  let columns: readonly number[] = first.columns;
  let rows = await keysOf(first);
  for (const key of others) {
    const shared = columns.filter((column) => key.columns.includes(column));
    const more = key.columns.filter((column) => !columns.includes(column));
    const partners = new Map<string, (readonly Value[])[]>();
    for (const row of await keysOf(key)) {
      const id = JSON.stringify(shared.map((column) => row[key.columns.indexOf(column)]));
      const list = partners.get(id);
      if (list === undefined) partners.set(id, [row]);
      else list.push(row);
    }
    const before = columns;
    rows = rows.flatMap((row, i) => {
      const found = partners.get(JSON.stringify(shared.map((column) => row[before.indexOf(column)]))) ?? [];
      const partner = found[i % found.length];
      return partner === undefined
        ? []
        : [[...row, ...more.map((column) => partner[key.columns.indexOf(column)] ?? null)]];
    });
    columns = [...columns, ...more];
  }
  return { keys, columns, size: rows.length, at: (index) => rows[index] ?? columns.map(() => null) };
}

const covers = (a: ForeignKeyShape, b: ForeignKeyShape): boolean =>
  a !== b && b.columns.every((column) => a.columns.includes(column));

const SAMPLE = 8;

/** Gives parents a few rows that belong together, on which conditions are solved. */
export function sampleParents(garden: Garden, tuples: readonly KeyTuples[]): void {
  const parents = tuples.flatMap(({ keys }) => keys.flatMap((key) => garden.beds.get(key.parent) ?? []));
  for (const parent of parents) parent.rows.length = 0;
  for (const { keys, columns, size, at } of tuples) {
    for (let index = 0; index < Math.min(size, SAMPLE); index++) {
      const tuple = at(index);
      for (const key of keys) {
        const values = new Map(
          key.parentColumns.map((column, i) => [column, tuple[columns.indexOf(key.columns[i] ?? 0)] ?? null] as const),
        );
        garden.beds.get(key.parent)?.rows.push({ values, place: ["", ""] });
      }
    }
  }
}
