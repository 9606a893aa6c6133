import type { Grants } from "./access.ts";
import type { TableColumn } from "./columns.ts";
import type { IndexDefinition } from "./indexes.ts";
import type { RoleName } from "./roles.ts";
import type { ExtensionName, SchemaName } from "./schemas.ts";
import { AT, captureSite, type Sited } from "./site.ts";
import { REFERENCE, type Referable, type Sql } from "./sql.ts";
import type { StatisticsDefinition } from "./statistics.ts";
import { type ColumnMap, referenceTo } from "./tables.ts";
import type { TriggerDefinition } from "./triggers.ts";

interface CommonViewOptions<Columns extends ColumnMap> {
  readonly schema?: SchemaName;
  readonly query: Sql | string;
  /** Its columns' types and comments, for TypeScript and the schema document; SQL takes them from the query. */
  readonly columns?: Columns;
  /** What the query uses that is not named through sql`…`. */
  readonly dependsOn?: readonly Referable[];
  readonly grants?: Grants<NoInfer<keyof Columns & string>>;
  readonly owner?: RoleName;
  readonly comment?: string;
  readonly renamedFrom?: string;
}

export interface ViewOptions<Columns extends ColumnMap = ColumnMap> extends CommonViewOptions<Columns> {
  /** Rights and policies are those of who asks, not of the view's owner. PostgreSQL 15 and later. */
  readonly securityInvoker?: boolean;
  readonly securityBarrier?: boolean;
  readonly checkOption?: "local" | "cascaded";
  /** What INSERT into the view puts into columns that it does not name. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  readonly triggers?: Readonly<Record<string, TriggerDefinition>>;
}

export interface MaterializedViewOptions<Columns extends ColumnMap = ColumnMap> extends CommonViewOptions<Columns> {
  readonly indexes?: readonly IndexDefinition[];
  readonly statistics?: Readonly<Record<string, StatisticsDefinition>>;
  readonly withData?: boolean;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly tablespace?: string;
  readonly using?: string;
  /** Extensions that it is dropped with: ALTER … DEPENDS ON EXTENSION. */
  readonly droppedWith?: readonly ExtensionName[];
  /** Name of the index by which CLUSTER orders it. */
  readonly clusterOn?: string;
  /** What is said of its columns beyond what the query gives, by name. */
  readonly columnSettings?: Readonly<Record<string, ColumnSettings>>;
}

export interface ColumnSettings {
  readonly storage?: "plain" | "main" | "external" | "extended";
  readonly compression?: "pglz" | "lz4";
  readonly statistics?: number;
  readonly with?: Readonly<Record<string, string | number>>;
  readonly comment?: string;
}

export interface View<Columns extends ColumnMap = ColumnMap> extends Referable, Sited {
  readonly declares: "view" | "materialized view";
  readonly name: string;
  readonly columns: { readonly [K in keyof Columns]: TableColumn<Columns[K]> };
  readonly options: ViewOptions | MaterializedViewOptions;
}

/** ```ts
 * export const overdue = view("overdue_goals", { securityInvoker: true, query: sql`select * from ${goals} where due < now()` });
 * ``` */
export function view<Columns extends ColumnMap = Record<never, never>>(
  name: string,
  options: ViewOptions<Columns>,
): View<Columns> {
  return makeView("view", name, options as unknown as ViewOptions, view) as unknown as View<Columns>;
}

export function materializedView<Columns extends ColumnMap = Record<never, never>>(
  name: string,
  options: MaterializedViewOptions<Columns>,
): View<Columns> {
  return makeView(
    "materialized view",
    name,
    options as unknown as MaterializedViewOptions,
    materializedView,
  ) as unknown as View<Columns>;
}

function makeView(
  declares: View["declares"],
  name: string,
  options: ViewOptions | MaterializedViewOptions,
  caller: object,
): View {
  const own = referenceTo(declares, name, options.schema);
  const known = Object.entries(options.columns ?? {}).map(([columnName, column]) => [
    columnName,
    { ...column, name: columnName, table: name, [REFERENCE]: { ...own, column: columnName } },
  ]);
  return {
    declares,
    name,
    columns: Object.fromEntries(known),
    options,
    [REFERENCE]: own,
    [AT]: captureSite(caller),
  };
}
