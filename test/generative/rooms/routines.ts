import { type Hand, ofKind, pathOf, quote, room, type Thing, text, thingAt, type World } from "../world.ts";
import { isTypeThere, type TypeName, typeText } from "./columns.ts";
import { columnsOf, type Table, tablesOf } from "./tables.ts";

/** `f(integer) returns integer`, immutable: what columns, indexes and checks may use. */
interface Arithmetic {
  readonly plus: number;
  readonly language: "sql" | "plpgsql" | "atomic";
  readonly options: string;
}

interface Routine {
  readonly is: "function" | "procedure";
  readonly arguments: readonly { readonly name: string; readonly type: TypeName; readonly hasDefault: boolean }[];
  readonly returns: "integer" | "setof" | "table" | "trigger" | "event_trigger";
  /** What it reads. */
  readonly reads: number | null;
  readonly isAtomic: boolean;
  readonly constant: number;
  readonly options: readonly string[];
}

export const arithmetics = room<Arithmetic>({
  kind: "arithmetic",
  weight: 4,
  isInSchema: true,
  make: (hand) => drawArithmetic(hand),
  vary: (_, hand) => drawArithmetic(hand),
  needs: () => [],
  scope: ({ home }) => `${home} function (integer)`,
  isOwned: true,
  grantable: { as: "function", privileges: ["execute"] },
  designate: (thing, world) => `function ${pathOf(thing, world)}(integer)`,
  print: (thing, world) => {
    const { plus, language, options } = thing.attributes;
    const body = {
      sql: `as 'select n + ${plus}'`,
      plpgsql: `as $$begin return n + ${plus}; end$$`,
      atomic: `return n + ${plus}`,
    }[language];
    return [
      `create function ${pathOf(thing, world)}(n integer) returns integer language ${language === "atomic" ? "sql" : language} immutable ${options} ${body}`,
    ];
  },
});

const drawArithmetic = (hand: Hand): Arithmetic => ({
  plus: hand.below(5),
  language: hand.pick(["sql", "plpgsql", "atomic"] as const) ?? "sql",
  options: hand.pick(["", "strict", "cost 7 parallel safe", "set search_path = ''", "leakproof"]) ?? "",
});

const ARGUMENT_TYPES: readonly TypeName[] = ["integer", "text", "numeric", "jsonb", "integer[]"];
const OPTIONS = ["stable", "strict", "security definer", "cost 5", "parallel safe", "set work_mem = '8MB'"];

function drawRoutine(hand: Hand, world: World, self?: Thing<Routine>): Routine {
  const returns = hand.pick(["integer", "integer", "setof", "table", "trigger", "event_trigger"] as const) ?? "integer";
  const hasArguments = returns !== "trigger" && returns !== "event_trigger";
  const types = [...ARGUMENT_TYPES, ...ofKind(world, "enum", "domain", "composite").map(({ uid }) => uid)];
  const readable = ofKind(world, "table", "view", "materialized view");
  const reads = hand.pick([null, ...readable.map(({ uid }) => uid)]) ?? null;
  const count = hasArguments ? hand.below(4) : 0;
  const firstDefault = hand.below(6);
  const drawn = Array.from({ length: count }, (_, i) => ({
    name: ["a", "select", "it's"][i] ?? "x",
    type: hand.pick(types) ?? "text",
    hasDefault: i >= firstDefault,
  }));
  const is = hasArguments && hand.chance(5) ? "procedure" : "function";
  return {
    is: self?.attributes.is ?? is,
    arguments: self?.attributes.arguments ?? drawn,
    returns: (self?.attributes.is ?? is) === "procedure" ? "integer" : returns,
    reads,
    isAtomic: hasArguments && hand.chance(2),
    constant: hand.below(9),
    options:
      is === "procedure" || self?.attributes.is === "procedure" ? [] : hand.chance(2) ? hand.some(OPTIONS, 2) : [],
  };
}

const signature = (thing: Thing<Routine>, world: World): string =>
  `${pathOf(thing, world)}(${thing.attributes.arguments.map(({ type }) => typeText(type, world)).join(", ")})`;

export const routines = room<Routine>({
  kind: "routine",
  weight: 10,
  isInSchema: true,
  make: (hand, world) => drawRoutine(hand, world),
  vary: (thing, hand, world) => {
    const next = drawRoutine(hand, world, thing);
    const { returns } = thing.attributes;
    // Triggers rest on them.
    return returns === "trigger" || returns === "event_trigger" ? { ...next, returns, isAtomic: false } : fitted(next);
  },
  needs: ({ arguments: given, reads }) => [
    ...given.flatMap(({ type }) => (typeof type === "number" ? [type] : [])),
    ...(reads === null ? [] : [reads]),
  ],
  holds: ({ attributes }, world) => attributes.arguments.every(({ type }) => isTypeThere(type, world)),
  scope: (thing, world) =>
    `${thing.home} function (${thing.attributes.arguments.map(({ type }) => typeText(type, world)).join(", ")})`,
  isOwned: true,
  designate: (thing, world) => `${thing.attributes.is} ${signature(thing, world)}`,
  print: (thing, world) => {
    const { is, arguments: given, returns, reads, isAtomic, constant, options } = thing.attributes;
    const list = given.map(
      ({ name, type, hasDefault }) => `${quote(name)} ${typeText(type, world)}${hasDefault ? " default null" : ""}`,
    );
    const from = reads === null ? "" : ` from ${pathOf(thingAt(world, reads), world)}`;
    const head = `create ${is} ${pathOf(thing, world)}(${list.join(", ")})`;
    if (returns === "trigger" || returns === "event_trigger") {
      const result = returns === "trigger" ? "return new; " : "";
      return [`${head} returns ${returns} language plpgsql as $f$begin perform ${constant}; ${result}end$f$`];
    }
    const query = {
      integer: `select count(*)::integer + ${constant}${from}`,
      setof: `select ${constant}${from}`,
      table: `select ${constant}, 'x'::text${from}`,
    }[returns];
    const result = { integer: "integer", setof: "setof integer", table: 'table ("A b" integer, b text)' }[returns];
    const body = isAtomic ? `begin atomic ${query}; end` : `as ${text(query)}`;
    return [`${head}${is === "procedure" ? "" : ` returns ${result}`} language sql ${options.join(" ")} ${body}`];
  },
});

const fitted = (next: Routine): Routine =>
  next.returns === "trigger" || next.returns === "event_trigger" ? { ...next, returns: "integer" } : next;

interface Aggregate {
  readonly start: number;
  readonly options: string;
}

export const aggregates = room<Aggregate>({
  kind: "aggregate",
  weight: 2,
  isInSchema: true,
  make: (hand) => ({ start: hand.below(3), options: hand.pick(["", ", parallel = safe", ", sortop = <"]) ?? "" }),
  vary: (_, hand) => ({ start: hand.below(3), options: hand.pick(["", ", parallel = safe"]) ?? "" }),
  needs: () => [],
  scope: ({ home }) => `${home} function (integer)`,
  isOwned: true,
  grantable: { as: "function", privileges: ["execute"] },
  designate: (thing, world) => `aggregate ${pathOf(thing, world)}(integer)`,
  print: (thing, world) => [
    `create aggregate ${pathOf(thing, world)}(integer) (sfunc = int4pl, stype = integer, initcond = '${thing.attributes.start}'${thing.attributes.options})`,
  ],
});

interface Trigger {
  readonly table: number;
  readonly execute: number | null;
  readonly when: string;
  readonly column: number | null;
  readonly each: "row" | "statement";
  readonly condition: number | null;
  readonly enabled: string;
}

const triggerFunctions = (world: World): readonly Thing<Routine>[] =>
  ofKind<Routine>(world, "routine").filter(({ attributes }) => attributes.returns === "trigger");

function drawTrigger(hand: Hand, world: World, table: Thing<Table>): Trigger {
  const column = hand.pick(columnsOf(table, world));
  const each = hand.pick(["row", "statement"] as const) ?? "row";
  return {
    table: table.uid,
    execute: hand.pick([null, ...triggerFunctions(world).map(({ uid }) => uid)]) ?? null,
    when:
      hand.pick(["before update", "before update or delete", "after update", "before update of"]) ?? "before update",
    column: column?.uid ?? null,
    each,
    condition: each === "row" && column?.generatedFrom === null && hand.chance(2) ? hand.below(4) : null,
    enabled: hand.pick(["", "", "disable", "enable always", "enable replica"]) ?? "",
  };
}

export const triggers = room<Trigger>({
  kind: "trigger",
  weight: 6,
  make: (hand, world) => {
    const table = hand.pick(tablesOf(world));
    return table === undefined ? null : drawTrigger(hand, world, table);
  },
  vary: ({ attributes }, hand, world) => drawTrigger(hand, world, thingAt(world, attributes.table) as Thing<Table>),
  needs: ({ table, execute, column }) => [
    table,
    ...(execute === null ? [] : [execute]),
    ...(column === null ? [] : [column]),
  ],
  holds: ({ attributes: { table, column } }, world) =>
    column === null ||
    columnsOf(thingAt(world, table), world).some((one) => one.uid === column && one.generatedFrom === null),
  scope: ({ attributes: { table } }) => `trigger ${table}`,
  designate: (thing, world) =>
    `trigger ${quote(thing.name)} on ${pathOf(thingAt(world, thing.attributes.table), world)}`,
  print: (thing, world) => {
    const { table, execute, when, column, each, condition, enabled } = thing.attributes;
    const on = pathOf(thingAt(world, table), world);
    const of = columnsOf(thingAt(world, table), world).find(({ uid }) => uid === column);
    if (of === undefined) return [];
    const what = execute === null ? "suppress_redundant_updates_trigger" : pathOf(thingAt(world, execute), world);
    // PostgreSQL's own refuses anything but rows before an update.
    const [time, level] = execute === null ? ["before update", "row"] : [when, each];
    const isOf = time === "before update of";
    const clause =
      condition === null || level !== "row"
        ? ""
        : ` when (old.${quote(of.name)} is distinct from new.${quote(of.name)})`;
    return [
      `create trigger ${quote(thing.name)} ${time}${isOf ? ` ${quote(of.name)}` : ""} on ${on} for each ${level}${/delete/.test(time) ? "" : clause} execute function ${what}(${execute === null ? "" : "'a''b'"})`,
      ...(enabled === "" ? [] : [`alter table ${on} ${enabled} trigger ${quote(thing.name)}`]),
    ];
  },
});

interface EventTrigger {
  readonly execute: number;
  readonly event: string;
  readonly tags: readonly string[];
}

export const eventTriggers = room<EventTrigger>({
  kind: "event trigger",
  weight: 2,
  make: (hand, world) => {
    const execute = hand.pick(
      ofKind<Routine>(world, "routine").filter(({ attributes }) => attributes.returns === "event_trigger"),
    );
    return execute === undefined ? null : { execute: execute.uid, event: "ddl_command_end", tags: hand.some(TAGS, 2) };
  },
  vary: ({ attributes }, hand) => ({
    ...attributes,
    event: hand.pick(["ddl_command_start", "ddl_command_end", "sql_drop"]) ?? "sql_drop",
    tags: hand.some(TAGS, 2),
  }),
  needs: ({ execute }) => [execute],
  scope: () => "event trigger",
  designate: (thing) => `event trigger ${quote(thing.name)}`,
  print: (thing, world) => {
    const { execute, event, tags } = thing.attributes;
    const call = `execute function ${pathOf(thingAt(world, execute), world)}()`;
    return [`create event trigger ${quote(thing.name)} on ${event} when tag in (${tags.map(text).join(", ")}) ${call}`];
  },
});

const TAGS = ["CREATE AGGREGATE", "DROP AGGREGATE", "ALTER AGGREGATE", "ALTER COLLATION"];
