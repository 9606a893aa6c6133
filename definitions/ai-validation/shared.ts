// What tables of this domain have in common, composed into them by spreading.
import { type Column, column, double, fn, integer, type Sql, sql, timestamptz, uuid, varchar } from "verso";

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
): Column<Word, "required", false, false>;
export function oneOf(
  name: string,
  words: readonly string[],
  options: { readonly nullable?: true; readonly default?: string } = {},
): Column<never, never, never, never> {
  return column("text", { ...options, check: sql`${sql.name(name)} in (${words})` }) as never;
}

/** A check for shares, scores and confidences. */
export const share = (name: string): Sql => sql`${sql.name(name)} between 0 and 1`;

export const notNegative = (name: string): Sql => sql`${sql.name(name)} >= 0`;

/** Where in a video something is, and what it is. */
export const sighting = {
  /** From 0. */
  frame_number: integer({ check: notNegative("frame_number") }),
  /** Seconds from the video's start. */
  video_time: double({ check: notNegative("video_time") }),
  /** What it is: pedestrian, cyclist, scooter, wheelchair … */
  class_label: varchar(80),
};

/** A rectangle in the frame, in shares of its width and height, from the upper left corner. */
export const bounding_box = {
  box_x: double({ check: share("box_x") }),
  box_y: double({ check: share("box_y") }),
  box_width: double({ check: sql`box_width > 0 and box_x + box_width <= 1.000001` }),
  box_height: double({ check: sql`box_height > 0 and box_y + box_height <= 1.000001` }),
};

/** How hard a thing is to see. */
export const VISIBILITY = ["clear", "occluded", "truncated", "difficult"] as const;
