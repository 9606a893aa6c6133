import { setTimeout as wait } from "node:timers/promises";
import type { ConnectionPool } from "@databases/pg";
import { type Database, embedded, execute, openPool, streamRows } from "verso/client";
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import { startInMemory } from "../../compiler/session/engine.ts";
import { userGoals, users } from "../../generated/fitness/client.ts";
import type { WeeklyVolumeRow } from "../../generated/fitness/queries.ts";
import { streamWeeklyVolume } from "../../generated/fitness/queries.ts";
import type UserGoals from "../../generated/fitness/user_goals.ts";
import type Users from "../../generated/fitness/users.ts";
import { freshDatabase, NEWEST } from "../servers.ts";

interface Numbered {
  readonly n: number;
}
const SERIES = "select n from generate_series(1, $1::int) n";
const MANY = 20_000;

test("lists and queries of many rows can be streamed, typed as their rows are", () => {
  const all = (db: Database) => users.stream(db);
  expectTypeOf(all).returns.toEqualTypeOf<AsyncIterable<Users>>();
  expectTypeOf(streamWeeklyVolume).returns.toEqualTypeOf<AsyncIterable<WeeklyVolumeRow>>();
  const nested = (db: Database, user: Users) => userGoals.streamByUserId(db, user.id, { with: { user: true } });
  expectTypeOf(nested).returns.toEqualTypeOf<AsyncIterable<UserGoals & { readonly user: Users }>>();
  // @ts-expect-error a stream has no pages
  void ((db: Database) => users.stream(db, { after: "x" }));
});

describe("a stream on a server", () => {
  let pool: ConnectionPool;
  let watching: ConnectionPool;
  let close: () => Promise<void>;
  let held = { now: 0, most: 0 };
  beforeAll(async () => {
    const database = await freshDatabase(NEWEST);
    pool = await openPool({ connectionString: database.url, poolSize: 2, onError: () => undefined });
    watching = await openPool(database.url);
    // Rows that were read and not yet taken.
    await pool.registerTypeParser(23, (text) => {
      held.now++;
      held.most = Math.max(held.most, held.now);
      return Number(text);
    });
    close = async () => {
      await pool.dispose();
      await watching.dispose();
      await database.close();
    };
  });
  beforeEach(() => {
    held = { now: 0, most: 0 };
  });
  afterAll(() => close?.());

  const transactions = async (): Promise<number> => {
    const rows = await execute<Numbered>(
      watching,
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and (xact_start is not null or state = 'active')`,
      [],
    );
    return rows[0]?.n ?? 0;
  };

  test("gives many rows, of which it never holds more than a few", async () => {
    let sum = 0;
    for await (const { n } of streamRows<Numbered>(pool, SERIES, [MANY])) {
      held.now--;
      sum += n;
    }
    expect(sum).toBe((MANY * (MANY + 1)) / 2);
    expect(held.most).toBeLessThanOrEqual(1000);
    expect(await transactions()).toBe(0);
  });

  test("leaves nothing open when the loop is left, by break or by an error, and reads no further", async () => {
    for await (const { n } of streamRows<Numbered>(pool, SERIES, [MANY])) if (n === 1500) break;
    expect(held.most).toBe(2000);
    expect(await transactions()).toBe(0);
    const failing = async () => {
      for await (const { n } of streamRows<Numbered>(pool, SERIES, [MANY])) if (n === 3) throw new Error("enough");
    };
    await expect(failing()).rejects.toThrow("enough");
    expect(await transactions()).toBe(0);
  });

  test("goes by a connection of its own, so that the loop's body can ask for other things", async () => {
    const found: number[] = [];
    for await (const { n } of streamRows<Numbered>(pool, SERIES, [3])) {
      found.push(...(await execute<Numbered>(pool, "select $1::int * 2 as n", [n])).map((row) => row.n));
    }
    expect(found).toEqual([2, 4, 6]);
  });

  test("inside of a transaction it is part of that, beside others", async () => {
    await pool.tx(async (transaction) => {
      await execute(transaction, "create temp table seen (n int) on commit drop", []);
      for await (const { n } of streamRows<Numbered>(transaction, SERIES, [2])) {
        for await (const inner of streamRows<Numbered>(transaction, SERIES, [2])) {
          await execute(transaction, "insert into seen values ($1)", [n * 10 + inner.n]);
        }
      }
      expect(await execute(transaction, "select array_agg(n) as all from seen", [])).toEqual([
        { all: [11, 12, 21, 22] },
      ]);
      expect(await execute(transaction, "select name from pg_cursors", [])).toEqual([]);
    });
  });

  test("tells the error of its statement, also of one that breaks far behind", async () => {
    const rows = async (text: string) => {
      for await (const _ of streamRows(pool, text, [])) void _;
    };
    await expect(rows("select nothing")).rejects.toMatchObject({ code: "42703" });
    await expect(rows("select 1 / (5000 - n) from generate_series(1, 9000) n")).rejects.toMatchObject({
      code: "22012",
    });
    expect(await transactions()).toBe(0);
  });

  test("ends by its signal, while it waits for the server and between rows, and by its time-out", async () => {
    const slow = "select n, pg_sleep(case when n > 1000 then 60 else 0 end) from generate_series(1, 2000) n";
    const aborting = new AbortController();
    const waiting = async () => {
      for await (const { n } of streamRows<Numbered>(pool, slow, [], { signal: aborting.signal })) {
        // The next batch is the one that sleeps.
        if (n === 1000) wait(50).then(() => aborting.abort(new Error("enough")));
      }
    };
    await expect(waiting()).rejects.toThrow("enough");
    const between = new AbortController();
    let last = 0;
    const reading = async () => {
      for await (const { n } of streamRows<Numbered>(pool, SERIES, [10], { signal: between.signal })) {
        last = n;
        if (n === 5) between.abort(new Error("enough"));
      }
    };
    await expect(reading()).rejects.toThrow("enough");
    expect(last).toBe(5);
    const timed = async () => {
      for await (const _ of streamRows(pool, slow, [], { timeoutMs: 100 })) void _;
    };
    await expect(timed()).rejects.toMatchObject({ code: "57014" });
    while ((await transactions()) > 0);
    expect(await execute(pool, "show statement_timeout", [])).toEqual([{ statement_timeout: "0" }]);
  });
});

test("a stream on PGlite holds a batch at a time and no transaction, so that its one connection serves the loop's body", async () => {
  const lite = await startInMemory();
  try {
    const db = await embedded(lite);
    const cursors = () =>
      execute<Numbered>(db, "select count(*)::int as n from pg_cursors where name like 'verso%'", []);
    let sum = 0;
    for await (const { n } of streamRows<Numbered>(db, SERIES, [2500])) {
      if (n % 1000 === 0) sum += (await execute<Numbered>(db, "select $1::int as n", [n]))[0]?.n ?? 0;
    }
    expect(sum).toBe(3000);
    for await (const { n } of streamRows<Numbered>(db, SERIES, [2500])) if (n === 2) break;
    expect(await cursors()).toEqual([{ n: 0 }]);
    await db.tx(async (transaction) => {
      for await (const { n } of streamRows<Numbered>(transaction, SERIES, [2500])) if (n === 2) break;
      expect(await execute(transaction, "select name from pg_cursors where name like 'verso%'", [])).toEqual([]);
    });
    const failing = async () => {
      for await (const _ of streamRows(db, "select 1 / (2 - n) from generate_series(1, 3) n", [])) void _;
    };
    await expect(failing()).rejects.toMatchObject({ code: "22012" });
    expect(await cursors()).toEqual([{ n: 0 }]);
  } finally {
    await lite.close();
  }
});
