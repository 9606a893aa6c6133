import type { Grants } from "./access.ts";
import type { Collation } from "./collations.ts";
import type {
  AnyColumn,
  CheckOptions,
  Deferrable,
  ForeignKeyOptions,
  Insertion,
  KeyValueOf,
  OwnValueOf,
  SelfKey,
  TableColumn,
  Target,
  TYPES,
  UniqueOptions,
} from "./columns.ts";
import type { IndexDefinition } from "./indexes.ts";
import type { OperatorClass } from "./operators.ts";
import type { PolicyDefinition } from "./policies.ts";
import type { RoleName } from "./roles.ts";
import type { SchemaName } from "./schemas.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import { REFERENCE, type Referable, type Reference, type Sql } from "./sql.ts";
import type { StatisticsDefinition } from "./statistics.ts";
import type { TriggerDefinition } from "./triggers.ts";

export type ColumnMap = Readonly<Record<string, AnyColumn>>;

export interface PrimaryKeyOptions<Name extends string = string> {
  readonly columns: readonly Name[];
  /** The last column is a range; rows alike in the others must not overlap in it. PostgreSQL 18 and later. */
  readonly withoutOverlaps?: boolean;
  readonly name?: string;
  readonly include?: readonly Name[];
  readonly deferrable?: Deferrable;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly tablespace?: string;
  readonly comment?: string;
  readonly renamedFrom?: string;
}

export interface UniqueDefinition<Name extends string = string> extends UniqueOptions {
  readonly columns: readonly Name[];
}

/** A foreign key of several columns, or of a column declared as a plain one. */
export interface ForeignKeyDefinition<Name extends string = string> extends ForeignKeyOptions {
  readonly columns: readonly Name[];
  /** A table by thunk or name (`"billing.invoices"`), or `self`. */
  readonly references: Target;
  /** Columns of the target; its primary key unless given. */
  readonly target?: readonly string[];
  readonly comment?: string;
  readonly renamedFrom?: string;
}

/** `{ elements: [["room_id", "="], ["during", "&&"]] }` */
export interface ExclusionDefinition<Name extends string = string> {
  /** A column, expression or index element, and the operator that no two rows may satisfy. */
  readonly elements: readonly (readonly [Name | Sql | IndexDefinition<Name>["on"][number], operator: string])[];
  /** gist unless given. */
  readonly using?: string;
  readonly where?: Sql | string;
  readonly include?: readonly Name[];
  readonly name?: string;
  readonly deferrable?: Deferrable;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly tablespace?: string;
  readonly comment?: string;
  readonly renamedFrom?: string;
  readonly orphans?: "refuse" | "set aside";
}

/** What a table says of a column that it inherits, or has as a partition. */
export interface InheritedColumn {
  /** A default other than the parent's; null for none. */
  readonly default?: unknown;
  /** How a partition computes it, where that is otherwise than the parent (PostgreSQL 17 and later). */
  readonly generated?: Sql;
  /** NOT NULL of its own, also where the parent has it; a text names the constraint (PostgreSQL 18 and later). */
  readonly notNull?: true | string;
  readonly storage?: "plain" | "main" | "external" | "extended";
  readonly statistics?: number;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly comment?: string;
}

export interface TableOptions<Name extends string = string> {
  /** The domain's schema unless given. */
  readonly schema?: SchemaName;
  /** Columns of the key, for one of several columns; one column says `primaryKey: true` itself. */
  readonly primaryKey?: readonly Name[] | PrimaryKeyOptions<Name>;
  /** `[["user_id", "target_id"], { columns: ["email"], nullsNotDistinct: true }]` */
  readonly unique?: readonly (readonly Name[] | UniqueDefinition<Name>)[];
  /** By name. */
  readonly checks?: Readonly<Record<string, Sql | CheckOptions>>;
  readonly foreignKeys?: readonly ForeignKeyDefinition<Name>[];
  readonly exclusions?: readonly ExclusionDefinition<Name>[];
  readonly indexes?: readonly IndexDefinition<Name>[];
  /** By name. Row security is on for a table with policies unless `rowSecurity: false`. */
  readonly policies?: Readonly<Record<string, PolicyDefinition>>;
  /** By name. */
  readonly triggers?: Readonly<Record<string, TriggerDefinition<Name>>>;
  /** How the copies that a partition has of its parent's triggers fire, by name, where that is otherwise than the parent's. */
  readonly inheritedTriggers?: Readonly<Record<string, boolean | "replica" | "always">>;
  /** Extended statistics, by name. */
  readonly statistics?: Readonly<Record<string, StatisticsDefinition<Name>>>;
  readonly rowSecurity?: boolean;
  /** Policies hold for the table's owner too. */
  readonly forceRowSecurity?: boolean;
  readonly grants?: Grants<Name>;
  readonly owner?: RoleName;
  /** COMMENT ON TABLE, where no JSDoc comment stands above the declaration. */
  readonly comment?: string;
  /** The table's name before: `"old_name"` or `"old_schema.old_name"`. */
  readonly renamedFrom?: string;
  readonly unlogged?: boolean;
  /** Storage parameters: { fillfactor: 70, "toast.autovacuum_enabled": false }. */
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly tablespace?: string;
  /** Table access method; heap unless given. */
  readonly using?: string;
  readonly partitionBy?: {
    readonly by: "range" | "list" | "hash";
    readonly on: readonly (
      | Name
      | Sql
      | { readonly column: Name; readonly opclass?: string | OperatorClass; readonly collate?: string | Collation }
    )[];
  };
  /** Parents of INHERITS. */
  readonly inherits?: readonly TableLike[];
  /** What it says of columns that it inherits, or has as a partition: { price: { default: 0 } }. */
  readonly inherited?: Readonly<Record<string, InheritedColumn>>;
  readonly ofType?: Referable;
  readonly replicaIdentity?: "default" | "nothing" | "full" | { readonly index: string };
  /** Name of the index by which CLUSTER orders the table. */
  readonly clusterOn?: string;
}

export interface TableDefinition<Columns extends ColumnMap> extends TableOptions<NoInfer<keyof Columns & string>> {
  readonly columns: Columns;
}

/** What has columns and constraints of its own. */
export interface TableLike<Columns extends ColumnMap = ColumnMap, Name extends string = string>
  extends Referable,
    Sited {
  readonly name: Name;
  readonly columns: { readonly [K in keyof Columns]: TableColumn<Columns[K], Name, K & string> };
  readonly options: TableOptions;
  readonly partitionOf?: PartitionOf;
}

export interface Table<Columns extends ColumnMap = ColumnMap, Name extends string = string>
  extends TableLike<Columns, Name> {
  readonly declares: "table";
}

/** The rows a partition takes: `{ from: ["2026-01-01"], to: ["2026-02-01"] }`, `{ in: ["a", "b"] }`, `{ modulus: 4, remainder: 0 }`, `"default"`. */
export type PartitionBound =
  | "default"
  | { readonly from: readonly BoundValue[]; readonly to: readonly BoundValue[] }
  | { readonly in: readonly BoundValue[] }
  | { readonly modulus: number; readonly remainder: number };
/** `sql.raw("MINVALUE")` and `sql.raw("MAXVALUE")` are the open ends. */
export type BoundValue = string | number | bigint | boolean | null | Sql;

export interface PartitionOf {
  readonly parent: Table;
  readonly bound: PartitionBound;
}

/**
 * A table. Names are SQL names; columns are NOT NULL unless `nullable`; a JSDoc comment above it, or above a column, is its
 * COMMENT in the database.
 */
export function table<const Columns extends ColumnMap, const Name extends string>(
  name: Name,
  definition: TableDefinition<Columns>,
): Table<Columns, Name> {
  const { columns, ...options } = definition;
  return makeTable(name, columns, options, table);
}

/** One partition of a table with `partitionBy`; what it does not say for itself it has from its parent. */
export function partition<Columns extends ColumnMap>(
  name: string,
  definition: Omit<TableOptions, "inherits" | "ofType"> & {
    readonly of: Table<Columns>;
    readonly rows: PartitionBound;
  },
): Table<Columns> {
  const { of, rows, ...options } = definition;
  const made = makeTable(name, of.columns as unknown as Columns, options, partition);
  return { ...made, partitionOf: { parent: of as unknown as Table, bound: rows } };
}

function makeTable<Columns extends ColumnMap, Name extends string>(
  name: Name,
  columns: Columns,
  options: TableOptions,
  caller: object,
): Table<Columns, Name> {
  const own = referenceTo("table", name, options.schema);
  return {
    declares: "table",
    name,
    columns: makeColumns(name, own, columns),
    options,
    [REFERENCE]: own,
    [AT]: captureSite(caller),
  };
}

/** Columns that know their table. */
export function makeColumns<Columns extends ColumnMap, Name extends string>(
  table: Name,
  own: Reference,
  columns: Columns,
): TableLike<Columns, Name>["columns"] {
  // Without its columns, misspelt perhaps, a table must still be made: which option means nothing is said later.
  const known = Object.entries(columns ?? {}).map(([name, column]) => [
    name,
    { ...column, name, table, [REFERENCE]: { ...own, column: name } },
  ]);
  return Object.fromEntries(known) as TableLike<Columns, Name>["columns"];
}

/** A foreign key said apart from its table: what breaks a circle between two declarations. */
export interface ForeignKey extends Sited {
  readonly declares: "foreign key";
  readonly table: Table;
  readonly definition: ForeignKeyDefinition;
}
/** ```ts
 * export const favourite = foreignKey(profiles, { columns: ["favourite_id"], references: () => dogs, onDelete: "set null" });
 * ``` */
export function foreignKey<Columns extends ColumnMap>(
  of: Table<Columns>,
  definition: ForeignKeyDefinition<keyof Columns & string>,
): ForeignKey {
  return { declares: "foreign key", table: of as unknown as Table, definition, [AT]: captureSite(foreignKey) };
}

export function referenceTo(to: string, name: string, schema: SchemaName | undefined): Reference {
  if (schema === undefined) return { to, name };
  return { to, name, schema: typeof schema === "string" ? schema : schema.name };
}

type TypesOf<C> = C extends { readonly [TYPES]?: infer T } ? NonNullable<T> : never;
type InsertOfColumn<C> = TypesOf<C> extends { insert: infer I } ? I : Insertion;
type ColumnsOf<T> = T extends { readonly columns: infer C } ? C : never;
type Value<C, Columns> = TypesOf<C> extends { value: infer V } ? OwnValueOf<C, Known<V, Columns>> : unknown;
/** A reference to the table itself has the type of its key. */
type Known<V, Columns> = unknown extends V ? V : V extends SelfKey ? KeyValueOf<Columns> : V;
type Flat<T> = { [K in keyof T]: T[K] };

/** A row as SELECT returns it. */
export type RowOf<T> = Flat<{ -readonly [K in keyof ColumnsOf<T>]: Value<ColumnsOf<T>[K], ColumnsOf<T>> }>;

/** What INSERT takes: columns with a default or that may be null can be left out, generated ones cannot be given. */
export type InsertOf<T> = Flat<
  {
    -readonly [K in keyof ColumnsOf<T> as InsertOfColumn<ColumnsOf<T>[K]> extends "required" ? K : never]: Value<
      ColumnsOf<T>[K],
      ColumnsOf<T>
    >;
  } & {
    -readonly [K in keyof ColumnsOf<T> as InsertOfColumn<ColumnsOf<T>[K]> extends "optional" ? K : never]?: Value<
      ColumnsOf<T>[K],
      ColumnsOf<T>
    >;
  }
>;

/** What UPDATE takes. */
export type UpdateOf<T> = Partial<InsertOf<T>>;

/** A row without the columns marked `secret`: what may leave the server. */
export type PublicRowOf<T> = Flat<{
  -readonly [K in keyof ColumnsOf<T> as TypesOf<ColumnsOf<T>[K]> extends { secret: true } ? never : K]: Value<
    ColumnsOf<T>[K],
    ColumnsOf<T>
  >;
}>;
