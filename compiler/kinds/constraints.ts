import type {
  CheckOptions,
  ColumnChecks,
  Deferrable,
  ForeignKeyOptions,
  Target,
  UniqueOptions,
} from "../declare/columns.ts";
import type { IndexOptions } from "../declare/indexes.ts";
import { isSql, REFERENCE, type Referable, type Reference, type Sql } from "../declare/sql.ts";
import type {
  ExclusionDefinition,
  ForeignKey,
  ForeignKeyDefinition,
  PrimaryKeyOptions,
  Table as TableDeclaration,
  TableLike,
  UniqueDefinition,
} from "../declare/tables.ts";
import { Diagnostic } from "../diagnostic.ts";
import type { Fact, FactId } from "../facts.ts";
import type { Place, SourceOf } from "../load/loadDomain.ts";
import { quoteName, quotePath } from "../quote.ts";
import { columnId, columnNotFound, keyColumns, targetOf } from "./columns.ts";
import { checkOptions, type Declarer, type Declaring, renamedFrom, storageParameters } from "./declaring.ts";
import { declareIndex, elementText } from "./indexes.ts";
import { indexOfKey, takeIndex } from "./keyIndexes.ts";
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
import { columnsInName } from "./naming.ts";
import { waitsForRows } from "./partitions.ts";
import type { Looks, Obstacle } from "./rowsToBe.ts";
import { bringBack, type Demand, demandOf, movedBefore, movesRows, refusedRows, setAside } from "./setAside.ts";
import { newest, type Since, unquoted } from "./since.ts";
import { asideName } from "./swap.ts";

/** A constraint of a table; those of domains live in domains.ts. @see PostgreSQL manual, "pg_constraint" */
export type Constraint = {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly relation: "table" | "foreign table";
  readonly type: "primary key" | "unique" | "check" | "foreign key" | "exclusion";
  /** As pg_get_constraintdef prints it, without the attributes below. */
  readonly definition: string;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly isValidated: boolean;
  readonly isEnforced: boolean;
  /** Storage parameters and tablespace of the index behind it; an exclusion's definition has its parameters in it. */
  readonly indexOptions: readonly string[];
  readonly indexTablespace: string | null;
  /** The table's REPLICA IDENTITY USING INDEX and CLUSTER ON, where they name the index behind it. */
  readonly isReplicaIdentity: boolean;
  readonly isClusteredOn: boolean;
  /** It came with a parent table's constraint. */
  readonly isInherited: boolean;
  /** Printed table and name of the constraint that a partition's is the part of. */
  readonly partOf: string | null;
};

export const constraintId = (schema: string, table: string, name: string) =>
  factId("constraint", quotePath(schema, table, name));

const table = (a: Constraint): string => quotePath(a.schema, a.table);

function timing(a: Constraint): string {
  if (!a.deferrable) return "";
  return a.initiallyDeferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

function withIndexOptions(a: Constraint): string {
  const options = a.indexOptions.length > 0 ? ` WITH (${a.indexOptions.join(", ")})` : "";
  const tablespace = a.indexTablespace === null ? "" : ` USING INDEX TABLESPACE ${quoteName(a.indexTablespace)}`;
  return `${a.definition}${options}${tablespace}${timing(a)}`;
}

const body = (a: Constraint): string =>
  `CONSTRAINT ${quoteName(a.name)} ${withIndexOptions(a)}${a.isEnforced ? "" : " NOT ENFORCED"}`;

const alterTable = (a: Constraint, action: string): Statement => statement(`ALTER TABLE ${table(a)} ${action}`);

const marks = (a: Constraint): readonly Statement[] => [
  ...(a.isReplicaIdentity ? [alterTable(a, `REPLICA IDENTITY USING INDEX ${quoteName(a.name)}`)] : []),
  ...(a.isClusteredOn ? [alterTable(a, `CLUSTER ON ${quoteName(a.name)}`)] : []),
];

const canBeNotValid = (a: Constraint): boolean => a.type === "foreign key" || a.type === "check";

const alterTiming: Alter<Constraint> = ({ to: { attributes: a } }) =>
  a.type === "foreign key"
    ? [alterTable(a, `ALTER CONSTRAINT ${quoteName(a.name)}${timing(a) || " NOT DEFERRABLE"}`)]
    : "replace";

const alterValidity: Alter<Constraint> = ({ from, to }, around) => {
  const { attributes: a } = to;
  const name = quoteName(a.name);
  if (a.isInherited && a.type === "check" && !a.isValidated) return inheritAgain(to, around);
  if (from.attributes.isEnforced === a.isEnforced)
    return a.isValidated && a.isEnforced ? [alterTable(a, `VALIDATE CONSTRAINT ${name}`)] : "replace";
  // Enforcing reads the rows; a check cannot be altered so.
  const canAlter = a.type === "foreign key" && around.version >= 180000 && a.isValidated === a.isEnforced;
  return canAlter ? [alterTable(a, `ALTER CONSTRAINT ${name} ${a.isEnforced ? "" : "NOT "}ENFORCED`)] : "replace";
};

/** Children made after a check that is NOT VALID obey it from the start, those made before do not: it comes anew to them all. */
function inheritAgain({ id, attributes: { name } }: Fact<Constraint>, around: Surroundings): readonly Statement[] {
  const rootOf = (table: FactId | null): Fact<Constraint> | undefined => {
    const above = (table === null ? undefined : around.facts.get(table))?.dependsOn ?? [];
    const found = ofKind<Constraint>(
      above.flatMap((one) => around.dependents(one)),
      "constraint",
    ).find(({ parent, attributes: a }) => parent !== table && a.type === "check" && a.name === name);
    return found?.attributes.isInherited === true ? rootOf(found.parent) : found;
  };
  const root = rootOf(around.facts.get(id)?.parent ?? null);
  const siblings = ofKind<Constraint>(around.facts.values(), "constraint").filter(
    ({ attributes: a, id: one }) =>
      a.name === name && a.isInherited && !a.isValidated && around.others.get(one)?.attributes.isValidated === true,
  );
  const [first] = siblings.filter(({ parent }) => rootOf(parent) === root);
  if (root === undefined || around.isNew(root.id) || first?.id !== id) return [];
  return [
    alterTable(root.attributes, `DROP CONSTRAINT ${quoteName(name)}`),
    alterTable(root.attributes, `ADD ${body(root.attributes)} NOT VALID`),
  ];
}

/**
 * Its index is built CONCURRENTLY, after all else, while others write. Refused on partitioned tables; one that takes another's
 * place does so at once.
 */
const isBuiltAside = (fact: Fact<Constraint>, around: Surroundings): boolean =>
  indexOfKey(fact.attributes) !== null &&
  around.inUse(factId(fact.attributes.relation, table(fact.attributes))) &&
  !around.others.has(fact.id) &&
  !around.refused(fact.id) &&
  takeIndex(fact, around) === null &&
  !movesRows(fact, "set aside", around);

function buildAside(a: Constraint): readonly Statement[] {
  const index = indexOfKey(a);
  if (index === null) return [];
  const tablespace = a.indexTablespace === null ? "" : ` TABLESPACE ${quoteName(a.indexTablespace)}`;
  return [
    statement(`CREATE UNIQUE INDEX CONCURRENTLY ${quoteName(a.name)} ON ${index.on}${tablespace}`, {
      transactional: false,
      late: "apart",
    }),
    {
      ...alterTable(a, `ADD CONSTRAINT ${quoteName(a.name)} ${index.using} ${quoteName(a.name)}${timing(a)}`),
      late: "apart",
    },
  ];
}

/** The rows that it does not hold for, where a query can tell them. */
function refused({ id, attributes: a }: Fact<Constraint>, looks: Looks): Obstacle | null {
  const demand = demandOf(a);
  const own = looks.before(a);
  if (demand === null || own === null || a.isInherited || !a.isValidated || !a.isEnforced) return null;
  const asked = demand.type === "check" ? [] : demand.columns;
  const target = demand.type === "foreign key" && demand.target !== table(a) ? looks.at(demand.target) : null;
  const rows = { own: own.name, ...(target === null ? {} : { target: target.name }) };
  return {
    id,
    what: `rows of ${table(a)} ${failing(a, demand)}`,
    fate: looks.setsAside(id) ? "set aside" : "refused",
    query: looks.select(table(a), asked, [own, target], refusedRows(demand, "child", rows)),
  };
}

function failing(a: Constraint, demand: Demand): string {
  switch (demand.type) {
    case "foreign key":
      return `whose ${demand.columns.join(", ")} is in no row of ${demand.target}`;
    case "unique":
      return `that repeat the ${demand.columns.join(", ")} of another row`;
    case "check":
      return `that break ${a.name}, ${a.definition}`;
  }
}

/** PostgreSQL numbers the parts of like keys as those came: the part of this one bears another's name. */
const tradeNames: Alter<Constraint> = ({ to }, around) => {
  const a = to.attributes;
  const own = ofKind<Constraint>(around.others.values(), "constraint").find(
    ({ parent, attributes: { partOf } }) => parent === to.parent && partOf !== null && partOf === a.partOf,
  )?.attributes;
  if (own === undefined) return [];
  const rename = (old: string, now: string) =>
    alterTable(a, `RENAME CONSTRAINT ${quoteName(old)} TO ${quoteName(now)}`);
  const isThere = around.facts.has(constraintId(own.schema, own.table, own.name));
  const now = isThere ? asideName(own.name) : own.name;
  return [rename(a.name, asideName(a.name)), { ...rename(now, a.name), late: "last" }];
};

const orderOf = ({ type }: Constraint): number =>
  ["primary key", "unique", "check", "exclusion", "foreign key"].indexOf(type);

export const constraints = defineKind<Constraint>({
  kind: "constraint",
  script: "constraints",
  // Without those that a foreign key has for each partition of its target: they are numbered as partitions came.
  query: (version) => `
    select 'pg_constraint'::regclass::oid::int8 as classid, k.oid::int8 as objid, 0 as objsubid,
      n.nspname as schema, c.relname as table, k.conname as name,
      case c.relkind when 'f' then 'foreign table' else 'table' end as relation,
      case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'c' then 'check'
        when 'f' then 'foreign key' when 'x' then 'exclusion' end as type,
      case when k.condeferrable or not k.convalidated
        then regexp_replace(pg_get_constraintdef(k.oid),
          '( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT VALID| NOT ENFORCED)?$', '')
        else pg_get_constraintdef(k.oid) end as definition,
      k.condeferrable as deferrable, k.condeferred as "initiallyDeferred",
      k.convalidated as "isValidated", ${version >= 180000 ? "k.conenforced" : "true"} as "isEnforced",
      case when i.reloptions is null or k.contype = 'x' then '{}'
        else array(select o from unnest(i.reloptions) o order by 1) end as "indexOptions",
      (select ts.spcname from pg_tablespace ts where ts.oid = i.reltablespace) as "indexTablespace",
      coalesce(x.indisreplident, false) as "isReplicaIdentity",
      coalesce(x.indisclustered, false) as "isClusteredOn",
      not k.conislocal or k.conparentid <> 0 as "isInherited",
      case when k.conparentid <> 0 then (select format('%I.%I.%I', an.nspname, ac.relname, above.conname)
        from pg_constraint above join pg_class ac on ac.oid = above.conrelid join pg_namespace an on an.oid = ac.relnamespace
        where above.oid = k.conparentid) end as "partOf"
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_class i on i.oid = k.conindid and k.contype in ('p', 'u', 'x')
    left join pg_index x on x.indexrelid = i.oid
    where k.contype in ('p', 'u', 'c', 'f', 'x') and c.relpersistence <> 't' and ${userSchema("n.nspname")}
      and (k.conparentid = 0 or k.conrelid <> (select above.conrelid from pg_constraint above where above.oid = k.conparentid))
      and ${notOfExtension("pg_class", "c.oid")}`,
  path: (a) => quotePath(a.schema, a.table, a.name),
  parent: (a) => factId(a.relation, table(a)),
  designate: (a) => `CONSTRAINT ${quoteName(a.name)} ON ${table(a)}`,
  clause: ({ attributes: a }) =>
    (a.type === "primary key" || a.type === "check") && a.isValidated && !a.isInherited ? body(a) : null,
  follows: (fact, around) => movedBefore(fact, around, orderOf),
  create: (fact, around) => {
    const { id, attributes: a } = fact;
    if (a.isInherited) return [];
    const taking = takeIndex(fact, around);
    if (taking !== null) return [alterTable(a, `${taking}${timing(a)}`)];
    if (isBuiltAside(fact, around)) return buildAside(a);
    if (a.type === "foreign key" && waitsForRows(fact, around))
      return [{ ...alterTable(a, `ADD ${body(a)}${a.isValidated || !a.isEnforced ? "" : " NOT VALID"}`), late: "end" }];
    const isChecked = a.isValidated && a.isEnforced;
    if (isChecked && movesRows(fact, "set aside", around)) {
      const validate = alterTable(a, `VALIDATE CONSTRAINT ${quoteName(a.name)}`);
      const rows = factId(a.relation, table(a));
      // Whoever writes meanwhile obeys already, so that no new row comes in behind those that move out.
      return canBeNotValid(a) && !around.refused(id)
        ? [
            alterTable(a, `ADD ${body(a)} NOT VALID`),
            ...setAside(fact, around),
            around.inUse(rows) ? { ...validate, late: "apart" } : validate,
          ]
        : [
            statement(`LOCK TABLE ${table(a)} IN SHARE ROW EXCLUSIVE MODE`),
            ...setAside(fact, around),
            alterTable(a, `ADD ${body(a)}`),
          ];
    }
    // Existing rows are read in a step of its own, under a lock that lets writers through. Refused on partitioned tables.
    const isSplit = isChecked && canBeNotValid(a) && around.inUse(factId(a.relation, table(a))) && !around.refused(id);
    const add = alterTable(a, `ADD ${body(a)}${(isChecked || !a.isEnforced) && !isSplit ? "" : " NOT VALID"}`);
    return isSplit ? [add, { ...alterTable(a, `VALIDATE CONSTRAINT ${quoteName(a.name)}`), late: "apart" }] : [add];
  },
  complete: (fact, around) =>
    marks(fact.attributes).map((one) => (isBuiltAside(fact, around) ? { ...one, late: "apart" } : one)),
  drop: (fact, around) => {
    const { attributes: a } = fact;
    if (a.isInherited) return [];
    const drop = alterTable(a, `DROP CONSTRAINT ${quoteName(a.name)}`);
    return movesRows(fact, "bring back", around) ? [drop, ...bringBack(fact, around)] : [drop];
  },
  prints: ["definition"],
  alter: {
    schema: "identity",
    table: "identity",
    name: "identity",
    relation: "identity",
    type: "replace",
    definition: "replace",
    deferrable: alterTiming,
    initiallyDeferred: alterTiming,
    isValidated: alterValidity,
    isEnforced: alterValidity,
    indexOptions: "replace",
    indexTablespace: ({ to: { attributes: a } }) => [
      statement(
        `ALTER INDEX ${quotePath(a.schema, a.name)} SET TABLESPACE ${quoteName(a.indexTablespace ?? "pg_default")}`,
      ),
    ],
    isReplicaIdentity: ({ to }) => marks(to.attributes),
    isClusteredOn: ({ to: { attributes: a } }) => (a.isClusteredOn ? marks(a) : [alterTable(a, "SET WITHOUT CLUSTER")]),
    isInherited: "no difference",
    partOf: tradeNames,
  },
  rename: (from, to) => [alterTable(to, `RENAME CONSTRAINT ${quoteName(from.name)} TO ${quoteName(to.name)}`)],
  renamesFreely: true,
  obstacle: refused,
  order: (a) => orderOf(a),
  since: (a, facts) => {
    const words = unquoted(a.definition);
    const isPartitioned = typeof facts.get(factId(a.relation, table(a)))?.attributes.partitionKey === "string";
    const partitioned = (version: number, what: string): Since => ({
      version,
      feature: `${what} of partitioned tables`,
    });
    return newest(
      words.startsWith("UNIQUE NULLS NOT DISTINCT") && { version: 150000, feature: "UNIQUE NULLS NOT DISTINCT" },
      / ON DELETE SET (?:NULL|DEFAULT) \(/.test(words) && {
        version: 150000,
        feature: "ON DELETE SET NULL and SET DEFAULT with a list of columns",
      },
      isPartitioned && a.type === "exclusion" && partitioned(170000, "exclusion constraints"),
      isPartitioned && a.type === "foreign key" && !a.isValidated && partitioned(180000, "NOT VALID foreign keys"),
      words.includes(" WITHOUT OVERLAPS)") && { version: 180000, feature: "WITHOUT OVERLAPS" },
      a.type === "foreign key" && / PERIOD /.test(words) && { version: 180000, feature: "foreign keys with PERIOD" },
      !a.isEnforced && { version: 180000, feature: "constraints that are NOT ENFORCED" },
    );
  },
});

/** A declared table while its parts are being declared. */
export interface TableScope extends RelationScope {
  readonly declaration: TableLike;
  readonly relation: "table" | "foreign table";
}

/** A declared table or materialized view. */
export interface RelationScope {
  readonly declaring: Declaring;
  readonly declaration?: TableLike;
  /** The index that a materialized view is clustered on. */
  readonly clusterOn?: string | undefined;
  readonly source: SourceOf;
  readonly schema: string;
  readonly name: string;
  readonly id: FactId;
  readonly self: Reference;
}

/** A key or index of a declared table: what foreign keys can point at, and what serves them. */
interface Key {
  readonly id: FactId;
  readonly columns: readonly string[];
  readonly isUnique: boolean;
  /** Every row, found by its first columns. */
  readonly isSearchable: boolean;
}
const keysOf = new WeakMap<Declaring, Map<FactId, Key[]>>();

export function recordKey({ declaring, id }: RelationScope, key: Key): void {
  const all = keysOf.get(declaring) ?? new Map<FactId, Key[]>();
  keysOf.set(declaring, all);
  all.set(id, [...(all.get(id) ?? []), key]);
}

const keysAt = (declaring: Declaring, id: FactId): readonly Key[] => keysOf.get(declaring)?.get(id) ?? [];

/** Every constraint of a declared table, those of its columns included. */
export function declareConstraints(scope: TableScope): void {
  const { declaration, source, name: table } = scope;
  const { options, columns, partitionOf } = declaration;
  const own = partitionOf === undefined ? Object.values(columns) : [];
  declarePrimaryKey(scope, own);
  for (const column of own) {
    const place = bare(source.column(column.name, column));
    const { unique, check } = column.options;
    if (unique !== undefined) declareUnique(scope, { ...uniqueOptions(unique), columns: [column.name] }, place);
    if (check !== undefined) declareColumnChecks(scope, column.name, check, place);
  }
  for (const unique of options.unique ?? []) {
    const definition = "columns" in unique ? unique : { columns: unique };
    declareUnique(scope, definition, source.element("unique", definition.columns));
  }
  for (const [name, check] of Object.entries(options.checks ?? {})) {
    declareCheck(scope, name, "", check, source.property("checks", name));
  }
  for (const exclusion of options.exclusions ?? []) {
    const names = exclusion.elements.map(([element]) => (typeof element === "string" ? element : "…"));
    declareExclusion(scope, exclusion, source.element("exclusions", names));
  }
  scope.declaring.later("foreign keys", () => {
    for (const column of own) {
      if (column.target === undefined) continue;
      const { constraintComment, constraintRenamedFrom, ...given } = column.options;
      if (given.onDelete === undefined)
        throw withoutOnDelete(`${table}.${column.name}`, source.column(column.name, column));
      declareForeignKey(
        scope,
        {
          ...(given as ForeignKeyOptions),
          columns: [column.name],
          references: column.target,
          comment: constraintComment,
          renamedFrom: constraintRenamedFrom,
        },
        bare(source.column(column.name, column)),
      );
    }
    for (const key of options.foreignKeys ?? []) {
      const place = source.element("foreignKeys", key.columns);
      checkOptions(key, FOREIGN_KEY_OPTIONS, `a foreign key of ${table}`, place);
      declareForeignKey(scope, key, place);
    }
  });
}

/** A foreign key said apart from its table. */
export const declaredForeignKey: Declarer<ForeignKey> = {
  declare: ({ table, definition }, source, declaring) => {
    checkOptions(definition, FOREIGN_KEY_OPTIONS, `a foreign key of ${table.name}`, source);
    declaring.later("foreign keys", () => declareForeignKey(scopeOf(table, declaring, source), definition, source));
  },
};

/** The table that something is said about apart from it. */
export function scopeOf(table: Referable, declaring: Declaring, place: Place): TableScope {
  const found = declaring.get(table[REFERENCE], place);
  const declaration = found.declaration as TableDeclaration;
  return {
    declaring,
    declaration,
    source: found.source,
    schema: found.schema ?? "",
    name: declaration.name,
    id: found.id,
    self: table[REFERENCE],
    relation: "table",
  };
}

const bare = ({ position }: Place): Place => ({ position });

const uniqueOptions = (unique: true | string | UniqueOptions): UniqueOptions =>
  unique === true ? {} : typeof unique === "string" ? { name: unique } : unique;

const columnList = (columns: readonly string[]): string => `(${columns.map(quoteName).join(", ")})`;

/** Columns of a key, the last one a range where it says so. */
const keyList = ({ columns, withoutOverlaps }: UniqueDefinition | PrimaryKeyOptions): string =>
  columnList(columns).replace(/\)$/, withoutOverlaps === true ? " WITHOUT OVERLAPS)" : ")");

/** Columns of a foreign key, the last one a range where it says so. */
const periodList = ({ period }: ForeignKeyOptions, columns: readonly string[]): string =>
  `(${columns.map((column, i) => `${period === true && i === columns.length - 1 ? "PERIOD " : ""}${quoteName(column)}`).join(", ")})`;

function checkColumns({ declaration }: TableScope, columns: readonly string[], place: Place): void {
  const missing = columns.find((column) => declaration.columns[column] === undefined);
  // What a table inherits, or has from its type, is not written down here.
  const isAllHere = declaration.options.inherits === undefined && declaration.options.ofType === undefined;
  if (missing !== undefined && isAllHere) throw columnNotFound(declaration, missing, place);
}

interface Named {
  readonly name?: string | undefined;
  readonly renamedFrom?: string | undefined;
  readonly comment?: string | undefined;
  readonly orphans?: "refuse" | "set aside" | undefined;
  /** Why a foreign key has no index. */
  readonly unindexed?: string;
}

/** Adds a constraint under the name it says, now, or under the one that PostgreSQL would choose, when those are known. */
function addNamed(
  scope: TableScope,
  given: Named,
  place: Place,
  parts: readonly [columns: string, label: string],
  needs: ReadonlySet<FactId>,
  attributes: (name: string) => Constraint,
  then: (id: FactId) => void = () => {},
): void {
  const { declaring, schema, name: table } = scope;
  const add = (name: string): void => {
    const constraint = attributes(name);
    const hint = {
      ...renamedFrom(given.renamedFrom, schema, (_, old) => constraintId(schema, table, old)),
      ...(given.orphans === undefined ? {} : { orphans: given.orphans }),
      ...(given.unindexed === undefined ? {} : { unindexed: given.unindexed }),
    };
    const id = declaring.add(constraints, constraint, { place, needs, comment: given.comment, hint });
    const hasIndex = ["primary key", "unique", "exclusion"].includes(constraint.type);
    if (hasIndex) declaring.claim(schema, name, id, place);
    else declaring.reserve(schema, name);
    then(id);
  };
  if (given.name !== undefined) add(given.name);
  else declaring.later("chosen names", () => add(declaring.choose(schema, table, ...parts)));
}

const plain = ({ schema, name: table, relation }: TableScope): Omit<Constraint, "name" | "type" | "definition"> => ({
  schema,
  table,
  relation,
  deferrable: false,
  initiallyDeferred: false,
  isValidated: true,
  isEnforced: true,
  indexOptions: [],
  indexTablespace: null,
  isReplicaIdentity: false,
  isClusteredOn: false,
  isInherited: false,
  partOf: null,
});

const timingOf = (deferrable: Deferrable | undefined) => ({
  deferrable: deferrable !== undefined && deferrable !== false,
  initiallyDeferred: deferrable === "initially deferred",
});

/** What the table says of the index behind the constraint, and the constraint of its index. */
const indexBehind = (
  { declaration: { options } }: TableScope,
  name: string,
  given: UniqueDefinition | PrimaryKeyOptions,
) => ({
  indexOptions: storageParameters(given.with),
  indexTablespace: given.tablespace ?? null,
  isReplicaIdentity: typeof options.replicaIdentity === "object" && options.replicaIdentity.index === name,
  isClusteredOn: options.clusterOn === name,
});

function declarePrimaryKey(scope: TableScope, columns: readonly TableLike["columns"][string][]): void {
  const { declaration, source, name: table } = scope;
  const { primaryKey } = declaration.options;
  const own = columns.filter((column) => column.options.primaryKey === true);
  const [first, second] = own;
  if (first !== undefined && (second !== undefined || primaryKey !== undefined)) {
    const names = own.map(({ name }) => JSON.stringify(name)).join(", ");
    throw new Diagnostic({
      code: "two-primary-keys",
      what: `the table ${table} declares more than one primary key`,
      at: source.column((second ?? first).name, second ?? first).position,
      next: `for a key of several columns take their \`primaryKey: true\` out and write primaryKey: [${names}] beside columns`,
    });
  }
  const given: PrimaryKeyOptions | undefined =
    first !== undefined
      ? { columns: [first.name] }
      : primaryKey === undefined || "columns" in primaryKey
        ? primaryKey
        : { columns: primaryKey };
  if (given === undefined) return;
  const at = first === undefined ? source.property("options", "primaryKey") : source.column(first.name, first);
  checkColumns(scope, [...given.columns, ...(given.include ?? [])], at);
  const include = given.include === undefined ? "" : ` INCLUDE ${columnList(given.include)}`;
  addNamed(
    scope,
    given,
    bare(at),
    ["", "pkey"],
    new Set(given.columns.map((column) => columnId(scope.schema, table, column))),
    (name) => ({
      ...plain(scope),
      ...timingOf(given.deferrable),
      ...indexBehind(scope, name, given),
      name,
      type: "primary key",
      definition: `PRIMARY KEY ${keyList(given)}${include}`,
    }),
    (id) => recordKey(scope, { id, columns: given.columns, isUnique: true, isSearchable: true }),
  );
}

const UNIQUE_OPTIONS = {
  columns: true,
  withoutOverlaps: true,
  name: true,
  nullsNotDistinct: true,
  include: true,
  deferrable: true,
  with: true,
  tablespace: true,
  comment: true,
  renamedFrom: true,
  orphans: true,
} satisfies Record<keyof UniqueDefinition, true>;

function declareUnique(scope: TableScope, given: UniqueDefinition, place: Place): void {
  checkOptions(given, UNIQUE_OPTIONS, `a unique constraint of ${scope.name}`, place);
  checkColumns(scope, [...given.columns, ...(given.include ?? [])], place);
  const nulls = given.nullsNotDistinct === true ? "NULLS NOT DISTINCT " : "";
  const include = given.include === undefined ? "" : ` INCLUDE ${columnList(given.include)}`;
  addNamed(
    scope,
    given,
    place,
    [columnsInName([...given.columns, ...(given.include ?? [])]), "key"],
    new Set(given.columns.map((column) => columnId(scope.schema, scope.name, column))),
    (name) => ({
      ...plain(scope),
      ...timingOf(given.deferrable),
      ...indexBehind(scope, name, given),
      name,
      type: "unique",
      definition: `UNIQUE ${nulls}${keyList(given)}${include}`,
    }),
    (id) =>
      recordKey(scope, {
        id,
        columns: given.columns,
        isUnique: timingOf(given.deferrable).deferrable === false,
        isSearchable: true,
      }),
  );
}

function declareColumnChecks(scope: TableScope, column: string, given: ColumnChecks, place: Place): void {
  if (isSql(given)) declareCheck(scope, undefined, column, given, place);
  else for (const [name, check] of Object.entries(given)) declareCheck(scope, name, column, check, place);
}

const CHECK_OPTIONS = {
  expression: true,
  noInherit: true,
  notValid: true,
  notEnforced: true,
  comment: true,
  renamedFrom: true,
  orphans: true,
} satisfies Record<keyof CheckOptions, true>;

function declareCheck(
  scope: TableScope,
  name: string | undefined,
  column: string,
  given: Sql | CheckOptions | string,
  place: Place,
): void {
  const options: CheckOptions = isSql(given) || typeof given === "string" ? { expression: given } : given;
  checkOptions(options, CHECK_OPTIONS, `check ${name ?? column} of ${scope.name}`, place);
  const needs = new Set<FactId>();
  const expression = scope.declaring.text(options.expression, needs, place, scope.self);
  addNamed(scope, { ...options, name }, place, [column, "check"], needs, (chosen) => ({
    ...plain(scope),
    name: chosen,
    type: "check",
    definition: `CHECK (${expression})${options.noInherit === true ? " NO INHERIT" : ""}`,
    isValidated: options.notValid !== true && options.notEnforced !== true,
    isEnforced: options.notEnforced !== true,
  }));
}

const EXCLUSION_OPTIONS = {
  elements: true,
  using: true,
  where: true,
  include: true,
  name: true,
  deferrable: true,
  with: true,
  tablespace: true,
  comment: true,
  renamedFrom: true,
  orphans: true,
} satisfies Record<keyof ExclusionDefinition, true>;

function declareExclusion(scope: TableScope, given: ExclusionDefinition, place: Place): void {
  checkOptions(given, EXCLUSION_OPTIONS, `an exclusion constraint of ${scope.name}`, place);
  const needs = new Set<FactId>();
  const text = (sql: Sql | string): string => scope.declaring.text(sql, needs, place, scope.self);
  const elements = given.elements.map(([element, operator]) => {
    const { text: written, name, column } = elementText(element, text);
    if (column !== undefined) checkColumns(scope, [column], place);
    return { written: `${written} WITH ${operator}`, name };
  });
  const include = given.include === undefined ? "" : ` INCLUDE ${columnList(given.include)}`;
  const where = given.where === undefined ? "" : ` WHERE (${text(given.where)})`;
  const parameters = storageParameters(given.with);
  const options = parameters.length > 0 ? ` WITH (${parameters.join(", ")})` : "";
  const list = elements.map(({ written }) => written).join(", ");
  addNamed(scope, given, place, [columnsInName(elements.map(({ name }) => name)), "excl"], needs, (name) => ({
    ...plain(scope),
    ...timingOf(given.deferrable),
    ...indexBehind(scope, name, { ...given, columns: [] }),
    indexOptions: [],
    name,
    type: "exclusion",
    definition: `EXCLUDE USING ${quoteName(given.using ?? "gist")} (${list})${include}${options}${where}`,
  }));
}

const FOREIGN_KEY_OPTIONS = {
  columns: true,
  references: true,
  target: true,
  onDelete: true,
  onUpdate: true,
  match: true,
  period: true,
  deferrable: true,
  notValid: true,
  notEnforced: true,
  orphans: true,
  name: true,
  index: true,
  comment: true,
  renamedFrom: true,
} satisfies Record<keyof ForeignKeyDefinition, true>;

interface GivenForeignKey extends ForeignKeyOptions {
  readonly columns: readonly string[];
  readonly references: Target;
  readonly target?: readonly string[];
  readonly comment?: string | undefined;
  readonly renamedFrom?: string | undefined;
}

function withoutOnDelete(what: string, place: Place): Diagnostic {
  return new Diagnostic({
    code: "on-delete-missing",
    what: `the foreign key of ${what} does not say what a deletion of its target does`,
    at: place.position,
    next: 'say it: onDelete: "cascade", "restrict", "set null", "set default" or "no action"',
  });
}

function declareForeignKey(scope: TableScope, given: GivenForeignKey, place: Place): void {
  const { declaring, declaration, schema, name: table } = scope;
  checkColumns(scope, given.columns, place);
  if (given.onDelete === undefined) throw withoutOnDelete(`${table}.${given.columns.join(", ")}`, place);
  const target = targetTable(scope, given, place);
  const needs = new Set<FactId>([
    ...given.columns.map((column) => columnId(schema, table, column)),
    ...target.columns.map((column) => columnId(target.schema, target.declaration.name, column)),
    target.key,
  ]);
  const { onDelete, onUpdate = "no action" } = given;
  const deletion =
    typeof onDelete === "string"
      ? onDelete.toUpperCase()
      : `${onDelete.action.toUpperCase()} ${columnList(onDelete.columns)}`;
  const definition = [
    `FOREIGN KEY ${periodList(given, given.columns)} REFERENCES ${quotePath(target.schema, target.declaration.name)}${periodList(given, target.columns)}`,
    given.match === "full" ? "MATCH FULL" : "",
    onUpdate === "no action" ? "" : `ON UPDATE ${onUpdate.toUpperCase()}`,
    deletion === "NO ACTION" ? "" : `ON DELETE ${deletion}`,
  ];
  const { name = declaring.choose(schema, table, columnsInName(given.columns), "fkey") } = given;
  const { index } = given;
  const unindexed = typeof index === "object" && "none" in index ? { unindexed: index.none } : {};
  addNamed(scope, { ...given, ...unindexed, name }, place, ["", ""], needs, (chosen) => ({
    ...plain(scope),
    ...timingOf(given.deferrable),
    name: chosen,
    type: "foreign key",
    definition: definition.filter((part) => part !== "").join(" "),
    isValidated: given.notValid !== true && given.notEnforced !== true,
    isEnforced: given.notEnforced !== true,
  }));
  if (declaration.partitionOf === undefined) declareIndexFor(scope, given, place);
}

interface ForeignKeyTarget {
  readonly declaration: TableLike;
  readonly schema: string;
  readonly columns: readonly string[];
  /** The constraint or index that makes the target unique. */
  readonly key: FactId;
}

/** @throws Diagnostic `fk-target-not-unique`, `fk-columns-differ` */
function targetTable(scope: TableScope, given: GivenForeignKey, place: Place): ForeignKeyTarget {
  const { declaring, declaration: own, name: table } = scope;
  const isWhole = given.target !== undefined || given.columns.length > 1;
  const one = isWhole ? null : targetOf(given.references, own, declaring, place);
  const declaration = one?.declaration ?? targetOf(given.references, own, declaring, place, true).declaration;
  const found = declaring.get(declaration[REFERENCE], place);
  const columns = one !== null ? [one.column] : (given.target ?? primaryKeyOf(declaration));
  for (const column of columns)
    if (declaration.columns[column] === undefined) throw columnNotFound(declaration, column, place);
  if (columns.length !== given.columns.length) {
    throw new Diagnostic({
      code: "fk-columns-differ",
      what: `a foreign key of ${table} has ${given.columns.length} columns and points at ${columns.length} of ${declaration.name} (${columns.join(", ")})`,
      at: place.position,
      next: `say the columns of the target: target: [${given.columns.map(() => '"…"').join(", ")}]`,
    });
  }
  const parent = declaration.partitionOf?.parent;
  const keys = [
    ...keysAt(declaring, found.id),
    ...(parent === undefined ? [] : keysAt(declaring, declaring.get(parent[REFERENCE], place).id)),
  ];
  const key = keys.find((candidate) => candidate.isUnique && sameColumns(candidate.columns, columns));
  if (key === undefined) {
    const target = `${declaration.name}.${columns.join(", ")}`;
    const primary = primaryKeyOf(declaration);
    throw new Diagnostic({
      code: "fk-target-not-unique",
      what: `${table}.${given.columns.join(", ")} references ${target}, which is not unique`,
      at: place.position,
      why: "a foreign key needs a primary key or unique constraint on its target (SQLSTATE 42830)",
      next:
        columns.length === 1
          ? `add \`unique: true\` to ${target}${primary.length === 1 ? `, or reference ${declaration.name}.${primary[0]}` : ""}`
          : `add unique: [[${columns.map((column) => JSON.stringify(column)).join(", ")}]] to ${declaration.name}`,
    });
  }
  return { declaration, schema: found.schema ?? "", columns, key: key.id };
}

const primaryKeyOf = (table: TableLike): readonly string[] => {
  const own = Object.values(table.columns).filter((column) => column.options.primaryKey === true);
  return own.length > 0 ? own.map(({ name }) => name) : keyColumns(table);
};

const sameColumns = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((column) => b.includes(column));

/** The index on a foreign key's own columns, unless a key or index of the table begins with them. */
function declareIndexFor(scope: TableScope, given: GivenForeignKey, place: Place): void {
  const { index, columns } = given;
  if (index !== undefined && index !== true && "none" in index) return;
  const isServed = keysAt(scope.declaring, scope.id).some(
    (key) => key.isSearchable && sameColumns(key.columns.slice(0, columns.length), columns),
  );
  if (index === undefined && isServed) return;
  const options: IndexOptions = index === undefined || index === true ? {} : index;
  declareIndex(scope, { ...options, on: columns }, "table", bare(place));
}
