import type { Grants, ThisDatabase } from "./access.ts";
import type { RoleName } from "./roles.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import { REFERENCE, type Referable, type Sql } from "./sql.ts";

export interface SchemaOptions {
  readonly owner?: RoleName;
  readonly comment?: string;
  readonly renamedFrom?: string;
  readonly grants?: Grants;
}

export interface Schema extends Referable, Sited {
  readonly declares: "schema";
  readonly name: string;
  readonly options: SchemaOptions;
}

/** A schema by name or by its declaration. */
export type SchemaName = string | Schema;

export function schema(name: string, options: SchemaOptions = {}): Schema {
  return { declares: "schema", name, options, [REFERENCE]: { to: "schema", name }, [AT]: captureSite(schema) };
}

export interface ExtensionOptions {
  /** Where its objects go; the domain's schema unless given. */
  readonly schema?: SchemaName;
  readonly version?: string;
  readonly comment?: string;
  /** Rolling back leaves it in place, since other objects of the database may have come to use it. */
  readonly keep?: boolean;
}

export interface Extension extends Referable, Sited {
  readonly declares: "extension";
  readonly name: string;
  readonly options: ExtensionOptions;
}

/** An extension by its declaration or name. */
export type ExtensionName = Extension | string;

/** `extension("pg_trgm")`. Extensions are created before all that may use them. */
export function extension(name: string, options: ExtensionOptions = {}): Extension {
  return { declares: "extension", name, options, [REFERENCE]: { to: "extension", name }, [AT]: captureSite(extension) };
}

export interface DatabaseSetting extends Sited {
  readonly declares: "database setting";
  readonly name: string;
  readonly value: string | number | boolean;
  readonly role?: RoleName;
}

/** ALTER DATABASE … SET, for the database that the domain is applied to; with `role`, for that role in it. */
export function databaseSetting(
  name: string,
  value: string | number | boolean,
  options: { readonly role?: RoleName } = {},
): DatabaseSetting {
  return { declares: "database setting", name, value, ...options, [AT]: captureSite(databaseSetting) };
}

export interface RoleSetting extends Sited {
  readonly declares: "role setting";
  readonly role: RoleName;
  readonly name: string;
  readonly value: string | number | boolean;
}

/** ALTER ROLE … SET, for the whole server. */
export function roleSetting(role: RoleName, name: string, value: string | number | boolean): RoleSetting {
  return { declares: "role setting", role, name, value, [AT]: captureSite(roleSetting) };
}

export interface Comment extends Sited {
  readonly declares: "comment";
  readonly on: Referable | ThisDatabase;
  readonly text: string;
}

/** COMMENT ON, for what cannot carry a JSDoc comment: `comment(database, "…")`. */
export function comment(on: Referable | ThisDatabase, text: string): Comment {
  return { declares: "comment", on, text, [AT]: captureSite(comment) };
}

export interface RawSql extends Referable, Sited {
  readonly declares: "raw sql";
  readonly name: string;
  readonly create: Sql;
  readonly drop: Sql;
  readonly dependsOn: readonly Referable[];
  readonly comment?: string;
}

/** SQL with its own undo, for kinds of objects that have no constructor. Its name is for people. */
export function rawSql(definition: {
  readonly name: string;
  readonly create: Sql;
  readonly drop: Sql;
  readonly dependsOn?: readonly Referable[];
}): RawSql {
  return {
    declares: "raw sql",
    dependsOn: [],
    ...definition,
    [REFERENCE]: { to: "raw sql", name: definition.name },
    [AT]: captureSite(rawSql),
  };
}

export interface Domain extends Sited {
  readonly declares: "domain";
  readonly name: string;
  readonly options: DomainOptions;
}

/** How many connections each process of a service keeps; its environment may say otherwise, see README, "Set-up". */
export interface PoolSettings {
  readonly size?: number;
  /** Further ones, while all are busy. */
  readonly overflow?: number;
}

export interface DomainOptions {
  /** Where everything lives that says no schema of its own; `public` unless given. It is created when it is missing. */
  readonly schema?: SchemaName;
  /** search_path under which texts of this domain are read (function bodies, views, expressions); its schema unless given. */
  readonly searchPath?: readonly SchemaName[];
  /** Owner of every table, view, sequence, type and function that says none itself; who runs the migration unless given. */
  readonly owner?: RoleName;
  /** SQL file of the database that existed before Verso, from which the first migration starts; relative to the folder. */
  readonly startsFrom?: string;
  /** Oldest PostgreSQL major version that the domain is for: what it has not is then refused when the domain is compiled. */
  readonly postgres?: number;
  /** The pool of a service that opens it with `poolSettings` of its client. */
  readonly pool?: PoolSettings;
  /** What the domain is, for the schema document. */
  readonly comment?: string;
  /**
   * Findings of `verso doctor` that are meant to be so, by their ids, each with the reason:
   * `{ "unused-index public.orders_note_idx": "for the yearly report" }`.
   */
  readonly accepts?: Readonly<Record<string, string>>;
}

/** In `definitions/<domain>/domain.ts`: `export default domain({ name: "fitness" })`. The folder's name unless given. */
export function domain(options: DomainOptions & { readonly name?: string } = {}): Domain {
  const { name = "", ...rest } = options;
  return { declares: "domain", name, options: rest, [AT]: captureSite(domain) };
}
