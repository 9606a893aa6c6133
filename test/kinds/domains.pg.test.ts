import { expect, test } from "vitest";
import { onServers } from "./onServers.ts";

onServers("domains", (exactly, major) => {
  test("are created in one statement with their checks", async () => {
    const { forward } = await exactly(
      "",
      `create domain email as text collate "C" default 'a@b' constraint has_at check (value ~ '@') not null`,
    );
    expect(forward).toEqual([
      `CREATE DOMAIN public.email AS text COLLATE "C" DEFAULT 'a@b'::text NOT NULL\n` +
        "  CONSTRAINT has_at CHECK ((VALUE ~ '@'::text))",
    ]);
  });

  test("default, NOT NULL and checks change in place under columns that hold them", async () => {
    await exactly(
      `create domain d as integer default 1 constraint positive check (value > 0); create table t (a d, b d[])`,
      `create domain d as integer default 2 not null constraint small check (value < 100000); create table t (a d, b d[])`,
    );
    const { forward } = await exactly(
      "create domain d as integer constraint one check (value > 0)",
      "create domain d as integer constraint two check (value > 0)",
    );
    expect(forward).toEqual(["ALTER DOMAIN public.d RENAME CONSTRAINT one TO two"]);
  });

  test("a check can wait for its validation", async () => {
    const { forward } = await exactly(
      "create domain d as integer; alter domain d add constraint c check (value > 0) not valid",
      "create domain d as integer constraint c check (value > 0)",
    );
    expect(forward).toEqual(["ALTER DOMAIN public.d VALIDATE CONSTRAINT c"]);
    await exactly("", "create domain d as integer; alter domain d add constraint c check (value > 0) not valid");
  });

  test("another base type converts the columns that hold it, and what stands on them is rebuilt", async () => {
    await exactly(
      `create domain d as varchar(10) default 'x' constraint c check (length(value) < 9);
       create table t (a d default 'y', b d[]); create index i on t (a);
       create function f(d) returns d language sql immutable as 'select $1';
       create view v as select a, f(a) as g from t; comment on domain d is 'words'`,
      `create domain d as text collate "C" default 'x' not null constraint c check (length(value) < 9);
       create table t (a d default 'y', b d[]); create index i on t (a);
       create function f(d) returns d language sql immutable as 'select $1';
       create view v as select a, f(a) as g from t; comment on domain d is 'words'`,
    );
  });

  test("where arrays of the domain are kept, checks are added while they are arrays of its base", async () => {
    const { forward } = await exactly(
      "create domain d as integer; create table t (b d[])",
      "create domain d as integer constraint c check (value < 100000); create table t (b d[])",
    );
    expect(forward).toEqual([
      "ALTER TABLE public.t ALTER COLUMN b TYPE integer[] USING b::integer[]",
      "ALTER DOMAIN public.d ADD CONSTRAINT c CHECK ((VALUE < 100000))",
      "ALTER TABLE public.t ALTER COLUMN b TYPE public.d[] USING b::public.d[]",
    ]);
  });

  test("a check may use a function of its own domain", async () => {
    await exactly(
      "",
      `create domain d as text;
       create function ok(d) returns boolean language sql immutable as 'select true';
       alter domain d add constraint c check (ok(value))`,
    );
  });

  test.runIf(major >= 17)("NOT NULL keeps its name", async () => {
    await exactly("create domain d as text not null", "create domain d as text constraint given not null");
  });

  test("hostile names", async () => {
    await exactly(
      "",
      `create schema "S s"; create domain "S s"."we""ird Näme" as text constraint "c""c" check (value <> '');
       comment on constraint "c""c" on domain "S s"."we""ird Näme" is 'it''s';
       create domain "S s".over as "S s"."we""ird Näme"`,
    );
  });
});
