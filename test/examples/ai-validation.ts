// Models held against the truth: detections come in by the thousand, are compared, and give a result that can be ranked.
import type { Database } from "verso/client";
import {
  detectionComparisons,
  detectionEvents,
  groundTruthObjects,
  testResults,
  testSessions,
} from "../../generated/ai-validation/client.ts";
import type {
  DetectionComparisons_InsertParameters,
  DetectionEvents,
  DetectionEvents_InsertParameters,
  GroundTruthObjects,
  TestSessions,
  TestSessions_InsertParameters,
} from "../../generated/ai-validation/index.ts";

type Detection = Omit<DetectionEvents_InsertParameters, "test_session_id">;

/** Starts a run and keeps what the model claims, however much it is, in one statement. */
export async function record(db: Database, session: TestSessions_InsertParameters, detections: readonly Detection[]) {
  return db.tx(async (tx) => {
    const { id } = await testSessions.insert(tx, session);
    await detectionEvents.insertMany(
      tx,
      detections.map((one) => ({ ...one, test_session_id: id })),
    );
    return id;
  });
}

const isSame = (seen: DetectionEvents, real: GroundTruthObjects, toleranceMs: number): boolean =>
  seen.class_label === real.class_label && Math.abs(seen.video_time - real.video_time) * 1000 <= toleranceMs;

/** Compares every detection with the truth, writes the verdicts down, and completes the session. */
export async function judge(db: Database, id: TestSessions["id"]) {
  return db.tx(async (tx) => {
    const session = await testSessions.findById(tx, id, {
      with: { detectionEvents: true, video: { with: { groundTruthObjects: true } } },
    });
    if (session === null) return null;
    const missed = new Set(session.video.groundTruthObjects);
    const compared: DetectionComparisons_InsertParameters[] = session.detectionEvents.map((seen) => {
      const real = [...missed].find((one) => isSame(seen, one, session.tolerance_ms));
      if (real !== undefined) missed.delete(real);
      return {
        test_session_id: id,
        detection_event_id: seen.id,
        ground_truth_object_id: real?.id ?? null,
        result: real === undefined ? "FP" : "TP",
      };
    });
    for (const { id: real } of missed) {
      compared.push({ test_session_id: id, detection_event_id: null, ground_truth_object_id: real, result: "FN" });
    }
    await detectionComparisons.insertMany(tx, compared);
    await detectionEvents.updateMany(
      tx,
      compared.flatMap(({ detection_event_id: event, result }) =>
        event == null ? [] : [{ id: event, validation_result: result }],
      ),
    );
    await testSessions.updateById(tx, id, { status: "completed" });
    const count = (result: string) => compared.filter((one) => one.result === result).length;
    return testResults.upsertByTestSessionId(tx, {
      test_session_id: id,
      true_positives: count("TP"),
      false_positives: count("FP"),
      false_negatives: count("FN"),
    });
  });
}

/** What a video holds, frame by frame, as long as it is: rows come as they are asked for. */
export async function countTruth(
  db: Database,
  video: GroundTruthObjects["video_id"],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { class_label } of groundTruthObjects.streamByVideoId(db, video)) {
    counts.set(class_label, (counts.get(class_label) ?? 0) + 1);
  }
  return counts;
}
