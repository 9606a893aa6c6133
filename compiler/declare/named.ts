import type { AnyColumn } from "./columns.ts";
import type { RoleName } from "./roles.ts";
import type { Routine } from "./routines.ts";
import type { SchemaName } from "./schemas.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import { isReferable, isSql, nameOf, REFERENCE, type Referable, type Sql, sql } from "./sql.ts";
import { referenceTo } from "./tables.ts";

/** A declaration of something that is known by its name. */
export interface Named<Kind extends string, Options> extends Referable, Sited {
  readonly declares: Kind;
  readonly name: string;
  readonly options: Options;
}

/** A function by its declaration, or by its name as SQL: sql`int4lt`. */
export type FunctionName = Routine | Sql;

/** A type by a column of it (`integer()`), its declaration, a table's for its row, or its name. */
export type TypeName = AnyColumn | Referable | Sql | string;

/** What whatever has a name can say. */
export interface NamedOptions {
  readonly owner?: RoleName;
  /** COMMENT ON, where no JSDoc comment stands above the declaration. */
  readonly comment?: string;
  /** Its name before. */
  readonly renamedFrom?: string;
}

/** What lives in a schema can say. */
export interface QualifiedOptions extends NamedOptions {
  /** The domain's schema unless given. */
  readonly schema?: SchemaName;
}

/** @param apart what tells several of a name apart, such as types of arguments */
export function makeNamed<Kind extends string, Options extends object>(
  declares: Kind,
  name: string,
  options: Options & { readonly schema?: SchemaName },
  caller: object,
  apart?: readonly Sql[],
): Named<Kind, Options> {
  const reference = referenceTo(declares, name, options.schema);
  return {
    declares,
    name,
    options,
    [REFERENCE]: apart === undefined ? reference : { ...reference, arguments: apart },
    [AT]: captureSite(caller),
  };
}

/** SQL that names a type. */
export function typeSql(type: TypeName): Sql {
  if (typeof type === "string") return sql.raw(type);
  if (isSql(type)) return type;
  return "type" in type ? type.type : nameOf(isReferable(type) ? type : (type as Referable));
}
