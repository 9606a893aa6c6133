import type { Grants } from "./access.ts";
import type { Collation } from "./collations.ts";
import type { CheckOptions } from "./columns.ts";
import {
  type AnyColumn,
  type AnyColumnOptions,
  type Branded,
  type Column,
  type ColumnConstructor,
  makeColumn,
  type OpenColumnConstructor,
  type OwnValueOf,
} from "./columns.ts";
import type { FunctionName } from "./named.ts";
import type { OperatorClass } from "./operators.ts";
import type { RoleName } from "./roles.ts";
import type { SchemaName } from "./schemas.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import { nameOf, REFERENCE, type Referable, type Sql } from "./sql.ts";
import { type ColumnMap, referenceTo } from "./tables.ts";

export interface TypeOptions {
  readonly schema?: SchemaName;
  readonly owner?: RoleName;
  readonly comment?: string;
  readonly renamedFrom?: string;
  readonly grants?: Grants;
}

/** Called, a declared type gives a column of it. */
type Declared<Kind extends string, More> = Referable &
  Sited & { readonly declares: Kind; readonly name: string; readonly options: TypeOptions } & More;

export type EnumType<Label extends string = string> = Declared<"enum", { readonly labels: readonly Label[] }> &
  ColumnConstructor<Label>;

export interface EnumOptions extends TypeOptions {
  /** Labels that go, with what takes their place in rows: `{ cancelled: "closed" }`. A new label in the old one's place renames it. */
  readonly relabel?: Readonly<Record<string, string>>;
}

/**
 * An enum; calling it gives a column: `status({ default: "new" })`. Labels can be added anywhere; a label that goes, or
 * another order, makes a new type.
 */
export function enumType<const Label extends string>(
  name: string,
  labels: readonly Label[],
  options: EnumOptions = {},
): EnumType<Label> {
  return callable(referenceTo("enum", name, options.schema), captureSite(enumType), {
    declares: "enum",
    name,
    labels,
    options,
  }) as EnumType<Label>;
}

export interface DomainTypeOptions extends TypeOptions {
  readonly nullable?: boolean;
  /** Name of the NOT NULL constraint (PostgreSQL 17 and later). */
  readonly notNullName?: string;
  readonly default?: unknown;
  readonly collate?: string | Sql | Collation;
  /** One check, named `name_check`, or several by name. */
  readonly check?: Sql | Readonly<Record<string, Sql | CheckOptions>>;
}
export type DomainType<Value = unknown> = Declared<
  "domain type",
  { readonly base: Column<Value>; readonly options: DomainTypeOptions }
> &
  OpenColumnConstructor<Value>;

/** CREATE DOMAIN: `const email = domainType("email", text(), { check: sql`value ~ '@'` })`; `email({ unique: true })` is a column. */
export function domainType<Value, const Name extends string>(
  name: Name,
  base: Column<Value>,
  options: DomainTypeOptions = {},
): DomainType<Branded<Value, Name>> {
  return callable(referenceTo("domain type", name, options.schema), captureSite(domainType), {
    declares: "domain type",
    name,
    base,
    options,
  }) as DomainType<Branded<Value, Name>>;
}

export type CompositeType<Columns extends ColumnMap = ColumnMap> = Declared<
  "composite type",
  { readonly attributes: Columns }
> &
  OpenColumnConstructor<CompositeValue<Columns>>;
/** Any attribute can be null. */
type CompositeValue<Columns> = { -readonly [K in keyof Columns]: OwnValueOf<Columns[K]> | null };

/** CREATE TYPE … AS (…): `compositeType("address", { street: text(), city: text() })`; calling it gives a column. */
export function compositeType<const Columns extends ColumnMap>(
  name: string,
  attributes: Columns,
  options: TypeOptions = {},
): CompositeType<Columns> {
  return callable(referenceTo("composite type", name, options.schema), captureSite(compositeType), {
    declares: "composite type",
    name,
    attributes,
    options,
  }) as unknown as CompositeType<Columns>;
}

export interface RangeTypeOptions extends TypeOptions {
  readonly subtype: string | Sql | AnyColumn;
  readonly subtypeOpclass?: string | OperatorClass;
  readonly collation?: string | Collation;
  readonly canonical?: string | FunctionName;
  readonly subtypeDiff?: string | FunctionName;
  readonly multirangeName?: string;
}
export type RangeType = Declared<"range type", { readonly options: RangeTypeOptions }> & OpenColumnConstructor<string>;

/** CREATE TYPE … AS RANGE (…). */
export function rangeType(name: string, options: RangeTypeOptions): RangeType {
  return callable(referenceTo("range type", name, options.schema), captureSite(rangeType), {
    declares: "range type",
    name,
    options,
  }) as unknown as RangeType;
}

export interface SequenceOptions {
  readonly schema?: SchemaName;
  readonly as?: "smallint" | "integer" | "bigint";
  readonly start?: number | bigint;
  readonly increment?: number | bigint;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly cache?: number | bigint;
  readonly cycle?: boolean;
  readonly unlogged?: boolean;
  /** The column it is dropped with: `() => invoices.columns.number`, or `"invoices.number"`. */
  readonly ownedBy?: (() => Referable) | string;
  readonly grants?: Grants;
  readonly owner?: RoleName;
  readonly comment?: string;
  readonly renamedFrom?: string;
}

export interface Sequence extends Referable, Sited {
  readonly declares: "sequence";
  readonly name: string;
  readonly options: SequenceOptions;
}

/** A sequence of its own; a column that counts says `identity`. Its next value: sql`nextval(${sql.regclass(invoiceNumbers)})`. */
export function sequence(name: string, options: SequenceOptions = {}): Sequence {
  return {
    declares: "sequence",
    name,
    options,
    [REFERENCE]: referenceTo("sequence", name, options.schema),
    [AT]: captureSite(sequence),
  };
}

/** A function that makes columns and carries the declaration; it prints as JSON like the plain objects. */
function callable(reference: Referable[typeof REFERENCE], site: Sited[typeof AT], declaration: object): object {
  const construct = (options: AnyColumnOptions = {}) =>
    makeColumn(nameOf({ [REFERENCE]: reference }), options, construct);
  for (const [key, value] of Object.entries(declaration))
    Object.defineProperty(construct, key, { value, enumerable: true });
  Object.defineProperty(construct, "toJSON", { value: () => declaration });
  return Object.assign(construct, { [REFERENCE]: reference, [AT]: site });
}
