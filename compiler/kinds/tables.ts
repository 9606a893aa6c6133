import { isSql, REFERENCE, type Sql } from "../declare/sql.ts";
import type { PartitionBound, Table as TableDeclaration, TableOptions } from "../declare/tables.ts";
import type { Fact, FactId, FactIndex } from "../facts.ts";
import type { SourceOf } from "../load/loadDomain.ts";
import { quoteName, quotePath, quoteText } from "../quote.ts";
import { type Column, declareColumn } from "./columns.ts";
import { declareConstraints, type TableScope } from "./constraints.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom, storageParameters } from "./declaring.ts";
import { declareIndex } from "./indexes.ts";
import {
  type Alter,
  defineKind,
  factId,
  notOfExtension,
  type Statement,
  type Surroundings,
  statement,
  userSchema,
} from "./kind.ts";
import { declarePolicy, hasPolicyApart } from "./policies.ts";
import { newest, newParameter } from "./since.ts";
import { declareStatistics } from "./statistics.ts";
import { declareTrigger } from "./triggers.ts";

/** @see PostgreSQL manual, "pg_class", "pg_inherits", "pg_partitioned_table" */
export type Table = {
  readonly schema: string;
  readonly name: string;
  readonly isUnlogged: boolean;
  /** Composite type of CREATE TABLE … OF, printed. */
  readonly ofType: string | null;
  /** Parents of INHERITS, printed, in order; empty for a partition. */
  readonly inherits: readonly string[];
  /** `RANGE (created_at)`, as pg_get_partkeydef prints it, for a partitioned table. */
  readonly partitionKey: string | null;
  /** Columns in the key with their types, which PostgreSQL does not alter. */
  readonly partitionedBy: readonly string[];
  /** Printed parent and bound (`FOR VALUES …` or `DEFAULT`) of a partition. */
  readonly partitionOf: string | null;
  readonly partitionBound: string | null;
  /** Access method where it is not heap, tablespace where it is not the database's. */
  readonly accessMethod: string | null;
  readonly tablespace: string | null;
  /** Storage parameters `name=value`, sorted; those of the TOAST table as `toast.name=value`. */
  readonly options: readonly string[];
  readonly rowSecurity: boolean;
  readonly forceRowSecurity: boolean;
  /** REPLICA IDENTITY `DEFAULT`, `NOTHING` or `FULL`; where an index is the identity, the index says so. */
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

const alterPartition: Alter<Table> = ({ from: { attributes: from }, to: { attributes: to } }) => {
  const steps: Statement[] = [];
  if (from.partitionOf !== null) steps.push(statement(`ALTER TABLE ${from.partitionOf} DETACH PARTITION ${named(to)}`));
  if (to.partitionOf !== null) {
    steps.push(
      statement(`ALTER TABLE ${to.partitionOf} ATTACH PARTITION ${named(to)} ${to.partitionBound}`, { late: "last" }),
    );
  }
  return steps;
};

const alterInherits: Alter<Table> = ({ from: { attributes: from }, to: { attributes: to } }) => [
  ...from.inherits
    .filter((parent) => !to.inherits.includes(parent))
    .map((parent) => statement(`ALTER TABLE ${named(to)} NO INHERIT ${parent}`)),
  ...to.inherits
    .filter((parent) => !from.inherits.includes(parent))
    .map((parent) => statement(`ALTER TABLE ${named(to)} INHERIT ${parent}`)),
];

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
    kept.values.push(around.hint(next.id).using ?? (retyped ? `${name}::${next.attributes.type}` : name));
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
  [...facts.values()]
    .filter((fact) => fact.kind === "column" && fact.parent === id)
    .map((fact) => fact as unknown as Fact<Column>)
    .sort((one, other) => one.attributes.position - other.attributes.position);

/** The sequence that is dropped with the column, and the fact that makes it. */
function sequenceBehind(column: Fact<Column>, facts: FactIndex): { readonly id: FactId; readonly name: string } | null {
  const { schema, table, name, identity } = column.attributes;
  if (identity !== null) return { id: column.id, name: identity.sequence ?? quotePath(schema, `${table}_${name}_seq`) };
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
  return was === undefined || was.isUnlogged === a.isUnlogged ? [] : relatedBy(id, a.isUnlogged, around);
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
      (select am.amname from pg_am am where am.oid = c.relam and am.amname <> 'heap') as "accessMethod",
      (select ts.spcname from pg_tablespace ts where ts.oid = c.reltablespace) as tablespace,
      array(
        select o from unnest(c.reloptions) o
        union all select 'toast.' || o from pg_class t, unnest(t.reloptions) o where t.oid = c.reltoastrelid
        order by 1) as options,
      c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as "forceRowSecurity",
      case c.relreplident when 'n' then 'NOTHING' when 'f' then 'FULL' else 'DEFAULT' end as "replicaIdentity"
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
    return [statement([shape, ...tail].join(" "))];
  },
  complete: ({ attributes: a }) =>
    [
      ...(a.rowSecurity ? [rowSecurity(a)] : []),
      ...(a.forceRowSecurity ? [forceRowSecurity(a)] : []),
      ...(a.replicaIdentity !== "DEFAULT" ? [replicaIdentity(a)] : []),
    ].map((action) => statement(`ALTER TABLE ${named(a)} ${action}`)),
  follows: tablesFirst,
  drop: (fact, around) => {
    const kept = keptRows(fact, around.facts, around.others, around);
    const { attributes: a } = fact;
    if (kept === null) return [statement(`DROP TABLE ${named(a)}`, { destroys: `table ${named(a)} and its rows` })];
    const lost =
      kept.lost.length === 0 ? {} : { destroys: `${kept.lost.join(", ")} of ${named(a)} and the values there` };
    return [
      statement(`CREATE TABLE ${rowsAside(a)} AS SELECT ${kept.from.join(", ") || "1"} FROM ${named(a)}`),
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
    partitionKey: "replace",
    partitionedBy: "replace",
    partitionOf: alterPartition,
    partitionBound: alterPartition,
    accessMethod: alterTable((a) => `SET ACCESS METHOD ${quotePath(a.accessMethod ?? "heap")}`),
    tablespace: alterTable((a) => `SET TABLESPACE ${quotePath(a.tablespace ?? "pg_default")}`),
    options: alterOptions,
    rowSecurity: alterTable(rowSecurity),
    forceRowSecurity: alterTable(forceRowSecurity),
    replicaIdentity: alterTable(replicaIdentity),
  },
  rename: (from, to) => [
    ...(from.schema === to.schema ? [] : [statement(`ALTER TABLE ${named(from)} SET SCHEMA ${quotePath(to.schema)}`)]),
    ...(from.name === to.name
      ? []
      : [statement(`ALTER TABLE ${quotePath(to.schema, from.name)} RENAME TO ${quotePath(to.name)}`)]),
  ],
  holdsData: true,
  // Partitions are made again with their parent, whose rows are theirs.
  pins: (a) => a.partitionOf !== null,
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
    const { name, options, columns, partitionOf } = declaration;
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
    };
    declaring.add(tables, attributesOf(declaration, schema, needs, source, declaring), {
      ...options,
      place: source,
      needs,
      hint: renamedFrom(options.renamedFrom, schema, tableId),
    });
    Object.values(columns).forEach((column, i) => {
      declareColumn(scope, column, i + 1, partitionOf !== undefined);
    });
    declareConstraints(scope);
    for (const index of options.indexes ?? []) declareIndex(scope, index, "table");
    for (const [policy, definition] of Object.entries(options.policies ?? {})) {
      declarePolicy(scope, policy, definition, source.property("policies", policy));
    }
    for (const [trigger, definition] of Object.entries(options.triggers ?? {})) {
      declareTrigger(declaration, trigger, definition, source.property("triggers", trigger), declaring);
    }
    for (const [statistics, definition] of Object.entries(options.statistics ?? {})) {
      const place = source.property("statistics", statistics);
      declareStatistics(declaration, statistics, definition, place, declaring);
    }
  },
};

function attributesOf(
  { name, options, partitionOf }: TableDeclaration,
  schema: string,
  needs: Set<FactId>,
  source: SourceOf,
  declaring: Declaring,
): Table {
  const printed = (given: TableDeclaration): string => {
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
    partitionKey:
      partitionBy === undefined
        ? null
        : `${partitionBy.by.toUpperCase()} (${partitionBy.on
            .map((element) => {
              if (typeof element === "string") return quoteName(element);
              if (isSql(element)) return `(${declaring.text(element, needs, source)})`;
              const collation = element.collate === undefined ? "" : ` COLLATE ${quoteName(element.collate)}`;
              return `${quoteName(element.column)}${collation}${element.opclass === undefined ? "" : ` ${element.opclass}`}`;
            })
            .join(", ")})`,
    partitionedBy: [],
    partitionOf: partitionOf === undefined ? null : printed(partitionOf.parent),
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
    replicaIdentity: typeof replicaIdentity === "string" ? replicaIdentity.toUpperCase() : "DEFAULT",
  };
}

function boundText(bound: PartitionBound, text: (sql: Sql) => string): string {
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
