import {
  array,
  bigint,
  boolean,
  bytea,
  type ColumnMap,
  column,
  date,
  domainType,
  enumType,
  fn,
  geometry,
  type InsertOf,
  integer,
  jsonb,
  numeric,
  type PublicRowOf,
  type RowOf,
  references,
  self,
  sql,
  type TableDefinition,
  table,
  text,
  timestamptz,
  uuid,
  varchar,
} from "verso";
import { expect, expectTypeOf, test } from "vitest";
import type * as GeoJSON from "../../compiler/session/geojson.ts";

interface Preferences {
  readonly theme?: "dark" | "light";
}

const level = enumType("activity_level", ["low", "medium", "high"]);
const email = domainType("email", text(), { check: sql`value like '%@%'` });
const timestamps = {
  created_at: timestamptz({ default: sql`now()` }),
  updated_at: timestamptz({ default: sql`now()` }),
};
const touch = fn("touch", { returns: "trigger", body: sql`begin return new; end` });
const touched = { set_updated_at: { before: ["update"], execute: touch } } as const;

const users = table("users", {
  columns: {
    id: uuid({ primaryKey: true, default: sql`gen_random_uuid()` }),
    email: email({ unique: true }),
    name: varchar(100),
    nick: varchar({ nullable: true }),
    password_hash: text({ secret: true }),
    level: level({ default: "medium" }),
    levels: array(level(), { default: [] }),
    preferences: jsonb<Preferences>({ default: {} }),
    settings: jsonb<Preferences>(),
    number: integer({ identity: "always" }),
    big: bigint({ identity: "by default" }),
    price: numeric(10, 2, { default: 0, nullable: true }),
    born: date({ nullable: true }),
    photo: bytea(),
    upper_name: text({ generated: sql`upper(name)` }),
    location: geometry("Point", 4326, { nullable: true }),
    odd: column<`${number}`>("isbn"),
    is_active: boolean({ default: true }),
    invited_by: references(self, { onDelete: "set null", nullable: true }),
    ...timestamps,
  },
  indexes: [{ on: ["level", { column: "created_at", order: "desc" }, sql`lower(name)`], where: sql`is_active` }],
  unique: [["email", "name"]],
  triggers: { ...touched },
});

type UserId = string & { readonly __brand?: "users_id" };
type Email = string & { readonly __brand?: "email" };

test("a row has the types of its columns", () => {
  expectTypeOf<RowOf<typeof users>>().toEqualTypeOf<{
    id: UserId;
    email: Email;
    name: string;
    nick: string | null;
    password_hash: string;
    level: "low" | "medium" | "high";
    levels: ("low" | "medium" | "high")[];
    preferences: Preferences;
    settings: Preferences;
    number: number;
    big: bigint;
    price: string | null;
    born: string | null;
    photo: Uint8Array;
    upper_name: string;
    location: GeoJSON.Point | null;
    odd: `${number}`;
    is_active: boolean;
    invited_by: UserId | null;
    created_at: string;
    updated_at: string;
  }>();
  expect(users.columns.id.name).toBe("id");
});

test("an insert asks for what has no default, and not for what PostgreSQL generates", () => {
  expectTypeOf<InsertOf<typeof users>>().toEqualTypeOf<{
    email: Email;
    name: string;
    password_hash: string;
    settings: Preferences;
    photo: Uint8Array;
    odd: `${number}`;
    id?: UserId;
    nick?: string | null;
    level?: "low" | "medium" | "high";
    levels?: ("low" | "medium" | "high")[];
    preferences?: Preferences;
    big?: bigint;
    price?: string | null;
    born?: string | null;
    location?: GeoJSON.Point | null;
    is_active?: boolean;
    invited_by?: UserId | null;
    created_at?: string;
    updated_at?: string;
  }>();
});

test("secrets are left out of what may leave the server", () => {
  expectTypeOf<PublicRowOf<typeof users>>().not.toHaveProperty("password_hash");
  expectTypeOf<PublicRowOf<typeof users>>().toHaveProperty("email");
});

test("a foreign key has its target's type", () => {
  const orders = table("orders", {
    columns: {
      user_id: references(() => users, { onDelete: "cascade" }),
      user_name: references(() => users.columns.name, { onDelete: "restrict", nullable: true }),
      other: references<bigint>("items.id", { onDelete: "set null", nullable: true }),
      key: references(() => users, { onDelete: "cascade", primaryKey: true }),
    },
  });
  expectTypeOf<RowOf<typeof orders>>().toEqualTypeOf<{
    user_id: UserId;
    user_name: string | null;
    other: bigint | null;
    key: UserId;
  }>();
});

test("a helper of the definitions adds shared columns and indexes to a table's own", () => {
  const shared = {
    id: uuid({ primaryKey: true }),
    photo_id: references(() => users, { onDelete: "cascade" }),
    ...timestamps,
  };
  function details<const Columns extends ColumnMap>(name: string, own: TableDefinition<Columns & typeof shared>) {
    return table(name, {
      ...own,
      columns: { ...shared, ...own.columns },
      indexes: [{ on: ["photo_id"] }, ...(own.indexes ?? [])],
    });
  }
  const plants = details("plants", { columns: { ...shared, edible: boolean() }, indexes: [{ on: ["edible"] }] });
  expectTypeOf<RowOf<typeof plants>["edible"]>().toEqualTypeOf<boolean>();
  function simple<const Columns extends ColumnMap>(name: string, own: TableDefinition<Columns>) {
    return table(name, {
      ...own,
      columns: { ...shared, ...own.columns },
      indexes: [{ on: ["photo_id"] }, ...(own.indexes ?? [])],
    });
  }
  const birds = simple("birds", { columns: { status: text() }, indexes: [{ on: ["status"] }] });
  expectTypeOf<RowOf<typeof birds>["status"]>().toEqualTypeOf<string>();
  expectTypeOf<RowOf<typeof birds>["id"]>().toEqualTypeOf<string>();
});

test("what a definition gets wrong is a type error", () => {
  // @ts-expect-error a label that the enum has not
  level({ default: "none" });
  // @ts-expect-error a misspelt option
  text({ nulable: true, default: "" });
  // @ts-expect-error a default of another type
  integer({ default: "one" });
  // @ts-expect-error onDelete is always said
  expect(() => references(() => users, { nullable: true })).toBeDefined();
  table("t", {
    columns: { id: uuid() },
    // @ts-expect-error a column that is not there
    indexes: [{ on: ["di"] }],
  });
});

test("declarations print as JSON", () => {
  const printed = JSON.parse(JSON.stringify({ users, level }));
  expect(printed.users.columns.level.type).toEqual({
    declares: "sql",
    parts: [{ to: "enum", name: "activity_level" }],
  });
  expect(printed.level).toEqual({
    declares: "enum",
    name: "activity_level",
    labels: ["low", "medium", "high"],
    options: {},
  });
});

test("texts take values by their meaning", () => {
  const found = sql`select ${users.columns.id}, ${"it's"}, ${1}, ${null}, ${[true, 2n]} from ${users} where ${sql`a = \d`}`;
  expect(found.parts).toEqual([
    "select ",
    { to: "table", name: "users", column: "id" },
    ", 'it''s', 1, NULL, true, 2 from ",
    { to: "table", name: "users" },
    " where a = \\d",
  ]);
  expect(sql`${sql.name("a b", "c")} ${sql.raw("x")} ${sql.join([1, "y"], sql` or `)}`.parts).toEqual([
    "\"a b\".c x 1 or 'y'",
  ]);
  // @ts-expect-error an object has no meaning in SQL
  expect(() => sql`${{ a: 1 }}`).toThrow("cannot take");
  expect(() => sql`${undefined as never}`).toThrow("before the line that declares it");
});

test("a column of JSON takes any JSON as its default where its values have no type of their own", () => {
  const columns = {
    plain: jsonb({ default: { a: 1, b: [null, "x"] } }),
    absent: jsonb({ nullable: true, default: {} }),
  };
  const { columns: made } = table("t", { columns });
  expect(made.plain.options.default).toEqual({ a: 1, b: [null, "x"] });
});
