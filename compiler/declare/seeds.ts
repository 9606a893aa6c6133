import type { AnyColumn } from "./columns.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import type { Referable, Sql } from "./sql.ts";
import type { InsertOf, RowOf } from "./tables.ts";

declare const VALUE: unique symbol;

/** The value that a column of a seeded row has in the database: an id that nobody has to write down. */
export interface RowValue<Value = unknown> {
  readonly declares: "row value";
  readonly table: Referable;
  readonly row: string;
  readonly column: string;
  readonly [VALUE]?: Value;
}

/** What can be seeded, for TypeScript. */
export interface SeedableTable extends Referable {
  readonly declares: "table";
  readonly columns: Readonly<Record<string, AnyColumn>>;
}

type ColumnOf<T> = keyof InsertOf<T> & string;

/**
 * A column's value as generated clients write it, another row's value, or SQL: that is evaluated when the row is made, and
 * what it gave is left alone afterwards.
 */
export type SeedValue<Value> = Value | RowValue<NonNullable<Value>> | Sql;

/** A row: what INSERT takes, the columns of the key among them. */
export type SeedRow<T, Key extends string> = {
  readonly [C in keyof InsertOf<T> as C extends Key ? never : C]: SeedValue<InsertOf<T>[C]>;
} & { readonly [C in Key & keyof InsertOf<T>]-?: SeedValue<NonNullable<InsertOf<T>[C]>> };

/** `reference` rows belong to every database; the others only to those that ask for them. */
export type Environment = "reference" | "demo" | "test" | (string & {});

export interface SeedOptions {
  readonly environments: readonly Environment[];
  /** Columns that tell which row of the table is meant, in every database: `["email"]`. Ids seldom do. */
  readonly key: readonly string[];
}

interface SeedDefinition<T, Key extends string, Row extends string> extends SeedOptions {
  readonly key: readonly Key[];
  /** By name: what other rows call them. No two rows of a table have the same name, whichever seed they stand in. */
  readonly rows: Readonly<Record<Row, SeedRow<T, Key>>>;
}

/** The columns of a row, as values for other rows. */
export type RowValues<T> = { readonly [C in keyof RowOf<T>]: RowValue<NonNullable<RowOf<T>[C]>> };

export interface Seed<T extends SeedableTable = SeedableTable, Row extends string = string> extends Sited {
  readonly declares: "seed";
  readonly table: T;
  readonly options: SeedOptions;
  readonly given: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** `people.rows.ann.id` */
  readonly rows: { readonly [R in Row]: RowValues<T> };
}

/**
 * Rows that a table is to have, found again by their key however often they are seeded.
 * ```ts
 * export const people = seed(users, {
 *   environments: ["demo", "test"],
 *   key: ["email"],
 *   rows: { ann: { email: "ann@example.org", name: "Ann" }, bob: { email: "bob@example.org", name: "Bob" } },
 * });
 * export const pictures = seed(photos, {
 *   environments: ["demo"],
 *   key: ["user_id", "url"],
 *   rows: { sunset: { user_id: people.rows.ann.id, url: "demo://sunset.jpg" } },
 * });
 * ```
 */
export function seed<const T extends SeedableTable, const Key extends ColumnOf<T>, const Row extends string>(
  table: T,
  definition: SeedDefinition<T, Key, Row>,
): Seed<T, Row> {
  const { rows, ...options } = definition;
  const named = Object.keys(rows ?? {}).map((name) => [name, row(table, name)]);
  return {
    declares: "seed",
    table,
    options,
    given: rows as Seed["given"],
    rows: Object.fromEntries(named) as Seed<T, Row>["rows"],
    [AT]: captureSite(seed),
  };
}

/**
 * A seeded row by its name, where its seed's own constant cannot be used yet: rows of the same seed, and circles.
 * `variation_of_id: row(exercises, "benchPress").id`
 */
export function row<const T extends SeedableTable>(table: T, name: string): RowValues<T> {
  const values = Object.keys(table.columns).map((column): [string, RowValue] => [
    column,
    { declares: "row value", table, row: name, column },
  ]);
  return Object.fromEntries(values) as unknown as RowValues<T>;
}

export function isRowValue(value: unknown): value is RowValue {
  return typeof value === "object" && value !== null && "declares" in value && value.declares === "row value";
}

/** Numbers that follow from the seed number: the same one gives the same rows. */
export interface Chance {
  /** From 0 to below 1. */
  fraction(): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  pick<T>(from: readonly T[]): T;
}

/** The value of a column in row `n`, counted from 0. */
export type ColumnRule<Value = unknown> = (n: number, chance: Chance) => Value;

export interface GenerationRules<T extends SeedableTable = SeedableTable> extends Sited {
  readonly declares: "generation rules";
  readonly table: T;
  readonly columns: Readonly<Record<string, ColumnRule>>;
}

/**
 * How `verso seed --generate` makes values for some of a table's columns; the others it finds by itself.
 * ```ts
 * export const manyUsers = generate(users, { email: (n) => `user${n}@example.org`, role: (_, chance) => chance.pick(["user", "coach"]) });
 * ```
 */
export function generate<const T extends SeedableTable>(
  table: T,
  columns: { readonly [C in keyof InsertOf<T>]?: ColumnRule<InsertOf<T>[C]> },
): GenerationRules<T> {
  return {
    declares: "generation rules",
    table,
    columns: columns as GenerationRules["columns"],
    [AT]: captureSite(generate),
  };
}
