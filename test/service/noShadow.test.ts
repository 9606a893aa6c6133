import { readFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** Files that are loaded when `entry` is, or by what it runs; types are erased. */
async function reachedFrom(entry: string): Promise<ReadonlySet<string>> {
  const reached = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = await readFile(file, "utf8");
    const loads = /^(?:import|export)\s(?!type\b)[^;]*?from "(\..*?)"|import\("(\..*?)"\)/gm;
    for (const [, now, later] of text.matchAll(loads)) await visit(resolve(dirname(file), now ?? later ?? ""));
  };
  await visit(resolve(entry));
  return new Set([...reached].map((file) => relative(".", file)));
}

test("a service verifies its database without a shadow: nothing that it loads could open one", async () => {
  const reached = await reachedFrom("compiler/service/index.ts");
  expect(reached).toContain("compiler/apply/check.ts");
  expect([...reached].filter((file) => /^compiler\/(shadow|load|compile|pull|generate)\//.test(file))).toEqual([]);
});

test("what could open one is found where it is loaded", async () => {
  expect(await reachedFrom("cli/apply.ts")).toContain("compiler/shadow/shadow.ts");
});
