import { makeNamed, type Named, type NamedOptions } from "./named.ts";
import type { SchemaName } from "./schemas.ts";
import type { Sql } from "./sql.ts";
import type { Table } from "./tables.ts";

/** A table in a publication, with some of its columns or rows only (PostgreSQL 15 and later). */
export interface PublishedTable {
  readonly table: Table;
  readonly columns?: readonly string[];
  /** Row filter: sql`status = 'published'`. */
  readonly where?: Sql | string;
}

export interface PublicationOptions extends NamedOptions {
  readonly tables?: readonly (Table | PublishedTable)[];
  /** All tables of these schemas. PostgreSQL 15 and later. */
  readonly schemas?: readonly SchemaName[];
  readonly allTables?: boolean;
  /** All four unless given. */
  readonly publish?: readonly ("insert" | "update" | "delete" | "truncate")[];
  /** Changes of partitions are published as the partitioned table's. */
  readonly viaRoot?: boolean;
  /** Stored generated columns are published too. PostgreSQL 18 and later. */
  readonly generatedColumns?: boolean;
}

export type Publication = Named<"publication", PublicationOptions>;

/**
 * CREATE PUBLICATION.
 * ```ts
 * export const feed = publication("feed", { tables: [users, { table: posts, where: sql`is_public` }], publish: ["insert"] });
 * ```
 * @see PostgreSQL manual, "CREATE PUBLICATION"
 */
export function publication(name: string, options: PublicationOptions = {}): Publication {
  return makeNamed("publication", name, options, publication);
}

export interface SubscriptionOptions extends NamedOptions {
  /** How to reach the publisher, without a password: `"host=db1 dbname=shop user=replicator"`. */
  readonly connection: string;
  /** Names of the publisher's publications. */
  readonly publications: readonly string[];
  /** The publisher's replication slot, named as the subscription unless given; null for none. */
  readonly slot?: string | null;
  readonly binary?: boolean;
  readonly streaming?: "off" | "on" | "parallel";
  readonly synchronousCommit?: "off" | "local" | "remote_write" | "remote_apply" | "on";
  /** PostgreSQL 15 and later. */
  readonly twoPhase?: boolean;
  readonly disableOnError?: boolean;
  /** PostgreSQL 16 and later. */
  readonly passwordRequired?: boolean;
  readonly runAsOwner?: boolean;
  readonly origin?: "any" | "none";
  /** PostgreSQL 17 and later. */
  readonly failover?: boolean;
}

export type Subscription = Named<"subscription", SubscriptionOptions>;

/**
 * CREATE SUBSCRIPTION. It is made disabled and without connecting: whether a database starts to receive rows is no matter
 * of its schema. Its password is set where secrets are kept.
 * @see PostgreSQL manual, "CREATE SUBSCRIPTION"
 */
export function subscription(name: string, options: SubscriptionOptions): Subscription {
  return makeNamed("subscription", name, options, subscription);
}
