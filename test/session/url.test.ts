import { afterEach, describe, expect, test, vi } from "vitest";
import { databaseUrl, withDatabase } from "../../compiler/session/databaseUrl.ts";
import { mentionedExtensions } from "../../compiler/session/extensions.ts";
import { isDatabaseUrl, openSession } from "../../compiler/session/open.ts";
import { redactUrl } from "../../compiler/session/server.ts";

describe("redactUrl", () => {
  test.each([
    ["postgres://me:secret@host:5432/db", "postgres://me@host:5432/db"],
    ["postgresql://me:se%40cret@host/db?sslmode=require", "postgresql://me@host/db?sslmode=require"],
    ["postgres://me:a:b@c@host/db", "postgres://me@host/db"],
    ["postgres://me:pa/ss@host/db", "postgres://me@host/db"],
    ["postgres://me:pa#ss?x@host/db", "postgres://me@host/db"],
    ["postgres://host/db?user=me&password=secret&x=1", "postgres://host/db?user=me&password=…&x=1"],
    ["postgres://me@host/db", "postgres://me@host/db"],
    ["postgres://:secret@host/db", "postgres://@host/db"],
    ["pglite:./data", "pglite:./data"],
    // What was meant as a URL and is none.
    ["me:secret@host:5432/db", "me@host:5432/db"],
    ["postgres:secret@host/db", "postgres@host/db"],
    ["postgres:me:secret@host/db", "postgres@host/db"],
    ["postgres:/me:secret@host/db", "postgres@host/db"],
    ["user1:secret@host/db", "user1@host/db"],
    ["host=localhost password=secret dbname=db", "host=localhost password=… dbname=db"],
    ["C:\\work\\schema.sql", "C:\\work\\schema.sql"],
  ])("%s is shown as %s", (url, shown) => {
    expect(redactUrl(url)).toBe(shown);
  });
});

describe("withDatabase", () => {
  test.each([
    ["postgres://me:x@host:5432/db?sslmode=disable", "postgres://me:x@host:5432/new?sslmode=disable"],
    ["postgres://postgres@/postgres?host=%2Frun%2Fx", "postgres://postgres@/new?host=%2Frun%2Fx"],
    ["postgres:///postgres?host=/run/x", "postgres:///new?host=/run/x"],
    ["postgres://host", "postgres://host/new"],
  ])("%s becomes %s", (url, expected) => {
    expect(withDatabase(url, "new")).toBe(expected);
  });
});

describe("databaseUrl", () => {
  afterEach(() => vi.unstubAllEnvs());

  test("takes the one given, else the domain's own, else the one of all", () => {
    vi.stubEnv("DATABASE_URL", "pglite:./all");
    vi.stubEnv("PET_SHOP_DATABASE_URL", "pglite:./pets");
    expect(databaseUrl("pet-shop", "pglite:./given")).toBe("pglite:./given");
    expect(databaseUrl("pet-shop")).toBe("pglite:./pets");
    expect(databaseUrl("other")).toBe("pglite:./all");
    vi.stubEnv("PET_SHOP_DATABASE_URL", "");
    expect(databaseUrl("pet-shop")).toBe("pglite:./all");
  });

  test("of no domain is the one of all, whatever domains have", () => {
    vi.stubEnv("DATABASE_URL", "");
    for (const name of ["THIS_FOLDER", "NULL", ""]) vi.stubEnv(`${name}_DATABASE_URL`, "pglite:./mistaken");
    expect(() => databaseUrl(null)).toThrow(
      expect.objectContaining({ code: "no-target", what: "no database is named" }),
    );
    vi.stubEnv("DATABASE_URL", "pglite:./all");
    expect(databaseUrl(null)).toBe("pglite:./all");
  });
});

test("a database URL is known by its scheme", async () => {
  expect(["postgres://x", "postgresql://x", "pglite:memory", "schema.sql", "empty"].map(isDatabaseUrl)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  await expect(openSession("mysql://me:secret@host/db")).rejects.toMatchObject({
    code: "url-scheme-unknown",
    what: expect.not.stringContaining("secret"),
  });
});

test.each([
  ["sqlite:///./dev.db", "pglite:./dev,"],
  ["sqlite:////srv/app/dev.sqlite3", "pglite:/srv/app/dev,"],
  ["sqlite+aiosqlite:///:memory:", "pglite:memory,"],
  ["sqlite://", "pglite:memory,"],
  ["postgresql+psycopg2://me:secret@host/db", "postgresql:// without +psycopg2"],
])("%s is known for what it is, and what to write instead is told", async (url, instead) => {
  await expect(openSession(url)).rejects.toMatchObject({
    code: "url-scheme-unknown",
    what: expect.not.stringContaining("secret"),
    next: expect.stringContaining(instead),
  });
});

test("a script's extensions are found, whatever their spelling, so that the embedded engine loads them", () => {
  const script = `CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
    create extension Pg_Trgm; create
    extension hstore; -- create extension nothing_we_have`;
  expect(mentionedExtensions(script)).toEqual(["hstore", "pg_trgm", "uuid-ossp"]);
});
