import type { Grants } from "./access.ts";
import type { AnyColumn } from "./columns.ts";
import { type FunctionName, makeNamed, type Named, type QualifiedOptions, type TypeName, typeSql } from "./named.ts";
import type { Argument, Arguments } from "./routines.ts";
import { type Sql, sql } from "./sql.ts";

export interface CastOptions {
  readonly from: TypeName;
  readonly to: TypeName;
  /** The function that converts; `"inout"` goes through the text of a value, `"binary"` takes its bytes as they are. */
  readonly with: FunctionName | "inout" | "binary";
  /** Where it is applied unasked: nowhere unless given. */
  readonly as?: "assignment" | "implicit";
  readonly comment?: string;
}

export type Cast = Named<"cast", CastOptions>;

/**
 * CREATE CAST.
 * ```ts
 * export const levelToNumber = cast({ from: level, to: integer(), with: numberOfLevel, as: "assignment" });
 * ```
 * @see PostgreSQL manual, "CREATE CAST"
 */
export function cast(options: CastOptions): Cast {
  return makeNamed("cast", "", options, cast, [options.from, options.to].map(typeSql));
}

/** Another operator, which may be declared later: by its symbol in the same schema, by a thunk, or as SQL. */
export type OperatorLink = string | Sql | (() => Operator);

export interface OperatorOptions extends QualifiedOptions {
  /** Left out for an operator that stands in front of its one operand. */
  readonly left?: TypeName;
  readonly right: TypeName;
  readonly function: FunctionName;
  /** The operator that means the same with its operands exchanged; often itself. */
  readonly commutator?: OperatorLink;
  readonly negator?: OperatorLink;
  /** Estimators for the planner: sql`eqsel`, sql`eqjoinsel`. */
  readonly restrict?: FunctionName;
  readonly join?: FunctionName;
  readonly hashes?: boolean;
  readonly merges?: boolean;
}

export type Operator = Named<"operator", OperatorOptions>;

/**
 * CREATE OPERATOR. In sql`…` it is written as `OPERATOR(schema.===)`.
 * ```ts
 * export const alike = operator("===", { left: text(), right: text(), function: isAlike, commutator: "===" });
 * ```
 * @see PostgreSQL manual, "CREATE OPERATOR"
 */
export function operator(symbol: string, options: OperatorOptions): Operator {
  return makeNamed("operator", symbol, options, operator, [
    options.left === undefined ? sql.raw("NONE") : typeSql(options.left),
    typeSql(options.right),
  ]);
}

/** An operator of a family: its strategy number and the operator, by SQL with its types: [1, sql`<(integer, bigint)`]. */
export type FamilyOperator =
  | readonly [strategy: number, operator: Operator | Sql]
  | readonly [strategy: number, operator: Operator | Sql, options: { readonly orderBy: OperatorFamily | Sql }];

/** A support function of a family: its number and the function, with the types that it serves where they are not its own. */
export type FamilyFunction =
  | readonly [number: number, function_: FunctionName]
  | readonly [number: number, function_: FunctionName, types: readonly TypeName[]];

export interface OperatorFamilyOptions extends QualifiedOptions {
  /** The index access method: `"btree"`. */
  readonly using: string;
  /** Members that belong to none of its classes. */
  readonly operators?: readonly FamilyOperator[];
  readonly functions?: readonly FamilyFunction[];
}

export type OperatorFamily = Named<"operator family", OperatorFamilyOptions>;

/**
 * CREATE OPERATOR FAMILY, with what ALTER OPERATOR FAMILY … ADD adds.
 * @see PostgreSQL manual, "CREATE OPERATOR FAMILY"
 */
export function operatorFamily(name: string, options: OperatorFamilyOptions): OperatorFamily {
  return makeNamed("operator family", name, options, operatorFamily, [sql.raw(options.using)]);
}

export interface OperatorClassOptions extends QualifiedOptions {
  readonly for: TypeName;
  /** The index access method: `"btree"`. */
  readonly using: string;
  /** Indexes on columns of the type use it unasked. */
  readonly default?: boolean;
  /** A family of its own name unless given, which is made with it. */
  readonly family?: OperatorFamily | Sql;
  /** The type that the index stores, where it is another. */
  readonly storage?: TypeName;
  readonly operators?: readonly FamilyOperator[];
  readonly functions?: readonly FamilyFunction[];
}

export type OperatorClass = Named<"operator class", OperatorClassOptions>;

/**
 * CREATE OPERATOR CLASS; an index takes it with `opclass`.
 * ```ts
 * export const byLength = operatorClass("by_length", {
 *   for: text(), using: "btree",
 *   operators: [[1, shorter], [3, sameLength], [5, longer]], functions: [[1, compareLengths]],
 * });
 * ```
 * @see PostgreSQL manual, "CREATE OPERATOR CLASS"
 */
export function operatorClass(name: string, options: OperatorClassOptions): OperatorClass {
  return makeNamed("operator class", name, options, operatorClass, [sql.raw(options.using)]);
}

/** How an aggregate computes. */
export interface AggregateComputation {
  readonly state: TypeName;
  /** The function that takes in one more row. */
  readonly transition: FunctionName;
  /** About how large a state is, for the planner. */
  readonly stateBytes?: number;
  /** The first state, as text. */
  readonly initial?: string;
  readonly final?: FunctionName;
  /** The final function gets a null for each argument. */
  readonly finalExtra?: boolean;
  readonly finalModify?: "read_only" | "shareable" | "read_write";
}

export interface AggregateOptions extends QualifiedOptions, AggregateComputation {
  /** Of what it aggregates, or for an ordered-set aggregate of its direct arguments; none for one that is called with `*`. */
  readonly arguments?: Arguments;
  /** What an ordered-set aggregate orders by: WITHIN GROUP (ORDER BY …). */
  readonly orderBy?: Arguments;
  /** A hypothetical-set aggregate. */
  readonly hypothetical?: boolean;
  /** How it computes over a moving window; `inverse` takes a row out again. */
  readonly moving?: AggregateComputation & { readonly inverse: FunctionName };
  /** For parallel and partial aggregation. */
  readonly combine?: FunctionName;
  readonly serialize?: FunctionName;
  readonly deserialize?: FunctionName;
  /** For aggregates such as min: the operator whose first element it is. */
  readonly sortOperator?: Operator | Sql;
  /** unsafe unless given */
  readonly parallel?: "unsafe" | "restricted" | "safe";
  readonly grants?: Grants;
}

export type Aggregate = Named<"aggregate", AggregateOptions>;

/**
 * CREATE AGGREGATE.
 * ```ts
 * export const longest = aggregate("longest", { arguments: [text()], state: text(), transition: longerOf });
 * ```
 * @see PostgreSQL manual, "CREATE AGGREGATE"
 */
export function aggregate(name: string, options: AggregateOptions): Aggregate {
  const given = [options.arguments, options.orderBy].flatMap(
    (some) => Object.values(some ?? {}) as readonly (AnyColumn | Argument)[],
  );
  return makeNamed(
    "aggregate",
    name,
    options,
    aggregate,
    given.map((one) => ("mode" in one ? one.type : one).type),
  );
}
