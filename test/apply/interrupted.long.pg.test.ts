import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { check } from "../../compiler/apply/check.ts";
import type { Progress } from "../../compiler/apply/progress.ts";
import { rollback } from "../../compiler/apply/rollback.ts";
import { history, status } from "../../compiler/apply/status.ts";
import { fingerprint } from "../../compiler/migrations/fingerprint.ts";
import type { Migration } from "../../compiler/migrations/migration.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import type { Session } from "../../compiler/session/session.ts";
import { embeddedShadow } from "../exact.ts";
import {
  alone,
  closeEmbedded,
  freshTarget,
  migrationsThrough,
  one,
  type Target,
  together,
  withSteps,
} from "./fixtures.ts";

const BEFORE = "create type mood as enum ('sad'); create table users (id int primary key, name text)";
const AFTER = `create type mood as enum ('sad', 'ok'); create table users (id int primary key, name text, mood mood);
  create index users_name on users (name); create table notes (id int)`;

let first: Migration;
/** Transaction, index built concurrently, enum value, transaction; and back in two steps, one of them alone. */
let second: Migration;
beforeAll(async () => {
  const [a, b] = await migrationsThrough(BEFORE, AFTER);
  if (a === undefined || b === undefined) throw new Error("no migrations");
  first = a;
  second = withSteps(
    b,
    [
      together("CREATE TABLE public.notes (id int)"),
      alone("CREATE INDEX CONCURRENTLY users_name ON public.users (name)"),
      alone("ALTER TYPE public.mood ADD VALUE 'ok'"),
      together("ALTER TABLE public.users ADD COLUMN mood public.mood"),
    ],
    [
      alone("DROP INDEX CONCURRENTLY public.users_name"),
      ...b.rollback.steps.map(({ statements }) =>
        together(...statements.map(({ sql }) => sql).filter((sql) => !sql.startsWith("DROP INDEX"))),
      ),
    ],
  );
});
afterAll(async () => {
  await (await embeddedShadow()).close();
  await closeEmbedded();
});

// A run makes some fifty calls. Every thirteenth is tried here, with another start each time; all of them with the variable.
const STRIDE = process.env.VERSO_TEST_EXHAUSTIVE === undefined ? 13 : 1;

class Death extends Error {}

/** A session whose connection dies at the n-th call, before PostgreSQL sees it or after it has answered. */
function mortal(
  session: Session,
  calls: number,
  when: "before" | "after",
): Session & { readonly isDead: () => boolean } {
  let left = calls;
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    if (left < 0) throw new Death("the connection is gone");
    left--;
    if (left >= 0) return work();
    if (when === "after") await work().catch(() => undefined);
    await session.close();
    throw new Death("the connection is gone");
  };
  return {
    ...session,
    query: (sql, parameters) => attempt(() => session.query(sql, parameters)),
    run: (script) => attempt(() => session.run(script)),
    isDead: () => left < 0,
  };
}

describe("a run whose connection dies", () => {
  let target: Target;
  beforeEach(async () => {
    target = await freshTarget(18);
    await apply(target.session, [first]);
    await target.session.run("insert into users values (1, 'Ada')");
  });
  afterEach(async () => {
    await target.close();
  });
  const live = async () => fingerprint(await readCatalog(target.session));
  const bothWays = (when: "before" | "after", from: number) => async () => {
    const start = await live();
    for (let calls = from % STRIDE; ; calls += STRIDE) {
      const there = mortal(await target.another(), calls, when);
      await apply(there, [first, second]).catch((error) => expect(error).toBeInstanceOf(Error));
      await apply(target.session, [first, second]);
      expect(await live()).toBe(second.proof.after);
      const back = mortal(await target.another(), calls, when);
      await rollback(back, { acceptDataLoss: true }).catch((error) => expect(error).toBeInstanceOf(Error));
      if ((await live()) !== start) await rollback(target.session, { acceptDataLoss: true });
      expect(await live()).toBe(start);
      expect(await check(target.session)).toMatchObject({ drift: [], applied: ["0001_m1"] });
      await Promise.all([there.close(), back.close()].map((closing) => closing.catch(() => undefined)));
      if (!there.isDead() && !back.isDead()) break;
    }
    expect(await target.session.query("select id, name from users")).toEqual([{ id: 1, name: "Ada" }]);
  };

  test("before any of its calls is resumed, forward and back", bothWays("before", 3), 300_000);
  test("after any of its calls is resumed, forward and back", bothWays("after", 5), 300_000);

  test("can be taken back from wherever it stopped", async () => {
    const start = await live();
    for (let calls = 8; ; calls += STRIDE) {
      const there = mortal(await target.another(), calls, "after");
      await apply(there, [first, second]).catch(() => undefined);
      const standing = (await status(target.session, [first, second])).migrations[1];
      if (standing?.state !== "pending") await rollback(target.session, { acceptDataLoss: true });
      expect(await live()).toBe(start);
      await there.close().catch(() => undefined);
      if (!there.isDead()) break;
    }
  }, 300_000);

  test("while an index is built concurrently leaves an invalid one, which is built again", async () => {
    const { session } = target;
    // Another transaction holds the build up; ending its backend leaves the invalid index behind.
    const blocker = await target.another();
    await blocker.run("begin; insert into users values (2, 'Grace')");
    const doomed = await target.another();
    const pid = await one<number>(doomed, "pg_backend_pid()");
    const run = apply(doomed, [first, second]).catch((error: unknown) => error);
    await until(
      async () => (await one<number>(session, "select count(*)::int from pg_index where not indisvalid")) === 1,
    );
    await session.query("select pg_terminate_backend($1)", [pid ?? 0]);
    expect(await run).toBeInstanceOf(Error);
    await blocker.run("commit");
    await apply(session, [first, second]);
    expect(await one(session, "select bool_and(indisvalid) from pg_index where indrelid = 'users'::regclass")).toBe(
      true,
    );
    expect((await history(session)).map(({ event }) => event)).toContain("resumed");
  });

  test("killed with its process, is resumed", async () => {
    const { session } = target;
    const child = spawn(process.execPath, ["test/apply/victim.mjs"], {
      stdio: ["pipe", "inherit", "inherit"],
      env: { ...process.env, VICTIM_URL: target.url ?? "" },
    });
    const exit = once(child, "exit");
    child.stdin.end(JSON.stringify([first, second]));
    expect(await exit).toEqual([null, "SIGKILL"]);
    expect((await status(session, [first, second])).migrations[1]).toMatchObject({ state: "applying", stepsDone: 2 });
    await apply(session, [first, second]);
    expect(await live()).toBe(second.proof.after);
  });
});

describe("a run on the embedded engine that breaks off", () => {
  test("is resumed by the next one in the same process", async () => {
    const { session, close } = await freshTarget("embedded");
    await apply(session, [first]);
    for (const calls of [20, 30, 40, 50]) {
      // The engine lives on; only what the dead connection had open is undone.
      const there = mortal(
        { ...session, close: () => session.run("rollback; select pg_advisory_unlock_all()") },
        calls,
        "after",
      );
      await apply(there, [first, second]).catch(() => undefined);
    }
    await apply(session, [first, second]);
    expect(fingerprint(await readCatalog(session))).toBe(second.proof.after);
    await close();
  });
});

describe.each([15, 18] as const)("two runs at the same time on %s", (major) => {
  let target: Target;
  beforeEach(async () => {
    target = await freshTarget(major);
  });
  afterEach(async () => {
    await target.close();
  });

  test("the second is told who holds the lock since when, and the first goes on", async () => {
    const other = await target.another();
    let refusal: Promise<unknown> | undefined;
    const onProgress = ({ event }: Progress): void => {
      if (event === "step started") refusal ??= apply(other, [first]).catch((error: unknown) => error);
    };
    await apply(target.session, [first], { onProgress });
    expect(await refusal).toMatchObject({
      code: "target-locked",
      why: expect.stringMatching(/^held by .+@.+ \(backend \d+\) since \d{4}-/),
    });
  });

  test("one of the same session is refused as well", async () => {
    const both = await Promise.allSettled([apply(target.session, [first]), apply(target.session, [first])]);
    expect(both.map(({ status: outcome }) => outcome)).toEqual(["fulfilled", "rejected"]);
  });

  test("a lease held through another connection is respected although the advisory lock is free", async () => {
    await apply(target.session, [first]);
    const other = await target.another();
    const pid = await one<number>(other, "pg_backend_pid()");
    await target.session.query(
      `update verso.target set lease = 'x', lease_holder = 'someone@pooler', lease_pid = $1, lease_since = now(),
        lease_renewed = now(), lease_backend_start = (select backend_start from pg_stat_activity where pid = $1)`,
      [pid ?? 0],
    );
    await expect(apply(target.session, [first, second])).rejects.toMatchObject({
      code: "target-locked",
      why: expect.stringContaining("someone@pooler"),
    });
    expect((await status(target.session, [first, second])).lockedBy?.holder).toBe("someone@pooler");
    await target.session.run("update verso.target set lease_renewed = now() - interval '1 hour'");
    await apply(target.session, [first, second]);
    expect((await history(target.session)).map(({ event }) => event)).toContain("lease taken over");
  });

  test("a step that does not get its lock is tried again, and readers do not queue behind it for long", async () => {
    await apply(target.session, [first]);
    const reader = await target.another();
    await reader.run("begin; select * from users");
    const retried: Progress[] = [];
    const onProgress = (progress: Progress): void => {
      if (progress.event !== "step retried") return;
      retried.push(progress);
      if (retried.length === 2) void reader.run("commit");
    };
    await apply(target.session, [first, second], { onProgress, lockTimeoutMs: 100, retryWaitMs: 50 });
    expect(retried.length).toBeGreaterThanOrEqual(2);
  });

  test("so is a step outside a transaction that gives way to others", async () => {
    await apply(target.session, [first]);
    const filling = withSteps(second, [
      alone("DO $$ BEGIN SET LOCAL lock_timeout = '50ms'; LOCK TABLE users; COMMIT; END $$"),
      ...second.forward.steps,
    ]);
    const reader = await target.another();
    await reader.run("begin; select * from users");
    const retried: Progress[] = [];
    const onProgress = (progress: Progress): void => {
      if (progress.event !== "step retried") return;
      retried.push(progress);
      if (retried.length === 2) void reader.run("commit");
    };
    await apply(target.session, [first, filling], { onProgress, retryWaitMs: 50 });
    expect(retried.length).toBeGreaterThanOrEqual(2);
  });

  test("a step that never gets its lock stops, and names the transactions that are open", async () => {
    await apply(target.session, [first]);
    const locking = withSteps(second, [together("LOCK TABLE users")]);
    const reader = await target.another();
    await reader.run("set application_name = 'a long report'; begin; select * from users");
    await expect(
      apply(target.session, [first, locking], { lockTimeoutMs: 50, retryWaitMs: 10, lockAttempts: 2 }),
    ).rejects.toMatchObject({
      code: "lock-not-available",
      why: expect.stringMatching(/open transactions: backend \d+ \(a long report\), idle in transaction/),
      next: expect.stringContaining("nothing was changed"),
    });
    expect((await status(target.session, [first, locking])).migrations[1]?.state).toBe("pending");
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("did not come about");
}
