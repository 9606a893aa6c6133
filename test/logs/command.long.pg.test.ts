import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openServerSession } from "../../compiler/session/server.ts";
import { newProject, type Project } from "../cli/project.ts";
import { freshDatabase, NEWEST } from "../servers.ts";

const DOMAIN = 'import { domain } from "verso";\nexport default domain({ name: "diary" });\n';
const DAYS = `
import { date, loader, readMarkdown, smallint, table, text } from "verso";

export const days = table("days", { columns: { day: date({ primaryKey: true }), mood: smallint(), said: text() } });

export const diary = loader({
  about: "diary → days",
  files: /(?:^|\\/)diary\\/.*\\.md$/,
  read(log, into) {
    for (const { title, fields, prose } of readMarkdown(log).sections) {
      const mood = fields.find(({ name }) => name === "mood");
      if (mood === undefined) into.problem(title.at, "the day has no mood", "add \`- Mood: 8\`");
      else into.add(days, { key: ["day"], at: title.at, values: { day: title.text, mood: Number(mood.value), said: prose } });
    }
  },
});
`;

describe("verso load", () => {
  let project: Project;
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  const load = (...args: string[]) => project.verso("load", ...args, "--target", database.url);
  beforeAll(async () => {
    project = await newProject();
    database = await freshDatabase(NEWEST);
    const session = await openServerSession(database.url);
    await session.run("create table days (day date primary key, mood smallint not null, said text not null)");
    await session.close();
    await project.write("definitions/diary/domain.ts", DOMAIN);
    await project.write("definitions/diary/days.ts", DAYS);
    await project.write("diary/a.md", "## 2026-01-05\n- Mood: 8\n\nSunny.\n");
    await project.write("diary/more/b.md", "## 2026-01-06\n- Mood: 6\n");
  });
  afterAll(async () => {
    await database.close();
    await project.close();
  });

  test("tells what it would load, loads a folder, and then finds nothing new, within 80 columns", async () => {
    const tried = await load("diary", "--dry-run");
    expect([tried.code, tried.err]).toEqual([0, expect.stringContaining("2 logs read; 2 rows would be written")]);
    const loaded = await load("diary/");
    expect(loaded.out.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["table", "logs", "database", "new", "changed", "as before", "removed"],
      ["public.days", "2", "2", "2"],
      [""],
    ]);
    expect(Math.max(...loaded.out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    const again = await load("diary/a.md", "diary/more/b.md", "--json");
    expect(JSON.parse(again.out)).toMatchObject({
      isDryRun: false,
      files: [{ path: "diary/a.md" }, { path: "diary/more/b.md" }],
      tables: [{ table: "public.days", told: 2, found: 2, inserted: 0, updated: 0, unchanged: 2, removed: 0 }],
    });
  });

  test("refuses what cannot be read, at its place, and what is not there", async () => {
    await project.write("diary/c.md", "## 2026-01-07\n\nNo mood.\n");
    const refused = await load("diary");
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.err).toContain("diary/c.md:1:4 the day has no mood; add `- Mood: 8`");
    const missing = await load("nowhere");
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining("error[log-not-found]")]);
    const nothing = await project.verso("load");
    expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining("`verso load` wants <files..>")]);
  });
});
