import { expect, test } from "vitest";
import { ENGINES_OF_LONG_SUITES } from "../servers.ts";
import { emptySystem } from "./systemDatabase.ts";
import { dumperOf, walkHistory } from "./walkHistory.ts";

const ROWS = `
  insert into projects (id, name, camera_model, camera_view, signal_type)
  values ('00000000-0000-4000-8000-000000000001', 'One', 'C', 'front', 'can');
  insert into videos (id, project_id, filename, file_path, byte_size, frames_per_second, resolution, updated_at) values
    ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000001', 'a', 'a', 1, 29.97, '1920x1080', '2020-01-01'),
    ('00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001', 'b', 'b', 1, null, null, '2020-01-01');
  insert into annotations (video_id, frame_number, video_time, vru_type, box_x, box_y, box_width, box_height, annotator)
  values ('00000000-0000-4000-8000-000000000002', 1, 0.5, 'pedestrian', 0, 0, 0.1, 0.1, 'ada');
  insert into test_sessions (id, project_id, video_id, name, model_version)
  values ('00000000-0000-4000-8000-000000000004', '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', 'T', '1');
  insert into test_results (test_session_id, true_positives, false_positives, false_negatives, f1_score, average_latency_ms)
  values ('00000000-0000-4000-8000-000000000004', 3, 1, 3, 0.6, 40);
`;

test.each(ENGINES_OF_LONG_SUITES)(
  "ai-validation goes from empty to its latest migration and back with its rows, on %s",
  { timeout: 180_000 },
  async (engine) => {
    const system = await emptySystem("ai-validation", engine);
    const { session } = system;
    const videos = () =>
      session.query(
        "select resolution, frames_per_second::text as fps, updated_at::date::text as touched from videos order by id",
      );
    try {
      await walkHistory(system, {
        dump: typeof engine === "number" ? await dumperOf(system.url, engine) : null,
        arrived: async (migration) => {
          if (migration === "0001_initial") await session.run(ROWS);
          if (migration.startsWith("0003")) {
            expect(await session.query("select width, height from videos order by id")).toEqual([
              { width: 1920, height: 1080 },
              { width: null, height: null },
            ]);
            expect(await session.query("select class_label from annotations")).toEqual([{ class_label: "pedestrian" }]);
            // A backfill is nobody's change: the trail is empty and updated_at as it was.
            expect(await session.query("select * from audit_logs")).toEqual([]);
          }
          if (migration.startsWith("0004")) {
            // Computed now, with the same outcome.
            expect(await session.query("select f1_score, mean_latency_ms from test_results")).toEqual([
              { f1_score: 0.6, mean_latency_ms: 40 },
            ]);
            expect(await videos()).toEqual([
              { resolution: "1920x1080", fps: "29.970", touched: "2020-01-01" },
              { resolution: null, fps: null, touched: "2020-01-01" },
            ]);
          }
        },
        returned: async (migration) => {
          if (migration.startsWith("0004")) {
            expect(await session.query("select f1_score, average_latency_ms from test_results")).toEqual([
              { f1_score: 0.6, average_latency_ms: 40 },
            ]);
          }
          if (migration.startsWith("0003")) {
            expect(await videos()).toEqual([
              { resolution: "1920x1080", fps: "29.97", touched: "2020-01-01" },
              { resolution: null, fps: null, touched: "2020-01-01" },
            ]);
          }
        },
      });
    } finally {
      await system.close();
    }
  },
);
