import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type CheckReader, openCheckReader, type ReadCheck, type ValueSort } from "../../compiler/generate/checks.ts";
import { patternOf } from "../../compiler/generate/patterns.ts";
import * as app from "../../generated/fitness/validators.ts";
import { crawlJobs } from "../../generated/pixcrawler/validators.ts";

const COLUMNS: Readonly<Record<string, readonly [sort: ValueSort, type: string]>> = {
  a: ["text", "text"],
  b: ["text", "text"],
  n: ["number", "integer"],
  m: ["number", "integer"],
  f: ["number", "double precision"],
  big: ["bigint", "bigint"],
  d: ["decimal", "numeric"],
  j: ["jsonb", "jsonb"],
  e: ["label", "enum Mood"],
  o: ["label", "enum Other"],
  day: ["other", "date"],
  at: ["other", "timestamp with time zone"],
  flag: ["other", "boolean"],
  list: ["other", "array"],
};
let reader: CheckReader | undefined;
async function read(condition: string): Promise<ReadCheck | null> {
  reader ??= await openCheckReader();
  return reader.read(`CHECK (${condition})`, (column) => {
    const [sort, type] = COLUMNS[column] ?? [];
    return sort === undefined || type === undefined
      ? undefined
      : { sort, operand: { value: column, text: column, type } };
  });
}
const claims = async (condition: string) => {
  const found = await read(condition);
  return found === null ? null : Object.fromEntries(found.claims);
};

describe("a check constraint", () => {
  test("is carried over where all of it can be", async () => {
    expect(await claims("n between 1 and 10 and a <> ''")).toEqual({
      n: [
        { rule: "min", limit: "1" },
        { rule: "max", limit: "10" },
      ],
      a: [{ rule: "shortest", length: 1 }],
    });
    expect(await claims("0.5 < d")).toEqual({ d: [{ rule: "above", limit: "0.5" }] });
    expect(await claims("e is null or e in ('x', 'y')")).toEqual({ e: [{ rule: "one of", values: ["x", "y"] }] });
    expect(await claims("jsonb_typeof(j) = 'object'")).toEqual({ j: [{ rule: "json type", type: "object" }] });
    expect(await claims("a like 'x.%_'")).toEqual({ a: [{ rule: "pattern", source: "^x\\..*.$" }] });
  });

  test.each([
    ["n < d", "lessThan(n, d)"],
    ["n > 0 or n < -5", "either(greaterThan(n, 0), lessThan(n, -5))"],
    ["a is null or n > 0", "either(isNull(a), greaterThan(n, 0))"],
    ["e not in ('x') or flag", 'either(not(oneOf(e, ["x"])), flag)'],
    ["n + m <= big", 'atMost(plus("integer", n, m), big)'],
    ["big > 0.5", 'greaterThan(big, decimalOf("0.5"))'],
    ["(a is null) = (e = 'x')", 'equals(isNull(a), equals(e, "x"))'],
    ["num_nonnulls(a, j) = 1", "equals(countGiven(a, j), 1)"],
    ["cardinality(list) between 1 and 3", "both(atLeast(sizeOf(list), 1), atMost(sizeOf(list), 3))"],
    ["day >= date '1900-01-01'", 'atLeast(day, dayOf("1900-01-01"))'],
  ])("is carried over as a condition on the row where it says %s", async (condition, text) => {
    expect((await read(condition))?.conditions.map((one) => one.text)).toEqual([text]);
  });

  test.each([
    ["a part that cannot be read", "n > 0 and n % 2 = 0"],
    ["a function of somebody's own", "app.length(a) > 2"],
    ["letters of either case", "a ~* '^x$'"],
    ["a function of the moment", "a <> current_user"],
    ["texts in an order", "a < b"],
    ["labels of two enums", "e = o"],
    ["a bigint beside a double", "big < f"],
    ["a sum that may overflow on a way that is not gone", "a is null or n + m > 0"],
    ["a time that depends on the session", "at > '2000-01-01 00:00:00'"],
    ["a day that depends on the day", "day > 'today'"],
  ])("is left to PostgreSQL where it says %s", async (_, condition) => {
    expect(await read(condition)).toBeNull();
  });
});

test.each([
  ["^[a-z0-9_.-]{3,50}$", "^[a-z0-9_.-]{3,50}$"],
  ["^a/b$", "^a\\/b$"],
  ["^(?:x|y\\.z)*$", "^(?:x|y\\.z)*$"],
  ["^[^@[:space:]]+$", null],
  ["\\d+", null],
  ["(?i)abc", null],
  ["***=a.b", null],
  ["a{300}", null],
  ["\\mword", null],
  ["(a)\\1", null],
  ["^*a", null],
  ["a{2", null],
])("the pattern %j means the same to JavaScript as %j", (source, expected) => {
  expect(patternOf(source)).toBe(expected);
});

describe("a domain's validators", () => {
  const user = { email: "uma@example.org", username: "uma", password_hash: "x", full_name: "Uma" };

  test("take what INSERT takes, with what has a default left out, and nothing else", () => {
    expect(app.users.insert.safeParse(user).success).toBe(true);
    expect(app.users.insert.safeParse({ ...user, username: "No!" }).error?.issues).toMatchObject([
      { path: ["username"], message: "does not match ^[a-z0-9_.-]{3,50}$" },
    ]);
    expect(app.users.insert.safeParse({ ...user, nickname: "u" }).success).toBe(false);
    expect(app.users.insert.safeParse({ ...user, full_name: null }).success).toBe(false);
    expect(app.users.update.safeParse({ height_cm: "170.5" }).success).toBe(true);
    expect(app.users.update.safeParse({ height_cm: "9000" }).success).toBe(false);
    // It is computed.
    expect(app.userGoals.update.safeParse({ progress_percent: "10" }).success).toBe(false);
  });

  test("keep secrets in, and are Standard Schemas", async () => {
    expect(Object.keys(app.users.public.shape)).not.toContain("password_hash");
    expect(await app.users.insert["~standard"].validate(user)).toEqual({ value: user });
  });

  test("are JSON Schema and components of OpenAPI as well", async () => {
    const { components } = JSON.parse(await readFile("generated/fitness/schemas.json", "utf8"));
    const { Users, Users_InsertParameters: insert } = components.schemas;
    expect(Users.properties).not.toHaveProperty("password_hash");
    expect(insert).toMatchObject({
      required: ["email", "username", "password_hash", "full_name"],
      additionalProperties: false,
      properties: {
        username: { type: "string", maxLength: 50, pattern: "^[a-z0-9_.-]{3,50}$" },
        role: { enum: ["user", "coach", "admin"] },
        failed_login_attempts: { type: "integer", minimum: 0 },
        coach_id: { anyOf: [{ type: "string", format: "uuid" }, { type: "null" }] },
      },
    });
  });
});

describe("a check on several columns", () => {
  const job = { project_id: "0b5b0a52-6d3c-4a3e-9c55-1c2b3d4e5f60", name: "dogs" };

  test("is asked of what INSERT will write, defaults included", () => {
    expect(crawlJobs.insert.safeParse({ ...job, completed_chunks: 1 }).error?.issues).toMatchObject([
      { params: { constraint: "crawl_jobs_chunks_add_up" } },
    ]);
    expect(crawlJobs.insert.safeParse({ ...job, completed_chunks: 1, total_chunks: 2 }).success).toBe(true);
    expect(crawlJobs.insert.safeParse({ ...job, completed_at: "2026-01-01 00:00:00Z" }).success).toBe(true);
  });

  test("is left to PostgreSQL where UPDATE says only a part", () => {
    expect(crawlJobs.update.safeParse({ completed_chunks: 1 }).success).toBe(true);
    expect(crawlJobs.update.safeParse({ completed_chunks: 1, failed_chunks: 1, total_chunks: 1 }).success).toBe(false);
  });

  test("refuses a sum that PostgreSQL cannot hold", () => {
    const most = 2 ** 31 - 1;
    expect(
      crawlJobs.update.safeParse({ completed_chunks: most, failed_chunks: 1, total_chunks: most }).error?.issues,
    ).toMatchObject([{ message: "integer out of range in crawl_jobs_chunks_add_up" }]);
  });
});

test("a computed column is read, and written by nobody", () => {
  expect(Object.keys(crawlJobs.row.shape)).toContain("progress");
  expect(
    crawlJobs.insert.safeParse({ project_id: "0b5b0a52-6d3c-4a3e-9c55-1c2b3d4e5f60", name: "dogs", progress: 1 })
      .success,
  ).toBe(false);
  expect(crawlJobs.update.safeParse({ progress: 1 }).success).toBe(false);
});
