import { join } from "node:path";
import { type Database, embedded, execute, openPool } from "verso/client";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { type CompiledDomain, compileDomain } from "../../compiler/compile/compileDomain.ts";
import { seedDatabase } from "../../compiler/seed/seedDatabase.ts";
import { startInMemory } from "../../compiler/session/engine.ts";
import { embeddedExtensions, loadExtension } from "../../compiler/session/extensions.ts";
import { borrowEmbedded } from "../../compiler/session/lent.ts";
import { openSession } from "../../compiler/session/open.ts";
import type { Session } from "../../compiler/session/session.ts";
import type CoachingSessions from "../../generated/fitness/coaching_sessions.ts";
import * as fitness from "../../generated/fitness/queries.ts";
import type Users from "../../generated/fitness/users.ts";
import * as views from "../../generated/fitness/viewValidators.ts";
import type Photos from "../../generated/photo-identifier/photos.ts";
import * as photos from "../../generated/photo-identifier/queries.ts";
import * as pixcrawler from "../../generated/pixcrawler/queries.ts";
import { freshDatabase, NEWEST, ownServer } from "../servers.ts";

const DOMAINS = ["pixcrawler", "fitness", "photo-identifier"] as const;
type DomainName = (typeof DOMAINS)[number];

interface Opened {
  readonly db: Database;
  close(): Promise<void>;
}
type Open = (domain: CompiledDomain) => Promise<Opened>;

const seedDemo = (session: Session, { name, seeds: { files } }: CompiledDomain) =>
  seedDatabase(session, { domain: name, files }, { environments: ["demo"] });

const onPglite: Open = async (domain) => {
  const lite = await startInMemory();
  for (const extension of embeddedExtensions(domain.extensions)) await loadExtension(lite, extension);
  for (const { text } of domain.scripts) await lite.exec(text);
  const session = await borrowEmbedded(lite);
  await seedDemo(session, domain).finally(() => session.close());
  return { db: await embedded(lite), close: () => lite.close() };
};

const onServer: Open = async (domain) => {
  const server = await ownServer(NEWEST);
  const database = await freshDatabase(server.url);
  const session = await openSession(database.url);
  for (const { text } of domain.scripts) await session.run(text);
  await seedDemo(session, domain);
  const [path] = await session.query<{ search_path: string }>("show search_path");
  await session.run(
    `do $$ begin execute format('alter database %I set search_path = ${path?.search_path}', current_database()); end $$`,
  );
  await session.close();
  const pool = await openPool({ connectionString: database.url, poolSize: 2, onError: () => undefined });
  return {
    db: pool,
    close: async () => {
      await pool.dispose();
      await database.close();
      await server.close();
    },
  };
};

describe.each([
  ["PGlite", onPglite],
  [`PostgreSQL ${NEWEST}, by @databases/pg`, onServer],
] as const)("hand-written queries on %s", (_, open) => {
  const opened = new Map<DomainName, Opened>();
  const on = (name: DomainName): Database => {
    const found = opened.get(name);
    if (found === undefined) throw new Error(`${name} is not open`);
    return found.db;
  };
  beforeAll(async () => {
    for (const name of DOMAINS) {
      opened.set(name, await open(await compileDomain(join("definitions", name))));
    }
  });
  afterAll(async () => {
    for (const { close } of opened.values()) await close();
  });

  test("give rows whose values are of the types that PostgreSQL said", async () => {
    const db = on("pixcrawler");
    const summary = await pixcrawler.projectSummary(db, { projectId: "50000000-0000-4000-8000-0000000000b1" });
    expect(summary).toEqual({
      id: "50000000-0000-4000-8000-0000000000b1",
      name: "Red pandas",
      status: "active",
      jobs: 2,
      running_jobs: 0,
      average_progress: "50.0",
      images: 0n,
      bytes: "300006",
      last_completed_at: "2026-01-01 10:20:00+00",
    });
    expectTypeOf(summary).toEqualTypeOf<pixcrawler.ProjectSummaryRow | null>();
    expect(await pixcrawler.projectSummary(db, { projectId: "50000000-0000-4000-8000-0000000000ff" })).toBeNull();
  });

  test("leave a condition out where its parameter is null, and take lists", async () => {
    const db = on("pixcrawler");
    const since = "2020-01-01";
    const all = await pixcrawler.recentActivity(db, { since, atMost: 10 });
    expect(all.length).toBeGreaterThan(0);
    const person = "50000000-0000-4000-8000-000000000001";
    const own = await pixcrawler.recentActivity(db, { userIds: [person], since, atMost: 1 });
    expect(own).toMatchObject([{ email: "demo@pixcrawler.example", details: expect.anything() }]);
    expect(await pixcrawler.recentActivity(db, { userIds: [], since, atMost: 1 })).toEqual([]);
  });

  test("write: a job is given to one worker, a session goes on in the next one", async () => {
    const taken = await pixcrawler.takeNextJob(on("pixcrawler"), { totalChunks: 5 });
    expect(taken).toMatchObject({ name: "More of them", keywords: ["ailurus"], started_at: expect.any(String) });
    expect(await pixcrawler.takeNextJob(on("pixcrawler"), { totalChunks: 5 })).toBeNull();

    const db = on("fitness");
    const [session] = await execute<Pick<CoachingSessions, "id" | "coach_id">>(
      db,
      `insert into coaching_sessions (user_id, coach_id, scheduled_at, topics)
       select u.id, u.coach_id, '2031-01-01 10:00+00', '{sleep}' from users u where u.coach_id is not null limit 1
       returning id, coach_id`,
      [],
    );
    const given = {
      sessionId: session?.id ?? "",
      coachId: session?.coach_id ?? "",
      actionItems: [{ what: "go to bed at ten", done: false }],
      rating: 5,
      nextAt: "2031-02-01 10:00+00",
    };
    const next = await fitness.completeCoachingSession(db, given);
    expect(next).toMatchObject({ scheduled_at: "2031-02-01 10:00:00+00", topics: ["sleep"] });
    // It is done by now.
    expect(await fitness.completeCoachingSession(db, given)).toBeNull();
  });

  test("rows of views are what their validators take", async () => {
    const rows = (view: string) => execute(on("fitness"), `select * from ${view}`, []);
    const overview = await rows("goal_overview");
    expect(overview.length).toBeGreaterThan(0);
    for (const row of overview) expect(views.goalOverview.row.parse(row)).toEqual(row);
    expect(views.goalOverview.row.safeParse({ ...overview[0], user_id: 1 }).success).toBe(false);
    for (const row of await rows("daily_nutrition")) expect(views.dailyNutrition.row.parse(row)).toEqual(row);
    for (const row of await rows("workout_totals")) expect(views.workoutTotals.row.parse(row)).toEqual(row);
  });

  test("read through views, enums and set-returning functions", async () => {
    const db = on("fitness");
    const [client] = await execute<Pick<Users, "id" | "coach_id">>(
      db,
      "select id, coach_id from users where username = 'uma'",
      [],
    );
    if (client?.coach_id == null) throw new Error("the demo data has changed");
    const records = await fitness.personalRecords(db, { userId: client.id, category: "push" });
    expect(records.length).toBeGreaterThan(0);
    for (const { weight_kg, reps } of records) expect([typeof weight_kg, typeof reps]).toEqual(["string", "number"]);
    expect(await fitness.personalRecords(db, { userId: client.id, category: "cardio" })).toEqual([]);
    const silent = await fitness.silentClients(db, { coachId: client.coach_id, days: 7 });
    expect(silent).toMatchObject([
      { full_name: "Uma User", last_check_in: "2025-01-30", active_goals: expect.any(Number) },
    ]);
    const weeks = await fitness.weeklyVolume(db, { userId: client.id, since: "2024-12-30" });
    expect(weeks[0]).toMatchObject({ week: "2024-12-30", workouts: expect.any(Number), volume_kg: expect.any(String) });
    expect(weeks.at(-1)).toMatchObject({ workouts: 0, volume_kg: "0" });
  });

  test("put photos at the end of a collection once, and tell of a constraint by its name", async () => {
    const db = on("photo-identifier");
    const [collection] = await execute<{ collection_id: string; count: number }>(
      db,
      "select collection_id, count(*)::integer as count from collection_photos group by 1 limit 1",
      [],
    );
    const collectionId = collection?.collection_id ?? "";
    const rest = await execute<Pick<Photos, "id">>(
      db,
      "select id from photos where id not in (select photo_id from collection_photos where collection_id = $1) order by id",
      [collectionId],
    );
    const photoIds = rest.map(({ id }) => id);
    const added = await photos.appendToCollection(db, { collectionId, photoIds });
    expect(added.map(({ photo_id }) => photo_id)).toEqual(photoIds);
    expect(await photos.appendToCollection(db, { collectionId, photoIds, note: "again" })).toEqual([]);
    await expect(
      photos.appendToCollection(db, { collectionId, photoIds: ["00000000-0000-4000-8000-000000000000"] }),
    ).rejects.toMatchObject({ violation: { constraint: "collection_photos_photo_id_fkey" } });
  });

  test("an outer join's columns are null where nothing is joined", async () => {
    const db = on("photo-identifier");
    const queue = await photos.reviewQueue(db, { apps: ["mushroom"], below: "1", atMost: 5 });
    expect(queue).toMatchObject([{ app: "mushroom", label: "Fly agaric", is_dangerous: true }]);
    expectTypeOf(queue[0]?.edibility).toExtend<string | null | undefined>();
    const all = await photos.reviewQueue(db, { below: "1", atMost: 100 });
    for (const { app, edibility, is_dangerous } of all) {
      if (app !== "mushroom") expect([edibility, is_dangerous]).toEqual([null, false]);
    }
  });
});

test("an id of one table is refused where another's is meant", () => {
  const call = (db: Database, photo: Photos["id"]) => {
    // @ts-expect-error the parameter is compared with projects.id
    pixcrawler.projectSummary(db, { projectId: photo });
    // @ts-expect-error no such parameter
    pixcrawler.projectSummary(db, { project: "" });
    // @ts-expect-error a label that the enum does not have
    fitness.personalRecords(db, { userId: "", category: "pull-up" });
  };
  expect(call).toBeTypeOf("function");
});
