import type { Collation } from "./collations.ts";
import type { OperatorClass } from "./operators.ts";
import type { ExtensionName } from "./schemas.ts";
import type { Sql } from "./sql.ts";

/** What an index can say, besides its columns. */
export interface IndexOptions {
  /** `table_columns_idx` unless given. */
  readonly name?: string;
  readonly unique?: boolean;
  /** Access method; btree unless given. */
  readonly using?: "btree" | "hash" | "gist" | "gin" | "brin" | "spgist" | (string & {});
  /** A partial index: sql`deleted_at is null`. */
  readonly where?: Sql | string;
  /** Further columns that the index carries. */
  readonly include?: readonly string[];
  readonly nullsNotDistinct?: boolean;
  /** Storage parameters: { fillfactor: 70 }. */
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly tablespace?: string;
  /** Extensions that it is dropped with: ALTER … DEPENDS ON EXTENSION. */
  readonly droppedWith?: readonly ExtensionName[];
  readonly comment?: string;
  readonly renamedFrom?: string;
  /** The index of its parent that this one of a partition is part of; each partition has one without being told. */
  readonly partOf?: string;
  /** Statistics targets of expression elements, by their number from 1. */
  readonly statistics?: Readonly<Record<number, number>>;
  /** Not the partitions' (CREATE INDEX ON ONLY). */
  readonly only?: boolean;
}

export interface IndexElement<Name extends string = string> {
  /** One of the two. */
  readonly column?: Name;
  readonly expression?: Sql | string;
  /** `"gin_trgm_ops"`, `"text_pattern_ops"`; with its schema by sql.name. */
  readonly opclass?: string | Sql | OperatorClass;
  readonly opclassOptions?: Readonly<Record<string, string | number>>;
  readonly order?: "asc" | "desc";
  readonly nulls?: "first" | "last";
  readonly collate?: string | Sql | Collation;
}

/** `{ on: ["user_id", { column: "created_at", order: "desc" }, sql`lower(email)`], where: sql`…` }` */
export interface IndexDefinition<Name extends string = string> extends IndexOptions {
  readonly on: readonly (Name | Sql | IndexElement<Name>)[];
}
