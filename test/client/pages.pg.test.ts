import { embedded, execute, pageOf } from "verso/client";
import { expect, test } from "vitest";
import { accessPaths } from "../../compiler/generate/accessPaths.ts";
import { buildModel } from "../../compiler/generate/model.ts";
import { startInMemory } from "../../compiler/session/engine.ts";
import { compileText } from "../definitionsFolder.ts";

const MARKS = `
export const marks = table("marks", {
  columns: {
    id: integer({ primaryKey: true }),
    a: integer({ nullable: true }),
    b: text({ nullable: true }),
    c: boolean(),
  },
  indexes: [
    { on: ["a"] },
    { on: [{ column: "a", order: "desc" }, "b"] },
    { on: [{ column: "b", order: "desc", nulls: "last" }, { column: "a", nulls: "first" }] },
    { on: ["c", { column: "a", order: "desc", nulls: "last" }, { column: "id", order: "desc" }] },
    { on: [{ column: "id", order: "desc" }, "c"], where: sql\`c\` },
  ],
});`;

test("pages of every list are its rows in its order, whatever is null or turned round, both ways and of any size", async () => {
  const domain = await compileText(MARKS);
  const model = await buildModel(domain);
  const lite = await startInMemory();
  try {
    for (const { text } of domain.scripts) await lite.exec(text);
    await lite.exec(`insert into marks select i, nullif(i % 3, 0), nullif(chr(97 + i % 4), 'a'), i % 2 = 0
      from generate_series(1, 12) i`);
    const db = await embedded(lite);
    const wrong: string[] = [];
    let lists = 0;
    for (const table of model.tables) {
      for (const { name, parameters, query } of accessPaths(table, model)) {
        if (query.gives !== "list") continue;
        lists++;
        const list = { ...query, name };
        const values = parameters.map((parameter) => ({ a: 1, b: "b", c: true })[parameter.name] ?? 1);
        const all = (await execute<{ id: number }>(db, query.first, [...values, 100])).map(({ id }) => id);
        for (const limit of [2, 5]) {
          const forward: number[] = [];
          const backward: number[] = [];
          let page = await pageOf<{ id: number }>(db, list, values, { limit });
          for (;;) {
            forward.push(...page.rows.map(({ id }) => id));
            if (page.next === null) break;
            page = await pageOf<{ id: number }>(db, list, values, { limit, after: page.next });
          }
          for (;;) {
            backward.unshift(...page.rows.map(({ id }) => id));
            if (page.previous === null) break;
            page = await pageOf<{ id: number }>(db, list, values, { limit, before: page.previous });
          }
          if (`${forward}` !== `${all}`) wrong.push(`${name} by ${limit}: ${forward} rather than ${all}`);
          if (`${backward}` !== `${all}`) wrong.push(`${name} by ${limit}, back: ${backward} rather than ${all}`);
        }
      }
    }
    expect(lists).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
  } finally {
    await lite.close();
  }
});
