import type { FactId } from "../facts.ts";

/** TypeScript of a declaration as data: what rooms give, what files are printed from, what two pulls are compared by. */
export type Code =
  | { readonly code: "text"; readonly text: string }
  /** A number, `true`, an identifier: as it stands. */
  | { readonly code: "plain"; readonly text: string }
  /** `stands` for a text of several lines that is given lines of its own, with the margin of where it stands. */
  | { readonly code: "sql"; readonly parts: readonly (string | Code)[]; readonly stands?: true }
  /** Text in a template without a tag, as it stands: bodies whose every blank counts. */
  | { readonly code: "lines"; readonly text: string }
  | Call
  | ObjectCode
  | { readonly code: "list"; readonly items: readonly Code[] }
  /** The exported constant that declares a fact, or a column of it. */
  | Constant
  | { readonly code: "thunk"; readonly of: Code };

export interface Call {
  readonly code: "call";
  /** A constructor of "verso" (`text`, `sql.regclass`), or a declared type. */
  readonly callee: string | Constant;
  readonly typeArgument?: string;
  readonly arguments: readonly Code[];
}

export interface ObjectCode {
  readonly code: "object";
  readonly entries: readonly Entry[];
  /** Each entry has a line of its own, however short. */
  readonly isOnLines?: true;
}

export type Entry = Property | { readonly spread: string };

export interface Property {
  readonly key: string;
  readonly value: Code;
  /** Text of the JSDoc comment above it. */
  readonly doc?: string | undefined;
}

export interface Constant {
  readonly code: "constant";
  readonly id: FactId;
  readonly column?: string;
}

export const text = (value: string): Code => ({ code: "text", text: value });
export const plain = (value: string | number | bigint | boolean): Code => ({ code: "plain", text: String(value) });
export const list = (items: readonly Code[]): Code => ({ code: "list", items });
export const texts = (values: readonly string[]): Code => list(values.map(text));
export const call = (callee: Call["callee"], ...given: readonly Code[]): Call => ({
  code: "call",
  callee,
  arguments: given,
});

/** An object without the properties that are not said. */
export function object(properties: Readonly<Record<string, Code | undefined>>): ObjectCode {
  return { code: "object", entries: entriesOf(properties) };
}

export function entriesOf(properties: Readonly<Record<string, Code | undefined>>): readonly Property[] {
  return Object.entries(properties).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

export const isEmpty = (code: Code): boolean =>
  (code.code === "object" && code.entries.length === 0) || (code.code === "list" && code.items.length === 0);

/** A list or object, undefined when there is nothing in it. */
export const unlessEmpty = <C extends Code>(code: C): C | undefined => (isEmpty(code) ? undefined : code);

export const when = (condition: boolean, value: Code): Code | undefined => (condition ? value : undefined);

/** A JSON value as a literal. */
export function literalCode(value: unknown): Code {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return list(value.map(literalCode));
  if (typeof value === "object" && value !== null) {
    return object(Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, literalCode(inside)])));
  }
  return { code: "plain", text: String(value) };
}

/** `name=value` options as a record; numbers and booleans as such. */
export function optionsCode(options: readonly string[]): Code {
  return object(
    Object.fromEntries(
      options.map((option) => {
        const at = option.indexOf("=");
        return [option.slice(0, at), scalar(option.slice(at + 1))];
      }),
    ),
  );
}

export const scalar = (value: string): Code =>
  value === "true" ||
  value === "false" ||
  (value !== "" && String(Number(value)) === value && Number.isFinite(Number(value)))
    ? plain(value)
    : text(value);

/** Digits as a number, or a bigint where a number would lose some. */
export const integerCode = (digits: string): Code =>
  plain(Number.isSafeInteger(Number(digits)) ? digits : `${digits}n`);

/** Every constant in a piece of code, thunks looked into only where asked. */
export function constantsIn(code: Code, withThunks: boolean): readonly Constant[] {
  switch (code.code) {
    case "constant":
      return [code];
    case "call":
      return [
        ...(typeof code.callee === "string" ? [] : [code.callee]),
        ...code.arguments.flatMap((one) => constantsIn(one, withThunks)),
      ];
    case "object":
      return code.entries.flatMap((entry) => ("spread" in entry ? [] : constantsIn(entry.value, withThunks)));
    case "list":
      return code.items.flatMap((one) => constantsIn(one, withThunks));
    case "sql":
      return code.parts.flatMap((part) => (typeof part === "string" ? [] : constantsIn(part, withThunks)));
    case "thunk":
      return withThunks ? constantsIn(code.of, withThunks) : [];
    default:
      return [];
  }
}

/** Names that the code takes from "verso": `table`, `sql`. */
export function constructorsIn(code: Code): readonly string[] {
  switch (code.code) {
    case "call":
      return [
        ...(typeof code.callee === "string" ? [code.callee.split(".")[0] ?? ""] : []),
        ...code.arguments.flatMap(constructorsIn),
      ];
    case "object":
      return code.entries.flatMap((entry) => ("spread" in entry ? [] : constructorsIn(entry.value)));
    case "list":
      return code.items.flatMap(constructorsIn);
    case "sql":
      return ["sql", ...code.parts.flatMap((part) => (typeof part === "string" ? [] : constructorsIn(part)))];
    case "plain":
      return code.text === "self" || code.text === "database" || code.text === "itsOwner" ? [code.text] : [];
    default:
      return [];
  }
}
