import type { Position } from "../diagnostic.ts";
import type { RowValue, RowValues, SeedableTable, SeedRow } from "./seeds.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import type { InsertOf, RowOf } from "./tables.ts";

/** A file that somebody keeps by hand. */
export interface LogFile {
  /** As it was named, with `/`. */
  readonly path: string;
  readonly text: string;
}

type ColumnOf<T> = keyof InsertOf<T> & string;

export interface LoadedRow<T extends SeedableTable, Key extends string> {
  /** Columns that tell which row of the table is meant, however often it is loaded. */
  readonly key: readonly Key[];
  readonly values: SeedRow<T, Key>;
  /** Where the log tells of it. */
  readonly at: Position;
}

/** All rows of a table that have some values, and so are of one parent. */
export interface LoadedRows<T extends SeedableTable, Key extends string, Of extends Key> {
  readonly key: readonly Key[];
  /** What they have in common, columns of the key: `{ workout_session_id: workout.id }`. */
  readonly of: { readonly [C in Of]: KeyValue<T, C> };
  /** None, where the log tells of none. */
  readonly rows: readonly { readonly values: Omit<SeedRow<T, Key>, Of>; readonly at: Position }[];
  /** Where the log tells of what they are of. */
  readonly at: Position;
}

/** SQL is evaluated once, when a row is made; what rows have in common is looked for. */
type KeyValue<T, C> = C extends keyof InsertOf<T>
  ? NonNullable<InsertOf<T>[C]> | RowValue<NonNullable<InsertOf<T>[C]>>
  : never;

/** What a loader does with what it reads. */
export interface LogRows {
  /** A row that is there already, its values as text; null where it is not, which is told of as a problem. Case does not count. */
  find<const T extends SeedableTable>(
    table: T,
    by: { readonly [C in keyof RowOf<T>]?: string },
    at: Position,
  ): Promise<{ readonly [C in keyof RowOf<T>]: string | null } | null>;
  /** A row that is to be there; its columns are values for other rows. */
  add<const T extends SeedableTable, const Key extends ColumnOf<T>>(table: T, row: LoadedRow<T, Key>): RowValues<T>;
  /** These rows and no others: with consent, what else has those values is removed. */
  addAll<const T extends SeedableTable, const Key extends ColumnOf<T>, const Of extends Key>(
    table: T,
    rows: LoadedRows<T, Key, Of>,
  ): void;
  /** What cannot be read, and what to do about it. Nothing is loaded then, of any file. */
  problem(at: Position, what: string, next: string): void;
}

export interface LoaderDefinition {
  /** `check-ins → health_metrics` */
  readonly about: string;
  /** Which paths it takes. */
  readonly files: RegExp;
  readonly read: (log: LogFile, into: LogRows) => void | Promise<void>;
}

export interface Loader extends Sited {
  readonly declares: "loader";
  readonly definition: LoaderDefinition;
}

/**
 * How `verso load` makes rows of files that people keep by hand; `readMarkdown` takes Markdown apart.
 * ```ts
 * export const checkIns = loader({
 *   about: "check-ins → health_metrics",
 *   files: /\/check-ins\/.*\.md$/,
 *   async read(log, into) {
 *     for (const day of readMarkdown(log).sections) into.add(health_metrics, { key: ["recorded_date"], values: …, at: day.title.at });
 *   },
 * });
 * ```
 */
export function loader(definition: LoaderDefinition): Loader {
  return { declares: "loader", definition, [AT]: captureSite(loader) };
}
