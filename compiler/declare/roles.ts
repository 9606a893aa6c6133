import { AT, captureSite, type Sited } from "./site.ts";
import { REFERENCE, type Referable } from "./sql.ts";

export interface RoleOptions {
  readonly login?: boolean;
  readonly superuser?: boolean;
  readonly createDatabase?: boolean;
  readonly createRole?: boolean;
  readonly inherit?: boolean;
  readonly replication?: boolean;
  readonly bypassRowSecurity?: boolean;
  readonly connectionLimit?: number;
  readonly validUntil?: string;
  /** Roles whose privileges it has: `["readers", { role: editors, admin: true }]`. */
  readonly memberOf?: readonly (RoleName | Membership)[];
  /** ALTER ROLE … SET: { statement_timeout: "5s" }. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly comment?: string;
  readonly renamedFrom?: string;
}

/** A membership with options. */
export interface Membership {
  readonly role: RoleName;
  /** It may make others members. */
  readonly admin?: boolean;
  /** It has the privileges unasked; as its own `inherit` says unless given. PostgreSQL 16 and later. */
  readonly inherit?: boolean;
  /** False where it may not SET ROLE to it. PostgreSQL 16 and later. */
  readonly set?: boolean;
  /** Who grants it, where that is not who runs the migration. PostgreSQL 16 and later. */
  readonly grantedBy?: RoleName;
}

export interface Role extends Referable, Sited {
  readonly declares: "role";
  readonly name: string;
  readonly options: RoleOptions;
}

/** A role by name or declaration; `"public"` is everyone, `"current_user"` and `"session_user"` are who runs the script. */
export type RoleName = string | Role;

/** A role of the server. Passwords are no part of a schema: set them where secrets are kept. */
export function role(name: string, options: RoleOptions = {}): Role {
  return { declares: "role", name, options, [REFERENCE]: { to: "role", name }, [AT]: captureSite(role) };
}
