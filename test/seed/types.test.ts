import { generate, jsonb, loader, numeric, references, row, type SeedRow, seed, table, text, uuid } from "verso";
import { expect, expectTypeOf, test } from "vitest";

const users = table("users", {
  columns: { id: uuid({ primaryKey: true }), email: text(), settings: jsonb<{ theme?: "dark" }>({ default: {} }) },
});
const posts = table("posts", {
  columns: {
    id: uuid({ primaryKey: true }),
    user_id: references(() => users, { onDelete: "cascade" }),
    title: text(),
    price: numeric(5, 2, { nullable: true }),
  },
});
const people = seed(users, {
  environments: ["demo"],
  key: ["email"],
  rows: { ann: { id: "a", email: "ann@example.org", settings: { theme: "dark" } } },
});

test("a row is checked against its table, column by column", () => {
  seed(posts, {
    environments: ["demo"],
    key: ["title"],
    rows: {
      one: { id: "p", user_id: people.rows.ann.id, title: "One", price: "1.50" },
      // @ts-expect-error a column that must be given
      two: { id: "p", title: "Two" },
      // @ts-expect-error a value of another type
      three: { id: "p", user_id: people.rows.ann.id, title: 3 },
      // @ts-expect-error a column that there is not
      four: { id: "p", user_id: people.rows.ann.id, title: "Four", tilte: "4" },
    },
  });
  // @ts-expect-error a key that is no column
  seed(users, { environments: ["demo"], key: ["mail"], rows: {} });
  expectTypeOf<SeedRow<typeof posts, "title">["title"]>().toExtend<unknown>();
});

test("another row is named, and its column must be of the kind that is wanted", () => {
  // @ts-expect-error there is no such row
  expect(people.rows.bob).toBeUndefined();
  expect(people.rows.ann.id).toMatchObject({ row: "ann", column: "id" });
  seed(posts, {
    environments: ["demo"],
    key: ["title"],
    rows: {
      // @ts-expect-error the id of a post is none of a user
      one: { id: "p", user_id: row(posts, "two").id, title: "One" },
      two: { id: "p", user_id: row(users, "ann").id, title: "Two" },
    },
  });
});

test("rules give values of their columns", () => {
  generate(users, {
    email: (n) => `user${n}@example.org`,
    settings: (_, chance) => chance.pick([{}, { theme: "dark" }]),
  });
  // @ts-expect-error a number is no text
  generate(users, { email: (n) => n });
  // @ts-expect-error a column that there is not
  generate(users, { mail: (n) => `user${n}` });
});

test("what all rows of a parent have in common is part of their key, and is given once", () => {
  loader({
    about: "posts",
    files: /posts/,
    read: (log, into) => {
      const at = { file: log.path, line: 1, column: 1 };
      const user = into.add(users, { key: ["email"], at, values: { id: "a", email: "ann@example.org" } });
      const of = { user_id: user.id };
      into.addAll(posts, { key: ["user_id", "title"], of, at, rows: [] });
      into.addAll(posts, { key: ["user_id", "title"], of, at, rows: [{ at, values: { id: "p", title: "One" } }] });
      // @ts-expect-error a column that must be given
      into.addAll(posts, { key: ["user_id", "title"], of, at, rows: [{ at, values: { id: "p" } }] });
      // @ts-expect-error what is no part of the key
      into.addAll(posts, { key: ["title"], of, at, rows: [] });
      // @ts-expect-error a value of another type
      into.addAll(posts, { key: ["user_id", "title"], of: { user_id: 3 }, at, rows: [] });
    },
  });
});
