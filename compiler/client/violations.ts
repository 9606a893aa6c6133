/** What a definition says of a constraint. */
export interface ConstraintInfo {
  readonly kind: "primary key" | "unique" | "foreign key" | "check" | "exclusion";
  readonly columns: readonly string[];
  /** The definition's comment. */
  readonly comment: string | null;
}

/** A table's constraints, by name. */
export type TableConstraints = Readonly<Record<string, ConstraintInfo>>;

/** Those of a domain, by the table's name with its schema. */
export type DomainConstraints = Readonly<Record<string, TableConstraints>>;

/** What generated files export of a table. */
export interface ConstrainedTable<C extends TableConstraints = TableConstraints> {
  readonly constraints: C;
}

/**
 * What was broken, one member of the union for each constraint: a `switch` over `constraint` narrows the rest, and TypeScript
 * tells when one was forgotten.
 */
export type Violation<C extends TableConstraints = TableConstraints> =
  | { readonly [K in keyof C & string]: BrokenConstraint<K, C[K]> }[keyof C & string]
  | {
      readonly kind: "not null";
      readonly constraint: null;
      readonly columns: readonly string[];
      readonly comment: null;
    };

interface BrokenConstraint<Name extends string, Info extends ConstraintInfo> {
  readonly kind: Info["kind"];
  readonly constraint: Name;
  readonly columns: Info["columns"];
  readonly comment: Info["comment"];
}

/** A row that the database refused, in the definition's words. The driver's error is its `cause`. */
export class ConstraintViolation extends Error {
  override readonly name = "ConstraintViolation";
  /** With its schema: `public.users`. */
  readonly table: string;
  readonly violation: Violation;
  /** What PostgreSQL says of the values. They may be personal: for logs, not for answers. */
  readonly detail: string | null;

  constructor(table: string, violation: Violation, detail: string | null, cause: unknown) {
    super(messageOf(table, violation), { cause });
    this.table = table;
    this.violation = violation;
    this.detail = detail;
  }
}

/**
 * Whether an error says that a row of this table broke one of its constraints.
 * ```ts
 * if (isViolation(error, users) && error.violation.constraint === "users_email_key") …
 * ```
 */
export function isViolation<C extends TableConstraints>(
  error: unknown,
  table: ConstrainedTable<C>,
): error is ConstraintViolation & { readonly violation: Violation<C> } {
  return error instanceof ConstraintViolation && known.get(error) === table.constraints;
}

/** The constraints that an error was read by. */
const known = new WeakMap<ConstraintViolation, TableConstraints>();

const KINDS: Readonly<Record<string, Violation["kind"]>> = {
  "23502": "not null",
  "23503": "foreign key",
  "23505": "unique",
  "23514": "check",
  "23P01": "exclusion",
};

/** The error that a driver threw for a broken constraint, read by the definitions; null for any other. */
export function violationOf(error: unknown, constraints: DomainConstraints): ConstraintViolation | null {
  if (!(error instanceof Error) || error instanceof ConstraintViolation) return null;
  const { code, schema, table, column, constraint, detail } = error as Error & Readonly<Record<string, unknown>>;
  const kind = KINDS[String(code)];
  if (kind === undefined || typeof table !== "string") return null;
  const path = `${String(schema)}.${table}`;
  const declared = constraints[path];
  const violation = read(kind, String(constraint ?? ""), column, declared);
  const found = new ConstraintViolation(path, violation, typeof detail === "string" ? detail : null, error);
  if (declared !== undefined) known.set(found, declared);
  return found;
}

function read(
  kind: Violation["kind"],
  constraint: string,
  column: unknown,
  declared: TableConstraints | undefined,
): Violation {
  if (kind === "not null") {
    return { kind, constraint: null, columns: typeof column === "string" ? [column] : [], comment: null };
  }
  const info = declared?.[constraint];
  return { kind: info?.kind ?? kind, constraint, columns: info?.columns ?? [], comment: info?.comment ?? null };
}

function messageOf(table: string, { kind, constraint, columns, comment }: Violation): string {
  const where = `${table}${columns.length > 0 ? ` (${columns.join(", ")})` : ""}`;
  const rule = constraint === null ? kind : `${kind} ${constraint}`;
  return `${where}: ${rule}${comment === null ? "" : `: ${comment}`}`;
}
