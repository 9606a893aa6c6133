import fc from "fast-check";

/** A small random schema, as SQL. Names come from a small pool, so that two of them overlap and differ. */
export const schemaArbitrary: fc.Arbitrary<string> = fc
  .record({
    tables: fc.uniqueArray(fc.constantFrom("a", "b", 'we"ird Näme', "order"), { minLength: 1, maxLength: 3 }),
    seeds: fc.array(fc.nat(1 << 24), { minLength: 12, maxLength: 12 }),
    isRoleThere: fc.boolean(),
  })
  .map(({ tables, seeds, isRoleThere }) => renderSchema(tables, seeds, isRoleThere));

const TYPES = [
  "integer",
  "bigint",
  "text",
  "varchar(20)",
  "numeric(10,2)",
  "boolean",
  "timestamptz",
  "jsonb",
  "mood",
  "integer[]",
];
const COLUMNS = ["id", "x", "y", "select", "Zeit"];
const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  integer: ["1", "2 + 2", "length('abc')"],
  bigint: ["1", "nextval('counter')"],
  text: ["'it''s'", "lower('ABC')", "'\\x'"],
  "varchar(20)": ["'x'", "upper('y')"],
  "numeric(10,2)": ["0", "1.5"],
  boolean: ["true", "1 > 2"],
  timestamptz: ["now()", "'2020-01-01 00:00:00+00'"],
  jsonb: ["'{}'", `'{"a": [1]}'`],
  mood: ["'ok'"],
  "integer[]": ["'{}'", "array[1, 2]"],
};
const CHECKS: Readonly<Record<string, string>> = {
  integer: "> 0",
  bigint: "between 0 and 10",
  text: "<> ''",
  "varchar(20)": "like 'a%'",
  "numeric(10,2)": ">= 0.5",
};

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Draws from a seed, again and again: the same seed gives the same draws. */
function drawer(seed: number) {
  let state = seed + 1;
  return (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

function renderSchema(tables: readonly string[], seeds: readonly number[], isRoleThere: boolean): string {
  const draw = drawer(seeds[0] ?? 0);
  const lines = [
    `create type mood as enum (${draw(2) === 0 ? "'sad', 'ok'" : "'ok', 'sad', 'great'"});`,
    "create sequence counter;",
    "create function plus(n integer) returns integer language sql immutable as 'select n + 1';",
  ];
  if (isRoleThere) lines.push("create role generated_reader;");
  const keyed: string[] = [];
  for (const [i, table] of tables.entries()) {
    lines.push(...renderTable(table, drawer(seeds[i + 1] ?? 0), keyed, isRoleThere));
    keyed.push(table);
  }
  return lines.join("\n");
}

function renderTable(
  table: string,
  draw: (below: number) => number,
  keyed: readonly string[],
  isRoleThere: boolean,
): string[] {
  const name = quote(table);
  const columns = COLUMNS.slice(1).filter(() => draw(4) > 0);
  const types = columns.map(() => TYPES[draw(TYPES.length)] ?? "text");
  const parts = [`id integer ${draw(3) === 0 ? "generated always as identity" : "not null"}`];
  for (const [i, column] of columns.entries()) {
    const type = types[i] ?? "text";
    const defaults = DEFAULTS[type] ?? [];
    const value = draw(3) === 0 ? ` default ${defaults[draw(defaults.length)] ?? "null"}` : "";
    const check = CHECKS[type] !== undefined && draw(4) === 0 ? ` check (${quote(column)} ${CHECKS[type]})` : "";
    parts.push(`${quote(column)} ${type}${value}${draw(3) === 0 ? " not null" : ""}${check}`);
  }
  parts.push("primary key (id)");
  const target = keyed[draw(Math.max(1, keyed.length))];
  if (target !== undefined && draw(2) === 0) {
    parts.push(`parent integer references ${quote(target)} ${draw(2) === 0 ? "on delete cascade" : "deferrable"}`);
  }
  const lines = [`create table ${name} (${parts.join(", ")});`];
  const [first] = columns;
  if (first !== undefined && draw(2) === 0) {
    lines.push(
      `create ${draw(3) === 0 ? "unique " : ""}index on ${name} (${quote(first)}${draw(2) === 0 ? " desc" : ""});`,
    );
  }
  if (draw(3) === 0) lines.push(`create index on ${name} (plus(id)) where id > ${draw(3)};`);
  if (draw(2) === 0) {
    const shown = ["id", ...columns.slice(0, draw(columns.length + 1))].map(quote).join(", ");
    lines.push(`create view ${quote(`${table} view`)} as select ${shown} from ${name};`);
    if (draw(2) === 0)
      lines.push(`create view ${quote(`${table} view 2`)} as select id from ${quote(`${table} view`)};`);
    if (isRoleThere) lines.push(`grant select on ${quote(`${table} view`)} to generated_reader;`);
  }
  if (draw(3) === 0) lines.push(`comment on table ${name} is 'it''s ${draw(9)}';`);
  if (draw(4) === 0) {
    lines.push(`alter table ${name} enable row level security;`);
    lines.push(`create policy only_some on ${name} using (id > ${draw(5)});`);
  }
  return lines;
}
