import type { Json } from "../facts.ts";
import type * as GeoJSON from "../session/geojson.ts";
import type { Grants } from "./access.ts";
import type { Collation } from "./collations.ts";
import type { IndexOptions } from "./indexes.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import { isSql, REFERENCE, type Referable, type Sql, sql } from "./sql.ts";

/** TypeScript's knowledge of a column; nothing at run time. */
export declare const TYPES: unique symbol;

/** Whether INSERT must, may or cannot give the column. */
export type Insertion = "required" | "optional" | "never";

/** Any column. Where the types of its values do not matter this stands for all, so that it does not steer inference. */
export interface AnyColumn extends Sited {
  readonly declares: "column";
  readonly type: Sql;
  readonly options: AnyColumnOptions;
  /** Set when the column is a foreign key by itself. */
  readonly target?: Target;
}

/** A column's value as it is read, what INSERT asks, whether it is the table's key, whether it must not leave the server. */
export interface Column<
  Value = unknown,
  Insert extends Insertion = Insertion,
  Key extends boolean = boolean,
  Secret extends boolean = boolean,
> extends AnyColumn {
  readonly [TYPES]?: { readonly value: Value; readonly insert: Insert; readonly key: Key; readonly secret: Secret };
}

/** A column that knows its table: what `users.columns.email` is. */
export type TableColumn<
  C extends AnyColumn = AnyColumn,
  Table extends string = string,
  Name extends string = string,
> = C & Referable & { readonly name: Name; readonly table: Table };

/** What a foreign key points at. */
export type Target = (() => Referable) | string | Self;

/** `references(self, …)`: the table in which it stands. */
export interface Self extends Referable {
  readonly declares: "self";
}
export declare const SELF: unique symbol;
/** The value of a column that refers to its own table's key; RowOf puts the key's type in its place. */
export interface SelfKey {
  readonly [SELF]: true;
}
/** The table in which it stands: as target of `references`, and in sql`…` inside a table's own definition. */
export const self: Self = { declares: "self", [REFERENCE]: { to: "self", name: "self" } };

export interface IdentityOptions {
  readonly generated: "always" | "by default";
  readonly start?: number | bigint;
  readonly increment?: number | bigint;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly cache?: number | bigint;
  readonly cycle?: boolean;
  /** Name of the sequence behind the column; PostgreSQL's own is `<table>_<column>_seq`. */
  readonly sequence?: string;
  /** Of the sequence. */
  readonly grants?: Grants;
  readonly sequenceComment?: string;
}
export type Identity = "always" | "by default" | IdentityOptions;

export interface UniqueOptions {
  readonly name?: string;
  /** The last column is a range; rows alike in the others must not overlap in it. PostgreSQL 18 and later. */
  readonly withoutOverlaps?: boolean;
  readonly nullsNotDistinct?: boolean;
  readonly include?: readonly string[];
  readonly deferrable?: Deferrable;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly tablespace?: string;
  readonly comment?: string;
  readonly renamedFrom?: string;
  /** Rows that break it in a database that exists: stop (unless given), or set them aside. */
  readonly orphans?: Orphans;
}
/** true: DEFERRABLE INITIALLY IMMEDIATE. */
export type Deferrable = boolean | "initially immediate" | "initially deferred";
export type Orphans = "refuse" | "set aside";

export interface CheckOptions {
  readonly expression: Sql | string;
  readonly noInherit?: boolean;
  /** Existing rows are not checked. */
  readonly notValid?: boolean;
  /** PostgreSQL 18 and later. */
  readonly notEnforced?: boolean;
  readonly comment?: string;
  readonly renamedFrom?: string;
  readonly orphans?: Orphans;
}
/** One check, named `table_column_check`, or several by name. */
export type ColumnChecks = Sql | { readonly [name: string]: Sql | CheckOptions };

/** What every column can say. Columns are NOT NULL unless `nullable`. */
export interface ColumnOptions<
  Literal,
  Nullable extends boolean = boolean,
  Default extends Literal | Sql | undefined = Literal | Sql | undefined,
  Ident extends Identity | undefined = Identity | undefined,
  Generated extends Sql | undefined = Sql | undefined,
  Key extends boolean = boolean,
  Secret extends boolean = boolean,
> {
  readonly primaryKey?: Key;
  /** true, a constraint name, or its options. */
  readonly unique?: true | string | UniqueOptions;
  readonly nullable?: Nullable;
  /** A value, written as a constant of the column's type, or an expression: sql`now()`. */
  readonly default?: Default;
  /** GENERATED … AS IDENTITY. */
  readonly identity?: Ident;
  /** GENERATED ALWAYS AS (…) STORED. */
  readonly generated?: Generated;
  /** With `generated`: computed when read instead of stored (PostgreSQL 18 and later). */
  readonly virtual?: boolean;
  readonly check?: ColumnChecks;
  /** A collation's declaration, its name: `"C"`, `"de-x-icu"`, or sql.name("schema", "name"). */
  readonly collate?: string | Sql | Collation;
  readonly storage?: "plain" | "main" | "external" | "extended";
  readonly compression?: "pglz" | "lz4";
  /** ALTER COLUMN … SET STATISTICS. */
  readonly statistics?: number;
  /** Attribute options such as { n_distinct: -0.1 }. */
  readonly with?: Readonly<Record<string, string | number>>;
  /** OPTIONS of a foreign table's column: { column_name: "remark" }. */
  readonly foreignOptions?: Readonly<Record<string, string>>;
  /** COMMENT ON COLUMN, where no JSDoc comment stands above the column. */
  readonly comment?: string;
  /** Name of the NOT NULL constraint (PostgreSQL 18 and later). */
  readonly notNullName?: string;
  /** NOT NULL that existing rows need not meet (PostgreSQL 18 and later). */
  readonly notNullNotValid?: boolean;
  /** NOT NULL that tables which inherit it need not have (PostgreSQL 18 and later). */
  readonly notNullNoInherit?: boolean;
  /** The column's name before. */
  readonly renamedFrom?: string;
  /** What existing rows get when the column is new, or newly NOT NULL: a value, or an expression of the row's columns. */
  readonly backfill?: NoInfer<Literal> | Sql;
  /** How existing values become the new type: ALTER COLUMN … TYPE … USING. */
  readonly using?: Sql | string;
  /** Never leaves the server: generated types for the outside world leave it out. */
  readonly secret?: Secret;
}

export type Action = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** What a foreign key can say, besides its columns and target. */
export interface ForeignKeyOptions {
  /** What becomes of the row when its target is deleted. Always said. */
  readonly onDelete: Action | { readonly action: "set null" | "set default"; readonly columns: readonly string[] };
  readonly onUpdate?: Action;
  readonly match?: "simple" | "full";
  /** The last column is a range, which the target's rows must cover. PostgreSQL 18 and later. */
  readonly period?: boolean;
  readonly deferrable?: Deferrable;
  /** Existing rows are not checked. */
  readonly notValid?: boolean;
  /** PostgreSQL 18 and later. */
  readonly notEnforced?: boolean;
  /** Rows without a target in a database that exists: stop (unless given), or set them aside. */
  readonly orphans?: Orphans;
  /** The constraint's name; `table_column_fkey` unless given. */
  readonly name?: string;
  /**
   * A foreign key gets an index on its columns unless a key or index of the table begins with them. `true` asks for one
   * nevertheless, an object gives its options; `{ none: "why" }` explains why there is none.
   */
  readonly index?: true | IndexOptions | { readonly none: string };
}

export interface ReferenceOptions<
  Nullable extends boolean = boolean,
  Default extends Literal | undefined = undefined,
  Key extends boolean = boolean,
  Literal = string | number | bigint | Sql,
> extends ForeignKeyOptions,
    ColumnOptions<Literal, Nullable, Default, undefined, undefined, Key> {
  /** The constraint's comment. */
  readonly constraintComment?: string;
  readonly constraintRenamedFrom?: string;
}

/** Options of any column, as the compiler sees them. */
export type AnyColumnOptions = Omit<ColumnOptions<unknown>, "default"> & {
  readonly default?: unknown;
} & Partial<Omit<ReferenceOptions, keyof ColumnOptions<unknown>>>;

type InsertionOf<Nullable, Default, Ident, Generated> = [Generated] extends [undefined]
  ? [Ident] extends [undefined]
    ? [Default] extends [undefined]
      ? Nullable extends true
        ? "optional"
        : "required"
      : "optional"
    : [Ident] extends ["by default" | { readonly generated: "by default" }]
      ? "optional"
      : "never"
  : "never";

type Read<Value, Nullable> = Nullable extends true ? Value | null : Value;

/** A column constructor: `text()`, `text({ nullable: true })`. */
export type ColumnConstructor<Value, Literal = Value, More = unknown> = <
  Nullable extends boolean = false,
  Default extends Literal | Sql | undefined = undefined,
  const Ident extends Identity | undefined = undefined,
  Generated extends Sql | undefined = undefined,
  Key extends boolean = false,
  Secret extends boolean = false,
>(
  options?: ColumnOptions<Literal, Nullable, Default, Ident, Generated, Key, Secret> & More,
) => Column<Read<Value, Nullable>, InsertionOf<Nullable, Default, Ident, Generated>, Key, Secret>;

/** A constructor whose type has arguments in front: `varchar(100, { … })`. */
export type SizedColumnConstructor<Value, Size extends readonly unknown[], Literal = Value> = <
  Nullable extends boolean = false,
  Default extends Literal | Sql | undefined = undefined,
  const Ident extends Identity | undefined = undefined,
  Generated extends Sql | undefined = undefined,
  Key extends boolean = false,
  Secret extends boolean = false,
>(
  ...sizeAndOptions: Size | [...Size, ColumnOptions<Literal, Nullable, Default, Ident, Generated, Key, Secret>]
) => Column<Read<Value, Nullable>, InsertionOf<Nullable, Default, Ident, Generated>, Key, Secret>;

/** A constructor whose TypeScript type is given by hand: `jsonb<Preferences>({ default: {} })`. */
export interface OpenColumnConstructor<Fallback, Arguments extends readonly unknown[] = []> {
  <Value = Fallback>(
    ...a: [...Arguments, options: OpenOptions<Value> & { readonly generated: Sql }]
  ): Column<Value, "never", false, false>;
  <Value = Fallback>(
    ...a: [...Arguments, options: OpenOptions<Value> & { readonly nullable: true; readonly secret?: false }]
  ): Column<Value | null, "optional", false, false>;
  <Value = Fallback>(
    ...a: [
      ...Arguments,
      options: OpenOptions<Value> & { readonly default: Given<Value> | Sql; readonly secret?: false },
    ]
  ): Column<Value, "optional", false, false>;
  <Value = Fallback>(
    ...a: [...Arguments, options: OpenOptions<Value> & { readonly primaryKey: true }]
  ): Column<Value, "required", true, false>;
  <Value = Fallback>(
    ...a: [...Arguments, options: OpenOptions<Value> & { readonly secret: true }]
  ): Column<Value, "required", false, true>;
  <Value = Fallback>(...a: [...Arguments, options?: OpenOptions<Value>]): Column<Value, "required", false, false>;
}
// The type is given or falls back; a default such as {} says too little of it.
type OpenOptions<Value> = ColumnOptions<Given<Value>>;
/** As NoInfer, which TypeScript does not see through where a type is recursive, as Json is. */
type Given<Value> = [Value][Value extends unknown ? 0 : never];

type Numeric = number | bigint | `${number}`;

export const uuid = typed<string>("uuid");
export const text = typed<string>("text");
/** `varchar(100)`; `varchar()` has no limit. */
export const varchar: SizedColumnConstructor<string, [] | [length: number]> = sized("varchar");
/** `char(2)`, padded with spaces. */
export const char: SizedColumnConstructor<string, [] | [length: number]> = sized("char");
export const smallint = typed<number>("smallint");
export const integer = typed<number>("integer");
export const bigint = typed<bigint, Numeric>("bigint");
/** `numeric(10, 2)`, `numeric()`. Read as string: no digit is lost. */
export const numeric: SizedColumnConstructor<
  string,
  [] | [precision: number] | [precision: number, scale: number],
  Numeric
> = sized("numeric");
export const real = typed<number>("real");
/** double precision */
export const double = typed<number>("double precision");
export const money = typed<string>("money");
export const boolean = typed<boolean>("boolean");
/** Read as `2026-01-31`. */
export const date = typed<string>("date");
export const time = precise("time", "");
export const timetz = precise("time", " with time zone");
/** Without time zone; seldom what is wanted. `timestamp({ precision: 3 })` */
export const timestamp = precise("timestamp", "");
export const timestamptz = precise("timestamp", " with time zone");
export const interval = precise("interval", "");
export const json: OpenColumnConstructor<Json> = typed("json") as never;
/** `jsonb<Preferences>({ default: {} })` */
export const jsonb: OpenColumnConstructor<Json> = typed("jsonb") as never;
export const bytea = typed<Uint8Array>("bytea");
export const inet = typed<string>("inet");
export const cidr = typed<string>("cidr");
export const macaddr = typed<string>("macaddr");
export const macaddr8 = typed<string>("macaddr8");
export const tsvector = typed<string>("tsvector");
export const tsquery = typed<string>("tsquery");
export const xml = typed<string>("xml");
export const bit: SizedColumnConstructor<string, [] | [length: number]> = sized("bit");
export const varbit: SizedColumnConstructor<string, [] | [length: number]> = sized("varbit");
export const oid = typed<number>("oid");
export const point = typed<string>("point");
export const line = typed<string>("line");
export const lseg = typed<string>("lseg");
export const box = typed<string>("box");
export const path = typed<string>("path");
export const polygon = typed<string>("polygon");
export const circle = typed<string>("circle");
export const int4range = typed<string>("int4range");
export const int8range = typed<string>("int8range");
export const numrange = typed<string>("numrange");
export const tsrange = typed<string>("tsrange");
export const tstzrange = typed<string>("tstzrange");
export const daterange = typed<string>("daterange");
export const int4multirange = typed<string>("int4multirange");
export const int8multirange = typed<string>("int8multirange");
export const nummultirange = typed<string>("nummultirange");
export const tsmultirange = typed<string>("tsmultirange");
export const tstzmultirange = typed<string>("tstzmultirange");
export const datemultirange = typed<string>("datemultirange");
/** Extension citext. */
export const citext = typed<string>("citext");
/** Extension hstore. */
export const hstore = typed<string>("hstore");
/** Extension ltree. */
export const ltree = typed<string>("ltree");
/** Extension vector: `vector(1536)`. */
export const vector: SizedColumnConstructor<string, [] | [dimensions: number]> = sized("vector");

/** A constructor of PostGIS's: `geometry("Point", 4326, { nullable: true })`. */
export type SpatialColumnConstructor<Usual extends number> = <
  const Shape extends string = "Geometry",
  const Srid extends number = Usual,
  Nullable extends boolean = false,
  Default extends string | Sql | undefined = undefined,
  Generated extends Sql | undefined = undefined,
  Secret extends boolean = false,
>(
  ...shapeAndOptions: WithOptions<
    [] | [shape: Shape] | [shape: Shape, srid: Srid],
    ColumnOptions<string, Nullable, Default, undefined, Generated, false, Secret>
  >
) => Column<
  Read<GeoJSON.Value<Shape, Srid>, Nullable>,
  InsertionOf<Nullable, Default, undefined, Generated>,
  false,
  Secret
>;

type WithOptions<Arguments extends readonly unknown[], Options> = Arguments | [...Arguments, Options];

/** PostGIS geometry, as GeoJSON. `geometry("Point", 4326, { nullable: true })` */
export const geometry: SpatialColumnConstructor<0> = sized("geometry");
/** PostGIS geography, as GeoJSON; in WGS 84 where no other reference system is said. */
export const geography: SpatialColumnConstructor<4326> = sized("geography");

/** A column of any type, written as SQL: `column<string>("tsvector")`, `column(sql`${sql.name("app", "weird type")}`)`. */
export const column: OpenColumnConstructor<unknown, [type: string | Sql]> = function column(
  type: string | Sql,
  options: AnyColumnOptions = {},
) {
  return makeColumn(isSql(type) ? type : sql.raw(type), options, column);
} as never;

/** An array of another column's type; the options are the array's: `array(text(), { default: [] })`. */
export function array<
  Value,
  Nullable extends boolean = false,
  Default extends readonly Value[] | Sql | undefined = undefined,
  Generated extends Sql | undefined = undefined,
  Secret extends boolean = false,
>(
  of: Column<Value>,
  options: ColumnOptions<readonly Value[], Nullable, Default, undefined, Generated, false, Secret> = {},
): Column<Read<Value[], Nullable>, InsertionOf<Nullable, Default, undefined, Generated>, false, Secret> {
  return makeColumn(sql`${of.type}[]`, options as AnyColumnOptions, array);
}

/** What can be the target of a foreign key, for TypeScript. */
export interface KeyedTable extends Referable {
  readonly declares: "table";
  readonly columns: Readonly<Record<string, AnyColumn>>;
}

type ValueOf<C> = C extends { readonly [TYPES]?: infer T }
  ? NonNullable<T> extends { value: infer V }
    ? V
    : never
  : never;
type IsKey<C> = C extends { readonly [TYPES]?: infer T }
  ? NonNullable<T> extends { key: true }
    ? true
    : false
  : false;
/** A value that knows what it names. Any plain one can stand in its place, but not one that names something else. */
export type Branded<Value, Brand extends string> = string extends Brand
  ? Value
  : Value extends string | number | bigint
    ? "__brand" extends keyof Value
      ? Value
      : Value & { readonly __brand?: Brand }
    : Value;
/** The value of a column; that of a key cannot be taken for another table's. */
export type OwnValueOf<C, Value = ValueOf<C>> =
  IsKey<C> extends true
    ? C extends { readonly table: infer Table extends string; readonly name: infer Name extends string }
      ? string extends Table
        ? Value
        : Branded<Value, `${Table}_${Name}`>
      : Value
    : Value;
/** The value of a table's primary key column. */
export type KeyValueOf<Columns> = {
  [K in keyof Columns]: IsKey<Columns[K]> extends true ? OwnValueOf<Columns[K]> : never;
}[keyof Columns];
type TargetValue<T> = T extends { readonly declares: "table"; readonly columns: infer C }
  ? KeyValueOf<C>
  : OwnValueOf<T>;

/**
 * A foreign-key column. It takes its type from its target: a table's primary key, or the column given.
 * ```ts
 * user_id: references(() => users, { onDelete: "cascade" }),
 * owner_email: references(() => users.columns.email, { onDelete: "restrict", onUpdate: "cascade" }),
 * parent_id: references(self, { onDelete: "set null", nullable: true }),
 * // by name, where TypeScript would run in a circle; the value's type is said by hand
 * last_message_id: references<string>("messages.id", { onDelete: "set null" }),
 * ```
 */
export function references<
  T extends KeyedTable | TableColumn,
  Nullable extends boolean = false,
  Default extends string | number | bigint | Sql | undefined = undefined,
  Key extends boolean = false,
>(
  target: () => T,
  options: ReferenceOptions<Nullable, Default, Key>,
): Column<Read<TargetValue<T>, Nullable>, InsertionOf<Nullable, Default, undefined, undefined>, Key, false>;
export function references<
  Nullable extends boolean = false,
  Default extends string | number | bigint | Sql | undefined = undefined,
>(
  target: Self,
  options: ReferenceOptions<Nullable, Default, false>,
): Column<Read<SelfKey, Nullable>, InsertionOf<Nullable, Default, undefined, undefined>, false, false>;
export function references<Value = unknown>(
  target: string,
  options: ReferenceOptions<true, string | number | bigint | Sql | undefined>,
): Column<Value | null, "optional", false, false>;
export function references<Value = unknown>(
  target: string,
  options: ReferenceOptions<false, undefined>,
): Column<Value, "required", false, false>;
export function references(target: Target, options: AnyColumnOptions = {}): Column<never, never, never, never> {
  return { ...makeColumn<never, never, never, never>(sql.raw(""), options, references), target };
}

function typed<Value, Literal = Value>(type: string): ColumnConstructor<Value, Literal> {
  const construct = (options?: unknown) => makeColumn(sql.raw(type), (options ?? {}) as AnyColumnOptions, construct);
  return construct as never;
}

function precise(type: string, rest: string): ColumnConstructor<string, string, { readonly precision?: number }> {
  const construct = (given?: unknown) => {
    const { precision, ...options } = (given ?? {}) as AnyColumnOptions & { precision?: number };
    return makeColumn(sql.raw(`${type}${precision === undefined ? "" : `(${precision})`}${rest}`), options, construct);
  };
  return construct as never;
}

function sized(type: string): never {
  const construct = (...given: readonly unknown[]) => {
    const options = given.find((argument) => typeof argument === "object" && argument !== null);
    const size = given.filter((argument) => typeof argument === "number" || typeof argument === "string");
    const typed = size.length === 0 ? type : `${type}(${size.join(",")})`;
    return makeColumn(sql.raw(typed), (options ?? {}) as AnyColumnOptions, construct);
  };
  return construct as never;
}

export function makeColumn<Value, Insert extends Insertion, Key extends boolean, Secret extends boolean>(
  type: Sql,
  options: AnyColumnOptions,
  caller: object,
): Column<Value, Insert, Key, Secret> {
  return { declares: "column", type, options, [AT]: captureSite(caller) };
}
