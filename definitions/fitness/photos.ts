import { date, jsonb, references, sql, table, text, uuid, varchar } from "verso";
import { photoVisibility } from "./enums.ts";
import { health_metrics } from "./health.ts";
import { key, timestamps, touched } from "./shared.ts";
import { users } from "./users.ts";

/** What the user measured when the photo was taken; kept as it was, whatever becomes of the check-in. */
export interface MetricsSnapshot {
  readonly weightKg?: number;
  readonly bodyFatPercent?: number;
  readonly waistCm?: number;
}

/** Photos that show progress. The file itself lies in object storage. */
export const progress_photos = table("progress_photos", {
  triggers: touched,
  columns: {
    ...key,
    user_id: references(() => users, { onDelete: "cascade" }),
    /** The check-in that it belongs to; it goes with it. */
    health_metric_id: uuid({ nullable: true }),
    photo_date: date({ default: sql`current_date` }),
    photo_type: text(),
    storage_key: varchar(500, { unique: true }),
    metrics_snapshot: jsonb<MetricsSnapshot>({ default: {} }),
    visibility: photoVisibility({ default: "private" }),
    caption: varchar(300, { nullable: true }),
    ...timestamps,
  },
  foreignKeys: [
    {
      columns: ["health_metric_id", "user_id"],
      references: () => health_metrics,
      target: ["id", "user_id"],
      onDelete: "cascade",
    },
  ],
  checks: {
    progress_photos_type_known: sql`photo_type in ('front', 'side', 'back', 'detail')`,
    progress_photos_snapshot_object: sql`jsonb_typeof(metrics_snapshot) = 'object'`,
    progress_photos_date_plausible: sql`photo_date >= date '1900-01-01'`,
  },
  indexes: [
    { on: ["user_id", "photo_type", { column: "photo_date", order: "desc" }] },
    { on: ["user_id", { column: "photo_date", order: "desc" }] },
    { on: ["visibility"], where: sql`visibility <> 'private'` },
  ],
});
