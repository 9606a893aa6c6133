import createConnectionPool, { isSQLError, sql } from "@databases/pg";
import { expect, test } from "vitest";
import { openServerSession } from "../../compiler/session/server.ts";
import { freshDatabase } from "../servers.ts";

test("a service on @databases/pg works on what Verso created, and sees the names of its constraints", async () => {
  const database = await freshDatabase(18);
  const session = await openServerSession(database.url);
  await session.run(`
    create table parent (id int primary key);
    create table child (id int primary key, parent_id int not null constraint child_has_parent references parent)`);
  const service = createConnectionPool.default({ connectionString: database.url, bigIntMode: "bigint" });
  try {
    const refusal = await service.query(sql`insert into child values (1, 2)`).catch((error: unknown) => error);
    expect(isSQLError(refusal)).toBe(true);
    expect(refusal).toMatchObject({ code: "23503", constraint: "child_has_parent", table: "child" });
    await service.query(sql`insert into parent values (2)`);
    await service.query(sql`insert into child values (1, 2)`);
    expect(await service.query(sql`select parent_id from child`)).toEqual([{ parent_id: 2 }]);
  } finally {
    await service.dispose();
    await session.close();
    await database.close();
  }
});
