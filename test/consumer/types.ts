// What TypeScript promises a service, and what it must refuse. `tsc -p .` reads this file as it stands; the long tests read it
// in a project outside of this repository, under this TypeScript and under the major version before.
import { expectTypeOf } from "expect-type";
import type { RowOf } from "verso";
import { type Database, isViolation } from "verso/client";
import type { z } from "zod";
import type { users as declaredUsers } from "../../definitions/fitness/users.ts";
import { logIn, userGoals, users } from "../../generated/fitness/client.ts";
import type { GoalStatus, ProgressPhotos, UserGoals, Users, Users_Public } from "../../generated/fitness/index.ts";
import { type WeeklyVolumeRow, weeklyVolume } from "../../generated/fitness/queries.ts";
import type * as validators from "../../generated/fitness/validators.ts";

export async function promises(db: Database, user: Users, photo: ProgressPhotos, goal: UserGoals): Promise<void> {
  // Reads: by what is unique one row or none, by what is not a page.
  expectTypeOf(await users.findByEmail(db, "ann@example.org")).toEqualTypeOf<Users | null>();
  const page = await userGoals.listByUserIdAndStatus(db, user.id, "active", { limit: 5 });
  expectTypeOf(page.rows).toEqualTypeOf<readonly UserGoals[]>();
  expectTypeOf<GoalStatus>().toEqualTypeOf<UserGoals["status"]>();
  // @ts-expect-error a photo's id is no user's
  await users.findById(db, photo.id);
  // @ts-expect-error no such label
  await userGoals.listByUserIdAndStatus(db, user.id, "done");
  // @ts-expect-error no index serves it
  users.findByFullName;
  // @ts-expect-error a cursor is what a page gave
  await userGoals.listByUserIdAndStatus(db, user.id, "active", { after: 3 });

  // Relations, to the depth that was asked.
  const asked = { with: { userGoals: { limit: 3, with: { exercise: true } }, coach: true } } as const;
  const loaded = await users.findById(db, user.id, asked);
  expectTypeOf(loaded?.coach).toEqualTypeOf<Users | null | undefined>();
  expectTypeOf(loaded?.userGoals[0]?.exercise?.name).toEqualTypeOf<string | undefined>();
  // @ts-expect-error was not asked for
  loaded?.mealLogs;
  // @ts-expect-error no such relation
  await users.findById(db, user.id, { with: { goals: true } });
  // @ts-expect-error nor deeper
  await users.findById(db, user.id, { with: { userGoals: { with: { photos: true } } } });
  // @ts-expect-error one row has no limit
  await users.findById(db, user.id, { with: { coach: { limit: 1 } } });

  // Writes.
  const change = { full_name: "Ann" };
  expectTypeOf(await users.updateById(db, user.id, change)).toEqualTypeOf<Users | null>();
  // @ts-expect-error email, username … have no default
  await users.insert(db, change);
  // @ts-expect-error PostgreSQL computes it
  await userGoals.updateById(db, goal.id, { progress_percent: "1" });
  // @ts-expect-error not nullable
  await users.updateById(db, user.id, { email: null });
  // @ts-expect-error exact optional properties
  await users.updateById(db, user.id, { email: undefined });

  // Values as the codecs decode them.
  expectTypeOf<UserGoals["target_value"]>().toEqualTypeOf<string>();
  expectTypeOf<Users["created_at"]>().toEqualTypeOf<string>();
  expectTypeOf<Users["preferences"]["units"]>().toEqualTypeOf<"metric" | "imperial" | undefined>();

  // Secrets.
  expectTypeOf<Users>().toHaveProperty("password_hash");
  expectTypeOf<Users_Public>().not.toHaveProperty("password_hash");

  // Functions and hand-written queries.
  expectTypeOf(logIn).parameter(1).toHaveProperty("email");
  expectTypeOf(weeklyVolume).returns.toEqualTypeOf<Promise<readonly WeeklyVolumeRow[]>>();

  // The same types without generation.
  expectTypeOf<RowOf<typeof declaredUsers>["id"]>().toEqualTypeOf<Users["id"]>();

  // Validators give what the client takes.
  expectTypeOf<z.infer<typeof validators.users.insert>>().toExtend<Parameters<typeof users.insert>[1]>();
  expectTypeOf<z.infer<typeof validators.users.public>>().not.toHaveProperty("password_hash");
  expectTypeOf<z.infer<typeof validators.userGoals.row>>().toExtend<UserGoals>();
}

/** Every constraint of a table, or the build stops here. */
export function toldOf(error: unknown): string {
  if (!isViolation(error, users)) throw error;
  const { violation } = error;
  switch (violation.constraint) {
    case "users_email_key":
      expectTypeOf(violation.kind).toEqualTypeOf<"unique">();
      expectTypeOf(violation.columns).toExtend<readonly ["email"]>();
      return "taken";
    // @ts-expect-error no constraint of this table
    case "user_goals_pkey":
      return "never";
    default:
      // @ts-expect-error others are left
      violation.constraint satisfies never;
      return violation.constraint ?? violation.columns.join(", ");
  }
}
