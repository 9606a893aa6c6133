import { describe, expect, test } from "vitest";
import { expectExact, statementsOf } from "../exact.ts";

describe("a NOT NULL column that goes, over rows", () => {
  test("comes back with a value that says nothing, and the proof names what is lost", async () => {
    const table = (columns: string) => `
      create type mood as enum ('ok', 'sad');
      create table t (id int primary key${columns})`;
    const columns = [
      ...["a integer not null", "b varchar(20) not null check (char_length(b) < 10)", "c timestamptz(3) not null"],
      ...[
        "d uuid not null unique",
        "e mood not null",
        "f mood[] not null",
        "g jsonb not null",
        "h int not null default 7",
      ],
    ];
    const { rollback, proof } = await expectExact(table(`, ${columns.join(", ")}`), table(""));
    expect(proof.rows).toEqual({ "table public.t": 4 });
    expect(proof.valuesLost).toEqual([..."abcdefgh"].map((name) => `column public.t.${name}`));
    expect(statementsOf(rollback)).toContain("ALTER TABLE public.t ADD COLUMN a integer DEFAULT 0 NOT NULL");
    expect(statementsOf(rollback)).toContain("ALTER TABLE public.t ADD COLUMN h integer DEFAULT 7 NOT NULL");
  });

  test("needs a backfill on the way forward, since nothing was said of its values", async () => {
    await expect(expectExact("create table t (id int)", "create table t (id int, n int not null)")).rejects.toThrow(
      /23502[\s\S]*backfill/,
    );
  });
});

test("a column that changes its type and comes back loses no more than the proof says", async () => {
  const { proof } = await expectExact("create table t (a numeric(8,2), b int)", "create table t (a int, b bigint)");
  expect(proof.valuesLost).toEqual(["column public.t.a"]);
});

test("keys, checks and types that come are proved over rows that satisfy them", async () => {
  const { proof } = await expectExact(
    `create type e as enum ('a', 'b', 'c'); create table p (id int primary key);
     create table c (id int primary key, p int not null, s text, t text, e e)`,
    `create type e as enum ('b', 'c'); create table p (id int primary key);
     create table c (id int primary key, p int not null references p, s text check (s in ('x', 'y')) not null unique,
       t int check (t > 10), e e)`,
  );
  expect(proof).toMatchObject({ rows: { "table public.c": 2, "table public.p": 4 }, withoutRows: [], valuesLost: [] });
});
