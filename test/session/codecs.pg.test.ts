import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CODECS } from "../../compiler/session/codecs.ts";
import { openSession } from "../../compiler/session/open.ts";
import type { Parameter, Session } from "../../compiler/session/session.ts";
import { freshDatabase, MAJORS, type TestDatabase } from "../servers.ts";

const ENGINES = ["embedded", ...MAJORS] as const;

/** Type, SQL expression, the value that JavaScript gets. */
const VALUES: readonly (readonly [string, string, unknown])[] = [
  ["bool", "true", true],
  ["int2", "'-32768'::int2", -32768],
  ["int4", "2147483647", 2147483647],
  ["int8", "1::int8", 1n],
  ["int8 beyond 2^53", "9223372036854775807::int8", 9223372036854775807n],
  ["oid", "4294967295::oid", 4294967295],
  ["float4", "0.1::float4", 0.1],
  ["float8", "'-Infinity'::float8", -Infinity],
  ["float8 that is not a number", "'NaN'::float8", Number.NaN],
  ["numeric", "1.10::numeric", "1.10"],
  ["money", "12.5::numeric::money", "$12.50"],
  ["text", "'a\\b'", "a\\b"],
  ["varchar", "'ü'::varchar(3)", "ü"],
  ["bpchar", "'a'::char(3)", "a  "],
  ["name", "'x'::name", "x"],
  ["uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["bytea", "'\\x00ff10'::bytea", new Uint8Array([0, 255, 16])],
  ["json", `'{"a": [1, null]}'::json`, { a: [1, null] }],
  ["jsonb", `'"text"'::jsonb`, "text"],
  ["json null", "'null'::jsonb", null],
  ["date", "'2026-01-02'::date", "2026-01-02"],
  ["date without end", "'infinity'::date", "infinity"],
  ["time", "'10:20:30.123456'::time", "10:20:30.123456"],
  ["timetz", "'10:20:30+02'::timetz", "10:20:30+02"],
  ["timestamp", "'2026-01-02 03:04:05.000001'::timestamp", "2026-01-02 03:04:05.000001"],
  ["timestamptz", "'2026-01-02 03:04:05+02'::timestamptz", "2026-01-02 01:04:05+00"],
  ["interval", "'1 year 2 days 03:00:00'::interval", "1 year 2 days 03:00:00"],
  ["inet", "'10.0.0.1/8'::inet", "10.0.0.1/8"],
  ["point", "point(1,2)", "(1,2)"],
  ["bit", "b'101'", "101"],
  ["int4range", "int4range(1, 3)", "[1,3)"],
  ["tsvector", "'a:1'::tsvector", "'a':1"],
  ["xid", "'7'::xid", "7"],
  ["regclass", "'pg_class'::regclass", "pg_class"],
  ["void", "set_config('a.b', '', false)", ""],
  ["record", "row(1, 'a')", "(1,a)"],
  ["enum", "'sad'::mood", "sad"],
  ["NULL", "null::int8", null],
  ["bool[]", "array[true, null]", [true, null]],
  [
    "int4[]",
    "'{{1,2},{3,4}}'::int4[]",
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ["int4[] with bounds", "'[0:1]={1,2}'::int4[]", [1, 2]],
  ["int8[]", "'{1,9007199254740993}'::int8[]", [1n, 9007199254740993n]],
  ["numeric[]", "'{1.10,2}'::numeric[]", ["1.10", "2"]],
  ["text[]", `array['a"b', 'c,d', null, 'NULL', '', '\\']`, [`a"b`, "c,d", null, "NULL", "", "\\"]],
  ["empty array", "'{}'::text[]", []],
  ["date[]", "array['2026-01-02'::date]", ["2026-01-02"]],
  ["timestamptz[]", "array['2026-01-02 00:00+00'::timestamptz]", ["2026-01-02 00:00:00+00"]],
  ["uuid[]", "array['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid]", ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]],
  ["bytea[]", "array['\\x01ff'::bytea]", [new Uint8Array([1, 255])]],
  ["jsonb[]", `array['{"a": "b,c"}'::jsonb]`, [{ a: "b,c" }]],
  ["name[]", "array['x'::name]", ["x"]],
  ["interval[]", "array['1 day'::interval]", ["1 day"]],
  ["int4range[]", "array[int4range(1, 3)]", ["[1,3)"]],
  ["box[], which has another delimiter, stays text", "array[box '((1,1),(0,0))']", "{(1,1),(0,0)}"],
  ["array of a user-defined type stays text", "array['sad'::mood]", "{sad}"],
];

const PARAMETERS: readonly (readonly [string, Parameter])[] = [
  ["bool", false],
  ["int4", -7],
  ["int8", 9223372036854775807n],
  ["float8", Number.POSITIVE_INFINITY],
  ["text", 'it\'s "quoted" \\ {,} ü'],
  ["bytea", new Uint8Array([0, 92, 255])],
  ["text[]", ["a", null, 'b"\\', "", "NULL"]],
  ["int8[]", [1n, null]],
  [
    "int4[]",
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ["bytea[]", [new Uint8Array([0, 255])]],
  ["date", "2026-01-02"],
  ["mood", "sad"],
  ["int4", null],
];

describe.each(ENGINES)("values on %s", (engine) => {
  let database: TestDatabase | undefined;
  let session: Session;
  beforeAll(async () => {
    database = engine === "embedded" ? undefined : await freshDatabase(engine);
    session = await openSession(database?.url ?? "pglite:memory");
    await session.run("set lc_monetary = 'C'; create type mood as enum ('sad', 'ok')");
  });
  afterAll(async () => {
    await session?.close();
    await database?.close();
  });

  test.each(VALUES)("%s has the same JavaScript value on every engine: %s", async (_, expression, expected) => {
    const [row] = await session.query<{ value: unknown }>(`select ${expression} as value`);
    expect(row?.value).toEqual(expected);
  });

  test.each(PARAMETERS)("a parameter of type %s comes back as it went: %s", async (type, value) => {
    const [row] = await session.query<{ value: unknown }>(`select $1::${type} as value`, [value]);
    expect(row?.value).toEqual(value);
  });

  test("the codec table has the object ids of the catalog", async () => {
    const rows = await session.query<{ name: string; oid: number; array: number }>(
      "select typname as name, oid, typarray as array from pg_type where oid < 10000 and typarray <> 0",
    );
    const catalog = new Map(rows.map((row) => [row.name, row]));
    for (const { name, oid, arrayOid } of CODECS.values()) {
      expect(catalog.get(name), name).toEqual({ name, oid, array: arrayOid });
    }
  });
});
