import type { Grants } from "./access.ts";
import type { CheckOptions } from "./columns.ts";
import { type FunctionName, makeNamed, type Named, type NamedOptions, type QualifiedOptions } from "./named.ts";
import type { RoleName } from "./roles.ts";
import type { Extension } from "./schemas.ts";
import { AT, captureSite } from "./site.ts";
import { REFERENCE, type Sql } from "./sql.ts";
import type { StatisticsDefinition } from "./statistics.ts";
import {
  type ColumnMap,
  type InheritedColumn,
  makeColumns,
  type PartitionBound,
  referenceTo,
  type Table,
  type TableLike,
} from "./tables.ts";
import type { TriggerDefinition } from "./triggers.ts";

/** OPTIONS (…). Secrets are set where secrets are kept. */
export type ForeignOptions = Readonly<Record<string, string>>;

export interface ForeignDataWrapperOptions extends NamedOptions {
  readonly handler?: FunctionName;
  readonly validator?: FunctionName;
  readonly options?: ForeignOptions;
  readonly grants?: Grants;
}

export type ForeignDataWrapper = Named<"foreign data wrapper", ForeignDataWrapperOptions>;

/** A foreign data wrapper that no extension brings. @see PostgreSQL manual, "CREATE FOREIGN DATA WRAPPER" */
export function foreignDataWrapper(name: string, options: ForeignDataWrapperOptions = {}): ForeignDataWrapper {
  return makeNamed("foreign data wrapper", name, options, foreignDataWrapper);
}

export interface ForeignServerOptions extends NamedOptions {
  /** By its declaration, that of the extension which brings one of its name, or its name. */
  readonly wrapper: ForeignDataWrapper | Extension | string;
  readonly type?: string;
  readonly version?: string;
  readonly options?: ForeignOptions;
  readonly grants?: Grants;
}

export type ForeignServer = Named<"server", ForeignServerOptions>;

/**
 * CREATE SERVER.
 * ```ts
 * export const archive = foreignServer("archive", { wrapper: postgres_fdw, options: { host: "db2", dbname: "archive" } });
 * ```
 * @see PostgreSQL manual, "CREATE SERVER"
 */
export function foreignServer(name: string, options: ForeignServerOptions): ForeignServer {
  return makeNamed("server", name, options, foreignServer);
}

/** A server by its declaration or name. */
export type ServerName = ForeignServer | string;

export interface UserMappingOptions {
  /** `"public"` for everyone. */
  readonly for: RoleName;
  readonly server: ServerName;
  readonly options?: ForeignOptions;
}

export type UserMapping = Named<"user mapping", UserMappingOptions>;

/**
 * Whom a role is on a foreign server.
 * ```ts
 * export const reader = userMapping({ for: app, server: archive, options: { user: "reader" } });
 * ```
 * @see PostgreSQL manual, "CREATE USER MAPPING"
 */
export function userMapping(options: UserMappingOptions): UserMapping {
  const { for: role, server } = options;
  const names = [role, server].map((one) => (typeof one === "string" ? one : one.name));
  return makeNamed("user mapping", names.join(" on "), options, userMapping);
}

interface ForeignTableOptions<Name extends string = string> extends QualifiedOptions {
  readonly server: ServerName;
  /** Those of a column are its `foreignOptions`. */
  readonly options?: ForeignOptions;
  /** By name. PostgreSQL takes them as true of the rows there. */
  readonly checks?: Readonly<Record<string, Sql | CheckOptions>>;
  /** By name. */
  readonly triggers?: Readonly<Record<string, TriggerDefinition<Name>>>;
  /** Extended statistics, by name. */
  readonly statistics?: Readonly<Record<string, StatisticsDefinition<Name>>>;
  /** What it says of columns that it inherits, or has as a partition. */
  readonly inherited?: Readonly<Record<string, InheritedColumn>>;
  readonly grants?: Grants<Name>;
}

export interface ForeignTableDefinition<Columns extends ColumnMap>
  extends ForeignTableOptions<NoInfer<keyof Columns & string>> {
  readonly columns: Columns;
  /** Parents of INHERITS. */
  readonly inherits?: readonly TableLike[];
}

/** A foreign table that holds rows of a partitioned table here. */
export interface ForeignPartitionDefinition<Columns extends ColumnMap>
  extends ForeignTableOptions<NoInfer<keyof Columns & string>> {
  readonly of: Table<Columns>;
  readonly rows: PartitionBound;
}

export interface ForeignTable<Columns extends ColumnMap = ColumnMap> extends TableLike<Columns> {
  readonly declares: "foreign table";
  readonly options: ForeignTableOptions & { readonly inherits?: readonly TableLike[] };
}

/**
 * A table whose rows are elsewhere; with `of` and `rows` a partition.
 * ```ts
 * export const oldOrders = foreignTable("old_orders", {
 *   server: archive, options: { table_name: "orders" },
 *   columns: { id: bigint(), note: text({ nullable: true, foreignOptions: { column_name: "remark" } }) },
 * });
 * ```
 * @see PostgreSQL manual, "CREATE FOREIGN TABLE"
 */
export function foreignTable<const Columns extends ColumnMap>(
  name: string,
  definition: ForeignTableDefinition<Columns> | ForeignPartitionDefinition<Columns>,
): ForeignTable<Columns> {
  const { columns, of, rows, ...options } = definition as Partial<
    ForeignTableDefinition<Columns> & ForeignPartitionDefinition<Columns>
  > & { readonly server: ServerName };
  const own = referenceTo("foreign table", name, options.schema);
  return {
    declares: "foreign table",
    name,
    columns: makeColumns(name as string, own, (of === undefined ? columns : of.columns) as unknown as Columns),
    options: options as ForeignTable["options"],
    ...(of === undefined || rows === undefined ? {} : { partitionOf: { parent: of as unknown as Table, bound: rows } }),
    [REFERENCE]: own,
    [AT]: captureSite(foreignTable),
  };
}
