import type { Grants } from "./access.ts";
import {
  type FunctionName,
  makeNamed,
  type Named,
  type NamedOptions,
  type QualifiedOptions,
  type TypeName,
  typeSql,
} from "./named.ts";
import { nameOf, sql } from "./sql.ts";

export interface LanguageOptions extends NamedOptions {
  readonly handler: FunctionName;
  /** Runs the code of DO. */
  readonly inline?: FunctionName;
  readonly validator?: FunctionName;
  /** Whoever has USAGE may write functions in it. */
  readonly trusted?: boolean;
  readonly grants?: Grants;
}

export type Language = Named<"language", LanguageOptions>;
/** A language by its declaration or name. */
export type LanguageName = Language | string;

/** A procedural language that no extension brings. @see PostgreSQL manual, "CREATE LANGUAGE" */
export function language(name: string, options: LanguageOptions): Language {
  return makeNamed("language", name, options, language);
}

export interface TransformOptions {
  readonly for: TypeName;
  readonly language: LanguageName;
  readonly fromSql?: FunctionName;
  readonly toSql?: FunctionName;
  readonly comment?: string;
}

export type Transform = Named<"transform", TransformOptions>;

/** How a language sees the values of a type. @see PostgreSQL manual, "CREATE TRANSFORM" */
export function transform(options: TransformOptions): Transform {
  const { language: of } = options;
  return makeNamed("transform", "", options, transform, [
    typeSql(options.for),
    typeof of === "string" ? sql.raw(of) : nameOf(of),
  ]);
}

export interface ConversionOptions extends QualifiedOptions {
  /** Names of encodings: `"LATIN1"`, `"UTF8"`. */
  readonly from: string;
  readonly to: string;
  readonly function: FunctionName;
  readonly default?: boolean;
}

export type Conversion = Named<"conversion", ConversionOptions>;

/** A conversion between two encodings. @see PostgreSQL manual, "CREATE CONVERSION" */
export function conversion(name: string, options: ConversionOptions): Conversion {
  return makeNamed("conversion", name, options, conversion);
}

export interface AccessMethodOptions {
  readonly type: "index" | "table";
  readonly handler: FunctionName;
  readonly comment?: string;
}

export type AccessMethod = Named<"access method", AccessMethodOptions>;

/** How tables or indexes are kept; `using` names it. @see PostgreSQL manual, "CREATE ACCESS METHOD" */
export function accessMethod(name: string, options: AccessMethodOptions): AccessMethod {
  return makeNamed("access method", name, options, accessMethod);
}
