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
import { definitionsFolder } from "../definitionsFolder.ts";
import { freshDatabase, NEWEST, type TestDatabase } from "../servers.ts";

/** Conditions of every form that is carried over, beside those of the domains. */
const PROBES = `
import { bigint, date, double, integer, json, jsonb, numeric, real, smallint, sql, table, text, timestamptz, uuid, varchar } from "verso";
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
} });
`;

interface Probe {
  readonly name: string;
  readonly type: string;
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
  return (await describeTables(domain, await buildModel(domain))).flatMap(({ table, columns, left }) =>
    columns.flatMap(({ column: { name, sqlType }, rules }): Probe[] => {
      if (!CARRIED.test(sqlType)) return [];
      const own = checks.filter(
        ({ parent, attributes: a }) =>
          parent === table.id &&
          !left.includes(a.name) &&
          table.constraints.find((one) => one.name === a.name)?.columns.includes(name) === true,
      );
      return [
        {
          name,
          type: sqlType,
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
  const make = new Function("z", ...names, `return ${written.replace(/^(json|text)<[^(]*>\(/, "$1(")}`);
  return make(z, ...Object.values(runtime));
}

/** Values near what the conditions say. */
function valuesFor({ type, checks }: Probe): fc.Arbitrary<unknown> {
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
      fc.string({ unit: "binary", maxLength: 12 }),
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

const encode = (value: unknown, type: string): string => (/^json/.test(type) ? JSON.stringify(value) : String(value));

const DOMAINS = ["fitness", "photo-identifier", "pixcrawler"];

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
      end $$`);
  });
  afterAll(async () => {
    await session?.close();
    await database?.close();
  });

  async function differences(probes: readonly Probe[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const probe of probes) {
      const { name, type, checks, schema } = probe;
      const values = fc.sample(valuesFor(probe), { numRuns: 60, seed: 18 });
      const column = `"${name}"`;
      await session.run(`create temp table probe (${[`${column} ${type}`, ...checks].join(", ")})`);
      const answers = await session.query<{ refusal: string }>(
        "select pg_temp.takes(v) as refusal from unnest($1::text[]) with ordinality u(v, n) order by n",
        [values.map((value) => encode(value, type))],
      );
      await session.run("drop table probe");
      values.forEach((value, i) => {
        const { refusal = "" } = answers[i] ?? {};
        const isTaken = schema.safeParse(value).success;
        if (isTaken !== (refusal === ""))
          found.push(
            `${name} ${type} ${checks.join(" ")}: ${encode(value, type).slice(0, 80)} is ${isTaken ? "taken" : "refused"}; PostgreSQL: ${refusal || "taken"}`,
          );
      });
    }
    return found;
  }

  test("for conditions of every form", async () => {
    const probes = await probesOf(await compileDomain(await definitionsFolder({ "shop.ts": PROBES })));
    expect(probes.map(({ name }) => name).join("")).toBe("abcdefghijklmnopqrstuvwx");
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
});
