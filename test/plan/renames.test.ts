import { expect, test } from "vitest";
import type { FactId, Hint } from "../../compiler/facts.ts";
import { describeSuspect, findRenames, suspectRenames } from "../../compiler/plan/renames.ts";
import { compileText } from "../definitionsFolder.ts";

const columnsOf = async (columns: string) => {
  const { facts, hints } = await compileText(`export const t = table("t", { columns: { ${columns} } });`);
  return { facts, hints: hints as ReadonlyMap<FactId, Hint> };
};

test("a name handed on from column to column is freed before it is taken", async () => {
  const before = await columnsOf(`a: text(), b: text()`);
  const after = await columnsOf(`b: text({ renamedFrom: "a" }), c: text({ renamedFrom: "b" })`);
  const first = findRenames(before.facts, after.facts, after.hints);
  expect(first.map(({ from, to }) => `${from.id} -> ${to.id}`)).toEqual(["column public.t.b -> column public.t.c"]);
  const between = await columnsOf(`a: text(), c: text()`);
  const second = findRenames(between.facts, after.facts, after.hints);
  expect(second.map(({ from, to }) => `${from.id} -> ${to.id}`)).toEqual(["column public.t.a -> column public.t.b"]);
  expect(findRenames(after.facts, after.facts, after.hints)).toEqual([]);
});

test("a renaming that was done before is not done again when the old name returns", async () => {
  const before = await columnsOf(`b: text()`);
  const after = await columnsOf(`a: text({ nullable: true }), b: text({ renamedFrom: "a" })`);
  expect(findRenames(before.facts, after.facts, after.hints)).toEqual([]);
});

test("an old name is taken as it stands unless it is a path", async () => {
  const old = async (name: string) => {
    const { hints } = await compileText(
      `export const t = table("t", { renamedFrom: ${JSON.stringify(name)}, columns: { a: text() } });`,
    );
    return hints.get("table public.t" as FactId)?.renamedFrom;
  };
  expect(await old('odd"name; --')).toBe('table public."odd""name; --"');
  expect(await old("app.old")).toBe("table app.old");
  expect(await old('app."o.l.d"')).toBe('table app."o.l.d"');
});

test("a rename that nobody declared is pointed out, with what to write and where", async () => {
  const suspects = async (old: string, fresh: string) => {
    const [before, after] = [await columnsOf(`${JSON.stringify(old)}: text()`), await columnsOf(fresh)];
    return suspectRenames(before.facts, after.facts, after.hints).map((one) =>
      describeSuspect(one, new Map([[one.to.id, { file: "t.ts", line: 4, column: 5 }]])),
    );
  };
  expect(await suspects("mail", "email: text()")).toEqual([
    'column public.t.mail goes and column public.t.email comes, alike but for the name; if it is a rename, add `renamedFrom: "mail"` at t.ts:4:5',
  ]);
  expect(await suspects("mail", "email: varchar(9)")).toEqual([]);
  expect(await suspects("mail", 'email: varchar(9, { renamedFrom: "mial" })')).toEqual([
    'column public.t.mail goes and column public.t.email comes, whose renamedFrom means column public.t.mial, which is not there; if it is a rename, put `renamedFrom: "mail"` at t.ts:4:5',
  ]);
  expect((await suspects('a."b"', "c: text()"))[0]).toContain('add `renamedFrom: "\\"a.\\"\\"b\\"\\"\\""` at');
});
