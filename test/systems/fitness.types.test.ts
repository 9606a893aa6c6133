import type { InsertOf, PublicRowOf, RowOf } from "verso";
import { expectTypeOf, test } from "vitest";
import type { meal_logs } from "../../definitions/fitness/meals.ts";
import type { user_sessions, users } from "../../definitions/fitness/users.ts";

test("rows for the outside world have no secrets", () => {
  expectTypeOf<RowOf<typeof users>>().toHaveProperty("password_hash");
  expectTypeOf<PublicRowOf<typeof users>>().not.toHaveProperty("password_hash");
  expectTypeOf<PublicRowOf<typeof users>>().toHaveProperty("email");
  expectTypeOf<RowOf<typeof user_sessions>>().toHaveProperty("session_token");
  expectTypeOf<PublicRowOf<typeof user_sessions>>().not.toHaveProperty("session_token");
});

test("calculated values are read and never given", () => {
  expectTypeOf<RowOf<typeof meal_logs>["calories"]>().toEqualTypeOf<number | null>();
  expectTypeOf<InsertOf<typeof meal_logs>>().not.toHaveProperty("calories");
});
