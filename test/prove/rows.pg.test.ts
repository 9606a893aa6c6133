import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { FactId, FactIndex } from "../../compiler/facts.ts";
import { type Ahead, type PlantedRows, plantRows, takeCensus } from "../../compiler/prove/rows.ts";
import { readCatalog } from "../../compiler/read/readCatalog.ts";
import { openEmbeddedSession } from "../../compiler/session/embedded.ts";
import type { Session } from "../../compiler/session/session.ts";

const EXTENSIONS = ["btree_gist", "citext", "hstore", "ltree"];
let session: Session;

beforeAll(async () => {
  session = await openEmbeddedSession({ extensions: EXTENSIONS });
});
afterAll(() => session.close());
beforeEach(() => session.run("drop schema public cascade; create schema public"));

interface Planting extends PlantedRows {
  readonly facts: FactIndex;
}

/** Builds a state, plants rows, and lets PostgreSQL validate every constraint over them. */
async function plant(sql: string, ahead?: Ahead): Promise<Planting> {
  await session.run(sql);
  const facts = await readCatalog(session);
  const planted = await plantRows(session, facts, ahead);
  await validateAll();
  return { ...planted, facts };
}

async function validateAll(): Promise<void> {
  const constraints = await session.query<{ table: string; definition: string }>(
    `select conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition from pg_constraint
     where contype in ('c', 'f') and conrelid <> 0 and connamespace = 'public'::regnamespace and conparentid = 0
       and convalidated and conislocal`,
  );
  for (const { table, definition } of constraints) {
    await session.run(`begin; alter table ${table} add constraint again ${definition}; rollback`);
  }
}

const values = async <T>(expression: string, table: string): Promise<T[]> =>
  (await session.query<{ value: T }>(`select ${expression} as value from ${table}`)).map((row) => row.value);

const table = (name: string): FactId => `table public.${name}` as FactId;

describe("a check is satisfied by candidate values that PostgreSQL has judged", () => {
  test.each([
    ["a range of a small numeric", "a numeric(3,2) not null check (a between 0 and 1)"],
    ["a numeric without room before the point", "a numeric(2,2) not null check (a > 0.5)"],
    ["a list of texts", "a text not null check (a in ('open', 'it''s \\ shut'))"],
    ["two columns in order", "a int not null, b int not null check (a <= b)"],
    ["two columns in strict order, written backwards", "a date not null, b date not null check (b < a)"],
    [
      "four columns in order",
      "a int not null, b int not null, c int not null, d int not null check (d > c and c > b and b > a)",
    ],
    ["an e-mail address by a pattern", "a text not null check (a ~* '^[^@]+@[^@]+$')"],
    [
      "a pattern with classes, bounds and alternatives",
      "a text not null check (a ~ '^(DE|AT)[[:digit:]]{2}-[A-Z]{3,5}(_x)?$')",
    ],
    ["a slug", "a text not null check (a ~ '^[a-z0-9]+(?:-[a-z0-9]+)*$')"],
    ["a LIKE pattern", "a text not null check (a like 'INV-____-%')"],
    ["an address on the web", "a text not null check (a like 'https://%')"],
    ["exactly one of two columns", "a int, b int check (num_nonnulls(a, b) = 1)"],
    ["a length", "a varchar(40) not null check (char_length(a) = 37)"],
    ["a length between bounds", "a text not null check (char_length(a) between 60 and 63)"],
    ["upper case of fixed width", "a char(3) not null check (a = upper(a) and a ~ '^[A-Z]{3}$')"],
    ["a point in time to come", "a timestamptz not null check (a > '2030-01-01')"],
    ["an age", "a date not null check (a < '1990-01-01' and a > '1950-01-01')"],
    ["a product", "a numeric not null, b numeric not null, c numeric not null check (c = a * b and b > 1)"],
    [
      "a positive interval of whole quarters",
      "a interval not null check (a >= interval '15 minutes' and a < interval '2 hours')",
    ],
    ["the shape of a document", `a jsonb not null check (jsonb_typeof(a) = 'object' and a ? 'kind')`],
    ["the size of an array", "a text[] not null check (cardinality(a) between 3 and 4)"],
    ["members of an array", "a text[] not null check (a <@ array['red', 'green'] and cardinality(a) > 0)"],
    ["a bounded range", "a tstzrange not null check (not isempty(a) and upper(a) - lower(a) <= interval '2 days')"],
    ["a network", "a inet not null check (family(a) = 6)"],
    ["the width of a hash", "a bytea not null check (octet_length(a) = 32)"],
    [
      "a state machine",
      `a text not null check (a in ('draft', 'published', 'archived')), b timestamptz, c timestamptz, d text,
      check ((a = 'published') = (b is not null)), check ((a = 'archived') = (c is not null and d is not null)),
      check (c is null or char_length(d) >= 10)`,
    ],
    ["a generated column", "a int not null, b int generated always as (a * 2) stored check (b > 100)"],
    ["an expression that fails on some values", "a text not null check (a::int > 4)"],
    ["a division", "a int not null, b int not null check (10 / (a - 1) = b)"],
  ])("%s", async (_, columns) => {
    const { rows, withoutRows } = await plant(`create table t (id int primary key, ${columns})`);
    expect(withoutRows).toEqual([]);
    expect(rows[table("t")]).toBeGreaterThanOrEqual(2);
  });

  test("a function of the user's that raises is asked value by value", async () => {
    const { rows } = await plant(`
      create function is_code(x text) returns boolean language plpgsql immutable as
        $$ begin if x !~ '^[A-Z]{2}$' then raise 'no code: %', x; end if; return true; end $$;
      create table t (code text not null check (is_code(code)))`);
    expect(rows[table("t")]).toBe(4);
  });

  test("a table whose check nothing satisfies is named, and so are those that need its rows", async () => {
    const { rows, withoutRows } = await plant(`
      create table impossible (id int primary key check (id > 5 and id < 3));
      create table child (id int primary key, parent int not null references impossible);
      create table loose (id int primary key, parent int references impossible)`);
    expect(withoutRows).toEqual([table("child"), table("impossible")]);
    expect(rows).toEqual({ [table("loose")]: 4 });
  });

  test("checks of domains, of domains over domains, and NOT NULL of a domain hold", async () => {
    const { rows } = await plant(`
      create domain email as text check (value ~ '^[a-z]+@[a-z]+[.]org$');
      create domain work_email as email not null check (value like '%@example.org');
      create domain percent as numeric(5,2) check (value >= 0 and value <= 100);
      create table t (a email, b work_email, c percent not null, d percent[])`);
    expect(rows[table("t")]).toBe(4);
    expect(await values("c is not null", "t")).toEqual([true, true, true, true]);
  });
});

describe("foreign keys", () => {
  test("cycles close through nullable columns, and every row finds its parent", async () => {
    const { rows } = await plant(`
      create table a (id int primary key, b int);
      create table b (id int primary key, a int not null references a);
      alter table a add foreign key (b) references b;
      create table tree (id uuid primary key, parent uuid references tree)`);
    expect(rows).toEqual({ [table("a")]: 4, [table("b")]: 4, [table("tree")]: 4 });
    expect(await values<bigint>("count(parent)", "tree")).toEqual([3n]);
    expect(await values<bigint>("count(b)", "a")).toEqual([3n]);
  });

  test("cycles without a nullable column are planted too, with keys agreed on beforehand", async () => {
    const { rows } = await plant(`
      create table a (id int primary key, b int not null);
      create table b (id int primary key, a int not null references a);
      alter table a add foreign key (b) references b;
      create table self (id text primary key, parent text not null references self)`);
    expect(rows).toEqual({ [table("a")]: 4, [table("b")]: 4, [table("self")]: 4 });
  });

  test("composite keys that share a column agree on it", async () => {
    const { rows } = await plant(`
      create table tenant (id int primary key);
      create table account (tenant int references tenant, id int, manager int, primary key (tenant, id),
        foreign key (tenant, manager) references account);
      create table project (tenant int references tenant, id int, primary key (tenant, id));
      create table job (tenant int not null, account int not null, project int, name text not null,
        foreign key (tenant, account) references account, foreign key (tenant, project) references project,
        unique (tenant, name))`);
    expect(rows).toEqual({ [table("tenant")]: 4, [table("account")]: 4, [table("project")]: 4, [table("job")]: 4 });
    expect((await values<bigint>("count(project)", "job"))[0]).toBeGreaterThan(0n);
  });

  test("MATCH FULL, unique references, generated targets and one of several parents", async () => {
    const { rows } = await plant(`
      create table p (a int, b int, c text generated always as ('#' || a) stored unique, primary key (a, b));
      create table full_match (x int, y int, foreign key (x, y) references p match full);
      create table one (x int unique, y int, foreign key (x, y) references p);
      create table by_text (c text not null references p (c));
      create table either (id int primary key, p text references p (c), o int references either,
        check (num_nonnulls(p, o) = 1))`);
    expect(Object.values(rows)).toEqual([4, 4, 4, 4, 4]);
  });

  test("a join table gets different pairs", async () => {
    const { rows } = await plant(`
      create table a (id int primary key);
      create table b (id int primary key);
      create table ab (a int references a, b int references b, primary key (a, b), unique (b, a))`);
    expect(rows[table("ab")]).toBe(4);
  });
});

describe("keys and exclusions", () => {
  test("every kind of unique index gets as many rows as it has room for", async () => {
    const { rows } = await plant(`
      create type two as enum ('x', 'y');
      create table flag (it boolean primary key default true check (it));
      create table label (l two primary key);
      create table partial (id serial primary key, owner int not null, is_default boolean not null);
      create unique index on partial (owner) where is_default;
      create table expression (id bigint generated always as identity primary key, email text not null);
      create unique index on expression (lower(email));
      create table nulls (a int, unique nulls not distinct (a));
      create table lazy (a int not null unique deferrable initially deferred, b int)`);
    expect(rows).toEqual({
      [table("expression")]: 4,
      [table("flag")]: 1,
      [table("label")]: 2,
      [table("lazy")]: 4,
      [table("nulls")]: 4,
      [table("partial")]: 4,
    });
  });

  test("exclusion constraints get ranges that do not meet", async () => {
    const { rows } = await plant(`
      create extension btree_gist;
      create table booking (room int not null, during tstzrange not null, exclude using gist (room with =, during with &&));
      create table span (during daterange not null, exclude using gist (during with &&));
      create table same (kind int not null, exclude using gist (kind with <>))`);
    expect(rows).toMatchObject({ [table("booking")]: 4, [table("span")]: 4 });
    expect(rows[table("same")]).toBeGreaterThanOrEqual(1);
  });
});

describe("partitioned tables", () => {
  test("are filled through their root, each partition in turn", async () => {
    const { rows, withoutRows } = await plant(`
      create table events (id bigint generated always as identity, at timestamptz not null, v int, primary key (id, at))
        partition by range (at);
      create table events_old partition of events for values from (minvalue) to ('1999-01-01');
      create table events_24 partition of events for values from ('2024-01-01') to ('2025-01-01');
      create table events_50 (v int check (v > 7), at timestamptz not null, id bigint not null);
      alter table events attach partition events_50 for values from ('2050-01-01') to ('2050-02-01');
      create table by_month (d date not null) partition by list (date_part('month', d));
      create table by_month_2 partition of by_month for values in (2, 3);
      create table region (code text, n int) partition by list (code);
      create table region_eu partition of region for values in ('eu', 'uk') partition by hash (n);
      create table region_eu_2 partition of region_eu for values with (modulus 3, remainder 2);
      create table region_none partition of region default;
      create table bare (a int) partition by list (a)`);
    expect(rows).toEqual({ [table("by_month")]: 4, [table("events")]: 4, [table("region")]: 4 });
    expect(withoutRows).toEqual([table("bare")]);
    const reached = await values("distinct tableoid::regclass::text", "events order by 1");
    expect(reached).toEqual(["events_24", "events_50", "events_old"]);
    expect(await values("distinct tableoid::regclass::text", "region order by 1")).toEqual([
      "region_eu_2",
      "region_none",
    ]);
  });
});

describe("types", () => {
  test("every built-in type that a column can have gets values, and null beside them", async () => {
    const types = await values<string>(
      "format_type(oid, null)",
      `pg_type where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typname !~ '^_'
         and typname not in ('aclitem', 'xml', 'pg_node_tree', 'pg_ndistinct', 'pg_dependencies', 'pg_mcv_list',
           'pg_brin_bloom_summary', 'pg_brin_minmax_multi_summary', 'gtsvector') order by typname`,
    );
    expect(types.length).toBeGreaterThan(60);
    const columns = types.map((type, i) => `c${i} ${type}, a${i} ${type}[]`);
    const { rows } = await plant(`create table t (${columns.join(", ")})`);
    expect(rows[table("t")]).toBe(4);
    const counts = types.flatMap((_, i) => [`count(c${i})`, `count(a${i})`]);
    const [filled = []] = await values<bigint[]>(`array[${counts.join(", ")}]`, "t");
    const names = types.flatMap((type) => [type, `${type}[]`]);
    expect(names.filter((_, i) => filled[i] !== 3n)).toEqual([]);
  });

  test("modifiers are respected, and text has what scripts get wrong", async () => {
    const { rows } = await plant(`create table t (a varchar(1) unique, b char(2) unique, c numeric(4,4) unique,
      d numeric(3,-2), e bit(3) unique, f bit varying(2), g interval year to month unique, h timestamp(0), i varchar(3)[],
      j numeric(1) unique, k "char" unique, l text not null, m int generated by default as identity)`);
    expect(rows[table("t")]).toBe(4);
    expect((await values<string>("l", "t")).some((text) => text.includes("'") && text.includes("\\"))).toBe(true);
  });

  test("composites, arrays of them, ranges of the user's, enums and types of extensions", async () => {
    const { rows } = await plant(
      `
      create extension citext; create extension hstore; create extension ltree;
      create type mood as enum ('sad', 'a "b", c');
      create type point3 as (x int, label varchar(3), m mood, tags text[]);
      create type float_range as range (subtype = float8);
      create table t (a point3 not null, b point3[] not null, c float_range not null, d mood[] not null, e mood not null,
        f citext not null unique, g hstore not null, h ltree not null unique, i float_multirange not null,
        j t_row not null)`.replace("create table t", "create table t_row (x int, y mood); create table t"),
    );
    expect(rows).toEqual({ [table("t")]: 4, [table("t_row")]: 4 });
  });

  test("hostile names are quoted", async () => {
    const { rows } = await plant(`
      create type "Sel""ect" as enum ('x''y', 'ü\\');
      create table "Order ""x"" %s" ("user" int primary key, "Größe $1" "Sel""ect" not null, "select" int not null,
        check ("select" > "user" and "Größe $1" <> 'ü\\'));
      create table "🐘" ("?" int references "Order ""x"" %s")`);
    expect(Object.values(rows)).toEqual([4, 4]);
  });
});

describe("planting", () => {
  const SCHEMA = `
    create table a (id int generated always as identity primary key, name text unique, at timestamptz default now());
    create table b (id uuid default gen_random_uuid() primary key, a int not null references a, n numeric(8,2))`;

  test("leaves the catalog as it was, and gives the same rows each time", async () => {
    const catalog = () => values<string>("format('%s %s %s', oid, nspname, nspacl)", "pg_namespace order by oid");
    await session.run(SCHEMA);
    const [facts, schemas] = [await readCatalog(session), await catalog()];
    await plantRows(session, facts);
    const first = await takeCensus(session, facts);
    expect(await readCatalog(session)).toEqual(facts);
    expect(await catalog()).toEqual(schemas);
    await session.run(`drop schema public cascade; create schema public; ${SCHEMA}`);
    await plantRows(session, facts);
    expect(await takeCensus(session, facts)).toEqual(first);
  });

  test("is not stopped by triggers, rules or row security", async () => {
    const { rows } = await plant(`
      create function no() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create table t (id int primary key);
      create trigger no before insert on t for each row execute function no();
      create table r (id int primary key);
      create rule nothing as on insert to r do instead nothing;
      alter table t enable row level security; alter table t force row level security`);
    expect(rows).toEqual({ [table("r")]: 4, [table("t")]: 4 });
  });

  test("goes without an error where nothing is to be planted", async () => {
    expect(await plant("create view v as select 1 as x")).toMatchObject({ rows: {}, withoutRows: [] });
    expect(await plant("create table nothing ()")).toMatchObject({ rows: { [table("nothing")]: 4 } });
  });
});

describe("rows for a migration", () => {
  const ahead = (...statements: readonly string[]): Ahead => ({
    plan: () => statements.map((sql, i) => ({ sql, verb: "alter", id: `statement ${i}` as FactId })),
    hints: new Map(),
  });

  test("satisfy the keys, checks, types and names of the next state as well, so that real data may", async () => {
    const statements = [
      "alter table c rename column old to fresh",
      "alter table c add foreign key (p) references p",
      "alter table c add check (fresh in ('x', 'y'))",
      "alter table c alter column n set not null",
      "alter table c add unique (u, v)",
      "alter table c alter column t type int using t::int",
      "alter table c alter column s type varchar(2)",
      "alter type e rename to e_old; create type e as enum ('b', 'c')",
      "alter table c alter column e type e using e::text::e",
      "alter domain d add check (value > 100)",
      "alter table c add column created date not null default current_date",
    ];
    const state = `
      create type e as enum ('a', 'b', 'c');
      create domain d as int;
      create table p (id int primary key);
      create table c (id int primary key, p int, old text, n int, u boolean not null, v int not null, t text, s text, e e, d d)`;
    const { rows } = await plant(state, ahead(...statements));
    expect(rows).toEqual({ [table("c")]: 4, [table("p")]: 4 });
    await session.run(statements.join(";\n"));
  });

  test("can be converted and backfilled, to values that the checks of the next state accept", async () => {
    const hint = (column: string, more: object) => [`column public.c.${column}` as FactId, more] as const;
    const hints = new Map([
      hint("low", { backfill: "split_part(range, '/', 1)::int" }),
      hint("high", { backfill: "split_part(range, '/', 2)::int" }),
      hint("n", { using: "replace(n, 'No. ', '')::int" }),
    ]);
    const statements = [
      "alter table c rename column pressure to range",
      "alter table c add column low int",
      "update c set low = split_part(range, '/', 1)::int",
      "alter table c alter column low set not null",
      "alter table c add column high int",
      "update c set high = split_part(range, '/', 2)::int",
      "alter table c add check (low < high and high < 300)",
      "alter table c drop constraint c_n_check",
      "alter table c alter column n type int using replace(n, 'No. ', '')::int",
      "alter table c add check (n > 700)",
      "alter table c add column state text not null default 'new' check (state = 'new' or n < 5)",
    ];
    const { rows } = await plant(
      `create table c (id int primary key, pressure text not null check (pressure ~ '^[0-9]{2,3}/[0-9]{2,3}$'),
         n text not null check (n like 'No. %' and n ~ '[0-9]{3}$'))`,
      { ...ahead(...statements), hints },
    );
    expect(rows).toEqual({ [table("c")]: 4 });
    await session.run(statements.join(";\n"));
  });

  test("are left as they come where orphans will be set aside", async () => {
    const hints = new Map([["constraint public.c.c_p_fkey" as FactId, { orphans: "set aside" } as const]]);
    await plant("create table p (id int primary key); create table c (id int primary key, p int)", {
      ...ahead("alter table c add constraint c_p_fkey foreign key (p) references p"),
      hints,
    });
    const orphans = await values<bigint>("count(*)", "c where p not in (select id from p)");
    expect(orphans[0]).toBeGreaterThan(0n);
  });

  test("hold nulls where a backfill will fill them", async () => {
    const hints = new Map([["column public.c.n" as FactId, { backfill: "0" }]]);
    await plant("create table c (id int primary key, n int)", {
      ...ahead("alter table c alter n set not null"),
      hints,
    });
    expect(await values<bigint>("count(*)", "c where n is null")).toEqual([1n]);
  });
});

describe("the census", () => {
  test("tells a null from an empty text, and other values, and other rows", async () => {
    const facts = (
      await plant("create table t (a text, b json, c float8 not null, d int generated always as (1) stored)")
    ).facts;
    const census = async (sql: string) => {
      await session.run(`truncate t; insert into t (a, b, c) values ${sql}`);
      return takeCensus(session, facts);
    };
    const id = (column: string) => `column public.t.${column}` as FactId;
    const first = await census(`('x', '{"a": 1}', 1), ('', null, 2)`);
    expect([...first.keys()].sort()).toEqual([id("a"), id("b"), id("c"), table("t")]);
    expect(await census(`('', null, 2), ('x', '{"a": 1}', 1)`)).toEqual(first);
    expect((await census(`('x', '{"a": 1}', 1), (null, null, 2)`)).get(id("a"))).not.toBe(first.get(id("a")));
    expect((await census(`('x', '{"a":1}', 1), ('', null, 2)`)).get(id("b"))).not.toBe(first.get(id("b")));
    const swapped = await census(`('', '{"a": 1}', 1), ('x', null, 2)`);
    expect(swapped.get(id("a"))).toBe(first.get(id("a")));
    expect(swapped.get(table("t"))).not.toBe(first.get(table("t")));
  });
});
