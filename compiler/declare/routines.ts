import type { Grants } from "./access.ts";
import type { AnyColumn } from "./columns.ts";
import type { LanguageName } from "./languages.ts";
import type { FunctionName, TypeName } from "./named.ts";
import type { RoleName } from "./roles.ts";
import type { ExtensionName, SchemaName } from "./schemas.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import { REFERENCE, type Referable, type Sql } from "./sql.ts";

/** An argument that is more than an IN argument: `out(uuid())`, `variadic(array(text()))`. */
export interface Argument {
  readonly mode: "out" | "inout" | "variadic";
  readonly type: AnyColumn;
}
export const out = (type: AnyColumn): Argument => ({ mode: "out", type });
export const inout = (type: AnyColumn): Argument => ({ mode: "inout", type });
export const variadic = (type: AnyColumn): Argument => ({ mode: "variadic", type });

/** `{ user_id: uuid(), limit: integer({ default: 10 }) }`, or a list for arguments without names. */
export type Arguments = Readonly<Record<string, AnyColumn | Argument>> | readonly (AnyColumn | Argument)[];

/** A type by name or column, a table's row, a set of either, or the columns of a table. */
export type Returns =
  | "trigger"
  | "void"
  | "event_trigger"
  | (string & {})
  | Sql
  | AnyColumn
  | Referable
  | { readonly setof: string | Sql | AnyColumn | Referable }
  | { readonly table: Readonly<Record<string, AnyColumn>> };

export interface RoutineOptions {
  readonly schema?: SchemaName;
  readonly arguments?: Arguments;
  /** plpgsql unless given; with `atomic`, sql. */
  readonly language?: LanguageName;
  /** The text between the dollar quotes: sql`…` is laid out, a string is taken as it stands. */
  readonly body?: Sql | string;
  /** SQL-standard body, parsed when it is created: `RETURN …` or `BEGIN ATOMIC … END`. PostgreSQL tracks what it uses. */
  readonly atomic?: Sql | string;
  /** The file of a function in C, whose `body` is its symbol: "$libdir/tablefunc". */
  readonly library?: string;
  /** TRANSFORM FOR TYPE …: types that its language sees through their transform. */
  readonly transforms?: readonly TypeName[];
  readonly securityDefiner?: boolean;
  /** Settings while it runs: { search_path: "" }. */
  readonly set?: Readonly<Record<string, string>>;
  /** What a body uses that is not named through sql`…`. */
  readonly dependsOn?: readonly Referable[];
  /** Extensions that it is dropped with: ALTER … DEPENDS ON EXTENSION. */
  readonly droppedWith?: readonly ExtensionName[];
  /** `verso maintain` calls it, without arguments; a number that it returns is told as rows that it removed. */
  readonly maintenance?: boolean;
  readonly grants?: Grants;
  readonly owner?: RoleName;
  readonly comment?: string;
  readonly renamedFrom?: string;
}

export interface FunctionOptions extends RoutineOptions {
  /** Left out where OUT arguments say it. */
  readonly returns?: Returns;
  /** volatile unless given */
  readonly volatility?: "volatile" | "stable" | "immutable";
  /** RETURNS NULL ON NULL INPUT. */
  readonly strict?: boolean;
  readonly leakproof?: boolean;
  /** unsafe unless given */
  readonly parallel?: "unsafe" | "restricted" | "safe";
  readonly cost?: number;
  readonly rows?: number;
  readonly window?: boolean;
  /** A function in C that helps the planner with this one. */
  readonly support?: FunctionName;
}

export interface Routine extends Referable, Sited {
  readonly declares: "function" | "procedure";
  readonly name: string;
  readonly options: FunctionOptions;
}

/**
 * A function.
 * ```ts
 * export const setUpdatedAt = fn("set_updated_at", {
 *   returns: "trigger",
 *   body: sql`begin new.updated_at := now(); return new; end`,
 * });
 * ```
 */
export function fn(name: string, options: FunctionOptions): Routine {
  return makeRoutine("function", name, options, fn);
}

export function procedure(name: string, options: RoutineOptions): Routine {
  return makeRoutine("procedure", name, { ...options, returns: "void" }, procedure);
}

function makeRoutine(declares: Routine["declares"], name: string, options: FunctionOptions, caller: object): Routine {
  const given = Object.values(options.arguments ?? {}) as readonly (AnyColumn | Argument)[];
  const input = given
    .filter((a) => !("mode" in a) || a.mode !== "out")
    .map((a) => ("mode" in a ? a.type.type : a.type));
  const { schema } = options;
  return {
    declares,
    name,
    options,
    [REFERENCE]: {
      to: declares,
      name,
      ...(schema === undefined ? {} : { schema: typeof schema === "string" ? schema : schema.name }),
      arguments: input,
    },
    [AT]: captureSite(caller),
  };
}
