/** Names one fact in one catalog: kind and SQL name, such as `column public.users.email`. */
export type FactId = string & { readonly __brand: "FactId" };

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Attributes are plain JSON: what two catalogs are compared by. */
export type Attributes = { readonly [name: string]: Json };

/** One thing the catalog knows, at the smallest grain that can change by itself. */
export interface Fact<A = Attributes> {
  readonly kind: string;
  readonly id: FactId;
  /** The fact it lives in and dies with: a column's table, a comment's object. */
  readonly parent: FactId | null;
  readonly attributes: A;
  /** Facts that must exist before this one, as PostgreSQL records them (pg_depend, pg_shdepend), parent included. */
  readonly dependsOn: readonly FactId[];
  /** Those among `dependsOn` whose removal takes this fact away without a word (deptype a, i, P, S). */
  readonly ownedBy: readonly FactId[];
}

/** What a definition says about the way to a fact, which no catalog can hold. */
export interface Hint {
  /** Identity under which the fact was known before. */
  readonly renamedFrom?: FactId;
  /** SQL expression that existing rows get in a column that is new and NOT NULL. */
  readonly backfill?: string;
  /** SQL expression for ALTER COLUMN … TYPE … USING. */
  readonly using?: string;
  /** Labels of an enum that go, with what takes their place in rows. */
  readonly relabel?: Readonly<Record<string, string>>;
  /**
   * What happens to the rows that a new constraint refuses: nothing (the migration stops and says so), or they are set aside;
   * on the way back those are brought back.
   */
  readonly orphans?: "refuse" | "set aside" | "bring back";
  /** The way is a rollback to a state that has it: where it must be made again, what rows held in it is gone. */
  readonly wasThere?: true;
  /** Attributes that the definition says nothing of, and leaves as the database has them. */
  readonly leaves?: readonly string[];
  /** Why a foreign key has no index. */
  readonly unindexed?: string;
  /** Rolling back leaves it where it is, because others may have come to use it. */
  readonly keep?: true;
  /** Upkeep calls it. */
  readonly maintenance?: true;
}

export type FactIndex = ReadonlyMap<FactId, Fact>;
