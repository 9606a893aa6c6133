import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { KINDS } from "../../compiler/kinds/registry.ts";

const STAGES = [
  "read",
  "diff",
  "plan",
  "prove",
  "resolve",
  "render",
  "migrations",
  "apply",
  "observe",
  "pull",
  "document",
  "maintain",
];

const sources = STAGES.flatMap((stage) => {
  const folder = join("compiler", stage);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(folder, file), "utf8") }));
});

describe("what is particular to one kind lives in its room", () => {
  test.each(sources)("$file names no kind", ({ text }) => {
    const named = KINDS.map(({ kind }) => kind).filter((kind) =>
      new RegExp(`(kind|fact)\\W[^\\n]*"${kind}"`).test(text),
    );
    expect(named).toEqual([]);
  });

  test("no two rooms share a kind's name", () => {
    const names = KINDS.map(({ kind }) => kind);
    expect(new Set(names).size).toBe(names.length);
  });
});
