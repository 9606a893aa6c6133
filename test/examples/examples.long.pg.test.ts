import { execute, type GeoJSON } from "verso/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groundTruthObjects, projects as testProjects, videos } from "../../generated/ai-validation/client.ts";
import { users as athletes, exerciseDefinitions } from "../../generated/fitness/client.ts";
import { users as photographers, photos } from "../../generated/photo-identifier/client.ts";
import { users as owners, playgrounds, profiles, userPreferences } from "../../generated/pupmatch/client.ts";
import * as validation from "./ai-validation.ts";
import { type Engine, enginesFor, type OpenEngine } from "./engine.ts";
import * as fitness from "./fitness.ts";
import * as identifier from "./photo-identifier.ts";
import * as crawler from "./pixcrawler.ts";
import * as pupmatch from "./pupmatch.ts";

/** A service on a database of its own. */
function service(domain: string, body: (engine: () => Engine) => void): void {
  describe.each(enginesFor(domain))(`the service of ${domain} on %s`, (_: string, open: OpenEngine) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(domain);
    });
    afterAll(() => engine?.close());
    body(() => engine);
  });
}

service("pixcrawler", (engine) => {
  test("starts a project whole or not at all, and lets workers take its crawls once each", async () => {
    const { db } = engine();
    const ann = await crawler.signUp(db, "ann@example.org");
    if (ann === null) throw new Error("the address is free");
    expect(await crawler.signUp(db, "ann@example.org")).toBeNull();
    const crawls = [
      { name: "huskies", keywords: ["husky", "malamute"], max_images: 5 },
      { name: "cats", keywords: ["broken"], max_images: 1 },
    ];
    await expect(crawler.startProject(db, ann.id, "none", [{ ...crawls[0], max_images: 0 }])).rejects.toThrow(
      "is not above 0",
    );
    const project = await crawler.startProject(db, ann.id, "Dogs", crawls);
    const find = async (keyword: string): Promise<readonly crawler.Found[]> => {
      if (keyword === "broken") throw new Error("no network");
      return [{ url: `https://example.org/${keyword}.jpg`, byte_size: 10n, content_hash: "a".repeat(64) }];
    };
    const workers = [crawler.work(db, find), crawler.work(db, find), crawler.work(db, find)];
    expect((await Promise.all(workers)).sort()).toEqual([false, true, true]);
    const page = await crawler.projectPage(db, project);
    expect(page?.summary).toMatchObject({
      jobs: 2,
      running_jobs: 0,
      images: 1n,
      bytes: "20",
      average_progress: "75.0",
    });
    const jobs = page?.project.crawlJobs?.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    expect(jobs?.map(({ name, status, progress, images = [] }) => [name, status, progress, images.length])).toEqual([
      ["cats", "failed", 50, 0],
      ["huskies", "completed", 100, 2],
    ]);
  });
});

service("fitness", (engine) => {
  test("logs a workout for whom the token belongs to, and shows it to nobody else", async () => {
    const { db } = engine();
    const account = (name: string) => ({
      email: `${name}@example.org`,
      username: name,
      full_name: name,
      password: "correct horse",
    });
    const [ann, bob] = [await fitness.register(db, account("ann")), await fitness.register(db, account("bob"))];
    const user_id = (await athletes.findByUsername(db, "ann"))?.id ?? "";
    const squat = await exerciseDefinitions.insert(db, { name: "Squat", slug: "squat", category: "legs" });
    const workout = { user_id, title: "Legs", workout_type: "strength" } as const;
    const sets = [{ exercise_id: squat.id, sets: 3, reps: 5, weight_kg: "100" }];

    const logged = await fitness.withSession(db, ann, (own) => fitness.logWorkout(own, workout, sets));
    expect(logged?.exerciseLogs).toMatchObject([{ reps: 5, volume_kg: "1500.00", exercise: { name: "Squat" } }]);
    await expect(fitness.withSession(db, bob, (own) => fitness.logWorkout(own, workout, sets))).rejects.toThrow(
      "row-level security",
    );
    await expect(
      fitness.withSession(db, ann, (own) =>
        fitness.logWorkout(own, { ...workout, title: "Arms" }, [{ exercise_id: squat.id, sets: 3 }]),
      ),
    ).rejects.toThrow("exercise_logs_sets_with_reps");

    await fitness.withSession(db, ann, (own) => fitness.weighIn(own, user_id, "2026-01-02", "71.0"));
    await fitness.withSession(db, ann, (own) => fitness.weighIn(own, user_id, "2026-01-02", "70.5"));
    const [hers, his] = [
      await fitness.withSession(db, ann, (own) => fitness.overview(own, user_id)),
      await fitness.withSession(db, bob, (own) => fitness.overview(own, user_id)),
    ];
    expect(hers).toMatchObject({
      records: [{ name: "Squat", one_repetition_maximum: "116.7" }],
      latest: { weight_kg: "70.50" },
    });
    expect(his).toEqual({ records: [], goals: [], latest: null });
    const [left] = await execute(
      db,
      "select current_user = session_user as own, nullif(current_setting('fitness.session_token', true), '') as token",
      [],
    );
    expect(left).toEqual({ own: true, token: null });
  });
});

service("pupmatch", (engine) => {
  test("finds who is near, makes a match of two likes, and lets the two talk", async () => {
    const { db } = engine();
    const place = (...coordinates: number[]): GeoJSON.Point => ({ type: "Point", coordinates });
    const dogs = [
      { name: "Ann", location: place(8.5, 47.3) },
      { name: "Far", location: place(8.6, 47.4) },
      { name: "Near", location: place(8.51, 47.31) },
      { name: "Abroad", location: place(2.3, 48.8) },
    ];
    const people = await owners.insertMany(
      db,
      dogs.map(({ name }) => ({ email: `${name}@example.org`, password_hash: "x" })),
    );
    const all = await profiles.insertMany(
      db,
      dogs.map((dog, i) => ({ ...dog, age: 3, user_id: people[i]?.id ?? "" })),
    );
    const [ann, far, near] = all;
    if (ann === undefined || far === undefined || near === undefined) throw new Error("four dogs were written");
    await userPreferences.insert(db, { profile_id: ann.id });

    const shown = await pupmatch.suggestions(db, ann.id);
    expect(shown.map(({ profile }) => profile.name)).toEqual(["Near", "Far"]);
    expect(shown[0]?.distance).toBeCloseTo(0.84, 1);
    expect(await pupmatch.judge(db, ann.user_id, far.user_id, "pass")).toBeNull();
    expect(await pupmatch.judge(db, ann.user_id, near.user_id, "like")).toBeNull();
    expect(await pupmatch.suggestions(db, ann.id)).toEqual([]);
    const match = await pupmatch.judge(db, near.user_id, ann.user_id, "like");
    if (match === null) throw new Error("they like each other");

    const conversation = await pupmatch.conversationOf(db, match);
    for (let i = 0; i < 21; i++) await pupmatch.say(db, conversation, ann.user_id, `woof ${i}`);
    const first = await pupmatch.read(db, conversation.id);
    expect(first.messages).toHaveLength(20);
    const second = await pupmatch.read(db, conversation.id, first.next ?? undefined);
    expect(second).toMatchObject({
      messages: [{ body: "woof 20", recipient_id: near.user_id, read: false }],
      next: null,
    });
    expect(await playgrounds.nearestByLocation(db, ann.location ?? "POINT(0 0)")).toEqual([]);
  });
});

service("photo-identifier", (engine) => {
  test("keeps what an app says where it cannot hurt, and shows photos without secrets", async () => {
    const { db } = engine();
    const user = await photographers.insert(db, { email: "ann@example.org", password_hash: "x", display_name: "Ann" });
    const [one, two] = await photos.insertMany(
      db,
      ["a", "b"].map((name) => ({
        user_id: user.id,
        url: `https://example.org/${name}.jpg`,

        mime_type: "image/jpeg" as const,
        byte_size: 10n,
        tags: ["forest", name],
      })),
    );
    if (one === undefined || two === undefined) throw new Error("two photos were written");
    const answer = { label: "death cap", confidence: "0.700", model_version: "1" };
    const deadly = { common_name: "Death cap", edibility: "deadly", toxicity: "deadly" } as const;
    await expect(identifier.keepMushroom(db, one.id, answer, deadly)).rejects.toThrow("mushroom_danger_has_a_warning");
    expect(await identifier.toReview(db)).toEqual([]);
    const id = await identifier.keepMushroom(db, one.id, answer, { ...deadly, safety_warning: "Do not eat" });
    expect(await identifier.toReview(db)).toMatchObject([{ id, is_dangerous: true, safety_warning: "Do not eat" }]);
    const reviewed = await identifier.review(db, id, user.id, "confirmed", new Date("2026-01-02T03:04:05Z"));
    expect(reviewed).toMatchObject({ status: "confirmed", reviewed_at: expect.stringContaining("03:04:05") });

    await identifier.collect(db, user.id, "Mushrooms", [two.id]);
    const collection = await identifier.collect(db, user.id, "Mushrooms", [one.id, two.id]);
    expect(collection?.collectionPhotos.map(({ position, photo }) => [position, photo.url])).toEqual(
      expect.arrayContaining([
        [0, two.url],
        [1, one.url],
      ]),
    );
    const [found, ...others] = await identifier.tagged(db, ["forest", "b"]);
    expect(others).toEqual([]);
    expect(found?.user?.display_name).toBe("Ann");
    expect(JSON.stringify(found?.user)).not.toContain("password");
  });
});

service("ai-validation", (engine) => {
  test("compares ten thousand detections with the truth", async () => {
    const { db } = engine();
    const project = await testProjects.insert(db, {
      name: "Crossing",
      camera_model: "X",
      camera_view: "front",
      signal_type: "gpio",
    } as never);
    const video = await videos.insert(db, {
      project_id: project.id,
      filename: "a.mp4",
      file_path: "a.mp4",
      byte_size: 1n,
    });
    const sighting = (i: number) => ({
      frame_number: i,
      video_time: i,
      class_label: i % 2 === 0 ? "cyclist" : "pedestrian",
    });
    await groundTruthObjects.insertMany(
      db,
      Array.from({ length: 10 }, (_, i) => ({
        ...sighting(i),
        video_id: video.id,
        box_x: 0,
        box_y: 0,
        box_width: 0.1,
        box_height: 0.1,
      })),
    );
    const detections = Array.from({ length: 10_000 }, (_, i) => ({
      ...sighting(i + 5),
      confidence: 0.5,
      box_x: 0,
      box_y: 0,
      box_width: 0.1,
      box_height: 0.1,
    }));
    const id = await validation.record(
      db,
      { project_id: project.id, video_id: video.id, name: "Run", model_version: "1" },
      detections,
    );
    expect(await validation.judge(db, id)).toMatchObject({
      true_positives: 5,
      false_positives: 9995,
      false_negatives: 5,
      precision_score: 0.0005,
      recall_score: 0.5,
    });
    expect(await validation.countTruth(db, video.id)).toEqual(
      new Map([
        ["cyclist", 5],
        ["pedestrian", 5],
      ]),
    );
    expect(await validation.judge(db, "00000000-0000-0000-0000-000000000000")).toBeNull();
  });
});
