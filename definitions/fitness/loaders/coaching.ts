import { type InsertOf, loader, readMarkdown, type Section, type Task } from "verso";
import { type ActionItem, coaching_sessions } from "../coaching.ts";
import { users } from "../users.ts";
import { column, dayOf, type Reading, userOf, valuesOf } from "./journal.ts";
import { dayIn, MINUTES, score, wholeMeasure } from "./measures.ts";

type Talk = Partial<InsertOf<typeof coaching_sessions>>;

const STATES = ["scheduled", "completed", "cancelled", "missed"] as const;

const FIELDS: Readonly<Record<string, Reading<Talk>>> = {
  status: column("status", STATES.join("`, `"), (text) => STATES.find((state) => state === text.toLowerCase()) ?? null),
  duration: column("duration_minutes", "45 min", (text) => wholeMeasure(text, MINUTES)),
  topics: column("topics", "sleep, bench press", (text) =>
    text === "" ? null : text.split(",").map((topic) => topic.trim()),
  ),
  rating: column("rating", "4/5", (text) => score(text, 5)),
  "follow-up": column("follow_up_date", "2026-01-22", (text) => dayIn(text)?.day ?? null),
};

/** `17:00 with carl` */
const HEADING = /^(\d{1,2}:\d{2})(?:\s+with\s+(\S+))?$/i;

/** `Sleep by eleven (due 2026-01-15)` */
function actionItem({ text, isDone }: Task): ActionItem {
  const [, what = text, due] = /^(.*?)\s*\(due (\d{4}-\d{2}-\d{2})\)$/.exec(text) ?? [];
  return { what, ...(due === undefined ? {} : { due }), done: isDone };
}

/** What stands in an entry, and under headings within it. */
const partsOf = (entry: Section): readonly Section[] => [entry, ...entry.sections];

/**
 * Talks with a coach, a heading each: `## 2026-01-08 17:00 with carl`, in the client's time zone; topics, action items as
 * `- [x] …`, a rating, and what was said in sentences.
 */
export const coaching = loader({
  about: "coaching → coaching_sessions",
  files: /(?:^|\/)coaching\/.*\.md$/i,
  async read(file, into) {
    const log = readMarkdown(file);
    const user = await userOf(log, into);
    for (const entry of log.sections) {
      const { at } = entry.title;
      const found = dayOf(entry, into);
      const [, time, name] = HEADING.exec(found?.rest ?? "") ?? [];
      if (found !== null && time === undefined)
        into.problem(at, `"${entry.title.text}" names no time`, "write `## 2026-01-08 17:00 with carl`");
      const coach = name === undefined ? undefined : await into.find(users, { username: name }, at);
      const parts = partsOf(entry);
      const values = valuesOf(entry.fields, FIELDS, into);
      const topics = parts.flatMap(({ title, bullets }) =>
        /^topics$/i.test(title.text) ? bullets.map(({ text }) => text) : [],
      );
      const items = parts.flatMap(({ tasks }) => tasks.map(actionItem));
      const summary = parts.flatMap(({ prose }) => (prose === "" ? [] : [prose])).join("\n\n");
      if (found === null || time === undefined || user === null || coach === null) continue;
      into.add(coaching_sessions, {
        key: ["user_id", "scheduled_at"],
        at,
        values: {
          ...values,
          user_id: user.id ?? "",
          scheduled_at: `${found.day} ${time} ${user.time_zone}`,
          ...(coach === undefined ? {} : { coach_id: coach.id }),
          ...(topics.length === 0 ? {} : { topics: [...(values.topics ?? []), ...topics] }),
          ...(items.length === 0 ? {} : { action_items: items }),
          ...(summary === "" ? {} : { summary }),
          ...(values.status === undefined && values.rating !== undefined ? { status: "completed" } : {}),
        },
      });
    }
  },
});
