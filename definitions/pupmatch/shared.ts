import { fn, sql, timestamptz, varchar } from "verso";

/** Keeps updated_at. */
export const setUpdatedAt = fn("set_updated_at", {
  returns: "trigger",
  body: sql`
begin
  new.updated_at := now();
  return new;
end`,
});

/** A UUID as text, because the mobile clients make keys themselves while they are offline. */
export const key = { id: varchar(36, { primaryKey: true, default: sql`gen_random_uuid()::text` }) };

export const timestamps = {
  created_at: timestamptz({ default: sql`now()` }),
  /** Kept by a trigger. */
  updated_at: timestamptz({ default: sql`now()` }),
};

export const touched = { set_updated_at: { before: ["update"], execute: setUpdatedAt } } as const;
