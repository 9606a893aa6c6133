import { type FunctionName, makeNamed, type Named, type QualifiedOptions } from "./named.ts";
import type { Sql } from "./sql.ts";

export interface TextSearchParserOptions extends Omit<QualifiedOptions, "owner"> {
  readonly start: FunctionName;
  readonly token: FunctionName;
  readonly end: FunctionName;
  readonly lexTypes: FunctionName;
  readonly headline?: FunctionName;
}

export type TextSearchParser = Named<"text search parser", TextSearchParserOptions>;

/** Cuts a text into tokens. @see PostgreSQL manual, "CREATE TEXT SEARCH PARSER" */
export function textSearchParser(name: string, options: TextSearchParserOptions): TextSearchParser {
  return makeNamed("text search parser", name, options, textSearchParser);
}

export interface TextSearchTemplateOptions extends Omit<QualifiedOptions, "owner"> {
  readonly init?: FunctionName;
  readonly lexize: FunctionName;
}

export type TextSearchTemplate = Named<"text search template", TextSearchTemplateOptions>;

/** What dictionaries are made from. @see PostgreSQL manual, "CREATE TEXT SEARCH TEMPLATE" */
export function textSearchTemplate(name: string, options: TextSearchTemplateOptions): TextSearchTemplate {
  return makeNamed("text search template", name, options, textSearchTemplate);
}

export interface TextSearchDictionaryOptions extends QualifiedOptions {
  /** `"simple"`, `"snowball"`, `"ispell"` …, or a declared one. */
  readonly template: TextSearchTemplate | Sql | string;
  /** The template's options: { language: "german", stopwords: "german" }. */
  readonly options?: Readonly<Record<string, string | number>>;
}

export type TextSearchDictionary = Named<"text search dictionary", TextSearchDictionaryOptions>;

/**
 * Turns tokens into lexemes.
 * ```ts
 * export const german = textSearchDictionary("german", { template: "snowball", options: { language: "german" } });
 * ```
 * @see PostgreSQL manual, "CREATE TEXT SEARCH DICTIONARY"
 */
export function textSearchDictionary(name: string, options: TextSearchDictionaryOptions): TextSearchDictionary {
  return makeNamed("text search dictionary", name, options, textSearchDictionary);
}

/** A dictionary by its declaration, its name, or SQL. */
export type DictionaryName = TextSearchDictionary | Sql | string;

export interface TextSearchConfigurationOptions extends QualifiedOptions {
  /** PostgreSQL's own unless given. */
  readonly parser?: TextSearchParser | Sql | string;
  /** The dictionaries that are asked for each type of token, in order: { asciiword: [german, "simple"] }. */
  readonly mappings?: Readonly<Record<string, readonly DictionaryName[]>>;
}

export type TextSearchConfiguration = Named<"text search configuration", TextSearchConfigurationOptions>;

/**
 * What to_tsvector and to_tsquery go by.
 * ```ts
 * export const titles = textSearchConfiguration("titles", { mappings: { asciiword: [german, "simple"], word: ["simple"] } });
 * ```
 * @see PostgreSQL manual, "CREATE TEXT SEARCH CONFIGURATION"
 */
export function textSearchConfiguration(
  name: string,
  options: TextSearchConfigurationOptions = {},
): TextSearchConfiguration {
  return makeNamed("text search configuration", name, options, textSearchConfiguration);
}
