import { expect, test } from "vitest";
import { formatQuery } from "../../compiler/kinds/formatQuery.ts";

test("a query on one long line is laid out", () => {
  const query = `select id, name, ${"x, ".repeat(30)} y from t where id = 1 and name <> 'select  from'`;
  const text = formatQuery(query);
  expect(text.split("\n").length).toBeGreaterThan(5);
  expect(text).toContain("'select  from'");
});

test("a query that its author laid out keeps that layout, without the margin of the file", () => {
  expect(formatQuery("\n    select a\n      from t\n    ")).toBe("select a\n  from t");
});

test("what the formatter does not understand stays as it is", () => {
  const query = `select ${"a + ".repeat(40)} $$unclosed`;
  expect(formatQuery(query)).toBe(query);
});
