/** From where on a check speaks up. */
export interface Thresholds {
  /** A table with fewer rows is read through sooner than anybody notices. */
  readonly smallTableRows: number;
  /** Statistics that reach back less far say nothing of what is never used. */
  readonly unusedAfterDays: number;
  /** An index that is smaller costs little, used or not. */
  readonly unusedIndexBytes: number;
  readonly bloatBytes: number;
  /** Share of an index that holds nothing. */
  readonly bloatRatio: number;
  /** Share of a sequence's or key's numbers that are gone. */
  readonly exhaustionWarningRatio: number;
  readonly exhaustionErrorRatio: number;
  /** Transactions since a table was last frozen; PostgreSQL stops at 2^31. */
  readonly ageWarning: number;
  readonly ageError: number;
  readonly deadRows: number;
  /** So many times what should have started autovacuum. */
  readonly lateVacuumFactor: number;
  readonly longTransactionSeconds: number;
  readonly idleInTransactionSeconds: number;
  readonly blockedWarningSeconds: number;
  readonly blockedErrorSeconds: number;
  readonly preparedSeconds: number;
  /** Share of the connections there can be. */
  readonly connectionsWarningRatio: number;
  readonly connectionsErrorRatio: number;
  /** Mean time of a query that was called often enough to tell. */
  readonly slowQueryMs: number;
  readonly slowQueryCalls: number;
  /** Share of all queries' time that makes one worth a look, however fast it is. */
  readonly hotQueryRatio: number;
  readonly cacheHitRatio: number;
  /** Blocks that were asked for; below, the hit rate is chance. */
  readonly cacheBlocks: number;
}

const DAY_SECONDS = 86_400;
export const daysOf = (seconds: number): number => seconds / DAY_SECONDS;

export const THRESHOLDS: Thresholds = {
  smallTableRows: 10_000,
  unusedAfterDays: 7,
  unusedIndexBytes: 10 * 1024 ** 2,
  bloatBytes: 10 * 1024 ** 2,
  bloatRatio: 0.5,
  exhaustionWarningRatio: 0.7,
  exhaustionErrorRatio: 0.9,
  ageWarning: 500_000_000,
  ageError: 1_200_000_000,
  deadRows: 10_000,
  lateVacuumFactor: 2,
  longTransactionSeconds: 15 * 60,
  idleInTransactionSeconds: 5 * 60,
  blockedWarningSeconds: 5,
  blockedErrorSeconds: 60,
  preparedSeconds: 5 * 60,
  connectionsWarningRatio: 0.8,
  connectionsErrorRatio: 0.95,
  slowQueryMs: 500,
  slowQueryCalls: 5,
  hotQueryRatio: 0.3,
  cacheHitRatio: 0.9,
  cacheBlocks: 100_000,
};
