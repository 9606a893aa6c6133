// What tables of this domain have in common, composed into them by spreading.
import { type Column, column, fn, smallint, sql, timestamptz, uuid } from "verso";

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

/** The first release kept no updated_at, and nobody made it keep created_at. */
export const timestamps = {
  created_at: timestamptz({ default: sql`now()`, backfill: sql`now()` }),
  updated_at: timestamptz({ default: sql`now()`, backfill: sql`coalesce(created_at, now())` }),
};

/** A text column that holds one of a few words: a check in the database, a union in TypeScript. */
export function oneOf<const Word extends string>(
  name: string,
  words: readonly Word[],
  options: { readonly default: NoInfer<Word> },
): Column<Word, "optional", false, false>;
export function oneOf<const Word extends string>(
  name: string,
  words: readonly Word[],
): Column<Word, "required", false, false>;
export function oneOf(
  name: string,
  words: readonly string[],
  options: { readonly default?: string } = {},
): Column<never, never, never, never> {
  return column("text", { ...options, check: sql`${sql.name(name)} in (${words})` }) as never;
}

/** How far a job has come, in percent. */
export const progress = {
  progress: smallint({ default: 0, backfill: sql`0`, check: sql`progress between 0 and 100` }),
};

/** Where a job of any sort stands. */
export const JOB_STATUS = ["pending", "running", "completed", "failed", "cancelled"] as const;
