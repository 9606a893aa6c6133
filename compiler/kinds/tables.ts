import type { AnyColumn } from "../declare/columns.ts";
import { isSql, REFERENCE, type Referable, type Sql } from "../declare/sql.ts";
import type { PartitionBound, Table as TableDeclaration, TableLike, TableOptions } from "../declare/tables.ts";
import type { CompositeType } from "../declare/types.ts";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import type { Place, SourceOf } from "../load/loadDomain.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import { type Column, columnNotFound, declareColumn, identitySequence } from "./columns.ts";
import { declareConstraints, type TableScope } from "./constraints.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom, storageParameters } from "./declaring.ts";
import { nameText } from "./given.ts";
import { remade } from "./heldRows.ts";
import { declareIndex } from "./indexes.ts";
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
import { indexesToBring } from "./partitionIndexes.ts";
import { keysPointingAt, tablesAbove } from "./partitions.ts";
import { declarePolicy, hasPolicyApart } from "./policies.ts";
import { newest, newParameter } from "./since.ts";
import { declareStatistics } from "./statistics.ts";
import { swappedValue } from "./swap.ts";
import { declarePartitionTrigger, declareTrigger, withoutTriggers } from "./triggers.ts";

/** @see PostgreSQL manual, "pg_class", "pg_inherits", "pg_partitioned_table" */
export type Table = {
  readonly schema: string;
  readonly name: string;
  readonly isUnlogged: boolean;
  /** Composite type of CREATE TABLE … OF, printed. */
  readonly ofType: string | null;
  /** Parents of INHERITS, printed, in order; empty for a partition. */
  readonly inherits: readonly string[];
  /** Columns that it has from those and declares too. */
  readonly declaredAgain: readonly string[];
  /** `RANGE (created_at)`, as pg_get_partkeydef prints it, for a partitioned table. */
  readonly partitionKey: string | null;
  /** Columns in the key with their types, which PostgreSQL does not alter. */
  readonly partitionedBy: readonly string[];
  /** Printed parent and bound (`FOR VALUES …` or `DEFAULT`) of a partition. */
  readonly partitionOf: string | null;
  readonly partitionBound: string | null;
  /** The condition that its rows fulfil, as SQL. */
  readonly partitionConstraint: string | null;
  /** Access method where it is not heap, tablespace where it is not the database's. */
  readonly accessMethod: string | null;
  readonly tablespace: string | null;
  /** Storage parameters `name=value`, sorted; those of the TOAST table as `toast.name=value`. */
  readonly options: readonly string[];
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  /** REPLICA IDENTITY `DEFAULT`, `NOTHING`, `FULL`, or `INDEX`; which one it is, the index says. */
  readonly replicaIdentity: string;
};

export const tableId = (schema: string, name: string): FactId => factId("table", quotePath(schema, name));

const named = (a: Table): string => quotePath(a.schema, a.name);

const alterTable =
  (action: (a: Table) => string): Alter<Table> =>
  ({ to }) => [statement(`ALTER TABLE ${named(to.attributes)} ${action(to.attributes)}`)];

const rowSecurity = (a: Table): string => `${a.rowSecurity ? "ENABLE" : "DISABLE"} ROW LEVEL SECURITY`;
const forceRowSecurity = (a: Table): string => `${a.forceRowSecurity ? "" : "NO "}FORCE ROW LEVEL SECURITY`;
const replicaIdentity = (a: Table): string => `REPLICA IDENTITY ${a.replicaIdentity}`;

const detach = (a: Table, replaces: readonly FactId[] = []): Statement =>
  statement(`ALTER TABLE ${a.partitionOf} DETACH PARTITION ${named(a)}`, replaces.length > 0 ? { replaces } : {});

const alterPartition: Alter<Table> = ({ from: { attributes: from }, to }, around) => {
  const a = to.attributes;
  const moved = rowsOutside(from, to, around);
  // Rows that are pointed at cannot leave, not even for a moment.
  const keys = from.partitionOf === a.partitionOf ? keysPointingAt(tablesAbove(to.id, around.facts), around) : [];
  return [
    ...(from.partitionOf === null ? [] : [detach(from, keys)]),
    ...moved.out,
    ...(a.partitionOf === null
      ? []
      : [
          ...(from.partitionOf === a.partitionOf ? [] : indexesToBring(to.id, around)),
          statement(`ALTER TABLE ${a.partitionOf} ATTACH PARTITION ${named(a)} ${a.partitionBound}`, { late: "last" }),
        ]),
    ...moved.back,
  ];
};

/**
 * Rows of a partition that its new bounds leave out: they are put aside while it is detached, and come back through the
 * root, which knows their new partition.
 */
function rowsOutside(from: Table, { id, attributes: a }: Fact<Table>, around: Surroundings) {
  const { partitionOf, partitionBound, partitionConstraint: constraint } = a;
  const nothing = { out: [], back: [] };
  if (partitionOf === null || from.partitionOf !== partitionOf || constraint === null) return nothing;
  if (isWithin(from.partitionBound ?? "", partitionBound ?? "")) return nothing;
  const columns = columnsOf(id, around.facts).filter(({ attributes }) => attributes.generated === null);
  const names = columns.map(({ attributes }) => quoteName(attributes.name)).join(", ");
  const root = rootOf(factId("table", partitionOf), around.facts);
  const outside = `WHERE (${constraint}) IS FALSE`;
  const insert = statement(
    `INSERT INTO ${root.slice("table ".length)} (${names})${overridingIn(root, around.facts)}\nSELECT ${names} FROM ${rowsAside(a)}`,
  );
  return {
    out: [
      statement(`CREATE TABLE ${rowsAside(a)} AS SELECT ${names} FROM ${named(a)} ${outside}`),
      ...withoutTriggers(id, [statement(`DELETE FROM ${named(a)} ${outside}`)], around, ["DELETE"]),
    ],
    back: [...withoutTriggers(root, [insert], around, ["INSERT"]), statement(`DROP TABLE ${rowsAside(a)}`)].map(
      (one) => ({ ...one, late: "end" as const }),
    ),
  };
}

function rootOf(id: FactId, facts: FactIndex): FactId {
  const parent = facts.get(id)?.attributes.partitionOf;
  return typeof parent === "string" ? rootOf(factId("table", parent), facts) : id;
}

/** Whether the new bound holds all that the old one does, as far as their texts tell. */
function isWithin(old: string, bound: string): boolean {
  const list = (text: string) => /^FOR VALUES IN \((.*)\)$/s.exec(text)?.[1]?.split(", ");
  const [before, after] = [list(old), list(bound)];
  if (before !== undefined && after !== undefined) return before.every((value) => after.includes(value));
  const range = (text: string) => /^FOR VALUES FROM \(([^,()]*)\) TO \(([^,()]*)\)$/.exec(text)?.slice(1);
  const [[from = "", to = ""], [newFrom = "", newTo = ""]] = [range(old) ?? [], range(bound) ?? []];
  return isAtMost(newFrom, from) && isAtMost(to, newTo);
}

/** Only for whole numbers, and for dates and times written alike. */
function isAtMost(a: string, b: string): boolean {
  if (a === b || a === "MINVALUE" || b === "MAXVALUE") return a !== "";
  const [one, other] = [a, b].map((text) => text.replaceAll("'", ""));
  if (one === undefined || other === undefined) return false;
  if ([one, other].every((text) => /^-?\d+$/.test(text))) return BigInt(one) <= BigInt(other);
  const isDate = (text: string) => /^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?(\+00)?$/.test(text);
  return isDate(one) && isDate(other) && one.length === other.length && one <= other;
}

/**
 * Tables come under a parent and leave it as they are; but a column keeps for ever that it was declared here, and parents
 * keep their order, so that the rest takes a new table.
 */
const alterInherits: Alter<Table> = ({ from, to }, around) => {
  const [before, after] = [from.attributes, to.attributes];
  const left = before.inherits.filter((parent) => !after.inherits.includes(parent));
  const kept = before.inherits.filter((parent) => after.inherits.includes(parent));
  const joined = after.inherits.filter((parent) => !before.inherits.includes(parent));
  const isReordered = [...kept, ...joined].some((parent, i) => parent !== after.inherits[i]);
  const [leave, join] = isReordered ? [before.inherits, after.inherits] : [left, joined];
  const becomesOwn = (column: Fact<Column>): boolean => {
    const was = around.others.get(column.id) as Fact<Column> | undefined;
    if (was === undefined) return after.declaredAgain.includes(column.attributes.name);
    return !was.attributes.isInherited || leave.length === before.inherits.length;
  };
  const isOtherwise = columnsOf(to.id, around.facts).some(
    (column) =>
      (column.attributes.isInherited && becomesOwn(column)) ||
      (after.declaredAgain.includes(column.attributes.name) && !becomesOwn(column)),
  );
  if (isOtherwise) return "replace";
  return [
    ...leave.map((parent) => statement(`ALTER TABLE ${named(after)} NO INHERIT ${parent}`)),
    ...join.map((parent) => statement(`ALTER TABLE ${named(after)} INHERIT ${parent}`)),
  ];
};

const alterOptions: Alter<Table> = ({ from, to }) => {
  const parameter = (option: string) => option.slice(0, option.indexOf("="));
  const kept = new Set(to.attributes.options.map(parameter));
  const gone = from.attributes.options.map(parameter).filter((name) => !kept.has(name));
  const set = to.attributes.options.filter((option) => !from.attributes.options.includes(option));
  const name = named(to.attributes);
  return [
    ...(gone.length > 0 ? [statement(`ALTER TABLE ${name} RESET (${gone.join(", ")})`)] : []),
    ...(set.length > 0 ? [statement(`ALTER TABLE ${name} SET (${set.join(", ")})`)] : []),
  ];
};

/** Rows of a partition that goes stay where its siblings, new ones or with new bounds, have a place for them. */
function dropPartition({ attributes: a }: Fact<Table>, around: Surroundings): readonly Statement[] {
  const drop = statement(`DROP TABLE ${named(a)}`, { destroys: `table ${named(a)} and its rows` });
  if (a.partitionOf === null || !around.facts.has(factId("table", a.partitionOf))) return [drop];
  const parent = factId("table", a.partitionOf);
  const heirs = [...around.others.values()].filter(
    ({ id, kind, attributes: heir }) =>
      kind === "table" &&
      heir.partitionOf === a.partitionOf &&
      (heir.partitionBound !== around.facts.get(id)?.attributes.partitionBound ||
        // On the way back rows go where they were, or would have been.
        (heir.partitionBound === "DEFAULT" && around.hint(id).wasThere === true)),
  );
  const columns = columnsOf(factId("table", named(a)), around.facts).filter(
    ({ attributes: { name, generated } }) =>
      generated === null && around.others.has(factId("column", `${a.partitionOf}.${quoteName(name)}`)),
  );
  if (heirs.length === 0 || columns.length === 0 || around.isNew(parent)) {
    const keys = keysPointingAt(tablesAbove(factId("table", named(a)), around.facts), around);
    return keys.every((key) => around.isNew(key)) ? [drop] : [detach(a), drop];
  }
  const names = columns.map(({ attributes }) => quoteName(attributes.name)).join(", ");
  const fits = heirs.map(({ attributes }) => `(${attributes.partitionConstraint ?? "TRUE"})`).join(" OR ");
  const root = rootOf(parent, around.others);
  return [
    statement(`CREATE TABLE ${rowsAside(a)} AS SELECT ${names} FROM ${named(a)} WHERE ${fits}`),
    drop,
    ...withoutTriggers(
      root,
      [
        statement(
          `INSERT INTO ${root.slice("table ".length)} (${names})${overridingIn(root, around.others)}\nSELECT ${names} FROM ${rowsAside(a)}`,
        ),
      ],
      around,
      ["INSERT"],
    ).map((one) => ({ ...one, late: "end" as const })),
    statement(`DROP TABLE ${rowsAside(a)}`, { late: "end" }),
  ];
}

/** Rows that a new partition is for and that the default one holds move over while that is detached. */
function besideDefault(id: FactId, a: Table, create: Statement, around: Surroundings): readonly Statement[] {
  const other = ofKind<Table>(around.facts.values(), "table").find(
    ({ id: one, attributes }) =>
      attributes.partitionOf === a.partitionOf &&
      attributes.partitionBound === "DEFAULT" &&
      around.others.has(one) &&
      !around.isNew(one),
  );
  if (other === undefined || a.partitionKey !== null) return [create];
  const columns = columnsOf(id, around.facts).filter(({ attributes }) => attributes.generated === null);
  const names = columns.map(({ attributes }) => quoteName(attributes.name)).join(", ");
  const root = rootOf(id, around.facts);
  const move = statement(
    `WITH moved AS (DELETE FROM ${named(other.attributes)} WHERE ${a.partitionConstraint} RETURNING ${names})\nINSERT INTO ${root.slice("table ".length)} (${names})${overridingIn(root, around.facts)}\nSELECT ${names} FROM moved`,
  );
  return [
    detach(other.attributes),
    create,
    ...withoutTriggers(root, withoutTriggers(other.id, [move], around, ["DELETE"]), around, ["INSERT"]),
    statement(`ALTER TABLE ${a.partitionOf} ATTACH PARTITION ${named(other.attributes)} DEFAULT`),
  ];
}

/** Rows bring the values of identity columns, which the root alone shows. */
const overridingIn = (root: FactId, facts: FactIndex): string =>
  columnsOf(root, facts).some(({ attributes }) => attributes.identity?.always === true)
    ? " OVERRIDING SYSTEM VALUE"
    : "";

const rowsAside = (a: Table): string => quotePath(a.schema, `${a.name.slice(0, 50)}__rows`);

interface KeptRows {
  /** Columns before, columns after and what those get of them; those that go, with their values. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly values: readonly string[];
  readonly lost: readonly string[];
  readonly isOverriding: boolean;
  readonly numbers: readonly NumberedColumn[];
}

interface NumberedColumn {
  readonly sequence: { readonly id: FactId; readonly from: string; readonly to: string };
  /** Where the number that it has reached is kept. */
  readonly aside: string;
}

/**
 * What a table that is dropped and created again keeps: the rows of all its partitions, by the columns that stay, and the
 * numbers that the sequences of its columns have reached. Null for one that goes, and for a partition whose parent keeps them.
 */
function keptRows(old: Fact<Table>, before: FactIndex, after: FactIndex, around: Surroundings): KeptRows | null {
  const { id, attributes: a } = old;
  const isReplaced = (one: FactId) => after.has(one) && around.isNew(one);
  if (!isReplaced(id) || (a.partitionOf !== null && isReplaced(factId("table", a.partitionOf)))) return null;
  const cannotConvert = around.refused(id, "42846") || around.refused(id, "42804");
  const kept: { -readonly [K in keyof KeptRows]: KeptRows[K] extends readonly (infer T)[] ? T[] : KeptRows[K] } = {
    from: [],
    to: [],
    values: [],
    lost: [],
    isOverriding: false,
    numbers: [],
  };
  for (const column of columnsOf(id, before)) {
    if (column.attributes.generated !== null) continue;
    const name = quoteName(column.attributes.name);
    const next = after.get(column.id) as Fact<Column> | undefined;
    const retyped = next !== undefined && next.attributes.type !== column.attributes.type;
    if (next === undefined || next.attributes.generated !== null || (retyped && cannotConvert)) {
      kept.lost.push(name);
      continue;
    }
    kept.from.push(name);
    kept.to.push(name);
    const converted = retyped ? `${name}::${next.attributes.type}` : swappedValue(next, around);
    kept.values.push(around.hint(next.id).using ?? converted ?? name);
    kept.isOverriding ||= next.attributes.identity?.always === true;
    const sequence = sequenceBehind(column, before);
    const heir = sequenceBehind(next, after);
    if (sequence !== null && heir !== null) {
      const aside = quotePath(a.schema, `${a.name.slice(0, 30)}__${column.attributes.name.slice(0, 20)}__number`);
      kept.numbers.push({ sequence: { id: heir.id, from: sequence.name, to: heir.name }, aside });
    }
  }
  return kept;
}

const columnsOf = (id: FactId, facts: FactIndex): readonly Fact<Column>[] =>
  ofKind<Column>(facts.values(), "column")
    .filter((fact) => fact.parent === id)
    .sort((one, other) => one.attributes.position - other.attributes.position);

/** The sequence that is dropped with the column, and the fact that makes it. */
function sequenceBehind(column: Fact<Column>, facts: FactIndex): { readonly id: FactId; readonly name: string } | null {
  const { schema, table, name, identity } = column.attributes;
  if (identity !== null) return { id: column.id, name: identitySequence(column.attributes, identity) };
  for (const fact of facts.values()) {
    if (fact.kind === "sequence" && fact.attributes.ownedBy === quotePath(schema, table, name))
      return { id: fact.id, name: quotePath(String(fact.attributes.schema), String(fact.attributes.name)) };
  }
  return null;
}

/**
 * A table cannot be unlogged while a logged one references it, nor logged while it references an unlogged one. A partition
 * leaves its parent when that has its new columns, and before another comes that takes what it leaves.
 */
function tablesFirst({ id, attributes: a }: Fact<Table>, around: Surroundings): readonly FactId[] {
  const was = around.others.get(id)?.attributes as Table | undefined;
  return [
    ...(was === undefined || was.isUnlogged === a.isUnlogged ? [] : relatedBy(id, a.isUnlogged, around)),
    ...(a.partitionOf === null ? [] : beforePartition(id, a, was, around)),
  ];
}

function beforePartition(id: FactId, a: Table, was: Table | undefined, around: Surroundings): readonly FactId[] {
  const parent = factId("table", a.partitionOf ?? "");
  if (!around.isNew(id))
    return was?.partitionOf === a.partitionOf ? columnsOf(parent, around.facts).map((column) => column.id) : [];
  return around
    .dependents(parent)
    .filter((fact) => fact.id !== id && fact.attributes.partitionOf === a.partitionOf && !around.isNew(fact.id))
    .map((fact) => fact.id);
}

/** Tables that reference this one, or that it references. */
function relatedBy(id: FactId, direction: boolean, around: Surroundings): readonly FactId[] {
  const related: FactId[] = [];
  for (const fact of around.facts.values()) {
    if (fact.attributes.type !== "foreign key" || fact.parent === null) continue;
    const targets = fact.dependsOn.flatMap((need) => around.facts.get(need)?.parent ?? []);
    if (direction && targets.includes(id)) related.push(fact.parent);
    if (!direction && fact.parent === id) related.push(...targets);
  }
  return related.filter((other) => other !== id);
}

export const tables = defineKind<Table>({
  kind: "table",
  script: "tables",
  query: () => `
    select 'pg_class'::regclass::oid::int8 as classid, c.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as name,
      c.relpersistence = 'u' as "isUnlogged",
      case when c.reloftype <> 0 then format_type(c.reloftype, null) end as "ofType",
      case when c.relispartition then '{}'::text[] else array(
        select format('%I.%I', pn.nspname, p.relname)
        from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
        where i.inhrelid = c.oid order by i.inhseqno) end as inherits,
      case when c.relispartition or not exists (select from pg_inherits i where i.inhrelid = c.oid) then '{}' else array(
        select a.attname from pg_attribute a
        where a.attrelid = c.oid and a.attinhcount > 0 and a.attislocal and not a.attisdropped order by 1) end as "declaredAgain",
      case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as "partitionKey",
      case when c.relkind = 'p' then array(
        select format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
        from pg_depend d join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = d.classid and d.refobjid = c.oid
          and d.objsubid > 0 and d.refobjsubid = 0 and d.deptype = 'i' order by 1) else '{}' end as "partitionedBy",
      case when c.relispartition then (
        select format('%I.%I', pn.nspname, p.relname)
        from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
        where i.inhrelid = c.oid) end as "partitionOf",
      case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end as "partitionBound",
      case when c.relispartition then (
        select regexp_replace(pg_get_partition_constraintdef(c.oid), '''[0-9]+''::oid',
          quote_literal(format('%I.%I', pn.nspname, p.relname)) || '::regclass', 'g')
        from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
        where i.inhrelid = c.oid) end as "partitionConstraint",
      case when c.relam <> 0 then (
        select nullif(am.amname, 'heap') from pg_am am where am.oid = c.relam) end as "accessMethod",
      (select ts.spcname from pg_tablespace ts where ts.oid = c.reltablespace) as tablespace,
      array(
        select o from unnest(c.reloptions) o
        union all select 'toast.' || o from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid
        order by 1) as options,
      c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "forceRowSecurity",
      case c.relreplident when 'n' then 'NOTHING' when 'f' then 'FULL' when 'd' then 'DEFAULT' else
        case when exists (select from pg_index x where x.indrelid = c.oid and x.indisreplident) then 'INDEX'
        else 'NOTHING' end end as "replicaIdentity"
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and ${notOfExtension("pg_class", "c.oid")}`,
  path: named,
  parent: () => null,
  designate: (a) => `TABLE ${named(a)}`,
  create: ({ id, attributes: a }, around) => {
    const clauses = around.folded(id);
    const body = clauses.length > 0 ? ` (\n${clauses.map((clause) => `  ${clause}`).join(",\n")}\n)` : "";
    const head = `CREATE ${a.isUnlogged ? "UNLOGGED " : ""}TABLE ${named(a)}`;
    const shape =
      a.ofType !== null
        ? `${head} OF ${a.ofType}${body}`
        : a.partitionOf !== null
          ? `${head} PARTITION OF ${a.partitionOf}${body} ${a.partitionBound}`
          : `${head}${body || " ()"}`;
    const tail = [
      a.inherits.length > 0 ? `INHERITS (${a.inherits.join(", ")})` : "",
      a.partitionKey !== null ? `PARTITION BY ${a.partitionKey}` : "",
      a.accessMethod !== null ? `USING ${quotePath(a.accessMethod)}` : "",
      a.options.length > 0 ? `WITH (${a.options.join(", ")})` : "",
      a.tablespace !== null ? `TABLESPACE ${quotePath(a.tablespace)}` : "",
    ].filter((clause) => clause !== "");
    const create = statement([shape, ...tail].join(" "));
    const made =
      a.partitionOf !== null && around.refused(id, "23514") ? besideDefault(id, a, create, around) : [create];
    return [...made, ...remade(id, around).back];
  },
  complete: ({ attributes: a }) =>
    [
      ...(a.rowSecurity ? [rowSecurity(a)] : []),
      ...(a.forceRowSecurity ? [forceRowSecurity(a)] : []),
      ...(a.replicaIdentity !== "DEFAULT" && a.replicaIdentity !== "INDEX" ? [replicaIdentity(a)] : []),
    ].map((action) => statement(`ALTER TABLE ${named(a)} ${action}`)),
  follows: tablesFirst,
  drop: (fact, around) => {
    const kept = keptRows(fact, around.facts, around.others, around);
    const { attributes: a } = fact;
    if (kept === null) return dropPartition(fact, around);
    const isInherited = ofKind<Table>(around.dependents(fact.id), fact.kind).some(({ attributes }) =>
      attributes.inherits.includes(named(a)),
    );
    const lost =
      kept.lost.length === 0 ? {} : { destroys: `${kept.lost.join(", ")} of ${named(a)} and the values there` };
    return [
      ...remade(fact.id, around).aside,
      statement(
        `CREATE TABLE ${rowsAside(a)} AS SELECT ${kept.from.join(", ") || "1"} FROM ${isInherited ? "ONLY " : ""}${named(a)}`,
      ),
      ...kept.numbers.map(({ sequence, aside }) =>
        statement(`CREATE TABLE ${aside} AS SELECT last_value, is_called FROM ${sequence.from}`),
      ),
      statement(`DROP TABLE ${named(a)}`, lost),
    ];
  },
  refill: ({ id, attributes: a }, around) => {
    const old = around.others.get(id) as Fact<Table> | undefined;
    const kept = old === undefined ? null : keptRows(old, around.others, around.facts, around);
    if (kept === null) return null;
    const overriding = kept.isOverriding ? " OVERRIDING SYSTEM VALUE" : "";
    return {
      statements: [
        ...(kept.to.length === 0
          ? []
          : [
              statement(
                `INSERT INTO ${named(a)} (${kept.to.join(", ")})${overriding}\nSELECT ${kept.values.join(", ")} FROM ${rowsAside(a)}`,
              ),
            ]),
        ...kept.numbers.map(({ sequence, aside }) =>
          statement(`SELECT setval(${quoteText(sequence.to)}, last_value, is_called) FROM ${aside}`),
        ),
        ...[rowsAside(a), ...kept.numbers.map(({ aside }) => aside)].map((aside) => statement(`DROP TABLE ${aside}`)),
      ],
      after: kept.numbers.map(({ sequence }) => sequence.id),
    };
  },
  alter: {
    schema: "identity",
    name: "identity",
    isUnlogged: alterTable((a) => `SET ${a.isUnlogged ? "UNLOGGED" : "LOGGED"}`),
    ofType: alterTable((a) => (a.ofType === null ? "NOT OF" : `OF ${a.ofType}`)),
    inherits: alterInherits,
    declaredAgain: alterInherits,
    partitionKey: "replace",
    partitionedBy: "replace",
    partitionOf: alterPartition,
    partitionBound: alterPartition,
    partitionConstraint: "no difference",
    accessMethod: alterTable((a) => `SET ACCESS METHOD ${quotePath(a.accessMethod ?? "heap")}`),
    tablespace: alterTable((a) => `SET TABLESPACE ${quotePath(a.tablespace ?? "pg_default")}`),
    options: alterOptions,
    rowSecurity: alterTable(rowSecurity),
    forceRowSecurity: alterTable(forceRowSecurity),
    replicaIdentity: (change, around) =>
      change.to.attributes.replicaIdentity === "INDEX" ? [] : alterTable(replicaIdentity)(change, around),
  },
  rename: (from, to) => [
    ...(from.schema === to.schema ? [] : [statement(`ALTER TABLE ${named(from)} SET SCHEMA ${quotePath(to.schema)}`)]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER TABLE ${quotePath(to.schema, from.name)} RENAME TO ${quotePath(to.name)}`)]),
  ],
  renamesFreely: "to another schema",
  holdsData: true,
  // Made again with its parent.
  pins: (a) => a.partitionOf !== null || a.inherits.length > 0,
  since: (a) =>
    newest(
      a.partitionKey !== null &&
        a.accessMethod !== null && { version: 170000, feature: "access methods of partitioned tables" },
      newParameter(a.options),
    ),
});

const OPTIONS = {
  schema: true,
  primaryKey: true,
  unique: true,
  checks: true,
  foreignKeys: true,
  exclusions: true,
  indexes: true,
  policies: true,
  triggers: true,
  inheritedTriggers: true,
  statistics: true,
  rowSecurity: true,
  forceRowSecurity: true,
  grants: true,
  owner: true,
  comment: true,
  renamedFrom: true,
  unlogged: true,
  with: true,
  tablespace: true,
  using: true,
  partitionBy: true,
  inherits: true,
  inherited: true,
  ofType: true,
  replicaIdentity: true,
  clusterOn: true,
} satisfies Record<keyof TableOptions, true>;

export const declaredTable: Declarer<TableDeclaration> = {
  identify: ({ name, options }, _, declaring) => {
    const schema = declaring.schemaName(options.schema);
    return { id: tableId(schema, name), text: quotePath(schema, name) };
  },
  declare: (declaration, source, declaring) => {
    const { name, options, partitionOf } = declaration;
    checkOptions(options, partitionOf === undefined ? { columns: true, ...OPTIONS } : OPTIONS, `table ${name}`, source);
    const schema = declaring.schemaName(options.schema);
    const id = tableId(schema, name);
    const needs = new Set<FactId>();
    declaring.claim(schema, name, id, source);
    const scope: TableScope = {
      declaring,
      declaration,
      source,
      schema,
      name,
      id,
      self: declaration[REFERENCE],
      relation: "table",
    };
    declaring.add(tables, attributesOf(declaration, schema, needs, source, declaring), {
      ...options,
      place: source,
      needs,
      hint: renamedFrom(options.renamedFrom, schema, tableId),
    });
    declareColumns(scope);
    declareConstraints(scope);
    for (const index of options.indexes ?? []) declareIndex(scope, index, "table");
    for (const [policy, definition] of Object.entries(options.policies ?? {})) {
      declarePolicy(scope, policy, definition, source.property("policies", policy));
    }
    for (const [trigger, definition] of Object.entries(options.triggers ?? {})) {
      declareTrigger(declaration, trigger, definition, source.property("triggers", trigger), declaring);
    }
    for (const [trigger, enabled] of Object.entries(options.inheritedTriggers ?? {})) {
      declarePartitionTrigger(scope, trigger, enabled);
    }
    for (const [statistics, definition] of Object.entries(options.statistics ?? {})) {
      const place = source.property("statistics", statistics);
      declareStatistics(declaration, statistics, definition, place, declaring);
    }
  },
};

/** The columns of a table, and what it says of those that it inherits. @throws Diagnostic `column-not-found` */
export function declareColumns(scope: TableScope): void {
  const { declaration } = scope;
  const { partitionOf, options, columns } = declaration;
  const { inherited = {} } = options;
  const own = Object.values(columns);
  own.forEach((column, i) => {
    declareColumn(scope, column, i + 1, partitionOf === undefined ? null : (inherited[column.name] ?? {}));
  });
  Object.entries(inherited).forEach(([name, said], i) => {
    if (partitionOf !== undefined && columns[name] !== undefined) return;
    const place = scope.source.property("inherited", name);
    const above = partitionOf === undefined ? inheritedColumn(scope, name, place) : undefined;
    if (above === undefined) throw columnNotFound(declaration, name, place);
    declareColumn(scope, { ...above, name }, own.length + i + 1, said);
  });
}

/** A column of a parent table or of the type that a table is of. */
function inheritedColumn(scope: TableScope, name: string, place: Place): AnyColumn | undefined {
  const { inherits = [], ofType } = scope.declaration.options;
  const find = (tables: readonly TableLike[]): AnyColumn | undefined =>
    tables.map((one) => one.columns[name] ?? find(one.options.inherits ?? [])).find((one) => one !== undefined);
  if (ofType === undefined) return find(inherits);
  const type = scope.declaring.get(ofType[REFERENCE], place).declaration as unknown as CompositeType;
  const attribute = type.attributes[name];
  return attribute === undefined ? undefined : { ...attribute, options: { ...attribute.options, nullable: true } };
}

function attributesOf(
  { name, options, partitionOf }: TableDeclaration,
  schema: string,
  needs: Set<FactId>,
  source: SourceOf,
  declaring: Declaring,
): Table {
  const printed = (given: Referable): string => {
    const { id, text } = declaring.get(given[REFERENCE], source);
    needs.add(id);
    return text;
  };
  const { partitionBy, replicaIdentity = "default", ofType } = options;
  return {
    schema,
    name,
    isUnlogged: options.unlogged ?? false,
    ofType:
      ofType === undefined ? null : declaring.text({ declares: "sql", parts: [ofType[REFERENCE]] }, needs, source),
    inherits: (options.inherits ?? []).map(printed),
    declaredAgain: [],
    partitionKey:
      partitionBy === undefined
        ? null
        : `${partitionBy.by.toUpperCase()} (${partitionBy.on
            .map((element) => {
              if (typeof element === "string") return quoteName(element);
              if (isSql(element)) return `(${declaring.text(element, needs, source)})`;
              const { column, collate, opclass } = element;
              const text = (sql: Sql): string => declaring.text(sql, needs, source);
              const collation = collate === undefined ? "" : ` COLLATE ${nameText(collate, text)}`;
              const by = typeof opclass === "object" ? nameText(opclass, text) : opclass;
              return `${quoteName(column)}${collation}${by === undefined ? "" : ` ${by}`}`;
            })
            .join(", ")})`,
    partitionedBy: [],
    partitionOf: partitionOf === undefined ? null : printed(partitionOf.parent),
    partitionConstraint: null,
    partitionBound:
      partitionOf === undefined ? null : boundText(partitionOf.bound, (text) => declaring.text(text, needs, source)),
    accessMethod: options.using ?? null,
    tablespace: options.tablespace ?? null,
    options: storageParameters(options.with),
    // Policies of a table without row security would look like protection and be none.
    rowSecurity:
      options.rowSecurity ??
      (Object.keys(options.policies ?? {}).length > 0 || hasPolicyApart(schema, name, declaring)),
    forceRowSecurity: options.forceRowSecurity ?? false,
    replicaIdentity: typeof replicaIdentity === "string" ? replicaIdentity.toUpperCase() : "INDEX",
  };
}

export function boundText(bound: PartitionBound, text: (sql: Sql) => string): string {
  if (bound === "default") return "DEFAULT";
  const list = (values: readonly unknown[]): string =>
    values
      .map((value) => {
        if (value === null) return "NULL";
        if (isSql(value)) return text(value);
        return typeof value === "string" ? quoteText(value) : String(value);
      })
      .join(", ");
  if ("in" in bound) return `FOR VALUES IN (${list(bound.in)})`;
  if ("from" in bound) return `FOR VALUES FROM (${list(bound.from)}) TO (${list(bound.to)})`;
  return `FOR VALUES WITH (modulus ${bound.modulus}, remainder ${bound.remainder})`;
}
