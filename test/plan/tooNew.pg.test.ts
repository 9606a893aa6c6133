import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../../cli/diff.ts";
import { refuseWhatIsTooNew } from "../../compiler/plan/tooNew.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import { openServerSession } from "../../compiler/session/server.ts";
import type { Session } from "../../compiler/session/session.ts";
import { newProject, type Project } from "../cli/project.ts";
import { freshDatabase, OLDEST, type TestDatabase } from "../servers.ts";

/** The first version that has it, its name in the message, and SQL that uses it. */
const FEATURES: readonly (readonly [number, string, string])[] = [
  [15, "UNIQUE NULLS NOT DISTINCT", "create table t (a int, unique nulls not distinct (a))"],
  [15, "NULLS NOT DISTINCT", "create table t (a int); create unique index on t (a) nulls not distinct where a > 0"],
  [15, "security_invoker", "create view v with (security_invoker) as select 1"],
  [
    15,
    "ON DELETE SET NULL",
    "create table t (a int, b int, primary key (a, b)); create table u (a int, b int, foreign key (a, b) references t on delete set null (b))",
  ],
  [15, "row filters", "create table t (a int primary key); create publication p for table t where (a > 1)"],
  [15, "column lists", "create table t (a int primary key); create publication p for table t (a)"],
  [15, "of a schema's tables", "create schema s; create publication p for tables in schema s"],
  [15, "unlogged sequences", "create unlogged sequence s"],
  [15, "numeric with a scale", "create table t (a numeric(2, -3))"],
  [16, "collations with rules", "create collation c (provider = icu, locale = 'und', rules = '&a < g')"],
  [17, "builtin provider", "create collation c (provider = builtin, locale = 'C')"],
  [17, "MAINTAIN", "create table t (a int); grant maintain on t to public"],
  [17, "identity columns of partitioned", "create table t (a int generated always as identity) partition by range (a)"],
  [
    17,
    "access methods of partitioned",
    "create access method h2 type table handler heap_tableam_handler; create table t (a int) partition by range (a) using h2",
  ],
  [17, "named NOT NULL constraints of domains", "create domain d as int constraint c not null"],
  [18, "virtual generated", "create table t (a int, b int generated always as (a + 1))"],
  [18, "NOT ENFORCED", "create table t (a int check (a > 0) not enforced)"],
  [18, "named NOT NULL", "create table t (a int constraint c not null)"],
  [18, "NOT VALID", "create table t (a int); alter table t add not null a not valid"],
  [18, "NO INHERIT", "create table t (a int not null no inherit)"],
  [18, "WITHOUT OVERLAPS", "create table t (a int4range, b int4range, unique (a, b without overlaps))"],
  [
    18,
    "PERIOD",
    "create table t (a int4range, b int4range, primary key (a, b without overlaps)); create table f (a int4range, b int4range, foreign key (a, period b) references t (a, period b))",
  ],
  [18, "autovacuum_vacuum_max_threshold", "create table t (a int) with (autovacuum_vacuum_max_threshold = 9)"],
];

/** Looks like one of them, and is none. */
const OLD_HAT = `create schema s; create domain d as int not null default 3; create table p (id int generated always as identity primary key, "a PERIOD b" int not null);
  create table t (" WITHOUT OVERLAPS)" int references p on delete set null, period int, unique (period), check (period <> 3)) with (fillfactor = 70);
  create unique index ") NULLS NOT DISTINCT" on t (period); create collation c (provider = icu, locale = 'und'); create publication u for table t;
  create table r (a numeric(3,1), b int, primary key (b)) partition by range (b); create view v with (security_barrier) as select 1; grant all on t to public`;

describe("what a server is too old for", () => {
  let session: Session;
  beforeAll(async () => {
    session = await openEmbeddedSession();
  });
  afterAll(() => session.close());

  /** What is refused of a catalog, for a server of this version. */
  const refusal = async (sql: string, major: number): Promise<string | null> => {
    await session.run(`begin; ${sql}`);
    const facts = await readCatalog(session, "caller's transaction").finally(() => session.run("rollback"));
    try {
      const next = () => "";
      refuseWhatIsTooNew(facts, { version: major * 10_000, because: "", positions: new Map(), next });
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : "";
    }
  };

  test.each(FEATURES)("since PostgreSQL %i: %s", async (major, feature, sql) => {
    const found = await refusal(sql, major - 1);
    expect(found).toContain(`which PostgreSQL has since ${major}`);
    expect(found).toContain(feature);
    expect(await refusal(sql, major)).toBeNull();
  });

  test("is nothing of what every version has", async () => {
    expect(await refusal(OLD_HAT.replace("grant all", "grant select"), 14)).toBeNull();
  });
});

describe("a live server of an older version", () => {
  let database: TestDatabase;
  let project: Project;
  beforeAll(async () => {
    database = await freshDatabase(OLDEST);
    project = await newProject();
    const session = await openServerSession(database.url);
    await session.run("create table t (id int primary key, b int)").finally(() => session.close());
    await project.write(
      "after.sql",
      "create table t (id int primary key, b int, c int generated always as (b) virtual);",
    );
    await project.write(
      "definitions/shop/domain.ts",
      'import { domain } from "verso";\nexport default domain({ name: "shop" });\n',
    );
    await project.write(
      "definitions/shop/t.ts",
      'import { integer, sql, table } from "verso";\nexport const t = table("t", {\n  columns: {\n    id: integer({ primaryKey: true }),\n    c: integer({ generated: sql`id`, virtual: true }),\n  },\n});\n',
    );
  });
  afterAll(async () => {
    await project?.close();
    await database?.close();
  });

  test("is not given a difference that it cannot take", async () => {
    const after = join(project.folder, "after.sql");
    for (const [from, to] of [
      [database.url, after],
      [after, database.url],
    ] as const) {
      await expect(run({ from, to })).rejects.toMatchObject({
        code: "feature-too-new",
        what: "column public.t.c uses virtual generated columns, which PostgreSQL has since 18",
        why: expect.stringMatching(new RegExp(`^postgres://.* is PostgreSQL ${OLDEST}\\.`)),
      });
    }
  });

  test("is not planned for either, and the definition is named", async () => {
    const { code, err } = await project.verso("plan", "first", "--target", database.url);
    expect(code).toBe(1);
    expect(err).toContain("error[feature-too-new]: column public.t.c uses virtual generated columns");
    expect(err).toContain("at   definitions/shop/t.ts:5:5");
  });
});
