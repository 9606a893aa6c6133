import { type InsertOf, loader, readMarkdown } from "verso";
import { health_metrics } from "../health.ts";
import { column, dayOf, notesOf, type Reading, userOf, valuesOf } from "./journal.ts";
import { BEATS, CENTIMETRES, HOURS, KILOGRAMS, measure, PERCENT, score, wholeMeasure } from "./measures.ts";

type Metrics = Partial<InsertOf<typeof health_metrics>>;

const kilograms = (text: string) => measure(text, KILOGRAMS, 2);
const centimetres = (text: string) => measure(text, CENTIMETRES, 1);
const ofTen = (text: string) => score(text, 10);

const FIELDS: Readonly<Record<string, Reading<Metrics>>> = {
  weight: column("weight_kg", "82.4 kg", kilograms),
  "body fat": column("body_fat_percent", "21.5 %", (text) => measure(text, PERCENT, 1)),
  "muscle mass": column("muscle_mass_kg", "35.2 kg", kilograms),
  neck: column("neck_cm", "38 cm", centimetres),
  chest: column("chest_cm", "101 cm", centimetres),
  waist: column("waist_cm", "84 cm", centimetres),
  hips: column("hips_cm", "98 cm", centimetres),
  "left arm": column("left_arm_cm", "33.5 cm", centimetres),
  "right arm": column("right_arm_cm", "34 cm", centimetres),
  "left thigh": column("left_thigh_cm", "56 cm", centimetres),
  "right thigh": column("right_thigh_cm", "56 cm", centimetres),
  "resting heart rate": column("resting_heart_rate", "58 bpm", (text) => wholeMeasure(text, BEATS)),
  "blood pressure": {
    like: "121/79",
    read: (text) => {
      const [, systolic, diastolic] = /^(\d+)\s*\/\s*(\d+)(?:\s*mmhg)?$/i.exec(text) ?? [];
      return systolic === undefined || diastolic === undefined
        ? null
        : { systolic_mmhg: Number(systolic), diastolic_mmhg: Number(diastolic) };
    },
  },
  sleep: column("sleep_hours", "7.5 h", (text) => measure(text, HOURS, 1)),
  energy: column("energy_level", "7/10", ofTen),
  mood: column("mood", "8/10", ofTen),
  "sleep quality": column("sleep_quality", "6/10", ofTen),
  stress: column("stress_level", "4/10", ofTen),
};

/** Check-ins, a heading a day: `## 2026-01-05`, then `- Weight: 82.4 kg`, and what there is to say in sentences. */
export const checkIns = loader({
  about: "check-ins → health_metrics",
  files: /(?:^|\/)check-?ins\/.*\.md$/i,
  async read(file, into) {
    const log = readMarkdown(file);
    const user = await userOf(log, into);
    for (const entry of log.sections) {
      const found = dayOf(entry, into);
      const values = valuesOf(entry.fields, FIELDS, into);
      if (entry.fields.length === 0)
        into.problem(entry.title.at, "the entry measures nothing", "add `- Weight: 82.4 kg`, or leave it out");
      if (found === null || user === null) continue;
      into.add(health_metrics, {
        key: ["user_id", "recorded_date"],
        at: entry.title.at,
        values: { ...values, user_id: user.id ?? "", recorded_date: found.day, ...notesOf(entry) },
      });
    }
  },
});
