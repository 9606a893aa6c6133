import { describe, expect, test } from "vitest";
import { Diagnostic } from "../../compiler/diagnostic.ts";
import { parseScript } from "../../compiler/migrations/parseScript.ts";
import { splitStatements } from "../../compiler/migrations/splitStatements.ts";
import { type RenderedStep, renderScript } from "../../compiler/render/renderScript.ts";

const step = (transactional: boolean, ...sql: string[]): RenderedStep => ({
  transactional,
  statements: sql.map((one) => ({ sql: one })),
});

const steps = [
  step(true, "CREATE TABLE public.t (\n  id int\n)", "COMMENT ON TABLE public.t IS 'a; b -- c'"),
  step(false, "CREATE INDEX CONCURRENTLY t_id ON public.t (id)"),
  step(true, "ALTER TABLE public.t ADD y int"),
];

const sqlOf = (script: ReturnType<typeof parseScript>) =>
  script.map(({ transactional, statements }) => step(transactional, ...statements.map(({ sql }) => sql)));

describe("a script", () => {
  test("reads as steps between markers, with a blank line between statements", () => {
    expect(renderScript(steps, { title: "demo/0002_x: forward", header: ["Written by `verso plan`."] })).toBe(
      `-- demo/0002_x: forward
-- Written by \`verso plan\`.
-- 3 steps, marked [TOKEN]

\\set ON_ERROR_STOP on
SET check_function_bodies = off;

-- step 1 of 3 [TOKEN]: in one transaction
BEGIN;

CREATE TABLE public.t (
  id int
);

COMMENT ON TABLE public.t IS 'a; b -- c'
;

COMMIT;

-- step 2 of 3 [TOKEN]: outside a transaction
CREATE INDEX CONCURRENTLY t_id ON public.t (id);

-- step 3 of 3 [TOKEN]: in one transaction
BEGIN;

ALTER TABLE public.t ADD y int;

COMMIT;
`.replaceAll("TOKEN", /marked \[(.{8})\]/.exec(renderScript(steps, { title: "" }))?.[1] ?? ""),
    );
  });

  test("is empty when there is nothing to do", () => {
    expect(renderScript([], { title: "nothing" })).toBe("");
    expect(parseScript("", "forward.sql")).toEqual([]);
  });

  test("of one step has no psql command, because its transaction undoes itself whoever runs it", () => {
    expect(renderScript(steps.slice(0, 1), { title: "one" })).not.toContain("\\set");
  });

  test("is read back as the steps it was rendered from", () => {
    expect(sqlOf(parseScript(renderScript(steps, { title: "t" }), "forward.sql"))).toEqual(steps);
  });

  test("is read back the same after a checkout with Windows line ends", () => {
    const text = renderScript(steps, { title: "t" }).replaceAll("\n", "\r\n");
    expect(sqlOf(parseScript(text, "forward.sql"))).toEqual(steps);
  });

  test("may hold a body with lines that look like markers", () => {
    const body = "-- step 2 of 3 [00000000]: outside a transaction\nBEGIN;\nCOMMIT;";
    const hostile = [step(true, `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $b$${body}$b$`, "SELECT 1")];
    expect(sqlOf(parseScript(renderScript(hostile, { title: "t" }), "f.sql"))).toEqual(hostile);
  });

  test("tells the line of each statement", () => {
    const [first] = parseScript(renderScript(steps, { title: "t" }), "forward.sql");
    expect(first?.statements.map(({ line }) => line)).toEqual([10, 14]);
  });
});

describe("an edit by hand", () => {
  const text = renderScript(steps, { title: "t" });
  const refusal = (edited: string): Diagnostic => {
    try {
      parseScript(edited, "forward.sql");
    } catch (error) {
      if (error instanceof Diagnostic) return error;
      throw error;
    }
    throw new Error("was read");
  };

  test("inside a step is taken as it is", () => {
    const edited = text.replace("ALTER TABLE", "-- first mend the rows\nUPDATE public.t SET id = 1;\nALTER TABLE");
    expect(parseScript(edited, "forward.sql")[2]?.statements.map(({ sql }) => sql)).toEqual([
      "UPDATE public.t SET id = 1",
      "ALTER TABLE public.t ADD y int",
    ]);
  });

  test("that takes a COMMIT away is refused at its line", () => {
    const edited = text.replace("COMMIT;\n\n-- step 2", "-- step 2");
    expect(refusal(edited)).toMatchObject({ code: "migration-unreadable", at: { file: "forward.sql", line: 14 } });
  });

  test("that commits in the middle of a step is refused, because the step could not be undone", () => {
    expect(refusal(text.replace("COMMENT ON", "commit;\nbegin;\nCOMMENT ON")).message).toContain("must not end inside");
  });

  test("that adds a statement before the first step is refused, because it would not be run", () => {
    expect(refusal(text.replace("SET check", "DROP TABLE x;\nSET check")).message).toContain("before the first step");
  });

  test("that adds a psql command is refused, because only psql knows it", () => {
    expect(refusal(text.replace("ALTER TABLE", "\\i other.sql\nALTER TABLE")).message).toContain("command of psql");
  });

  test("that takes a step out is refused", () => {
    const edited = text.replace(/-- step 2[\s\S]*?(?=-- step 3)/, "");
    expect(refusal(edited).message).toContain("step 1 of 2 is marked as 1 of 3");
  });
});

describe("statements are cut where psql cuts them", () => {
  const cut = (text: string) => splitStatements(text).map(({ sql }) => sql);

  test.each([
    ["quotes", "select 'a;''b;'; select 2", ["select 'a;''b;'", "select 2"]],
    ["escape strings", "select e'\\';'; select 2", ["select e'\\';'", "select 2"]],
    ["plain strings with a backslash", "select 'a\\'; select 2", ["select 'a\\'", "select 2"]],
    ["quoted names", 'select 1 as "a;""b"; select 2', ['select 1 as "a;""b"', "select 2"]],
    ["dollar quotes", "do $a$ x; $$ y; $a$; select 2", ["do $a$ x; $$ y; $a$", "select 2"]],
    ["dollar signs inside names and parameters", "select a$b$ , $1; select c$b$", ["select a$b$ , $1", "select c$b$"]],
    ["comments", "-- a; b\nselect 1 /* c; /* d; */ ' */; -- e\nselect 2", ["select 1 /* c; /* d; */ ' */", "select 2"]],
    ["rules", "create rule r as on insert to t do (select 1; select 2); select 3", null],
    [
      "bodies in standard SQL",
      "create or replace function f() returns int begin atomic select case when a then 1 end; select 2; end; select 3",
      null,
    ],
    ["a transaction", "begin; select 1; end;", ["begin", "select 1", "end"]],
  ])("%s", (_, text, expected) => {
    const at = text.lastIndexOf("; select 3");
    expect(cut(text)).toEqual(expected ?? [text.slice(0, at), "select 3"]);
  });
});
