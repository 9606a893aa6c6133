import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type CheckReader, openCheckReader, patternOf, type ValueSort } from "../../compiler/generate/checks.ts";
import * as app from "../../generated/fitness/validators.ts";

const SORTS: Readonly<Record<string, ValueSort>> = {
  a: "text",
  n: "number",
  big: "bigint",
  d: "decimal",
  j: "jsonb",
  e: "label",
};
let reader: CheckReader | undefined;
const claims = async (condition: string) => {
  reader ??= await openCheckReader();
  const found = reader.read(`CHECK (${condition})`, (column) => SORTS[column]);
  return found === null ? null : Object.fromEntries(found);
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
  });

  test.each([
    ["two columns", "n < d"],
    ["a part that cannot be read", "n > 0 and n % 2 = 0"],
    ["an alternative", "n > 0 or n < -5"],
    ["another column's null", "a is null or n > 0"],
    ["a function of somebody's own", "app.length(a) > 2"],
    ["a fraction beside a bigint", "big > 0.5"],
    ["lists that leave something out", "a not in ('x')"],
    ["letters of either case", "a ~* '^x$'"],
    ["a function of the moment", "a <> current_user"],
  ])("is left to PostgreSQL where it says %s", async (_, condition) => {
    expect(await claims(condition)).toBeNull();
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
