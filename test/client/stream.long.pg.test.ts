import { openPool, streamRows } from "verso/client";
import { expect, test } from "vitest";
import { freshDatabase, NEWEST } from "../servers.ts";

const MILLION = 1_000_000;

test("a million rows are streamed, of which never more than a batch are held", async () => {
  const database = await freshDatabase(NEWEST);
  const pool = await openPool({ connectionString: database.url, poolSize: 1 });
  const held = { now: 0, most: 0 };
  await pool.registerTypeParser(23, (text) => {
    held.now++;
    held.most = Math.max(held.most, held.now);
    return Number(text);
  });
  try {
    let sum = 0;
    for await (const { n } of streamRows<{ n: number }>(pool, "select n from generate_series(1, $1::int) n", [
      MILLION,
    ])) {
      held.now--;
      sum += n;
    }
    expect(sum).toBe((MILLION * (MILLION + 1)) / 2);
    expect(held.most).toBeLessThanOrEqual(1000);
  } finally {
    await pool.dispose();
    await database.close();
  }
});
