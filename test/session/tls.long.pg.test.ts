import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { openPool } from "verso/client";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openServerSession } from "../../compiler/session/server.ts";
import { readEncryption } from "../../compiler/setup/encryption.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { MAJORS_OF_LONG_SUITES, ownServer } from "../servers.ts";

const file = (name: string): string => resolve("test/session/certificates", name);

const HBA = `local all all trust
hostssl all certain 127.0.0.1/32 trust clientcert=verify-full
host all all 127.0.0.1/32 scram-sha-256
`;

describe.each(MAJORS_OF_LONG_SUITES)("a server with a certificate, PostgreSQL %s", (major) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await ownServer(major);
    await encrypt();
  });
  afterAll(() => cluster.close());

  const admin = async (sql: string, parameters: readonly string[] = []): Promise<void> => {
    const session = await openServerSession(`${cluster.url}?sslmode=disable`);
    await session.query(sql, parameters).finally(() => session.close());
  };
  const put = async (name: string, text: string): Promise<void> => {
    const lines = text.replaceAll("'", "''");
    await admin(`copy (select '${lines}') to program 'umask 077; printf "%b" "$(cat)" > ${name}'`);
  };
  const encrypt = async (): Promise<void> => {
    for (const name of ["server.crt", "server.key", "root.crt"]) await put(name, await readFile(file(name), "utf8"));
    await put("pg_hba.conf", HBA);
    await admin("create role certain login superuser");
    await admin("alter system set ssl_ca_file = 'root.crt'");
    await admin("alter system set ssl = on");
    await admin("select pg_reload_conf()");
    await vi.waitFor(async () => expect(await encrypted("?sslmode=require")).toBe(true), { timeout: 20_000 });
  };
  const at = (host: string, query: string): string => `${cluster.url.replace("127.0.0.1", host)}${query}`;
  const encrypted = async (query: string, host = "localhost"): Promise<unknown> => {
    const session = await openServerSession(at(host, query));
    const [row] = await session
      .query<{ ssl: boolean }>("select ssl from pg_stat_ssl where pid = pg_backend_pid()")
      .finally(() => session.close());
    return row?.ssl;
  };
  const root = `&sslrootcert=${file("root.crt")}`;

  test.each([
    ["", true],
    ["?sslmode=prefer", true],
    ["?sslmode=allow", false],
    ["?sslmode=disable", false],
    ["?sslmode=require", true],
    [`?sslmode=verify-ca${root}`, true],
    [`?sslmode=verify-full${root}`, true],
  ])("%s is encrypted: %s", async (query, isEncrypted) => {
    expect(await encrypted(query)).toBe(isEncrypted);
  });

  test("verso setup tells by which protocol, as the server sees it", async () => {
    const session = await openServerSession(at("localhost", "?sslmode=require"));
    const told = await readEncryption(session).finally(() => session.close());
    expect(told).toEqual({
      role: "postgres",
      encryption: expect.stringMatching(/^encrypted by TLSv1\.[23] \(\w+\)$/),
      isExposed: false,
    });
  });

  test("a host of another name than the certificate's is refused by verify-full alone", async () => {
    expect(await encrypted(`?sslmode=verify-ca${root}`, "127.0.0.1")).toBe(true);
    await expect(encrypted(`?sslmode=verify-full${root}`, "127.0.0.1")).rejects.toMatchObject({
      code: "certificate-refused",
      what: expect.stringContaining("is not for the host"),
    });
  });

  test("a certificate that nobody known here issued is refused, and the way to know the issuer told", async () => {
    for (const query of [`?sslmode=require&sslrootcert=${file("other.crt")}`, "?sslmode=verify-full"]) {
      await expect(encrypted(query)).rejects.toMatchObject({
        code: "certificate-refused",
        next: expect.stringContaining("sslrootcert=FILE"),
      });
    }
  });

  test("who must show a certificate of his own is let in with it only", async () => {
    const url = `postgres://certain@localhost:${new URL(cluster.url).port}/postgres?sslmode=require`;
    await expect(openServerSession(url)).rejects.toMatchObject({ code: "login-refused" });
    const own = await openServerSession(`${url}&sslcert=${file("client.crt")}&sslkey=${file("client.key")}`);
    expect(await own.query("select current_user as who")).toEqual([{ who: "certain" }]);
    await own.close();
  });

  test("a service's pool verifies as the command line does", async () => {
    const pool = await openPool(at("localhost", `?sslmode=verify-full${root}`));
    const { sql } = await import("@databases/pg");
    const rows = await pool.query(sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`);
    await pool.dispose();
    expect(rows).toEqual([{ ssl: true }]);
    await expect(openPool(at("127.0.0.1", `?sslmode=verify-full${root}`))).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });
});

test("a server without TLS is reached where that is allowed, and told to have none where it is not", async () => {
  const cluster = await ownServer(MAJORS_OF_LONG_SUITES[0] ?? 18);
  try {
    await (await openServerSession(cluster.url)).close();
    await expect(openServerSession(`${cluster.url}?sslmode=require`)).rejects.toMatchObject({
      code: "tls-not-offered",
    });
  } finally {
    await cluster.close();
  }
});
