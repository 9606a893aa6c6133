// A training diary. Every request shows its session's token, and the database's policies decide what it sees.
import { actingAs, type Database } from "verso/client";
import {
  bodyComposition,
  exerciseLogs,
  healthMetrics,
  logIn,
  registerUser,
  userGoals,
  workoutSessions,
} from "../../generated/fitness/client.ts";
import type { ExerciseLogs_InsertParameters, WorkoutSessions_InsertParameters } from "../../generated/fitness/index.ts";
import { personalRecords } from "../../generated/fitness/queries.ts";
import * as shapes from "../../generated/fitness/validators.ts";

export interface Account {
  readonly email: string;
  readonly username: string;
  readonly full_name: string;
  readonly password: string;
}

/** The token that the new account's first session is known by. */
export async function register(db: Database, account: Account): Promise<string> {
  await registerUser(db, account);
  const [session] = await logIn(db, { email: account.email, password: account.password });
  if (session?.token == null) throw new Error(`${account.email} was not let in: ${session?.outcome}`);
  return session.token;
}

/** Runs a request's statements as the application, for whom the token belongs to. */
export const withSession = <T>(db: Database, token: string, request: (db: Database) => Promise<T>): Promise<T> =>
  actingAs(db, { role: "fitness_app", settings: { "fitness.session_token": token } }, request);

export type Set = Omit<ExerciseLogs_InsertParameters, "user_id" | "workout_session_id" | "position">;

/** A workout with its sets, in one transaction; the columns' rules are asked before the database is. */
export async function logWorkout(db: Database, workout: WorkoutSessions_InsertParameters, sets: readonly Set[]) {
  const { id, user_id } = await workoutSessions.insert(db, shapes.workoutSessions.insert.parse(workout));
  const logs = sets.map((set, i) => ({ ...set, user_id, workout_session_id: id, position: i + 1 }));
  await exerciseLogs.insertMany(
    db,
    logs.map((log) => shapes.exerciseLogs.insert.parse(log)),
  );
  return workoutSessions.findById(db, id, { with: { exerciseLogs: { with: { exercise: true } } } });
}

/** What somebody weighed on a day; said again, it is corrected. */
export const weighIn = (db: Database, user: string, day: string, kilograms: string) =>
  healthMetrics.upsertByUserIdAndRecordedDate(db, { user_id: user, recorded_date: day, weight_kg: kilograms });

/** The first page that somebody sees. */
export async function overview(db: Database, user: string) {
  const [records, goals, [latest]] = await Promise.all([
    personalRecords(db, { userId: user, category: null }),
    userGoals.listByUserIdAndStatus(db, user, "active", { limit: 5 }),
    bodyComposition.list(db, { limit: 1 }),
  ]);
  return { records, goals: goals.rows, latest: latest ?? null };
}
