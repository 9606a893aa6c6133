import { join } from "node:path";
import type { ConnectionPool } from "@databases/pg";
import { openPool } from "verso/client";
import { afterAll, beforeAll, expect, expectTypeOf, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { openSession } from "../../compiler/session/open.ts";
import * as fitness from "../../generated/fitness/client.ts";
import type { Preferences, UserRole, Users } from "../../generated/fitness/index.ts";
import { NEWEST, ownDatabase, type TestDatabase } from "../servers.ts";

let database: TestDatabase;
let db: ConnectionPool;

beforeAll(async () => {
  database = await ownDatabase(NEWEST);
  const session = await openSession(database.url);
  for (const { text } of (await compileDomain(join("definitions", "fitness"))).scripts) await session.run(text);
  await session.close();
  db = await openPool(database.url);
});
afterAll(async () => {
  await db?.dispose();
  await database?.close();
});

test("a service registers users by the domain's function, and reads its goals by a view", async () => {
  const id = await fitness.registerUser(db, {
    email: "ann@example.org",
    username: "ann",
    full_name: "Ann Example",
    password: "correct horse",
  });
  const ann = await fitness.users.findById(db, id ?? "");
  expect(ann).toMatchObject({ email: "ann@example.org", role: "user", preferences: {} });
  expectTypeOf(ann).toEqualTypeOf<Users | null>();
  expectTypeOf<Users["role"]>().toEqualTypeOf<UserRole>();
  await fitness.users.updateById(db, id ?? "", { preferences: { units: "metric" } satisfies Preferences });
  expect(await fitness.users.listByPreferencesContaining(db, { units: "metric" })).toHaveLength(1);
  expect(await fitness.users.listByFullNameSimilarTo(db, "An Exampel")).toHaveLength(1);

  const goal = await fitness.userGoals.insert(db, {
    user_id: id ?? "",
    title: "Run",
    goal_type: "endurance",
    unit: "km",
    start_value: "0",
    target_value: "10",
    current_value: "2.5",
    milestones: [{ value: 5 }],
  });
  expect(goal).toMatchObject({ progress_percent: "25.0", status: "active", milestones: [{ value: 5 }] });
  expect(await fitness.goalOverview.list(db)).toEqual([
    {
      goal_id: goal.id,
      user_id: id,
      title: "Run",
      goal_type: "endurance",
      progress_percent: "25.0",
      target_date: null,
      is_overdue: false,
      days_left: null,
    },
  ]);
  const found = await fitness.users.findByUsername(db, "ann", { with: { userGoals: { with: { user: true } } } });
  expect(found?.userGoals.map(({ title, user }) => [title, user.username])).toEqual([["Run", "ann"]]);
  expect(await fitness.searchExercises(db, { wanted: "squat" })).toEqual([]);
  expect(await fitness.cleanUpSessions(db)).toBe(0);
});

test("GIN indexes find rows by keys of their JSON and by elements that lists share", async () => {
  const { id } = await fitness.users.insert(db, {
    email: "bob@example.org",
    username: "bob",
    full_name: "Bob",
    password_hash: "x",
    preferences: { units: "imperial", theme: "dark" },
  });
  const ids = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id);
  expect(ids(await fitness.users.listByPreferencesHavingKey(db, "theme"))).toEqual([id]);
  expect(ids(await fitness.users.listByPreferencesHavingAnyKey(db, ["none", "theme"]))).toEqual([id]);
  expect(await fitness.users.listByPreferencesHavingAnyKey(db, ["none"])).toEqual([]);
  const squat = await fitness.exerciseDefinitions.insert(db, {
    name: "Squat",
    slug: "squat",
    category: "legs",
    muscles: ["quadriceps", "glutes"],
  });
  expect(ids(await fitness.exerciseDefinitions.listByMusclesOverlapping(db, ["glutes", "calves"]))).toEqual([squat.id]);
  expect(await fitness.exerciseDefinitions.listByMusclesContaining(db, ["glutes", "calves"])).toEqual([]);
});
