import { type ColumnRule, type GenerationRules, isRowValue, type Seed, type SeedOptions } from "../declare/seeds.ts";
import { isSql, REFERENCE, type Referable } from "../declare/sql.ts";
import { Diagnostic, formatPosition } from "../diagnostic.ts";
import { checkOptions, type Declarer, type Declaring } from "../kinds/declaring.ts";
import type { Declaration, Place, SourceOf } from "../load/loadDomain.ts";
import { nearest } from "../nearest.ts";
import { quotePath } from "../quote.ts";
import type { RowReference, SeededRow, SeededValue, SeedFile, TableSeed } from "./seedFile.ts";

/** What a domain's definitions say of rows. */
export interface GatheredSeeds {
  /** One for each environment, by name. */
  readonly files: readonly SeedFile[];
  readonly rules: readonly TableRules[];
}

/** How bulk data is made for one table. */
export interface TableRules {
  readonly schema: string;
  readonly table: string;
  readonly columns: Readonly<Record<string, ColumnRule>>;
  readonly at: Place["position"];
}

interface Gathered extends TableSeed {
  readonly environments: readonly string[];
  readonly source: SourceOf;
}

/** Declarers that gather what is said of rows; `result` is there when all have declared. */
export function seedGatherer(searchPath: readonly string[]) {
  const seeds: Gathered[] = [];
  const rules: TableRules[] = [];
  const seed: Declarer<Seed & Declaration> = {
    declare: (declaration, source, declaring) => void seeds.push(gathered(declaration, source, declaring)),
  };
  const generationRules: Declarer<GenerationRules & Declaration> = {
    declare: ({ table, columns }, source, declaring) => {
      const target = targetOf(table, source, declaring);
      for (const column of Object.keys(columns)) knownColumn(target, column, source.property("columns", column));
      rules.push({ schema: target.schema, table: target.table, columns, at: source.position });
    },
  };
  return {
    declarers: { seed, "generation rules": generationRules },
    result: (): GatheredSeeds => {
      refuseTwins(seeds);
      const environments = [...new Set(seeds.flatMap((one) => one.environments))].sort();
      const files = environments.map((environment): SeedFile => {
        const own = seeds.filter((one) => one.environments.includes(environment));
        return {
          environment,
          searchPath,
          seeds: own.map(({ schema, table, key, rows }) => ({ schema, table, key, rows })),
        };
      });
      for (const environment of environments) refuseUnknownRows(environment, seeds);
      return { files, rules };
    },
  };
}

export interface SeedTarget {
  readonly schema: string;
  readonly table: string;
  readonly columns: ReadonlySet<string>;
}

/** The table that a declaration makes, and its columns. */
export function targetOf(table: Referable, place: Place, declaring: Declaring): SeedTarget {
  const { schema, declaration } = declaring.get(table[REFERENCE], place);
  const { name, columns } = declaration as Declaration & { readonly name: string; readonly columns: object };
  return { schema: schema ?? "", table: name, columns: new Set(Object.keys(columns)) };
}

function knownColumn({ schema, table, columns }: SeedTarget, column: string, place: Place): void {
  if (columns.has(column)) return;
  const meant = nearest(column, columns);
  throw new Diagnostic({
    code: "seed-column-unknown",
    what: `${quotePath(schema, table)} has no column ${column}`,
    at: place.position,
    next: meant === null ? `it has ${[...columns].join(", ")}` : `did you mean ${meant}?`,
  });
}

const OPTIONS = { environments: true, key: true } satisfies Record<keyof SeedOptions, true>;

function gathered({ table, options, given }: Seed, source: SourceOf, declaring: Declaring): Gathered {
  const target = targetOf(table, source, declaring);
  const name = quotePath(target.schema, target.table);
  checkOptions(options, OPTIONS, `the seed of ${name}`, source);
  const { environments, key } = options;
  for (const environment of environments) {
    if (/^[a-z0-9][a-z0-9_-]*$/.test(environment)) continue;
    throw new Diagnostic({
      code: "seed-environment",
      what: `an environment cannot be called ${JSON.stringify(environment)}`,
      at: source.position,
      why: "its rows are emitted into a file of that name",
      next: "use lower-case letters, digits, hyphens and underscores: reference, demo, test",
    });
  }
  if (key.length === 0 || environments.length === 0) {
    throw new Diagnostic({
      code: "seed-key-missing",
      what: `the seed of ${name} has no ${key.length === 0 ? "key" : "environment"}`,
      at: source.position,
      next: key.length === 0 ? `say by which columns a row is found again: key: ["…"]` : `environments: ["demo"]`,
    });
  }
  for (const column of key) knownColumn(target, column, source);
  const rows = Object.entries(given).map(([row, values]): SeededRow => {
    const place = source.property("rows", row);
    const known = Object.entries(values).flatMap(([column, value]): [string, SeededValue][] => {
      if (value === undefined) return [];
      const at = source.property(row, column);
      knownColumn(target, column, at);
      return [[column, seeded(value, at, declaring)]];
    });
    const made = { name: row, values: new Map(known), at: place.position };
    refuseWithoutKey(made, key, name, place);
    return made;
  });
  return { schema: target.schema, table: target.table, key, rows, environments, source };
}

function refuseWithoutKey({ name: row, values }: SeededRow, key: readonly string[], table: string, place: Place): void {
  for (const column of key) {
    const value = values.get(column);
    const isNull = value?.is === "value" && value.json === null;
    if (value !== undefined && value.is !== "sql" && !isNull) continue;
    throw new Diagnostic({
      code: "seed-key-missing",
      what: `the row ${row} of ${table} gives no ${column}, which is part of its key`,
      at: place.position,
      why:
        value === undefined
          ? undefined
          : value.is === "sql"
            ? "SQL may give another value each time"
            : "null is equal to nothing",
      next: "give a value, or choose a key that every row has",
    });
  }
}

export function seeded(value: unknown, place: Place, declaring: Declaring): SeededValue {
  if (isSql(value)) return { is: "sql", sql: declaring.text(value, new Set(), place) };
  if (isRowValue(value)) {
    const { schema, table, columns } = targetOf(value.table, place, declaring);
    knownColumn({ schema, table, columns }, value.column, place);
    return { is: "row", of: { schema, table, row: value.row, column: value.column } };
  }
  return { is: "value", json: plain(value, place) };
}

/** A value as JSON has it: what PostgreSQL reads as the column's type. */
function plain(value: unknown, place: Place): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map((one) => plain(one, place));
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (value === null || ["string", "number", "boolean"].includes(typeof value)) return value;
  if (typeof value === "object" && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const fields = Object.entries(value).filter(([, inside]) => inside !== undefined);
    return Object.fromEntries(fields.map(([name, inside]) => [name, plain(inside, place)]));
  }
  throw new Diagnostic({
    code: "seed-value",
    what: `a ${value instanceof Date ? "Date" : typeof value} cannot be seeded`,
    at: place.position,
    next: value instanceof Date ? `write it as text: ${JSON.stringify(value)}` : "write it as generated clients do",
  });
}

const nameOf = (seed: Pick<TableSeed, "schema" | "table">, row: string): string =>
  JSON.stringify([seed.schema, seed.table, row]);

function refuseTwins(seeds: readonly Gathered[]): void {
  const names = new Map<string, SeededRow>();
  const keys = new Map<string, SeededRow>();
  for (const seed of seeds) {
    for (const row of seed.rows) {
      const key = JSON.stringify([seed.schema, seed.table, seed.key, seed.key.map((column) => row.values.get(column))]);
      for (const [map, id, what] of [
        [names, nameOf(seed, row.name), "name"],
        [keys, key, "key"],
      ] as const) {
        const twin = map.get(id);
        if (twin !== undefined) {
          throw new Diagnostic({
            code: "seed-row-twice",
            what: `two rows of ${quotePath(seed.schema, seed.table)} have the same ${what}: ${twin.name}${what === "key" ? ` and ${row.name}` : ""}`,
            at: row.at,
            why: `the other one is at ${formatPosition(twin.at)}`,
            next:
              what === "name"
                ? "give one of them another name"
                : "make one of them of both, for all their environments",
          });
        }
        map.set(id, row);
      }
    }
  }
}

/** What a row refers to is there in each of its environments: there itself, or reference data. */
function refuseUnknownRows(environment: string, seeds: readonly Gathered[]): void {
  const everywhere = new Map<string, string[]>();
  const here = new Set<string>();
  for (const seed of seeds) {
    for (const row of seed.rows) {
      const list = everywhere.get(JSON.stringify([seed.schema, seed.table])) ?? [];
      everywhere.set(JSON.stringify([seed.schema, seed.table]), list);
      list.push(row.name);
      if (seed.environments.includes(environment) || seed.environments.includes("reference"))
        here.add(nameOf(seed, row.name));
    }
  }
  for (const seed of seeds) {
    if (!seed.environments.includes(environment)) continue;
    for (const row of seed.rows) {
      for (const [column, value] of row.values) {
        if (value.is !== "row" || here.has(nameOf(value.of, value.of.row))) continue;
        throw unknownRow(value.of, environment, everywhere, seed.source.property(row.name, column));
      }
    }
  }
}

function unknownRow(
  { schema, table, row }: RowReference,
  environment: string,
  everywhere: ReadonlyMap<string, readonly string[]>,
  place: Place,
): Diagnostic {
  const others = everywhere.get(JSON.stringify([schema, table])) ?? [];
  const isElsewhere = others.includes(row);
  const meant = nearest(row, others);
  return new Diagnostic({
    code: "seed-row-not-found",
    what: isElsewhere
      ? `the row ${row} of ${quotePath(schema, table)} is not there in the environment ${environment}`
      : `no seed has a row ${row} of ${quotePath(schema, table)}`,
    at: place.position,
    next: isElsewhere
      ? `name ${environment} among the environments of its seed`
      : meant === null
        ? "declare it, in a seed of that table"
        : `did you mean ${meant}?`,
  });
}
