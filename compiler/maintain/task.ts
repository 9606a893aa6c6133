import type { AtticTable } from "../apply/attic.ts";
import type { CleanUp } from "../kinds/functions.ts";
import type { Session } from "../session/session.ts";
import type { Relation } from "./relations.ts";

/** What a run measures of an object before and after. */
export interface Measures {
  /** On disk. */
  readonly bytes?: number;
  /** Rows that are deleted or overwritten, and still take room. */
  readonly deadRows?: number;
  /** Rows that were changed since statistics of them were made. */
  readonly changedRows?: number;
  /** Transactions since the table was last frozen. */
  readonly age?: number;
  /** Rows that a materialized view holds. */
  readonly rows?: number;
  /** Rows that a clean-up says it removed. */
  readonly removedRows?: number;
}

/** One statement for one object. */
export interface Job {
  /** `public.users`, quoted as it must be. */
  readonly object: string;
  /** The relation that it is about, for those who choose by name; null where it is about none. */
  readonly relation: Relation | null;
  /** On disk before. */
  readonly bytes: number;
  /** How far it is beyond the point from which on it is worth doing, which is 1; 0 where nothing asks for it. */
  readonly need: number;
  /** What asks for it, or what it is good for. */
  readonly reason: string;
  /** Why it cannot be done by this role, or not in this way. */
  readonly obstacle?: string | undefined;
  /** Statements, each sent by itself. */
  readonly sql: readonly string[];
  /** What is lost for good, which needs consent. */
  readonly destroys?: AtticTable;
  readonly before: Measures;
  /** It may wait for locks as long as it takes, because nobody waits behind it. */
  readonly isPatient?: boolean;
  /** Looks who is in its way before it starts; null for nobody. */
  readonly inTheWay?: () => Promise<string | null>;
  /** Where its answer or more than its statements counts. */
  readonly perform?: () => Promise<Measures>;
  /**
   * What it is after.
   * @returns null where PostgreSQL skipped it
   */
  readonly measure?: (hasWarned: boolean) => Promise<Measures | null>;
  /** What there is to say of how it went. */
  readonly remarks?: (after: Measures) => Promise<readonly string[]>;
  /** Puts right what a broken-off statement leaves. @returns what it did, or could not do */
  readonly recover?: () => Promise<readonly string[]>;
}

/** What a run has looked up for all tasks, and was told. */
export interface Surroundings {
  readonly session: Session;
  readonly relations: ReadonlyMap<number, Relation>;
  readonly cleanUps: readonly CleanUp[];
  /** Whether VACUUM of this run takes care of statistics where it comes along. */
  readonly vacuumed: ReadonlySet<number>;
  /** A transaction that is open longer is in the way of what waits for all of them. */
  readonly longTransactionMs: number;
}

export interface Task {
  /** For `verso maintain --help`. */
  readonly does: string;
  /** It runs only where it is named: it destroys something. */
  readonly isOnRequest?: boolean;
  /** What it could do; the most needed first, except where order matters. */
  readonly find: (around: Surroundings) => Promise<readonly Job[]>;
}
