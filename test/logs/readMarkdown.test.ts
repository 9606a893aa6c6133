import { describe, expect, test } from "vitest";
import { readMarkdown } from "../../compiler/logs/readMarkdown.ts";
import { dayIn, duration, KILOGRAMS, measure, score } from "../../definitions/fitness/loaders/measures.ts";

const TEXT = `---
user: uma
---

# A title

## First: *one*

- Weight: 82.4 kg
- **Blood pressure:** 121/79
- just a thought
- [x] done

  that is all
- [ ] R&D < 3

A paragraph
of two lines.

> and a quotation

1. Squat: 5 × 5
2. Run: 5 km

| Exercise | Sets |
|----------|------|
| Bench    | 3    |
| Squat    |      |

### Within

- Mood: 8

## Second
`;

describe.each([
  ["lines that end with a line feed", TEXT],
  ["lines that end as Windows ends them", TEXT.replaceAll("\n", "\r\n")],
])("a log with %s", (_, text) => {
  const log = readMarkdown({ path: "log.md", text });
  const [first, second] = log.sections;
  const at = (line: number, column: number) => ({ file: "log.md", line, column });

  test("says whose it is, and has its entries under their headings", () => {
    expect(log.about.get("user")).toEqual({ name: "user", value: "uma", at: at(2, 7) });
    expect(log.sections.map(({ title }) => title)).toEqual([
      { text: "First: one", at: at(7, 1) },
      { text: "Second", at: at(34, 4) },
    ]);
    expect(second).toMatchObject({ fields: [], prose: "", sections: [] });
  });

  test("tells fields, thoughts and tasks of a list apart, each at its place", () => {
    expect(first?.fields).toEqual([
      { name: "weight", value: "82.4 kg", at: at(9, 11) },
      { name: "blood pressure", value: "121/79", at: at(10, 23) },
    ]);
    expect(first?.bullets).toEqual([{ text: "just a thought", at: at(11, 3) }]);
    expect(first?.tasks.map(({ text: said, isDone, at: { line } }) => [said.split("\n")[0], isDone, line])).toEqual([
      ["done", true, 12],
      ["R&D < 3", false, 15],
    ]);
  });

  test("has numbered items, cells of tables under their heads, sentences, and sections within", () => {
    expect(first?.numbered).toEqual([
      { text: "Squat: 5 × 5", at: at(22, 4) },
      { text: "Run: 5 km", at: at(23, 4) },
    ]);
    expect(first?.rows.map(({ cells }) => [...cells])).toEqual([
      [
        ["exercise", { text: "Bench", at: at(27, 3) }],
        ["sets", { text: "3", at: at(27, 14) }],
      ],
      [["exercise", { text: "Squat", at: at(28, 3) }]],
    ]);
    expect(first?.prose.replaceAll("\r", "")).toBe("A paragraph\nof two lines.\n\nand a quotation");
    expect(first?.sections.map(({ title, fields }) => [title.text, fields[0]?.value])).toEqual([["Within", "8"]]);
  });
});

describe("measures of people", () => {
  test("come in the columns' unit", () => {
    expect(
      ["82.4 kg", "71,2kg", "225 lb", "12 st", "kg", "1,500 kg"].map((text) => measure(text, KILOGRAMS, 2)),
    ).toEqual(["82.40", "71.20", "102.06", null, null, null]);
    expect(["27:30", "1:02:03", "90:00", "20 min", "90 s"].map(duration)).toEqual([1650, 3723, 5400, 1200, 90]);
    expect(["soon", "27:75", "1:75:00"].map(duration)).toEqual([null, null, null]);
    expect(["7", "7/10", "4/5", "seven"].map((text) => score(text, 10))).toEqual([7, 7, null, null]);
  });

  test("come at days that there are, written in words or in figures", () => {
    const days = ["2026-01-05: A", "Monday, 5 January 2026", "Jan 5th, 2026 - B", "2026-02-30", "5/1/2026", "someday"];
    expect(days.map(dayIn)).toEqual([
      { day: "2026-01-05", rest: "A" },
      { day: "2026-01-05", rest: "" },
      { day: "2026-01-05", rest: "B" },
      null,
      null,
      null,
    ]);
  });
});
