import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apply } from "../../compiler/apply/apply.ts";
import { diffFacts } from "../../compiler/diff/diffFacts.ts";
import { findMisplaced } from "../../compiler/diff/places.ts";
import type { FactIndex } from "../../compiler/facts.ts";
import { kindOf } from "../../compiler/kinds/registry.ts";
import { differingSources, liveSource } from "../../compiler/resolve/recordedSource.ts";
import { sliceSources } from "../../compiler/resolve/slice.ts";
import type { Source } from "../../compiler/resolve/source.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import type { Cluster } from "../../compiler/shadow/cluster.ts";
import { freshDatabase, MAJORS_OF_LONG_SUITES, ownServer } from "../servers.ts";
import { emptySystem } from "../systems/systemDatabase.ts";
import { hardCases } from "./hardCases.ts";

/** Pairs of indexes that differ in one thing, on a table (a text, b text collate "C", c tsvector, d int). */
const INDEXES: readonly (readonly [before: string, after: string, since?: number])[] = [
  ["i on T (a)", "i on T (b)"],
  ["i on T (a, d)", "i on T (d, a)"],
  ["i on T (a, d, a)", "i on T (a, a, d)"],
  ["i on T (a, d)", "i on T (a) include (d)"],
  ["i on T (a)", "i on T (a desc)"],
  ["i on T (a desc)", "i on T (a desc nulls last)"],
  ["i on T (a)", "i on T (a text_pattern_ops)"],
  ['i on T (a collate "C")', "i on T (a)"],
  ['i on T (b collate "POSIX")', "i on T (b)"],
  ["i on T (a)", "i on T using hash (a)"],
  ["i on T (a)", "i on T (a) where d > 0"],
  ["i on T (a) where d > 1", "i on T (a) where d > 0"],
  ["i on T (lower(a))", "i on T (upper(a))"],
  ["i on T (a)", "i on T (a) with (fillfactor = 70)"],
  ["i on T using gist (c)", "i on T using gist (c tsvector_ops (siglen = 100))"],
  ["i on T using gist (c tsvector_ops (siglen = 200))", "i on T using gist (c tsvector_ops (siglen = 100))"],
  ["i on T (a)", "unique i on T (a)"],
  ["unique i on T (a)", "unique i on T (a) nulls not distinct", 15],
];

/** What is the same on both sides: tables that need one another, and a role that has rights here alone. */
const BACKGROUND = `create schema other;
  ${Array.from({ length: 30 }, (_, at) => `create table other.t${at} (id int primary key, up int references other.t${Math.max(at - 1, 0)});`).join("\n")}
  create view other.seen as select id from other.t5; grant select on other.t7 to at_hand;`;

const SAMPLE = hardCases.filter(({ before }, at) => at % 12 === 0 && !before.includes("create role"));

const FURTHER: readonly (readonly [title: string, before: string, after: string])[] = [
  ["nothing", "", ""],
  ["the rights of a role", "create table t (a int)", "create table t (a int); grant update (a) on t to at_hand"],
  ["an owner", "create table t (a int)", "create table t (a int); alter table t owner to at_hand"],
  [
    "what a default privilege brings",
    "create table t (a int)",
    "alter default privileges grant select on tables to at_hand; create table t (a int)",
  ],
  [
    "comments that change places",
    "create table t (a int, b int); comment on column t.a is 'one'; comment on column t.b is 'two'",
    "create table t (a int, b int); comment on column t.b is 'one'; comment on column t.a is 'two'",
  ],
  ["the order of columns", "create table t (a int, b int)", "create table t (b int, a int)"],
  [
    "a shell type that is not modelled, beside a dropped column",
    "create type shell; create table t (a int, b int, c int); alter table t drop column b",
    "create type shell; create table t (a int, c bigint)",
  ],
];

describe.each(MAJORS_OF_LONG_SUITES)("of two live databases on PostgreSQL %i", (major) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await ownServer(major);
    const session = await openServerSession(cluster.url);
    await session.run("create role at_hand login");
    await session.close();
  });
  afterAll(() => cluster.close());

  async function withDatabase<T>(sql: string, work: (session: Session) => Promise<T>): Promise<T> {
    const database = await freshDatabase(cluster.url);
    const session = await openServerSession(database.url);
    try {
      await session.run(BACKGROUND);
      await session.run(sql);
      return await work(session);
    } finally {
      await session.close();
      await database.close();
    }
  }

  const cases = SAMPLE.filter(({ since }) => major >= since).map((one) => [one.title, one.before, one.after] as const);

  test.each([...FURTHER, ...cases])("the part that is read is that of the whole: %s", async (_, before, after) => {
    await withDatabase(before, (from) =>
      withDatabase(after, async (to) => {
        const [whole, part] = await readBothWays(from, to);
        expect(part).toEqual(whole);
      }),
    );
  });

  test("indexes are told apart whatever they differ in", async () => {
    const pairs = INDEXES.filter(([, , since = 0]) => major >= since);
    const made = (side: 0 | 1) =>
      pairs
        .map((pair, at) => {
          const index = pair[side].replace("unique i", "unique index i").replace(/^i /, "index i ");
          return `create table t${at} (a text, b text collate "C", c tsvector, d int);
            create ${index.replace("index i on T", `index i${at} on t${at}`)};`;
        })
        .join("\n");
    await withDatabase(made(0), (from) =>
      withDatabase(made(1), async (to) => {
        const parts = (await differingSources(from, to)) ?? [];
        const [current, desired] = parts.map(factsOf);
        const found = diffFacts(current ?? new Map(), desired ?? new Map());
        expect(new Set(found.map((delta) => ("fact" in delta ? delta.fact : delta.to).id)).size).toBe(pairs.length);
      }),
    );
  });

  test("it is so of a whole system before and after its last migration", async (context) => {
    if (major < 15) context.skip("fitness is declared for PostgreSQL 15");
    const [before, after] = [await emptySystem("fitness", cluster), await emptySystem("fitness", cluster)];
    try {
      await apply(before.session, before.migrations.slice(0, -1), { acceptDataLoss: true });
      await apply(after.session, after.migrations, { acceptDataLoss: true });
      const [whole, part] = await readBothWays(before.session, after.session);
      expect(part).toEqual(whole);
    } finally {
      await before.close();
      await after.close();
    }
  });

  test("the whole is read where most things differ", async () => {
    await withDatabase("", (from) =>
      withDatabase("drop schema other cascade", async (to) => {
        expect(await differingSources(from, to)).toBeNull();
      }),
    );
  });

  test("the whole is read where a role is another on the other server", async () => {
    const elsewhere = await ownServer(major);
    const there = await openServerSession(elsewhere.url);
    try {
      await there.run(`create role at_hand nologin; ${BACKGROUND}`);
      await withDatabase("", async (here) => {
        expect(await differingSources(here, there)).toBeNull();
        await there.run("alter role at_hand login");
        expect(await differingSources(here, there)).not.toBeNull();
      });
    } finally {
      await there.close();
      await elsewhere.close();
    }
  });
});

/** What `verso diff` takes from two states before it plans. */
async function readBothWays(from: Session, to: Session): Promise<readonly [whole: Taken, part: Taken]> {
  const whole = [await liveSource(from), await liveSource(to)] as const;
  const part = await differingSources(from, to);
  if (part === null) throw new Error("the whole was read");
  expect(part[0].recorded?.facts.size).toBeLessThan((whole[0].recorded?.facts.size ?? 0) * 0.7);
  return [taken(whole), taken(part)];
}

type Taken = ReturnType<typeof taken>;

const taken = ([from, to]: readonly [Source, Source]) => ({
  facts: sliceSources(from, to)?.map(({ recorded }) => recorded?.facts),
  misplaced: findMisplaced(factsOf(from), factsOf(to)),
  unmodelled: [from.recorded?.unmodelled, to.recorded?.unmodelled],
  unread: [from, to].map((source) =>
    [...factsOf(source).values()].flatMap((fact) => kindOf(fact).unread?.(fact.attributes) ?? []),
  ),
});

const factsOf = ({ recorded }: Source): FactIndex => recorded?.facts ?? new Map();
