import { type InsertOf, type LogRows, loader, readMarkdown, type Section, type Told } from "verso";
import { exercise_definitions, exercise_logs, workout_sessions } from "../workouts.ts";
import { column, dayOf, notesOf, type Reading, userOf, valuesOf } from "./journal.ts";
import { duration, ENERGY, KILOGRAMS, METRES, MINUTES, measure, SECONDS, score, wholeMeasure } from "./measures.ts";

type Workout = Partial<InsertOf<typeof workout_sessions>>;
type Exercise = Partial<InsertOf<typeof exercise_logs>>;

const text = (value: string) => (value === "" ? null : value);
const ofTen = (value: string) => score(value, 10);
const whole = (value: string) => (/^\d+$/.test(value) ? Number(value) : null);
const TYPES = ["strength", "cardio", "interval", "mobility", "sport", "recovery"] as const;

const FIELDS: Readonly<Record<string, Reading<Workout>>> = {
  type: column(
    "workout_type",
    TYPES.join("`, `"),
    (value) => TYPES.find((type) => type === value.toLowerCase()) ?? null,
  ),
  duration: column("duration_minutes", "55 min", (value) => wholeMeasure(value, MINUTES)),
  program: column("program_name", "Base", text),
  phase: column("program_phase", "accumulation", text),
  week: column("program_week", "2", whole),
  day: column("program_day", "1", whole),
  intensity: column("intensity", "7/10", ofTen),
  fatigue: column("fatigue", "4/10", ofTen),
  soreness: column("soreness", "3/10", ofTen),
  calories: column("calories_burned", "420 kcal", (value) => wholeMeasure(value, ENERGY)),
};

const setsOf = (value: string) => {
  const [, sets, reps] = /^(\d+)\s*[x×]\s*(\d+)$/i.exec(value) ?? [];
  return sets === undefined || reps === undefined ? null : { sets: Number(sets), reps: Number(reps) };
};
const weightOf = (value: string) => (/^body ?weight$/i.test(value) ? "0.00" : measure(value, KILOGRAMS, 2));
const distanceOf = (value: string) => measure(value, METRES, 1);

const SETS: Reading<Exercise> = { like: "3 × 8", read: setsOf };
const TIME: Reading<Exercise> = column("duration_seconds", "27:30", duration);
const RPE: Reading<Exercise> = column("rpe", "7.5", (value) => measure(value, { "": 1 }, 1));
const REST: Reading<Exercise> = column("rest_seconds", "2 min", (value) => wholeMeasure(value, SECONDS));

/** Heads of an exercise table. */
const CELLS: Readonly<Record<string, Reading<Exercise>>> = {
  "sets × reps": SETS,
  "sets x reps": SETS,
  sets: column("sets", "3", whole),
  reps: column("reps", "8", whole),
  weight: column("weight_kg", "60 kg", weightOf),
  rpe: RPE,
  rest: REST,
  distance: column("distance_m", "5 km", distanceOf),
  time: TIME,
  notes: column("notes", "paused", text),
};

interface ToldExercise {
  readonly name: Told;
  readonly values: Exercise;
}

function fromTable({ rows }: Section, into: LogRows): readonly ToldExercise[] {
  return rows.flatMap(({ at, cells }): ToldExercise[] => {
    const name = cells.get("exercise");
    if (name === undefined) {
      into.problem(at, "the row names no exercise", "write its name under the head `Exercise`");
      return [];
    }
    const fields = [...cells].flatMap(([head, cell]) =>
      head === "exercise" ? [] : [{ name: head, value: cell.text, at: cell.at }],
    );
    return [{ name, values: valuesOf(fields, CELLS, into) }];
  });
}

/** `Bench press: 3 × 8 @ 60 kg, RPE 7.5, rest 2 min`; `Running: 5 km in 27:30`. */
function fromItem({ text: said, at }: Told, into: LogRows): readonly ToldExercise[] {
  const [, name, rest] = /^([^:]+):\s*(.+)$/s.exec(said) ?? [];
  if (name === undefined || rest === undefined) {
    into.problem(at, `"${said}" is no exercise with what was done`, "write `Bench press: 3 × 8 @ 60 kg, RPE 7.5`");
    return [];
  }
  const notes: string[] = [];
  const values = rest.split(/,\s+/).map((part): Exercise => {
    const read = fromPart(part.trim());
    if (read === null) notes.push(part.trim());
    return read ?? {};
  });
  const known: Exercise = Object.assign({}, ...values, notes.length === 0 ? {} : { notes: notes.join(", ") });
  if (known.sets === undefined && known.distance_m === undefined && known.duration_seconds === undefined) {
    into.problem(
      at,
      `"${rest}" says neither sets nor distance nor time`,
      "write `3 × 8 @ 60 kg`, `5 km in 27:30` or `20 min`",
    );
  }
  return [{ name: { text: name.trim(), at }, values: known }];
}

function fromPart(part: string): Exercise | null {
  const [, sets = "", weight] = /^(\d+\s*[x×]\s*\d+)(?:\s*@\s*(.+))?$/i.exec(part) ?? [];
  if (sets !== "") {
    const kilograms = weight === undefined ? undefined : weightOf(weight);
    return kilograms === null
      ? null
      : { ...setsOf(sets), ...(kilograms === undefined ? {} : { weight_kg: kilograms }) };
  }
  const [, rpe] = /^rpe\s+(.+)$/i.exec(part) ?? [];
  if (rpe !== undefined) return RPE.read(rpe);
  const [, rest] = /^rest\s+(.+)$/i.exec(part) ?? [];
  if (rest !== undefined) return REST.read(rest);
  const [, distance = "", time] = /^(\S+ ?[a-z]+)(?:\s+in\s+(.+))?$/i.exec(part) ?? [];
  const metres = distanceOf(distance);
  if (metres === null) return TIME.read(part);
  const seconds = time === undefined ? undefined : duration(time);
  return seconds === null
    ? null
    : { distance_m: metres, ...(seconds === undefined ? {} : { duration_seconds: seconds }) };
}

/**
 * Workouts, a heading each: `## 2026-01-06: Upper body`, then `- Type: strength`, and exercises in a table, or numbered one to
 * a line.
 */
export const workouts = loader({
  about: "workouts → workout_sessions, exercise_logs",
  files: /(?:^|\/)workouts\/.*\.md$/i,
  async read(file, into) {
    const log = readMarkdown(file);
    const user = await userOf(log, into);
    for (const entry of log.sections) {
      const { at } = entry.title;
      const found = dayOf(entry, into);
      const values = valuesOf(entry.fields, FIELDS, into);
      const parts = [entry, ...entry.sections];
      const told = parts.flatMap((part) => [
        ...fromTable(part, into),
        ...part.numbered.flatMap((item) => fromItem(item, into)),
      ]);
      const exercises: { readonly id: string; readonly at: Told["at"]; readonly values: Exercise }[] = [];
      for (const { name, values } of told) {
        const exercise = await into.find(exercise_definitions, { name: name.text }, name.at);
        if (exercise !== null) exercises.push({ id: exercise.id ?? "", at: name.at, values });
      }
      const { workout_type } = values;
      if (found !== null && found.rest === "")
        into.problem(at, "the workout has no title", "write `## 2026-01-06: Upper body`");
      if (!entry.fields.some(({ name }) => name === "type"))
        into.problem(at, "the workout has no type", `add \`- Type: strength\`; types are ${TYPES.join(", ")}`);
      if (found === null || user === null || workout_type === undefined) continue;
      const user_id = user.id ?? "";
      const workout = into.add(workout_sessions, {
        key: ["user_id", "workout_date", "title"],
        at,
        values: { ...values, ...notesOf(entry), workout_type, user_id, workout_date: found.day, title: found.rest },
      });
      into.addAll(exercise_logs, {
        key: ["workout_session_id", "position"],
        of: { workout_session_id: workout.id },
        at,
        rows: exercises.map(({ id, at, values }, i) => ({
          at,
          values: { ...values, user_id, exercise_id: id, position: i + 1, logged_date: found.day },
        })),
      });
    }
  },
});
