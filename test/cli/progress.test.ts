import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { liveLine } from "../../cli/progress.ts";

describe("the line about long work", () => {
  const state = { label: "loading", phase: "public.workout_sessions_of_all_users", done: 1, total: 3 };
  const shown = (columns: number, changes: Partial<typeof state> = {}, elapsedMs = 61_500) =>
    stripVTControlCharacters(liveLine({ ...state, ...changes }, elapsedMs, columns));

  test("says what is being done, how far it is, and for how long", () => {
    expect(shown(100)).toMatch(/^\S loading: public\.workout_sessions_of_all_users ━{7}─{13} {2}33 % 1 min 1 s$/);
  });

  test("has no bar where nobody knows how much there is", () => {
    expect(shown(100, { total: 0 }, 2000)).toMatch(/^\S loading: public\.workout_sessions_of_all_users 2 s$/);
  });

  test("never fills the terminal's last column, since a line that wraps cannot be taken back", () => {
    const lengths = [20, 40, 59, 60, 80, 200].map((columns) => columns - shown(columns).length);
    expect(lengths.every((left) => left >= 1)).toBe(true);
  });

  test("does not go beyond its end where more is done than was thought", () => {
    expect(shown(100, { done: 5 })).toContain(" 100 % ");
  });
});
