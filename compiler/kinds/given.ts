import {
  type FunctionName,
  type NamedOptions,
  type QualifiedOptions,
  type TypeName,
  typeSql,
} from "../declare/named.ts";
import { isSql, nameOf, REFERENCE, type Referable, type Sql } from "../declare/sql.ts";
import type { FactId, Hint } from "../facts.ts";
import type { Place } from "../load/loadDomain.ts";
import { quoteName, quotePath } from "../quote.ts";
import type { Declarer, Declaring } from "./declaring.ts";
import { printedType } from "./typeNames.ts";

/** The names that a declaration gives, as SQL writes them, with the facts that it needs because of them. */
export interface Given {
  readonly needs: Set<FactId>;
  text(given: Sql | string): string;
  /** A declaration, SQL, or a bare name. */
  name(given: Referable | Sql | string): string;
  type(given: TypeName): string;
  /** A type as it stands in a signature. */
  argumentType(given: TypeName): string;
  /** A function's name, null for none. */
  function(given: FunctionName | undefined): string | null;
  /** A function's name with the types of its arguments. */
  signature(given: FunctionName): string;
}

/** A declaration, SQL, or a bare name as SQL writes it. */
export const nameText = (given: Referable | Sql | string, text: (sql: Sql) => string): string =>
  typeof given === "string" ? quoteName(given) : text(isSql(given) ? given : nameOf(given));

export function givenAt(place: Place, declaring: Declaring): Given {
  const needs = new Set<FactId>();
  const text = (given: Sql | string): string => declaring.text(given, needs, place);
  const name = (given: Referable | Sql | string): string => nameText(given, text);
  const type = (given: TypeName): string => text(typeSql(given));
  return {
    needs,
    text,
    name,
    type,
    argumentType: (given) => printedType(type(given)),
    function: (given) => (given === undefined ? null : name(given)),
    signature: (given) => {
      if (isSql(given)) return text(given);
      const types = (given[REFERENCE].arguments ?? []).map((one) => printedType(text(one)));
      return `${name(given)}(${types.join(", ")})`;
    },
  };
}

/** Identifies what its schema and name identify. */
export const inSchema =
  (idOf: (schema: string, name: string) => FactId) =>
  (
    { name, options }: { readonly name: string; readonly options: Pick<QualifiedOptions, "schema"> },
    _: unknown,
    declaring: Declaring,
  ): ReturnType<NonNullable<Declarer["identify"]>> => {
    const schema = declaring.schemaName(options.schema);
    return { id: idOf(schema, name), text: quotePath(schema, name) };
  };

/** The hint of what its name alone identifies. */
export const renamed = ({ renamedFrom: old }: NamedOptions, idOf: (name: string) => FactId): Hint | undefined =>
  old === undefined ? undefined : { renamedFrom: idOf(old) };
