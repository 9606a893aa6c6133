import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { tlsSettings } from "../../compiler/session/tls.ts";

const ROOT = resolve("test/session/certificates/root.crt");

const settle = (query: string, environment: Readonly<Record<string, string>> = {}) => {
  const { mode, attempts, url } = tlsSettings(`postgres://me@host/db${query}`, environment);
  const told = attempts.map((one) => {
    if (one === false) return "plain";
    if (one.rejectUnauthorized !== true) return "encrypted";
    return one.checkServerIdentity === undefined ? "issuer and host verified" : "issuer verified";
  });
  return { mode, told, url };
};

describe("what a URL says about TLS has libpq's meaning", () => {
  test.each([
    ["", "prefer", ["encrypted", "plain"]],
    ["?sslmode=disable", "disable", ["plain"]],
    ["?sslmode=allow", "allow", ["plain", "encrypted"]],
    ["?sslmode=prefer", "prefer", ["encrypted", "plain"]],
    ["?sslmode=require", "require", ["encrypted"]],
    ["?ssl=true", "require", ["encrypted"]],
    [`?sslmode=require&sslrootcert=${ROOT}`, "require", ["issuer verified"]],
    [`?sslmode=verify-ca&sslrootcert=${ROOT}`, "verify-ca", ["issuer verified"]],
    [`?sslmode=verify-full&sslrootcert=${ROOT}`, "verify-full", ["issuer and host verified"]],
    ["?sslmode=verify-full", "verify-full", ["issuer and host verified"]],
    ["?sslrootcert=system", "verify-full", ["issuer and host verified"]],
    // What node-postgres calls it.
    [`?sslmode=no-verify&sslrootcert=${ROOT}`, "require", ["encrypted"]],
  ])("%s is %s", (query, mode, told) => {
    expect(settle(query)).toEqual({ mode, told, url: "postgres://me@host/db" });
  });

  test("the environment says what the URL leaves open", () => {
    const environment = { PGSSLMODE: "verify-full", PGSSLROOTCERT: ROOT };
    expect(settle("", environment)).toMatchObject({ mode: "verify-full", told: ["issuer and host verified"] });
    expect(settle("?sslmode=disable", environment)).toMatchObject({ mode: "disable" });
  });

  test("what else the URL says stays in it, and a socket is never encrypted", () => {
    expect(settle("?application_name=x&sslmode=require&options=-c%20a").url).toBe(
      "postgres://me@host/db?application_name=x&options=-c%20a",
    );
    expect(settle("?host=/run/postgresql&sslmode=require").told).toEqual(["plain"]);
  });

  test("what cannot be is refused, with the word that is wrong", () => {
    expect(() => settle("?sslmode=on")).toThrow(/sslmode=on means nothing/);
    expect(() => settle("?sslmode=require&sslrootcert=system")).toThrow(/sslmode=require do not go together/);
    expect(() => settle("?sslmode=verify-ca")).toThrow(/no root certificate/);
    expect(() => settle("?sslmode=verify-full&sslrootcert=/nowhere/root.crt")).toThrow(
      /the file that sslrootcert names/,
    );
  });
});
