import type { RoleName } from "./roles.ts";
import type { Extension, SchemaName } from "./schemas.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import type { Referable } from "./sql.ts";

export type Privilege =
  | "select"
  | "insert"
  | "update"
  | "delete"
  | "truncate"
  | "references"
  | "trigger"
  | "maintain"
  | "usage"
  | "create"
  | "execute"
  | "connect"
  | "temporary"
  | "set";

/** Whoever owns the thing, in `grant` and `revoke`: `revoke({ on: log, privileges: ["truncate"], from: itsOwner })`. */
export interface ItsOwner {
  readonly declares: "its owner";
}
export const itsOwner: ItsOwner = { declares: "its owner" };

type To = RoleName | ItsOwner;

export interface Grantee<Name extends string = string> {
  readonly to: To | readonly To[];
  readonly privileges: readonly Privilege[] | "all";
  /** Only these columns. */
  readonly columns?: readonly Name[];
  readonly withGrantOption?: boolean;
  /** Who passes on what it may pass on, where that is not the owner. */
  readonly grantedBy?: RoleName;
}
/** `grants: [{ to: app, privileges: ["select", "insert"] }]` */
export type Grants<Name extends string = string> = readonly Grantee<Name>[];

/** Every object of a sort that the domain declares in a schema (its own unless given). */
export interface AllOf {
  readonly declares: "all of";
  readonly kind: "tables" | "views" | "sequences" | "functions";
  readonly schema?: SchemaName;
  readonly except?: readonly Referable[];
}
/** `grant({ on: all("tables", { except: [audit_log] }), … })`: those that are declared, one by one. */
export function all(
  kind: AllOf["kind"],
  options: { readonly schema?: SchemaName; readonly except?: readonly Referable[] } = {},
): AllOf {
  return { declares: "all of", kind, ...options };
}
/** The database that the domain is applied to, in `grant` and `revoke`. */
export interface ThisDatabase {
  readonly declares: "database";
}
export const database: ThisDatabase = { declares: "database" };

type On = Referable | AllOf | ThisDatabase | Member;

export interface Grant extends Sited {
  readonly declares: "grant" | "revoke";
  readonly on: readonly On[];
  readonly grantees: Grants;
}

/** GRANT on tables, columns, views, sequences, functions, schemas, types, the database. */
export function grant(definition: { readonly on: On | readonly On[] } & Grantee): Grant {
  const { on, ...grantee } = definition;
  return { declares: "grant", on: listOf(on), grantees: [grantee], [AT]: captureSite(grant) };
}

/** Takes away what PostgreSQL grants by default: `revoke({ on: fn, privileges: "all", from: "public" })`. */
export function revoke(definition: {
  readonly on: On | readonly On[];
  readonly privileges: readonly Privilege[] | "all";
  readonly from: To | readonly To[];
}): Grant {
  const { on, privileges, from } = definition;
  return { declares: "revoke", on: listOf(on), grantees: [{ to: from, privileges }], [AT]: captureSite(revoke) };
}

/** A security label, for a provider that the server has loaded. */
export interface SecurityLabel extends Sited {
  readonly declares: "security label";
  readonly on: Referable | ThisDatabase;
  readonly provider: string;
  readonly label: string;
}
/** `securityLabel(users, "selinux", "system_u:object_r:sepgsql_table_t:s0")` @see PostgreSQL manual, "SECURITY LABEL" */
export function securityLabel(on: Referable | ThisDatabase, provider: string, label: string): SecurityLabel {
  return { declares: "security label", on, provider, label, [AT]: captureSite(securityLabel) };
}

/** Something that an extension brought, in `grant` and `revoke`: as GRANT names it. */
export interface Member {
  readonly declares: "member";
  readonly extension: Extension;
  readonly object: string;
}
/** `grant({ on: member(postgis, "TABLE public.spatial_ref_sys"), to: app, privileges: ["select"] })` */
export const member = (extension: Extension, object: string): Member => ({ declares: "member", extension, object });

export interface DefaultPrivileges extends Sited {
  readonly declares: "default privileges";
  readonly definition: DefaultPrivilegesDefinition;
}
export interface DefaultPrivilegesDefinition {
  /** Whose future objects; who runs the migration unless given. */
  readonly forRole?: RoleName;
  /** Every schema unless given. */
  readonly inSchema?: SchemaName;
  readonly on: "tables" | "sequences" | "functions" | "types" | "schemas";
  readonly privileges: readonly Privilege[] | "all";
  readonly to?: RoleName | readonly RoleName[];
  /** Takes away a built-in default instead. */
  readonly from?: RoleName | readonly RoleName[];
  readonly withGrantOption?: boolean;
}
/** ALTER DEFAULT PRIVILEGES. */
export function defaultPrivileges(definition: DefaultPrivilegesDefinition): DefaultPrivileges {
  return { declares: "default privileges", definition, [AT]: captureSite(defaultPrivileges) };
}

export function listOf<T extends object | string>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
