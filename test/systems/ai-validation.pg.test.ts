import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { check } from "../../compiler/apply/check.ts";
import type { Session } from "../../compiler/session/session.ts";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { takeInventory } from "./inventory.ts";
import { countRows, holding, refusal, sizesOf } from "./refusal.ts";
import { emptySystem, type SystemDatabase, seededSystem, seedSystem } from "./systemDatabase.ts";

const key = (end: string) => `'60000000-0000-4000-8000-${end.padStart(12, "0")}'`;

describe.each(ENGINES_OF_LONG_SUITES)("ai-validation, on %s", (engine) => {
  let system: SystemDatabase;
  let session: Session;
  beforeAll(async () => {
    system = await seededSystem("ai-validation", engine);
    session = system.session;
  });
  afterAll(() => system?.close());

  const count = (from: string) => countRows(session, from);

  test("has its 11 tables, complete, and at least 29 indexes beside the keys", async () => {
    const { tables, lacks } = await takeInventory(session);
    expect(tables).toEqual([
      "annotation_sessions",
      "annotations",
      "audit_logs",
      "detection_comparisons",
      "detection_events",
      "ground_truth_objects",
      "projects",
      "test_results",
      "test_sessions",
      "video_project_links",
      "videos",
    ]);
    expect(lacks).toEqual([]);
    expect(
      await count(
        "pg_index where not indisprimary and indrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)",
      ),
    ).toBeGreaterThanOrEqual(29);
  });

  test("has composite indexes for looking up by time and by session", async () => {
    const rows = await session.query<{ on: string }>(`
      select format('%s %s', tablename, substring(indexdef from '\\(.*\\)')) as on from pg_indexes where schemaname = 'public'`);
    expect(rows.map((row) => row.on)).toEqual(
      expect.arrayContaining([
        "detection_events (test_session_id, video_time)",
        "detection_events (test_session_id, validation_result)",
        "test_sessions (project_id, created_at DESC)",
        "videos (project_id, created_at DESC)",
        "ground_truth_objects (video_id, video_time)",
        "annotation_sessions (video_id, created_at)",
        "audit_logs (table_name, record_id, happened_at DESC)",
      ]),
    );
  });

  test("takes its seeds any number of times", async () => {
    const { tables } = await takeInventory(session);
    const before = await sizesOf(session, tables);
    await seedSystem(session, "ai-validation");
    expect(await sizesOf(session, tables)).toEqual(before);
    expect(Object.values(before).every((rows) => rows > 0)).toBe(true);
  });

  test("computes precision, recall and F1 from the counts", async () => {
    await session.run("update test_results set true_positives = 3, false_positives = 1, false_negatives = 3");
    expect(await session.query("select precision_score, recall_score, f1_score from test_results")).toEqual([
      { precision_score: 0.75, recall_score: 0.5, f1_score: 0.6 },
    ]);
    await session.run("update test_results set true_positives = 0, false_positives = 0, false_negatives = 0");
    expect(await session.query("select precision_score, recall_score, f1_score from test_results")).toEqual([
      { precision_score: null, recall_score: null, f1_score: null },
    ]);
  });

  test("holds boxes to the frame, confidences to 0..1, and comparisons to their partners", async () => {
    const event = (set: string) => `update detection_events set ${set}`;
    expect(
      await holding(session, {
        detection_events_confidence_check: event("confidence = 1.5"),
        detection_events_box_x_check: event("box_x = -0.1"),
        detection_events_box_width_check: event("box_x = 0.5, box_width = 0.6"),
        detection_events_validation_result_check: event("validation_result = 'maybe'"),
        detection_comparisons_partners:
          "update detection_comparisons set detection_event_id = null where result = 'TP'",
        annotations_end_after_start: "update annotations set end_frame = frame_number - 1",
        video_project_links_confidence_check: "update video_project_links set confidence = 2",
        video_project_links_automatic_has_confidence: "update video_project_links set confidence = null",
        video_project_links_video_id_project_id_key: `
          insert into video_project_links (video_id, project_id) values (${key("a1")}, ${key("1")})`,
        videos_processing_status_check: "update videos set processing_status = 'stuck'",
        videos_ground_truth_status_check: "update videos set ground_truth_status = 'stuck'",
      }),
    ).toEqual([]);
    const missing = `insert into detection_events (test_session_id, frame_number, video_time, class_label, confidence, box_x, box_y, box_width, box_height)
      values (gen_random_uuid(), 1, 1, 'x', 0.5, 0, 0, 0.1, 0.1)`;
    expect((await refusal(session, missing)).fields).toMatchObject({
      code: "23503",
      table: "detection_events",
      constraint: "detection_events_test_session_id_fkey",
    });
  });

  test("writes who changed what into the audit trail, with the old row and the new", async () => {
    await session.run(`
      begin;
      set local app.actor = 'ada';
      update projects set status = 'completed' where id = ${key("1")};
      commit`);
    expect(
      await session.query(`
        select actor, event, table_name, old_row ->> 'status' as was, new_row ->> 'status' as is
        from audit_logs where record_id = ${key("1")} order by id desc limit 1`),
    ).toEqual([{ actor: "ada", event: "update", table_name: "projects", was: "active", is: "completed" }]);
  });

  test("deletes with a project its videos, sessions and results, and keeps the trail of it", async () => {
    await session.run(`delete from projects where id = ${key("1")}`);
    const { tables } = await takeInventory(session);
    const left = Object.entries(await sizesOf(session, tables)).filter(([, rows]) => rows > 0);
    expect(left.map(([table]) => table)).toEqual(["audit_logs"]);
    expect(
      await count("audit_logs where event = 'delete' and table_name in ('projects', 'videos', 'test_results')"),
    ).toBe(3);
  });
});

describe.each(ENGINES_OF_LONG_SUITES)("the start of ai-validation's database, on %s", (engine) => {
  test("is checked without a change by a dry run, made once, and then without drift", async () => {
    const system = await emptySystem("ai-validation", engine);
    const { session, migrations } = system;
    try {
      const { moves } = await apply(session, migrations, { dryRun: true, acceptDataLoss: true });
      expect(moves.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
      expect((await takeInventory(session)).tables).toEqual([]);

      await apply(session, migrations, { acceptDataLoss: true });
      expect((await apply(session, migrations)).moves).toEqual([]);

      expect((await check(session)).drift).toEqual([]);
    } finally {
      await system.close();
    }
  });
});
