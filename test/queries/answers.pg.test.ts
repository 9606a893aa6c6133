import { beforeAll, describe, expect, test } from "vitest";
import { compileDomain } from "../../compiler/compile/compileDomain.ts";
import { Diagnostic } from "../../compiler/diagnostic.ts";
import { renderClient } from "../../compiler/generate/renderClient.ts";
import { renderQueries } from "../../compiler/generate/renderQueries.ts";
import { type Answers, answersFor } from "../../compiler/queries/answers.ts";
import { readQueries } from "../../compiler/queries/parseQueries.ts";
import { definitionsFolder } from "../definitionsFolder.ts";

const SHOP = `
import { array, bigint, enumType, domainType, integer, jsonb, references, self, sql, table, text, view } from "verso";
export const state = enumType("state", ["open", "done"]);
export const label = domainType("label", text(), { nullable: false });
export const users = table("users", { columns: {
  id: bigint({ primaryKey: true, identity: "always" }), name: text(), nick: text({ nullable: true }), label: label({ nullable: true }),
} });
export const tasks = table("tasks", { columns: {
  id: bigint({ primaryKey: true, identity: "always" }),
  user_id: references(() => users, { onDelete: "cascade", nullable: true }),
  parent_id: references(self, { onDelete: "cascade", nullable: true }),
  state: state({ default: "open" }), tags: array(text(), { default: [] }), data: jsonb({ default: {} }), points: integer({ nullable: true }),
} });
export const owned = view("owned", { query: sql\`
  select t.id, t.user_id, u.name, u.nick, n.count
  from \${tasks} t left join \${users} u on u.id = t.user_id
  cross join lateral (select count(*) from \${tasks} s where s.parent_id = t.id) n
  where t.user_id is not null\` });
`;

/** A query for each line, by number, and which of its results can be null. */
const RESULTS: readonly (readonly [sql: string, nullable: readonly string[]])[] = [
  ["select id, name, nick, label from users", ["nick"]],
  [
    "select t.id, u.name, u.* from tasks t left join users u on u.id = t.user_id".replace(", u.*", ", u.id uid"),
    ["name", "uid"],
  ],
  ["select t.id, u.name from tasks t left join users u on u.id = t.user_id where u.id = :id", ["name"]],
  ["select u.id from tasks t left join users u on u.id = t.user_id where u.id = :id", []],
  ["select t.id tid, u.id from tasks t full join users u on u.id = t.user_id", ["tid", "id"]],
  ["select id, nick from users where nick is not null and length(nick) > 3", []],
  ["select id, nick from users where nick is not null or id = 1", ["nick"]],
  ["select count(*), sum(points), max(id), array_agg(id) ids from tasks", ["sum", "max", "ids"]],
  [
    "select user_id, count(points), sum(points), max(id), max(id) filter (where state = 'open') some from tasks group by user_id",
    ["user_id", "sum", "some"],
  ],
  ["select state, user_id, count(*) from tasks group by rollup (state, user_id)", ["state", "user_id"]],
  [
    "select coalesce(nick, name) a, coalesce(nick, label) b, upper(nick) c, nick || name d, id + 1 e, nullif(id, 1) f, case when id = 1 then 2 end g, case when id = 1 then 2 else 3 end h from users",
    ["c", "d", "f", "g"],
  ],
  [
    "select data ->> 'a' a, data = '{}' b, data ? 'x' c, tags[1] d, tags || '{x}' e, exists (select) f, (select name from users limit 1) g, (select count(*) from users) h from tasks",
    ["a", "d", "g"],
  ],
  [
    "with recursive up as (select id, parent_id, 1 depth from tasks where id = :id union all select t.id, t.parent_id, up.depth + 1 from tasks t join up on up.parent_id = t.id) select * from up",
    ["parent_id"],
  ],
  ["select id, nick from users union select id, name from users", ["nick"]],
  ["select x, y from (values (1, 'a'), (2, null)) v(x, y)", ["y"]],
  ["select n, u.id from generate_series(1, 3) n left join users u on u.id = n", ["id"]],
  ["select * from owned", ["name", "nick"]],
  ["insert into users (name, nick) values (:name, :nick) returning id, name, nick", ["nick"]],
  ["update users set nick = 'x' where nick is not null returning nick", ["nick"]],
  [
    "select :a::text a, :b?::text b, now() c, current_date d, row_number() over () e, lag(id) over () f from users",
    ["b", "f"],
  ],
  [
    "select sum(id) over (order by id rows between 1 following and 2 following) a, count(*) over (order by id rows between 1 following and 2 following) b, lower(int8range(id, null)) c, lower(name) d, extract(day from now()) e, current_schema f from users",
    ["a", "c", "e", "f"],
  ],
  [
    "merge into users u using tasks t on t.user_id = u.id when not matched by source then delete returning u.id, t.state",
    ["id", "state"],
  ],
  [`select nick as "nick!", name as "name?" from users`, ["name"]],
];

const PARAMETERS = `
-- name: create :one
insert into tasks (user_id, state, tags, data, points)
values (:user, :state, :tags, :data, :points) returning id;
-- name: copies :exec
insert into users (name, nick) select :name, :nick from generate_series(1, :times);
-- name: search :many
select t.* from tasks t join owned o on o.id = t.id
where (:state::state is null or t.state = :state) and t.user_id = any(:users) and o.user_id = :owner
limit :atMost::integer;
-- name: change :exec
update users set name = coalesce(:name, name), label = :label where id = :id and nick = :note?;
`;

let answers: Answers;
beforeAll(async () => {
  const sql = RESULTS.map(([text], i) => `-- name: r${i} :many\n${text};\n`).join("");
  const asked = await ask({ "results.sql": sql, "parameters.sql": PARAMETERS });
  answers = await asked.answer(null, undefined);
});

async function ask(files: Readonly<Record<string, string>>, shop = SHOP) {
  const queries = Object.fromEntries(Object.entries(files).map(([name, text]) => [`queries/${name}`, text]));
  const folder = await definitionsFolder({ "shop.ts": shop, ...queries });
  const domain = await compileDomain(folder);
  return {
    answer: async (kept: string | null, shadow: string | undefined): Promise<Answers> => {
      const found = await answersFor(domain, await readQueries(folder), kept, shadow);
      if (found === null) throw new Error("nothing to ask");
      return found;
    },
  };
}

describe("PostgreSQL says which results can be null", () => {
  test.each(RESULTS.map(([sql, nullable], i) => ({ sql, nullable, i })))("$sql", ({ nullable, i }) => {
    const columns = answers.queries.get(`r${i}`)?.columns ?? [];
    expect(columns.length).toBeGreaterThan(0);
    expect(columns.filter(({ isNullable }) => isNullable).map(({ name }) => name)).toEqual(nullable);
  });

  test("and the same of a view's columns, and whose columns they are", () => {
    expect(answers.views.get("public.owned")).toMatchObject([
      { name: "id", type: "bigint", isNullable: false, column: "public.tasks.id" },
      { name: "user_id", isNullable: false, column: "public.tasks.user_id" },
      { name: "name", isNullable: true, column: "public.users.name" },
      { name: "nick", isNullable: true },
      { name: "count", type: "bigint", isNullable: false, column: null },
    ]);
  });
});

describe("parameters", () => {
  const told = (name: string) =>
    (answers.queries.get(name)?.parameters ?? []).map(
      (one) =>
        `${one.name}: ${one.isNullable ? "null or " : ""}${one.type}${one.column === null ? "" : `, ${one.isList ? "list of " : ""}${one.column}`}`,
    );

  test("take null where a column that they are written to does", () => {
    expect(told("create")).toEqual([
      "user: null or bigint, public.tasks.user_id",
      "state: public.state, public.tasks.state",
      "tags: text[], public.tasks.tags",
      "data: jsonb, public.tasks.data",
      "points: null or integer, public.tasks.points",
    ]);
    expect(told("copies")).toEqual([
      "name: text, public.users.name",
      "nick: null or text, public.users.nick",
      "times: integer",
    ]);
  });

  test("take null where the statement asks whether they are, or the file says so", () => {
    expect(told("search")).toEqual([
      "state: null or public.state, public.tasks.state",
      "users: bigint[], list of public.tasks.user_id",
      "owner: bigint, public.tasks.user_id",
      "atMost: integer",
    ]);
    expect(told("change")).toEqual([
      "name: null or text, public.users.name",
      "label: public.label, public.users.label",
      "id: bigint, public.users.id",
      "note: null or text, public.users.nick",
    ]);
  });
});

describe("what PostgreSQL said is kept", () => {
  const ONE = "-- name: one :many\nselect id from users;\n";
  const nowhere = "no shadow at all";

  test("so that an unchanged domain compiles without a database, to the same bytes", async () => {
    const files = { "q.sql": ONE };
    const { text } = await (await ask(files)).answer(null, undefined);
    expect((await (await ask(files)).answer(text, nowhere)).text).toBe(text);
    // A comment is no part of the schema that a query depends on.
    const commented = await ask(files, SHOP.replace("export const users", "/** People. */\nexport const users"));
    expect((await commented.answer(text, nowhere)).text).toBe(text);
    await expect((await ask({ "q.sql": ONE.replace("id", "name") })).answer(text, nowhere)).rejects.toThrow(
      "no shadow",
    );
    await expect(
      (await ask(files, SHOP.replace("nick:", "alias:").replaceAll("u.nick", "u.alias"))).answer(text, nowhere),
    ).rejects.toThrow("no shadow");
  });

  test("a query that no longer fits is an error at its place in the file", async () => {
    const asked = await ask({
      "q.sql": `${ONE}\n-- Wrong.\n-- name: two :one\nselect 'é', :id::int,\n  nickname\nfrom users`,
    });
    const refusal = await asked.answer(null, undefined).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Diagnostic);
    expect(refusal).toMatchObject({
      code: "query-refused",
      at: { line: 7, column: 3 },
      why: 'column "nickname" does not exist (SQLSTATE 42703)',
    });
  });
});

test("composites, and lists of them and of JSON, are sent part by part, to queries and to routines", async () => {
  const folder = await definitionsFolder({
    "shop.ts": `
      import { array, compositeType, fn, integer, jsonb, sql, table, text } from "verso";
      export const size = compositeType("size", { "width mm": integer(), notes: array(jsonb()) });
      export const box = compositeType("box_kind", { name: text(), sizes: array(size()) });
      export const boxes = table("boxes", { columns: { id: integer({ primaryKey: true }), kind: box(), sizes: array(size()) } });
      export const widest = fn("widest", { arguments: { kinds: array(box()) }, returns: integer(), language: "sql", body: sql\`select 1\` });`,
    "queries/boxes.sql": "-- name: put :exec\ninsert into boxes (id, kind, sizes) values (:id, :kind, :sizes);\n",
  });
  const domain = await compileDomain(folder);
  const files = [
    ...(await renderClient(domain)),
    ...(await renderQueries(domain, { readGenerated: async () => null, shadow: undefined })),
  ];
  const text = (name: string) => files.find(({ file }) => file === name)?.text ?? "";
  const size = `{"list":{"row":[["width mm",null],["notes",{"list":"json"}]]}}`;
  const box = `{"row":[["name",null],["sizes",${size}]]}`;
  expect(text("queries.ts")).toContain(`[given.id, encoded(given.kind, ${box}), encoded(given.sizes, ${size})]`);
  expect(text("queries.ts")).toContain("readonly kind: BoxKind;\n  readonly sizes: readonly Size[];");
  expect(text("client/routines.ts")).toContain(
    `{ name: "kinds", named: "kinds", type: "public.box_kind[]", encoding: {"list":${box}} }`,
  );
});
