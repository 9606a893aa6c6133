export {
  all,
  type DefaultPrivileges,
  database,
  defaultPrivileges,
  type Grant,
  type Grantee,
  type Grants,
  grant,
  type ItsOwner,
  itsOwner,
  type Member,
  member,
  type Privilege,
  revoke,
  type SecurityLabel,
  securityLabel,
} from "./access.ts";
export * from "./collations.ts";
export * from "./columns.ts";
export * from "./foreign.ts";
export type { IndexDefinition, IndexElement, IndexOptions } from "./indexes.ts";
export * from "./languages.ts";
export {
  type LoadedRow,
  type LoadedRows,
  type Loader,
  type LoaderDefinition,
  type LogFile,
  type LogRows,
  loader,
} from "./loaders.ts";
export type { FunctionName, Named, TypeName } from "./named.ts";
export * from "./operators.ts";
export * from "./policies.ts";
export * from "./publications.ts";
export * from "./roles.ts";
export * from "./routines.ts";
export * from "./rules.ts";
export * from "./schemas.ts";
export {
  type Chance,
  type ColumnRule,
  type Environment,
  type GenerationRules,
  generate,
  type RowValue,
  type RowValues,
  row,
  type Seed,
  type SeedRow,
  type SeedValue,
  seed,
} from "./seeds.ts";
export { type Referable, type Sql, type SqlValue, sql } from "./sql.ts";
export * from "./statistics.ts";
export {
  type ColumnMap,
  type ExclusionDefinition,
  type ForeignKey,
  type ForeignKeyDefinition,
  foreignKey,
  type InsertOf,
  type PartitionBound,
  type PrimaryKeyOptions,
  type PublicRowOf,
  partition,
  type RowOf,
  type Table,
  type TableDefinition,
  type TableOptions,
  table,
  type UniqueDefinition,
  type UpdateOf,
} from "./tables.ts";
export * from "./textSearch.ts";
export * from "./triggers.ts";
export * from "./types.ts";
export * from "./views.ts";
