import { join } from "node:path";
import fc from "fast-check";
import * as runtime from "verso/validators";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { type CompiledDomain, compileDomain } from "../../compiler/compile/compileDomain.ts";
import { buildModel } from "../../compiler/generate/model.ts";
import { describeTables } from "../../compiler/generate/validatorFiles.ts";
import type { Constraint } from "../../compiler/kinds/constraints.ts";
import { ofKind } from "../../compiler/kinds/kind.ts";
import { openSession } from "../../compiler/session/open.ts";
import type { Session } from "../../compiler/session/session.ts";
import { definitionsFolder, statementsOf } from "../definitionsFolder.ts";
import { freshDatabase, NEWEST, type TestDatabase } from "../servers.ts";

/** Conditions of every form that is carried over, beside those of the domains. */
const PROBES = `
import { bigint, date, domainType, double, integer, json, jsonb, numeric, real, smallint, sql, table, text, timestamptz, uuid, varchar } from "verso";
export const share = domainType("share", numeric(4, 3), { check: sql\`value between 0 and 1\` });
export const word = domainType("word", varchar(6), { check: { word_form: sql\`value ~ '^[a-z_]+$'\`, word_size: sql\`length(value) > 2\` } });
export const slug = domainType("slug", word(), { check: sql\`value like '%a_'\` });
export const probes = table("probes", { columns: {
  a: varchar(5),
  b: varchar(6, { check: sql\`length(b) between 2 and 4\` }),
  c: text({ check: sql\`c <> '' and char_length(c) < 4\` }),
  d: text({ check: sql\`btrim(d) <> '' and length(d) = 3\` }),
  e: varchar(4, { check: sql\`btrim(e) <> ''\` }),
  f: text({ check: sql\`f ~ '^(ab|c.)+[^x-z]{1,2}$'\` }),
  g: text({ check: sql\`g ~ 'a{2}|^b?$'\` }),
  h: varchar(3, { check: sql\`h ~ '^[a-c]*$' and h = any (array['a', 'b', 'abc', 'abcd'])\` }),
  i: text({ check: sql\`i is null or i in ('x', 'y')\` }),
  j: integer({ check: sql\`0 < j and j <= 10\` }),
  k: integer({ check: sql\`k >= -2.5 and k < 7.5\` }),
  l: bigint({ check: sql\`l between -9007199254740993 and 9007199254740993\` }),
  m: numeric(5, 2, { check: sql\`m > 0 and m < 100.005\` }),
  n: numeric({ check: sql\`n >= -1.25\` }),
  o: numeric(3, 0),
  p: double({ check: sql\`p between 0 and 1\` }),
  q: real({ check: sql\`q <= 0.7\` }),
  r: jsonb({ check: sql\`jsonb_typeof(r) = 'object'\` }),
  s: json({ check: sql\`json_typeof(s) = 'array'\` }),
  t: smallint(),
  u: date(),
  v: timestamptz(),
  w: uuid(),
  x: numeric(2, 4, { check: sql\`x <= 0.00985\` }),
  y: share({ check: sql\`y >= 0.25\` }),
  z: slug({ check: sql\`z in ('aaa', 'bab', 'abc_', 'b')\` }),
} });
`;

/** Conditions on rows, of every form that is carried over. */
const PAIRS = `
import { array, bigint, boolean, date, double, enumType, integer, jsonb, numeric, real, smallint, sql, table, text, timestamp, timestamptz, uuid, varchar } from "verso";
const rest = { nullable: true } as const;
const pairs = (name: string, columns: object, check: ReturnType<typeof sql>) => table(name, { columns: columns as never, checks: { holds: check } });
export const order = pairs("orders", { a: smallint(rest), b: integer(rest), c: bigint(rest), d: numeric(5, 1, rest), e: numeric(rest) },
  sql\`a <= b and b < c and c <= d and d <> e and e >= a\`);
export const sums = pairs("sums", { a: smallint(rest), b: smallint(rest), c: integer(rest), d: bigint(rest) },
  sql\`a + b <= c and c - a < d and d - c >= 0\`);
export const floats = pairs("floats", { a: real(rest), b: double(rest), c: integer(rest), d: real(rest) },
  sql\`a <= b and b > c and a + d <= 1.1 and a + b >= -0.3\`);
export const days = pairs("days", { a: date(rest), b: date(rest), c: timestamptz(rest), d: timestamptz(rest), e: timestamp(rest), f: timestamp(rest) },
  sql\`a < b and c <= d and e >= f and a >= '1900-02-28' and d <> timestamptz '2000-01-01 00:00:00+02'\`);
export const texts = pairs("texts", { a: text(rest), b: varchar(3, rest), c: uuid(rest), d: uuid(rest), e: text(rest) },
  sql\`a <> b and c <> d and (a = e or b in ('x', 'abc') or e ~ '^[a-c]+$')\`);
export const mood = enumType("mood", ["sad", "ok", "happy"]);
export const truths = pairs("truths", { a: boolean(rest), b: boolean(rest), c: mood(rest), d: mood(rest), e: jsonb(rest), f: array(text(), rest) },
  sql\`(not a or b or c = 'ok') and (c = d) = a and (e is null) = (c is not null) and num_nonnulls(a, b, e) <> 2 and cardinality(f) between 1 and 2 and not (b and c in ('sad', 'happy'))\`);
`;

interface Probe {
  readonly name: string;
  readonly type: string;
  /** What a domain is made of in the end. */
  readonly baseType: string;
  readonly checks: readonly string[];
  readonly schema: z.ZodType;
}

const CARRIED =
  /^(?:text|varchar|character varying|smallint|integer|bigint|real|double precision|numeric|jsonb?|date|timestamp with time zone|uuid)\b[^[]*$/;

/** Each column by itself, with the checks that are carried over for it. */
async function probesOf(domain: CompiledDomain): Promise<readonly Probe[]> {
  const checks = ofKind<Constraint>(domain.facts.values(), "constraint").filter(
    ({ attributes }) => attributes.type === "check",
  );
  return (await describeTables(domain, await buildModel(domain))).flatMap(({ table, columns, conditions, left }) =>
    columns.flatMap(({ column: { name, sqlType, baseType }, rules }): Probe[] => {
      if (!CARRIED.test(baseType)) return [];
      const own = checks.filter(
        ({ parent, attributes: a }) =>
          parent === table.id &&
          !left.includes(a.name) &&
          !conditions.has(a.name) &&
          table.constraints.find((one) => one.name === a.name)?.columns.includes(name) === true,
      );
      return [
        {
          name,
          type: sqlType,
          baseType,
          checks: own.map(({ attributes }) => attributes.definition),
          schema: schemaOf(rules.zod),
        },
      ];
    }),
  );
}

/** The schema that a piece of a generated file makes; what is TypeScript's alone is taken out. */
function schemaOf(written: string): z.ZodType {
  const names = Object.keys(runtime);
  const make = new Function("z", ...names, `return ${written.replaceAll(/\b(composite|json|text)<[^(]*>\(/g, "$1(")}`);
  return make(z, ...Object.values(runtime));
}

const anyCharacter = fc.integer({ min: 1, max: 0x10_ffff }).map((one) => String.fromCodePoint(one));

/** Values near what the conditions say. */
function valuesFor({ baseType: type, checks }: Pick<Probe, "baseType" | "checks">): fc.Arbitrary<unknown> {
  const text = checks.join(" ");
  const numbers = [...`${text} ${type}`.matchAll(/-?\d+(?:\.\d+)?/g)].map(([one]) => one);
  const words = [...text.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = ""]) => word.replaceAll("''", "'"));
  const near = fc.constantFrom(...numbers, "0", "1", "99.99", "999.5");
  if (/^(?:text|varchar|character)/.test(type)) {
    const lengths = numbers.map(Number).filter((one) => Number.isInteger(one) && one >= 0 && one < 600);
    const length =
      lengths.length === 0
        ? fc.nat(8)
        : fc.oneof(fc.nat(8), fc.constantFrom(...lengths.flatMap((one) => [one, one + 1, Math.max(one - 1, 0)])));
    const letters = fc.constantFrom(
      "a",
      "b",
      "c",
      "x",
      "z",
      "A",
      "0",
      "9",
      "_",
      ".",
      "-",
      " ",
      "é",
      "😀",
      "\n",
      "/",
      "+",
      "@",
    );
    const made = length.chain((size) => fc.string({ unit: letters, minLength: size, maxLength: size }));
    const patterns = words.flatMap((word) => {
      try {
        return [fc.stringMatching(new RegExp(word, "su"), { maxLength: 80 })];
      } catch {
        return [];
      }
    });
    const base = fc.oneof(
      made,
      fc.array(anyCharacter, { maxLength: 12 }).map((all) => all.join("")),
      ...patterns,
      fc.constantFrom("", " ", ...words),
    );
    return fc
      .oneof(
        base,
        fc.tuple(base, fc.nat(12)).map(([one, spaces]) => one + " ".repeat(spaces)),
      )
      .filter((one) => !/\p{Surrogate}/u.test(one) && !one.includes(String.fromCharCode(0)));
  }
  if (/^(?:smallint|integer)/.test(type)) {
    return fc.oneof(
      near.map(Number),
      fc.tuple(near, fc.integer({ min: -2, max: 2 })).map(([one, step]) => Math.round(Number(one)) + step),
      fc.integer(),
      fc.constantFrom(32_767, 32_768, -32_768, -32_769, 2 ** 31, -(2 ** 31), 1e21, -0),
    );
  }
  if (type === "bigint") {
    return fc.oneof(
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
      fc
        .tuple(near, fc.integer({ min: -2, max: 2 }))
        .map(([one, step]) => BigInt(one.split(".")[0] ?? 0) + BigInt(step)),
    );
  }
  if (/^(?:real|double)/.test(type)) {
    return fc.oneof(
      near.map(Number),
      fc.tuple(near, fc.constantFrom(1e-9, -1e-9, 1e-17)).map(([one, step]) => Number(one) + step),
      fc.double(),
      fc.constantFrom(Number.NaN, 1e39, 1e-50, -0),
    );
  }
  if (type.startsWith("numeric")) {
    const digits = fc.stringMatching(/^[+-]?\d{1,8}(?:\.\d{0,6})?$/);
    return fc.oneof(
      near,
      digits,
      fc
        .tuple(near, fc.constantFrom("4", "5", "49", "51", "005"))
        .map(([one, more]) => (one.includes(".") ? one + more : `${one}.${more}`)),
      fc.constantFrom("NaN", "Infinity", "-Infinity", ".5", "-.005", "0.00004", "0.00005"),
    );
  }
  if (/^json/.test(type)) return fc.oneof(fc.jsonValue(), fc.constantFrom({}, [], null, { a: [1] }));
  if (type === "uuid")
    return fc.oneof(
      fc.uuid(),
      fc.constantFrom("00000000-0000-0000-0000-000000000000", "nothing", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"),
    );
  const day = fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }))
    .map(([y, m, d]) => [String(y).padStart(4, "0"), ...[m, d].map((one) => String(one).padStart(2, "0"))].join("-"));
  const days = fc.oneof(
    day,
    fc.constantFrom(
      "2024-02-29",
      "2023-02-29",
      "1900-02-29",
      "2000-02-29",
      "infinity",
      "-infinity",
      "0001-01-01 BC",
      "0000-01-01",
      "tomorrow never",
      "4713-01-01 BC",
      "4714-01-01 BC",
      "5874897-12-31",
    ),
  );
  if (type === "date") return days;
  return fc
    .tuple(
      day,
      fc.constantFrom(" 00:00:00+00", "T23:59:59.999999Z", " 24:01:00+00", " 10:60:00+00", " 10:20", " 10:20:30-07:30"),
    )
    .map((parts) => parts.join(""));
}

const encode = (value: unknown, type: string): string | null =>
  value === null ? null : /^json/.test(type) ? JSON.stringify(value) : String(value);

/** A table's columns of which conditions on its rows speak. */
interface PairProbe {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly schema: z.ZodType }[];
  readonly checks: readonly string[];
  readonly schema: z.ZodType;
}

async function pairProbesOf(domain: CompiledDomain): Promise<readonly PairProbe[]> {
  const checks = new Map(
    ofKind<Constraint>(domain.facts.values(), "constraint").flatMap(({ parent, attributes: a }) =>
      a.type === "check" ? [[`${parent} ${a.name}`, a.definition]] : [],
    ),
  );
  return (await describeTables(domain, await buildModel(domain))).flatMap(({ table, columns, conditions, left }) => {
    if (conditions.size === 0) return [];
    const mentioned = new Set([...conditions.values()].flat().flatMap((one) => [...one.columns]));
    const some = columns
      .filter(({ column }) => mentioned.has(column.name))
      .map(({ column: { name, baseType, isUserType, sqlType }, rules }) => ({
        name,
        // An enum's labels are texts here.
        type: isUserType && baseType === sqlType ? "text" : baseType,
        schema: (isUserType ? z.string() : schemaOf(rules.zod)).nullable(),
      }));
    const definitions = table.constraints
      .filter((one) => !left.includes(one.name) && one.columns.every((column) => mentioned.has(column)))
      .flatMap((one) => checks.get(`${table.id} ${one.name}`) ?? []);
    return [
      {
        name: table.name,
        columns: some,
        checks: definitions,
        schema: z
          .object(Object.fromEntries(some.map(({ name, schema }) => [name, schema])))
          .superRefine(
            runtime.judge(
              Object.fromEntries(
                [...conditions].flatMap(([name, all]) => all.map(({ text }, i) => [`${name} ${i}`, holds(text)])),
              ),
            ),
          ),
      },
    ];
  });
}

function holds(written: string): (row: object) => boolean | null {
  const names = Object.keys(runtime);
  const test = new Function("row", ...names, `return ${written}`);
  return (row) => test(row, ...Object.values(runtime));
}

/** Few of each type, so that values of two columns often meet. */
function pooledValues(type: string, checks: readonly string[]): fc.Arbitrary<unknown> {
  if (type === "boolean") return fc.constantFrom(true, false, null);
  if (type.endsWith("[]")) return fc.constantFrom([], ["a"], ["a", "b"], ["a", "b", "c"], null);
  if (type === "uuid") {
    const known = "0b5b0a52-6d3c-4a3e-9c55-1c2b3d4e5f60";
    return fc.constantFrom(known, known.toUpperCase(), "6c1a4a52-6d3c-4a3e-9c55-1c2b3d4e5f61", null);
  }
  const written = checks.join(" ");
  const words = [...written.matchAll(/'((?:[^']|'')*)'/g)].map(([, word = ""]) => word);
  if (/^(?:text|varchar|character)/.test(type)) {
    return fc.constantFrom(...words, "a", "abc", "abc ", "x", "", null);
  }
  if (type.startsWith("json")) return fc.constantFrom({}, { a: 1 }, null);
  if (type.startsWith("timestamp")) {
    const zones = type.includes("with time zone") ? ["Z", "+00", "-05:30", "+02"] : [""];
    const moments = ["2000-01-01 00:00:00", "1999-12-31T18:30:00", "2024-02-29 23:59:59.999999", "0044-03-15 12:00"];
    return fc.constantFrom(...moments.flatMap((one) => zones.map((zone) => one + zone)), "infinity", "-infinity", null);
  }
  const common = { baseType: type, checks: checks.length === 0 ? ["0"] : checks };
  return fc.oneof(fc.constantFrom(...fc.sample(valuesFor(common), { numRuns: 12, seed: 4 })), fc.constant(null));
}

const asText = (_: string, value: unknown): unknown =>
  typeof value === "number" || typeof value === "bigint" ? String(value) : value;

/** Of values for each column, and of rows for each table, so many times as many in the long tests. */
const MORE = process.env.MODE === "long" ? 10 : 1;

const DOMAINS = ["ai-validation", "fitness", "photo-identifier", "pixcrawler", "pupmatch"];

describe("what a validator takes PostgreSQL takes, and the other way round", () => {
  let database: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    database = await freshDatabase(NEWEST);
    session = await openSession(database.url);
    // The block is a savepoint.
    await session.run(`create function pg_temp.takes(value text) returns text language plpgsql as $$
      begin
        execute format('insert into probe values (%L)', value);
        delete from probe;
        return '';
      exception when others then return sqlerrm;
      end $$;
      create function pg_temp.takes_row(value jsonb) returns text language plpgsql as $$
      begin
        insert into probe select * from jsonb_populate_record(null::pg_temp.probe, value);
        return '';
      exception when others then return sqlerrm;
      end $$`);
  });
  afterAll(async () => {
    await session?.close();
    await database?.close();
  });

  async function differences(probes: readonly Probe[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const probe of probes) {
      const { name, type, baseType, checks, schema } = probe;
      const values = fc.sample(valuesFor(probe), { numRuns: 40 * MORE, seed: 18 });
      const column = `"${name}"`;
      await session.run(`create temp table probe (${[`${column} ${type} not null`, ...checks].join(", ")})`);
      const answers = await session.query<{ refusal: string }>(
        "select pg_temp.takes(v) as refusal from unnest($1::text[]) with ordinality u(v, n) order by n",
        [values.map((value) => encode(value, baseType))],
      );
      await session.run("drop table probe");
      values.forEach((value, i) => {
        const { refusal = "" } = answers[i] ?? {};
        const isTaken = schema.safeParse(value).success;
        if (isTaken !== (refusal === ""))
          found.push(
            `${name} ${type} ${checks.join(" ")}: ${encode(value, baseType)?.slice(0, 80)} is ${isTaken ? "taken" : "refused"}; PostgreSQL: ${refusal || "taken"}`,
          );
      });
    }
    return found;
  }

  test("for conditions of every form", async () => {
    const domain = await compileDomain(await definitionsFolder({ "shop.ts": PROBES }));
    const probes = await probesOf(domain);
    expect(probes.map(({ name }) => name).join("")).toBe("abcdefghijklmnopqrstuvwxyz");
    for (const type of statementsOf(domain).filter((sql) => sql.startsWith("CREATE DOMAIN"))) await session.run(type);
    expect(await differences(probes)).toEqual([]);
  });

  test("for the columns of whole domains", async () => {
    const all = new Map<string, Probe>();
    for (const name of DOMAINS) {
      for (const probe of await probesOf(await compileDomain(join("definitions", name)))) {
        all.set([probe.type, ...probe.checks.map((check) => check.replaceAll(probe.name, "?"))].join(), probe);
      }
    }
    expect(all.size).toBeGreaterThan(60);
    expect(await differences([...all.values()])).toEqual([]);
  });

  /** Differences, and the tables of which some rows were taken and others refused. */
  async function rowDifferences(probes: readonly PairProbe[], numRuns: number): Promise<readonly [string[], string[]]> {
    const found: string[] = [];
    const decided: string[] = [];
    for (const { name, columns, checks, schema } of probes) {
      const row = fc.record(Object.fromEntries(columns.map((one) => [one.name, pooledValues(one.type, checks)])));
      const rows = fc.sample(row, { numRuns, seed: 18 });
      const lines = [...columns.map((one) => `"${one.name}" ${one.type}`), ...checks];
      await session.run(`create temp table probe (${lines.join(", ")})`);
      const answers = await session.query<{ refusal: string }>(
        "select pg_temp.takes_row(v::jsonb) as refusal from unnest($1::text[]) with ordinality u(v, n) order by n",
        [rows.map((one) => JSON.stringify(one, asText))],
      );
      await session.run("drop table probe");
      const verdicts = rows.map((one, i) => ({ one, isTaken: schema.safeParse(one).success, ...answers[i] }));
      for (const { one, isTaken, refusal } of verdicts) {
        if (isTaken !== (refusal === ""))
          found.push(
            `${name} ${JSON.stringify(one, asText)}: ${isTaken ? "taken" : "refused"}; PostgreSQL: ${refusal}`,
          );
      }
      if (new Set(verdicts.map(({ isTaken }) => isTaken)).size === 2) decided.push(name);
    }
    return [found, decided];
  }

  test("for conditions on rows, of every form", async () => {
    const probes = await pairProbesOf(await compileDomain(await definitionsFolder({ "shop.ts": PAIRS })));
    const names = ["days", "floats", "orders", "sums", "texts", "truths"];
    expect(await rowDifferences(probes, 200 * MORE)).toEqual([[], names]);
  });

  test("for conditions on the rows of whole domains", async () => {
    const all: PairProbe[] = [];
    for (const name of DOMAINS) all.push(...(await pairProbesOf(await compileDomain(join("definitions", name)))));
    const [differences, decided] = await rowDifferences(all, 40 * MORE);
    expect(differences).toEqual([]);
    expect(decided.length).toBeGreaterThan(25);
  });
});
