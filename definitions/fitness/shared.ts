import { fn, type Sql, sql, timestamptz, uuid } from "verso";
import { fromExtension } from "./schemas.ts";

/** How functions are declared that act with their owner's rights instead of their caller's. */
export const withOwnersRights = { securityDefiner: true, set: { search_path: "" } } as const;

/** Keeps updated_at. */
export const setUpdatedAt = fn("set_updated_at", {
  returns: "trigger",
  body: sql`
begin
  new.updated_at := now();
  return new;
end`,
});

export const key = { id: uuid({ primaryKey: true, default: sql`${fromExtension("uuid_generate_v4")}()` }) };

export const timestamps = {
  created_at: timestamptz({ default: sql`now()` }),
  /** Kept by a trigger. */
  updated_at: timestamptz({ default: sql`now()` }),
};

/** What every table says besides its columns. */
export const touched = { set_updated_at: { before: ["update"], execute: setUpdatedAt } } as const;

/** `check: between("mood", 1, 10)` */
export const between = (column: string, low: number, high: number): Sql =>
  sql`${sql.name(column)} between ${low} and ${high}`;

export const notBlank = (column: string): Sql => sql`btrim(${sql.name(column)}) <> ''`;
