import { decodeRelations, type Related, withRelations } from "./relations.ts";
import {
  type CallOptions,
  type Database,
  execute,
  type Row,
  type Value,
  withSignal,
  withTimeout,
} from "./statement.ts";

/** How many rows are in memory at a time. */
const ROWS_AT_A_TIME = 1000;

/**
 * Rows of a statement, one after the other, however many there are: through a cursor, in a transaction that ends with the
 * loop, by `break` or an error too. Inside of a transaction it is that one, and on PGlite, which has one connection for all,
 * none is open, so that the loop's body can ask for other things.
 */
export async function* streamRows<R>(
  db: Database,
  text: string,
  values: readonly Value[],
  { with: asked, ...options }: CallOptions & { readonly with?: object } = {},
  related?: Related,
): AsyncGenerator<R, void, undefined> {
  const isNested = asked !== undefined && related !== undefined;
  const batches = batchesOf(db, isNested ? withRelations(text, asked, related) : text, values, options);
  for await (const rows of batches) {
    for (const row of rows) {
      options.signal?.throwIfAborted();
      yield (isNested ? decodeRelations(row, asked, related) : row) as R;
    }
  }
}

type Batches = AsyncGenerator<readonly Row[], void, undefined>;

function batchesOf(db: Database, text: string, values: readonly Value[], options: CallOptions): Batches {
  if (db.type === "transaction") return fetchBatches(db, text, values, options, "");
  if (db.isAlone === true) return fetchBatches(db, text, values, options, " with hold");
  return inTransaction(db, options, (transaction, more) => fetchBatches(transaction, text, values, more, ""));
}

// A transaction may have several at once.
let cursors = 0;

async function* fetchBatches(
  db: Database,
  text: string,
  values: readonly Value[],
  options: CallOptions,
  hold: string,
): Batches {
  cursors++;
  const cursor = `verso_${cursors}`;
  await execute(db, `declare ${cursor} no scroll cursor${hold} for ${text}`, values, options);
  let hasFailed = false;
  try {
    for (let isMore = true; isMore; ) {
      const rows = await execute(db, `fetch ${ROWS_AT_A_TIME} from ${cursor}`, [], options).catch((error) => {
        hasFailed = true;
        throw error;
      });
      isMore = rows.length === ROWS_AT_A_TIME;
      yield rows;
    }
  } finally {
    // With a transaction that has failed it is gone.
    if (!hasFailed || hold !== "") await execute(db, `close ${cursor}`, []);
  }
}

/** Batches that are read in a transaction, which begins with the first and ends with the last. */
async function* inTransaction(
  db: Database,
  { signal, timeoutMs, ...options }: CallOptions,
  read: (transaction: Database, options: CallOptions) => Batches,
): Batches {
  signal?.throwIfAborted();
  const opened = deferred<Database>();
  const finished = deferred<void>();
  const ended = db.tx((transaction) => {
    const wait = async (): Promise<void> => {
      opened.resolve(transaction);
      await finished.promise;
    };
    const timed = timeoutMs === undefined ? wait : () => withTimeout(transaction, timeoutMs, wait);
    return signal === undefined ? timed() : withSignal(db, transaction, signal, timed);
  });
  ended.catch(opened.reject);
  let hasFailed = false;
  try {
    yield* read(await opened.promise, options);
  } catch (error) {
    hasFailed = true;
    finished.reject(error);
    signal?.throwIfAborted();
    throw error;
  } finally {
    // Also where the loop was left.
    finished.resolve();
    await (hasFailed ? ended.catch(() => undefined) : ended);
  }
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function deferred<T>(): Deferred<T> {
  let made: Omit<Deferred<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    made = { resolve, reject };
  });
  // It may come to nothing before anybody waits for it.
  promise.catch(() => undefined);
  return { promise, resolve: (value) => made?.resolve(value), reject: (reason) => made?.reject(reason) };
}
