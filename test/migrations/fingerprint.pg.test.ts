import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diffFacts } from "../../compiler/diff/diffFacts.ts";
import { checksum, fingerprint } from "../../compiler/migrations/fingerprint.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { freshDatabase, MAJORS } from "../servers.ts";

describe("a fingerprint", () => {
  let session: Session;
  let empty: string;
  beforeAll(async () => {
    session = await openEmbeddedSession();
    empty = fingerprint(await readCatalog(session));
  });
  afterAll(async () => {
    await session.close();
  });

  /** The catalog after a script that is undone. */
  const catalogAfter = async (sql: string) => {
    await session.run(`begin; ${sql}`);
    try {
      return await readCatalog(session, "caller's transaction");
    } finally {
      await session.run("rollback");
    }
  };
  const of = async (sql: string) => fingerprint(await catalogAfter(sql));

  test.each(MAJORS)("of an empty database is the same on a server of version %s", async (major) => {
    const database = await freshDatabase(major);
    const server = await openServerSession(database.url);
    expect(fingerprint(await readCatalog(server))).toBe(empty);
    await server.close();
    await database.close();
  });

  test("changes with anything that a diff sees", async () => {
    const table = "create table t (id int, name text);";
    const all = await Promise.all([
      empty,
      await of(table),
      await of(`${table} alter table t alter name set not null`),
      await of(`${table} comment on column t.name is 'x'`),
      await of(`${table} create index on t (name)`),
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  test("stays with what a diff does not see, such as the order of columns", async () => {
    const [one, other] = [
      await catalogAfter("create table t (id int, name text)"),
      await catalogAfter("create table t (name text, id int)"),
    ];
    expect(diffFacts(one, other)).toEqual([]);
    expect(fingerprint(one)).toBe(fingerprint(other));
  });

  test("leaves out other databases' roles, with their comments, memberships and settings", async () => {
    const roles =
      "create role r1; create role r2; grant r1 to r2; comment on role r1 is 'x'; alter role r1 set work_mem = '1MB';";
    expect(await of(roles)).toBe(empty);
    const granted = `create table t (id int); ${roles}`;
    expect(await of(`${granted} grant select on t to r1`)).not.toBe(
      await of(`${granted} grant select on t to r1; alter role r1 login`),
    );
  });

  test("leaves out Verso's own schemas", async () => {
    expect(await of("create schema verso; create table verso.x (id int); create schema verso_attic")).toBe(empty);
  });

  test("of a script does not depend on the line ends of a checkout", () => {
    expect(checksum("a\r\nb\r\n")).toBe(checksum("a\nb\n"));
  });
});
