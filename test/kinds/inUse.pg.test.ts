import { afterAll, describe, expect, test } from "vitest";
import { diffFacts } from "../../compiler/diff/diffFacts.ts";
import type { FactId, Hint } from "../../compiler/facts.ts";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { runSteps } from "../../compiler/prove/runSteps.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import { embeddedShadow, statementsOf } from "../exact.ts";

afterAll(async () => (await embeddedShadow()).close());

async function planned(before: string, after: string, hints: Readonly<Record<string, Hint>> = {}) {
  const source = (name: string, text: string) => scriptSource(name, [{ file: `${name}.sql`, text }]);
  const desired = { ...source("after", after), hints: new Map(Object.entries(hints) as [FactId, Hint][]) };
  return proveMigration(source("before", before), desired, await embeddedShadow(), { withRows: true, online: true });
}

/** The rows of table t after forward, and after rollback too. */
async function overRows(before: string, rows: string, { forward, rollback }: Awaited<ReturnType<typeof planned>>) {
  const session = await (await embeddedShadow()).scratch();
  try {
    await session.run(`${before}; ${rows}`);
    const start = await readCatalog(session);
    const look = () => session.query("select to_jsonb(t) - 'pad' as row from t order by id");
    await runSteps(session, forward);
    const middle = await look();
    await runSteps(session, rollback);
    expect(diffFacts(start, await readCatalog(session))).toEqual([]);
    return { middle, end: await look() };
  } finally {
    await session.close();
  }
}

describe("a table in use", () => {
  test("gets NOT NULL by a check, so that its rows are read under a lock that lets writers through", async () => {
    const { forward, proof } = await planned(
      "create table t (id int primary key, a int)",
      "create table t (id int primary key, a int not null)",
    );
    expect(forward.map(({ statements }) => statements.map(({ sql }) => sql))).toEqual([
      ["ALTER TABLE public.t ADD CONSTRAINT verso_not_null_a CHECK (a IS NOT NULL) NOT VALID"],
      ["ALTER TABLE public.t VALIDATE CONSTRAINT verso_not_null_a"],
      ["ALTER TABLE public.t ALTER COLUMN a SET NOT NULL", "ALTER TABLE public.t DROP CONSTRAINT verso_not_null_a"],
    ]);
    expect(proof.forward.map(({ scans, locks }) => [scans, locks.map(({ mode }) => mode)])).toEqual([
      [[], ["AccessExclusiveLock"]],
      [["t"], ["ShareUpdateExclusiveLock"]],
      [[], ["AccessExclusiveLock"]],
      [[], []],
    ]);
  });

  test("is filled a stretch at a time, rows that come meanwhile too, and its triggers rest", async () => {
    const before = `create table t (id int primary key, a int, pad text, seen int default 0);
      alter table t alter pad set storage plain;
      create function count_it() returns trigger language plpgsql as $$ begin new.seen = new.seen + 1; return new; end $$;
      create trigger counts before update on t for each row execute function count_it();`;
    const proved = await planned(before, before.replace("a int,", "a int not null,"), {
      "column public.t.a": { backfill: "id * 2" },
    });
    expect(proved.forward.map(({ transactional }) => transactional)).toEqual([false, true, false, true, true]);
    // A row fills a page, so that these are three stretches.
    const rows = `insert into t select i, case when i % 500 = 0 then 7 end, repeat('x', 7000) from generate_series(1, 2500) i`;
    const { middle, end } = await overRows(before, rows, proved);
    const expected = Array.from({ length: 2500 }, (_, i) => ({
      row: { id: i + 1, a: (i + 1) % 500 === 0 ? 7 : (i + 1) * 2, seen: 0 },
    }));
    expect(middle).toEqual(expected);
    expect(end).toEqual(expected);
  });

  test("gets a new column that is the same everywhere without a row being written", async () => {
    const before = "create table t (id int primary key)";
    const proved = await planned(
      before,
      `create table t (id int primary key, a int not null, b text not null default 'new', c jsonb not null default '{}')`,
      {
        "column public.t.a": { backfill: "7" },
        "column public.t.b": { backfill: "'old'" },
        "column public.t.c": { backfill: "'{}'" },
      },
    );
    expect(statementsOf(proved.forward)).toEqual([
      "ALTER TABLE public.t ADD COLUMN a integer DEFAULT 7 NOT NULL",
      "ALTER TABLE public.t ALTER COLUMN a DROP DEFAULT",
      "ALTER TABLE public.t ADD COLUMN b text DEFAULT 'old' NOT NULL",
      "ALTER TABLE public.t ALTER COLUMN b SET DEFAULT 'new'::text",
      "ALTER TABLE public.t ADD COLUMN c jsonb DEFAULT '{}'::jsonb NOT NULL",
    ]);
    expect(proved.proof.forward.flatMap(({ rewrites, scans }) => [...rewrites, ...scans])).toEqual([]);
    const { middle } = await overRows(before, "insert into t values (1)", proved);
    expect(middle).toEqual([{ row: { id: 1, a: 7, b: "old", c: {} } }]);
  });

  test("gets a new column that is computed from others, and held to it", async () => {
    const before = "create table t (id int primary key, name text)";
    const proved = await planned(before, "create table t (id int primary key, name text, label text not null)", {
      "column public.t.label": { backfill: "'no. ' || id" },
    });
    const { middle, end } = await overRows(before, "insert into t values (1, null), (2, 'x')", proved);
    expect(middle).toEqual([
      { row: { id: 1, name: null, label: "no. 1" } },
      { row: { id: 2, name: "x", label: "no. 2" } },
    ]);
    expect(end).toEqual([{ row: { id: 1, name: null } }, { row: { id: 2, name: "x" } }]);
  });

  test("whose rows are in partitions is filled at once", async () => {
    const partitioned = (column: string) =>
      `create table t (id int, a int${column}) partition by range (id); create table t1 partition of t for values from (0) to (9)`;
    const { forward } = await planned(partitioned(""), partitioned(", b int not null"), {
      "column public.t.b": { backfill: "a + 1" },
    });
    expect(forward.every(({ transactional }) => transactional)).toBe(true);
  });
});
