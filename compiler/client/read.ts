import { readCursor, writeCursor } from "./cursor.ts";
import { decodeRelations, type Related, withRelations } from "./relations.ts";
import { type CallOptions, type Database, execute, type Row, type Value } from "./statement.ts";
import type { DomainConstraints } from "./violations.ts";

/** The one row that a key finds, or null. */
export async function oneRow<R>(
  db: Database,
  text: string,
  values: readonly Value[],
  options?: CallOptions,
  constraints?: DomainConstraints,
): Promise<R | null> {
  return (await execute<R>(db, text, values, options, constraints))[0] ?? null;
}

interface Reading extends CallOptions {
  readonly with?: object;
}

/** Rows of a statement, with what was asked to come along. */
async function read<R>(
  db: Database,
  text: string,
  values: readonly Value[],
  { with: asked, ...options }: Reading = {},
  related?: Related,
): Promise<readonly R[]> {
  if (asked === undefined || related === undefined) return execute<R>(db, text, values, options);
  const found = await execute(db, withRelations(text, asked, related), values, options);
  return found.map((row) => decodeRelations(row, asked, related)) as readonly unknown[] as readonly R[];
}

/** The one row that a key finds, or null; with related rows. */
export async function findRow<R>(
  db: Database,
  text: string,
  values: readonly Value[],
  options?: Reading,
  related?: Related,
): Promise<R | null> {
  return (await read<R>(db, text, values, options, related))[0] ?? null;
}

/** Every row that a statement gives. */
export const allRows = <R>(
  db: Database,
  text: string,
  values: readonly Value[],
  options?: Reading,
  related?: Related,
): Promise<readonly R[]> => read<R>(db, text, values, options, related);

/** The one value that a statement of one row and column gives. */
export async function oneValue<V>(
  db: Database,
  text: string,
  values: readonly Value[],
  options?: CallOptions,
): Promise<V> {
  const [row] = await execute(db, text, values, options);
  return Object.values(row ?? {})[0] as V;
}

/** How many rows at most, where a statement ends with a limit. */
export interface Limit extends CallOptions {
  readonly limit?: number;
}

/** Where a page of a list begins. */
export interface Page extends Limit {
  /** The rows after this place, `next` of another page; or before it, `previous` of another page. */
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** Rows of a list in its order, with the places where the next and the previous page begin; null where there is none. */
export interface PageOf<R> {
  readonly rows: readonly R[];
  readonly next: string | null;
  readonly previous: string | null;
}

/** The statements of a list: its first page, and those after and before a place in it. */
export interface List {
  /** What a cursor of it carries, so that it is not taken for another list's. */
  readonly name: string;
  /** Columns whose values make a place. */
  readonly order: readonly string[];
  readonly first: string;
  readonly after: string;
  readonly before: string;
}

export const DEFAULT_LIMIT = 50;

/** Rows up to a limit. */
export function someRows<R>(
  db: Database,
  text: string,
  values: readonly Value[],
  { limit = DEFAULT_LIMIT, ...options }: Limit & Reading = {},
  related?: Related,
): Promise<readonly R[]> {
  return read<R>(db, text, [...values, limit], options, related);
}

/** One page of a list. It asks for one row more than it gives, to know whether there is another page. */
export async function pageOf<R>(
  db: Database,
  { name, order, first, after: afterText, before: beforeText }: List,
  values: readonly Value[],
  { after, before, limit = DEFAULT_LIMIT, ...options }: Page & Reading = {},
  related?: Related,
): Promise<PageOf<R>> {
  const place = before ?? after;
  const isBackward = before !== undefined;
  const text = isBackward ? beforeText : after === undefined ? first : afterText;
  const at = place === undefined ? [] : readCursor(name, place, order);
  const found = await read<Row>(db, text, [...values, limit + 1, ...at], options, related);
  const hasMore = found.length > limit;
  const kept = hasMore ? found.slice(0, limit) : [...found];
  if (isBackward) kept.reverse();
  const cursorAt = (row: Row | undefined): string | null => (row === undefined ? null : writeCursor(name, row, order));
  return {
    rows: kept as readonly unknown[] as readonly R[],
    next: hasMore || isBackward ? cursorAt(kept.at(-1)) : null,
    previous: (isBackward ? hasMore : after !== undefined) ? cursorAt(kept[0]) : null,
  };
}
