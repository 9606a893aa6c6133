import { createHash } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { typescriptFile } from "../../compiler/generate/file.ts";
import { renderClient } from "../../compiler/generate/renderClient.ts";
import { compileText } from "../definitionsFolder.ts";

/** The files of a text's client, without their headers. */
async function clientOf(text: string): Promise<Readonly<Record<string, string>>> {
  const files = await renderClient(await compileText(text));
  return Object.fromEntries(files.map((one) => [one.file, one.text.replace(/^(?:\/[/*].*\n)+\n/, "")]));
}

const ODD = `
/** How one feels. */
export const mood = enumType("mood", ["sad", "it's"]);
export const short = domainType("short", varchar(5));
export const address = compositeType("address", { street: text(), "house no": integer() });
export interface Settings { readonly theme?: "light" | "dark"; readonly last?: Seen }
interface Seen { readonly at: string; readonly more: Settings }
/** Users; */
export const users = table("users_of the 2nd kind", {
  columns: {
    /** The key. */
    id: bigint({ primaryKey: true, identity: "always" }),
    "odd-name": numeric(10, 2),
    mood: mood({ nullable: true }),
    moods: array(mood(), { default: [] }),
    code: short(),
    home: address({ nullable: true }),
    data: jsonb({ default: {} }),
    settings: jsonb<Settings[]>({ default: [] }),
    upper: text({ generated: sql\`upper(code)\` }),
    password: text({ secret: true }),
    parent: references(self, { onDelete: "cascade", nullable: true }),
  },
});
export const same = table("users of the 2nd-kind", {
  columns: { "2": integer(), owner: references(() => users, { onDelete: "cascade" }) },
  comment: "Ends */ here",
});
export const elsewhere = table("users_of the 2nd kind", {
  schema: "audit",
  columns: { id: references(() => users, { onDelete: "cascade", primaryKey: true }) },
});`;

let files: Readonly<Record<string, string>>;
beforeAll(async () => {
  files = await clientOf(ODD);
});

test("inside JSON, what JSON would change is text, and read as anywhere else", () => {
  const relations = files["client/relations.ts"] ?? "";
  expect(relations).toContain(
    `id::text as id, \\"odd-name\\"::text as \\"odd-name\\", mood, moods, code, home::text as home, data,`,
  );
  expect(relations).toContain(
    `decode: { id: "int8", home: {"row":{"street":null,"house no":"int4"}}, parent: "int8" },`,
  );
});

test("a table's file says what is read, and what INSERT must, may and cannot give", () => {
  expect(files["users_of_the_2nd_kind.ts"]).toMatchInlineSnapshot(`
    "import type { Address, Json, Settings, Short } from "./_custom_types.js";
    import type { Mood } from "./_enums.js";

    /** Users; */
    export default interface PublicUsersOfThe2ndKind {
      /** The key. */
      id: bigint & { readonly __brand?: "users_of the 2nd kind_id" };
      "odd-name": string;
      mood: Mood | null;
      moods: Mood[];
      code: Short;
      home: Address | null;
      data: Json;
      settings: Settings[];
      upper: string;
      password: string;
      parent: PublicUsersOfThe2ndKind["id"] | null;
    }

    /** What INSERT takes. */
    export interface PublicUsersOfThe2ndKind_InsertParameters {
      "odd-name": string;
      mood?: Mood | null;
      /** @default '{}' */
      moods?: Mood[];
      code: Short;
      home?: Address | null;
      /** @default '{}' */
      data?: Json;
      /** @default '[]' */
      settings?: Settings[];
      password: string;
      parent?: PublicUsersOfThe2ndKind["id"] | null;
    }

    /** What UPDATE takes. */
    export type PublicUsersOfThe2ndKind_UpdateParameters = Partial<PublicUsersOfThe2ndKind_InsertParameters>;

    /** What may leave the server: without the secrets. */
    export type PublicUsersOfThe2ndKind_Public = Omit<PublicUsersOfThe2ndKind, "password">;

    /** Names of its constraints. */
    export type PublicUsersOfThe2ndKind_Constraint = "users_of the 2nd kind_parent_fkey" | "users_of the 2nd kind_pkey";
    "
  `);
  expect(files["users_of_the_2nd-kind.ts"]).toMatchInlineSnapshot(`
    "import type PublicUsersOfThe2ndKind from "./users_of_the_2nd_kind.js";

    /** Ends *\\/ here */
    export default interface UsersOfThe2ndKind {
      "2": number;
      owner: PublicUsersOfThe2ndKind["id"];
    }

    /** What INSERT takes. */
    export interface UsersOfThe2ndKind_InsertParameters {
      "2": number;
      owner: PublicUsersOfThe2ndKind["id"];
    }

    /** What UPDATE takes. */
    export type UsersOfThe2ndKind_UpdateParameters = Partial<UsersOfThe2ndKind_InsertParameters>;

    /** What may leave the server: all of it. */
    export type UsersOfThe2ndKind_Public = UsersOfThe2ndKind;

    /** Names of its constraints. */
    export type UsersOfThe2ndKind_Constraint = "users of the 2nd-kind_owner_fkey";
    "
  `);
});

test("tables of another schema have a folder of their own, which pg-typed takes with its schemaName", () => {
  expect(Object.keys(files).filter((file) => file.includes("audit"))).toEqual([
    "audit/users_of_the_2nd_kind.ts",
    "audit/index.ts",
    "audit/schema.json",
    "client/audit/users_of_the_2nd_kind.ts",
  ]);
  expect(files["audit/users_of_the_2nd_kind.ts"]).toMatchInlineSnapshot(`
    "import type PublicUsersOfThe2ndKind from "../users_of_the_2nd_kind.js";

    export default interface AuditUsersOfThe2ndKind {
      id: PublicUsersOfThe2ndKind["id"];
    }

    /** What INSERT takes. */
    export interface AuditUsersOfThe2ndKind_InsertParameters {
      id: PublicUsersOfThe2ndKind["id"];
    }

    /** What UPDATE takes. */
    export type AuditUsersOfThe2ndKind_UpdateParameters = Partial<AuditUsersOfThe2ndKind_InsertParameters>;

    /** What may leave the server: all of it. */
    export type AuditUsersOfThe2ndKind_Public = AuditUsersOfThe2ndKind;

    /** Names of its constraints. */
    export type AuditUsersOfThe2ndKind_Constraint = "users_of the 2nd kind_id_fkey" | "users_of the 2nd kind_pkey";
    "
  `);
  expect(files["audit/index.ts"]).toMatchInlineSnapshot(`
    "import type AuditUsersOfThe2ndKind from "./users_of_the_2nd_kind.js";
    import type {
      AuditUsersOfThe2ndKind_InsertParameters,
      AuditUsersOfThe2ndKind_UpdateParameters,
      AuditUsersOfThe2ndKind_Public,
      AuditUsersOfThe2ndKind_Constraint,
    } from "./users_of_the_2nd_kind.js";

    /** Every table by its name in SQL, as \`tables<DatabaseSchema>()\` of @databases/pg-typed takes them. */
    export default interface DatabaseSchema {
      "users_of the 2nd kind": { record: AuditUsersOfThe2ndKind; insert: AuditUsersOfThe2ndKind_InsertParameters };
    }

    const JSON_COLUMNS: Readonly<Record<string, readonly string[]>> = {};
    const JSON_ARRAY_COLUMNS: Readonly<Record<string, readonly string[]>> = {};

    /** A value as the driver must be given it: \`tables({ serializeValue })\`. */
    export function serializeValue(tableName: string, columnName: string, value: unknown): unknown {
      if (value === null || value === undefined) return value;
      if (JSON_COLUMNS[tableName]?.includes(columnName)) return JSON.stringify(value);
      if (JSON_ARRAY_COLUMNS[tableName]?.includes(columnName) && Array.isArray(value)) {
        return value.map((one) => JSON.stringify(one));
      }
      return value;
    }

    export type {
      AuditUsersOfThe2ndKind,
      AuditUsersOfThe2ndKind_InsertParameters,
      AuditUsersOfThe2ndKind_UpdateParameters,
      AuditUsersOfThe2ndKind_Public,
      AuditUsersOfThe2ndKind_Constraint,
    };
    "
  `);
});

test("enums keep their order, and types of the definitions come along with what they mention", () => {
  expect(files["_enums.ts"]).toMatchInlineSnapshot(`
    "/** How one feels. */
    export type Mood = "sad" | "it's";
    export const Mood_Labels = ["sad", "it's"] as const satisfies readonly Mood[];
    "
  `);
  expect(files["_custom_types.ts"]).toMatchInlineSnapshot(`
    "/** Any JSON value. */
    export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

    export type Short = string & { readonly __brand?: "short" };

    export interface Address {
      street: string | null;
      "house no": number | null;
    }

    export interface Seen { readonly at: string; readonly more: Settings }

    export interface Settings { readonly theme?: "light" | "dark"; readonly last?: Seen }
    "
  `);
});

test("schema.json names types as SQL does, and holds no number that differs between databases", () => {
  const [first] = JSON.parse(files["schema.json"] ?? "").slice(1);
  expect(first.columns.map((column: object) => Object.values(column).join(" "))).toMatchInlineSnapshot(`
    [
      "id false true 20 bigint",
      "odd-name false false 1700 numeric",
      "mood true false 0 public.mood",
      "moods false true 0 public.mood[]",
      "code false false 0 public.short",
      "home true false 0 public.address",
      "data false true 3802 jsonb",
      "settings false true 3802 jsonb",
      "upper false true 25 text",
      "password false false 25 text",
      "parent true false 20 bigint",
    ]
  `);
});

test("the header of a file holds the checksum of what follows", () => {
  const { text } = typescriptFile("shop", "_enums", [files["_enums.ts"] ?? ""]);
  const [head, body = ""] = text.split("/* eslint-disable */\n\n");
  expect(head).toContain(`// Checksum: ${createHash("sha512").update(body).digest("base64")}\n`);
});

test("a domain without tables has no client", async () => {
  expect(await clientOf(`export const r = role("r");`)).toEqual({});
});
