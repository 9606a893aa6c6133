import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onTerminal } from "./onTerminal.ts";
import { newProject, type Project } from "./project.ts";

let project: Project;
beforeAll(async () => {
  project = await newProject({ DATABASE_URL: "pglite:./db" });
  await project.verso("init", "--name", "shop");
});
afterAll(() => project.close());

describe("on a terminal of 80 columns", () => {
  // In this order, as a project goes; each with what it says in the end.
  test.each([
    ["compile", "1 domain compiled"],
    ["plan initial", "then `verso apply --domain shop`"],
    ["apply --dry-run", "1 migration would be applied"],
    ["apply", "1 migration was applied"],
    ["status", "0001_initial  applied"],
    ["history", "0001_initial"],
    ["check", "is what Verso left"],
    ["diff --from empty --to definitions/shop --exit-code", "COMMIT;"],
    ["docs --html", "1 domain documented"],
    ["doctor", "checks found nothing"],
    ["maintain --dry-run", "pglite:./db"],
    ["rollback --accept-data-loss", "1 migration was rolled back"],
    ["setup --test-only", "round trip"],
    ["--help", "Exit codes"],
    ["frobnicate", "there is no command frobnicate"],
  ])("verso %s fits, and leaves nothing of its progress behind", async (line, end) => {
    const { screen } = await onTerminal(project.folder, line.split(" "), [], { DATABASE_URL: "pglite:./db" });
    expect(screen).toContain(end);
    const shown = screen.split(/[\r\n]+/);
    // Paths and SQL are nobody's to break.
    const isProse = (text: string) => !/^\s*(?:sql|generated|--|ALTER|CREATE|COMMENT|CONSTRAINT|SELECT)/.test(text);
    expect(shown.filter((text) => isProse(text) && text.length > 80)).toEqual([]);
    expect(shown.at(-2) ?? "").not.toMatch(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
  });
});
