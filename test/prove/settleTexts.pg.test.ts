import { afterAll, expect, test } from "vitest";
import { diffFacts } from "../../compiler/diff/diffFacts.ts";
import { embeddedShadow, expectExact, statementsOf } from "../exact.ts";

afterAll(async () => (await embeddedShadow()).close());

// Each prints in a form that prints otherwise once it is read again.
const AS_WRITTEN = `
  create table sessions (
    status varchar(10) default 'new' check (status in ('new', 'done')),
    rating int check (rating between 1 and 10 and rating <> 4),
    is_open boolean generated always as (rating between 1 and 3 and status in ('new', 'seen')) stored
  );
  create index on sessions (rating) where status in ('new', 'done');
  create view good as select rating from sessions where rating between 5 and 10 and status <> 'new';
`;
const AS_PRINTED = `
  create table sessions (
    status varchar(10) default 'new' check (status::text = any (array['new'::varchar::text, 'done'::varchar::text])),
    rating int check (rating >= 1 and rating <= 10 and rating <> 4),
    is_open boolean generated always as
      (rating >= 1 and rating <= 3 and status::text = any (array['new'::varchar::text, 'seen'::varchar::text])) stored
  );
  create index on sessions (rating) where status::text = any (array['new'::varchar::text, 'done'::varchar::text]);
  create view good as select rating from sessions where rating >= 5 and rating <= 10 and status <> 'new';
`;

test("what PostgreSQL prints in two ways can be created, and taken back", async () => {
  await expectExact("", AS_WRITTEN);
});

test("the two ways are no difference", async () => {
  const { forward, rollback } = await expectExact(AS_WRITTEN, AS_PRINTED);
  expect(statementsOf(forward)).toEqual([]);
  expect(statementsOf(rollback)).toEqual([]);
  expect(statementsOf((await expectExact(AS_PRINTED, AS_WRITTEN)).forward)).toEqual([]);
});

test("a database that was written by hand is recognised by its own print", async () => {
  const { starts, ends, current } = await expectExact(AS_WRITTEN, `${AS_WRITTEN} create table more (id int);`);
  expect(diffFacts(starts, current).length).toBeGreaterThan(0);
  expect(diffFacts(starts, ends).map((delta) => delta.verb === "add" && delta.fact.id)).toEqual([
    "table public.more",
    "column public.more.id",
  ]);
});

test("what is dropped comes back although it then prints in the other way", async () => {
  await expectExact(AS_WRITTEN, "create table sessions (rating int check (rating between 1 and 10 and rating <> 4));");
});
