import { isSql, REFERENCE, type Referable, type Reference, type Sql } from "../declare/sql.ts";
import type { Trigger as TriggerDeclaration, TriggerDefinition, TriggerEvent } from "../declare/triggers.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { FactId } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import type { TableScope } from "./constraints.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom } from "./declaring.ts";
import {
  type Alter,
  defineKind,
  factId,
  notOfExtension,
  ofKind,
  type Statement,
  type Surroundings,
  statement,
  userSchema,
} from "./kind.ts";
import { isAttachedLate } from "./partitions.ts";

/** Which sessions a trigger or rule fires in. @see PostgreSQL manual, "session_replication_role" */
export type Firing = "origin" | "always" | "replica" | "disabled";

/** @see PostgreSQL manual, "pg_trigger" */
export type Trigger = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly relation: "table" | "foreign table" | "view";
  readonly isConstraint: boolean;
  /** What follows the name in pg_get_triggerdef: `BEFORE UPDATE ON public.t FOR EACH ROW EXECUTE FUNCTION …`. */
  readonly definition: string;
  readonly fires: Firing;
};

export const triggerId = (schema: string, table: string, name: string) =>
  factId("trigger", quotePath(schema, table, name));

const on = (a: Trigger): string => quotePath(a.schema, a.table);

/** ENABLE, DISABLE and their kin, for ALTER TABLE and ALTER EVENT TRIGGER. */
export const FIRING_WORDS: Readonly<Record<Firing, string>> = {
  origin: "ENABLE",
  always: "ENABLE ALWAYS",
  replica: "ENABLE REPLICA",
  disabled: "DISABLE",
};

export const firing = (column: string): string =>
  `case ${column} when 'O' then 'origin' when 'A' then 'always' when 'R' then 'replica' when 'D' then 'disabled' end`;

const createText = (a: Trigger, verb: "CREATE" | "CREATE OR REPLACE"): string =>
  `${verb}${a.isConstraint ? " CONSTRAINT" : ""} TRIGGER ${quoteName(a.name)}\n${breakLines(a.definition)}`;

/** What is done for each row on a line of its own; the same words inside a quoted name are left alone. */
function breakLines(definition: string): string {
  const at = definition.search(/(?<=^[^"]*(?:"[^"]*"[^"]*)*) FOR EACH (?:ROW|STATEMENT) /);
  return at < 0 ? `  ${definition}` : `  ${definition.slice(0, at)}\n  ${definition.slice(at + 1)}`;
}

const fire = (a: Trigger): Statement =>
  statement(`ALTER TABLE ${on(a)} ${FIRING_WORDS[a.fires]} TRIGGER ${quoteName(a.name)}`);

const alterDefinition: Alter<Trigger> = ({ from, to: { id, attributes: a } }, around) => {
  if (a.isConstraint || from.attributes.isConstraint || around.refused(id)) return "replace";
  // A replaced trigger fires as a new one does, and so do its copies.
  const copies = ofKind<PartitionTrigger>(around.dependents(id), "partition trigger").filter(
    (copy) => around.others.has(copy.id) && !around.isNew(copy.id),
  );
  return [
    statement(createText(a, "CREATE OR REPLACE")),
    ...(a.fires === "origin" ? [] : [fire(a)]),
    ...copies.map((copy) => firePartition(copy.attributes, copy.attributes.fires)),
  ];
};

export const triggers = defineKind<Trigger>({
  kind: "trigger",
  script: "triggers",
  query: () => `
    select 'pg_trigger'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, t.tgname as name,
      case c.relkind when 'v' then 'view' when 'f' then 'foreign table' else 'table' end as relation,
      t.tgconstraint <> 0 as "isConstraint",
      substr(pg_get_triggerdef(t.oid), length(
        format('CREATE %sTRIGGER %I ', case when t.tgconstraint <> 0 then 'CONSTRAINT ' else '' end, t.tgname)) + 1) as definition,
      ${firing("t.tgenabled")} as fires,
      (select jsonb_build_array(jsonb_build_array('pg_constraint'::regclass::oid::int8, t.tgconstraint::int8, 0))
        where t.tgconstraint <> 0) as aliases
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
    join pg_namespace n on n.oid = c.relnamespace
    where not t.tgisinternal and t.tgparentid = 0 and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_trigger", "t.oid")} and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.name),
  parent: (a) => factId(a.relation, on(a)),
  designate: (a) => `TRIGGER ${quoteName(a.name)} ON ${on(a)}`,
  create: ({ attributes: a }) => [statement(createText(a, "CREATE"))],
  complete: ({ attributes: a }) => (a.fires === "origin" ? [] : [fire(a)]),
  drop: ({ attributes: a }) => [statement(`DROP TRIGGER ${quoteName(a.name)} ON ${on(a)}`)],
  prints: ["definition"],
  alter: {
    schema: "identity",
    table: "identity",
    name: "identity",
    relation: "identity",
    isConstraint: "replace",
    definition: alterDefinition,
    fires: ({ to: { attributes: a } }) => [fire(a)],
  },
  rename: (from, to) => [
    statement(`ALTER TRIGGER ${quoteName(from.name)} ON ${on(to)} RENAME TO ${quoteName(to.name)}`),
  ],
  renamesFreely: true,
  // PostgreSQL refuses another type for a column that UPDATE OF or WHEN names.
  pins: () => true,
});

/** A partition's copy of its parent's trigger, where it fires otherwise than the parent's. */
export type PartitionTrigger = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly fires: Firing;
};

const firePartition = (a: PartitionTrigger, fires: Firing): Statement =>
  statement(`ALTER TABLE ONLY ${quotePath(a.schema, a.table)} ${FIRING_WORDS[fires]} TRIGGER ${quoteName(a.name)}`);

export const partitionTriggers = defineKind<PartitionTrigger>({
  kind: "partition trigger",
  script: "triggers",
  foundIn: "pg_trigger where tgparentid <> 0",
  // Before PostgreSQL 15 copies were marked as internal; those of foreign keys had no parent then.
  query: (version) => `
    select 'pg_trigger'::regclass::oid::int8 as classid, t.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, t.tgname as name, ${firing("t.tgenabled")} as fires
    from pg_trigger t
    join pg_trigger p on p.oid = t.tgparentid
    join pg_class c on c.oid = t.tgrelid
    join pg_namespace n on n.oid = c.relnamespace
    where ${version < 150000 ? "" : "not t.tgisinternal and "}t.tgenabled <> p.tgenabled and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.name),
  parent: (a) => factId("table", quotePath(a.schema, a.table)),
  create: ({ attributes: a, parent }, around) => [
    { ...firePartition(a, a.fires), ...(parent !== null && isAttachedLate(parent, around) ? { late: "end" } : {}) },
  ],
  drop: ({ attributes: a, dependsOn }, around) => {
    const parent = dependsOn.find((id) => around.facts.get(id)?.kind === "trigger");
    const fires = parent === undefined ? undefined : around.others.get(parent)?.attributes.fires;
    return [firePartition(a, (fires as Firing | undefined) ?? "origin")];
  },
  alter: {
    schema: "identity",
    table: "identity",
    name: "identity",
    fires: ({ to: { attributes: a } }) => [firePartition(a, a.fires)],
  },
});

/**
 * Changes of rows that are a migration's own, with the table's triggers at rest: rows get the values that the definition says and no
 * others, no new `updated_at` and no entry in an audit, just as ALTER COLUMN … TYPE … USING fires none. In one transaction,
 * so that nobody else's update misses them.
 */
export function withoutTriggers(
  table: FactId,
  changes: readonly Statement[],
  around: Surroundings,
  events: readonly ("INSERT" | "UPDATE" | "DELETE")[] = ["UPDATE"],
): readonly Statement[] {
  const onEvents = new RegExp(`^[^"]*?\\b(?:${events.join("|")})\\b[^"]*? ON `);
  const firing = around
    .dependents(table)
    .filter(
      ({ kind, id, parent }) =>
        kind === triggers.kind && parent === table && !around.isNew(id) && around.others.has(id),
    )
    .map(({ attributes }) => attributes as Trigger)
    .filter((a) => a.fires !== "disabled" && a.fires !== "replica" && onEvents.test(a.definition))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const [first] = firing;
  if (first === undefined || changes.length === 0) return changes;
  const all = (word: (a: Trigger) => string) =>
    statement(`ALTER TABLE ${on(first)} ${firing.map((a) => `${word(a)} TRIGGER ${quoteName(a.name)}`).join(", ")}`);
  return [all(() => "DISABLE"), ...changes, all((a) => FIRING_WORDS[a.fires])];
}

const OPTIONS = {
  before: true,
  after: true,
  insteadOf: true,
  forEach: true,
  when: true,
  execute: true,
  arguments: true,
  constraint: true,
  deferrable: true,
  from: true,
  referencing: true,
  enabled: true,
  droppedWith: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof TriggerDefinition, true>;

/** How a declared partition's copy of its parent's trigger fires. */
export function declarePartitionTrigger(
  { declaring, declaration, source, schema, name: table }: TableScope,
  name: string,
  enabled: NonNullable<TriggerDefinition["enabled"]>,
): void {
  const { position } = source.property("inheritedTriggers", name);
  const needs: FactId[] = [];
  for (let above = declaration.partitionOf?.parent; above !== undefined; above = above.partitionOf?.parent) {
    const found = declaring.get(above[REFERENCE], source);
    needs.push(triggerId(found.schema ?? "", above.name, name));
  }
  declaring.add(partitionTriggers, { schema, table, name, fires: firingOf(enabled) }, { place: { position }, needs });
}

/** A trigger of a declared table or view. */
export function declareTrigger(
  on: Referable,
  name: string,
  given: TriggerDefinition,
  place: Place,
  declaring: Declaring,
): void {
  checkOptions(given, OPTIONS, `trigger ${name}`, place);
  const table = declaring.get(on[REFERENCE], place);
  const schema = table.schema ?? "";
  const tableName = on[REFERENCE].name;
  const needs = new Set<FactId>([table.id]);
  const text = (sql: Sql | string): string => declaring.text(sql, needs, place, on[REFERENCE]);
  const { deferrable, referencing, constraint = false } = given;
  const transitions = [
    referencing?.old === undefined ? "" : ` OLD TABLE AS ${quoteName(referencing.old)}`,
    referencing?.new === undefined ? "" : ` NEW TABLE AS ${quoteName(referencing.new)}`,
  ].join("");
  const definition = [
    eventsText(name, given, place),
    `ON ${table.text}`,
    given.from === undefined ? "" : `FROM ${text({ declares: "sql", parts: [given.from[REFERENCE]] })}`,
    deferrable === undefined || deferrable === false
      ? ""
      : `DEFERRABLE${deferrable === "initially deferred" ? " INITIALLY DEFERRED" : ""}`,
    transitions === "" ? "" : `REFERENCING${transitions}`,
    `FOR EACH ${(given.forEach ?? "row").toUpperCase()}`,
    given.when === undefined ? "" : `WHEN (${text(given.when)})`,
    `EXECUTE FUNCTION ${functionName(given.execute, text)}(${(given.arguments ?? []).map(quoteText).join(", ")})`,
  ];
  const attributes: Trigger = {
    schema,
    table: tableName,
    name,
    relation: RELATIONS[table.declaration.declares] ?? "table",
    isConstraint: constraint,
    definition: definition.filter((part) => part !== "").join(" "),
    fires: firingOf(given.enabled),
  };
  declaring.add(triggers, attributes, {
    place,
    needs,
    comment: given.comment,
    droppedWith: given.droppedWith,
    hint: renamedFrom(given.renamedFrom, schema, (_, old) => triggerId(schema, tableName, old)),
  });
}

/** What a declaration of what has triggers or rules makes, where it is no table. */
export const RELATIONS: Readonly<Record<string, "view" | "foreign table">> = {
  view: "view",
  "foreign table": "foreign table",
};

export const firingOf = (enabled: boolean | "replica" | "always" | undefined): Firing =>
  enabled === undefined || enabled === true ? "origin" : enabled === false ? "disabled" : enabled;

/** The name of the function to execute, also where SQL says it with its parentheses. */
export const functionName = (execute: TriggerDefinition["execute"], text: (sql: Sql) => string): string =>
  text(isSql(execute) ? execute : { declares: "sql", parts: [execute[REFERENCE] satisfies Reference] }).replace(
    /\(\s*\)$/,
    "",
  );

function eventsText(name: string, { before, after, insteadOf }: TriggerDefinition, place: Place): string {
  const given = [["BEFORE", before] as const, ["AFTER", after] as const, ["INSTEAD OF", insteadOf] as const].filter(
    ([, events]) => events !== undefined,
  );
  const [first] = given;
  if (first === undefined || given.length > 1 || first[1]?.length === 0) {
    throw new Diagnostic({
      code: "trigger-timing",
      what: `the trigger ${name} says ${given.length > 1 ? "more than one of" : "none of"} before, after and insteadOf`,
      at: place.position,
      next: 'say one of them with its events: before: ["insert", "update"]',
    });
  }
  return `${first[0]} ${(first[1] ?? []).map(eventText).join(" OR ")}`;
}

const eventText = (event: TriggerEvent): string =>
  typeof event === "string" ? event.toUpperCase() : `UPDATE OF ${event.update.map(quoteName).join(", ")}`;

/** A trigger said apart from its table. */
export const declaredTrigger: Declarer<TriggerDeclaration> = {
  declare: ({ name, table, definition }, source, declaring) =>
    declareTrigger(table, name, definition, source, declaring),
};
