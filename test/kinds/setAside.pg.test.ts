import { afterAll, describe, expect, test } from "vitest";
import { describeDelta, diffFacts } from "../../compiler/diff/diffFacts.ts";
import type { FactId, Hint } from "../../compiler/facts.ts";
import { factId } from "../../compiler/kinds/kind.ts";
import { describeObstacle, findObstacles, obstaclesOn } from "../../compiler/plan/obstacles.ts";
import { proveMigration } from "../../compiler/prove/proveMigration.ts";
import { runSteps } from "../../compiler/prove/runSteps.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { scriptSource } from "../../compiler/resolve/sqlSource.ts";
import type { Session } from "../../compiler/session/session.ts";
import { embeddedShadow, statementsOf } from "../exact.ts";

afterAll(async () => (await embeddedShadow()).close());

interface Case {
  readonly before: string;
  readonly after: string;
  readonly rows: string;
  /** By constraint, `public.child.child_parent_fkey`, what happens to the rows it refuses; by column, its hint. */
  readonly hints?: Readonly<Record<string, Hint>>;
}

const setAside = (...constraints: string[]): Record<string, Hint> =>
  Object.fromEntries(constraints.map((one) => [`constraint ${one}`, { orphans: "set aside" }]));

async function plan({ before, after, hints = {} }: Omit<Case, "rows">, online = false) {
  const source = (name: string, text: string) => scriptSource(name, [{ file: `${name}.sql`, text }]);
  const desired = { ...source("after", after), hints: new Map(Object.entries(hints) as [FactId, Hint][]) };
  return proveMigration(source("before", before), desired, await embeddedShadow(), { withRows: false, online });
}

const everything = async (session: Session, tables: readonly string[]) => {
  const rows: Record<string, readonly string[]> = {};
  for (const table of tables) {
    const found = await session.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t order by 1`);
    rows[table] = found.map(({ row }) => row);
  }
  return rows;
};

/** Goes forward and back over rows: they and the catalog must be what they were. @returns the rows in between */
async function thereAndBack(one: Case, tables: readonly string[], between: readonly string[] = tables) {
  const proved = await plan(one);
  const session = await (await embeddedShadow()).scratch();
  try {
    await session.run(one.before);
    await session.run(one.rows);
    const start = { facts: await readCatalog(session), rows: await everything(session, tables) };
    const obstacles = await findObstacles(session, obstaclesOn(proved));
    await runSteps(session, proved.forward);
    const middle = await everything(session, between);
    await runSteps(session, proved.rollback);
    expect(diffFacts(start.facts, await readCatalog(session)).map(describeDelta)).toEqual([]);
    expect(await everything(session, tables)).toEqual(start.rows);
    return { proved, middle, obstacles: obstacles.map(describeObstacle) };
  } finally {
    await session.close();
  }
}

const keys = (rows: readonly string[] | undefined) =>
  rows?.map((row) => (JSON.parse(row) as { id: number }).id).toSorted((a, b) => a - b);

describe("a label that goes from an enum", () => {
  const before = "create type s as enum ('a', 'b', 'c'); create table t (id int primary key, x s, y s[])";
  const rows = "insert into t values (1, 'a', '{b,c}'), (2, 'b', '{}'), (3, 'b', null)";

  test("is found in the rows that hold it before anything starts, and proving says what can be done", async () => {
    const after = "create type s as enum ('a', 'c'); create table t (id int primary key, x s, y s[])";
    const proved = await plan({ before, after });
    const session = await (await embeddedShadow()).scratch();
    await session.run(`${before}; ${rows}`);
    const obstacles = await findObstacles(session, obstaclesOn(proved));
    await session.close();
    expect(obstacles.map(describeObstacle)).toEqual([
      `2 rows of public.t whose x is 'b', which public.s no longer has, stand in the way: x "b", id 2; x "b", id 3`,
      `1 row of public.t whose y is 'b', which public.s no longer has, stands in the way: y ["b","c"], id 1`,
    ]);
    await expect(plan({ before: `${before}; ${rows}`, after })).rejects.toMatchObject({
      next: expect.stringContaining('relabel: { "b": "…" }'),
    });
  });

  test("makes way for another in rows, or is that one renamed, as its definition says", async () => {
    const other = await plan({
      before: `${before}; ${rows}`,
      after: "create type s as enum ('a', 'c'); create table t (id int primary key, x s, y s[])",
      hints: { "enum public.s": { relabel: { b: "c" } } },
    });
    expect(statementsOf(other.forward).join(";\n")).toContain(
      "ALTER COLUMN x TYPE public.s USING (CASE x::text WHEN 'b' THEN 'c' ELSE x::text END)::public.s",
    );
    expect(obstaclesOn(other)).toEqual([]);
    const renamed = await plan({
      before: `${before}; ${rows}`,
      after: "create type s as enum ('a', 'z', 'c'); create table t (id int primary key, x s, y s[])",
      hints: { "enum public.s": { relabel: { b: "z" } } },
    });
    expect(statementsOf(renamed.forward)).toEqual(["ALTER TYPE public.s RENAME VALUE 'b' TO 'z'"]);
    expect(statementsOf(renamed.rollback)).toEqual(["ALTER TYPE public.s RENAME VALUE 'z' TO 'b'"]);
  });
});

describe("a foreign key that sets orphans aside", () => {
  test("takes with an orphan those that point at it, in its own table, and brings all of them back", async () => {
    // Rows of two partitions lie at the same places of each.
    const shelves = (
      more: string,
    ) => `create table shelves (part int, id int, up_part int, up_id int, place text${more})
        partition by list (part);
      create table one partition of shelves for values in (1); create table two partition of shelves for values in (2);`;
    const before = `create table nodes (id int, parent_id int, name text); ${shelves("")}`;
    const { middle, obstacles } = await thereAndBack(
      {
        before,
        after: `create table nodes (id int primary key, parent_id int, name text,
          constraint nodes_parent_id_fkey foreign key (parent_id) references nodes on delete cascade);
          ${shelves(", primary key (part, id), constraint shelves_up_fkey foreign key (up_part, up_id) references shelves")}`,
        rows: `insert into nodes values (1, null, 'root'), (2, 1, 'child'), (3, 99, 'orphan'), (4, 3, 'its child'), (5, 4, 'and its');
          insert into shelves values (1, 10, 2, 99), (1, 11, 1, 10), (2, 20, null, null), (2, 21, 2, 20)`,
        hints: setAside("public.nodes.nodes_parent_id_fkey", "public.shelves.shelves_up_fkey"),
      },
      ["nodes", "shelves"],
      ["nodes", "shelves", "verso_attic.nodes_parent_id_fkey", "verso_attic.shelves_up_fkey"],
    );
    expect(keys(middle.nodes)).toEqual([1, 2]);
    expect(keys(middle["verso_attic.nodes_parent_id_fkey"])).toEqual([3, 4, 5]);
    expect(keys(middle.shelves)).toEqual([20, 21]);
    expect(keys(middle["verso_attic.shelves_up_fkey"])).toEqual([10, 11]);
    expect(obstacles).toEqual([
      "1 row of public.nodes whose parent_id is in no row of public.nodes will be set aside: id 3, parent_id 99",
      expect.stringContaining("1 row of public.shelves whose up_part, up_id"),
    ]);
  });

  test("moves parents before children, whatever the names, and counts them in that order beforehand", async () => {
    const before = `create table a_children (id int, parent int); create table b_parents (id int, grand int);
      create table c_grands (id int)`;
    const { middle, obstacles } = await thereAndBack(
      {
        before,
        after: `create table c_grands (id int primary key);
          create table b_parents (id int primary key, grand int constraint b_fkey references c_grands on delete cascade);
          create table a_children (id int primary key, parent int constraint a_fkey references b_parents on delete cascade)`,
        rows: `insert into c_grands values (1); insert into b_parents values (10, 1), (11, 2);
          insert into a_children values (100, 10), (101, 11), (102, 12), (103, null)`,
        hints: setAside("public.a_children.a_fkey", "public.b_parents.b_fkey"),
      },
      ["a_children", "b_parents", "c_grands"],
      ["a_children", "b_parents", "verso_attic.a_children_a_fkey", "verso_attic.b_parents_b_fkey"],
    );
    expect(keys(middle.a_children)).toEqual([100, 103]);
    expect(keys(middle["verso_attic.a_children_a_fkey"])).toEqual([101, 102]);
    expect(keys(middle["verso_attic.b_parents_b_fkey"])).toEqual([11]);
    expect(obstacles).toEqual([
      "1 row of public.b_parents whose grand is in no row of public.c_grands will be set aside: id 11, grand 2",
      "2 rows of public.a_children whose parent is in no row of public.b_parents will be set aside: id 101, parent 11; id 102, parent 12",
    ]);
  });

  test("does not move a row again that breaks two keys, and copes with MATCH FULL, identities and hostile names", async () => {
    const table = `"Weird ""Table"`;
    const { middle } = await thereAndBack(
      {
        before: `create table p (x int, y int); create table q (id int);
          create table ${table} (id int generated always as identity, "order" int, "y z" int, q int,
            twice int generated always as ("order" * 2) stored)`,
        after: `create table p (x int, y int, primary key (x, y)); create table q (id int primary key);
          create table ${table} (id int generated always as identity, "order" int, "y z" int,
            q int constraint to_q references q on delete set null, twice int generated always as ("order" * 2) stored,
            constraint "to p" foreign key ("order", "y z") references p (x, y) match full on delete cascade)`,
        rows: `insert into p values (1, 1); insert into q values (1);
          insert into ${table} ("order", "y z", q) values (1, 1, 1), (1, null, 1), (2, 2, 2), (null, null, null), (1, 1, 7)`,
        hints: setAside(`public.${table}."to p"`, `public.${table}.to_q`),
      },
      [table],
      [table, `verso_attic."Weird ""Table_to p"`, `verso_attic."Weird ""Table_to_q"`],
    );
    expect(keys(middle[table])).toEqual([1, 4]);
    expect(keys(middle[`verso_attic."Weird ""Table_to p"`])).toEqual([2, 3]);
    expect(keys(middle[`verso_attic."Weird ""Table_to_q"`])).toEqual([5]);
  });

  test("lets the table's triggers rest meanwhile", async () => {
    const audit = `create table log (id int); create function note() returns trigger language plpgsql as
      'begin insert into log values (coalesce(new.id, old.id)); return null; end';`;
    const { middle } = await thereAndBack(
      {
        before: `${audit} create table p (id int primary key); create table c (id int, p int);
          create trigger noted after insert or delete on c for each row execute function note()`,
        after: `${audit} create table p (id int primary key);
          create table c (id int, p int constraint c_fkey references p on delete cascade);
          create trigger noted after insert or delete on c for each row execute function note()`,
        rows: "insert into c values (1, 1); truncate log",
        hints: setAside("public.c.c_fkey"),
      },
      ["c", "log"],
    );
    expect(middle).toEqual({ c: [], log: [] });
  });

  test("validates in a step of its own where the table is in use", async () => {
    const proved = await plan(
      {
        before: "create table p (id int primary key); create table c (id int, p int)",
        after:
          "create table p (id int primary key); create table c (id int, p int constraint c_fkey references p on delete cascade)",
        hints: setAside("public.c.c_fkey"),
      },
      true,
    );
    expect(proved.forward.map(({ statements }) => statements.length)).toEqual([4, 1]);
    expect(statementsOf(proved.forward).map((sql) => sql.split("\n")[0])).toEqual([
      "ALTER TABLE public.c ADD CONSTRAINT c_fkey FOREIGN KEY (p) REFERENCES public.p(id) ON DELETE CASCADE NOT VALID",
      "CREATE SCHEMA IF NOT EXISTS verso_attic",
      "CREATE TABLE verso_attic.c_fkey AS TABLE public.c WITH NO DATA",
      "WITH set_aside AS (",
      "ALTER TABLE public.c VALIDATE CONSTRAINT c_fkey",
    ]);
  });

  test("is refused where another foreign key that stays would act on what hangs on the rows", async () => {
    const tables = (constraint: string) => `create table p (id int primary key);
      create table c (id int primary key, p int ${constraint});
      create table g (id int, c int references c on delete cascade)`;
    await expect(
      plan({
        before: tables(""),
        after: tables("constraint c_fkey references p on delete cascade"),
        hints: setAside("public.c.c_fkey"),
      }),
    ).rejects.toMatchObject({ code: "set-aside-would-cascade" });
  });
});

describe("a unique constraint or check that sets rows aside", () => {
  test("keeps the first of equal rows, with nulls apart or not as the constraint has it", async () => {
    const before = "create table t (id int, a int, b int)";
    const { middle } = await thereAndBack(
      {
        before,
        after: `create table t (id int, a int, b int, constraint t_a unique (a),
          constraint t_b unique nulls not distinct (b))`,
        rows: "insert into t values (1, 1, 1), (2, 1, 2), (3, null, null), (4, null, null), (5, 5, 5)",
        hints: setAside("public.t.t_a", "public.t.t_b"),
      },
      ["t"],
      ["t", "verso_attic.t_a", "verso_attic.t_b"],
    );
    expect(keys(middle.t)).toEqual([1, 3, 5]);
    expect(keys(middle["verso_attic.t_a"])).toEqual([2]);
    expect(keys(middle["verso_attic.t_b"])).toEqual([4]);
  });

  test("sets aside what breaks a check, and not what a check cannot tell", async () => {
    const { middle } = await thereAndBack(
      {
        before: "create table t (id int, n int)",
        after: "create table t (id int, n int constraint t_n check (n > 0))",
        rows: "insert into t values (1, 1), (2, -1), (3, null)",
        hints: setAside("public.t.t_n"),
      },
      ["t"],
    );
    expect(keys(middle.t)).toEqual([1, 3]);
  });

  test("moves nothing for a constraint that is there already", async () => {
    const proved = await plan({
      before: "create table t (id int, n int constraint t_n check (n > 0))",
      after: "create table t (id bigint, n int constraint t_n check (n > 0))",
      hints: setAside("public.t.t_n"),
    });
    expect(statementsOf(proved.forward)).toEqual(["ALTER TABLE public.t ALTER COLUMN id TYPE bigint"]);
  });

  test("cannot be asked of an exclusion constraint", async () => {
    await expect(
      plan({
        before: "create table t (during int4range)",
        after: "create table t (during int4range, constraint t_during exclude using gist (during with &&))",
        hints: setAside("public.t.t_during"),
      }),
    ).rejects.toMatchObject({ code: "cannot-set-aside" });
  });
});

describe("what stands in the way of a migration", () => {
  test("is looked for under the names and types that the rows will have", async () => {
    const proved = await plan({
      before: "create table mails (mail varchar(50), owner text, score int); create table people (id int primary key)",
      after: `create table people (id int primary key);
        create table letters (email text not null unique, owner int constraint of_owner references people on delete cascade,
          score int not null check (score >= 0))`,
      hints: {
        "table public.letters": { renamedFrom: factId("table", "public.mails") },
        "column public.letters.email": { renamedFrom: factId("column", "public.letters.mail") },
        "column public.letters.owner": { using: "owner::int" },
        "column public.letters.score": { backfill: "1" },
      },
    });
    const session = await (await embeddedShadow()).scratch();
    try {
      await session.run(`
        create table mails (mail varchar(50), owner text, score int); create table people (id int primary key);
        insert into people values (1);
        insert into mails values ('a', '1', null), ('a', '2', 3), (null, null, -1)`);
      const found = await findObstacles(session, obstaclesOn(proved));
      expect(found.map(describeObstacle)).toEqual([
        "1 row of public.letters without a value in email stands in the way: email null",
        '1 row of public.letters that repeat the email of another row stands in the way: email "a"',
        "1 row of public.letters that break letters_score_check, CHECK ((score >= 0)) stands in the way: email null, owner null, score -1",
        "1 row of public.letters whose owner is in no row of public.people stands in the way: owner 2",
      ]);
      await session.run("insert into mails values ('b', 'x', 1)");
      const again = await findObstacles(session, obstaclesOn(proved));
      expect(again.map(describeObstacle).at(-1)).toBe(
        'it cannot be told whether there are rows of public.letters whose owner is in no row of public.people: invalid input syntax for type integer: "x"',
      );
    } finally {
      await session.close();
    }
  });

  test("is told in columns that are new, filled or computed from one another", async () => {
    const proved = await plan({
      before: "create table jobs (id int primary key, done int not null, logged date)",
      after: `create table jobs (id int primary key, done int not null, logged date, created date not null, noted date not null,
        failed int not null default 0 check (failed >= 0), part int generated always as (done + failed) stored,
        check (done + failed <= 10))`,
      hints: {
        "column public.jobs.created": { backfill: "'2026-01-01'" },
        "column public.jobs.noted": { backfill: "coalesce(logged, created)" },
      },
    });
    const session = await (await embeddedShadow()).scratch();
    try {
      await session.run("create table jobs (id int primary key, done int not null, logged date)");
      await session.run("insert into jobs values (1, 10, null), (2, 11, '2026-02-02')");
      const found = await findObstacles(session, obstaclesOn(proved));
      expect(found.map(({ what, rows, sample }) => [what, rows, sample])).toEqual([
        ["rows of public.jobs that break jobs_check, CHECK (((done + failed) <= 10))", 1, [{ id: 2 }]],
      ]);
    } finally {
      await session.close();
    }
  });

  test("is counted by joins where equal rows have been set aside, and not row by row", async () => {
    const { before, after, rows, hints } = {
      before: "create table people (id int, mail text); create table notes (person int)",
      after: `create table people (id int primary key, mail text unique);
        create table notes (person int references people)`,
      rows: "insert into people select n, 'p' || n from generate_series(1, 5000) n; analyze",
      hints: setAside("public.people.people_mail_key"),
    };
    const proved = await plan({ before, after, hints });
    const session = await (await embeddedShadow()).scratch();
    try {
      await session.run(before);
      await session.run(rows);
      const orphans = obstaclesOn(proved).find(({ what }) => what.includes("is in no row of public.people"));
      const plans = await session.query<Record<string, string>>(`explain ${orphans?.query}`);
      const lines = plans.map((row) => row["QUERY PLAN"]);
      expect(lines.filter((line) => /(Semi|Anti) Join/.test(line ?? ""))).toHaveLength(2);
      expect(lines.join("\n")).not.toContain("SubPlan");
    } finally {
      await session.close();
    }
  });
});
