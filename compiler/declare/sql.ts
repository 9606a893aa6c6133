import { quoteName, quoteText } from "../quote.ts";

/** Names a declaration inside a text; which schema it lives in and how it is quoted is settled when all are known. */
export interface Reference {
  readonly to: string;
  readonly schema?: string;
  readonly name: string;
  /** A column of the relation `name`. */
  readonly column?: string;
  /** What tells several of a name apart: argument types of functions, the access method of operator classes. */
  readonly arguments?: readonly Sql[];
  /** The text wanted: the name (usual), or a constant of type regclass. */
  readonly as?: "regclass";
}

/** SQL text with declarations in it. Plain data: composes by nesting. */
export interface Sql {
  readonly declares: "sql";
  readonly parts: readonly (string | Reference)[];
}

/** What has a name that a text can mention: tables, columns, views, types, functions, sequences, roles, schemas … */
export interface Referable {
  readonly [REFERENCE]: Reference;
}

export const REFERENCE: unique symbol = Symbol.for("verso.reference") as never;

export type SqlValue = string | number | bigint | boolean | null | Sql | Referable | readonly SqlValue[];

export interface SqlTag {
  (strings: TemplateStringsArray, ...values: readonly SqlValue[]): Sql;
  /** Text taken as SQL without quoting. */
  raw(text: string): Sql;
  /** A quoted name, qualified when several parts are given: `sql.name("app", "order")` is `app."order"`. */
  name(...path: readonly string[]): Sql;
  /** Values one after the other, with `separator` (a comma unless given) between. */
  join(values: readonly SqlValue[], separator?: Sql): Sql;
  /** A constant that names a relation or sequence, for functions such as nextval: `'public.orders_number'::regclass`. */
  regclass(relation: Referable): Sql;
}

const fragment = (parts: Sql["parts"]): Sql => ({ declares: "sql", parts });

function tag(strings: TemplateStringsArray, ...values: readonly SqlValue[]): Sql {
  const parts: (string | Reference)[] = [];
  strings.raw.forEach((text, i) => {
    push(parts, text.replaceAll(/\\(`|\$\{)/g, "$1"));
    if (i < values.length) for (const part of partsOf(values[i])) push(parts, part);
  });
  return fragment(parts);
}

function join(values: readonly SqlValue[], separator: Sql = fragment([", "])): Sql {
  const parts: (string | Reference)[] = [];
  values.forEach((value, i) => {
    if (i > 0) for (const part of separator.parts) push(parts, part);
    for (const part of partsOf(value)) push(parts, part);
  });
  return fragment(parts);
}

/**
 * SQL text, backslashes as they stand. What is put into it is taken by its meaning: a declaration becomes its quoted name
 * (schema-qualified; a column its bare name, so that `u.${users.columns.id}` works under an alias) and is recorded as a
 * dependency; a string, number, boolean or null becomes a literal; a list becomes a list with commas; a fragment of SQL is
 * inserted as it is.
 * ```ts
 * sql`select ${users.columns.id} from ${users} where ${users.columns.status} = ${"active"}`
 * ```
 */
export const sql: SqlTag = Object.defineProperties(tag, {
  raw: { value: (text: string) => fragment([text]) },
  name: { value: (...path: readonly string[]) => fragment([path.map(quoteName).join(".")]) },
  join: { value: join },
  regclass: { value: (relation: Referable) => fragment([{ ...relation[REFERENCE], as: "regclass" }]) },
}) as never;

export function isSql(value: unknown): value is Sql {
  return typeof value === "object" && value !== null && "declares" in value && value.declares === "sql";
}

export function isReferable(value: unknown): value is Referable {
  return (typeof value === "object" || typeof value === "function") && value !== null && REFERENCE in value;
}

/** SQL that names a declaration. @throws TypeError for what is no declaration, such as a name in quotes */
export function nameOf(declaration: Referable): Sql {
  if (!isReferable(declaration)) throw new TypeError(`${JSON.stringify(declaration)} is no declaration`);
  return fragment([declaration[REFERENCE]]);
}

function partsOf(value: SqlValue | undefined): readonly (string | Reference)[] {
  if (value === undefined)
    throw new TypeError("undefined in sql`…`: a constant used before the line that declares it?");
  if (value === null) return ["NULL"];
  if (isReferable(value)) return [value[REFERENCE]];
  if (Array.isArray(value)) return join(value).parts;
  switch (typeof value) {
    case "string":
      return [quoteText(value)];
    case "number":
    case "bigint":
    case "boolean":
      return [String(value)];
    default:
      if (isSql(value)) return value.parts;
      throw new TypeError(`sql\`…\` cannot take ${typeof value === "object" ? JSON.stringify(value) : typeof value}`);
  }
}

function push(parts: (string | Reference)[], part: string | Reference): void {
  const last = parts.at(-1);
  if (part === "") return;
  if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
  else parts.push(part);
}
