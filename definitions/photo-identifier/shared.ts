// What tables of this domain have in common, composed into them by spreading.
import { type Column, column, fn, type IndexElement, type Sql, sql, timestamptz, uuid } from "verso";

/** Notes when a row was last changed. */
export const set_updated_at = fn("set_updated_at", {
  returns: "trigger",
  set: { search_path: "" },
  body: sql`
begin
  new.updated_at := now();
  return new;
end
`,
});

/** For `triggers`: updated_at follows every change, whoever makes it. */
export const touched = {
  set_updated_at: { before: ["update"], execute: set_updated_at },
} as const;

export const key = { id: uuid({ primaryKey: true, default: sql`gen_random_uuid()` }) };

export const timestamps = {
  created_at: timestamptz({ default: sql`now()` }),
  updated_at: timestamptz({ default: sql`now()` }),
};

/** A text column that holds one of a few words: a check in the database, a union in TypeScript. */
export function oneOf<const Word extends string>(
  name: string,
  words: readonly Word[],
  options: { readonly nullable: true },
): Column<Word | null, "optional", false, false>;
export function oneOf<const Word extends string>(
  name: string,
  words: readonly Word[],
  options: { readonly default: NoInfer<Word> },
): Column<Word, "optional", false, false>;
export function oneOf<const Word extends string>(
  name: string,
  words: readonly Word[],
  options?: { readonly backfill: NoInfer<Word> | Sql },
): Column<Word, "required", false, false>;
export function oneOf(
  name: string,
  words: readonly string[],
  options: { readonly nullable?: true; readonly default?: string; readonly backfill?: string | Sql } = {},
): Column<never, never, never, never> {
  return column("text", { ...options, check: sql`${sql.name(name)} in (${words})` }) as never;
}

/** A check that a column's value lies between two others, both allowed. */
export const between = (name: string, low: number, high: number): Sql =>
  sql`${sql.name(name)} between ${low} and ${high}`;

export const notNegative = (name: string): Sql => sql`${sql.name(name)} >= 0`;

/** GIN index by trigrams: finds names by similarity and by any part of them. */
export const similar = <const Name extends string>(name: Name) =>
  ({ on: [{ column: name, opclass: "gin_trgm_ops" }], using: "gin" }) as const;

/** GIN index on the elements of an array: `tags @> '{red}'`. */
export const elements = <const Name extends string>(name: Name) => ({ on: [name], using: "gin" }) as const;

/** GIN index on a JSON document, for containment (`@>`) and JSON paths; smaller than the usual one. */
export const contents = <const Name extends string>(name: Name) =>
  ({ on: [{ column: name, opclass: "jsonb_path_ops" }], using: "gin" }) as const;

export const newestFirst = { column: "created_at", order: "desc" } as const satisfies IndexElement<"created_at">;
