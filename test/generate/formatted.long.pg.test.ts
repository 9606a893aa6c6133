import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Project } from "ts-morph";
import { expect, test } from "vitest";

test("TypeScript's own formatter has nothing to change in generated files", async () => {
  const project = new Project({ skipAddingFilesFromTsConfig: true });
  const files = (await readdir("generated", { recursive: true })).filter((file) => file.endsWith(".ts"));
  const changed = files.filter((file) => {
    const source = project.addSourceFileAtPath(join("generated", file));
    const written = source.getFullText();
    source.formatText({ indentSize: 2, insertSpaceAfterOpeningAndBeforeClosingEmptyBraces: false });
    return source.getFullText() !== written;
  });
  expect(files.length).toBeGreaterThan(100);
  expect(changed).toEqual([]);
});
