import { describe, expect, test } from "vitest";
import { Diagnostic } from "../../compiler/diagnostic.ts";
import { parseQueries } from "../../compiler/queries/parseQueries.ts";

const parse = (text: string) => parseQueries("q.sql", text);
const only = async (text: string) => {
  const [query] = await parse(`-- name: only :many\n${text}`);
  if (query === undefined) throw new Error("no query");
  return query;
};

describe("a file of queries", () => {
  test("is divided at its headers; the comment above one is the query's, one inside stays out of the statement", async () => {
    const queries = await parse(`
-- Not about anything.

-- What is late,
-- the latest first.
-- name: findOverdue :many
select id -- the key
from tasks
  -- é
where due < :today; -- done

/* One. */
-- name: taskById :maybe
select * from tasks where id = :id`);
    expect(queries.map(({ name, cardinality, doc, text }) => ({ name, cardinality, doc, text }))).toEqual([
      {
        name: "findOverdue",
        cardinality: "many",
        doc: "What is late,\nthe latest first.",
        text: "select id\nfrom tasks\nwhere due < $1",
      },
      { name: "taskById", cardinality: "maybe", doc: "One.", text: "select * from tasks where id = $1" },
    ]);
  });

  test.each([
    ["select 1;", "query-without-name", 1, 1],
    ["-- name: find\nselect 1;", "query-header", 1, 1],
    ["-- name: find_it :many\nselect 1;", "query-header", 1, 1],
    ["-- name: findIt :many\nselect 1;\n  select 2;", "query-two-statements", 3, 3],
    ["-- name: findIt :many\n\n-- name: other :one\nselect 1", "query-empty", 1, 1],
    ["-- name: findIt :many\nselect $1", "query-parameter", 2, 8],
    ["-- name: findIt :many\nselect 'open", "query-unreadable", 2, 8],
  ])("that says %j is refused as %s", async (text, code, line, column) => {
    const refusal = await parse(text).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Diagnostic);
    expect(refusal).toMatchObject({ code, at: { line, column } });
  });
});

describe("a named parameter", () => {
  test("is numbered where it first stands, and never found in casts, strings, names, comments or slices", async () => {
    const { text, parameters } = await only(
      `select :a::text, ':b', $$:c$$, ":d", x[1:n], x[:a], e'\\':e', /* :f */ :b_2 from t where y = :a and z := 1`,
    );
    expect(text).toBe(
      `select $1::text, ':b', $$:c$$, ":d", x[1:n], x[$1], e'\\':e',   $2 from t where y = $1 and z := 1`,
    );
    expect(parameters.map(({ name }) => name)).toEqual(["a", "b_2"]);
  });

  test("takes null where a question mark says so, which an operator apart from it does not", async () => {
    const { text, parameters } = await only("select :note?, tags ? :tag, :tag");
    expect(text).toBe("select $1, tags ? $2, $2");
    expect(parameters).toEqual([
      { name: "note", isNullable: true },
      { name: "tag", isNullable: false },
    ]);
  });
});

test('as "x!" and as "x?" say whether a result is null, and do not reach PostgreSQL', async () => {
  const { text, nullable } = await only(`select a as "b!", c AS "d e?", "f!" from t order by "b!"`);
  expect(text).toBe(`select a as "b", c AS "d e", "f!" from t order by "b"`);
  expect(nullable).toEqual({ b: false, "d e": true });
});

test("a place in the statement leads back to the file, behind parameters, comments and letters of several bytes", async () => {
  const { text, positionAt } = await only("select 'é', :first, -- why\n  wrong from t");
  expect(positionAt(text.indexOf("wrong") + 1)).toEqual({ file: "q.sql", line: 3, column: 3 });
  expect(positionAt(text.indexOf("$1") + 1)).toEqual({ file: "q.sql", line: 2, column: 13 });
});
