import { join } from "node:path";
import { prepareDatabase } from "verso/service";
import { expect, test, vi } from "vitest";
import { emitDomain } from "../../compiler/compile/emit.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import { freshDatabase, NEWEST } from "../servers.ts";
import { SEEDED, shopProject } from "./fixtures.ts";

test("a service seeds in development, as often as it starts, and never in production", async () => {
  const shop = await shopProject(SEEDED);
  const { url, close } = await freshDatabase(NEWEST);
  const start = (mode: "development" | "production", environments?: readonly string[]) =>
    prepareDatabase("shop", {
      database: url,
      project: shop.folder,
      mode,
      ...(environments === undefined ? {} : { environments }),
    });
  const ask = async (sql: string): Promise<readonly object[]> => {
    const session = await openServerSession(url);
    return session.query(sql).finally(() => session.close());
  };
  await emitDomain(shop.domain, { sql: join(shop.folder, "sql"), generated: join(shop.folder, "generated") });
  expect(await start("development", [])).toMatchObject({ state: "ready", applied: ["0001_baseline"], seeded: 0 });
  expect(await start("development")).toMatchObject({ state: "ready", reasons: [], seeded: 1 });
  expect(await ask("select id, name from users")).toEqual([{ id: 1, name: "Ann" }]);
  expect(await start("development")).toMatchObject({ state: "ready", seeded: 0 });
  await ask("delete from users");
  expect(await start("production")).toMatchObject({ state: "ready", seeded: 0 });
  expect(await ask("select from users")).toEqual([]);
  await close();
  await shop.close();
});

test("a service whose AUTO_INIT_DATABASE says nothing that can be understood starts, and says so", async () => {
  vi.stubEnv("AUTO_INIT_DATABASE", "perhaps");
  const { state, reasons } = await prepareDatabase("shop", { database: "pglite:./nowhere" });
  vi.unstubAllEnvs();
  expect([state, reasons]).toEqual(["degraded", [expect.objectContaining({ code: "environment-invalid" })]]);
});
